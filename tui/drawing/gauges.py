"""Gauges that lie: level bars, VU and gain reduction along a row, and the place of a value in its range."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from tui.drawing.glyphs import GlyphSet
from tui.drawing.meter_types import VU
from tui.drawing.numbers import level_text, mark_text
from tui.drawing.scale import MeterType
from tui.drawing.sheet import Pen, Sheet

_LYING: Final = {"full": " ▏▎▍▌▋▊▉█", "linux": " ▌█", "ascii": " #"}
"""Cells of a bar that grows to the right, with 0..n steps lit."""
_PENS: Final = {"low": Pen.LOW, "target": Pen.TARGET, "hot": Pen.HOT, "loud": Pen.LOUD, "over": Pen.OVER}
_VU_TICKS: Final = (-20.0, -10.0, -7.0, -5.0, -3.0, 0.0, 3.0)
_LEAST_READ: Final = -60.0
REDUCTION_SPAN_DB: Final = 24.0
_REDUCTION_TICKS: Final = (0.0, 3.0, 6.0, 12.0, 18.0, 24.0)
_LABEL_CELLS: Final = 5
_NUMBER_CELLS: Final = 7


def lying_bar(share: float, cells: int, glyphs: GlyphSet) -> str:
    """A bar of a length of 0..1 of some cells."""
    steps = _LYING[glyphs.name]
    most = len(steps) - 1
    lit = round(min(max(share, 0.0), 1.0) * cells * most)
    return "".join(steps[min(max(lit - cell * most, 0), most)] for cell in range(cells))


def level_bar(
    sheet: Sheet, x: int, y: int, cells: int, meter: MeterType, levels: tuple[float, float], glyphs: GlyphSet,
    textured: bool = False,
) -> None:  # fmt: skip
    """A level and its held mark (both on the meter's scale) as a bar along a row, each cell in the pen of its zone."""
    level, mark = levels
    bar = lying_bar(float(meter.height(level)), cells, glyphs)
    held = min(int(float(meter.height(mark)) * cells), cells - 1)
    for cell, character in enumerate(bar):
        zone = meter.zone(meter.law.level((cell + 0.5) / cells))
        if character == " ":
            marked = cell == held > 0
            sheet.text(x + cell, y, glyphs.track if marked else " ", _PENS[zone] if marked else Pen.TROUGH)
        else:
            whole = textured and character == _LYING[glyphs.name][-1]
            sheet.text(x + cell, y, glyphs.texture[zone] if whole else character, _PENS[zone])


def vu_gauge(width: int, sides_vu: Sequence[float], glyphs: GlyphSet, textured: bool = False) -> Sheet:
    """A VU reading: its scale with 0 marked, then a bar and a number for each side (three rows)."""
    sheet = Sheet(width, 3)
    cells = max(width - _LABEL_CELLS - _NUMBER_CELLS, 1)
    sheet.text(0, 0, "VU", Pen.AXIS)
    zero = min(int(float(VU.height(0.0)) * cells), cells - 1)
    _ticks(sheet, [(min(int(float(VU.height(tick)) * cells), cells - 1), f"{tick:+.0f}" if tick else "0")
                   for tick in sorted(_VU_TICKS, key=abs)], zero)  # fmt: skip
    for row, (name, level) in enumerate(zip("LR", sides_vu, strict=True), start=1):
        sheet.text(0, row, f"{name:>3}", Pen.AXIS)
        level_bar(sheet, _LABEL_CELLS, row, cells, VU, (level, -math.inf), glyphs, textured)
        at = _LABEL_CELLS + zero
        if sheet.chars[row, at] == ord(" "):
            sheet.text(at, row, glyphs.track, Pen.MARK)
        flag = glyphs.hot if level > 0.0 else ""
        pen = Pen.MARK if level > _LEAST_READ else Pen.AXIS
        sheet.text(_LABEL_CELLS + cells + 1, row, level_text(level, 5, glyphs.infinity) + flag, pen)
    return sheet


def reduction_gauge(width: int, reduction_db: float, glyphs: GlyphSet) -> Sheet:
    """A gain reduction (0 or negative): a bar that grows with it and a number, then its scale (two rows)."""
    sheet = Sheet(width, 2)
    cells = max(width - _LABEL_CELLS - _NUMBER_CELLS, 1)
    sheet.text(0, 0, "GR", Pen.AXIS)
    sheet.text(_LABEL_CELLS, 0, lying_bar(-reduction_db / REDUCTION_SPAN_DB, cells, glyphs), Pen.REDUCTION)
    text = level_text(reduction_db, 5, glyphs.infinity)
    sheet.text(_LABEL_CELLS + cells + 1, 0, text, Pen.POINT if round(reduction_db, 1) else Pen.AXIS)
    places = [(tick, min(int(tick / REDUCTION_SPAN_DB * cells), cells - 1)) for tick in _REDUCTION_TICKS]
    ticks = [(place, f"{tick:.0f}") for tick, place in places]
    _ticks(sheet, ticks, -1, row=1)
    sheet.text(_LABEL_CELLS + cells + 1, 1, "dB", Pen.AXIS)
    return sheet


def _ticks(sheet: Sheet, ticks: Sequence[tuple[int, str]], bright: int, row: int = 0) -> None:
    """Labels above or below a bar, the first ones first; those that would touch another are left out."""
    taken: set[int] = set()
    for at, label in ticks:
        first = _LABEL_CELLS + at - (len(label) - 1 if len(label) > 1 else 0)
        cells = range(first - 1, first + len(label) + 1)
        if first >= _LABEL_CELLS and not taken.intersection(cells):
            taken.update(range(first, first + len(label)))
            sheet.text(first, row, label, Pen.MARK if at == bright else Pen.AXIS)


def place_bar(share: float, home: float, cells: int, glyphs: GlyphSet) -> str:
    """The place of a value in its range: a mark (three places to the cell) on a line, with its default as a notch."""
    line = [glyphs.pan_line] * cells
    if cells < 1:
        return ""
    line[min(int(min(max(home, 0.0), 1.0) * cells), cells - 1)] = glyphs.unity
    cell, third = divmod(round(min(max(share, 0.0), 1.0) * (cells * 3 - 1)), 3)
    line[cell] = glyphs.pan[third] if glyphs.name != "ascii" else "#"
    return "".join(line)


def level_gauge(
    width: int, meter: MeterType, names: Sequence[str], levels: Sequence[tuple[float, float, float]], glyphs: GlyphSet,
    textured: bool = False,
) -> Sheet:  # fmt: skip
    """Two levels with their held marks and numbers: the meter's scale, then a bar and a number for each."""
    sheet = Sheet(width, 3)
    cells = max(width - _LABEL_CELLS - _NUMBER_CELLS, 1)
    sheet.text(0, 0, meter.unit, Pen.AXIS)
    places = [min(int(float(meter.height(mark)) * cells), cells - 1) for mark in meter.marks]
    _ticks(sheet, list(zip(places, (mark_text(mark, meter.signed) for mark in meter.marks), strict=True)), -1)
    for row, (name, (level, mark, number)) in enumerate(zip(names, levels, strict=True), start=1):
        sheet.text(0, row, f"{name:>3}", Pen.AXIS)
        level_bar(sheet, _LABEL_CELLS, row, cells, meter, (level, mark), glyphs, textured)
        pen = Pen.MARK if number > _LEAST_READ else Pen.AXIS
        sheet.text(_LABEL_CELLS + cells + 1, row, level_text(number, 5, glyphs.infinity, meter.signed), pen)
    sheet.text(_LABEL_CELLS + cells + 1, 0, meter.short, Pen.AXIS)
    return sheet
