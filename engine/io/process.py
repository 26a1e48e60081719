"""The interface's end of the audio process: starting it, talking to it, and killing it when a device takes it hostage.

Orders and answers are lines of JSON over a socket pair; the engine's record is memory both processes map. What the
process prints (audio libraries write to the terminal by themselves) goes to a bounded log file.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import platformdirs

_LOG_LIMIT_BYTES = 256 * 1024
_DRAIN_CHUNK_BYTES = 16 * 1024
_DRAIN_PAUSE_S = 0.05
"""A process that floods its log is read no faster than a chunk per pause, so it slows down itself and not us."""
_KILL_WAIT_S = 1.0
_QUIT_WAIT_S = 0.6
_SEND_TIMEOUT_S = 0.2


class SharedMemory:
    """Zeroed memory that a child process can map by an inherited file descriptor; gone when both have closed it."""

    def __init__(self, size_bytes: int) -> None:
        if hasattr(os, "memfd_create"):
            self.descriptor = os.memfd_create("gainstage")
        else:
            with tempfile.TemporaryFile() as file:
                self.descriptor = os.dup(file.fileno())
        os.ftruncate(self.descriptor, size_bytes)
        self._map = mmap.mmap(self.descriptor, size_bytes)
        self.buffer = memoryview(self._map)

    def close(self) -> None:
        """Gives the descriptor back; the mapping goes with the last array over it."""
        os.close(self.descriptor)


def child_environment() -> dict[str, str]:
    """The environment of a process that renders: compiled kernels, and the packages importable from anywhere."""
    environment = {name: value for name, value in os.environ.items() if name != "GAINSTAGE_KERNELS"}
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
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
        self._received = b""
        self.gone = False
        command = [
            sys.executable,
            "-m",
            "engine.io.audio_process",
            str(memory.descriptor),
            str(theirs.fileno()),
        ]
        with theirs:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=(memory.descriptor, theirs.fileno()),
                start_new_session=True,
                env=child_environment(),
            )
        threading.Thread(target=self._drain, name="audio-log", daemon=True).start()

    @property
    def pid(self) -> int:
        """Process id, for tests and diagnostics."""
        return self._process.pid

    def send(self, do: str, **details: Any) -> None:
        """Sends an order. A process that does not read is as good as gone; that is found by its heartbeat."""
        line = json.dumps({"do": do, **details}).encode() + b"\n"
        self._socket.settimeout(_SEND_TIMEOUT_S)
        try:
            self._socket.sendall(line)
        except OSError:
            self.gone = True
        finally:
            self._socket.setblocking(False)

    def receive(self) -> list[dict[str, Any]]:
        """The answers that have arrived since the last call."""
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

    def quit(self) -> None:
        """Lets the process leave its device and end; one that does not within a moment is killed. Reaps it."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_QUIT_WAIT_S)
        self.kill()

    def kill(self) -> None:
        """Ends the process at once, whatever it hangs in, and reaps it."""
        self.gone = True
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_KILL_WAIT_S)
        self._socket.close()

    def _drain(self) -> None:
        """Log thread. Reads what the process prints until it ends; keeps at most `_LOG_LIMIT_BYTES` of it."""
        stream = self._process.stdout
        assert stream is not None
        written = 0
        path = log_path()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            log = path.open("wb")
        except OSError:
            log = Path(os.devnull).open("wb")  # noqa: SIM115 - closed below, whichever was opened
        with stream, log:
            while chunk := stream.read1(_DRAIN_CHUNK_BYTES):  # type: ignore[attr-defined]
                if written < _LOG_LIMIT_BYTES:
                    written += len(chunk)
                    with contextlib.suppress(OSError):
                        log.write(chunk)
                        log.flush()
                if len(chunk) == _DRAIN_CHUNK_BYTES:
                    time.sleep(_DRAIN_PAUSE_S)
