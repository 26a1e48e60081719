"""What all parts of the console share: the controller, the view, the shell, and how an edit is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sessions.edits import Edit
from sessions.model import MASTER_ID, Channel, Session, SessionError, StripState
from tui.content import strip_numbers
from tui.shell import Shell
from tui.view import View

if TYPE_CHECKING:
    from sessions.controller import Controller


class Section:
    """Base of the parts; `actions` are what they do, by id."""

    def __init__(self, controller: Controller, view: View, shell: Shell) -> None:
        self._controller = controller
        self._view = view
        self.shell = shell

    @property
    def actions(self) -> Mapping[str, Callable[[], None]]:
        """What it does."""
        raise NotImplementedError

    @property
    def _session(self) -> Session:
        return self._controller.session

    @property
    def _channel(self) -> Channel:
        """The selected strip, or the master."""
        return self._session.channel(self._view.selected)

    def _strip(self, why_not_master: str) -> StripState:
        """The selected strip; for the master there is a reason why not."""
        if self._view.selected == MASTER_ID:
            raise SessionError(why_not_master)
        return self._session.strip(self._view.selected)

    def _edit(self, edit: Edit) -> None:
        """Do it, and tell what was done."""
        label = edit.label(self._session)
        self._controller.edit(edit)
        self.shell.notify_line("info", label)

    def _titled(self, strip_id: str) -> str:
        """A strip by number and name."""
        if strip_id == MASTER_ID:
            return "Master"
        return f"{strip_numbers(self._session)[strip_id]} {self._session.strip(strip_id).name}"
