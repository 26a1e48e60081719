"""What was done to the widgets of the strip view; its screen turns it into edits."""

from __future__ import annotations

from textual.message import Message


class ElementPicked(Message):
    """An element of the path was picked; `opened` by two clicks, which is what Enter does."""

    def __init__(self, element: str, opened: bool = False) -> None:
        super().__init__()
        self.element = element
        self.opened = opened


class ElementStepped(Message):
    """The value of an element was stepped by the wheel."""

    def __init__(self, element: str, direction: int, fine: bool) -> None:
        super().__init__()
        self.element = element
        self.direction = direction
        self.fine = fine


class FieldPicked(Message):
    """A value of the editor was picked; `pressed` on its switch or choice, which goes to its next one."""

    def __init__(self, field_id: str, pressed: bool = False) -> None:
        super().__init__()
        self.field_id = field_id
        self.pressed = pressed


class FieldMoved(Message):
    """A value was dragged."""

    def __init__(self, field_id: str, value: float) -> None:
        super().__init__()
        self.field_id = field_id
        self.value = value


class FieldStepped(Message):
    """A value was stepped by the wheel."""

    def __init__(self, field_id: str, direction: int, fine: bool) -> None:
        super().__init__()
        self.field_id = field_id
        self.direction = direction
        self.fine = fine


class FieldReset(Message):
    """A value is to go to its default."""

    def __init__(self, field_id: str) -> None:
        super().__init__()
        self.field_id = field_id
