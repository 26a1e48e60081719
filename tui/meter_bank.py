"""All meters of the desk at once: levels to cells in a few array operations per frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.meters.frame import STAGES
from tui.drawing import bars
from tui.drawing.glyphs import GlyphSet
from tui.drawing.plan import Lane
from tui.drawing.scale import MeterType
from tui.holds import Holds
from tui.styles import Look, Styles
from tui.surface import STYLE_SHIFT, Canvas, CellArray

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]
_CLIP_CODES: Final = 1


@dataclass(frozen=True, slots=True)
class MeterPlace:
    """The meters of one strip on the desk: its row in the frame, its first column, its lanes, type and rows."""

    frame_row: int
    x: int
    lanes: tuple[Lane, ...]
    meter: MeterType
    top: int
    rows: int


class MeterBank:
    """Draws the lanes of all visible strips. Made anew when anything but the levels changes."""

    def __init__(self, styles: Styles, glyphs: GlyphSet, places: Sequence[MeterPlace]) -> None:
        def alike(place: MeterPlace) -> tuple[str, int]:
            return place.meter.id, place.top

        ordered = sorted((place for place in places if place.lanes and place.rows > 0), key=alike)
        self._groups = [_Group(styles, glyphs, tuple(group)) for _, group in groupby(ordered, alike)]

    def take(self, holds: Holds) -> bool:
        """Take in levels, marks and overs; whether any meter looks different now."""
        moved = [group.take(holds) for group in self._groups]
        return any(moved)

    def draw(self, canvas: Canvas, *, anew: bool = True) -> None:
        """Draw the meters onto the desk's canvas: all, or if not `anew` where any looks different than last drawn."""
        for group in self._groups:
            group.draw(canvas, anew)


class _Group:
    """The meters of strips that are metered by one type; each of their columns is looked at by itself."""

    def __init__(self, styles: Styles, glyphs: GlyphSet, places: tuple[MeterPlace, ...]) -> None:
        self._meter, self._top, rows = places[0].meter, places[0].top, places[0].rows
        steps = len(glyphs.bar) - 1
        self._bar_levels, self._mark_levels = _levels_of(self._meter, rows, steps)
        table = _cell_table(styles, glyphs, self._meter, rows)
        self._bars: CellArray = table[np.arange(rows), bars.bar_codes(rows, steps)]
        """The cells of bars of 0, 1, ... lit steps."""
        self._mark_rows, codes, self._hidden_from = bars.mark_codes(rows, steps)
        self._mark_cells: CellArray = table[self._mark_rows, codes]
        self._over_cell = table[0, -_CLIP_CODES]
        columns = [
            (place.x + lane.x + column, (place.frame_row * len(STAGES) + lane.stage) * 2, lane.side)
            for place in places
            for lane in place.lanes
            for column in range(lane.width)
        ]
        self._columns = np.array([x for x, _, _ in columns], dtype=np.intp)
        # A lane of both sides reads the louder one: two indices, the same one twice for a lane of one side.
        sides = [[at + (side or 0) for _, at, side in columns], [at + (side != 0) for _, at, side in columns]]
        self._sides = np.array(sides, dtype=np.intp)
        self._least_rows = max(place.frame_row for place in places) + 1
        self._lit: IndexArray = np.zeros(len(columns), dtype=np.intp)
        self._thirds: IndexArray = self._lit
        self._over_columns: IndexArray = np.zeros(0, dtype=np.intp)
        """What each column looks like: lit steps of the bar, thirds of the mark; which of them are over."""
        self._over: BoolArray | None = None
        self._shown: npt.NDArray[np.int64] | None = None
        """What this is of."""
        self._points = self._sides
        self._has_moved = True

    def take(self, holds: Holds) -> bool:
        if self._least_rows > holds.rows:
            return False
        meter, sides = self._meter, self._sides
        levels, (marks, marked) = holds.frame.levels, holds.marked(meter)
        if levels.shown is not self._shown:
            # Most stages show what another one measured: here is what each side of each column shows.
            self._shown = levels.shown
            self._points = levels.shown.take(sides >> 1) * 2 + (sides & 1)
        lit = _reached(levels.plane(meter.source).take(self._points), self._bar_levels)
        thirds = _reached(marks.plane(marked).take(self._points), self._mark_levels)
        if self._over is not holds.over:
            over_columns = np.flatnonzero(np.logical_or(*holds.over.take(sides)))
            self._has_moved |= not np.array_equal(over_columns, self._over_columns)
            self._over, self._over_columns = holds.over, over_columns
        if not self._has_moved:
            self._has_moved = bool((lit != self._lit).any() or (thirds != self._thirds).any())
        self._lit, self._thirds = lit, thirds
        return self._has_moved

    def draw(self, canvas: Canvas, anew: bool) -> None:
        if not (anew or self._has_moved):
            return
        self._has_moved = False
        cells = self._bars.take(self._lit, axis=0)
        marked: IndexArray = (self._lit < self._hidden_from.take(self._thirds)).nonzero()[0]
        thirds = self._thirds.take(marked)
        cells[marked, self._mark_rows.take(thirds)] = self._mark_cells.take(thirds)
        cells[self._over_columns, 0] = self._over_cell
        target = canvas.cells[self._top : self._top + cells.shape[1]]
        target[:, self._columns] = cells.T[: len(target)]


def _reached(sides: FloatArray, levels: FloatArray) -> IndexArray:
    """How many of some levels, which ascend, the louder of two sides, (2, columns), has reached."""
    louder: FloatArray = np.maximum(sides[0], sides[1])
    return levels.searchsorted(louder, "right")


@lru_cache(maxsize=64)
def _levels_of(meter: MeterType, rows: int, steps: int) -> tuple[FloatArray, FloatArray]:
    """From which levels of its source on steps of bars are lit, and thirds are reached by marks."""

    def height(levels: FloatArray) -> FloatArray:
        return meter.height(meter.read(levels))

    return bars.bar_levels(height, rows, steps), bars.mark_levels(height, rows)


def _cell_table(styles: Styles, glyphs: GlyphSet, meter: MeterType, rows: int) -> CellArray:
    """The cell for each row and code: shape (rows, steps + 1 + hold marks + clip mark)."""
    steps = len(glyphs.bar) - 1
    textured = styles.palette.textured or styles.depth == "none" or glyphs.name == "ascii"
    table: CellArray = np.zeros((rows, steps + 1 + bars.HOLD_CODES + _CLIP_CODES), dtype=np.uint32)
    for row, zone in enumerate(meter.row_zones(rows)):
        style = styles.id(zone, "trough") << STYLE_SHIFT
        glyph_row = list(glyphs.bar)
        if textured:
            glyph_row[-1] = glyphs.texture[zone]
        for code, glyph in enumerate((*glyph_row, *glyphs.hold)):
            table[row, code] = style | ord(glyph)
        table[row, -1] = styles.id("on_light", "over", Look.BOLD) << STYLE_SHIFT | ord(glyphs.over)
    return table
