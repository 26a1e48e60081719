"""All notices, in full."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.drawing.names import shown_text
from tui.keymap import Keymap
from tui.notices import WORDS, NoticeLog
from tui.screens.dialog import Dialog, scroll_by_key

_STYLES = {"info": "", "warning": "bold $warning", "error": "bold $error"}


class NoticesScreen(Dialog[None]):
    """Shows what was told, the latest at the end; the key that opened it closes it."""

    DEFAULT_CSS = """
    NoticesScreen > #box { width: 92; height: 80%; padding: 0 1; }
    NoticesScreen VerticalScroll { height: 1fr; background: $surface; scrollbar-size-vertical: 1; }
    """

    def __init__(self, log: NoticeLog, keymap: Keymap) -> None:
        super().__init__()
        self._log = log
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """One scrolled text."""
        with Vertical(id="box"):
            yield Static("Messages", classes="title")
            with VerticalScroll():
                yield Static(log_text(self._log))

    def on_mount(self) -> None:
        """The latest is what is looked for."""
        self.query_one(VerticalScroll).scroll_end(animate=False)

    def pressed(self, event: events.Key) -> None:
        """Scroll or close."""
        action = self._keymap.action(event.key, event.character)
        if not scroll_by_key(self.query_one(VerticalScroll), event.key) and (
            event.key == "enter" or action in ("notices", "mixer", "quit")
        ):
            self.dismiss(None)


def log_text(log: NoticeLog) -> Content:
    """The notices with their times and severities."""
    parts = [
        Content.assemble(
            (f"{told.at:%H:%M:%S}  ", "$text-muted"),
            (f"{WORDS[told.severity]:<8}", _STYLES[told.severity]),
            f"{shown_text(told.text)}\n",
        )
        for told in log
    ]
    return Content("").join(parts) if parts else Content("Nothing was told so far.")
