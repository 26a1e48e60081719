import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.drawing.scale import METERS, PEAK, RMS, VU, iec_height, iec_level, mark_rows, vu_height, vu_level


@pytest.mark.parametrize(
    ("level_dbfs", "percent"),
    [(-70, 0), (-60, 2.5), (-50, 7.5), (-40, 15), (-30, 30), (-20, 50), (-18, 55), (-12, 70), (-9, 77.5), (-6, 85),
     (-3, 92.5), (0, 100)],
)  # fmt: skip
def test_dbfs_scale_has_the_heights_of_the_published_law(level_dbfs: float, percent: float) -> None:
    assert float(iec_height(level_dbfs)) == pytest.approx(percent / 100.0, abs=1e-6)


@pytest.mark.parametrize("height", [iec_height, vu_height])
def test_heights_stay_within_the_meter_and_never_become_nan(height: object) -> None:
    levels = np.array([-np.inf, -500.0, -70.0, 0.0, 12.0, np.inf, np.nan], dtype=np.float32)
    heights = height(levels)  # type: ignore[operator]
    assert np.isfinite(heights).all()
    assert heights.min() >= 0.0
    assert heights.max() <= 1.0
    assert heights[0] == pytest.approx(0.0, abs=1e-5)
    assert heights[-1] == pytest.approx(0.0, abs=1e-5)


@given(st.floats(-90, 10), st.floats(-90, 10))
def test_a_higher_level_is_never_drawn_lower(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert iec_height(low) <= iec_height(high)
    assert vu_height(low) <= vu_height(high)


@given(st.floats(0.01, 1.0))
def test_levels_and_heights_are_inverse(height: float) -> None:
    assert float(iec_height(iec_level(height))) == pytest.approx(height, abs=1e-5)
    assert float(vu_height(vu_level(height))) == pytest.approx(height, abs=1e-5)


def test_zero_vu_stands_where_the_instrument_has_it() -> None:
    assert float(vu_height(0.0)) == pytest.approx(0.708, abs=0.001)
    assert float(vu_height(3.0)) == 1.0
    assert vu_level(0.0) == -math.inf


def test_each_meter_type_has_zones_of_its_own() -> None:
    assert [PEAK.zone(level) for level in (-30, -18, -6, -0.1, 0.0)] == ["low", "target", "hot", "hot", "over"]
    assert [RMS.zone(level) for level in (-30, -18, -12, -6)] == ["low", "target", "hot", "hot"]
    assert [VU.zone(level) for level in (-20, -6, 0, 3, 17.9, 18.0)] == ["low", "target", "hot", "hot", "hot", "over"]


@pytest.mark.parametrize("meter", METERS.values(), ids=METERS)
@pytest.mark.parametrize("rows", [1, 4, 12, 31, 60])
def test_rows_have_ascending_zones_from_the_bottom_up(meter: object, rows: int) -> None:
    order = ["low", "target", "hot", "over"]
    ranks = [order.index(zone) for zone in meter.row_zones(rows)]  # type: ignore[attr-defined]
    assert len(ranks) == rows
    assert ranks == sorted(ranks, reverse=True)


@pytest.mark.parametrize("meter", METERS.values(), ids=METERS)
@pytest.mark.parametrize("rows", [4, 12, 31])
def test_marks_lie_on_the_row_their_level_reaches_and_leave_room(meter: object, rows: int) -> None:
    placed = mark_rows(meter, rows)  # type: ignore[arg-type]
    assert meter.marks[0] in placed.values()  # type: ignore[attr-defined]
    assert all(0 <= row < rows for row in placed)
    assert all(abs(one - other) >= 2 for one in placed for other in placed if one != other)
    for row, mark in placed.items():
        height = float(meter.height(mark)) * rows  # type: ignore[attr-defined]
        assert rows - row - 1 <= height + 1e-4 <= rows - row + 1e-3
