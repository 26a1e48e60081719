import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.drawing.numbers import level_text, pan_text, rate_text, time_text
from tui.drawing.pan import pan_slot


@pytest.mark.parametrize(
    ("level_db", "five", "four"),
    [
        (0.0, "0.0", "0.0"),
        (-0.04, "0.0", "0.0"),
        (3.0, "+3.0", "+3.0"),
        (-6.25, "-6.2", "-6.2"),
        (-12.34, "-12.3", "-12"),
        (12.0, "+12.0", "+12"),
        (-99.96, "-100", "-100"),
        (-120.0, "-120", "-120"),
        (-math.inf, "-∞", "-∞"),
        (-150.0, "-∞", "-∞"),
        (math.nan, "?", "?"),
        (1e9, "+999", "+999"),
    ],
)
def test_levels_in_five_and_four_cells(level_db: float, five: str, four: str) -> None:
    assert level_text(level_db, 5) == five
    assert level_text(level_db, 4) == four


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from([4, 5]))
def test_no_level_needs_more_cells_than_it_has(level_db: float, cells: int) -> None:
    assert len(level_text(level_db, cells)) <= cells
    assert level_text(level_db, cells, "-inf").isascii()


@pytest.mark.parametrize(("pan", "text"), [(0, "C"), (0.4, "C"), (-30, "L30"), (100, "R100"), (-100, "L100")])
def test_pan_is_said_by_side(pan: float, text: str) -> None:
    assert pan_text(pan) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "00:00.0"),
        (83.45, "01:23.4"),
        (59.99, "00:59.9"),
        (3723.4, "1:02:03.4"),
        (-1, "00:00.0"),
        (math.inf, "00:00.0"),
    ],
)
def test_time_is_shown_as_clocks_do(seconds: float, text: str) -> None:
    assert time_text(seconds) == text


def test_rates_are_said_as_people_do() -> None:
    assert rate_text(44100) == "44.1 kHz"
    assert rate_text(48000) == "48 kHz"


@given(st.floats(-100, 100), st.integers(3, 15))
def test_the_pan_mark_stays_on_its_line_and_only_centre_is_at_the_centre(pan: float, cells: int) -> None:
    cell, third = pan_slot(pan, cells)
    assert 0 <= cell < cells
    assert third in (0, 1, 2)
    if cells % 2:
        assert ((cell, third) == (cells // 2, 1)) == (pan == 0.0)


def test_the_pan_mark_reaches_both_ends() -> None:
    assert pan_slot(-100.0, 5) == (0, 0)
    assert pan_slot(100.0, 5) == (4, 2)


@given(st.floats(-100, 100), st.floats(-100, 100), st.integers(3, 15))
def test_further_right_is_never_drawn_further_left(one: float, other: float, cells: int) -> None:
    left, right = sorted((one, other))
    assert pan_slot(left, cells) <= pan_slot(right, cells)
