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
        """Draw the meters onto the desk's canvas: all, or if not `anew` where any looks different than last drawn."""
        for group in self._groups:
            group.draw(canvas, anew)


class _Group:
    """The meters of strips that are metered by one type; each of their columns is looked at by itself."""

    def __init__(self, styles: Styles, glyphs: GlyphSet, places: tuple[MeterPlace, ...]) -> None:
        self._meter, self._top, self._rows = places[0].meter, places[0].top, places[0].rows
        self._steps = len(glyphs.bar) - 1
        table = _cell_table(styles, glyphs, self._meter, self._rows)
        self._cells = table.reshape(-1)
        self._first_cells = (np.arange(self._rows, dtype=np.int32) * table.shape[1])[:, None]
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
        self._scales = bars.scales_of(self._rows, self._steps)
        self._looks = np.zeros((3, len(columns)), dtype=np.int32)
        """What each column looks like: lit steps of the bar, thirds of the mark, whether it is over."""
        self._has_moved = True
        self._places, self._places_of = self._sides, (0, True)

    def take(self, holds: Holds, over: BoolArray) -> bool:
        if self._least_rows > min(holds.rows, len(over)):
            return False
        meter = self._meter
        if self._places_of != (holds.rows, holds.are_kept):
            self._places, self._places_of = holds.places(meter, self._sides), (holds.rows, holds.are_kept)
        looks = np.empty_like(self._looks)
        looks[:2] = bars.steps_of(meter.height(meter.read(holds.shown(self._places).max(axis=1))), self._scales)
        looks[2] = np.logical_or.reduce(over.take(self._sides))
        self._has_moved |= not np.array_equal(looks, self._looks)
        self._looks = looks
        return self._has_moved

    def draw(self, canvas: Canvas, anew: bool) -> None:
        if not (anew or self._has_moved):
            return
        self._has_moved = False
        lit, thirds, over = self._looks
        codes = bars.bar_codes(lit, self._rows, self._steps)
        bars.add_marks(codes, thirds, self._steps)
        codes[0, over != 0] = self._steps + bars.HOLD_CODES + _CLIP_CODES
        codes += self._first_cells
        target = canvas.cells[self._top : self._top + self._rows]
        target[:, self._columns] = self._cells.take(codes)[: len(target)]


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
