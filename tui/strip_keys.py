"""Keys that the strip view has besides those of the mixer. What a user has given to one of them counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tui.elements import SENDS, SLOTS
from tui.keymap import DEFAULT_KEYS, Keymap, key_name


@dataclass(frozen=True, slots=True)
class StripKey:
    """An action of the strip view: its keys, and what it does, in a word for the last line and in full for the help."""

    id: str
    keys: tuple[str, ...]
    hint: str
    help: str


STRIP_KEYS: Final = (
    StripKey("enter", ("enter",), "edit", "Edit the element; on an empty slot choose a processor; on a value type it."),
    StripKey("leave", ("escape",), "back", "Leave the editor, and then the strip view."),
    StripKey("field_next", ("tab",), "value", "Choose the next value of the element."),
    StripKey("field_previous", ("shift+tab",), "value before", "Choose the value before."),
    StripKey("more", ("+",), "more", "Move the chosen value up by a step."),
    StripKey("less", ("-",), "less", "Move the chosen value down by a step."),
    StripKey("bypass", ("y",), "bypass", "Bypass the processor, or mute the send."),
    StripKey("remove", ("X", "delete"), "remove", "Remove the processor or the send."),
    StripKey("earlier", ("<",), "earlier", "Move the processor one slot up."),
    StripKey("later", (">",), "later", "Move the processor one slot down."),
    *(StripKey(f"element {name}", (name,), "", "") for name in (*SLOTS, *SENDS)),
)
BY_ID: Final = {action.id: action for action in STRIP_KEYS}
_BY_KEY: Final = {key: action.id for action in STRIP_KEYS for key in action.keys}


def strip_action(keymap: Keymap, key: str, character: str | None) -> str | None:
    """The action of a key press in the strip view: one of its own, or one of the mixer's."""
    name = key_name(key, character)
    action = keymap.action(key, character)
    given = action is not None and name not in DEFAULT_KEYS.get(action, ())
    return action if given else _BY_KEY.get(name, action)


def strip_help() -> tuple[tuple[tuple[str, ...], str], ...]:
    """The keys of the strip view and what they do, for the help."""
    moving = (("up", "down"), "Select the element before or after; in the editor move the value. Left, right: strips.")
    named = ((SLOTS[0], SLOTS[-1], SENDS[0], SENDS[-1]), "Select an insert slot (1 to 8) or a send (a to d).")
    return (moving, *((action.keys, action.help) for action in STRIP_KEYS if action.help), named)
