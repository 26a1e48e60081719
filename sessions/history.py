"""Undo and redo: sessions are values that share their unchanged parts, so the past is kept as it was."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

from sessions.edits import Edit
from sessions.model import Session

MERGE_WINDOW_S: Final = 0.5
"""Changes of one control that follow each other within this time are one step."""
MAX_STEPS: Final = 1000


@dataclass(frozen=True, slots=True)
class _Step:
    label: str
    before: Session
    after: Session
    position: int
    merge_key: Hashable | None


class History:
    """A session with its past and its undone future. Not thread-safe: it belongs to the interface's thread."""

    def __init__(self, session: Session, max_steps: int = MAX_STEPS) -> None:
        self._session = session
        self._past: deque[_Step] = deque(maxlen=max_steps)
        self._future: list[_Step] = []
        self._position = 0
        self._mergeable_until_s: float | None = None

    @property
    def session(self) -> Session:
        """The session as it is now."""
        return self._session

    @property
    def position(self) -> int:
        """How many steps lie between the first session and this one; also counts those that were forgotten."""
        return self._position

    @property
    def undo_label(self) -> str | None:
        """What `undo` would take back."""
        return self._past[-1].label if self._past else None

    @property
    def redo_label(self) -> str | None:
        """What `redo` would do again."""
        return self._future[-1].label if self._future else None

    def do(self, edit: Edit, now_s: float) -> bool:
        """Apply an edit made at a (monotonic) time; False if it changes nothing, which is no step then.

        Raises `SessionError` and stays as it was if the edit cannot be done.
        """
        before = self._session
        after = edit.apply(before)
        if after == before:
            return False
        step = _Step(edit.label(before), before, after, self._position, edit.merge_key)
        if self._merges(edit, now_s):
            last = self._past.pop()
            step = _Step(step.label, last.before, after, last.position, last.merge_key)
        self._future.clear()
        self._session = after
        if step.before == after:  # swept and brought back: nothing is left to undo
            self._position = step.position
            self.end_sweep()
            return True
        self._past.append(step)
        self._position = step.position + 1
        self._mergeable_until_s = now_s + MERGE_WINDOW_S
        return True

    def end_sweep(self) -> None:
        """Let the next edit be a step of its own, so that undo leads back to the session as it is now."""
        self._mergeable_until_s = None

    def undo(self) -> str | None:
        """Take the last step back and return its label; None if there is none."""
        if not self._past:
            return None
        step = self._past.pop()
        self._future.append(step)
        self._go(step.before, step.position)
        return step.label

    def redo(self) -> str | None:
        """Do the last undone step again and return its label; None if there is none."""
        if not self._future:
            return None
        step = self._future.pop()
        self._past.append(step)
        self._go(step.after, step.position + 1)
        return step.label

    def _go(self, session: Session, position: int) -> None:
        self._session = session
        self._position = position
        self.end_sweep()

    def _merges(self, edit: Edit, now_s: float) -> bool:
        return (
            self._mergeable_until_s is not None
            and now_s <= self._mergeable_until_s
            and edit.merge_key is not None
            and edit.merge_key == self._past[-1].merge_key
        )
