"""A drawing onto a canvas: pens to styles."""

from __future__ import annotations

from typing import Final

import numpy as np

from tui.drawing.glyphs import GlyphSet
from tui.drawing.palette import Role
from tui.drawing.sheet import Pen, Sheet
from tui.styles import Look, Styles
from tui.surface import STYLE_SHIFT, Canvas

_STYLES: Final[dict[Pen, tuple[Role, Role | None, Look]]] = {
    Pen.BLANK: ("text", None, Look.PLAIN),
    Pen.GRID: ("faint", None, Look.PLAIN),
    Pen.AXIS: ("dim", None, Look.PLAIN),
    Pen.CURVE: ("accent", None, Look.PLAIN),
    Pen.SECOND: ("dim", None, Look.PLAIN),
    Pen.MARK: ("bright", None, Look.BOLD),
    Pen.CHOSEN: ("on_accent", "accent", Look.BOLD),
    Pen.POINT: ("warning", None, Look.BOLD),
    Pen.LOW: ("low", "trough", Look.PLAIN),
    Pen.TARGET: ("target", "trough", Look.PLAIN),
    Pen.HOT: ("hot", "trough", Look.PLAIN),
    Pen.LOUD: ("loud", "trough", Look.PLAIN),
    Pen.OVER: ("over", "trough", Look.PLAIN),
    Pen.REDUCTION: ("warning", "trough", Look.PLAIN),
    Pen.TROUGH: ("track", "trough", Look.PLAIN),
}
"""Foreground, ground (None: that of the widget) and look."""


def draw_sheet(canvas: Canvas, x: int, y: int, sheet: Sheet, styles: Styles, ground: Role) -> None:
    """Put a drawing onto a canvas with its upper left corner at x, y; what lies outside is not drawn."""
    table = np.zeros(len(Pen), dtype=np.uint32)
    for pen, (role, own, look) in _STYLES.items():
        table[pen] = styles.id(role, own or ground, look) << STYLE_SHIFT
    target = canvas.part(x, y, sheet.width, sheet.height).cells
    height, width = target.shape
    target[:] = sheet.chars[:height, :width] | table[sheet.pens[:height, :width]]


def is_textured(styles: Styles, glyphs: GlyphSet) -> bool:
    """Whether the zones of bars are told by their filling too."""
    return styles.palette.textured or styles.depth == "none" or glyphs.name == "ascii"
