"""All meters of the desk at once: levels to cells in a few array operations per frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.meters.frame import STAGES
from tui.drawing import bars
from tui.drawing.glyphs import GlyphSet
from tui.drawing.plan import Lane
from tui.drawing.scale import MeterType
from tui.styles import Look, Styles
from tui.surface import STYLE_SHIFT, Canvas, CellArray

FloatArray = npt.NDArray[np.float32]
_CLIP_CODES: Final = 1


@dataclass(frozen=True, slots=True)
class MeterPlace:
    """The meters of one strip on the desk: its row in the frame, its first column, its lanes."""

    frame_row: int
    x: int
    lanes: tuple[Lane, ...]


class MeterBank:
    """Draws the lanes of all visible strips. Made anew when anything but the levels changes."""

    def __init__(
        self,
        styles: Styles,
        glyphs: GlyphSet,
        meter: MeterType,
        places: Sequence[MeterPlace],
        top: int,
        rows: int,
    ) -> None:
        self._meter = meter
        self._top, self._rows = top, rows
        self._steps = len(glyphs.bar) - 1
        self._table = _cell_table(styles, glyphs, meter, rows)
        lanes = [(place, lane) for place in places for lane in place.lanes]
        frame_rows = np.array([place.frame_row for place, _ in lanes], dtype=np.intp)
        stages = np.array([lane.stage for _, lane in lanes], dtype=np.intp)
        # A lane of both sides reads the louder one: two indices, the same one twice for a lane of one side.
        first = np.array([0 if lane.side is None else lane.side for _, lane in lanes], dtype=np.intp)
        second = np.array([1 if lane.side is None else lane.side for _, lane in lanes], dtype=np.intp)
        base = (frame_rows * len(STAGES) + stages) * 2
        self._first, self._second = base + first, base + second
        self._least_rows = int(frame_rows.max()) + 1 if lanes else 0
        columns = [
            (place.x + lane.x + column, index)
            for index, (place, lane) in enumerate(lanes)
            for column in range(lane.width)
        ]
        self._columns = np.array([column for column, _ in columns], dtype=np.intp)
        self._lane_of = np.array([index for _, index in columns], dtype=np.intp)
        self._row_index = np.arange(rows)[:, None]

    def draw(self, canvas: Canvas, levels: FloatArray, marks: FloatArray, over: npt.NDArray[np.bool_]) -> None:
        """Draw all meters onto the desk's canvas; arrays are of shape (strips + 1, stages, 2)."""
        if not self._columns.size or not self._rows or self._least_rows > len(levels):
            return
        height = self._meter.height
        codes = bars.bar_codes(height(self._pick(levels)), self._rows, self._steps)
        bars.add_holds(codes, height(self._pick(marks)), self._steps)
        overs = over.reshape(-1)
        codes[0, overs[self._first] | overs[self._second]] = self._steps + bars.HOLD_CODES + _CLIP_CODES
        cells = self._table[self._row_index, codes]
        target = canvas.cells[self._top : self._top + self._rows]
        target[:, self._columns] = cells[: len(target), self._lane_of]

    def _pick(self, levels: FloatArray) -> FloatArray:
        flat = levels.reshape(-1)
        louder: FloatArray = np.maximum(flat[self._first], flat[self._second])
        return louder


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
