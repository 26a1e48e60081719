"""Keys as the strip view names them: those that move the chosen value, and the most useful ones in the last line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tui.actions import BY_ID
from tui.elements import Field
from tui.keymap import Keymap, shown_key
from tui.strip_keys import BY_ID as STRIP_ACTIONS
from tui.widgets.info_line import Hints
from tui.widgets.key_hints import KeyHint

_HINTED: Final = (
    "help", "mixer", "enter", "field_next", "more", "bypass", "insert_remove", "play_stop", "mute", "solo", "undo",
    "type_value", "insert_down", "strip_next", "meter_type", "clear_holds", "loop", "save", "palette", "redo",
)  # fmt: skip
"""The most useful first; the first two stand at the end of the line."""


def shown_in_view(keymap: Keymap, action_id: str, ascii_only: bool) -> str:
    """The first key of an action of the view or of the mixer, as people read it; "" if it has none."""
    own = STRIP_ACTIONS.get(action_id)
    return shown_key(own.keys[0], ascii_only) if own is not None else keymap.shown(action_id, ascii_only)


def value_hints(field: Field, entered: bool, shown: Callable[[str], str]) -> Hints:
    """What moves a value, with the keys that do so: the arrows in the editor (`entered`), else keys of their own."""
    spec = field.spec
    keys = shown("increase") + shown("decrease") if entered else shown("more") + shown("less")
    hints: list[tuple[str, str]] = [(shown("leave"), "done")] if entered else []
    if spec.taper in ("switch", "choice"):
        hints.append((keys, "change"))
    else:
        unit = " %" if spec.taper == "log" else f" {spec.unit}" if spec.unit.isalpha() or spec.unit == "%" else ""
        hints += [(keys, f"{spec.step:g}{unit}"), (shown("increase_fine"), f"{spec.fine_step:g}")]
        hints += [(shown("increase_coarse"), f"{spec.coarse_step:g}"), (shown("type_value"), "type")]
    hints.append((shown("reset"), "default"))
    if not entered:
        hints.append((shown("enter"), "edit"))
    return tuple((keys, does) for keys, does in hints if keys)


def last_line(shown: Callable[[str], str]) -> list[KeyHint]:
    """The hints of the last line."""
    hints = []
    for action_id in _HINTED:
        own = STRIP_ACTIONS.get(action_id)
        label = own.hint if own is not None else BY_ID[action_id].hint or BY_ID[action_id].label.lower()
        if shown(action_id):
            hints.append(KeyHint(shown(action_id), label, action_id))
    return hints
