"""All meters of the desk at once: levels to cells in a few array operations per frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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

    def take(self, holds: Holds, over: BoolArray) -> bool:
        """Take in levels and overs, (rows, stages, 2); whether any meter looks different now."""
        moved = [group.take(holds, over) for group in self._groups]
        return any(moved)

    def draw(self, canvas: Canvas, *, anew: bool = True) -> None:
        """Draw the meters onto the desk's canvas: all, or if not `anew` those that look different than last drawn."""
        for group in self._groups:
            group.draw(canvas, anew)


class _Group:
    """The lanes of strips that are metered by one type."""

    def __init__(self, styles: Styles, glyphs: GlyphSet, places: tuple[MeterPlace, ...]) -> None:
        self._meter, self._top, self._rows = places[0].meter, places[0].top, places[0].rows
        self._steps = len(glyphs.bar) - 1
        self._table = _cell_table(styles, glyphs, self._meter, self._rows)
        lanes = [(place, lane) for place in places for lane in place.lanes]
        frame_rows = np.array([place.frame_row for place, _ in lanes], dtype=np.intp)
        stages = np.array([lane.stage for _, lane in lanes], dtype=np.intp)
        # A lane of both sides reads the louder one: two indices, the same one twice for a lane of one side.
        first = np.array([0 if lane.side is None else lane.side for _, lane in lanes], dtype=np.intp)
        second = np.array([1 if lane.side is None else lane.side for _, lane in lanes], dtype=np.intp)
        base = (frame_rows * len(STAGES) + stages) * 2
        self._sides = np.stack([base + first, base + second])
        self._least_rows = int(frame_rows.max()) + 1
        columns = [
            (place.x + lane.x + column, index)
            for index, (place, lane) in enumerate(lanes)
            for column in range(lane.width)
        ]
        self._columns = np.array([column for column, _ in columns], dtype=np.intp)
        self._lane_of = np.array([index for _, index in columns], dtype=np.intp)
        self._row_index = np.arange(self._rows)[:, None]
        silent = np.zeros(len(lanes), dtype=np.int32)
        self._lit, self._thirds, self._clipped = silent, silent, silent.astype(np.bool_)
        """What each lane looks like: steps of the bar, thirds of the mark, over."""
        self._moved = np.ones(len(lanes), dtype=np.bool_)
        """Those that look different than they were drawn last."""
        self._places, self._places_rows = self._sides, 0

    def take(self, holds: Holds, over: BoolArray) -> bool:
        if self._least_rows > min(holds.rows, len(over)):
            return False
        meter = self._meter
        if self._places_rows != holds.rows:
            self._places, self._places_rows = holds.places(meter, self._sides), holds.rows
        levels, marks = meter.height(meter.read(holds.shown(self._places).max(axis=1)))
        lit = bars.lit_steps(levels, self._rows, self._steps)
        thirds = bars.mark_thirds(marks, self._rows)
        clipped: BoolArray = np.logical_or.reduce(over.take(self._sides))
        self._moved |= (lit != self._lit) | (thirds != self._thirds) | (clipped != self._clipped)
        self._lit, self._thirds, self._clipped = lit, thirds, clipped
        return bool(self._moved.any())

    def draw(self, canvas: Canvas, anew: bool) -> None:
        columns, lane_of = self._columns, self._lane_of
        lit, thirds, clipped, moved = self._lit, self._thirds, self._clipped, self._moved
        if not anew:
            of_moved = moved[lane_of]
            columns, lane_of = columns[of_moved], (np.cumsum(moved) - 1)[lane_of[of_moved]]
            lit, thirds, clipped = lit[moved], thirds[moved], clipped[moved]
        self._moved = np.zeros_like(moved)
        if not len(columns):
            return
        codes = bars.bar_codes(lit, self._rows, self._steps)
        bars.add_marks(codes, thirds, self._steps)
        codes[0, clipped] = self._steps + bars.HOLD_CODES + _CLIP_CODES
        cells = self._table[self._row_index, codes]
        target = canvas.cells[self._top : self._top + self._rows]
        target[:, columns] = cells[: len(target), lane_of]


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
