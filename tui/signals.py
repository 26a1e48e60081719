"""The end by a signal: SIGTERM, SIGHUP, SIGINT. Nothing is lost, the terminal is restored, the exit code is 128 + n.

The handler only asks the event loop to leave. A watchdog ends the process if that does not happen in time, so that it
never hangs on a terminal or a device that does not answer.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Final

LEAVE_WITHIN_S: Final = 3.0
_CLOSE_WITHIN_S: Final = 2.0
SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
SIGNAL_EXIT: Final = 128


class ExitWatchdog:
    """Ends the process for good some time after it was asked to end.

    `rescue` is what must not be left undone (it runs in a thread of its own and gets two seconds at most), `restore`
    brings the terminal back without waiting.
    """

    def __init__(self, rescue: Callable[[], None], restore: Callable[[], None]) -> None:
        self._rescue = rescue
        self._restore = restore
        self._done = threading.Event()
        self._started = False

    def start(self, exit_code: int, within_s: float = LEAVE_WITHIN_S) -> None:
        """Begin to count; the first call counts."""
        if not self._started:
            self._started = True
            threading.Thread(target=self._watch, args=(exit_code, within_s), name="watchdog", daemon=True).start()

    def cancel(self) -> None:
        """The process ends by itself."""
        self._done.set()

    def _watch(self, exit_code: int, within_s: float) -> None:
        if self._done.wait(within_s):
            return
        rescue = threading.Thread(target=self._rescue, name="rescue", daemon=True)
        rescue.start()
        rescue.join(_CLOSE_WITHIN_S)
        self._restore()
        os._exit(exit_code)


@contextmanager
def ended_by_signals() -> Generator[None]:
    """For a command without a screen: SIGTERM and SIGHUP leave it as an exception does, so nothing half-done stays.

    A signal that is ignored (nohup) still is. Main thread only.
    """

    def handle(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(SIGNAL_EXIT + number)

    ending = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) == signal.SIG_DFL]
    for number in ending:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number in ending:
            signal.signal(number, signal.SIG_DFL)


def install(leave: Callable[[int], None], watchdog: ExitWatchdog) -> Callable[[], None]:
    """Have the signals call `leave(exit code)` and start the watchdog; returns what undoes that. Main thread only."""

    def handle(number: int, _frame: FrameType | None) -> None:
        watchdog.start(SIGNAL_EXIT + number)
        leave(SIGNAL_EXIT + number)

    before = {number: signal.signal(number, handle) for number in SIGNALS}

    def uninstall() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    return uninstall
