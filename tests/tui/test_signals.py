"""The ends of the program, in a real pseudo-terminal: nothing is lost, nothing stays behind, nothing hangs."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import signal
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from sessions.file import load
from sessions.recovery import find_recovery

PROGRAM = "import sys; from tests.tui.try_it import main; sys.exit(main())"
ROOT = Path(__file__).parents[2]


class Terminal:
    """The mixer in a pseudo-terminal that answers, or does not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.screen = b""
        self.pid, self.end = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execv(sys.executable, [sys.executable, "-c", PROGRAM, "6", "--play", f"--folder={folder}"])
        self.attributes = termios.tcgetattr(self.end)

    def until(self, text: bytes, timeout_s: float = 15.0) -> None:
        """Read until the program has written a text."""
        start = len(self.screen)
        end = time.monotonic() + timeout_s
        while text not in self.screen[start:]:
            assert time.monotonic() < end, f"{text!r} did not come: {self.screen[-300:]!r}"
            self.read(0.05)

    def read(self, wait_s: float) -> None:
        """Take what the program writes within a time and answer its questions."""
        end = time.monotonic() + wait_s
        while (left := end - time.monotonic()) > 0:
            if select.select([self.end], [], [], left)[0]:
                try:
                    content = os.read(self.end, 65536)
                except OSError:
                    return
                self.screen += content
                for row, column in re.findall(rb"\x1b\[(\d);(\d)H\x1b\[6n", content):
                    os.write(self.end, b"\x1b[%b;%bR" % (row, column))

    def type(self, keys: str) -> None:
        os.write(self.end, keys.encode())

    def ended(self, timeout_s: float = 8.0, read: bool = True) -> int:
        """Wait for the end; the exit code, or minus the signal that killed it."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                if read:
                    self.read(0.1)
                return os.waitstatus_to_exitcode(status)
            self.read(0.05) if read else time.sleep(0.05)
        raise AssertionError("the program did not end")

    def ended_with(self, keys: str) -> int:
        """Type something and wait for the end."""
        self.type(keys)
        return self.ended()

    def close(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        with contextlib.suppress(OSError):
            os.close(self.end)

    def is_restored(self) -> bool:
        """Whether the terminal is as it was before the program."""
        screen = self.screen
        left = screen.rindex(b"\x1b[?1049l") > screen.rindex(b"\x1b[?1049h")
        mouse = screen.rindex(b"\x1b[?1000l") > screen.rindex(b"\x1b[?1000h")
        cursor = screen.rindex(b"\x1b[?25h") > screen.rindex(b"\x1b[?25l")
        return left and mouse and cursor and termios.tcgetattr(self.end)[3] == self.attributes[3]


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    folder = tmp_path / "Song"
    folder.mkdir()
    opened = Terminal(folder)
    try:
        opened.until(b"Sunday Service")
        yield opened
    finally:
        opened.close()


def edits_kept(terminal: Terminal) -> int:
    recovery, _ = find_recovery(terminal.folder / "Sunday Service.gainstage")
    return recovery.edits if recovery is not None else 0


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)],
    ids=lambda value: str(value),
)
def test_a_signal_ends_it_with_edits_kept_and_the_terminal_restored(
    terminal: Terminal, number: signal.Signals, code: int
) -> None:
    terminal.type("m")
    terminal.read(0.3)
    os.kill(terminal.pid, number)
    assert terminal.ended() == code
    assert terminal.is_restored()
    assert edits_kept(terminal) == 1


def test_a_dropped_connection_ends_it_with_edits_kept(terminal: Terminal) -> None:
    terminal.type("m")
    terminal.read(0.3)
    os.close(terminal.end)
    terminal.end = os.open(os.devnull, os.O_RDWR)
    assert terminal.ended(read=False) == 129
    assert edits_kept(terminal) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["SIGTERM", "SIGHUP"])
def test_a_stalled_terminal_does_not_keep_it(terminal: Terminal, number: signal.Signals) -> None:
    terminal.type("m")
    for _ in range(60):  # nobody reads what these keys make it paint
        terminal.type("v")
        time.sleep(0.01)
    os.kill(terminal.pid, number)
    assert terminal.ended(read=False) == 128 + number
    assert edits_kept(terminal) == 1


def test_keys_that_arrive_in_one_burst_all_count(terminal: Terminal) -> None:
    for burst in ("=-12\r", "lt=+3,5\r", "????", "nn", "mq", "c", "W"):
        terminal.type(burst)
        terminal.read(0.5)
    assert terminal.ended_with("q") == 0
    session = load(terminal.folder / "Sunday Service.gainstage").session
    assert session.strips[0].fader_db == -12.0
    assert session.strips[1].trim_db == 3.5
    assert session.strips[1].mute


def test_quitting_leaves_nothing_behind(terminal: Terminal) -> None:
    children = psutil.Process(terminal.pid).children(recursive=True)
    terminal.type("q")
    assert terminal.ended() == 0
    assert terminal.is_restored()
    assert edits_kept(terminal) == 0
    assert not any(child.is_running() for child in children)


def test_edits_given_up_are_not_offered_again(terminal: Terminal) -> None:
    terminal.type("m")
    terminal.read(0.6)
    terminal.type("q")
    terminal.until(b"discard")
    terminal.type("d")
    assert terminal.ended() == 0
    assert edits_kept(terminal) == 0


def test_a_killed_program_loses_nothing_older_than_a_second(terminal: Terminal) -> None:
    terminal.type("m")
    terminal.read(1.0)
    os.kill(terminal.pid, signal.SIGKILL)
    assert terminal.ended() == -signal.SIGKILL
    assert edits_kept(terminal) == 1


@pytest.mark.parametrize("how", ["key", "signal"])
def test_suspending_gives_the_terminal_back_and_coming_back_paints_anew(terminal: Terminal, how: str) -> None:
    if how == "key":
        terminal.type("\x1a")
    else:
        os.kill(terminal.pid, signal.SIGTSTP)
    end = time.monotonic() + 5.0
    while psutil.Process(terminal.pid).status() != psutil.STATUS_STOPPED:
        assert time.monotonic() < end
        terminal.read(0.05)
    terminal.read(0.1)
    assert terminal.is_restored()
    before = len(terminal.screen)
    os.kill(terminal.pid, signal.SIGCONT)
    terminal.until(b"\x1b[?1049h")
    terminal.read(0.5)
    assert len(terminal.screen) - before > 4000
    terminal.type("q")
    assert terminal.ended() == 0


def test_a_stop_it_did_not_hear_of_is_repaired(terminal: Terminal) -> None:
    os.kill(terminal.pid, signal.SIGSTOP)
    terminal.read(0.3)
    os.kill(terminal.pid, signal.SIGCONT)
    terminal.until(b"\x1b[?1049h")
    terminal.read(0.3)
    terminal.type("q")
    assert terminal.ended() == 0
    assert terminal.is_restored()
