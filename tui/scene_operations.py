"""What is done alike in the scenes that have a selected place of their own: the gain map and the strip view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from sessions.edits import Edit
from sessions.model import SessionError
from tui.field_values import Size
from tui.operations import Operations
from tui.view import View

if TYPE_CHECKING:
    from sessions.controller import Controller

STEPS: Final[Mapping[str, tuple[int, Size]]] = {
    "increase_fine": (1, "fine"), "decrease_fine": (-1, "fine"), "increase_coarse": (1, "coarse"),
    "decrease_coarse": (-1, "coarse"), "more": (1, "normal"), "less": (-1, "normal"),
}  # fmt: skip
"""Direction and size of the actions that move a value."""
_OF_SENDS: Final = {"bypass": "send_mute", "insert_remove": "send_remove"}
"""What is done to a send by the keys of processors."""

Place = TypeVar("Place")


class SceneOperations(Generic[Place]):
    """Performs what is asked for at a place of a scene, which follows the mixer's selection and leads it."""

    def __init__(self, controller: Controller, view: View, place: Place, operations: Operations) -> None:
        self._controller = controller
        self._view = view
        self._place = place
        self._operations = operations
        self._shell = operations.shell

    def _edit(self, edit: Edit) -> str:
        """Make an edit; why not, if it cannot be made."""
        try:
            self._controller.edit(edit)
        except SessionError as error:
            return str(error)
        return ""

    def _set(self, edit: Edit) -> None:
        """Make an edit, or tell why not."""
        fault = self._edit(edit)
        if fault:
            self._shell.notify_line("error", fault)

    def _perform(self, action_id: str, *, at_send: bool) -> None:
        """Do an action of the mixer."""
        self._operations.perform(_OF_SENDS.get(action_id, action_id) if at_send else action_id)
