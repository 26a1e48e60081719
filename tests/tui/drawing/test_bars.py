import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.drawing.bars import HOLD_CODES, add_marks, scales_of, steps_of
from tui.drawing.bars import bar_codes as codes_of_steps

heights = st.lists(st.floats(0, 1, width=32), min_size=1, max_size=8).map(lambda values: np.array(values, np.float32))
rows = st.integers(1, 40)
steps = st.sampled_from([1, 2, 8])


def bar_codes(height: np.ndarray, rows: int, steps: int) -> np.ndarray:
    lit, _ = steps_of(np.stack([height, height]), scales_of(rows, steps))
    return codes_of_steps(lit, rows, steps)


def add_holds(codes: np.ndarray, height: np.ndarray, steps: int) -> None:
    _, thirds = steps_of(np.stack([height, height]), scales_of(len(codes), steps))
    add_marks(codes, thirds, steps)


@given(heights, rows, steps)
def test_lit_steps_are_the_height_to_half_a_step(height: np.ndarray, rows: int, steps: int) -> None:
    codes = bar_codes(height, rows, steps)
    assert codes.shape == (rows, len(height))
    assert codes.min() >= 0
    assert codes.max() <= steps
    assert np.abs(codes.sum(axis=0) - height * rows * steps).max() <= 0.5 + 1e-3


@given(heights, rows, steps)
def test_bars_are_lit_from_the_bottom_without_gaps(height: np.ndarray, rows: int, steps: int) -> None:
    codes = bar_codes(height, rows, steps)
    for lane in codes.T:
        lit = lane[::-1].tolist()
        full = lit.count(steps)
        assert lit[:full] == [steps] * full
        assert all(code == 0 for code in lit[full + 1 :])


def test_levels_within_one_step_look_the_same() -> None:
    one = bar_codes(np.array([0.5], np.float32), 10, 8)
    other = bar_codes(np.array([0.5 + 0.4 / 80], np.float32), 10, 8)
    assert (one == other).all()


@given(heights, rows, steps)
def test_a_hold_mark_never_hides_the_bar(height: np.ndarray, rows: int, steps: int) -> None:
    before = bar_codes(height, rows, steps)
    after = before.copy()
    add_holds(after, np.minimum(height + 0.2, 1.0), steps)
    assert (after[before > 0] == before[before > 0]).all()
    marks = after > steps
    assert (marks.sum(axis=0) <= 1).all()
    assert after.max() <= steps + HOLD_CODES


@pytest.mark.parametrize(
    ("mark", "row", "code"), [(1.0, 0, 11), (0.97, 0, 11), (0.95, 0, 10), (0.91, 0, 9), (0.9, 1, 11), (0.01, 9, 9)]
)
def test_a_hold_mark_has_three_heights_in_a_cell(mark: float, row: int, code: int) -> None:
    codes = bar_codes(np.array([0.0], np.float32), 10, 8)
    add_holds(codes, np.array([mark], np.float32), 8)
    assert np.argwhere(codes > 8).tolist() == [[row, 0]]
    assert codes[row, 0] == code


def test_no_mark_at_the_bottom() -> None:
    codes = bar_codes(np.array([0.0], np.float32), 10, 8)
    add_holds(codes, np.array([0.0], np.float32), 8)
    assert not codes.any()
