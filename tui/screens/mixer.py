"""The mixer: its widgets, and the way from keys and mouse to edits and from frames to cells."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from engine.meters.frame import MeterFrame
from sessions.flags import Point
from sessions.model import MASTER_ID
from tui.actions import BY_ID
from tui.content import desk_content, path_levels, selected_facts, source_text, transport_facts
from tui.controls import control_hints
from tui.drawing.facts import ControlId, send_place
from tui.drawing.flags import Mark, mark_of
from tui.drawing.glyphs import GlyphSet
from tui.drawing.plan import fits_all_stages
from tui.drawing.scale import METERS
from tui.holds import Holds
from tui.keymap import Keymap, unknown_key
from tui.notices import NoticeLog, Severity
from tui.operations import Operations
from tui.screens.sizes import LatestSizeOnly
from tui.shell import Shell
from tui.surface import Surface
from tui.view import View
from tui.widgets import messages
from tui.widgets.desk import Desk
from tui.widgets.gain_path import GainPath
from tui.widgets.info_line import InfoLine
from tui.widgets.key_hints import KeyHint, KeyHints
from tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from sessions.controller import Controller

_HINTED: Final = (
    "help", "quit", "play_stop", "control_trim", "control_fader", "control_pan", "mute", "solo", "undo", "strip_next",
    "type_value", "meter_type", "meter_stage", "clear_holds", "polarity", "bank_next", "zone_next", "loop", "save",
    "palette", "listen_before", "output", "bypass", "reset", "redo",
)  # fmt: skip
"""Actions in the last line, the most useful first, as far as they fit; the first two stand at its end."""


class MixerScreen(LatestSizeOnly, Screen[None], inherit_bindings=False):
    """Shows a controller's session and meters, and turns what is done to the widgets into operations."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-short"), (32, "-tall")]
    DEFAULT_CSS = """
    MixerScreen { layout: vertical; overflow: hidden; }
    MixerScreen > #top-bar, MixerScreen > #info-line, MixerScreen > #key-hints { height: 1; width: 100%; }
    MixerScreen > #desk { height: 1fr; width: 100%; }
    MixerScreen > #gain-path { height: 5; width: 100%; }
    MixerScreen.-short > #gain-path { height: 3; }
    MixerScreen.-low > #gain-path { height: 0; display: none; }
    """

    def __init__(
        self, controller: Controller, surface: Surface, glyphs: GlyphSet, keymap: Keymap, shell: Shell
    ) -> None:
        super().__init__()
        session = controller.session
        order = tuple(strip.id for strip in session.strips)
        self.view = View(order, order[0] if order else MASTER_ID, stems=len(session.stems))
        self.operations = Operations(controller, self.view, shell)
        self._controller = controller
        self._keymap = keymap
        self._glyphs = glyphs
        self._shell = shell
        self._holds = {meter_id: Holds() for meter_id in METERS}
        self._frame: MeterFrame | None = None
        self._verdicts = controller.flags
        self._marks: dict[Point, Mark] = {}
        self._content = desk_content(session, self.view, controller.missing)
        self.top_bar = TopBar(surface, glyphs, transport_facts(self._controller, self._frame))
        self.desk = Desk(surface, glyphs, self._content)
        self.gain_path = GainPath(surface, glyphs, selected_facts(self._content))
        self.notices = NoticeLog()
        self.info_line = InfoLine(surface, glyphs, self.notices, self._shown_key("notices"))
        self.key_hints = KeyHints(surface, self._hints())

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
        self.show_session()

    # From the session and the frames to the widgets

    def show_session(self) -> None:
        """Show the session and the view as they are now; what stays the same is not drawn."""
        session = self._controller.session
        self.view.follow([strip.id for strip in session.strips], len(session.stems))
        self.view.reveal(max(self.desk.visible_strips, 1))
        self._content = desk_content(session, self.view, self._controller.missing, self._controller.flags)
        self.desk.show(self._content)
        facts = selected_facts(self._content)
        self.gain_path.show(facts, source_text(session, facts.strip_id), self.view.meter_id)
        control = self.view.control
        place = send_place(control)
        goes_nowhere = place is not None and facts.send(place) is None and facts.kind != "master"
        self.info_line.show(facts, control, control_hints(control, self._shown_key, goes_nowhere))
        self.info_line.show_flag(self.operations.flags.shown())
        self.show_transport()

    def show_transport(self) -> None:
        """Show transport, engine and device as of the last frame."""
        self.top_bar.show(transport_facts(self._controller, self._frame))

    def take_frame(self, frame: MeterFrame) -> None:
        """Take in a frame: bars and marks."""
        now = time.monotonic()
        for meter_id, holds in self._holds.items():
            levels = holds.update(METERS[meter_id], frame, now)
            if meter_id == self.view.meter_id:
                self.desk.show_meters(levels, holds.marks, frame.over)
        self._frame = frame

    def show_numbers(self) -> None:
        """Show the held levels as numbers."""
        frame = self._frame
        if frame is None:
            return
        self._show_flags()
        maxima = self._holds[self.view.meter_id].maxima
        self.desk.show_levels(maxima, frame.over)
        self.desk.show_reductions(frame.reduction_db)
        order = self.view.order
        row = order.index(self.view.selected) if self.view.selected in order else len(order)
        if row >= len(maxima):
            return
        self.gain_path.show_levels(path_levels(self._holds, frame, row))
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
        else:
            self.info_line.show_flag(self.operations.flags.shown())
        self._verdicts = verdicts

    def forget_holds(self) -> None:
        """Held levels start again."""
        for holds in self._holds.values():
            holds.clear()
        self.desk.forget_levels()

    def restyle(self) -> None:
        """The palette has changed: some glyphs go with it."""
        for widget in (self.top_bar, self.desk, self.gain_path, self.info_line, self.key_hints):
            widget.changed()

    # From keys and mouse to operations

    def take_key(self, event: events.Key) -> None:
        """A key does its action, at once."""
        if event.key == "escape":
            self.desk.end_drag()
            self.info_line.dismiss(all_of_it=True)
            return
        action_id = self._keymap.action(event.key, event.character)
        if event.key == "enter" and action_id in (None, "strip") and self.operations.inserts.slot_is_empty:
            action_id = "insert_replace"  # there is nothing in it that could be opened
        if action_id is not None:
            self.perform(action_id)
        elif event.is_printable and event.character:
            self.notify_line("info", unknown_key(self._keymap, event.character))

    def perform(self, action_id: str) -> None:
        """Do an action and show what came of it."""
        self.info_line.dismiss()
        if action_id == "meter_type":
            self.desk.forget_levels()
        self.operations.perform(action_id)
        self._after()

    def on_desk_resized(self) -> None:
        """Another number of strips may fit."""
        self._after()

    def on_strip_picked(self, message: messages.StripPicked) -> None:
        """Select what was picked."""
        self.view.select(message.strip_id)
        if message.control_id is not None:
            self.view.control = message.control_id
        self._after()

    def on_slot_picked(self, message: messages.SlotPicked) -> None:
        """An insert slot; one that is selected already is opened, or asks what is to come into it."""
        again = (self.view.selected, self.view.slot) == (message.strip_id, message.slot)
        if self.view.selected != message.strip_id:
            self.view.select(message.strip_id)
            self.view.slot = None
        self.operations.inserts.pick(message.slot)
        if again and not self.operations.inserts.slot_is_empty:
            self.perform("strip")
        self._after()

    def on_control_picked(self, message: messages.ControlPicked) -> None:
        """Another control is active."""
        self.operations.pick_control(message.control_id)
        self._after()

    def on_control_moved(self, message: messages.ControlMoved) -> None:
        """A drag."""
        self.operations.set_value(message.strip_id, message.control_id, message.value)
        self._after()

    def on_control_stepped(self, message: messages.ControlStepped) -> None:
        """The wheel; what it moves is selected, so that what happens is seen."""
        self.view.select(message.strip_id)
        self.view.control = message.control_id
        self.operations.step(
            message.strip_id, message.control_id, message.direction, "fine" if message.fine else "normal"
        )
        self._after()

    def on_control_reset(self, message: messages.ControlReset) -> None:
        """Two presses."""
        self.operations.reset(message.strip_id, message.control_id)
        self._after()

    def on_control_typed(self, message: messages.ControlTyped) -> None:
        """A press on an active number; whatever was opened meanwhile comes first."""
        if self.is_active:
            self._shell.dialogs.ask_value(message.strip_id, message.control_id)

    def on_switch_pressed(self, message: messages.SwitchPressed) -> None:
        """A switch; its strip is selected."""
        self.view.select(message.strip_id)
        self.operations.press(message.strip_id, message.switch, exclusive=message.exclusive)
        self._after()

    def on_action_wanted(self, message: messages.ActionWanted) -> None:
        """A click on what stands for an action."""
        self.perform(message.action_id)

    def notify_line(self, severity: Severity, text: str) -> None:
        """Tell something in one line; what went wrong is kept to be read again."""
        if severity != "info":
            self.notices.add(severity, text)
        self.info_line.tell(severity, text)

    def take_notice(self, severity: Severity, text: str) -> None:
        """Tell something that came from the engine or the files; it is kept, whatever it is."""
        if severity == "info":
            self.notices.add(severity, text)
        self.notify_line(severity, text)

    def _after(self) -> None:
        self.show_session()
        self._shell.do("flush")

    def _shown_key(self, action_id: str) -> str:
        return self._keymap.shown(action_id, self._glyphs.name == "ascii")

    def _hints(self) -> list[KeyHint]:
        shown = self._shown_key
        return [
            KeyHint(shown(action_id), BY_ID[action_id].hint, action_id) for action_id in _HINTED if shown(action_id)
        ]

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
