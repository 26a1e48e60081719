"""The mixer: its widgets, and the way from keys and mouse to edits and from frames to cells."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from textual import events
from textual.app import ComposeResult

from engine.meters.frame import MeterFrame
from sessions.flags import Point
from tui.content import desk_content, path_levels, path_meters, selected_facts, source_text
from tui.drawing.facts import ControlId
from tui.drawing.flags import Mark, mark_of
from tui.drawing.meter_types import meter_types
from tui.drawing.plan import fits_all_stages
from tui.overs import overs_of
from tui.scene_keys import SceneKeys
from tui.screens.scene import Scene, Shared
from tui.widgets import messages
from tui.widgets.desk import Desk
from tui.widgets.gain_path import GainPath

MIXER_KEYS: Final = SceneKeys(hinted=(
    "help", "quit", "play_stop", "control_trim", "control_fader", "control_pan", "mute", "solo", "undo", "strip_next",
    "type_value", "meter_type", "meter_stage", "clear_holds", "gain_map", "strip", "loudness", "polarity", "bank_next",
    "zone_next", "loop", "save", "palette", "listen_before", "output", "bypass", "reset", "redo",
))  # fmt: skip


class MixerScreen(Scene, inherit_bindings=False):
    """Shows a controller's session and meters, and turns what is done to the widgets into operations."""

    NAME = "mixer"
    KEYS = MIXER_KEYS
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-short"), (32, "-tall")]
    DEFAULT_CSS = """
    MixerScreen { layout: vertical; }
    MixerScreen > #desk { height: 1fr; width: 100%; }
    MixerScreen > #gain-path { height: 5; width: 100%; }
    MixerScreen.-short > #gain-path { height: 3; }
    MixerScreen.-low > #gain-path { height: 0; display: none; }
    """

    def __init__(self, shared: Shared) -> None:
        super().__init__(shared)
        self._holds = shared.holds
        self._verdicts = self._controller.flags
        self._marks: dict[Point, Mark] = {}
        self._content = desk_content(self._controller.session, self.view, self._controller.missing)
        self.desk = Desk(self._surface, self._glyphs, self._content)
        self.gain_path = GainPath(self._surface, self._glyphs, selected_facts(self._content))

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield self.top_bar
        yield self.desk
        yield self.gain_path
        yield self.info_line
        yield self.key_hints

    def on_mount(self) -> None:
        """All stages are shown where that costs no strip its place."""
        if fits_all_stages(self.app.size.width, len(self.view.order)):
            self.view.stage_view = "all"
        super().on_mount()

    # From the session and the frames to the widgets

    def show_session(self) -> None:
        """Show the session and the view as they are now; what stays the same is not drawn."""
        session = self._controller.session
        self.follow()
        self.view.reveal(max(self.desk.visible_strips, 1))
        self._content = desk_content(session, self.view, self._controller.missing, self._controller.flags)
        self.desk.show(self._content)
        facts = selected_facts(self._content)
        self.gain_path.show(facts, source_text(session, facts.strip_id), self.view.selected_meter_id)
        self.say_control(facts, self.shown_key)
        self.show_transport()

    def take_frame(self, frame: MeterFrame) -> None:
        """Take in a frame: bars and marks."""
        self._holds.update(frame, self._controller.session.meters.hold_s)
        self.desk.show_meters(self._holds)
        self._frame = frame

    def show_numbers(self) -> None:
        """Show the held levels as numbers."""
        frame = self._frame
        if frame is None:
            return
        self._show_flags()
        self.desk.show_levels(self._holds)
        self.desk.show_reductions(frame.reduction_db)
        row = self.view.row
        if row >= self._holds.rows:
            return
        types = path_meters(meter_types(self._controller.session.meters), self.view.selected_meter_id)
        self.gain_path.show_levels(path_levels(types, self._holds, frame, row))
        self.gain_path.show_overs(overs_of(frame, row))
        self.gain_path.show_reductions(self.desk.reductions_of(row))

    def _show_flags(self) -> None:
        """Show what is hot, cold or over where that has changed."""
        verdicts = self._controller.flags
        if verdicts is self._verdicts:
            return
        marks = {point: mark_of(verdict.state, verdict.is_intended) for point, verdict in verdicts.items()}
        if marks != self._marks:
            self._marks = marks
            self.show_session()
        self._verdicts = verdicts

    def end_drag(self) -> None:
        """Let go of what is in the hand."""
        self.desk.end_drag()

    # From keys and mouse to operations

    def take_key(self, event: events.Key) -> None:
        """A key does its action, at once."""
        if event.key == "escape":
            self.end_drag()
            self.info_line.dismiss(all_of_it=True)
        elif self._fills_slot(event):
            self.perform("insert_replace")
        else:
            super().take_key(event)

    def _fills_slot(self, event: events.Key) -> bool:
        """Whether there is nothing in the selected slot that Enter could open."""
        opens = self._keymap.action(event.key, event.character) in (None, "strip")
        return event.key == "enter" and opens and self.operations.inserts.slot_is_empty

    def on_desk_resized(self) -> None:
        """Another number of strips may fit."""
        self.after()

    def on_strip_picked(self, message: messages.StripPicked) -> None:
        """Select what was picked."""
        self.view.select(message.strip_id)
        if message.control_id is not None:
            self.view.control = message.control_id
        self.after()

    def on_slot_picked(self, message: messages.SlotPicked) -> None:
        """An insert slot; one that is selected already is opened, or asks what is to come into it."""
        again = (self.view.selected, self.view.slot) == (message.strip_id, message.slot)
        if self.view.selected != message.strip_id:
            self.view.select(message.strip_id)
            self.view.slot = None
        self.operations.inserts.pick(message.slot)
        if again and not self.operations.inserts.slot_is_empty:
            self.perform("strip")
        self.after()

    def on_control_picked(self, message: messages.ControlPicked) -> None:
        """Another control is active."""
        self.operations.pick_control(message.control_id)
        self.after()

    def on_control_moved(self, message: messages.ControlMoved) -> None:
        """A drag."""
        self.operations.set_value(message.strip_id, message.control_id, message.value)
        self.after()

    def on_control_stepped(self, message: messages.ControlStepped) -> None:
        """The wheel; what it moves is selected, so that what happens is seen."""
        self.view.select(message.strip_id)
        self.view.control = message.control_id
        self.operations.step(
            message.strip_id, message.control_id, message.direction, "fine" if message.fine else "normal"
        )
        self.after()

    def on_control_reset(self, message: messages.ControlReset) -> None:
        """Two presses."""
        self.operations.reset(message.strip_id, message.control_id)
        self.after()

    def on_control_typed(self, message: messages.ControlTyped) -> None:
        """A press on an active number; whatever was opened meanwhile comes first."""
        if self.is_active:
            self._shell.dialogs.ask_value(message.strip_id, message.control_id)

    def on_meter_cleared(self, message: messages.MeterCleared) -> None:
        """A press on a level; its strip is selected."""
        self.view.select(message.strip_id)
        self.operations.metering.clear_meter(message.stage)
        self.after()

    def on_switch_pressed(self, message: messages.SwitchPressed) -> None:
        """A switch; its strip is selected."""
        self.view.select(message.strip_id)
        self.operations.press(message.strip_id, message.switch, exclusive=message.exclusive)
        self.after()

    def strip_title(self, strip_id: str) -> str:
        """What a strip is called in a dialog."""
        facts = next((facts for facts in self._content.strips if facts.strip_id == strip_id), self._content.master)
        return facts.title

    def control_value(self, strip_id: str, control: ControlId) -> float:
        """A control's value."""
        facts = next((facts for facts in self._content.strips if facts.strip_id == strip_id), self._content.master)
        return facts.value(control)

    def session_folder(self) -> Path:
        """Where relative paths begin."""
        path = self._controller.path
        return path.parent if path is not None else Path.cwd()
