"""The desk: captions, the strips of the bank that is visible, the master."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from textual import events
from textual.timer import Timer

from engine.meters.frame import AFTER_FADER, OVERVIEW, STAGES
from tui.controls import action_of
from tui.drawing.facts import CONTROL_LABELS, ControlId, LevelFact, StripFacts, send_place
from tui.drawing.glyphs import GlyphSet
from tui.drawing.plan import ColumnPlan, RowKind, RowPlan, StageView, plan_columns, plan_rows, plan_strip
from tui.drawing.scale import MeterTypeId
from tui.drawing.slots import MOST_REDUCTION_DB
from tui.holds import Holds
from tui.meter_bank import MeterBank, MeterPlace
from tui.surface import Canvas, Surface
from tui.widgets import messages
from tui.widgets.desk_content import DeskContent
from tui.widgets.drag import Drag
from tui.widgets.labels import caption_part, draw_labels
from tui.widgets.route_rows import Part, Reductions
from tui.widgets.strip_face import LEVEL_ROWS, StripFace
from tui.widgets.surface_widget import SurfaceWidget

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.int64]
_TYPE_AFTER_S: Final = 0.35
"""How long a press on an active number waits for a second one (reset) before a value may be typed."""
_SILENT: Final = dict.fromkeys(range(len(STAGES)), LevelFact(float("-inf"), "low"))


class Desk(SurfaceWidget):
    """Shows the strips, and posts what is done to them with the mouse."""

    def __init__(self, surface: Surface, glyphs: GlyphSet, content: DeskContent) -> None:
        super().__init__(surface, id="desk")
        self._glyphs = glyphs
        self._content = content
        self._levels: dict[int, dict[int, LevelFact]] = {}
        self._numbers: dict[int, tuple[object, ...]] = {}
        """What the level numbers of each row were made of."""
        self._numbers_of: tuple[BoolArray, IndexArray, dict[MeterTypeId, bytes]] | None = None
        """What all of them were made of."""
        self._listed: tuple[DeskContent, ColumnPlan, list[tuple[int, int, StripFace, StripFacts]]] | None = None
        self._holds = Holds()
        self._reductions: list[Reductions] = []
        self._reduction_db: FloatArray | None = None
        """What these were made of."""
        self._drag: Drag | None = None
        self._typing: Timer | None = None
        self._plan(1, 1)

    @property
    def visible_strips(self) -> int:
        """How many strips a bank has at this size."""
        return self._columns.visible

    def show(self, content: DeskContent) -> None:
        """Show another content; what stays is not drawn."""
        before, self._content, self._numbers_of = self._content, content, None
        canvas = self.canvas()
        if canvas is None:
            return
        if before.layout_key() != content.layout_key():
            self._levels.clear()
            self._numbers.clear()
            self.draw(canvas)
            self.show_levels(self._holds)
            return
        for frame_row, x, face, facts in self._visible():
            if facts != (before.master if frame_row == len(content.strips) else before.strips[frame_row]):
                self._draw_strip(canvas, frame_row, x, face, facts)
        self._bank.draw(canvas)

    def show_meters(self, holds: Holds) -> None:
        """Draw the meters that have moved."""
        self._holds = holds
        canvas = self.canvas() if self._bank.take(holds) else None
        if canvas is not None:
            self._bank.draw(canvas, anew=False)

    def show_levels(self, holds: Holds) -> None:
        """Draw the levels as numbers, where they have changed."""
        content, visible = self._content, self._visible()
        if not visible or max(frame_row for frame_row, *_ in visible) >= holds.rows:
            return
        meters = {meter.id: meter for meter in (content.meter_of(facts) for *_, facts in visible)}
        now = holds.over, holds.frame.levels.shown, {each: holds.numbered(meter) for each, meter in meters.items()}
        before, self._numbers_of = self._numbers_of, now
        if before is not None and before[0] is now[0] and before[1] is now[1] and before[2] == now[2]:
            return
        overs: list[list[bool]] = np.logical_or.reduce(holds.over, axis=2).tolist()
        levels_of: dict[str, list[list[float]]] = {
            identity: np.round(meter.read(np.max(holds.numbers(meter), axis=2)), 1).tolist()
            for identity, meter in meters.items()
        }
        for frame_row, x, face, facts in visible:
            meter, shown = content.meter_of(facts), _shown_stage(content, facts)
            stages = (*OVERVIEW, shown)
            found, clipped = levels_of[meter.id][frame_row], overs[frame_row]
            numbers = (meter.id, *(found[stage] for stage in stages), *(clipped[stage] for stage in stages))
            if numbers != self._numbers.get(frame_row):
                self._numbers[frame_row] = numbers
                levels = {stage: LevelFact.of(meter, found[stage], clipped[stage]) for stage in stages}
                self._levels[frame_row] = levels
                canvas = self.canvas()
                if canvas is not None:
                    face.draw_levels(self._strip_canvas(canvas, x, face), facts, levels, shown)

    def show_reductions(self, reduction_db: FloatArray) -> None:
        """Draw what the inserts turn down, in whole dB; an array of shape (strips + 1, slots, 2)."""
        if reduction_db is self._reduction_db:
            return
        self._reduction_db = reduction_db
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
        self._bank.take(self._holds)
        self._bank.draw(canvas)

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
        self._faces: dict[tuple[int, StageView, bool], StripFace] = {}
        places = [
            MeterPlace(row, x, face.plan.lanes, content.meter_of(facts), face.meter_top(facts), face.meter_rows(facts))
            for row, x, face, facts in self._visible()
        ]
        self._bank = MeterBank(styles, self._glyphs, places)

    def _face(self, width: int, facts: StripFacts) -> StripFace:
        """How a strip of some width looks: strips differ by what they are metered by."""
        key = width, self._content.view_of(facts), facts.own_meter is not None
        if key not in self._faces:
            self._faces[key] = StripFace(self.surface.styles, self._glyphs, self._rows, plan_strip(*key))
        return self._faces[key]

    def _visible(self) -> list[tuple[int, int, StripFace, StripFacts]]:
        """Row in the frame, first column, face and facts of each strip that is visible, the master last."""
        content, columns = self._content, self._columns
        if self.is_too_small:
            return []
        if self._listed is not None and self._listed[0] is content and self._listed[1] is columns:
            return self._listed[2]
        shown = content.strips[content.first : content.first + columns.visible]
        width = columns.strip.width
        strips = [
            (content.first + slot, columns.strip_x(slot), self._face(width, facts), facts)
            for slot, facts in enumerate(shown)
        ]
        master = self._face(columns.master.width, content.master)
        visible = [*strips, (len(content.strips), columns.master_x, master, content.master)]
        self._listed = content, columns, visible
        return visible

    def reductions_of(self, frame_row: int) -> Reductions:
        """What the inserts of a strip (its row in the frame) turn down, in whole dB."""
        return self._reductions[frame_row] if frame_row < len(self._reductions) else ()

    def _strip_canvas(self, canvas: Canvas, x: int, face: StripFace) -> Canvas:
        return canvas.part(x, 0, face.plan.width, canvas.height)

    def _draw_strip(self, canvas: Canvas, frame_row: int, x: int, face: StripFace, facts: StripFacts) -> None:
        part = self._strip_canvas(canvas, x, face)
        face.draw(part, facts, self.reductions_of(frame_row))
        levels = self._levels.get(frame_row, _SILENT)
        shown = _shown_stage(self._content, facts)
        face.draw_levels(part, facts, levels if shown in levels else _SILENT, shown)

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
            case "peak" | "input" | "after_trim" | "output" if event.ctrl:
                self.post_message(messages.MeterCleared(facts.strip_id, self._stage_of(facts, part)))
            case "peak" | "input" | "after_trim" | "output" if self._is_over(facts, part):
                self.post_message(messages.StripPicked(facts.strip_id))
                self.post_message(messages.ActionWanted("first_over"))
            case "mute" | "solo" | "polarity":
                self.post_message(messages.SwitchPressed(facts.strip_id, part, exclusive=event.ctrl))
            case "fader_db" | "trim_db" | "pan_percent" | "send_a" | "send_b" | "send_c" | "send_d":
                self._grab(event, facts, part)
            case _:
                self.post_message(messages.StripPicked(facts.strip_id))
                if event.ctrl and part in ("number", "name", "name2"):
                    self.post_message(messages.ActionWanted("mark"))

    def _is_over(self, facts: StripFacts, row: RowKind) -> bool:
        """Whether the level in a row of a strip is marked as over."""
        strips = self._content.strips
        frame_row = next((at for at, strip in enumerate(strips) if strip.strip_id == facts.strip_id), len(strips))
        level = self._levels.get(frame_row, {}).get(self._stage_of(facts, row))
        return level is not None and level.zone == "over"

    def _stage_of(self, facts: StripFacts, row: RowKind) -> int:
        """The stage of the level in a row of a strip."""
        return dict(LEVEL_ROWS).get(row, _shown_stage(self._content, facts))

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
        elif part in CONTROL_LABELS:
            self.post_message(messages.ControlPicked(part))
        elif part is not None:
            self.post_message(messages.ActionWanted(part))

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


def _shown_stage(content: DeskContent, facts: StripFacts) -> int:
    """The stage that a strip's meter shows; of all of them the output."""
    view = content.view_of(facts)
    return AFTER_FADER if view == "all" else STAGES.index(view)
