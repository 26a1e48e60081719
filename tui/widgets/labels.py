"""The desk's captions: what each row is, the scale of the meters on the left, that of the faders on the right."""

from __future__ import annotations

from typing import Final

from tui.drawing import numbers, scale, taper
from tui.drawing.facts import CONTROL_LABELS, SEND_CONTROLS, ControlId
from tui.drawing.glyphs import GlyphSet
from tui.drawing.plan import ColumnPlan, RowKind, RowPlan, StageView, short_stage
from tui.drawing.scale import MeterType
from tui.styles import Look, Styles
from tui.surface import Canvas

_NARROW: Final = 9
CONTROL_ROWS: Final[tuple[tuple[RowKind, ControlId], ...]] = (
    ("trim", "trim_db"), ("fader", "fader_db"), ("pan", "pan_percent")
)  # fmt: skip
"""The rows whose captions name a control."""


def caption_part(rows: RowPlan, y: int) -> ControlId | int | str | None:
    """The control, the insert slot or the action that a caption stands for."""
    kind = rows.kind_at(y)
    if kind == "sends":
        return SEND_CONTROLS[rows.send_at(y)]
    if kind == "inserts":
        return rows.slot_at(y)
    if kind in _METER_ROWS:
        return "stage_choose" if kind == "stages" else "meter_choose"
    return dict(CONTROL_ROWS).get(kind) if kind is not None else None


_METER_ROWS: Final[frozenset[RowKind]] = frozenset({"stages", "meter", "peak", "input", "after_trim", "output"})


def draw_labels(
    canvas: Canvas,
    styles: Styles,
    glyphs: GlyphSet,
    rows: RowPlan,
    columns: ColumnPlan,
    meter: MeterType,
    view: StageView,
    control: ControlId,
    slot: int | None,
    bank: str,
) -> None:
    """Draw the captions onto the desk's canvas; `bank` tells which strips of how many are visible ("" for all)."""
    width = columns.labels_width
    plain, dim = styles.id("dim", "desk"), styles.id("faint", "desk")
    narrow = width < _NARROW
    short = meter.short
    held = meter.label if narrow or not meter.held else f"{short} max"

    def caption(kind: RowKind, text: str, style: int = plain) -> None:
        if kind in rows.rows:
            canvas.text(0, rows.rows[kind], text, style, width - 1, "right")

    caption("number" if "number" in rows.rows else "name", bank, styles.id("text", "desk"))
    caption("input", f"IN {short}")
    caption("after_trim", f"{glyphs.arrow} {short}")
    caption("peak", held)
    caption("output", f"OUT {short}")
    caption("stages", short_stage(view))
    caption("switches", "" if narrow else f"M S {glyphs.polarity}")
    caption("route", f"{glyphs.arrow} TO")
    caption("insert_marks", "INS" if narrow else "INSERTS")
    caption("send_marks", "SENDS")
    named = [(rows.rows[kind], control_id) for kind, control_id in CONTROL_ROWS if kind in rows.rows]
    if "sends" in rows.rows:
        named += [(rows.rows["sends"] + row, SEND_CONTROLS[rows.first_send + row]) for row in range(rows.send_rows)]
    for y, control_id in named:
        label = CONTROL_LABELS[control_id]
        if control_id == control:
            label = f"{glyphs.pointer}{label.replace('SEND', 'SND')}" if narrow else f"{glyphs.pointer} {label}"
        style = styles.id("accent", "desk", Look.BOLD) if control_id == control else plain
        canvas.text(0, y, label, style, width - 1, "right")
    for row in range(rows.insert_rows):
        number = rows.first_slot + row
        chosen = number == slot
        pointer = "" if not chosen else glyphs.pointer if narrow else f"{glyphs.pointer} "
        label = f"{pointer}INS {number}"
        style = styles.id("bright", "desk", Look.BOLD) if chosen else plain
        canvas.text(0, rows.rows["inserts"] + row, label, style, width - 1, "right")
    marks, last = scale.mark_rows(meter, rows.meter_rows), rows.meter_rows - 1
    if "stages" not in rows.rows and view != "fader":  # nowhere else is it said
        marks.pop(last, None)
        canvas.text(0, rows.meter_top + last, short_stage(view), plain, width - 1, "right")
    elif not {last, last - 1} & marks.keys():
        canvas.text(0, rows.meter_top + last, meter.unit, dim, width - 1, "right")
    for row, mark in marks.items():
        zone = meter.zone_above(mark)
        style = plain if zone in ("low", "target") else styles.id(zone, "desk")
        y = rows.meter_top + row
        canvas.text(0, y, numbers.mark_text(mark, meter.signed), style, width - 2, "right")
        canvas.text(width - 2, y, f" {glyphs.tick}" if width < 4 else glyphs.tick, dim)
    if columns.scale_width:
        for row, mark in taper.mark_rows(rows.meter_rows).items():
            y = rows.meter_top + row
            active = control == "fader_db" and mark == 0.0
            style = styles.id("accent", "desk") if active else plain
            canvas.text(columns.scale_x, y, numbers.mark_text(mark), style, columns.scale_width - 1, "right")
