"""The interface's end of the audio process: starting it, talking to it, and killing it when a device takes it hostage.

Orders and answers are lines of JSON over a socket pair; the engine's record is memory both processes map. What the
process prints (audio libraries write to the terminal by themselves) goes to a bounded log file. Nothing here waits for
the process, but for `quit` and, a moment, `kill`.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO

import platformdirs

from engine.io.shared_memory import SharedMemory

_LOG_LIMIT_BYTES = 256 * 1024
_DRAIN_CHUNK_BYTES = 16 * 1024
_DRAIN_PAUSE_S = 0.05
"""A process that floods its log is read no faster than a chunk per pause, so it slows down itself and not us."""
_KILL_WAIT_S = 0.2
"""Dying takes milliseconds, unless the system holds a thread in a dead disk; that one no longer touches the engine."""
_QUIT_WAIT_S = 1.4


def child_command(module: str, *arguments: str) -> list[str]:
    """Runs a module of the engine; a folder of the user's that is called `engine` is not mistaken for it (`-P`)."""
    return [sys.executable, "-P", "-m", module, *arguments]


def child_environment() -> dict[str, str]:
    """The environment of a process that renders: compiled kernels, and the packages importable from anywhere."""
    environment = {name: value for name, value in os.environ.items() if name != "GAINSTAGE_KERNELS"}
    root = Path(__file__).resolve().parents[2]
    # Where packages are installed Python looks by itself, and in the right order.
    ours = [] if root.name in ("site-packages", "dist-packages") else [str(root)]
    paths = [*ours, *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
    if paths:
        environment["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
    environment["PYTHONUNBUFFERED"] = "1"
    return environment


def log_path() -> Path:
    """Where the output of audio processes is kept."""
    base = os.environ.get("GAINSTAGE_STATE_DIR") or platformdirs.user_state_dir("gainstage", appauthor=False)
    return Path(base) / "audio.log"


class AudioProcess:
    """One running audio process. It is started in a session of its own: signals of the terminal do not reach it."""

    def __init__(self, memory: SharedMemory) -> None:
        ours, theirs = socket.socketpair()
        self._socket = ours
        self._socket.setblocking(False)
        self._arrivals = select.poll()
        self._arrivals.register(ours, select.POLLIN)
        self._received = b""
        self._unsent = b""
        self.gone = False
        with theirs:
            descriptors = (memory.descriptor, theirs.fileno())
            self._process = subprocess.Popen(
                child_command("engine.io.audio_process", *map(str, descriptors)),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=descriptors,
                start_new_session=True,
                env=child_environment(),
            )
        threading.Thread(target=self._drain, name="audio-log", daemon=True).start()

    @property
    def pid(self) -> int:
        """Process id, for tests and diagnostics."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether the process has ended (`gone` comes first: its end of the line is closed)."""
        return self._process.poll() is not None

    def send(self, do: str, **details: Any) -> None:
        """Queues an order; what the line does not take at once goes with the next `receive`."""
        self._unsent += json.dumps({"do": do, **details}).encode() + b"\n"
        self._flush()

    def receive(self) -> list[dict[str, Any]]:
        """The answers that have arrived since the last call."""
        self._flush()
        if self.gone or not self._arrivals.poll(0):
            return []  # Looked at with every frame, so it is not left to an exception.
        while not self.gone:
            try:
                chunk = self._socket.recv(65536)
            except BlockingIOError:
                break
            except OSError:
                chunk = b""
            if not chunk:
                self.gone = True
            self._received += chunk
        *lines, self._received = self._received.split(b"\n")
        return [json.loads(line) for line in lines]

    def leave(self) -> None:
        """Tells the process to leave its device and end. Returns at once: `ended` tells when it has."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def quit(self) -> None:
        """Lets the process leave its device and end; one that does not within a moment is killed."""
        self.leave()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_QUIT_WAIT_S)
        self.kill()

    def kill(self) -> None:
        """Ends the process at once, whatever it hangs in."""
        self.gone = True
        self._process.kill()
        self._socket.close()
        try:
            self._process.wait(_KILL_WAIT_S)
        except subprocess.TimeoutExpired:
            threading.Thread(target=self._process.wait, name="audio-reaper", daemon=True).start()

    def ending(self) -> str:
        """How a process that is gone came to its end."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_KILL_WAIT_S)
        code = self._process.returncode
        if code is None:
            return "it does not answer"
        return signal.Signals(-code).name if code < 0 else f"exit status {code}"

    def _flush(self) -> None:
        while self._unsent and not self.gone:
            try:
                self._unsent = self._unsent[self._socket.send(self._unsent) :]
            except BlockingIOError:
                return
            except OSError:
                self.gone = True

    def _drain(self) -> None:
        """Log thread. Reads what the process prints until it ends; keeps at most `_LOG_LIMIT_BYTES` of it."""
        stream = self._process.stdout
        assert stream is not None
        written = 0
        with stream, _open_log(self.pid) as log:
            while chunk := stream.read1(_DRAIN_CHUNK_BYTES):  # type: ignore[attr-defined]
                if written < _LOG_LIMIT_BYTES:
                    written += len(chunk)
                    with contextlib.suppress(OSError):
                        log.write(chunk)
                if len(chunk) == _DRAIN_CHUNK_BYTES:
                    time.sleep(_DRAIN_PAUSE_S)


def _open_log(pid: int) -> BinaryIO:
    """The log, with room for another process; what earlier ones said stays, up to the limit."""
    path = log_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        full = path.exists() and path.stat().st_size > _LOG_LIMIT_BYTES
        log = path.open("wb" if full else "ab", buffering=0)
        log.write(f"-- {time.strftime('%Y-%m-%d %H:%M:%S')} process {pid}\n".encode())
    except OSError:
        return Path(os.devnull).open("wb", buffering=0)
    return log
