"""A real terminal for the program under test: a pseudo-terminal, and pyte as the emulator on its other side."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pyte

PATIENCE_S = 60.0
"""Nothing takes that long; a busy build machine may."""


class Terminal:
    """Runs `gainstage ARGUMENTS` in a terminal of so many columns and lines."""

    def __init__(
        self, arguments: list[str], *, columns: int, lines: int, environment: dict[str, str] | None = None
    ) -> None:
        self.columns, self.lines = columns, lines
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self.status: int | None = None
        self.received = b""
        root = str(Path(__file__).resolve().parents[2])
        # A shell that exports the size of another moment must not mislead the program.
        misleading = {"COLUMNS": "33", "LINES": "11"}
        variables = os.environ | misleading | {"TERM": "xterm-256color", "PYTHONPATH": root} | (environment or {})
        self.pid, self._descriptor = pty.fork()
        if self.pid == 0:  # pragma: no cover - the child becomes the program
            size = struct.pack("HHHH", lines, columns, 0, 0)
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            os.execve(sys.executable, [sys.executable, "-m", "tui.cli", *arguments], variables)

    # What is seen

    def pump(self, seconds: float = 0.05) -> None:
        """Takes in what the program has written, answering what a terminal answers."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if not select.select([self._descriptor], [], [], left)[0]:
                return
            try:
                data = os.read(self._descriptor, 65536)
            except OSError:
                data = b""
            if not data:
                return
            self.received += data
            # pyte knows nothing of synchronised output and of private mode questions, which are harmless to drop.
            self._stream.feed(re.sub(rb"\x1b\[[?>=][0-9;]*\$?[a-zA-Z]|\x1b\[>[0-9;]*[a-z]", b"", data))
            for _ in range(data.count(b"\x1b[6n")):
                self._write(b"\x1b[%d;%dR" % (self._screen.cursor.y + 1, self._screen.cursor.x + 1))

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        self.pump(0.01)
        return "\n".join(self._screen.display)

    def wait_for(self, wanted: str | Callable[[str], bool], why: str = "") -> str:
        """Waits until the screen matches a regular expression (or a condition); returns the screen."""
        holds = wanted if callable(wanted) else lambda text: re.search(wanted, text) is not None
        deadline = time.monotonic() + PATIENCE_S
        while not holds(text := self.text):
            assert time.monotonic() < deadline, f"never seen: {why or wanted}\n{text}"
            assert self.running, f"ended with {self.status} before: {why or wanted}\n{text}\n{self.received[-2000:]!r}"
            self.pump(0.05)
        return text

    def find(self, wanted: str) -> tuple[int, int]:
        """Column and line (0-based) of the first match of a regular expression."""
        for line, text in enumerate(self.text.splitlines()):
            if match := re.search(wanted, text):
                return match.start(), line
        raise AssertionError(f"{wanted} is not on the screen:\n{self.text}")

    # What is done

    def _write(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            os.write(self._descriptor, data)

    def press(self, keys: str) -> None:
        """Types characters, or escape sequences as they are."""
        self._write(keys.encode())
        self.pump(0.05)

    def mouse(self, action: str, column: int, line: int, button: int = 0) -> None:
        """Sends an SGR mouse report: `press`, `drag`, `release`, `wheel_up` or `wheel_down` at a 0-based cell."""
        code = {"press": button, "release": button, "drag": button + 32, "wheel_up": 64, "wheel_down": 65}[action]
        self._write(b"\x1b[<%d;%d;%d%c" % (code, column + 1, line + 1, b"m" if action == "release" else b"M"))
        self.pump(0.05)

    def resize(self, columns: int, lines: int) -> None:
        """Changes the size, as a user who drags the window."""
        self.columns, self.lines = columns, lines
        self._screen.resize(lines, columns)
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)

    # How it ends

    @property
    def running(self) -> bool:
        """Whether the program has not ended."""
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is None

    def wait_for_end(self) -> int:
        """The exit code (negative for a signal)."""
        deadline = time.monotonic() + PATIENCE_S
        while self.running:
            assert time.monotonic() < deadline, f"does not end:\n{self.text}"
            self.pump(0.05)
        self.pump(0.2)
        assert self.status is not None
        return self.status

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to the program."""
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Closes the terminal, as a dropped connection does."""
        os.close(self._descriptor)
        self._descriptor = -1

    def close(self) -> None:
        """Ends whatever is left."""
        if self.running:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.status = -signal.SIGKILL
        if self._descriptor >= 0:
            os.close(self._descriptor)


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == pid and fields[0] != "Z":
                found.append(int(stat.parent.name))
    return found


def is_running(pid: int) -> bool:
    """Whether a process is there and not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def private_memory_bytes(pid: int) -> int:
    """Memory of a process, shared pages counted by its share (PSS)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    match = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    assert match is not None
    return int(match.group(1)) * 1024
