"""A program in a real pseudo-terminal: what it wrote when, and what that looked like.

A thread reads the terminal and does nothing else but answer the questions that programs ask terminals; what was read is
turned into a screen afterwards, so that drawing it costs the program nothing and moves no time stamp.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import signal
import struct
import termios
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyte

from benchmarks.children import environment

_CURSOR_ASKED = re.compile(rb"\x1b\[(\d+;\d+)H\x1b\[6n")
"""A frame's end: the cursor is put somewhere, and asked for."""
_ANSWERS = {
    b"\x1b[c": b"\x1b[?62;22c",  # what the terminal is
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",  # whether it can draw a frame at once
}
_POLL_S = 0.002


@dataclass(frozen=True, slots=True)
class Chunk:
    """What was read at once, `at_s` seconds after the program was started."""

    at_s: float
    content: bytes


class Terminal:
    """Starts a command in a terminal of its own; a context manager that ends it."""

    def __init__(self, command: Sequence[str | Path], columns: int = 200, rows: int = 50, **settings: str) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._chunks: list[Chunk] = []
        self._drawn = 0
        self.last_drawn_s = 0.0
        """When what was drawn last had arrived."""
        words = [str(word) for word in command]
        surroundings = environment(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8", **settings)
        self._begun_s = time.monotonic()
        self.pid, self._descriptor = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execvpe(words[0], words, surroundings)
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_error: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        if not self.ended(within_s=5.0):
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._descriptor)

    @property
    def now_s(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._begun_s

    @property
    def chunks(self) -> list[Chunk]:
        """All that was read so far."""
        return self._chunks.copy()

    def ended(self, within_s: float) -> bool:
        """Whether the program ends within a time."""
        until_s = self.now_s + within_s
        while os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            if self.now_s > until_s:
                return False
            self.pause()
        return True

    def pause(self, seconds: float = _POLL_S) -> None:
        """Lets time pass."""
        time.sleep(seconds)

    def write(self, keys: str) -> float:
        """Types; returns when."""
        at_s = self.now_s
        os.write(self._descriptor, keys.encode())
        return at_s

    def draw(self) -> Chunk | None:
        """Draws the next chunk onto `screen`; None when all has been drawn."""
        if self._drawn == len(self._chunks):
            return None
        chunk = self._chunks[self._drawn]
        self._drawn += 1
        self.last_drawn_s = chunk.at_s
        self._stream.feed(chunk.content)
        return chunk

    def draw_all(self) -> None:
        """Draws what was read so far."""
        while self.draw() is not None:
            pass

    def when(self, seen: Callable[[str], bool], within_s: float) -> float:
        """Waits for a screen (its rows as one text); returns when the chunk arrived that completed it."""
        until_s = self.now_s + within_s
        while self.now_s < until_s:
            chunk = self.draw()
            if chunk is None:
                self.pause()
            elif seen("\n".join(self.screen.display)):
                return chunk.at_s
        shown = "\n".join(row.rstrip() for row in self.screen.display if row.strip())
        raise TimeoutError(f"not seen within {within_s:.0f} s; the screen shows:\n{shown}")

    def _read(self) -> None:
        while True:
            try:
                content = os.read(self._descriptor, 1 << 16)
            except OSError:
                return
            if not content:
                return
            self._chunks.append(Chunk(self.now_s, content))
            for place in _CURSOR_ASKED.findall(content):
                os.write(self._descriptor, b"\x1b[%bR" % place)
            for question, answer in _ANSWERS.items():
                for _ in range(content.count(question)):
                    os.write(self._descriptor, answer)
