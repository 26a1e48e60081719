"""What all dialogs share: a box over the running mixer, which leaves the rest of the screen as it is."""

from __future__ import annotations

from typing import Final, TypeVar

from textual import events
from textual.await_complete import AwaitComplete
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input

from tui.screens.sizes import LatestSizeOnly

Result = TypeVar("Result")

_EDITING: Final = {
    "backspace": "delete_left",
    "delete": "delete_right",
    "left": "cursor_left",
    "right": "cursor_right",
    "home": "home",
    "end": "end",
    "ctrl+a": "home",
    "ctrl+e": "end",
    "ctrl+u": "delete_left_all",
    "ctrl+k": "delete_right_all",
    "ctrl+w": "delete_left_word",
}
"""Keys of an input and what Textual calls their actions."""


class Dialog(LatestSizeOnly, ModalScreen[Result], inherit_bindings=False):
    """A box that answers with a result, or None if it is left with Escape.

    Its ground is transparent: the meters around it go on, painted past it. Its size is fixed while it is open.
    """

    DEFAULT_CSS = """
    Dialog {
        background: transparent;
        align: center middle;
    }
    Dialog > #box {
        background: $surface;
        color: $foreground;
        border: round $accent;
        padding: 0 2;
        width: 68;
        max-width: 100%;
        height: auto;
        max-height: 100%;
    }
    Dialog .title { text-style: bold; color: $accent; height: 1; }
    Dialog .line { height: auto; }
    Dialog .dim { color: $text-muted; height: auto; }
    Dialog #said { height: 2; }
    Dialog .fault { color: $error; text-style: bold; height: 2; }
    Dialog Input { border: none; height: 1; padding: 0 1; background: $panel; margin: 1 0; }
    Dialog Input:focus { border: none; }
    """

    _noted = ""
    """The input's text as `typed` was last told."""

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close it, once: a second click of a burst must not close what lies below."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

    def begin_typing(self) -> None:
        """Show the cursor in the input; it does not blink, for each blink would go over the line."""
        entry = self.query_one(Input)
        self._noted = entry.value
        entry.cursor_blink = False
        entry.focus()

    def take_key(self, event: events.Key) -> None:
        """A key acts at once: Escape leaves, what an input edits with edits it, the rest is up to the dialog."""
        if event.key == "escape":
            self.dismiss(None)
            return
        entry = next(iter(self.query(Input)), None)
        if entry is None:
            self.pressed(event)
        elif event.key == "enter":
            self.entered(entry.value)
        elif event.key in _EDITING:
            getattr(entry, f"action_{_EDITING[event.key]}")()
            self._note(entry.value)
        elif event.is_printable and event.character:
            entry.insert_text_at_cursor(event.character)
            self._note(entry.value)
        else:
            self.pressed(event)

    def on_input_changed(self, message: Input.Changed) -> None:
        """A paste does not come as keys; of what did come so this is old news."""
        self._note(message.input.value)

    def _note(self, text: str) -> None:
        if text != self._noted:
            self._noted = text
            self.typed(text)

    def pressed(self, event: events.Key) -> None:
        """A key that no input takes."""

    def typed(self, text: str) -> None:
        """The input's text is another one."""

    def entered(self, text: str) -> None:
        """Enter in a dialog with an input."""


def scroll_by_key(scroll: VerticalScroll, key: str) -> bool:
    """Scroll a text by the usual keys; False if it was another one."""
    match key:
        case "up" | "k":
            scroll.scroll_up(animate=False)
        case "down" | "j":
            scroll.scroll_down(animate=False)
        case "pageup":
            scroll.scroll_page_up(animate=False)
        case "pagedown" | "space":
            scroll.scroll_page_down(animate=False)
        case "home":
            scroll.scroll_home(animate=False)
        case "end":
            scroll.scroll_end(animate=False)
        case _:
            return False
    return True
