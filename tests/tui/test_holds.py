import math

import numpy as np
import pytest

from engine.meters.reader import silent_frame
from tests.frames import Remembered, changed
from tui.drawing.meter_types import METERS
from tui.drawing.scale import MeterType
from tui.holds import Holds

SILENT = silent_frame(2)
FULL = np.zeros((4, *SILENT.over.shape[1:]), np.float32)
PLACE = 0, 1, 0
"""A strip, a stage, a side."""


def holds(level_db: float, before_db: float, hold_s: float = 2.0, **levels: float) -> Holds:
    """All sources at a level after another one, and some at levels of their own."""
    remembered, made = Remembered(), Holds()
    for number, level in enumerate((before_db, level_db)):
        sources = dict.fromkeys(METERS_OF, level) | (levels if number else {})
        frame = changed(SILENT, hold_dbfs=FULL + before_db, true_hold_dbtp=FULL + before_db,
                        **{source: FULL + value for source, value in sources.items()})  # fmt: skip
        made.update(remembered.of(frame, float(number), hold_s), hold_s)
    return made


METERS_OF = {meter.source for meter in METERS.values()}


@pytest.mark.parametrize("meter", METERS.values(), ids=METERS)
def test_another_type_shows_what_has_been(meter: MeterType) -> None:
    shown = holds(-40.0, -12.0)
    assert shown.levels(meter)[PLACE] == -40.0
    assert shown.marks(meter)[PLACE] == -12.0
    assert shown.numbers(meter)[PLACE] == (-12.0 if meter.held else -40.0)


@pytest.mark.parametrize(("hold_s", "after"), [(2.0, -6.0), (0.0, -30.0), (math.inf, -6.0)])
def test_a_k_meter_marks_the_peak_even_where_no_mark_stays(hold_s: float, after: float) -> None:
    shown = holds(-40.0, -6.0, hold_s, peak_dbfs=-30.0)
    assert shown.marks(METERS["k_20"])[PLACE] == after


def test_where_no_mark_stays_there_is_none() -> None:
    assert np.isneginf(holds(-40.0, -12.0, 0.0).marks(METERS["rms"])).all()


def test_before_the_first_frame_there_is_no_row() -> None:
    assert Holds().rows == 0
    assert holds(-40.0, -12.0).rows == 4
