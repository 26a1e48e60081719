import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.drawing.bars import HOLD_CODES, bar_codes, bar_levels, mark_codes, mark_levels
from tui.drawing.meter_types import METERS
from tui.drawing.scale import MeterType

rows = st.integers(1, 40)
steps = st.sampled_from([1, 2, 8])


def same(levels: np.ndarray) -> np.ndarray:
    """Levels that are heights, for 0 dB at the top of a scale of 1 dB."""
    return np.clip(levels, 0.0, 1.0)


@pytest.mark.parametrize("meter", METERS.values(), ids=METERS)
@pytest.mark.parametrize(("count_rows", "count_steps"), [(1, 1), (7, 2), (24, 8)])
def test_steps_are_the_height_rounded(meter: MeterType, count_rows: int, count_steps: int) -> None:
    levels = np.concatenate([np.random.default_rng(1).uniform(-90.0, 20.0, 2000), [-np.inf, 0.0, -18.0, 400.0]])
    levels = levels.astype(np.float32)
    height = lambda values: meter.height(meter.read(values))  # noqa: E731
    lit = bar_levels(height, count_rows, count_steps).searchsorted(levels, "right")
    unrounded = height(levels) * np.float32(count_rows * count_steps)
    assert lit.tolist() == (unrounded + np.float32(0.5)).astype(int).tolist()
    thirds = mark_levels(height, count_rows).searchsorted(levels, "right")
    unrounded = height(levels) * np.float32(count_rows * HOLD_CODES)
    assert thirds.tolist() == (unrounded + np.float32(0.9999)).astype(int).tolist()


@given(rows, steps)
def test_bars_are_lit_from_the_bottom_without_gaps(rows: int, steps: int) -> None:
    codes = bar_codes(rows, steps)
    assert codes.shape == (rows * steps + 1, rows)
    for lit, bar in enumerate(codes[:, ::-1].tolist()):
        whole, rest = divmod(lit, steps)
        assert bar == ([steps] * whole + [rest] + [0] * rows)[:rows]


@given(rows, steps)
def test_a_hold_mark_never_hides_the_bar(rows: int, steps: int) -> None:
    bars, (mark_rows, codes, hidden_from) = bar_codes(rows, steps), mark_codes(rows, steps)
    for third in range(1, rows * HOLD_CODES + 1):
        under = bars[:, mark_rows[third]]
        assert ((under == 0) == (np.arange(len(bars)) < hidden_from[third])).all()
        assert steps < codes[third] <= steps + HOLD_CODES


@pytest.mark.parametrize(
    ("mark", "row", "code"), [(1.0, 0, 11), (0.97, 0, 11), (0.95, 0, 10), (0.91, 0, 9), (0.9, 1, 11), (0.01, 9, 9)]
)
def test_a_hold_mark_has_three_heights_in_a_cell(mark: float, row: int, code: int) -> None:
    third = mark_levels(same, 10).searchsorted(np.float32(mark), "right")
    mark_rows, codes, _ = mark_codes(10, 8)
    assert (mark_rows[third], codes[third]) == (row, code)


def test_no_mark_at_the_bottom() -> None:
    assert mark_levels(same, 10).searchsorted(np.float32(0.0), "right") == 0
    assert mark_codes(10, 8)[2][0] == 0
