"""What a processor is set to, in a line."""

from __future__ import annotations

import pytest

from sessions.insert import processors
from sessions.model import InsertState
from tests.tui.console_player import insert
from tui.summaries import summary


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (insert("compressor", threshold_db=-24.0, make_up_db=5.0), "Threshold -24.0 dB, Make-up +5.0 dB"),
        (
            insert("equaliser", high_pass=1.0, bell_1=1.0, bell_1_gain_db=-4.0, bell_2_gain_db=6.0),
            "High-pass 80 Hz, Bell 1 250 Hz -4.0 dB",
        ),
        (insert("utility", swap=1.0), "Swap sides"),
        (InsertState("tape", mix_percent=60.0, output_db=-2.0), "Mix 60 %, Output -2.0 dB"),
        (InsertState("limiter"), "as it comes"),
    ],
)
def test_it_names_what_is_not_as_it_comes(made: InsertState, expected: str) -> None:
    assert summary(made) == expected


@pytest.mark.parametrize("kind", processors())
def test_a_processor_as_it_comes_says_so(kind: str) -> None:
    assert summary(InsertState(kind)) == "as it comes"
