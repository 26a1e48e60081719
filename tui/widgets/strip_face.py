"""How a strip looks: drawn from its facts, its levels and the desk's plan onto a canvas. No widget, no state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.core.params import FADER, PAN, TRIM
from engine.meters.frame import AFTER_FADER, AFTER_TRIM, INPUT, OVERVIEW
from tui.drawing import numbers, taper
from tui.drawing.facts import ControlId, LevelFact, StripFacts, SwitchId
from tui.drawing.flags import ROLES, mark_glyph
from tui.drawing.glyphs import GlyphSet
from tui.drawing.names import cut, name_lines
from tui.drawing.own_meter import own_label, own_marks
from tui.drawing.palette import Role
from tui.drawing.pan import pan_slot
from tui.drawing.plan import RowKind, RowPlan, StripPlan
from tui.styles import Look, Styles
from tui.surface import Canvas
from tui.widgets.route_rows import Part, Reductions, RouteRows

LEVEL_ROWS: Final[tuple[tuple[RowKind, int], ...]] = (
    ("input", INPUT), ("after_trim", AFTER_TRIM), ("output", AFTER_FADER),
)  # fmt: skip
"""The rows that show a held level, with the stage it is of."""
STAGE_LETTERS: Final = dict(zip(OVERVIEW, "ITF", strict=True))
SIDE_LETTERS: Final = ("L", "R")
LISTENED: Final = "L"
"""Stands in the number of a strip that is listened to."""
_VALUE_CELLS: Final = 5


class StripFace:
    """Draws strips; one for all strips of a kind, as they differ in facts only."""

    def __init__(self, styles: Styles, glyphs: GlyphSet, rows: RowPlan, plan: StripPlan) -> None:
        self._styles = styles
        self._glyphs = glyphs
        self._rows = rows
        self.plan = plan
        self._routes = RouteRows(styles, glyphs, rows, plan.width)

    def draw(self, canvas: Canvas, facts: StripFacts, reductions: Reductions = ()) -> None:
        """Everything but levels and meters; `reductions` are what the inserts turn down, in whole dB."""
        ground: Role = "strip_selected" if facts.selected else "strip"
        canvas.fill(self._styles.id("text", ground))
        self._draw_head(canvas, facts, ground)
        self._draw_value(canvas, facts, "trim_db", "trim", ground)
        self._draw_stage_letters(canvas, facts, ground)
        self._draw_own_meter(canvas, facts, ground)
        self._draw_fader(canvas, facts, ground)
        self._draw_value(canvas, facts, "fader_db", "fader", ground)
        self._draw_pan(canvas, facts, ground)
        self._draw_switches(canvas, facts, ground)
        self._routes.draw(canvas, facts, reductions, ground)

    def draw_reductions(self, canvas: Canvas, facts: StripFacts, reductions: Reductions) -> None:
        """What the inserts turn down now."""
        self._routes.draw_inserts(canvas, facts, reductions, "strip_selected" if facts.selected else "strip")

    def draw_levels(self, canvas: Canvas, facts: StripFacts, levels: Mapping[int, LevelFact], shown_stage: int) -> None:
        """The held levels by stage, or of the one that the meter shows where there is one row only."""
        ground: Role = "strip_selected" if facts.selected else "strip"
        for kind, stage in (*LEVEL_ROWS, ("peak", shown_stage)):
            row = self._rows.rows.get(kind)
            if row is not None and kind == "peak" and facts.missing:
                canvas.text(0, row, self._lost(), self._styles.id("warning", ground), self.plan.width, "centre")
            elif row is not None:
                self._draw_level(canvas, row, levels[stage], ground)

    def meter_top(self, facts: StripFacts) -> int:
        """The highest row of the meter; what tells of one of its own stands above it, if there is no row for that."""
        return self._rows.meter_top + self._label_in_meter(facts)

    def meter_rows(self, facts: StripFacts) -> int:
        """The rows of the meter."""
        return self._rows.meter_rows - self._label_in_meter(facts)

    def part_at(self, x: int, y: int) -> Part | None:
        """What lies at a cell of the strip: a control, a switch, an insert slot by number, or the kind of its row."""
        kind = self._rows.kind_at(y)
        match kind:
            case "inserts" | "insert_marks" | "sends" | "send_marks":
                return self._routes.part_at(x, y) or kind
            case "trim":
                return "trim_db"
            case "fader":
                return "fader_db"
            case "pan":
                return "pan_percent"
            case "meter" if x >= self.plan.fader_x:
                return "fader_db"
            case "switches":
                for switch, left, width in self.switch_cells():
                    if left <= x < left + width:
                        return switch
        return kind

    def switch_cells(self) -> tuple[tuple[SwitchId, int, int], ...]:
        """Where the switches are: id, first column, width."""
        width = self.plan.width
        gap = 1 if width >= 5 else 0
        each = min(max((width - 2 * gap) // 3, 1), 3)
        left = (width - 3 * each - 2 * gap) // 2
        return tuple((switch, left + index * (each + gap), each) for index, switch in enumerate(_SWITCHES))

    def _label_in_meter(self, facts: StripFacts) -> bool:
        return bool(facts.own_meter or facts.own_stage) and "stages" not in self._rows.rows

    def _quiet(self, facts: StripFacts) -> bool:
        return facts.mute or facts.silenced

    def _draw_head(self, canvas: Canvas, facts: StripFacts, ground: Role) -> None:
        style = self._styles.id
        width = self.plan.width
        rows = self._rows.rows
        if "number" in rows:
            self._draw_number(canvas, rows["number"], facts)
        foreground: Role = "warning" if facts.missing else "dim" if self._quiet(facts) else "text"
        if facts.selected and not facts.missing:
            foreground = "bright"
        if facts.solo is None and "number" in rows:
            return  # the master's name stands where strips have their number
        flags = "" if "number" in rows else self._flags(facts)
        lines = name_lines(flags + facts.name, width, 2 if "name2" in rows else 1)
        look = Look.BOLD if facts.selected else Look.PLAIN
        accented = facts.selected and "number" not in rows
        name = style("on_accent", "accent", Look.BOLD) if accented else style(foreground, ground, look)
        for kind, line in zip(("name", "name2"), lines, strict=False):
            if kind in rows:
                canvas.text(0, rows[kind], line, name, width, "centre" if width > 5 else "left")

    def _draw_number(self, canvas: Canvas, row: int, facts: StripFacts) -> None:
        """The number, after a sign that the strip is marked and a letter that it is listened to."""
        style, width = self._styles.id, self.plan.width
        chip: Role = "accent" if facts.selected else "chip"
        ink: Role = "on_accent" if facts.selected else "warning" if facts.missing else "text"
        flags = self._flags(facts)
        text = flags + facts.number
        if len(text) > width:
            text = flags or cut(text, width)
        canvas.text(0, row, text, style(ink, chip, Look.BOLD), width, "centre")
        if facts.listen != "off":
            x = (width - len(text)) // 2 + len(flags) - 1
            canvas.text(x, row, LISTENED, style("on_light", "warning", Look.BOLD))

    def _flags(self, facts: StripFacts) -> str:
        return (self._glyphs.mark if facts.marked else "") + (LISTENED if facts.listen != "off" else "")

    def _draw_value(self, canvas: Canvas, facts: StripFacts, control: ControlId, kind: RowKind, ground: Role) -> None:
        row = self._rows.rows.get(kind)
        if row is None:
            return
        value = facts.value(control)
        flag = mark_glyph(facts.input_flag, self._glyphs) if control == "trim_db" else ""
        text = self.gain_text(value, min(self.plan.width - len(flag), _VALUE_CELLS))
        if facts.active == control:
            ink = self._styles.id("on_accent", "accent", Look.BOLD)
        elif value == (TRIM if control == "trim_db" else FADER).default:
            ink = self._styles.id("dim", ground)
        else:
            ink = self._styles.id("bright" if facts.selected else "text", ground)
        canvas.text(0, row, self._field(text), ink, self.plan.width, "centre")
        if flag:
            left = max((self.plan.width - _VALUE_CELLS) // 2 - len(flag), 0)
            active = facts.active == control
            role: Role = "on_accent" if active else ROLES[facts.input_flag]
            canvas.text(left, row, flag, self._styles.id(role, "accent" if active else ground, Look.BOLD))

    def gain_text(self, value: float, cells: int) -> str:
        """A gain in few cells."""
        return numbers.level_text(value, cells, self._glyphs.infinity)

    def _field(self, text: str) -> str:
        return text.rjust(min(self.plan.width, _VALUE_CELLS))

    def _draw_level(self, canvas: Canvas, row: int, fact: LevelFact, ground: Role) -> None:
        cells = min(self.plan.width, _VALUE_CELLS)
        flag = fact.flag(self._glyphs)
        text = fact.text(cells - len(flag), self._glyphs.infinity) + flag
        silent = fact.level <= numbers.SILENCE_DB
        if fact.zone == "over":
            style = self._styles.id("on_light", "over", Look.BOLD)
            start = (self.plan.width - cells) // 2 + cells - len(text)
            canvas.text(0, row, "", self._styles.id("text", ground), self.plan.width)
            canvas.text(start, row, text, style)
            return
        ink: Role = "faint" if silent else "dim" if fact.zone == "low" else fact.zone
        canvas.text(0, row, self._field(text), self._styles.id(ink, ground), self.plan.width, "centre")

    def _lost(self) -> str:
        return "no file" if self.plan.width >= 7 else "lost"

    def _draw_stage_letters(self, canvas: Canvas, facts: StripFacts, ground: Role) -> None:
        row = self._rows.rows.get("stages")
        if row is None:
            return
        if facts.missing:
            canvas.text(0, row, self._lost(), self._styles.id("warning", ground), self.plan.width, "centre")
            return
        if facts.own_meter or facts.own_stage:
            return
        style = self._styles.id("dim", ground)
        stages = {lane.stage for lane in self.plan.lanes}
        for lane in self.plan.lanes:
            if len(stages) == 1:
                canvas.text(lane.x, row, SIDE_LETTERS[lane.side or 0], style, lane.width, "centre")
            elif not lane.side:
                canvas.text(lane.x, row, STAGE_LETTERS[lane.stage], style)

    def _draw_own_meter(self, canvas: Canvas, facts: StripFacts, ground: Role) -> None:
        """What the strip is metered by, if not by what the captions say, and the marks of its scale."""
        if not (facts.own_meter or facts.own_stage) or facts.missing:
            return
        style, plan, top, rows = self._styles.id, self.plan, self.meter_top(facts), self.meter_rows(facts)
        cells = plan.fader_x if self._label_in_meter(facts) else plan.width
        label = own_label(facts.own_meter, facts.own_stage, cells)
        canvas.text(0, self._rows.rows.get("stages", top - 1), label, style("accent", ground), cells, "centre")
        if facts.own_meter is None or not plan.scale_width or rows < 1:
            return
        for row, text, role in own_marks(facts.own_meter, rows, plan.scale_width, self._glyphs.tick):
            canvas.text(plan.scale_x, top + row, text, style(role, ground), plan.scale_width, "right")

    def _draw_fader(self, canvas: Canvas, facts: StripFacts, ground: Role) -> None:
        glyphs, plan, rows = self._glyphs, self.plan, self._rows
        style = self._styles.id
        top = rows.meter_top
        middle = plan.fader_x + plan.fader_width // 2
        track = style("track", ground)
        canvas.column(middle, top, rows.meter_rows, glyphs.track, track)
        for row, mark in taper.mark_rows(rows.meter_rows).items():
            if mark == 0.0:
                canvas.text(plan.fader_x, top + row, glyphs.line * plan.fader_width, style("dim", ground))
                canvas.text(middle, top + row, glyphs.unity, style("text", ground))
            elif plan.fader_width >= 3:
                canvas.text(middle, top + row, glyphs.notch, track)
        cap_ground: Role = "accent" if facts.active == "fader_db" else "cap_muted" if self._quiet(facts) else "cap"
        row, between = taper.cap_rows(taper.travel_from_db(facts.fader_db), rows.meter_rows)
        width = plan.fader_width
        if between and glyphs.cap_upper and glyphs.cap_lower:
            look = Look.BOLD if facts.active == "fader_db" else Look.PLAIN
            half = style(cap_ground, ground, look)
            canvas.text(plan.fader_x, top + row, glyphs.cap_upper * width, half)
            canvas.text(plan.fader_x, top + row + 1, glyphs.cap_lower * width, half)
            return
        cap = glyphs.cap[0] + glyphs.cap[1] * (width - 2) + glyphs.cap[2] if width > 1 else glyphs.cap[1]
        ink: Role = "on_accent" if cap_ground == "accent" else "on_light"
        canvas.text(plan.fader_x, top + row, cap, style(ink, cap_ground))

    def _draw_pan(self, canvas: Canvas, facts: StripFacts, ground: Role) -> None:
        row = self._rows.rows.get("pan")
        if row is None:
            return
        glyphs, style = self._glyphs, self._styles.id
        width = min(self.plan.width, 9)
        left = (self.plan.width - width) // 2
        active = facts.active == "pan_percent"
        back: Role = "accent" if active else ground
        centred = facts.pan_percent == PAN.default
        canvas.text(0, row, "", style("text", ground), self.plan.width)
        canvas.text(left, row, glyphs.pan_line * width, style("on_accent" if active else "faint", back))
        cell, third = pan_slot(facts.pan_percent, width)
        ink: Role = "on_accent" if active else "dim" if centred else "bright"
        canvas.text(left + cell, row, glyphs.pan[third], style(ink, back, Look.BOLD if active else Look.PLAIN))

    def _draw_switches(self, canvas: Canvas, facts: StripFacts, ground: Role) -> None:
        row = self._rows.rows.get("switches")
        if row is None:
            return
        style = self._styles.id
        states: dict[SwitchId, tuple[str, bool, Role]] = {
            "mute": ("M", facts.mute, "mute"),
            "solo": ("s" if facts.solo_safe and not facts.solo else "S", bool(facts.solo), "solo"),
            "polarity": (self._glyphs.polarity, bool(facts.polarity), "polarity"),
        }
        for switch, x, width in self.switch_cells():
            letter, on, colour = states[switch]
            if switch == "solo" and facts.solo is None:
                continue
            if on:
                ink = style("on_light", colour, Look.BOLD)
            elif switch == "mute" and facts.silenced:
                letter, ink = "m", style("mute", "chip")
            elif switch == "solo" and facts.solo_safe:
                ink = style("solo", "chip")
            else:
                ink = style("dim", "chip")
            canvas.text(x, row, letter, ink, width, "centre")


_SWITCHES: Final[tuple[SwitchId, ...]] = ("mute", "solo", "polarity")
