"""What actions need of the program around them: to tell, to ask, to be done with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import update_wrapper
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sessions.model import SessionError
from tui.drawing.facts import ControlId
from tui.notices import Severity

Given = ParamSpec("Given")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things to choose: what it gives, what it is called, a word about it, whether it is so now."""

    result: str
    label: str
    about: str = ""
    is_now: bool = False


class Questions(Protocol):
    """What the user can be asked."""

    def choose(self, title: str, choices: Sequence[Choice], take: Callable[[str], None]) -> None:
        """Let one of several things be chosen."""

    def ask_text(self, title: str, explained: str, read: Callable[[str], str], take: Callable[[str], None]) -> None:
        """Let something be typed; what is wrong with it, `read` raises as a `ValueError`."""

    def ask_value(self, strip_id: str, control: ControlId) -> None:
        """Let a value be typed."""

    def ask_file(self, strip_id: str) -> None:
        """Let the file of a strip be chosen."""

    def ask_name(self, strip_id: str) -> None:
        """Let a strip get another name."""

    def ask_replace(self, text: str) -> None:
        """Ask whether somebody else's session file may be replaced; `text` says why it was not."""


class Shell(Protocol):
    """The program around the actions."""

    @property
    def dialogs(self) -> Questions:
        """Where questions are asked."""

    @property
    def visible_strips(self) -> int:
        """How many strips a bank has."""

    def notify_line(self, severity: Severity, text: str) -> None:
        """Tell something in one line."""

    def do(self, action_id: str) -> None:
        """Do what concerns the program as a whole: help, palette, quit and the like."""


class HasShell(Protocol):
    """What performs actions."""

    shell: Shell


Self = TypeVar("Self", bound=HasShell)


def told(method: Callable[Concatenate[Self, Given], None]) -> Callable[Concatenate[Self, Given], None]:
    """Of what cannot be done the user is told."""

    def tried(self: Self, /, *given: Given.args, **named: Given.kwargs) -> None:
        try:
            method(self, *given, **named)
        except SessionError as error:
            self.shell.notify_line("error", str(error))

    update_wrapper(tried, method)
    return tried
