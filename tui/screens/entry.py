"""Typing something that has to make sense: a value, a name, a path."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui.drawing.names import shown_text
from tui.screens.dialog import Dialog, Result


class EntryDialog(Dialog[Result]):
    """Answers with what `read` makes of the text. Nothing typed is no answer.

    What `read` raises as a `ValueError` is shown in the place of `explained`, until the text is another one.
    """

    def __init__(
        self,
        title: str,
        explained: str,
        read: Callable[[str], Result],
        *,
        was: str = "",
        text: str = "",
        hint: str = "",
    ) -> None:
        super().__init__()
        self._title = title
        self._explained = explained
        self._read = read
        self._was = was
        self._text = text
        self._hint = hint

    def compose(self) -> ComposeResult:
        """Title, what it was, input, and a place for what is wrong."""
        with Vertical(id="box"):
            yield Static(Content(shown_text(self._title)), classes="title")
            if self._was:
                yield Static(Content(f"was: {shown_text(self._was)}"), classes="dim")
            yield Input(self._text, placeholder=self._hint, select_on_focus=False)
            yield Static(Content(self._explained), classes="dim", id="said")

    def on_mount(self) -> None:
        """Ready to type."""
        self.begin_typing()

    def typed(self, text: str) -> None:
        """What was wrong is being put right."""
        self._say(self._explained, fault=False)

    def entered(self, text: str) -> None:
        """Answer, or say why not."""
        if not text.strip():
            self.dismiss(None)
            return
        try:
            self.dismiss(self._read(text))
        except ValueError as fault:
            self._say(str(fault), fault=True)

    def _say(self, text: str, *, fault: bool) -> None:
        line = self.query_one("#said", Static)
        line.set_classes("fault" if fault else "dim")
        line.update(Content(shown_text(text)), layout=False)
