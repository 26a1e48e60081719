"""When the meters are read and shown: at the frame rate while something moves and somebody looks, else seldom.

A mixer at rest would spend most of its time finding out that nothing has changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from textual.app import App

RESTING_FPS: Final = 5.0
"""Often enough for a heartbeat to be missed in time, and for a device that comes back."""
REST_AFTER_S: Final = 1.0


class Beats:
    """Calls `beat`, which tells whether anything moves, from two timers of which one runs."""

    def __init__(self, app: App[Any], fps: float, beat: Callable[[], bool]) -> None:
        self._beat = beat
        self._looked_at = True
        self._moved_s = time.monotonic()
        self.fast = app.set_interval(1.0 / fps, self._turn)
        self.slow = app.set_interval(1.0 / min(fps, RESTING_FPS), self._turn, pause=True)
        self._running = self.fast

    def wake(self) -> None:
        """Something was done, so something may move."""
        self._moved_s = time.monotonic()
        self._choose()

    def look(self, looked_at: bool) -> None:
        """Somebody looks, or nobody does."""
        self._looked_at = looked_at
        self._choose()

    def _turn(self) -> None:
        if self._beat():
            self._moved_s = time.monotonic()
        self._choose()

    def _choose(self) -> None:
        moving = time.monotonic() - self._moved_s < REST_AFTER_S
        wanted = self.fast if self._looked_at and moving else self.slow
        if wanted is not self._running:
            self._running.pause()
            wanted.resume()
            self._running = wanted
