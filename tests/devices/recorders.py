"""What reached the interface: recorders of everything that is played to a server, each a process of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tests.devices.audio_servers import JackServer, PulseServer

Frames = npt.NDArray[np.float32]
"""Samples as they were played, shape (frames, channels)."""


class JackRecorder:
    """Records the outputs of every PortAudio program of a JACK server, to the bit and without a gap."""

    def __init__(self, server: JackServer, path: Path) -> None:
        self._path = path
        self._log = path.with_suffix(".log")
        self._channels = server.channels
        program = Path(__file__).with_name("record_jack.py")
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, program, path, str(server.channels)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=os.environ | server.environment,
                text=True,
            )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n", self._log.read_text()

    def frames(self) -> Frames:
        """What has been recorded so far."""
        samples = np.fromfile(self._path, np.float32)
        return samples[: len(samples) // self._channels * self._channels].reshape(-1, self._channels)

    def wait_for(self, frames: int, timeout_s: float = 30.0) -> None:
        """Waits until so many frames have been recorded."""
        deadline = time.monotonic() + timeout_s
        while len(self.frames()) < frames:
            assert time.monotonic() < deadline, f"only {len(self.frames())} frames of {frames} in {timeout_s} s"
            time.sleep(0.02)

    def stop(self) -> Frames:
        """Ends the recording; everything of it."""
        said, _ = self._process.communicate(timeout=10.0)
        assert said == "0\n", f"the recorder lost frames or failed: {said}\n{self._log.read_text()}"
        return self.frames()

    def close(self) -> None:
        """Ends the process, whatever state its server is in."""
        self._process.kill()
        self._process.wait(3.0)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


class PulseRecorder:
    """Records the null sink of a PulseAudio server, to the bit; silence before and after the programs included."""

    def __init__(self, server: PulseServer, path: Path) -> None:
        self._path = path
        form = ["--format=float32le", f"--rate={server.sample_rate_hz}", "--channels=2", "--latency-msec=20"]
        with path.open("wb") as output:
            self._process = subprocess.Popen(
                ["parec", "-d", "mix.monitor", "--raw", *form],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.DEVNULL,
                env=os.environ | server.environment,
            )
        deadline = time.monotonic() + 5.0
        while not len(self.frames()):
            assert self._process.poll() is None, "parec did not start"
            assert time.monotonic() < deadline, "parec records nothing"
            time.sleep(0.02)

    def frames(self) -> Frames:
        """What has been recorded so far."""
        samples = np.fromfile(self._path, np.float32)
        return samples[: len(samples) // 2 * 2].reshape(-1, 2)

    def stop(self) -> Frames:
        """Ends the recording; everything of it."""
        self.close()
        return self.frames()

    def close(self) -> None:
        """Ends the process."""
        self._process.terminate()
        self._process.wait(5.0)
