"""What is done in the strip view: to the selected element and its values, each change an edit with undo.

The selected element is what the mixer's actions act on as well: its slot, and the control or the send that is active.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tui.controls import action_of, send_letter
from tui.drawing.facts import CONTROL_LABELS, ControlId
from tui.elements import SENDS, SLOTS, Field, elements_of, fields_of, insert_at, main_field, send_at
from tui.field_values import Size, stepped
from tui.scene_operations import STEPS, SceneOperations
from tui.view import View

_CONTROLS: Final[Mapping[str, ControlId]] = {
    (send_letter(control) or CONTROL_LABELS[control].lower()): control for control in CONTROL_LABELS
}
"""The elements that are a control of the mixer."""
_ELEMENTS: Final[Mapping[str, str]] = {
    **{action_of(control): element for element, control in _CONTROLS.items()},
    **{f"slot_{slot}": slot for slot in SLOTS},
}
"""Actions that select an element."""
_ROUTES: Final = frozenset({"to", "output"})


@dataclass(slots=True)
class StripPlace:
    """Where one is in the strip view: the element, the value chosen in each, and whether keys go to the editor."""

    element: str = "trim"
    entered: bool = False
    chosen: dict[str, str] = field(default_factory=dict)

    def take(self, view: View) -> None:
        """Be where the mixer is: at the slot that is selected there, or else at the active control."""
        if view.slot is not None:
            self.element = str(view.slot)
        elif self.element in SLOTS or _CONTROLS.get(self.element, view.control) != view.control:
            self.element = next(element for element, control in _CONTROLS.items() if control == view.control)

    def give(self, view: View) -> None:
        """Let the mixer's actions act on the element. No send stays active that is not selected."""
        view.act_on(int(self.element) if self.element in SLOTS else None, _CONTROLS.get(self.element))


class StripOperations(SceneOperations[StripPlace]):
    """Performs what is asked for in the strip view. What cannot be done is told."""

    def perform(self, action_id: str) -> None:
        """Do an action, of the view or of the mixer, on the selected element."""
        place = self._place
        match action_id:
            case "increase" | "decrease":
                direction = 1 if action_id == "increase" else -1
                if place.entered:
                    self.step_chosen(direction)
                else:
                    self.move(-direction)
            case "field_next" | "zone_next":
                self.choose_next(1)
            case "field_previous" | "zone_previous":
                self.choose_next(-1)
            case "reset":
                field = self.field()
                if field is None:
                    self.tell_nothing()
                else:
                    self.reset(field)
            case _ if action_id in STEPS:
                self.step_chosen(*STEPS[action_id])
            case _ if action_id in _ELEMENTS:
                self.select(_ELEMENTS[action_id])
            case _:
                self._perform(action_id, at_send=place.element in SENDS)
                if self._view.slot is not None:  # the processor has moved
                    place.element = str(self._view.slot)

    # Where one is

    def follow(self) -> None:
        """The strip may be another one: keep to an element that it has."""
        elements = elements_of(self._view.selected)
        if self._place.element not in elements:
            self._place.element = "fader"
        if not self.fields():
            self._place.entered = False
        self._place.give(self._view)

    def move(self, direction: int) -> None:
        """Select the element before or after."""
        elements = elements_of(self._view.selected)
        at = elements.index(self._place.element) + direction
        self.select(elements[min(max(at, 0), len(elements) - 1)])

    def select(self, element: str) -> None:
        """Select an element."""
        if element in elements_of(self._view.selected):
            self._place.entered = self._place.entered and element == self._place.element
            self._place.element = element
            self._place.give(self._view)
        else:
            self._shell.notify_line("warning", "the master has no sends")

    def fields(self) -> tuple[Field, ...]:
        """The values of the selected element."""
        return fields_of(self._controller.session, self._view.selected, self._place.element)

    def chosen(self) -> int:
        """The place of the chosen value among them."""
        wanted = self._place.chosen.get(self._key())
        return next((index for index, each in enumerate(self.fields()) if each.id == wanted), 0)

    def field(self, field_id: str | None = None) -> Field | None:
        """The value of an id, or the chosen one; None if there is none."""
        fields = self.fields()
        if field_id is None:
            return fields[self.chosen()] if fields else None
        return next((each for each in fields if each.id == field_id), None)

    def choose(self, field_id: str) -> None:
        """Choose a value."""
        self._place.chosen[self._key()] = field_id

    def choose_next(self, direction: int) -> None:
        """Choose the next value, round and round."""
        fields = self.fields()
        if fields:
            self.choose(fields[(self.chosen() + direction) % len(fields)].id)
        else:
            self.tell_nothing()

    def enter(self) -> None:
        """Let keys go to the editor."""
        self._place.entered = bool(self.fields())
        if not self._place.entered:
            self.tell_nothing()

    def _key(self) -> str:
        """What a choice of a value is kept for: the kind of processor, so that it is found again on the next strip."""
        insert = insert_at(self._controller.session.channel(self._view.selected), self._place.element)
        return insert.kind if insert is not None else "send" if self._place.element in SENDS else self._place.element

    # Values

    def set(self, field: Field, value: float) -> None:
        """Set a value; strips that are marked or linked with this one come along."""
        control = _CONTROLS.get(self._place.element)
        if control == field.id:
            self._operations.set_value(self._view.selected, control, value)
        else:
            self._set(field.edit(value))

    def step(self, field: Field, direction: int, size: Size = "normal") -> None:
        """Move a value by one of its steps; where a strip cannot go the way goes past."""
        if field.id in _ROUTES:
            fault = self._go(field, direction)
            if fault:
                self._shell.notify_line("warning", fault)
        else:
            self.set(field, stepped(field.spec, field.value, direction, size))

    def _go(self, field: Field, direction: int) -> str:
        """Go to the next possible place; why not, if there is none."""
        if field.spec.maximum == 0.0:
            return "there is no bus or return to go to: add one first"
        fault, value = "", field.value
        while (following := stepped(field.spec, value, direction)) != value:
            value = following
            fault = self._edit(field.edit(value))
            if not fault:
                return ""
        return fault

    def step_chosen(self, direction: int, size: Size = "normal") -> None:
        """Move the chosen value by one of its steps."""
        field = self.field()
        if field is None:
            self.tell_nothing()
        else:
            self.step(field, direction, size)

    def tell_nothing(self) -> None:
        """Tell that the element has no value."""
        self._shell.notify_line("info", "there is nothing to set here")

    def press(self, field: Field) -> None:
        """Switch a switch, go on to the next choice, and after the last possible one to the first."""
        if field.spec.taper == "switch":
            self.set(field, 1.0 - field.value)
        elif field.value == field.spec.maximum > 0.0 or (field.id in _ROUTES and field.value and self._go(field, +1)):
            self.set(field, field.spec.minimum)
        else:
            self.step(field, +1)

    def reset(self, field: Field) -> None:
        """Set a value to its default."""
        self.set(field, field.spec.default)

    def step_element(self, element: str, direction: int, size: Size) -> None:
        """Move the value that stands for an element."""
        field = main_field(self._controller.session, self._view.selected, element)
        if field is not None:
            self.step(field, direction, size)

    # What is empty

    def is_empty(self) -> bool:
        """Whether the selected element is a slot without a processor, or a send that goes nowhere."""
        channel, element = self._controller.session.channel(self._view.selected), self._place.element
        insert_or_send = insert_at(channel, element) or send_at(channel, element)
        return element in (*SLOTS, *SENDS) and insert_or_send is None

    def fill(self) -> None:
        """Ask what is to be there, and go on with its values."""
        if self._place.element in SLOTS:
            self._operations.inserts.choose(then=self.enter)
        else:
            self._operations.perform("send_to")
