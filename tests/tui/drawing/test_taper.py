import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.drawing.taper import cap_halves, cap_rows, db_from_travel, mark_rows, travel_from_db


@pytest.mark.parametrize(
    ("level_db", "travel"),
    [(6.02, 1.0), (3, 0.8847), (0, 0.7818), (-3, 0.6895), (-6, 0.6070), (-10, 0.5104), (-12, 0.4674), (-20, 0.3253),
     (-30, 0.2018), (-40, 0.1215), (-60, 0.0395), (-90, 0.0051)],
)  # fmt: skip
def test_the_law_has_its_published_values(level_db: float, travel: float) -> None:
    assert travel_from_db(level_db) == pytest.approx(travel, abs=1e-4)


def test_the_ends_are_off_and_the_top() -> None:
    assert travel_from_db(-math.inf) == 0.0
    assert db_from_travel(0.0) == -math.inf
    assert travel_from_db(40.0) == 1.0
    assert db_from_travel(2.0) == pytest.approx(6.0206, abs=1e-4)


@given(st.floats(-90.0, 6.0))
def test_travel_and_level_are_inverse_to_a_billionth(level_db: float) -> None:
    assert db_from_travel(travel_from_db(level_db)) == pytest.approx(level_db, abs=1e-9)


@given(st.floats(-90.0, 6.0), st.floats(-90.0, 6.0))
def test_a_higher_level_stands_higher(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert travel_from_db(low) <= travel_from_db(high)


@given(st.floats(0, 1), st.integers(2, 60))
def test_the_cap_stays_on_the_fader(travel: float, rows: int) -> None:
    row, between = cap_rows(travel, rows)
    assert 0 <= row <= rows - 1
    assert row + between <= rows - 1


@pytest.mark.parametrize("rows", [2, 12, 31])
def test_the_cap_moves_in_half_cells_from_end_to_end(rows: int) -> None:
    places = {cap_rows(halves / (2 * (rows - 1)), rows) for halves in range(2 * (rows - 1) + 1)}
    assert len(places) == 2 * (rows - 1) + 1
    assert cap_rows(0.0, rows) == (rows - 1, False)
    assert cap_rows(1.0, rows) == (0, False)
    assert cap_halves(1.0, rows) == 2 * (rows - 1)


@pytest.mark.parametrize("rows", [4, 12, 31])
def test_the_scale_marks_the_row_in_which_the_cap_of_that_level_stands(rows: int) -> None:
    for row, mark in mark_rows(rows).items():
        assert cap_rows(travel_from_db(mark), rows)[0] == row
    assert 0.0 in mark_rows(rows).values()
