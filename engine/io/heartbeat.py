"""One rule for a dead device, whatever the audio system: its callbacks stopped.

The frame counter has not moved for max(0.5 s, 20 periods) while running, or the first callback did not come within two
seconds of the start. (Audio systems differ in everything else: some say the stream is active for ever, some spin.)
Before that, a process has a minute to come up (and another for every step it reports) and six seconds for the device.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

_SILENCE_S = 0.5
_SILENT_PERIODS = 20
_FIRST_CALLBACK_S = 2.0
_START_S = 60.0
"""A step of the engine's first compilation takes seconds on a slow machine."""
_OPEN_S = 6.0
"""Audio systems with many devices take a second or two to list them; one that hangs takes for ever."""
_UNSEEN_S = 0.25
"""Time in which nobody looked counts no more than this: reader and engine may have been suspended together."""


class Heartbeat:
    """Watches the callback counter of an engine's status record, from another process."""

    def __init__(self, status: Any, clock: Callable[[], float] = time.monotonic) -> None:
        # Found once: a field of a record costs Python more to find than to read.
        self._callbacks = status.callbacks
        self._clock = clock
        self._seen = 0
        self._limit_s: float | None = None
        self._text = ""
        self._left_s = float("inf")
        self._looked_s = clock()

    def start(self) -> None:
        """A process was asked to start, or reports that it is about it."""
        self._allow(_START_S, f"the engine did not start within {_START_S:.0f} s")

    def open(self) -> None:
        """The process goes to the audio system."""
        self._allow(_OPEN_S, f"the audio system did not answer within {_OPEN_S:.0f} s")

    def expect(self, buffer_frames: int, sample_rate_hz: int) -> None:
        """The output runs: callbacks are to come from now on, the first within two seconds."""
        limit_s = max(_SILENCE_S, _SILENT_PERIODS * buffer_frames / sample_rate_hz)
        self._allow(max(limit_s, _FIRST_CALLBACK_S), "it never asked for sound")
        self._limit_s = limit_s
        self._seen = int(self._callbacks[0])

    def fault(self) -> str | None:
        """What is wrong, or None. To be asked several times a second."""
        now = self._clock()
        self._left_s -= min(now - self._looked_s, _UNSEEN_S)
        self._looked_s = now
        callbacks = int(self._callbacks[0])
        if self._limit_s is not None and callbacks != self._seen:
            self._seen = callbacks
            self._left_s = self._limit_s
            self._text = f"no callback for {self._limit_s:.1f} s"
        return self._text if self._left_s <= 0.0 else None

    def _allow(self, seconds: float, text: str) -> None:
        self._limit_s = None
        self._left_s = seconds
        self._text = text
        self._looked_s = self._clock()
