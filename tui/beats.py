"""When the meters are read and shown: at the frame rate while something moves and somebody looks, else seldom.

A mixer at rest would spend most of its time finding out that nothing has changed. Beats are calls of the event loop and
not timers of Textual, which cost as much by themselves as drawing the meters does.
"""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import Callable
from typing import Any, Final

from textual.app import App

RESTING_FPS: Final = 5.0
"""Often enough for a heartbeat to be missed in time, and for a device that comes back."""
REST_AFTER_S: Final = 1.0


class Beats:
    """Calls `beat`, which tells whether anything moves, for as long as the application runs."""

    def __init__(self, app: App[Any], fps: float, beat: Callable[[], bool]) -> None:
        self._app, self._beat = app, beat
        self._loop, self._context = asyncio.get_running_loop(), contextvars.copy_context()
        self._fast_s, self._slow_s = 1.0 / fps, 1.0 / min(fps, RESTING_FPS)
        self._looked_at = True
        self._moved_s = time.monotonic()
        self._last_s = self._loop.time()
        """When the last beat was due."""
        self._next = self._schedule()

    @property
    def are_slow(self) -> bool:
        """Whether there is nothing to see, or nobody who does."""
        moving = time.monotonic() - self._moved_s < REST_AFTER_S
        return not (self._looked_at and moving)

    def wake(self) -> None:
        """Something was done, so something may move."""
        self._moved_s = time.monotonic()
        self._reschedule()

    def look(self, looked_at: bool) -> None:
        """Somebody looks, or nobody does."""
        self._looked_at = looked_at
        self._reschedule()

    def stop(self) -> None:
        """No beat any more."""
        self._next.cancel()

    def _turn(self) -> None:
        app = self._app
        if not app._running or app._exit:
            return
        self._last_s = max(self._next.when(), self._loop.time() - self._fast_s)  # what was missed is not made up for
        try:
            if self._beat():
                self._moved_s = time.monotonic()
        except Exception as error:
            app._handle_exception(error)
            return
        self._next = self._schedule()

    def _reschedule(self) -> None:
        if not self._next.cancelled():
            self._next.cancel()
            self._next = self._schedule()

    def _schedule(self) -> asyncio.TimerHandle:
        due_s = self._last_s + (self._slow_s if self.are_slow else self._fast_s)
        return self._loop.call_at(due_s, self._turn, context=self._context)
