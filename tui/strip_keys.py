"""Keys that the strip view has besides those of the mixer. What a user has given to one of them counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tui.keymap import DEFAULT_KEYS, Keymap, key_name


@dataclass(frozen=True, slots=True)
class StripKey:
    """An action of the strip view: its keys, and what it does, in a word for the last line and in full for the help."""

    id: str
    keys: tuple[str, ...]
    hint: str
    help: str


STRIP_KEYS: Final = (
    StripKey("enter", ("enter",), "edit", "Edit the element, fill an empty slot or send; on a value type it."),
    StripKey("leave", ("escape",), "back", "Leave the editor, and then the strip view."),
    StripKey("field_next", ("tab",), "value", "Choose the next value of the element."),
    StripKey("field_previous", ("shift+tab",), "value before", "Choose the value before."),
    StripKey("more", ("+",), "more", "Move the chosen value up by a step."),
    StripKey("less", ("-",), "less", "Move the chosen value down by a step."),
)
BY_ID: Final = {action.id: action for action in STRIP_KEYS}
_BY_KEY: Final = {key: action.id for action in STRIP_KEYS for key in action.keys}


def strip_action(keymap: Keymap, key: str, character: str | None) -> str | None:
    """The action of a key press in the strip view: one of its own, or one of the mixer's."""
    name = key_name(key, character)
    action = keymap.action(key, character)
    given = action is not None and name not in DEFAULT_KEYS.get(action, ())
    return action if given else _BY_KEY.get(name, action)


def strip_help(keymap: Keymap) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The keys of the strip view and what they do, for the help: its own, and the mixer's where they do more here."""
    return (
        (("up", "down"), "Select the element before or after; in the editor move the value. Left, right: strips."),
        *((action.keys, action.help) for action in STRIP_KEYS),
        *((tuple(key for one in actions for key in keymap.keys(one)), does) for actions, does in _OF_THE_MIXER),
    )


_OF_THE_MIXER: Final = (
    (("slot_1", "slot_8", "control_send_a", "control_send_d"), "Select an insert slot (1 to 8) or a send (a to d)."),
    (("bypass",), "Bypass the processor, or mute the send."),
    (("insert_remove",), "Remove the processor or the send."),
    (("insert_up", "insert_down"), "Move the processor one slot up or down."),
)
