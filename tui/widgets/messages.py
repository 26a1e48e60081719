"""What was done to the mixer's widgets; the screen turns it into edits."""

from __future__ import annotations

from textual.message import Message

from tui.drawing.facts import ControlId, SwitchId


class StripPicked(Message):
    """A strip was picked, with the control that is to be the active one (None: as it is)."""

    def __init__(self, strip_id: str, control_id: ControlId | None = None) -> None:
        super().__init__()
        self.strip_id = strip_id
        self.control_id = control_id


class SlotPicked(Message):
    """An insert slot of a strip was picked, by its number from 1."""

    def __init__(self, strip_id: str, slot: int) -> None:
        super().__init__()
        self.strip_id = strip_id
        self.slot = slot


class ControlPicked(Message):
    """A control was picked to be the active one, on whatever strip is selected."""

    def __init__(self, control_id: ControlId) -> None:
        super().__init__()
        self.control_id = control_id


class ControlMoved(Message):
    """A control was dragged to a value in its unit."""

    def __init__(self, strip_id: str, control_id: ControlId, value: float) -> None:
        super().__init__()
        self.strip_id = strip_id
        self.control_id = control_id
        self.value = value


class ControlStepped(Message):
    """A control was stepped by the wheel: up (+1) or down (-1), `fine` in its small steps."""

    def __init__(self, strip_id: str, control_id: ControlId, direction: int, fine: bool) -> None:
        super().__init__()
        self.strip_id = strip_id
        self.control_id = control_id
        self.direction = direction
        self.fine = fine


class ControlReset(Message):
    """A control is to go to its default."""

    def __init__(self, strip_id: str, control_id: ControlId) -> None:
        super().__init__()
        self.strip_id = strip_id
        self.control_id = control_id


class ControlTyped(Message):
    """A value is to be typed for a control."""

    def __init__(self, strip_id: str, control_id: ControlId) -> None:
        super().__init__()
        self.strip_id = strip_id
        self.control_id = control_id


class MeterCleared(Message):
    """What the meter of a strip has held at a stage is to be forgotten."""

    def __init__(self, strip_id: str, stage: int) -> None:
        super().__init__()
        self.strip_id = strip_id
        self.stage = stage


class SwitchPressed(Message):
    """A switch was pressed; `exclusive` with the modifier that makes a solo the only one."""

    def __init__(self, strip_id: str, switch: SwitchId, exclusive: bool = False) -> None:
        super().__init__()
        self.strip_id = strip_id
        self.switch = switch
        self.exclusive = exclusive


class DeskResized(Message):
    """The desk has another size: another number of strips may fit."""


class ActionWanted(Message):
    """An action was asked for by its id, by a click on what stands for it."""

    def __init__(self, action_id: str) -> None:
        super().__init__()
        self.action_id = action_id
