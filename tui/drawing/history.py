"""Loudness against time: short-term as an area in the colours of its zones, momentary as marks above it.

Columns are of whole groups of points, and the picture stands still while it fills up: with the next point one column
changes, until all of it is compressed to two thirds of its width, or moves on by a quarter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tui.drawing.curves import Plot
from tui.drawing.glyphs import GlyphSet
from tui.drawing.loudness_scale import LoudnessScale
from tui.drawing.numbers import time_text
from tui.drawing.sheet import Pen, Sheet

FloatArray = npt.NDArray[np.float32]
CodeArray = npt.NDArray[np.int64]

POINTS_A_SECOND: Final = 10
_LEAST_POINTS: Final = 5
"""In a column of a picture of everything."""
_ZONE_PENS: Final = {"low": Pen.LOW, "target": Pen.TARGET, "hot": Pen.HOT, "over": Pen.OVER}
_TICKS_S: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
_TICK_CELLS: Final = 10
_THIRDS: Final = 3
_LABELS_CELLS: Final = 4
BARS_CELLS: Final = 9
_BARS_X: Final = (1, 4)
_BAR_CELLS: Final = 2


@dataclass(frozen=True, slots=True)
class Window:
    """What the columns are of: from a point on, so many points each."""

    first: int
    points: int
    columns: int

    @property
    def start_s(self) -> float:
        """Where it begins, of the measured time."""
        return self.first / POINTS_A_SECOND

    @property
    def end_s(self) -> float:
        """Where it ends."""
        return (self.first + self.points * self.columns) / POINTS_A_SECOND


def window_of(count: int, columns: int, span_s: float | None) -> Window:
    """The window on a history of `count` points: the last seconds (about three quarters of it or more), or all."""
    columns = max(columns, 1)
    if span_s is None:
        points = _LEAST_POINTS
        while points * columns < count:
            points += points // 2
        return Window(0, points, columns)
    points = max(math.ceil(span_s * POINTS_A_SECOND / columns), 1)
    jump = points * max(columns // 4, 1)
    beyond = count - points * columns
    return Window(math.ceil(beyond / jump) * jump if beyond > 0 else 0, points, columns)


def highest(values: FloatArray, window: Window) -> FloatArray:
    """The highest value in each column of a window, NaN where there is none yet: (columns,)."""
    levels = np.full(window.columns, np.nan, np.float32)
    seen = values[window.first : window.first + window.points * window.columns]
    if seen.size:
        starts = np.arange(0, len(seen), window.points)
        levels[: len(starts)] = np.maximum.reduceat(seen, starts)
    return levels


def history_drawing(
    width: int, height: int, glyphs: GlyphSet, scale: LoudnessScale, momentary: FloatArray, short_term: FloatArray,
    span_s: float | None, textured: bool = False,
) -> Sheet:  # fmt: skip
    """The history on its scale, with the target as a line and the measured time below."""
    sheet = Sheet(width, height)
    window = window_of(len(short_term), width - _LABELS_CELLS, span_s)
    plot = Plot(sheet, glyphs, window.start_s, window.end_s, scale.low_lu, scale.high_lu)
    if plot.rows < 2 or width <= _LABELS_CELLS + 2:
        return sheet
    plot.level_axis(scale.marks_lu, scale.mark_text)
    plot.bottom_axis(time_ticks(window), grid=False)
    area = _lit(_shares(highest(short_term, window), scale), plot.rows, _steps(glyphs))
    marks = _thirds(_shares(highest(momentary, window), scale), plot.rows)
    cells = np.s_[: plot.rows, _LABELS_CELLS : _LABELS_CELLS + plot.columns]
    chars, pens = sheet.chars[cells], sheet.pens[cells]
    drawn = (marks > 0) & (area == 0)
    chars[drawn] = np.array([0, *map(ord, glyphs.hold)], np.uint32)[marks[drawn]]
    pens[drawn] = Pen.MARK
    lit = area > 0
    for at in range(plot.rows):
        zone = scale.zone(scale.low_lu + (plot.rows - at - 0.5) / plot.rows * (scale.high_lu - scale.low_lu))
        chars[at, lit[at]] = _area_table(glyphs, glyphs.texture[zone] if textured else "")[area[at]][lit[at]]
        pens[at, lit[at]] = _ZONE_PENS[zone]
    at = plot.row(0.0)
    seen = (marks[at] == 0) & ((area[at] == 0) | (area[at] == _steps(glyphs)))  # not where the area ends, or a mark is
    chars[at, seen] = ord(glyphs.line)
    pens[at, seen] = Pen.AXIS
    return sheet


def bars_drawing(
    height: int, glyphs: GlyphSet, scale: LoudnessScale, momentary_lufs: float, short_term_lufs: float,
    integrated_lufs: float, textured: bool = False,
) -> Sheet:  # fmt: skip
    """Momentary and short-term as bars on the same rows, and a mark where the integrated loudness is."""
    sheet = Sheet(BARS_CELLS, height)
    rows = max(height - 1, 1)
    span = scale.high_lu - scale.low_lu
    codes = _lit(_shares(np.array([momentary_lufs, short_term_lufs], np.float32), scale), rows, _steps(glyphs))
    for at in range(rows):
        zone = scale.zone(scale.low_lu + (rows - at - 0.5) / rows * span)
        table = _area_table(glyphs, glyphs.texture[zone] if textured else "")
        for x, code in zip(_BARS_X, codes[at].tolist(), strict=True):
            sheet.text(x, at, chr(table[code]) * _BAR_CELLS, _ZONE_PENS[zone] if code else Pen.TROUGH)
    for x, name in zip(_BARS_X, "MS", strict=True):
        sheet.text(x, rows, name, Pen.AXIS)
    share = (integrated_lufs - scale.target_lufs - scale.low_lu) / span
    if 0.0 <= share <= 1.0:
        row = min(int((1.0 - share) * rows), rows - 1)
        sheet.text(BARS_CELLS - 2, row, f"{glyphs.more_left}I", Pen.MARK)
    return sheet


def time_ticks(window: Window) -> list[tuple[float, str]]:
    """Places on the time axis with what is written there, as dense as can be read."""
    step = next((step for step in _TICKS_S if step * POINTS_A_SECOND >= window.points * _TICK_CELLS), _TICKS_S[-1])
    first = math.ceil(window.start_s / step)
    last = math.floor(window.end_s / step)
    return [(float(step * count), time_text(step * count, tenths=False)) for count in range(first, last + 1)]


def _shares(lufs: FloatArray, scale: LoudnessScale) -> FloatArray:
    """Heights in 0..1 on the scale; what is not known is 0."""
    heights = (lufs - np.float32(scale.target_lufs + scale.low_lu)) / np.float32(scale.high_lu - scale.low_lu)
    shares: FloatArray = np.clip(np.nan_to_num(heights, nan=0.0, neginf=0.0), 0.0, 1.0)
    return shares


def _lit(heights: FloatArray, rows: int, steps: int) -> CodeArray:
    """How many steps of each cell are lit, (rows, columns), the highest row first."""
    base = np.arange(rows - 1, -1, -1)[:, None] * steps
    codes: CodeArray = np.clip(np.rint(heights * (rows * steps)).astype(np.int64) - base, 0, steps)
    return codes


def _thirds(heights: FloatArray, rows: int) -> CodeArray:
    """In which third of each cell a mark stands, from 1 up, 0 where there is none: (rows, columns)."""
    base = np.arange(rows - 1, -1, -1)[:, None] * _THIRDS
    third = np.ceil(heights * (rows * _THIRDS)).astype(np.int64) - base
    return np.where((third > 0) & (third <= _THIRDS), third, 0)


def _steps(glyphs: GlyphSet) -> int:
    return len(glyphs.bar) - 1


def _area_table(glyphs: GlyphSet, whole: str) -> npt.NDArray[np.uint32]:
    """The characters of a cell of the area by how much of it is lit; `whole` is a full one's, "" for a block."""
    return np.array([*map(ord, glyphs.bar[:-1]), ord(whole or glyphs.bar[-1])], np.uint32)
