"""What the actions do: to the mix through the controller, to the view, or by asking the shell around them.

No widget and no key is known here, so every action can be tried without a terminal.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Literal

from engine.core.units import OFF_DB
from sessions.edits import Edit, ExclusiveSolo, RenameStrip, SetControl, Together
from sessions.file import SaveConflictError
from sessions.group_edits import MoveLinked
from sessions.linking import LINKED_CONTROLS
from sessions.model import MASTER_ID, MasterState, SessionError, StripState
from sessions.send import SEND_LEVEL
from sessions.send_edits import SetSendControl
from tui.console.flags import Flags
from tui.console.groups import Groups
from tui.console.inserts import Inserts
from tui.console.loudness import Loudness
from tui.console.metering import Metering
from tui.console.monitoring import Monitoring
from tui.console.routes import Routes
from tui.controls import SPECS, send_letter
from tui.drawing.facts import SEND_CONTROLS, ControlId, SwitchId
from tui.shell import Shell, told
from tui.view import View

if TYPE_CHECKING:
    from sessions.controller import Controller

StepSize = Literal["normal", "fine", "coarse"]
SEEK_S: Final = 5.0


class Operations:
    """Performs actions on a controller and a view."""

    def __init__(self, controller: Controller, view: View, shell: Shell) -> None:
        self._controller = controller
        self._view = view
        self.shell = shell
        self.inserts = Inserts(controller, view, shell)
        self.routes = Routes(controller, view, shell)
        self.flags = Flags(controller, view, shell)
        self.metering = Metering(controller, view, shell)
        self._actions: Mapping[str, Callable[[], None]] = {
            "strip_previous": lambda: view.step(-1),
            "strip_next": lambda: view.step(+1),
            "bank_previous": lambda: self._bank(-1),
            "bank_next": lambda: self._bank(+1),
            "zone_next": view.zone_next,
            "zone_previous": lambda: view.zone_next(-1),
            "rename": lambda: self._ask_of_strip(shell.dialogs.ask_name, "the master keeps its name"),
            "relink": lambda: self._ask_of_strip(shell.dialogs.ask_file, "the master plays no file"),
            **self.inserts.actions,
            **self.routes.actions,
            **Monitoring(controller, view, shell).actions,
            **self.metering.actions,
            **Groups(controller, view, shell).actions,
            **self.flags.actions,
            **Loudness(controller, shell).actions,
            "control_fader": lambda: self.pick_control("fader_db"),
            "control_trim": lambda: self.pick_control("trim_db"),
            "control_pan": lambda: self.pick_control("pan_percent"),
            "increase": lambda: self._step_active(+1, "normal"),
            "decrease": lambda: self._step_active(-1, "normal"),
            "increase_fine": lambda: self._step_active(+1, "fine"),
            "decrease_fine": lambda: self._step_active(-1, "fine"),
            "increase_coarse": lambda: self._step_active(+1, "coarse"),
            "decrease_coarse": lambda: self._step_active(-1, "coarse"),
            "type_value": self._type_value,
            "reset": lambda: self.reset(view.selected, view.control),
            "mute": lambda: self.press(view.selected, "mute"),
            "solo": lambda: self.press(view.selected, "solo"),
            "solo_exclusive": lambda: self.press(view.selected, "solo", exclusive=True),
            "polarity": lambda: self.press(view.selected, "polarity"),
            "play_stop": controller.play_stop,
            "seek_back": lambda: controller.seek(-SEEK_S),
            "seek_forward": lambda: controller.seek(SEEK_S),
            "start": lambda: controller.locate(0.0),
            "loop": controller.toggle_loop,
            "undo": self._undo,
            "redo": self._redo,
            "save": self.save,
        }

    @told
    def perform(self, action_id: str) -> None:
        """Do an action; what does not concern the mix or the view is left to the shell."""
        action = self._actions.get(action_id)
        if action is None:
            self.shell.do(action_id)
            return
        action()

    @told
    def pick_control(self, control: ControlId) -> None:
        """Make a control the active one; a send that goes nowhere asks where to."""
        if control in SEND_CONTROLS:
            self.routes.pick_send(control)
        else:
            self._view.control = control

    @told
    def set_value(self, strip_id: str, control: ControlId, value: float) -> None:
        """Set a control; the faders and trims of strips that are marked with this one move by the same dB."""
        letter, moving = send_letter(control), self._view.moving(strip_id)
        if letter is not None:
            self._edit(SetSendControl(strip_id, letter, SEND_LEVEL.id, value))
            return
        now = self._value(strip_id, control)
        if len(moving) > 1 and control in LINKED_CONTROLS and math.isfinite(value) and math.isfinite(now):
            self._edit(MoveLinked(moving, control, round(value - now, 2)))
        else:
            self._edit(SetControl(strip_id, control, value))

    @told
    def step(self, strip_id: str, control: ControlId, direction: int, size: StepSize) -> None:
        """Move a control by one of its steps."""
        spec = SPECS[control]
        step = {"normal": spec.step, "fine": spec.fine_step, "coarse": spec.coarse_step}[size]
        value = self._value(strip_id, control)
        if value == OFF_DB:
            if direction > 0:
                self.set_value(strip_id, control, spec.minimum)
            return
        self.set_value(strip_id, control, round(value + direction * step, 2))

    @told
    def reset(self, strip_id: str, control: ControlId) -> None:
        """Set a control to its default."""
        self.set_value(strip_id, control, SPECS[control].default)

    @told
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

    @told
    def rename(self, strip_id: str, name: str) -> None:
        """Give a strip another name."""
        self._edit(RenameStrip(strip_id, name))

    def _edit(self, edit: Edit) -> None:
        self._controller.edit(edit)

    def _strip(self, strip_id: str) -> StripState | MasterState:
        session = self._controller.session
        return session.master if strip_id == MASTER_ID else session.strip(strip_id)

    def _value(self, strip_id: str, control: ControlId) -> float:
        letter, strip = send_letter(control), self._strip(strip_id)
        if letter is None:
            value: float = getattr(strip, control)
            return value
        send = None if isinstance(strip, MasterState) else strip.send(letter)
        if send is None:
            raise SessionError(f"{strip.place}: send {letter} goes nowhere")
        return send.level_db

    def _type_value(self) -> None:
        """Ask for a value; of a send that goes nowhere, where to."""
        self._value(self._view.selected, self._view.control)
        self.shell.dialogs.ask_value(self._view.selected, self._view.control)

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

    def _undo(self) -> None:
        label = self._controller.undo()
        self.shell.notify_line("info", "nothing to undo" if label is None else f"undone: {label}")

    def _redo(self) -> None:
        label = self._controller.redo()
        self.shell.notify_line("info", "nothing to redo" if label is None else f"done again: {label}")

    @told
    def save(self, *, force: bool = False) -> None:
        """Write the session to its file; one that somebody else has changed is replaced by `force` only."""
        try:
            path = self._controller.save(force=force)
        except SaveConflictError as error:
            self.shell.dialogs.ask_replace(str(error))
        else:
            self.shell.notify_line("info", f'saved as "{path}"')
