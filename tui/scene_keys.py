"""Keys that a scene has besides those that all have. What a user has given to one of them counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tui.actions import BY_ID
from tui.keymap import DEFAULT_KEYS, Keymap, key_name, shown_key
from tui.widgets.key_hints import KeyHint

HelpLine = tuple[tuple[str, ...], str]
"""Keys, and what they do."""


@dataclass(frozen=True, slots=True)
class SceneKey:
    """An action of a scene: its keys, and what it does, in a word for the last line and in full for the help."""

    id: str
    keys: tuple[str, ...]
    hint: str
    help: str


@dataclass(frozen=True, slots=True)
class SceneKeys:
    """The actions of a scene, and those that are hinted at in its last line.

    Of `hinted` the most useful come first, as far as they fit; the first two stand at the end of the line. `moving`
    tells of the arrows, `here` of actions of all scenes that do more in this one.
    """

    title: str = ""
    own: tuple[SceneKey, ...] = ()
    hinted: tuple[str, ...] = ()
    moving: tuple[HelpLine, ...] = ()
    here: tuple[HelpLine, ...] = ()

    def action(self, keymap: Keymap, key: str, character: str | None) -> str | None:
        """The action of a key press: one of the scene's own, or one that all have."""
        name = key_name(key, character)
        action = keymap.action(key, character)
        given = action is not None and name not in DEFAULT_KEYS.get(action, ())
        return action if given else next((own.id for own in self.own if name in own.keys), action)

    def shown(self, keymap: Keymap, action_id: str, ascii_only: bool) -> str:
        """The first key of an action as people read it; "" if it has none."""
        own = self._own(action_id)
        return shown_key(own.keys[0], ascii_only) if own is not None else keymap.shown(action_id, ascii_only)

    def hints(self, shown: Callable[[str], str]) -> list[KeyHint]:
        """The hints of the last line; `shown` gives the key of an action."""
        return [KeyHint(shown(each), self._word(each), each) for each in self.hinted if shown(each)]

    def help(self, keymap: Keymap) -> tuple[HelpLine, ...]:
        """The keys of the scene and what they do."""
        here = ((tuple(key for each in actions for key in keymap.keys(each)), does) for actions, does in self.here)
        return (*self.moving, *((own.keys, own.help) for own in self.own), *here)

    def _own(self, action_id: str) -> SceneKey | None:
        return next((own for own in self.own if own.id == action_id), None)

    def _word(self, action_id: str) -> str:
        own = self._own(action_id)
        return own.hint if own is not None else BY_ID[action_id].hint or BY_ID[action_id].label.lower()
