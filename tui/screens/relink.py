"""Choosing the file a strip plays, when it is not where it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui.screens.dialog import Dialog

_EXPLAINED = "A sound file, or a folder in which all missing stems are looked for."

FileCheck = Callable[[Path], str | None]
"""What is wrong with a file or folder as the new place of a stem, in one line; None if nothing is."""


class RelinkDialog(Dialog[Path]):
    """Answers with the path of a file (or of a folder in which all missing stems are looked for)."""

    def __init__(self, strip_name: str, current: str, folder: Path, check: FileCheck) -> None:
        super().__init__()
        self._strip_name = strip_name
        self._current = current
        self._folder = folder
        self._check = check

    def compose(self) -> ComposeResult:
        """Title, what it was, input, and a place for what is wrong."""
        with Vertical(id="box"):
            yield Static(Content(f"Relink  {self._strip_name}"), classes="title")
            yield Static(Content(f"was: {self._current}"), classes="dim")
            yield Input(id="path", placeholder=str(self._folder), select_on_focus=False)
            yield Static(_EXPLAINED, classes="dim", id="said")

    def on_mount(self) -> None:
        """Ready to type."""
        self.begin_typing()

    def typed(self, text: str) -> None:
        """What was wrong is being put right."""
        self._say(_EXPLAINED, fault=False)

    def entered(self, text: str) -> None:
        """Take the path, or say why not."""
        typed = text.strip()
        if not typed:
            self.dismiss(None)
            return
        path = self._folder / Path(typed).expanduser()
        fault = self._check(path)
        if fault is None:
            self.dismiss(path)
        else:
            self._say(fault, fault=True)

    def _say(self, text: str, *, fault: bool) -> None:
        line = self.query_one("#said", Static)
        line.set_classes("fault" if fault else "dim")
        line.update(Content(text), layout=False)
