"""What is done in the gain map: the cell that is selected is the mixer's slot or active control, which keys act on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.meters.frame import AFTER_FADER, AFTER_INSERT, AFTER_TRIM, AT_SEND, INPUT
from sessions.model import MASTER_ID, SessionError
from tui.controls import action_of
from tui.drawing.facts import CONTROL_LABELS, SEND_CONTROLS, send_place
from tui.elements import Field, fields_of
from tui.field_values import Size, stepped
from tui.operations import Operations
from tui.shell import Shell
from tui.view import View

if TYPE_CHECKING:
    from sessions.controller import Controller

_STEPS: Final[Mapping[str, tuple[int, Size, str]]] = {
    "more": (1, "normal", "increase"), "less": (-1, "normal", "decrease"),
    "increase_fine": (1, "fine", "increase_fine"), "decrease_fine": (-1, "fine", "decrease_fine"),
    "increase_coarse": (1, "coarse", "increase_coarse"), "decrease_coarse": (-1, "coarse", "decrease_coarse"),
}  # fmt: skip
"""Direction and size, and the mixer's action that moves its active control so."""
_OF_SENDS: Final = {"bypass": "send_mute", "insert_remove": "send_remove"}
"""What is done to a send by the keys of processors."""
_OF_CONTROLS: Final = frozenset(map(action_of, CONTROL_LABELS))
_OUTPUT: Final = "slot output_db"
"""The value of an insert that is gain and nothing else."""


@dataclass(slots=True)
class MapPlace:
    """Where one is in the gain map: the stage, and whether distances from the target are shown."""

    stage: int = AFTER_TRIM
    by_distance: bool = False

    def take(self, view: View) -> None:
        """Be where the mixer is: after the slot that is selected there, or else after the active control."""
        if view.slot is not None:
            self.stage = AFTER_INSERT + view.slot - 1
        elif view.control != "trim_db":
            send = send_place(view.control)
            self.stage = AFTER_FADER if send is None else AT_SEND + send
        elif self.stage != INPUT:
            self.stage = AFTER_TRIM

    def give(self, view: View) -> None:
        """Let the mixer's actions act on what the stage comes after; on the trim at the input, too."""
        view.slot = self.stage - AFTER_INSERT + 1 if AFTER_INSERT <= self.stage < AFTER_FADER else None
        if self.stage >= AT_SEND:
            view.control = SEND_CONTROLS[self.stage - AT_SEND]
        elif self.stage <= AFTER_TRIM:
            view.control = "trim_db"
        elif self.stage == AFTER_FADER or send_place(view.control) is not None:
            view.control = "fader_db"


class MapOperations:
    """Performs what is asked for in the gain map."""

    def __init__(
        self, controller: Controller, view: View, place: MapPlace, operations: Operations, shell: Shell
    ) -> None:
        self._controller = controller
        self._view = view
        self._place = place
        self._operations = operations
        self._shell = shell

    def perform(self, action_id: str) -> None:
        """Do an action on the selected cell."""
        if action_id in _STEPS:
            direction, size, of_control = _STEPS[action_id]
            self._step(direction, size, of_control)
        elif action_id == "reset" and self._view.slot is not None:
            output = self.output()
            self._set(output, 0.0 if output is None else output.spec.default)
        else:
            if action_id in _OF_CONTROLS:
                self._view.slot = None
            if self._place.stage >= AT_SEND:
                action_id = _OF_SENDS.get(action_id, action_id)
            self._operations.perform(action_id)
        self._place.take(self._view)

    def move(self, direction: int, stages: tuple[int, ...]) -> None:
        """Select the stage before or after, of those that are there."""
        at = stages.index(self._place.stage) + direction
        self.select(stages[min(max(at, 0), len(stages) - 1)])

    def select(self, stage: int) -> None:
        """Select a stage."""
        self._place.stage = stage
        self.follow()

    def follow(self) -> None:
        """The strip may be another one: the master has no sends."""
        if self._view.selected == MASTER_ID and self._place.stage >= AT_SEND:
            self._place.stage = AFTER_FADER
        self._place.give(self._view)

    def output(self) -> Field | None:
        """The output of the selected slot, None if that is empty or none is selected."""
        if self._view.slot is None:
            return None
        fields = fields_of(self._controller.session, self._view.selected, str(self._view.slot))
        return next((each for each in fields if each.id == _OUTPUT), None)

    def set_output(self, value: float) -> None:
        """Set the output of the selected slot."""
        self._set(self.output(), value)

    def _step(self, direction: int, size: Size, of_control: str) -> None:
        if self._view.slot is None:
            self._operations.perform(of_control)
        else:
            output = self.output()
            self._set(output, 0.0 if output is None else stepped(output.spec, output.value, direction, size))

    def _set(self, output: Field | None, value: float) -> None:
        if output is None:
            self.tell_nothing()
            return
        try:
            self._controller.edit(output.edit(value))
        except SessionError as error:
            self._shell.notify_line("error", str(error))

    def tell_nothing(self) -> None:
        """Tell that there is no value."""
        self._shell.notify_line("info", "the slot is empty: there is nothing to set")
