"""All actions by name, with their keys: typing finds one, Enter does it."""

from __future__ import annotations

from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tui.actions import ACTIONS, Action
from tui.drawing.glyphs import GlyphSet
from tui.keymap import Keymap
from tui.screens.dialog import Dialog

_WIDEST: Final = 78
_FRAME_CELLS: Final = 5
_LABEL_CELLS: Final = 18
_KEY_CELLS: Final = 11
_STEPS: Final = {"up": -1, "down": 1, "shift+tab": -1, "tab": 1}
_PAGES: Final = {"pageup": -1, "pagedown": 1}


def move_mark(found: OptionList, key: str) -> None:
    """Move the mark of a list if that is what a key does: by one, round its ends, or by as much as is seen.

    Textual's own moves by a page need lines, which a list that is not drawn yet (or has no room) does not have.
    """
    last, now = found.option_count - 1, found.highlighted or 0
    if last < 0:
        return
    if key in _STEPS:
        found.highlighted = (now + _STEPS[key]) % (last + 1)
    elif key in _PAGES:
        page = max(found.scrollable_content_region.height, 1)
        found.highlighted = min(max(now + _PAGES[key] * page, 0), last)


class ActionPalette(Dialog[str]):
    """Answers with the id of an action."""

    DEFAULT_CSS = """
    ActionPalette > #box { width: 78; height: 16; padding: 0 1; }
    ActionPalette Input { margin: 0; }
    ActionPalette OptionList {
        height: 1fr; border: none; padding: 0; background: $surface; scrollbar-size-vertical: 1; text-wrap: nowrap;
    }
    ActionPalette OptionList > .option-list--option-highlighted {
        color: $block-cursor-foreground; background: $block-cursor-background; text-style: $block-cursor-text-style;
    }
    """

    def __init__(self, keymap: Keymap, glyphs: GlyphSet) -> None:
        super().__init__()
        self._keymap = keymap
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """What is looked for, and what is found."""
        with Vertical(id="box"):
            yield Input(id="wanted", placeholder="find an action", select_on_focus=False)
            found = OptionList(*self._options(""))
            found.can_focus = False
            found.highlighted = 0
            yield found

    def on_mount(self) -> None:
        """Ready to type."""
        self.begin_typing()

    def pressed(self, event: events.Key) -> None:
        """Move the mark."""
        move_mark(self.query_one(OptionList), event.key)

    def typed(self, text: str) -> None:
        """Show what fits, the first of it marked."""
        found = self.query_one(OptionList)
        found.clear_options()
        found.add_options(self._options(text))
        found.highlighted = 0 if found.option_count else None

    def entered(self, text: str) -> None:
        """The marked action it is."""
        option = self.query_one(OptionList).highlighted_option
        if option is not None:
            self.dismiss(option.id)

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """An action was clicked."""
        self.dismiss(message.option.id)

    def _options(self, text: str) -> list[Option]:
        return [Option(self._line(action), id=action.id) for action in found_actions(text)]

    def _line(self, action: Action) -> Content:
        key, does = self._keymap.shown(action.id, self._glyphs.name == "ascii"), action.help
        room = max(min(self.app.size.width, _WIDEST) - _FRAME_CELLS - _LABEL_CELLS - _KEY_CELLS - 1, 1)
        if len(does) > room:
            does = does[: room - 1] + self._glyphs.ellipsis
        return Content.assemble(f" {action.label:<{_LABEL_CELLS}}", (f"{key:<{_KEY_CELLS}}", "bold"), does)


def found_actions(text: str) -> list[Action]:
    """The actions in which every word of a text occurs: first the one called so, then those that begin with it."""
    typed = text.lower().strip()
    words = typed.split()

    def rank(action: Action) -> int:
        label = action.label.lower()
        return (
            0 if label == typed else 1 if label.startswith(typed) else 2 if all(word in label for word in words) else 3
        )

    known = (action for action in ACTIONS if action.id != "palette")
    fitting = [action for action in known if all(word in f"{action.label} {action.help}".lower() for word in words)]
    return sorted(fitting, key=rank)
