"""All keys, made from the actions and the key map as they are now."""

from __future__ import annotations

import textwrap
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.actions import ACTIONS, GROUPS
from tui.keymap import Keymap, shown_key
from tui.loudness_keys import LOUDNESS_KEYS
from tui.map_keys import MAP_KEYS
from tui.scene_keys import SceneKeys
from tui.screens.dialog import Dialog, scroll_by_key
from tui.strip_keys import STRIP_KEYS

MOUSE_HELP = (
    ("drag", "fader, trim number, pan, send: moves from where it is grabbed; Ctrl: fine"),
    ("wheel", "steps the control under the pointer; Ctrl: fine"),
    ("click", "selects a strip, a control or an insert slot, presses M, S, polarity"),
    ("click", "on the scale: another type of meter; on a level that was over: the place in the song"),
    ("Ctrl+click", "on a strip's number or name: marks it; on S: exclusive solo"),
    ("click again", "on an active number: type a value; on an empty slot or send: choose; on the output: choose"),
    ("double click", "sets a control to its default"),
)
SCENES: Final = (MAP_KEYS, STRIP_KEYS, LOUDNESS_KEYS)
"""Those that have keys of their own."""
NO_SCENE: Final = SceneKeys()
_KEY_CELLS: Final = 15
_WIDEST: Final = 92
_NARROWEST: Final = 24
_FRAME_CELLS: Final = 6


class HelpScreen(Dialog[None]):
    """Shows the keys; any of the keys that opened it closes it."""

    DEFAULT_CSS = """
    HelpScreen > #box { width: 92; height: 90%; padding: 0 1; }
    HelpScreen VerticalScroll { height: 1fr; background: $surface; scrollbar-size-vertical: 1; }
    """

    def __init__(self, keymap: Keymap, keys_file: str, ascii_only: bool, seen: SceneKeys) -> None:
        super().__init__()
        self._seen = seen
        self._keymap = keymap
        self._keys_file = keys_file
        self._ascii = ascii_only

    def compose(self) -> ComposeResult:
        """One scrolled text."""
        with Vertical(id="box"):
            yield Static("Keys and mouse", classes="title")
            with VerticalScroll():
                yield Static(help_text(self._keymap, self._keys_file, self._ascii, self.app.size.width, self._seen))

    def pressed(self, event: events.Key) -> None:
        """Scroll or close."""
        action = self._keymap.action(event.key, event.character)
        if not scroll_by_key(self.query_one(VerticalScroll), event.key) and (
            event.key == "enter" or action in ("help", "mixer", "quit")
        ):
            self.dismiss(None)


def help_text(keymap: Keymap, keys_file: str, ascii_only: bool, width: int, seen: SceneKeys = NO_SCENE) -> Content:
    """The help for a terminal's width: what keys do in the scene that is seen before what they do elsewhere; every
    action with a key, by group, then the mouse, the other scenes and where keys are changed.
    """
    width = max(min(width, _WIDEST) - _FRAME_CELLS, _NARROWEST)
    scenes = [_scene_help(scene, keymap, ascii_only, width) for scene in SCENES if scene is not seen]
    parts = [_scene_help(seen, keymap, ascii_only, width)] if seen in SCENES else []
    for group in GROUPS:
        parts.append(Content.styled(f"\n{group}\n", "bold $accent"))
        for action in ACTIONS:
            keys = keymap.keys(action.id)
            if action.group == group and keys:
                parts.append(_entry("  ".join(shown_key(key, ascii_only) for key in keys), action.help, width))
    parts.append(Content.styled("\nMouse\n", "bold $accent"))
    parts += [_entry(what, does, width) for what, does in MOUSE_HELP]
    parts += scenes
    parts.append(Content.styled("\nYour own keys\n", "bold $accent"))
    parts.append(Content(f'  {keys_file}\n  [keys]\n  mute = "m"\n  undo = ["u", "ctrl+z"]\n'))
    names = "Names of all actions: " + ", ".join(action.id for action in ACTIONS)
    parts.append(Content.styled(textwrap.indent(textwrap.fill(names, width - 2), "  "), "dim"))
    return Content("").join(parts)


def _scene_help(scene: SceneKeys, keymap: Keymap, ascii_only: bool, width: int) -> Content:
    lines = scene.help(keymap)
    entries = (_entry("  ".join(shown_key(key, ascii_only) for key in keys), does, width) for keys, does in lines)
    return Content("").join([Content.styled(f"\nIn the {scene.title}\n", "bold $accent"), *entries])


def _entry(keys: str, does: str, width: int) -> Content:
    """Keys and what they do, wrapped beside them."""
    first, *rest = textwrap.wrap(does, max(width - _KEY_CELLS - 3, 20))
    indent = " " * (_KEY_CELLS + 3)
    return Content.assemble((f"  {keys:<{_KEY_CELLS}} ", "bold"), first, "\n", *(f"{indent}{line}\n" for line in rest))
