"""Which keys ask for which actions: the defaults, and the user's own in `keys.toml`.

The file has one table; an action that is named there has exactly the keys it is given, and the others keep theirs, but
for those that were given away. So a file stays right when later versions have more actions with keys of their own:

    [keys]
    mute = "m"
    undo = ["u", "ctrl+z"]
    suspend = []

Keys are written as the character they type, or by name: up, pageup, home, tab, space, enter, f1, ctrl+s, shift+up.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from tui.actions import ACTIONS, BY_ID

FILE_NAME: Final = "keys.toml"

DEFAULT_KEYS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "strip_previous": ("left", "h"),
        "strip_next": ("right", "l"),
        "bank_previous": ("[",),
        "bank_next": ("]",),
        "zone_next": ("tab",),
        "zone_previous": ("shift+tab", "`"),
        "rename": ("r",),
        "relink": ("R",),
        "mark": ("*",),
        "mark_none": ("~",),
        "mute_group_add": ("G",),
        "mute_group_switch": ("M",),
        "link_group_add": ("#",),
        "group_remove": ("%",),
        "control_fader": ("f",),
        "control_trim": ("t",),
        "control_pan": ("p",),
        **{f"control_send_{letter}": (letter,) for letter in "abcd"},
        "increase": ("up", "k"),
        "decrease": ("down", "j"),
        "increase_fine": ("shift+up", "K"),
        "decrease_fine": ("shift+down", "J"),
        "increase_coarse": ("pageup",),
        "decrease_coarse": ("pagedown",),
        "type_value": ("=",),
        "reset": ("0",),
        "mute": ("m",),
        "solo": ("s",),
        "solo_exclusive": ("S",),
        "polarity": ("i",),
        "solo_safe": ("A",),
        **{f"slot_{slot}": (str(slot),) for slot in range(1, 9)},
        "bypass": ("y",),
        "insert_remove": ("X", "delete"),
        "insert_replace": ("E",),
        "insert_up": ("{",),
        "insert_down": ("}",),
        "insert_copy": ("O",),
        "output": ("o",),
        "send_to": (">",),
        "send_tap": ("<",),
        "send_mute": ("z",),
        "send_remove": ("Z",),
        "bus_add": ("B",),
        "return_add": ("N",),
        "sum_remove": ("@",),
        "listen_before": ("w",),
        "listen_after": ("e",),
        "listen_clear": ("Q",),
        "monitor_down": ("(",),
        "monitor_up": (")",),
        "monitor_dim": ("9",),
        "monitor_mono": ("&",),
        "monitor_mute": ("\\",),
        "monitor_polarity": ("I",),
        "monitor_ceiling": ("^",),
        "meter_type": ("v",),
        "meter_stage": ("V",),
        "meter_choose": ("/",),
        "stage_choose": ("|",),
        "strip_meter": ("'",),
        "strip_stage": ('"',),
        "meter_options": ("_",),
        "loudness_pause": ("f7",),
        "loudness_reset": ("f8",),
        "clear_holds": ("x",),
        "clear_strip_holds": (";",),
        "clear_meter_holds": ("$",),
        "first_over": ("P",),
        "flag_next": ("!",),
        "flag_fix": ("F",),
        "flag_intended": ("H",),
        "play_stop": ("space",),
        "seek_back": (",",),
        "seek_forward": (".",),
        "start": ("home",),
        "loop": ("L",),
        "undo": ("u",),
        "redo": ("U",),
        "save": ("W", "ctrl+s"),
        "quit": ("q", "ctrl+q", "ctrl+c"),
        "mixer": ("f1",),
        "gain_map": ("f2",),
        "strip": ("f3", "enter"),
        "loudness": ("f4",),
        "palette": (":",),
        "colours": ("C",),
        "notices": ("n",),
        "help": ("?",),
        "redraw": ("ctrl+l",),
        "suspend": ("ctrl+z",),
    }
)

_NAMES: Final = frozenset(
    "up down left right pageup pagedown home end tab space enter escape backspace insert delete".split()
) | {f"f{number}" for number in range(1, 13)}
_WITH_MODIFIERS: Final = re.compile(r"((ctrl|alt|shift)\+)+([a-z0-9]|[a-z]{2,}\d*)")
_SHOWN: Final = {
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn", "space": "Space",
    "tab": "Tab", "home": "Home", "end": "End", "enter": "Enter", "escape": "Esc", "backspace": "Backspace",
    "insert": "Ins", "delete": "Del", "ctrl": "Ctrl", "alt": "Alt", "shift": "Shift",
}  # fmt: skip
_SHOWN_ASCII: Final = {"up": "Up", "down": "Down", "left": "Left", "right": "Right"}


class KeymapError(ValueError):
    """The user's key file is wrong; the text is one line that says where and what to do."""


class Keymap:
    """Keys to actions and back. `notices` are lines about defaults that had to yield to what the user chose."""

    def __init__(self, keys: Mapping[str, tuple[str, ...]] = DEFAULT_KEYS, notices: tuple[str, ...] = ()) -> None:
        self.notices = notices
        self._keys = {action.id: keys.get(action.id, ()) for action in ACTIONS}
        self._actions: dict[str, str] = {}
        for action_id, action_keys in self._keys.items():
            for key in action_keys:
                other = self._actions.setdefault(key, action_id)
                if other != action_id:
                    raise KeymapError(f'key "{key}" is given to {other} and {action_id}: give one of them another key')

    def action(self, key: str, character: str | None) -> str | None:
        """The action of a key press as Textual reports it: its name and the character it types."""
        return self._actions.get(key_name(key, character))

    def keys(self, action_id: str) -> tuple[str, ...]:
        """The keys of an action, the first being the one to show."""
        return self._keys[action_id]

    def shown(self, action_id: str, ascii_only: bool = False) -> str:
        """The first key of an action as people read it; "" if it has none."""
        keys = self._keys[action_id]
        return shown_key(keys[0], ascii_only) if keys else ""


def unknown_key(keymap: Keymap, character: str) -> str:
    """What is told of a key that does nothing."""
    help_key = keymap.shown("help")
    return f'"{character}" does nothing here' + (f": {help_key} shows all keys" if help_key else "")


def key_name(key: str, character: str | None) -> str:
    """One name for a key press: the character it types, or else the key's name."""
    types = character is not None and len(character) == 1 and character.isprintable() and character != " "
    return character if character and types and not key.startswith(("ctrl+", "alt+")) else key


def shown_key(key: str, ascii_only: bool = False) -> str:
    """A key as people read it: `↑`, `PgUp`, `Ctrl+S`, `?`."""
    if len(key) == 1:
        return key
    names = _SHOWN | _SHOWN_ASCII if ascii_only else _SHOWN
    return "+".join(names.get(part, part.upper() if len(part) <= 3 else part) for part in key.split("+"))


def load(path: Path) -> Keymap:
    """The keymap with the user's file, if there is one. Raises `KeymapError` with one line that names the file."""
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        return Keymap()
    except (OSError, UnicodeDecodeError) as error:
        raise KeymapError(f'cannot read "{path}": {error}') from None
    try:
        return Keymap(*merged(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        raise KeymapError(f'"{path}": {error}') from None
    except KeymapError as error:
        raise KeymapError(f'"{path}": {error}') from None


def merged(document: Mapping[str, Any]) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """The defaults with what a file's document says instead, and a line for each action that lost a key by that.

    Raises `KeymapError`.
    """
    unknown = [name for name in document if name != "keys"]
    if unknown:
        raise KeymapError(f'unknown entry "{unknown[0]}": there is one table, [keys]')
    table = document.get("keys", {})
    if not isinstance(table, dict):
        raise KeymapError("keys is not a table: begin it with [keys]")
    given: dict[str, tuple[str, ...]] = {}
    for action_id, value in table.items():
        if action_id not in BY_ID:
            near = difflib.get_close_matches(action_id, BY_ID, n=1)
            advice = f'; did you mean "{near[0]}"?' if near else ""
            raise KeymapError(f'[keys] unknown action "{action_id}"{advice}')
        entries = [value] if isinstance(value, str) else value
        if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
            raise KeymapError(f'[keys] {action_id}: write a key ("m") or a list of keys (["m", "f2"])')
        given[action_id] = tuple(dict.fromkeys(_checked(action_id, entry) for entry in entries))
    return _without_taken(given)


def _without_taken(given: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """The keys that the user gave and the defaults of all other actions, without those keys."""
    takers = {key: action_id for action_id, keys in given.items() for key in keys}
    left: dict[str, tuple[str, ...]] = {}
    notices = []
    for action_id, keys in DEFAULT_KEYS.items():
        taken = [] if action_id in given else [key for key in keys if key in takers]
        left[action_id] = given.get(action_id, tuple(key for key in keys if key not in taken))
        for key in taken:
            others = " and ".join(f'"{other}"' for other in left[action_id])
            rest = f"has {others}" if others else "has no key, give it another one"
            notices.append(f'{FILE_NAME} gives "{key}" to {takers[key]}: {action_id} {rest}')
    return left, tuple(notices)


def _checked(action_id: str, key: str) -> str:
    if key == " ":
        return "space"
    if len(key) == 1 and key.isprintable():
        return key
    lowered = key.lower()
    if lowered in _NAMES:
        return lowered
    match = _WITH_MODIFIERS.fullmatch(lowered)
    if match is not None and (len(match[3]) == 1 or match[3] in _NAMES):
        return lowered
    raise KeymapError(
        f'[keys] {action_id}: "{key}" is no key: write the character it types, or a name like up, pageup, f2, ctrl+s'
    )
