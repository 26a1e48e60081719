"""The desk: captions, the strips of the bank that is visible, the master."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from textual import events
from textual.timer import Timer

from engine.meters.frame import AFTER_FADER, AFTER_TRIM, INPUT, STAGES
from tui.controls import action_of
from tui.drawing.facts import CONTROL_LABELS, ControlId, LevelFact, StripFacts, send_place
from tui.drawing.glyphs import GlyphSet
from tui.drawing.plan import ColumnPlan, RowPlan, StageView, plan_columns, plan_rows
from tui.drawing.slots import MOST_REDUCTION_DB
from tui.meter_bank import MeterBank, MeterPlace
from tui.surface import Canvas, Surface
from tui.widgets import messages
from tui.widgets.desk_content import DeskContent
from tui.widgets.drag import Drag
from tui.widgets.labels import caption_part, draw_labels
from tui.widgets.route_rows import Part, Reductions
from tui.widgets.strip_face import StripFace
from tui.widgets.surface_widget import SurfaceWidget

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]
_TYPE_AFTER_S: Final = 0.35
"""How long a press on an active number waits for a second one (reset) before a value may be typed."""
_STAGE_SHOWN: Final[dict[StageView, int]] = {
    "input": INPUT, "trim": AFTER_TRIM, "fader": AFTER_FADER, "all": AFTER_FADER,
}  # fmt: skip
_SILENT: Final = (LevelFact(float("-inf"), "low"),) * len(STAGES)


class Desk(SurfaceWidget):
    """Shows the strips, and posts what is done to them with the mouse."""

    def __init__(self, surface: Surface, glyphs: GlyphSet, content: DeskContent) -> None:
        super().__init__(surface, id="desk")
        self._glyphs = glyphs
        self._content = content
        self._levels: dict[int, tuple[LevelFact, ...]] = {}
        silence = np.full((len(content.strips) + 1, len(STAGES), 2), -np.inf, dtype=np.float32)
        self._meters: tuple[FloatArray, FloatArray, BoolArray] = (silence, silence, np.isfinite(silence))
        self._reductions: list[Reductions] = []
        self._drag: Drag | None = None
        self._typing: Timer | None = None
        self._plan(1, 1)

    @property
    def visible_strips(self) -> int:
        """How many strips a bank has at this size."""
        return self._columns.visible

    def show(self, content: DeskContent) -> None:
        """Show another content; what stays is not drawn."""
        before, self._content = self._content, content
        canvas = self.canvas()
        if canvas is None:
            return
        if before.layout_key() != content.layout_key():
            self.draw(canvas)
            return
        for frame_row, x, face, facts in self._visible():
            if facts != (before.master if frame_row == len(content.strips) else before.strips[frame_row]):
                self._draw_strip(canvas, frame_row, x, face, facts)
        self._bank.draw(canvas, *self._meters)

    def show_meters(self, levels: FloatArray, marks: FloatArray, over: BoolArray) -> None:
        """Draw the meters' bars, if they have moved; arrays of shape (strips + 1, stages, 2)."""
        moved = any(
            not np.array_equal(one, other) for one, other in zip((levels, marks, over), self._meters, strict=True)
        )
        if not moved:
            return
        self._meters = (levels, marks, over)
        canvas = self.canvas()
        if canvas is not None:
            self._bank.draw(canvas, levels, marks, over)

    def show_levels(self, maxima: FloatArray, over: BoolArray) -> None:
        """Draw the held levels; arrays of shape (strips + 1, stages, 2)."""
        louder: list[list[float]] = np.max(maxima, axis=2).tolist()
        overs: list[list[bool]] = np.logical_or.reduce(over, axis=2).tolist()
        stage = _STAGE_SHOWN[self._content.view]
        for frame_row, x, face, facts in self._visible():
            if frame_row >= len(louder):
                return
            levels = tuple(
                LevelFact.of(self._content.meter, level, clipped)
                for level, clipped in zip(louder[frame_row], overs[frame_row], strict=True)
            )
            if levels != self._levels.get(frame_row):
                self._levels[frame_row] = levels
                canvas = self.canvas()
                if canvas is not None:
                    face.draw_levels(self._strip_canvas(canvas, x, face), facts, levels, stage)

    def show_reductions(self, reduction_db: FloatArray) -> None:
        """Draw what the inserts turn down, in whole dB; an array of shape (strips + 1, slots, 2)."""
        turned_down = np.rint(np.clip(-np.min(reduction_db, axis=2), 0.0, MOST_REDUCTION_DB)).astype(np.int16)
        before, self._reductions = self._reductions, [tuple(row) for row in turned_down.tolist()]
        if before == self._reductions:
            return
        canvas = self.canvas()
        if canvas is None:
            return
        for frame_row, x, face, facts in self._visible():
            now = self.reductions_of(frame_row)
            if facts.slots and now != (before[frame_row] if frame_row < len(before) else ()):
                face.draw_reductions(self._strip_canvas(canvas, x, face), facts, now)

    def forget_levels(self) -> None:
        """The held levels were cleared or are of another kind now."""
        self._levels.clear()

    def draw(self, canvas: Canvas) -> None:
        """Draw everything."""
        content = self._content
        self._plan(canvas.width, canvas.height)
        canvas.fill(self.surface.styles.id("text", "desk"))
        if self.is_too_small:
            self.say_too_small(canvas)
            return
        bank = self._bank_text()
        draw_labels(
            canvas, self.surface.styles, self._glyphs, self._rows, self._columns,
            content.meter, content.view, content.control, content.slot, bank,
        )  # fmt: skip
        self._draw_borders(canvas)
        for frame_row, x, face, facts in self._visible():
            self._draw_strip(canvas, frame_row, x, face, facts)
        self._bank.draw(canvas, *self._meters)

    def _bank_text(self) -> str:
        """Which strips are visible, "" if all are."""
        strips, visible = self._content.strips, self._columns.visible
        if visible >= len(strips) or not visible:
            return ""
        first, last = strips[self._content.first], strips[min(self._content.first + visible, len(strips)) - 1]
        total = f"/{len(strips)}" if self._columns.scale_width and last.kind == "stem" else ""
        return f"{first.number}-{last.number}{total}"

    def _draw_borders(self, canvas: Canvas) -> None:
        """A line where stems end, and buses."""
        shown = self._content.strips[self._content.first : self._content.first + self._columns.visible]
        style = self.surface.styles.id("dim", "desk")
        for slot, (left, right) in enumerate(pairwise(shown), start=1):
            if left.kind != right.kind:
                canvas.column(self._columns.strip_x(slot) - 1, 0, canvas.height, self._glyphs.border, style)

    def _plan(self, width: int, height: int) -> None:
        content, styles = self._content, self.surface.styles
        self._rows: RowPlan = plan_rows(height, content.needs())
        self._columns: ColumnPlan = plan_columns(width, len(content.strips), content.view)
        self._face = StripFace(styles, self._glyphs, self._rows, self._columns.strip)
        self._master_face = StripFace(styles, self._glyphs, self._rows, self._columns.master)
        places = [MeterPlace(row, x, face.plan.lanes) for row, x, face, _ in self._visible()]
        self._bank = MeterBank(styles, self._glyphs, content.meter, places, self._rows.meter_top, self._rows.meter_rows)

    def _visible(self) -> list[tuple[int, int, StripFace, StripFacts]]:
        """Row in the frame, first column, face and facts of each strip that is visible, the master last."""
        content, columns = self._content, self._columns
        if self.is_too_small:
            return []
        shown = content.strips[content.first : content.first + columns.visible]
        strips = [(content.first + slot, columns.strip_x(slot), self._face, facts) for slot, facts in enumerate(shown)]
        return [*strips, (len(content.strips), columns.master_x, self._master_face, content.master)]

    def reductions_of(self, frame_row: int) -> Reductions:
        """What the inserts of a strip (its row in the frame) turn down, in whole dB."""
        return self._reductions[frame_row] if frame_row < len(self._reductions) else ()

    def _strip_canvas(self, canvas: Canvas, x: int, face: StripFace) -> Canvas:
        return canvas.part(x, 0, face.plan.width, canvas.height)

    def _draw_strip(self, canvas: Canvas, frame_row: int, x: int, face: StripFace, facts: StripFacts) -> None:
        part = self._strip_canvas(canvas, x, face)
        face.draw(part, facts, self.reductions_of(frame_row))
        stage = _STAGE_SHOWN[self._content.view]
        face.draw_levels(part, facts, self._levels.get(frame_row, _SILENT), stage)

    def on_resize(self) -> None:
        """Tell it."""
        self.post_message(messages.DeskResized())

    # The mouse

    def hit(self, x: int, y: int) -> tuple[StripFacts, Part | None] | None:
        """The strip and its part at a cell of the desk; None between strips."""
        for _, left, face, facts in self._visible():
            if left <= x < left + face.plan.width:
                return facts, face.part_at(x - left, y)
        return None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Pick a strip, grab a control, press a switch."""
        found = self.hit(event.x, event.y)
        if event.button != 1:
            return
        if found is None:
            if event.x < self._columns.labels_width and not self.is_too_small:
                self._pick_caption(event.y)
            return
        facts, part = found
        match part:
            case int():
                self.post_message(messages.SlotPicked(facts.strip_id, part))
            case "route" if facts.selected:
                self.post_message(messages.ActionWanted("output"))
            case "mute" | "solo" | "polarity":
                self.post_message(messages.SwitchPressed(facts.strip_id, part, exclusive=event.ctrl))
            case "fader_db" | "trim_db" | "pan_percent" | "send_a" | "send_b" | "send_c" | "send_d":
                self._grab(event, facts, part)
            case _:
                self.post_message(messages.StripPicked(facts.strip_id))
                if event.ctrl and part in ("number", "name", "name2"):
                    self.post_message(messages.ActionWanted("mark"))

    def _grab(self, event: events.MouseDown, facts: StripFacts, control: ControlId) -> None:
        """Pick a control and take it into the hand; of a send that goes nowhere a second press asks where to."""
        was_active = facts.active == control
        self.post_message(messages.StripPicked(facts.strip_id, control))
        place = send_place(control)
        if place is not None and facts.send(place) is None:
            if was_active:
                self.post_message(messages.ActionWanted(action_of(control)))
            return
        rows, value = self._rows.meter_rows, facts.value(control)
        self._drag = Drag(facts.strip_id, control, value, event.pointer_x, event.pointer_y, rows, event.ctrl)
        self.capture_mouse()
        if was_active and self._rows.kind_at(event.y) != "meter" and self._typing is None:
            typed = messages.ControlTyped(facts.strip_id, control)
            self._typing = self.set_timer(_TYPE_AFTER_S, lambda: self._type(typed))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag what is in the hand."""
        drag = self._drag
        if drag is None:
            return
        if not event.button:  # the release was lost
            self.end_drag()
            return
        value = drag.to(event.pointer_x, event.pointer_y, event.ctrl)
        if drag.moved:
            self._cancel_typing()
            self.post_message(messages.ControlMoved(drag.strip_id, drag.control, value))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go."""
        self.end_drag()

    def on_click(self, event: events.Click) -> None:
        """Two presses reset a control."""
        found = self.hit(event.x, event.y)
        if event.chain == 2 and found is not None:
            facts, part = found
            if part in CONTROL_LABELS:
                self._cancel_typing()
                self.post_message(messages.ControlReset(facts.strip_id, part))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Step a control up."""
        self._step(event, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Step a control down."""
        self._step(event, -1)

    def end_drag(self) -> None:
        """Let go of what is in the hand, wherever the pointer is."""
        if self._drag is not None:
            self._drag = None
            self.release_mouse()

    def _pick_caption(self, y: int) -> None:
        part = caption_part(self._rows, y)
        if isinstance(part, int):
            self.post_message(messages.ActionWanted(f"slot_{part}"))
        elif part is not None:
            self.post_message(messages.ControlPicked(part))

    def _step(self, event: events.MouseEvent, direction: int) -> None:
        found = self.hit(event.x, event.y)
        if found is not None and found[1] in CONTROL_LABELS:
            event.stop()
            self.post_message(messages.ControlStepped(found[0].strip_id, found[1], direction, fine=event.ctrl))

    def _type(self, typed: messages.ControlTyped) -> None:
        self._typing = None
        if self._drag is None:
            self.post_message(typed)

    def _cancel_typing(self) -> None:
        if self._typing is not None:
            self._typing.stop()
            self._typing = None
