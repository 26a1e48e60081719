"""What the actions do: to the mix through the controller, to the view, or by asking the shell around them.

No widget and no key is known here, so every action can be tried without a terminal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import update_wrapper
from typing import TYPE_CHECKING, Concatenate, Final, Literal, ParamSpec, Protocol

from engine.core.params import MONITOR, STRIP_PARAMS
from engine.core.units import OFF_DB
from sessions.edits import Edit, ExclusiveSolo, RenameStrip, SetControl, SetMonitor, Together
from sessions.file import SaveConflictError
from sessions.model import MASTER_ID, MasterState, SessionError, StripState
from tui.drawing.facts import ControlId, SwitchId
from tui.drawing.plan import STAGE_VIEW_LABELS
from tui.notices import Severity
from tui.view import View

if TYPE_CHECKING:
    from sessions.controller import Controller

Given = ParamSpec("Given")
StepSize = Literal["normal", "fine", "coarse"]
SEEK_S: Final = 5.0
MONITOR_STEP_DB: Final = 1.0
MONITOR_HIGHEST_DB: Final = 0.0
"""The keys never make the monitors louder than the mix is."""


class Shell(Protocol):
    """What actions need of the program around them."""

    @property
    def visible_strips(self) -> int:
        """How many strips a bank has."""

    def notify_line(self, severity: Severity, text: str) -> None:
        """Tell something in one line."""

    def ask_value(self, strip_id: str, control: ControlId) -> None:
        """Let a value be typed."""

    def ask_file(self, strip_id: str) -> None:
        """Let the file of a strip be chosen."""

    def ask_name(self, strip_id: str) -> None:
        """Let a strip get another name."""

    def ask_replace(self, text: str) -> None:
        """Ask whether somebody else's session file may be replaced; `text` says why it was not."""

    def forget_holds(self) -> None:
        """Held levels are not valid any more."""

    def do(self, action_id: str) -> None:
        """Do what concerns the program as a whole: help, palette, quit and the like."""


def _told(method: Callable[Concatenate[Operations, Given], None]) -> Callable[Concatenate[Operations, Given], None]:
    """Of what cannot be done the user is told."""

    def tried(self: Operations, /, *given: Given.args, **named: Given.kwargs) -> None:
        try:
            method(self, *given, **named)
        except SessionError as error:
            self.shell.notify_line("error", str(error))

    update_wrapper(tried, method)
    return tried


class Operations:
    """Performs actions on a controller and a view."""

    def __init__(self, controller: Controller, view: View, shell: Shell) -> None:
        self._controller = controller
        self._view = view
        self.shell = shell
        self._actions: Mapping[str, Callable[[], None]] = {
            "strip_previous": lambda: view.step(-1),
            "strip_next": lambda: view.step(+1),
            "bank_previous": lambda: self._bank(-1),
            "bank_next": lambda: self._bank(+1),
            "zone_next": view.zone_next,
            "zone_previous": lambda: view.zone_next(-1),
            "rename": lambda: self._ask_of_strip(shell.ask_name, "the master keeps its name"),
            "relink": lambda: self._ask_of_strip(shell.ask_file, "the master plays no file"),
            "control_fader": lambda: self.pick_control("fader_db"),
            "control_trim": lambda: self.pick_control("trim_db"),
            "control_pan": lambda: self.pick_control("pan_percent"),
            "increase": lambda: self._step_active(+1, "normal"),
            "decrease": lambda: self._step_active(-1, "normal"),
            "increase_fine": lambda: self._step_active(+1, "fine"),
            "decrease_fine": lambda: self._step_active(-1, "fine"),
            "increase_coarse": lambda: self._step_active(+1, "coarse"),
            "decrease_coarse": lambda: self._step_active(-1, "coarse"),
            "type_value": lambda: shell.ask_value(view.selected, view.control),
            "reset": lambda: self.reset(view.selected, view.control),
            "mute": lambda: self.press(view.selected, "mute"),
            "solo": lambda: self.press(view.selected, "solo"),
            "solo_exclusive": lambda: self.press(view.selected, "solo", exclusive=True),
            "polarity": lambda: self.press(view.selected, "polarity"),
            "meter_type": self._next_meter,
            "meter_stage": self._next_stage,
            "clear_holds": self._clear_holds,
            "play_stop": controller.play_stop,
            "seek_back": lambda: controller.seek(-SEEK_S),
            "seek_forward": lambda: controller.seek(SEEK_S),
            "start": lambda: controller.locate(0.0),
            "loop": controller.toggle_loop,
            "monitor_down": lambda: self._monitor(-MONITOR_STEP_DB),
            "monitor_up": lambda: self._monitor(MONITOR_STEP_DB),
            "undo": self._undo,
            "redo": self._redo,
            "save": self.save,
        }

    @_told
    def perform(self, action_id: str) -> None:
        """Do an action; what does not concern the mix or the view is left to the shell."""
        action = self._actions.get(action_id)
        if action is None:
            self.shell.do(action_id)
            return
        action()

    def pick_control(self, control: ControlId) -> None:
        """Make a control the active one."""
        self._view.control = control

    @_told
    def set_value(self, strip_id: str, control: ControlId, value: float) -> None:
        """Set a control."""
        self._edit(SetControl(strip_id, control, value))

    @_told
    def step(self, strip_id: str, control: ControlId, direction: int, size: StepSize) -> None:
        """Move a control by one of its steps."""
        spec = STRIP_PARAMS[control]
        step = {"normal": spec.step, "fine": spec.fine_step, "coarse": spec.coarse_step}[size]
        value: float = getattr(self._strip(strip_id), control)
        if value == OFF_DB:
            if direction > 0:
                self.set_value(strip_id, control, spec.minimum)
            return
        self.set_value(strip_id, control, round(value + direction * step, 2))

    @_told
    def reset(self, strip_id: str, control: ControlId) -> None:
        """Set a control to its default."""
        self.set_value(strip_id, control, STRIP_PARAMS[control].default)

    @_told
    def press(self, strip_id: str, switch: SwitchId, *, exclusive: bool = False) -> None:
        """Press a switch of a strip."""
        strip = self._strip(strip_id)
        if switch == "mute":
            self._edit(SetControl(strip_id, "mute", not strip.mute))
        elif switch == "polarity":
            on = not (strip.invert_left or strip.invert_right)
            name = "master" if isinstance(strip, MasterState) else strip.name
            both = tuple(SetControl(strip_id, side, on) for side in ("invert_left", "invert_right"))
            self._edit(Together(f"Polarity {name} {'inverted' if on else 'normal'}", both))
        elif isinstance(strip, MasterState):
            self.shell.notify_line("warning", "the master has no solo: it is what all strips go to")
        elif exclusive:
            self._edit(ExclusiveSolo(strip_id))
        else:
            self._edit(SetControl(strip_id, "solo", not strip.solo))

    @_told
    def rename(self, strip_id: str, name: str) -> None:
        """Give a strip another name."""
        self._edit(RenameStrip(strip_id, name))

    def _edit(self, edit: Edit) -> None:
        self._controller.edit(edit)

    def _strip(self, strip_id: str) -> StripState | MasterState:
        session = self._controller.session
        return session.master if strip_id == MASTER_ID else session.strip(strip_id)

    def _step_active(self, direction: int, size: StepSize) -> None:
        self.step(self._view.selected, self._view.control, direction, size)

    def _bank(self, direction: int) -> None:
        if not self._view.bank(direction, self.shell.visible_strips):
            self.shell.notify_line("info", "all strips are shown" if self._all_shown() else "no more strips there")

    def _all_shown(self) -> bool:
        return self.shell.visible_strips >= len(self._view.order)

    def _ask_of_strip(self, ask: Callable[[str], None], why_not_master: str) -> None:
        if self._view.selected == MASTER_ID:
            self.shell.notify_line("warning", f"{why_not_master}: select a strip first")
        else:
            ask(self._view.selected)

    def _next_meter(self) -> None:
        meter = self._view.next_meter()
        self.shell.forget_holds()
        zero = " (0 VU = -18 dBFS)" if meter.id == "vu" else ""
        self.shell.notify_line("info", f"meters: {meter.label} in {meter.unit}{zero}")

    def _next_stage(self) -> None:
        view = self._view.next_stage_view()
        self.shell.notify_line("info", f"meters: {STAGE_VIEW_LABELS[view]}")

    def _clear_holds(self) -> None:
        self._controller.clear_holds()
        self.shell.forget_holds()

    def _monitor(self, change_db: float) -> None:
        level_db = self._controller.session.monitor_db
        if level_db == OFF_DB:
            if change_db < 0:
                return
            level_db = MONITOR.minimum - change_db
        level_db = MONITOR.clamp(min(round(level_db + change_db, 1), max(MONITOR_HIGHEST_DB, level_db)))
        self._edit(SetMonitor(level_db))
        text = "off" if level_db == OFF_DB else f"{level_db:+.1f} dB" if level_db else "0.0 dB"
        self.shell.notify_line("info", f"monitor {text}: the mix itself stays what it is")

    def _undo(self) -> None:
        label = self._controller.undo()
        self.shell.notify_line("info", "nothing to undo" if label is None else f"undone: {label}")

    def _redo(self) -> None:
        label = self._controller.redo()
        self.shell.notify_line("info", "nothing to redo" if label is None else f"done again: {label}")

    @_told
    def save(self, *, force: bool = False) -> None:
        """Write the session to its file; one that somebody else has changed is replaced by `force` only."""
        try:
            path = self._controller.save(force=force)
        except SaveConflictError as error:
            self.shell.ask_replace(str(error))
        else:
            self.shell.notify_line("info", f'saved as "{path}"')
