"""All rows there are. A module with `ROWS` of further meters is added here, and is then tested and printed."""

from __future__ import annotations

from tests.conformance import level_rows, live_programme_rows, live_rows, loudness_rows
from tests.conformance.row import Row

ROWS: tuple[Row, ...] = (*loudness_rows.ROWS, *level_rows.ROWS, *live_rows.ROWS, *live_programme_rows.ROWS)

NOT_HERE = (
    "Tech 3341 cases 7 and 8, Tech 3342 cases 5 and 6 and the programmes of BS.2217 are recordings, which cannot be"
    " made here: what is shown is conformity with these rows, not with EBU Mode as a whole."
)
