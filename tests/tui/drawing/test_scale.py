import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.drawing.meter_types import METERS
from tui.drawing.scale import DBFS_LAW, MeterType, mark_rows, vu_height, vu_level

meters = pytest.mark.parametrize("meter", METERS.values(), ids=METERS)


@pytest.mark.parametrize(
    ("level_dbfs", "percent"),
    [(-70, 0), (-60, 2.5), (-50, 7.5), (-40, 15), (-30, 30), (-20, 50), (-18, 55), (-12, 70), (-9, 77.5), (-6, 85),
     (-3, 92.5), (0, 100)],
)  # fmt: skip
def test_dbfs_scale_has_the_heights_of_the_published_law(level_dbfs: float, percent: float) -> None:
    assert float(DBFS_LAW.height(level_dbfs)) == pytest.approx(percent / 100.0, abs=1e-6)


@pytest.mark.parametrize(
    ("meter_id", "level", "height"),
    [
        ("ppm_din", -50, 0.049), ("ppm_din", -30, 0.234), ("ppm_din", -9, 0.584), ("ppm_din", 0, 0.812),
        ("ppm_din", 5, 0.967),
        ("ppm_nordic", -36, 0.0), ("ppm_nordic", 0, 0.75), ("ppm_nordic", 12, 1.0),
        ("ppm_bbc", 1, 0.086), ("ppm_bbc", 4, 0.501), ("ppm_bbc", 6, 0.777), ("ppm_bbc", 7, 0.915),
        ("ppm_ebu", -12, 0.086), ("ppm_ebu", 0, 0.501), ("ppm_ebu", 12, 0.915),
        ("lufs_m", -41, 0.0), ("lufs_m", -23, 2 / 3), ("lufs_i", -14, 1.0),
        ("k_20", 20, 1.0), ("k_14", 14, 1.0), ("k_12", 12, 1.0),
    ],
)  # fmt: skip
def test_each_scale_deflects_as_its_standard_draws_it(meter_id: str, level: float, height: float) -> None:
    assert float(METERS[meter_id].height(level)) == pytest.approx(height, abs=0.002)  # type: ignore[index]


@meters
def test_heights_stay_within_the_meter_and_never_become_nan(meter: MeterType) -> None:
    levels = meter.read(np.array([-np.inf, -500.0, -70.0, 0.0, 12.0, np.inf, np.nan], dtype=np.float32))
    heights = meter.height(levels)
    assert np.isfinite(heights).all()
    assert heights.min() >= 0.0
    assert heights.max() <= 1.0
    assert heights[0] == pytest.approx(0.0, abs=1e-5)
    assert heights[-1] == pytest.approx(0.0, abs=1e-5)


@meters
@given(st.floats(-90, 10), st.floats(-90, 10))
def test_a_higher_level_is_never_drawn_lower(meter: MeterType, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert meter.height(low) <= meter.height(high)


@meters
@given(st.floats(0.01, 0.98))
def test_levels_and_heights_are_inverse(meter: MeterType, height: float) -> None:
    assert float(meter.height(meter.law.level(height))) == pytest.approx(height, abs=1e-5)


def test_zero_vu_stands_where_the_instrument_has_it() -> None:
    assert float(vu_height(0.0)) == pytest.approx(0.708, abs=0.001)
    assert float(vu_height(3.0)) == 1.0
    assert vu_level(0.0) == -math.inf


@meters
@pytest.mark.parametrize("rows", [1, 4, 12, 31, 60])
def test_rows_have_ascending_zones_from_the_bottom_up(meter: MeterType, rows: int) -> None:
    order = ["low", "target", "hot", "loud", "over"]
    ranks = [order.index(zone) for zone in meter.row_zones(rows)]
    assert len(ranks) == rows
    assert ranks == sorted(ranks, reverse=True)


@meters
@pytest.mark.parametrize("rows", [4, 12, 31])
def test_marks_lie_on_the_row_their_level_reaches_and_leave_room(meter: MeterType, rows: int) -> None:
    placed = mark_rows(meter, rows)
    assert meter.marks[0] in placed.values()
    assert all(0 <= row < rows for row in placed)
    assert all(abs(one - other) >= 2 for one in placed for other in placed if one != other)
    for row, mark in placed.items():
        height = float(meter.height(mark)) * rows
        assert rows - row - 1 <= height + 1e-4 <= rows - row + 1e-3
