"""The rows of a strip that say what its sound goes through and where: inserts, sends, output. No widget, no state."""

from __future__ import annotations

from typing import Final

from engine.mix import INSERT_SLOTS, SEND_SLOTS
from tui.drawing.facts import SEND_CONTROLS, ControlId, StripFacts, SwitchId
from tui.drawing.flags import ROLES, mark_glyph
from tui.drawing.glyphs import GlyphSet
from tui.drawing.palette import Role
from tui.drawing.plan import RowKind, RowPlan
from tui.drawing.slots import mark_texts, send_marks, send_texts, slot_texts, target_text
from tui.styles import Look, Styles
from tui.surface import Canvas

Part = ControlId | SwitchId | RowKind | int
"""What can be pointed at in a strip; a number is an insert slot, from 1."""
Reductions = tuple[int, ...]
"""What the inserts turn down, in whole dB by slot; those that are missing turn nothing down."""
_WIDEST: Final = 14


class RouteRows:
    """Draws these rows of strips of one width."""

    def __init__(self, styles: Styles, glyphs: GlyphSet, rows: RowPlan, width: int) -> None:
        self._styles = styles
        self._glyphs = glyphs
        self._rows = rows
        self._width = width
        self._cells = min(width, _WIDEST)
        self._left = (width - self._cells) // 2
        marks = min(width, INSERT_SLOTS)
        self._marks, self._marks_left = marks, (width - marks) // 2
        self._sends_left = max((width - SEND_SLOTS) // 2, 0)

    def draw(self, canvas: Canvas, facts: StripFacts, reductions: Reductions, ground: Role) -> None:
        """All of them."""
        self.draw_inserts(canvas, facts, reductions, ground)
        self._draw_sends(canvas, facts, ground)
        self._draw_output(canvas, facts, ground)

    def draw_inserts(self, canvas: Canvas, facts: StripFacts, reductions: Reductions, ground: Role) -> None:
        """The slots, one to a row, or marks for all in one row."""
        rows = self._rows.rows
        if "insert_marks" in rows:
            self._draw_insert_marks(canvas, rows["insert_marks"], facts, ground)
        if "inserts" not in rows:
            return
        for index in range(self._rows.insert_rows):
            slot = self._rows.first_slot + index
            self._draw_slot(canvas, rows["inserts"] + index, facts, slot, reductions, ground)

    def part_at(self, x: int, y: int) -> Part | None:
        """The slot or the send at a cell of these rows."""
        match self._rows.kind_at(y):
            case "inserts":
                return self._rows.slot_at(y)
            case "insert_marks" if 0 <= x - self._marks_left < self._marks:
                return x - self._marks_left + 1
            case "sends":
                return SEND_CONTROLS[self._rows.send_at(y)]
            case "send_marks" if 0 <= x - self._sends_left < SEND_SLOTS:
                return SEND_CONTROLS[x - self._sends_left]
        return None

    def _draw_slot(
        self, canvas: Canvas, row: int, facts: StripFacts, number: int, reductions: Reductions, ground: Role
    ) -> None:
        style, slot = self._styles.id, facts.insert(number)
        chosen = facts.slot == number
        back: Role = "chip" if chosen else ground
        look = Look.BOLD | Look.UNDERLINE if chosen else Look.PLAIN
        canvas.text(0, row, "", style("text", ground), self._width)
        if slot is None:
            canvas.text(self._left, row, self._glyphs.empty, style("faint", back, look), self._cells)
            return
        reduction = reductions[number - 1] if number <= len(reductions) else 0
        flag = mark_glyph(slot.flag, self._glyphs)
        name, turned_down = slot_texts(slot, reduction, self._cells - len(flag))
        ink: Role = "dim" if slot.bypass else "bright" if facts.selected else "text"
        start = canvas.text(self._left, row, flag, style(ROLES[slot.flag], back, Look.BOLD))
        canvas.text(start, row, name, style(ink, back, look), self._cells - len(flag))
        end = self._left + self._cells
        canvas.text(end - len(turned_down), row, turned_down, style("hot", back, look))

    def _draw_insert_marks(self, canvas: Canvas, row: int, facts: StripFacts, ground: Role) -> None:
        style = self._styles.id
        canvas.text(0, row, "", style("text", ground), self._width)
        marks = mark_texts(facts.slots, self._marks, self._glyphs.empty, "+")
        for index, mark in enumerate(marks):
            chosen = facts.slot == index + 1
            slot = facts.insert(index + 1)
            ink: Role = "faint" if slot is None else "dim" if slot.bypass else "bright" if facts.selected else "text"
            if slot is not None and slot.flag:
                mark, ink = mark_glyph(slot.flag, self._glyphs), ROLES[slot.flag]
            elif chosen:
                ink = "bright"
            look = Look.BOLD | Look.UNDERLINE if chosen else Look.PLAIN
            back: Role = "chip" if chosen else ground
            canvas.text(self._marks_left + index, row, mark, style(ink, back, look))

    def _draw_sends(self, canvas: Canvas, facts: StripFacts, ground: Role) -> None:
        rows, style = self._rows.rows, self._styles.id
        if "send_marks" in rows:
            row = rows["send_marks"]
            canvas.text(0, row, "", style("text", ground), self._width)
            if facts.kind == "master":
                return
            for index, mark in enumerate(send_marks(facts.sends, self._glyphs.empty)):
                send = facts.send(index)
                ink: Role = "faint" if send is None else "dim" if send.mute else "text"
                if send is not None and send.flag:
                    mark, ink = mark_glyph(send.flag, self._glyphs), ROLES[send.flag]
                canvas.text(self._sends_left + index, row, mark, style(ink, ground))
        if "sends" in rows:
            for index in range(self._rows.send_rows):
                self._draw_send(canvas, rows["sends"] + index, facts, self._rows.first_send + index, ground)

    def _draw_send(self, canvas: Canvas, row: int, facts: StripFacts, place: int, ground: Role) -> None:
        style, send = self._styles.id, facts.send(place)
        canvas.text(0, row, "", style("text", ground), self._width)
        if facts.kind == "master":
            return
        active = facts.active == SEND_CONTROLS[place]
        back: Role = "accent" if active else ground
        look = Look.BOLD if active else Look.PLAIN
        if send is None:
            ink = style("on_accent" if active else "faint", back, look)
            canvas.text(self._left, row, self._glyphs.empty, ink, self._cells, "right")
            return
        flag = mark_glyph(send.flag, self._glyphs)
        to, level = send_texts(send, self._cells - len(flag), self._glyphs.infinity)
        role: Role = "on_accent" if active else "dim" if send.mute else "bright" if facts.selected else "text"
        start = canvas.text(self._left, row, flag, style("on_accent" if active else ROLES[send.flag], back, Look.BOLD))
        canvas.text(start, row, to, style("on_accent" if active else "dim", back, look), self._cells - len(flag))
        canvas.text(self._left + self._cells - len(level), row, level, style(role, back, look))

    def _draw_output(self, canvas: Canvas, facts: StripFacts, ground: Role) -> None:
        row = self._rows.rows.get("route")
        if row is None:
            return
        if facts.kind == "master":
            canvas.text(0, row, "", self._styles.id("text", ground), self._width)
            return
        ink: Role = "warning" if facts.output is None else "dim" if not facts.output.number else "text"
        text = target_text(facts.output, self._cells)
        canvas.text(0, row, text, self._styles.id(ink, ground), self._width, "centre")
