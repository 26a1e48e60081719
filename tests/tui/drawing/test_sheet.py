"""Lines of dots and of marks, cell by cell."""

import numpy as np
import pytest

from tui.drawing.glyphs import ASCII, FULL, LINUX
from tui.drawing.sheet import Pen, Sheet, row_of, samples_per_cell, trace


def lines(cells: np.ndarray) -> list[str]:
    return ["".join(chr(cell) if cell else " " for cell in row) for row in cells.tolist()]


def test_a_level_line_is_one_row_of_dots() -> None:
    assert lines(trace([0.0] * 4, 2, 1, FULL)) == ["⣀⣀"]
    assert lines(trace([1.0] * 4, 2, 1, FULL)) == ["⠉⠉"]


def test_a_line_has_no_holes_where_it_climbs() -> None:
    assert lines(trace([0.0, 1.0], 1, 2, FULL)) == ["⢸", "⡸"]
    assert lines(trace([1.0, 0.0], 1, 2, FULL)) == ["⢱", "⢸"]


def test_without_dots_there_are_marks_in_thirds() -> None:
    assert lines(trace([0.0, 0.5, 1.0], 3, 1, ASCII)) == ["_-~"]
    assert lines(trace([0.0, 1.0], 2, 3, ASCII)) == [" ~", " |", "_|"]
    assert samples_per_cell(LINUX) == 1


def test_what_lies_outside_and_nan_are_not_drawn() -> None:
    assert lines(trace([2.0, 2.0, np.nan, np.nan], 2, 2, FULL)) == ["  ", "  "]
    assert trace([], 0, 3, FULL).shape == (3, 0)


@pytest.mark.parametrize("glyphs", [FULL, ASCII])
def test_a_mark_stands_in_the_row_of_its_line(glyphs: object) -> None:
    for rows in (3, 8, 17):
        for height in np.linspace(0.0, 1.0, 41).tolist():
            cells = trace([height] * 2, 1, rows, glyphs)  # type: ignore[arg-type]
            assert np.flatnonzero(cells[:, 0]).tolist() == [row_of(height, rows, glyphs)]  # type: ignore[arg-type]


def test_two_lines_of_dots_share_a_cell() -> None:
    sheet = Sheet(1, 1)
    sheet.line(0, 0, trace([0.0, 0.0], 1, 1, FULL), Pen.GRID)
    sheet.line(0, 0, trace([1.0, 1.0], 1, 1, FULL), Pen.CURVE)
    assert sheet.rows() == ["⣉"]
    assert sheet.pens[0, 0] == Pen.CURVE


def test_text_outside_is_left_out_and_a_copy_is_another_sheet() -> None:
    sheet = Sheet(3, 1)
    sheet.text(1, 0, "abc", Pen.MARK)
    sheet.text(0, 5, "x", Pen.MARK)
    other = sheet.copy()
    other.text(0, 0, "z", Pen.POINT)
    assert (sheet.rows(), other.rows()) == ([" ab"], ["zab"])
