"""A question with a few answers, each on a key of its own and a place to click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.drawing.names import shown_text
from tui.screens.dialog import Dialog


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: its key, its words, the result it gives."""

    key: str
    label: str
    result: str


class _AnswerLine(Static):
    """An answer that can be clicked."""

    class Chosen(Message):
        """This answer was clicked."""

        def __init__(self, answer: Answer) -> None:
            super().__init__()
            self.answer = answer

    def __init__(self, answer: Answer) -> None:
        super().__init__(
            Content.from_markup("[b $accent]$key[/]  $label", key=answer.key, label=shown_text(answer.label))
        )
        self._answer = answer

    def on_click(self) -> None:
        """Choose it."""
        self.post_message(self.Chosen(self._answer))


class ChoiceDialog(Dialog[str]):
    """Asks; Enter gives the first answer, Escape none."""

    def __init__(self, title: str, lines: Sequence[str], answers: Sequence[Answer]) -> None:
        super().__init__()
        self._title = title
        self._lines = tuple(lines)
        self._answers = tuple(answers)

    def compose(self) -> ComposeResult:
        """Title, lines, answers."""
        with Vertical(id="box"):
            yield Static(Content(self._title), classes="title")
            for line in self._lines:
                yield Static(Content(shown_text(line)), classes="line")
            yield Static("")
            for answer in self._answers:
                yield _AnswerLine(answer)

    def pressed(self, event: events.Key) -> None:
        """An answer's key."""
        for answer in self._answers:
            if event.character == answer.key or (event.key == "enter" and answer is self._answers[0]):
                self.dismiss(answer.result)
                return

    def on__answer_line_chosen(self, message: _AnswerLine.Chosen) -> None:
        """An answer was clicked."""
        self.dismiss(message.answer.result)


def quit_dialog(session_name: str, file_name: str, backup_name: str | None = None) -> ChoiceDialog:
    """Asked when something would be lost; answers `save`, `discard`, `cancel`.

    `backup_name` is what the file is kept as when it is saved, if something is wrong in it.
    """
    kept = () if backup_name is None else (f'Saving keeps the file as it is now, with its faults, as "{backup_name}".',)
    return ChoiceDialog(
        "Quit",
        (f'"{session_name}" has changes that are not saved.', *kept),
        (
            Answer("s", f'save to "{file_name}" and quit', "save"),
            Answer("d", "discard the changes and quit", "discard"),
            Answer("c", "cancel: go on mixing", "cancel"),
        ),
    )


def replace_dialog(text: str) -> ChoiceDialog:
    """Asked when the session's file is not the one that was opened; answers `cancel`, `replace`."""
    return ChoiceDialog(
        "Not saved",
        (text,),
        (
            Answer("c", "cancel: leave the file as it is", "cancel"),
            Answer("r", "replace it by what is mixed here", "replace"),
        ),
    )


def recovery_dialog(session_name: str, changes: int, when: str) -> ChoiceDialog:
    """Asked at the start when a run ended without saving; answers `recover`, `discard`, `later`."""
    count = "1 change" if changes == 1 else f"{changes} changes"
    return ChoiceDialog(
        "Unsaved changes found",
        (f'gainstage ended without saving "{session_name}": {count}, the last on {when}.',),
        (
            Answer("r", "recover them (undo takes them back)", "recover"),
            Answer("d", "discard them for good", "discard"),
            Answer("l", "decide later: keep them for the next start", "later"),
        ),
    )
