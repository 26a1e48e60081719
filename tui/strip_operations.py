"""What is done in the strip view: to the selected element and its values, each change an edit with undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from engine.mix import INSERT_SLOTS
from sessions.edits import Edit
from sessions.insert_edits import AddInsert, MoveInsert, RemoveInsert, SetInsertControl
from sessions.model import SessionError
from sessions.send_edits import RemoveSend, SetSendControl
from tui.elements import SENDS, SLOTS, Field, elements_of, fields_of, insert_at, main_field, send_at
from tui.field_values import Size, stepped
from tui.shell import Shell
from tui.view import View

if TYPE_CHECKING:
    from sessions.controller import Controller

_STEPS: Final[Mapping[str, tuple[int, Size]]] = {
    "increase_fine": (1, "fine"), "decrease_fine": (-1, "fine"), "increase_coarse": (1, "coarse"),
    "decrease_coarse": (-1, "coarse"), "more": (1, "normal"), "less": (-1, "normal"),
}  # fmt: skip
_CONTROLS: Final = {"control_trim": "trim", "control_fader": "fader", "control_pan": "pan"}
_ROUTES: Final = frozenset({"to", "output"})


@dataclass(slots=True)
class StripPlace:
    """Where one is in the strip view: the element, the value chosen in each, and whether keys go to the editor."""

    element: str = "trim"
    entered: bool = False
    chosen: dict[str, str] = field(default_factory=dict)


class StripOperations:
    """Performs what is asked for in the strip view. What cannot be done is told."""

    def __init__(self, controller: Controller, view: View, place: StripPlace, shell: Shell) -> None:
        self._controller = controller
        self._view = view
        self._place = place
        self._shell = shell

    def perform(self, action_id: str) -> bool:
        """Do an action, of the view or of the mixer, on the selected element; False if it is about something else."""
        match action_id:
            case "increase" | "decrease":
                direction = 1 if action_id == "increase" else -1
                if self._place.entered:
                    self.step_chosen(direction)
                else:
                    self.move(-direction)
            case "field_next" | "field_previous" | "zone_next":
                self.choose_next(-1 if action_id == "field_previous" else 1)
            case "reset":
                field = self.field()
                if field is None:
                    self.tell_nothing()
                else:
                    self.reset(field)
            case "bypass":
                self.bypass()
            case "remove":
                self.remove()
            case "earlier" | "later":
                self.shift(1 if action_id == "later" else -1)
            case _ if action_id in _STEPS:
                self.step_chosen(*_STEPS[action_id])
            case _ if action_id in _CONTROLS:
                self.select(_CONTROLS[action_id])
            case _ if action_id.startswith("element "):
                self.select(action_id.removeprefix("element "))
            case _:
                return False
        return True

    # Where one is

    def follow(self) -> None:
        """The strip may be another one: keep to an element that it has."""
        elements = elements_of(self._view.selected)
        if self._place.element not in elements:
            self._place.element = "fader"
        if not self.fields():
            self._place.entered = False

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

    def enter(self) -> bool:
        """Let keys go to the editor; False if there is nothing to edit."""
        self._place.entered = bool(self.fields())
        return self._place.entered

    def _key(self) -> str:
        """What a choice of a value is kept for: the kind of processor, so that it is found again on the next strip."""
        insert = insert_at(self._controller.session.channel(self._view.selected), self._place.element)
        return insert.kind if insert is not None else "send" if self._place.element in SENDS else self._place.element

    # Values

    def set(self, field: Field, value: float) -> bool:
        """Set a value; False if that cannot be."""
        return self._edit(field.edit(value))

    def step(self, field: Field, direction: int, size: Size = "normal") -> None:
        """Move a value by one of its steps; where a strip cannot go the way goes past."""
        value = stepped(field.spec, field.value, direction, size)
        if field.id not in _ROUTES:
            self.set(field, value)
            return
        fault = "there is no bus or return to go to: add one first" if field.spec.maximum == 0.0 else ""
        while value != field.value and field.spec.contains(value):
            try:
                self._controller.edit(field.edit(value))
            except SessionError as error:
                fault = str(error)
                following = stepped(field.spec, value, direction)
                if following == value:
                    break
                value = following
            else:
                return
        if fault:
            self._shell.notify_line("warning", fault)

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
        """Switch a switch, go on to the next choice, and after the last one to the first."""
        if field.spec.taper == "switch":
            self.set(field, 1.0 - field.value)
        elif field.value == field.spec.maximum:
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

    # Processors and sends

    def add(self, kind: str) -> None:
        """Put a processor into the selected slot, and go on with its values."""
        slot = int(self._place.element)
        if self._edit(AddInsert(self._view.selected, kind, slot)):
            self.enter()

    def is_empty_slot(self) -> bool:
        """Whether the selected element is a slot without a processor."""
        channel = self._controller.session.channel(self._view.selected)
        return self._place.element in SLOTS and insert_at(channel, self._place.element) is None

    def bypass(self) -> None:
        """Bypass the processor or not; mute the send or not."""
        strip_id, element = self._view.selected, self._place.element
        channel = self._controller.session.channel(strip_id)
        insert, send = insert_at(channel, element), send_at(channel, element)
        if insert is not None:
            self._edit(SetInsertControl(strip_id, int(element), "bypass", not insert.bypass))
        elif send is not None:
            self._edit(SetSendControl(strip_id, element, "mute", not send.mute))
        else:
            self._shell.notify_line("warning", "nothing to bypass here: select a processor or a send")

    def remove(self) -> None:
        """Take the processor or the send away."""
        strip_id, element = self._view.selected, self._place.element
        channel = self._controller.session.channel(strip_id)
        if insert_at(channel, element) is not None:
            self._edit(RemoveInsert(strip_id, int(element)))
        elif send_at(channel, element) is not None:
            self._edit(RemoveSend(strip_id, element))
        else:
            self._shell.notify_line("warning", "nothing to remove here: select a processor or a send")
        self.follow()

    def shift(self, direction: int) -> None:
        """Move the processor to the slot before or after; what is there changes places with it."""
        strip_id, element = self._view.selected, self._place.element
        if insert_at(self._controller.session.channel(strip_id), element) is None:
            self._shell.notify_line("warning", "nothing to move here: select a processor")
            return
        target = int(element) + direction
        if 1 <= target <= INSERT_SLOTS and self._edit(MoveInsert(strip_id, int(element), target)):
            self._place.element = str(target)

    def _edit(self, edit: Edit) -> bool:
        try:
            self._controller.edit(edit)
        except SessionError as error:
            self._shell.notify_line("error", str(error))
            return False
        return True
