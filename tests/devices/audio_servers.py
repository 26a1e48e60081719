"""Real audio servers without a sound card: private JACK and PulseAudio servers that a test may also kill or stall.

`environment` of a server is what a program needs in its environment to find that server and no other.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TextIO

import pytest

from tests.conftest import SILENT

_START_S = 10.0
_SHARED = Path("/dev/shm")
_JACK_NAMES = tuple(f"gainstage-{number}" for number in range(1, 7))
"""JACK has room for eight servers of a user and forgets a killed one only when its name is used again: so few names."""


def require(program: str, package: str) -> None:
    """Skips the test where a program is not installed (on a build machine that is a failure)."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed: type  sudo apt-get install {package}")


class AudioServer:
    """A server process in the hands of a test."""

    def __init__(self, command: list[str], log: Path, environment: dict[str, str]) -> None:
        self.log = log
        self.environment = SILENT | environment
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=os.environ | self.environment,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """Whether the process runs (a stalled one does)."""
        return self.process.poll() is None

    def kill(self) -> None:
        """Dies at once, as a device that is unplugged."""
        self._end(signal.SIGKILL)

    def stall(self) -> None:
        """Stops answering, as a device that hangs."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Answers again."""
        self.process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        """Ends it, by force if it does not obey."""
        if self.alive:
            self.go_on()
            self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        try:
            self.process.wait(3.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(3.0)

    def said(self) -> str:
        """What the server wrote."""
        return self.log.read_text(errors="replace")


_ALSA_CONFIGURATION = Path("/usr/share/alsa/alsa.conf")


def _plain_alsa(folder: Path) -> dict[str, str]:
    """ALSA without its plug-ins: one of them shows the JACK server a second time, as PortAudio's default device."""
    if not _ALSA_CONFIGURATION.exists():
        return {}
    before, _, rest = _ALSA_CONFIGURATION.read_text().partition("@hooks [")
    configuration = folder / "alsa.conf"
    configuration.write_text(before + rest.partition("\n]\n")[2])
    return {"ALSA_CONFIG_PATH": str(configuration)}


class JackServer(AudioServer):
    """A JACK server with the dummy back end.

    A synchronous one loses nothing, whatever comes late: its clock slips. The other does not wait, as real ones don't.
    """

    def __init__(
        self,
        log: Path,
        name: str,
        lock: TextIO,
        period_frames: int,
        sample_rate_hz: int,
        channels: int,
        synchronous: bool,
    ) -> None:
        self.name = name
        self.lock = lock
        self.period_frames = period_frames
        self.sample_rate_hz = sample_rate_hz
        self.channels = channels
        server = ["jackd", "-n", name, "-p", "64", "-r", *(["-S"] if synchronous else [])]
        back_end = ["-d", "dummy", "-r", str(sample_rate_hz), "-p", str(period_frames)]
        ports = ["-C", "2", "-P", str(channels)]
        environment = {"JACK_DEFAULT_SERVER": name, "JACK_NO_AUDIO_RESERVATION": "1"} | _plain_alsa(log.parent)
        super().__init__([*server, *back_end, *ports], log, environment)

    def _end(self, number: signal.Signals) -> None:
        super()._end(number)
        for left_behind in (*_SHARED.glob(f"jack_{self.name}_*"), *_SHARED.glob(f"jack_sem.*_{self.name}_*")):
            left_behind.unlink(missing_ok=True)

    def answers(self) -> bool:
        """Whether a client can connect."""
        probe = [sys.executable, "-c", "import jack; jack.Client('probe', no_start_server=True).close()"]
        environment = os.environ | self.environment
        try:
            return subprocess.run(probe, env=environment, capture_output=True, timeout=5.0, check=False).returncode == 0
        except subprocess.TimeoutExpired:
            return False


def _clear_leftovers() -> None:
    """A killed JACK may leave its database locked, and then none starts; that may only be removed while none runs."""
    if subprocess.run(["pgrep", "-x", "jackd"], capture_output=True, check=False).returncode != 0:
        shutil.rmtree(_SHARED / f"jack_db-{os.getuid()}", ignore_errors=True)
        (_SHARED / "jack-shm-registry").unlink(missing_ok=True)


def _claim_name() -> tuple[str, TextIO]:
    """A name that no other test uses now, and the locked file that says so until it is closed."""
    deadline = time.monotonic() + 6 * _START_S
    while time.monotonic() < deadline:
        for name in _JACK_NAMES:
            lock = Path(tempfile.gettempdir(), f"{name}-{os.getuid()}.lock").open("w")  # noqa: SIM115 - held as long as the server
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
            else:
                return name, lock
        time.sleep(0.1)
    pytest.fail("all names for JACK servers are in use by other tests")


def start_jack(
    folder: Path,
    *,
    instead_of: JackServer | None = None,
    period_frames: int = 256,
    sample_rate_hz: int = 48_000,
    channels: int = 2,
    synchronous: bool = True,
) -> JackServer:
    """Starts a server and waits until it answers; `instead_of` is a dead one whose name it takes."""
    require("jackd", "jackd2")
    name, lock = (instead_of.name, instead_of.lock) if instead_of else _claim_name()
    deadline = time.monotonic() + _START_S
    while True:
        log = folder / f"{name}.log"
        server = JackServer(log, name, lock, period_frames, sample_rate_hz, channels, synchronous)
        while server.alive and time.monotonic() < deadline:
            if server.answers():
                return server
            time.sleep(0.05)
        server.close()
        if time.monotonic() > deadline:
            pytest.fail(f"jackd did not start:\n{server.said()}")
        _clear_leftovers()
        time.sleep(0.2)


class PulseServer(AudioServer):
    """A PulseAudio server with one null sink, `mix`, that records what it is played."""

    def __init__(self, folder: Path, sample_rate_hz: int) -> None:
        self.socket = folder / "native"
        self.sample_rate_hz = sample_rate_hz
        sink = f"rate={sample_rate_hz} channels=2 channel_map=stereo format=float32le norewinds=1"
        command = ["pulseaudio", "-n", "--daemonize=no", "--fail", "--exit-idle-time=-1", "--use-pid-file=no"]
        command += ["-L", f"module-null-sink sink_name=mix {sink}"]
        command += ["-L", f"module-native-protocol-unix socket={self.socket} auth-anonymous=1"]
        self.socket.unlink(missing_ok=True)
        at_home = ["env", f"HOME={folder}", f"XDG_RUNTIME_DIR={folder}"]
        super().__init__([*at_home, *command], folder / "pulse.log", {"PULSE_SERVER": f"unix:{self.socket}"})


def start_pulse(folder: Path | None = None, *, sample_rate_hz: int = 48_000) -> PulseServer:
    """Starts a server and waits until it answers; in the folder of a dead one the new one takes its place."""
    require("pulseaudio", "pulseaudio")
    require("parec", "pulseaudio-utils")
    # The path of a socket has to be short.
    folder = folder or Path(tempfile.mkdtemp(prefix="gs-pulse-"))
    server = PulseServer(folder, sample_rate_hz)
    deadline = time.monotonic() + _START_S
    while not server.socket.exists():
        if not server.alive or time.monotonic() > deadline:
            server.close()
            pytest.fail(f"pulseaudio did not start:\n{server.said()}")
        time.sleep(0.02)
    return server
