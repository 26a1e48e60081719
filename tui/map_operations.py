"""What is done in the gain map: the cell that is selected is the mixer's slot or active control, which keys act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.meters.frame import AFTER_FADER, AFTER_INSERT, AFTER_TRIM, AT_SEND, INPUT
from sessions.model import MASTER_ID
from tui.controls import action_of
from tui.drawing.facts import CONTROL_LABELS, SEND_CONTROLS, ControlId, send_place
from tui.elements import Field, fields_of
from tui.field_values import Size, stepped
from tui.scene_operations import STEPS, SceneOperations
from tui.view import View

_OF_STEPS: Final = {"more": "increase", "less": "decrease"}
"""The mixer's actions that move its active control so; the others have the same name."""
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
        slot = self.stage - AFTER_INSERT + 1 if AFTER_INSERT <= self.stage < AFTER_FADER else None
        view.act_on(slot, self._control)

    @property
    def _control(self) -> ControlId | None:
        if self.stage >= AT_SEND:
            return SEND_CONTROLS[self.stage - AT_SEND]
        if self.stage == AFTER_FADER:
            return "fader_db"
        return "trim_db" if self.stage <= AFTER_TRIM else None


class MapOperations(SceneOperations[MapPlace]):
    """Performs what is asked for in the gain map."""

    def perform(self, action_id: str) -> None:
        """Do an action on the selected cell."""
        if action_id in STEPS:
            if self._view.slot is None:
                self._operations.perform(_OF_STEPS.get(action_id, action_id))
            else:
                self._step(*STEPS[action_id])
        elif action_id == "reset" and self._view.slot is not None:
            output = self.output()
            self._set_output(output, 0.0 if output is None else output.spec.default)
        else:
            if action_id in _OF_CONTROLS:
                self._view.slot = None
            self._perform(action_id, at_send=self._place.stage >= AT_SEND)
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
        self._set_output(self.output(), value)

    def _step(self, direction: int, size: Size) -> None:
        output = self.output()
        self._set_output(output, 0.0 if output is None else stepped(output.spec, output.value, direction, size))

    def _set_output(self, output: Field | None, value: float) -> None:
        if output is None:
            self.tell_nothing()
        else:
            self._set(output.edit(value))

    def tell_nothing(self) -> None:
        """Tell that there is no value."""
        self._shell.notify_line("info", "the slot is empty: there is nothing to set")
