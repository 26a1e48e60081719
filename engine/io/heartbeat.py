"""One rule for a dead device, whatever the audio system: its callbacks stopped.

The frame counter has not moved for max(0.5 s, 20 periods) while running, or the first callback did not come within two
seconds of the start. (Audio systems differ in everything else: some say the stream is active for ever, some spin.)
"""

from __future__ import annotations

import time
from typing import Any

_SILENCE_S = 0.5
_SILENT_PERIODS = 20
_FIRST_CALLBACK_S = 2.0
_OPEN_S = 120.0
"""A process that has not said by then where it plays (a first start compiles the engine meanwhile) hangs."""


class Heartbeat:
    """Watches the callback counter of an engine's status record, from another process."""

    def __init__(self, status: Any) -> None:
        self._status = status
        self._seen = 0
        self._limit_s: float | None = None
        self._deadline_s = float("inf")

    def start(self) -> None:
        """A process was asked to open its output."""
        self._limit_s = None
        self._deadline_s = time.monotonic() + _OPEN_S

    def expect(self, buffer_frames: int, sample_rate_hz: int) -> None:
        """The output runs: callbacks are to come from now on, the first within two seconds."""
        self._seen = int(self._status.callbacks[0])
        self._limit_s = max(_SILENCE_S, _SILENT_PERIODS * buffer_frames / sample_rate_hz)
        self._deadline_s = time.monotonic() + max(self._limit_s, _FIRST_CALLBACK_S)

    def stop(self) -> None:
        """Nothing is expected any more."""
        self._deadline_s = float("inf")

    def fault(self) -> str | None:
        """What is wrong, or None. To be asked several times a second."""
        now = time.monotonic()
        callbacks = int(self._status.callbacks[0])
        if self._limit_s is not None and callbacks != self._seen:
            self._seen = callbacks
            self._deadline_s = now + self._limit_s
        if now < self._deadline_s:
            return None
        if self._limit_s is None:
            return f"the audio process did not open its output within {_OPEN_S:.0f} s"
        return f"no callback for {self._limit_s:.1f} s" if callbacks else "it never asked for sound"
