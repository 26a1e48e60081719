"""The program played as a user has it, two processes and a device, and what it says and does meanwhile."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from socket import socketpair
from types import TracebackType
from typing import Any

from engine.meters.frame import MeterFrame
from engine.mix import Mix
from engine.notice import Notice
from engine.player import OutputRequest, OutputStatus

START_S = 90.0
"""A changed engine compiles itself first, and the machine may be busy with other things."""
_ROOT = Path(__file__).resolve().parents[2]


def alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and not yet collected does not."""
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def until(happened: Callable[[], object], what: str, timeout_s: float = 30.0) -> None:
    """Waits for something to happen."""
    deadline = time.monotonic() + timeout_s
    while not happened():
        assert time.monotonic() < deadline, f"{what}: not within {timeout_s:.0f} s"
        time.sleep(0.01)


@dataclass(frozen=True, slots=True)
class Report:
    """What one reading has brought. `slowest_call_s` is of all calls so far."""

    status: OutputStatus
    frame: MeterFrame
    notices: list[Notice]
    slowest_call_s: float
    at_s: float


class MixPlayer:
    """A `Player` in an interface process of its own (`play_mix.py`), in an environment.

    Every process that was started from it is remembered; `output` is what it printed.
    """

    def __init__(self, environment: dict[str, str], request: OutputRequest | None = None, *, hog: bool = False) -> None:
        ours, theirs = socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.devices.play_mix", str(theirs.fileno()), str(int(hog))],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=(theirs.fileno(),),
                cwd=_ROOT,
                env=os.environ | {"GAINSTAGE_KERNELS": ""} | environment,
            )
        self.reports: list[Report] = []
        self.descendants: set[int] = set()
        self._connection = Connection(ours.detach())
        self._connection.send(request or OutputRequest())
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> MixPlayer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.communicate()
        if error is not None:
            states = [report.status.state for report in self.reports]
            print("states:", [key for key, _ in itertools.groupby(states)], "said:", self.said)
            # A test that has failed leaves nothing behind either.
            for pid in filter(alive, self.descendants):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        self._listener.join(5.0)
        self._connection.close()

    def _listen(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                self.reports.append(self._connection.recv())
                self.descendants |= set(self.audio_pids())

    # What it is told

    def play(self, mix: Mix, position_s: float = 0.0) -> None:
        """Plays a mix, when the engine runs."""
        self.call("apply", mix)
        if position_s:
            self.call("locate", position_s)
        self.wait_for_state("device", "clock")
        self.call("play")

    def call(self, name: str, *arguments: Any) -> None:
        """Calls a method of the player."""
        self._connection.send((name, arguments))

    # What it says

    @property
    def now(self) -> Report:
        """The last reading."""
        until(lambda: self.reports, "the first reading", START_S)
        return self.reports[-1]

    def before(self, report: Report) -> Report:
        """The reading before another."""
        return self.reports[next(at for at, other in enumerate(self.reports) if other is report) - 1]

    @property
    def notices(self) -> list[Notice]:
        """All notices so far."""
        return [notice for report in self.reports for notice in report.notices]

    @property
    def said(self) -> list[str]:
        """Their texts."""
        return [notice.text for notice in self.notices]

    @property
    def slowest_call_s(self) -> float:
        """The longest that any call has taken."""
        return self.now.slowest_call_s

    def audio_pids(self) -> list[int]:
        """The processes that it has started and that run: audio processes, searches for devices."""
        pids = []
        for folder in Path(f"/proc/{self.process.pid}/task").glob("*"):
            with contextlib.suppress(OSError):
                pids += map(int, (folder / "children").read_text().split())
        return pids

    def audio_pid(self) -> int:
        """The audio process."""
        for pid in self.audio_pids():
            with contextlib.suppress(OSError):
                if b"engine.io.audio_process" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    return pid
        raise AssertionError("there is no audio process")

    # Waiting

    def wait_for(self, happened: Callable[[Report], object], what: str, timeout_s: float = 30.0) -> Report:
        """Waits for a reading, from now on."""
        seen = len(self.reports)

        def look() -> bool:
            nonlocal seen
            while seen < len(self.reports):
                if happened(self.reports[seen]):
                    return True
                seen += 1
            assert self.process.poll() is None, self.output()
            return False

        until(look, f"{what} (said: {self.said})", timeout_s)
        return self.reports[seen]

    def wait_for_state(self, *states: str, timeout_s: float = START_S) -> Report:
        """Waits until the output is in one of the states."""
        return self.wait_for(lambda report: report.status.state in states, f"state {' or '.join(states)}", timeout_s)

    def wait_for_position(self, position_s: float, timeout_s: float = 30.0) -> Report:
        """Waits until the song has come so far."""
        return self.wait_for(lambda report: report.frame.position_s >= position_s, f"position {position_s}", timeout_s)

    # Its end

    def output(self) -> str:
        """Everything it has printed, once it has ended."""
        return self.process.communicate(timeout=10.0)[0].decode(errors="replace")

    def close(self) -> str:
        """Closes the player and waits for the end of all processes; what was printed."""
        self.call("close")
        printed = self.output()
        assert self.process.returncode == 0, printed
        self.wait_for_the_end()
        return printed

    def wait_for_the_end(self, timeout_s: float = 10.0) -> None:
        """Waits until no process of it is left."""
        until(lambda: not any(map(alive, self.descendants)), "the end of all processes", timeout_s)
