"""One value of an element on a row: its label, what it is, and its place in its range."""

from __future__ import annotations

from typing import Final

from tui.drawing.gauges import place_bar
from tui.drawing.glyphs import GlyphSet
from tui.drawing.names import cut, fit_name
from tui.drawing.palette import Role
from tui.elements import Field
from tui.field_values import field_text, share_of
from tui.styles import Look, Styles
from tui.surface import Canvas

_VALUE_CELLS: Final = 10
_LEAST_BAR: Final = 4
_LABEL_SHARE: Final = 0.45
_WIDEST_LABEL: Final = 24


def label_cells(width: int) -> int:
    """The cells of the label, with the pointer before it."""
    return min(round(width * _LABEL_SHARE), _WIDEST_LABEL) + 1


def on_value(x: int, width: int) -> bool:
    """Whether a column of a row belongs to its value."""
    return x >= label_cells(width)


def draw_field(canvas: Canvas, styles: Styles, glyphs: GlyphSet, field: Field, chosen: bool, entered: bool) -> None:
    """Draw a value onto a canvas of one row. `entered` tells that keys move it."""
    style = styles.id
    ground: Role = "strip_selected" if chosen else "panel"
    canvas.fill(style("text", ground))
    width, spec = canvas.width, field.spec
    label = label_cells(width)
    if chosen:
        pointer = style("on_accent", "accent", Look.BOLD) if entered else style("accent", ground)
        canvas.text(0, 0, glyphs.pointer, pointer)
    name = spec.label if len(spec.label) < label - 1 else spec.label.replace("frequency", "freq")
    look = Look.BOLD if chosen else Look.PLAIN
    canvas.text(1, 0, fit_name(name, label - 2), style("bright" if chosen else "text", ground, look))
    room = width - label - 1
    text = field_text(spec, field.value, glyphs.infinity)
    is_default = field.value == spec.default
    ink = style("on_accent", "accent", Look.BOLD) if entered and chosen else style(
        "dim" if is_default and not chosen else "bright", ground, Look.PLAIN if is_default else Look.BOLD
    )  # fmt: skip
    if spec.taper == "switch":
        on = style("on_accent", "accent", Look.BOLD)
        canvas.text(label, 0, " ON " if field.value else " off", on if field.value else ink, 5 if field.value else None)
        return
    if spec.taper == "choice":
        text = cut(text, room - 4)
        place = f" {int(field.value) + 1}/{len(spec.choices)}"
        end = canvas.text(label, 0, f"{glyphs.more_left} {text} {glyphs.more_right}", ink)
        if end + len(place) < width:
            canvas.text(width - 1 - len(place), 0, place, style("faint", ground))
        return
    canvas.text(label, 0, f" {text} "[:room], ink, _VALUE_CELLS + 1, "right")
    bar = width - label - _VALUE_CELLS - 3
    if bar >= _LEAST_BAR:
        home = share_of(spec, spec.default)
        line = place_bar(share_of(spec, field.value), home, bar, glyphs)
        canvas.text(label + _VALUE_CELLS + 2, 0, line, style("accent" if chosen else "cap", ground))
