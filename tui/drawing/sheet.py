"""A drawing as a value: characters, and for each the pen it is drawn with. What a pen looks like, a widget decides.

A line is drawn with braille dots (2 x 4 to the cell) where the glyphs have them, else with marks in thirds of cells.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from tui.drawing.glyphs import GlyphSet

CharArray = npt.NDArray[np.uint32]
FloatArray = npt.NDArray[np.float64]

_BRAILLE: Final = 0x2800
_DOTS: Final = ((0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08))
"""The dots of the left and the right column, from the lowest up."""
_THIRDS: Final = 3
_SPACE: Final = 32


class Pen(IntEnum):
    """What a mark in a drawing means."""

    BLANK = 0
    GRID = 1
    AXIS = 2
    CURVE = 3
    SECOND = 4
    MARK = 5
    CHOSEN = 6
    POINT = 7
    LOW = 8
    TARGET = 9
    HOT = 10
    OVER = 11
    REDUCTION = 12
    TROUGH = 13
    LOUD = 14


class Sheet:
    """Cells of shape (height, width), blank at first."""

    def __init__(self, width: int, height: int) -> None:
        self.chars: CharArray = np.full((max(height, 0), max(width, 0)), _SPACE, dtype=np.uint32)
        self.pens: npt.NDArray[np.uint8] = np.zeros_like(self.chars, dtype=np.uint8)

    @property
    def width(self) -> int:
        """Its columns."""
        return int(self.chars.shape[1])

    @property
    def height(self) -> int:
        """Its rows."""
        return int(self.chars.shape[0])

    def copy(self) -> Sheet:
        """One to draw on that leaves this one as it is."""
        other = Sheet(0, 0)
        other.chars, other.pens = self.chars.copy(), self.pens.copy()
        return other

    def text(self, x: int, y: int, text: str, pen: Pen) -> None:
        """Write on one row; what lies outside is not drawn."""
        if not 0 <= y < self.height:
            return
        for column, character in enumerate(text, start=x):
            if 0 <= column < self.width:
                self.chars[y, column] = ord(character)
                self.pens[y, column] = pen

    def line(self, x: int, y: int, cells: CharArray, pen: Pen) -> None:
        """Put the marks of a line (from `trace`) with their upper left corner at x, y."""
        height, width = cells.shape
        chars = self.chars[y : y + height, x : x + width]
        marks = cells[: chars.shape[0], : chars.shape[1]]
        drawn = marks != 0
        # Where two lines of dots meet in a cell both are seen.
        both = drawn & (chars >= _BRAILLE) & (chars < _BRAILLE + 256) & (marks >= _BRAILLE)
        chars[drawn] = np.where(both, chars | marks, marks)[drawn]
        self.pens[y : y + height, x : x + width][drawn] = pen

    def rows(self) -> list[str]:
        """The characters of each row."""
        return ["".join(map(chr, row)) for row in self.chars.tolist()]


def samples_per_cell(glyphs: GlyphSet) -> int:
    """How many heights a line has per column."""
    return 2 if glyphs.name == "full" else 1


def steps_per_cell(glyphs: GlyphSet) -> int:
    """How many places a line has in the height of a cell."""
    return len(_DOTS[0]) if samples_per_cell(glyphs) == 2 else _THIRDS


def row_of(height: float, rows: int, glyphs: GlyphSet) -> int:
    """The row (0 is the highest) in which a line is at a height of 0..1."""
    steps = steps_per_cell(glyphs)
    return rows - 1 - round(min(max(height, 0.0), 1.0) * (rows * steps - 1)) // steps


def trace(heights: npt.ArrayLike, columns: int, rows: int, glyphs: GlyphSet) -> CharArray:
    """The cells of a line through heights (0 at the bottom, 1 at the top), 0 where it is not.

    There are `samples_per_cell` heights to a column. What is above or below is not drawn, nor is NaN.
    """
    cells: CharArray = np.zeros((rows, columns), dtype=np.uint32)
    if rows < 1 or columns < 1:
        return cells
    fine = steps_per_cell(glyphs)
    steps = rows * fine
    before: int | None = None
    for place, height in enumerate(np.asarray(heights, dtype=np.float64).tolist()):
        if height != height:
            before = None
            continue
        step = round(min(max(height, -1.0), 2.0) * (steps - 1))
        low, high = (step, step) if before is None else _between(before, step)
        before = step
        for dot in range(max(low, 0), min(high, steps - 1) + 1):
            _mark(cells, place, dot, step, fine, glyphs)
    return cells


def _between(before: int, step: int) -> tuple[int, int]:
    """The steps of a column: from the one after the column before to its own."""
    if step > before:
        return before + 1, step
    return step, max(before - 1, step)


def _mark(cells: CharArray, place: int, dot: int, step: int, fine: int, glyphs: GlyphSet) -> None:
    rows, columns = cells.shape
    row = rows - 1 - dot // fine
    if samples_per_cell(glyphs) == 2:
        if place // 2 < columns:
            cells[row, place // 2] |= _BRAILLE | _DOTS[place % 2][dot % fine]
    elif place < columns:
        on_its_way = row != rows - 1 - step // fine
        cells[row, place] = ord(glyphs.track if on_its_way else glyphs.hold[dot % fine])
