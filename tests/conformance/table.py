"""All rows there are. A module with `ROWS` of further meters is added here, and is then tested and printed."""

from __future__ import annotations

from collections.abc import Iterable

from tests.conformance import level_rows, live_programme_rows, live_rows, loudness_rows
from tests.conformance.live_meter import CHANGING_DEVICE, DEVICES, LONG_DEVICES, Device
from tests.conformance.live_programme_rows import SPREAD_BLOCKS_FRAMES
from tests.conformance.row import Row

ROWS: tuple[Row, ...] = (*loudness_rows.ROWS, *level_rows.ROWS, *live_rows.ROWS, *live_programme_rows.ROWS)


def _listed(sizes: Iterable[int]) -> str:
    *most, last = map(str, sorted(sizes))
    return f"{', '.join(most)} and {last}"


def _sizes(devices: Iterable[Device]) -> str:
    return _listed({size for device in devices for size in device.blocks_frames})


BLOCKS = (
    f"Live meters are read with device blocks of {_sizes(DEVICES)} frames, in long rows of {_sizes(LONG_DEVICES)}, in"
    f" LU-03 of {_sizes(CHANGING_DEVICE)} in turn, in LU-21 of {_listed(SPREAD_BLOCKS_FRAMES)}; the worst is shown."
)
"""What the table says of the block sizes."""

NOT_HERE = (
    "Tech 3341 cases 7 and 8, Tech 3342 cases 5 and 6 and the programmes of BS.2217 are recordings, which cannot be"
    " made here: what is shown is conformity with these rows, not with EBU Mode as a whole."
)
