"""Output to a terminal that never waits for it.

What the terminal does not take at once is kept, in order, and sent when it is ready again. When more than `LIMIT_BYTES`
pile up (a stalled connection), paintings are dropped, and once the terminal is ready again everything is painted anew.
Whole writes are dropped only, so the terminal never gets half a sequence.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

LIMIT_BYTES: Final = 256 * 1024
_CHUNK_BYTES: Final = 65536


class Outlet:
    """Writes to the terminal behind `descriptor`. Calls may come from any thread; call-backs come from the loop's."""

    def __init__(
        self,
        descriptor: int,
        loop: asyncio.AbstractEventLoop,
        *,
        on_hangup: Callable[[], None],
        on_recovered: Callable[[], None],
    ) -> None:
        self._lock = threading.RLock()
        self._loop = loop
        self._loop_thread = threading.get_ident()
        self._on_hangup = on_hangup
        self._on_recovered = on_recovered
        self._queue: deque[tuple[bytes, bool]] = deque()
        self._head_sent = False
        self._backlog = 0
        self._overrun = False
        self._watching = False
        self._dead = False
        self._shared: int | None = None
        try:  # a description of its own: not blocking there does not concern the shell's, which stdin shares
            self._file = os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:
            self._file = self._shared = os.dup(descriptor)
            os.set_blocking(self._file, False)

    @property
    def backlog_bytes(self) -> int:
        """What waits for the terminal."""
        return self._backlog

    def write(self, text: str, *, droppable: bool = False) -> None:
        """Send a text, in order; one that is only a painting may be dropped if the terminal does not listen."""
        with self._lock:
            if self._dead or not text:
                return
            content = text.encode("utf-8", "replace")
            if self._backlog and self._backlog + len(content) > LIMIT_BYTES:
                self._drop()
                if droppable and self._queue:
                    self._overrun = True
                    return
            self._queue.append((content, droppable))
            self._backlog += len(content)
            if not self._watching:
                self._send()
                self._watch()

    def drain(self, timeout_s: float) -> bool:
        """Wait until all is sent, at most so long; True if it is."""
        end = time.monotonic() + timeout_s
        while True:
            with self._lock:
                self._send()
                if self._dead or not self._queue:
                    return not self._dead
            left = end - time.monotonic()
            if left <= 0.0:
                return False
            with contextlib.suppress(OSError):
                poll = select.poll()
                poll.register(self._file, select.POLLOUT)
                poll.poll(min(left, 0.05) * 1000.0)

    def close(self, timeout_s: float = 1.0) -> None:
        """Send what waits, for as long as that may take at most, and let go of the terminal."""
        self.drain(timeout_s)
        with self._lock:
            if self._watching:
                self._loop.remove_writer(self._file)
                self._watching = False
            self._dead = True
            self._queue.clear()
            self._backlog = 0
            if self._shared is not None:
                with contextlib.suppress(OSError):
                    os.set_blocking(self._shared, True)
            with contextlib.suppress(OSError):
                os.close(self._file)

    def _drop(self) -> None:
        """Drop the paintings that wait, except one that the terminal has a part of."""
        head = [self._queue.popleft()] if self._head_sent and self._queue else []
        kept = [item for item in self._queue if not item[1]]
        self._overrun |= len(kept) < len(self._queue)
        self._queue = deque(head + kept)
        self._backlog = sum(len(content) for content, _ in self._queue)

    def _send(self) -> None:
        while self._queue:
            content, droppable = self._queue[0]
            try:
                sent = os.write(self._file, content[:_CHUNK_BYTES])
            except BlockingIOError:
                return
            except OSError:
                self._hang_up()
                return
            self._backlog -= sent
            if sent < len(content):
                self._queue[0] = (content[sent:], droppable)
                self._head_sent = True
            else:
                self._queue.popleft()
                self._head_sent = False
        if self._overrun:
            self._overrun = False
            self._loop.call_soon_threadsafe(self._on_recovered)

    def _hang_up(self) -> None:
        self._dead = True
        self._queue.clear()
        self._backlog = 0
        with contextlib.suppress(RuntimeError):  # the loop may be closed already
            self._loop.call_soon_threadsafe(self._on_hangup)

    def _watch(self) -> None:
        """Have the loop call when the terminal takes more, for as long as something waits."""
        if threading.get_ident() != self._loop_thread:
            if self._queue:
                self._loop.call_soon_threadsafe(self._ready)
            return
        wanted = bool(self._queue) and not self._dead
        if wanted and not self._watching:
            self._loop.add_writer(self._file, self._ready)
        elif self._watching and not wanted:
            self._loop.remove_writer(self._file)
        self._watching = wanted

    def _ready(self) -> None:
        with self._lock:
            if not self._dead or self._watching:
                self._send()
                self._watch()
