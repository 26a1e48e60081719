"""Choosing one of several things by typing a part of its name, by the arrows, or by a click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import set_cell_size
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.drawing.names import cut, shown_text
from tui.screens.dialog import Dialog
from tui.screens.palette import move_mark
from tui.shell import Choice

_WIDEST: Final = 68
_FRAME_CELLS: Final = 5
_LABEL_SHARE: Final = 0.42
_FRAME_ROWS: Final = 5
_MOST_ROWS: Final = 14


class Picker(Dialog[str]):
    """Answers with the result of a choice."""

    DEFAULT_CSS = """
    Picker > #box { width: 68; padding: 0 1; }
    Picker Input { margin: 0; }
    Picker OptionList {
        height: 1fr; border: none; padding: 0; background: $surface; scrollbar-size-vertical: 1; text-wrap: nowrap;
    }
    Picker OptionList > .option-list--option-highlighted {
        color: $block-cursor-foreground; background: $block-cursor-background; text-style: $block-cursor-text-style;
    }
    """

    def __init__(self, title: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._title = title
        self._choices = tuple(choices)

    def compose(self) -> ComposeResult:
        """Title, what is looked for, and what is found."""
        with Vertical(id="box") as box:
            box.styles.height = min(len(self._choices), _MOST_ROWS) + _FRAME_ROWS - 1
            yield Static(Content(shown_text(self._title)), classes="title")
            yield Input(
                id="wanted", placeholder="type a part of its name, or move by the arrows", select_on_focus=False
            )
            found = OptionList(*self._options(""))
            found.can_focus = False
            now = next((place for place, choice in enumerate(self._choices) if choice.is_now), 0)
            found.highlighted = now if self._choices else None
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
        """The marked one it is."""
        option = self.query_one(OptionList).highlighted_option
        if option is not None:
            self.dismiss(option.id)

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """One was clicked."""
        self.dismiss(message.option.id)

    def _options(self, text: str) -> list[Option]:
        room = min(self.app.size.width, _WIDEST) - _FRAME_CELLS
        return [Option(_line(choice, room), id=choice.result) for choice in found_choices(self._choices, text)]


def found_choices(choices: Sequence[Choice], text: str) -> list[Choice]:
    """The choices in whose name every word of a text occurs, those that begin with it first."""
    typed = text.lower().strip()
    fitting = [choice for choice in choices if all(word in choice.label.lower() for word in typed.split())]
    return sorted(fitting, key=lambda choice: not choice.label.lower().startswith(typed))


def _line(choice: Choice, width: int) -> Content:
    label = round(_LABEL_SHARE * width)
    about = shown_text(", ".join(filter(None, ("now" if choice.is_now else "", choice.about))))
    name = f" {set_cell_size(shown_text(choice.label), label)} "
    return Content.assemble(name, (cut(about, max(width - label - 2, 0)), "dim"))
