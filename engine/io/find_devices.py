"""Looks at the audio interfaces in a process of its own: `python -m engine.io.find_devices [WANTED]`.

It prints JSON: all interfaces, or with WANTED (`{"device": request or null, "host": name or null}`) the one that would
be chosen, if it can be played on now. PortAudio sees new devices only when it starts anew, and starting it may hang or
abort: so nobody else pays for it.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from engine.io.device import Device, DeviceError, accepts, choose_device, leave, list_devices
from engine.io.process import child_command, child_environment

_TIMEOUT_S = 8.0
_LEAVE_S = 1.0
FIRST_WAIT_S = 1.5
_BACK_OFF = 1.3
_LONGEST_WAIT_S = 15.0
_CRASHED = "the audio system crashed while it was asked for its devices"


class DeviceSearch:
    """A search under way, for all devices or for one that is wanted and can be played on."""

    def __init__(self, wanted: dict[str, str | None] | None = None) -> None:
        self._process = subprocess.Popen(
            child_command("engine.io.find_devices", *([json.dumps(wanted)] if wanted else [])),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=child_environment(),
        )

    @property
    def over(self) -> bool:
        """Whether `wait` would return at once."""
        return self._process.poll() is not None

    def wait(self, timeout_s: float = _TIMEOUT_S) -> list[Device]:
        """Waits for the devices. Raises DeviceError when the audio system fails or does not answer in time."""
        try:
            output, _ = self._process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            self.cancel()
            raise DeviceError(f"the audio system did not answer within {timeout_s:.0f} s") from None
        try:
            answer: dict[str, Any] = json.loads(output)
        except ValueError:
            raise DeviceError(_CRASHED) from None
        if "error" in answer:
            raise DeviceError(answer["error"])
        return [Device(**device) for device in answer["devices"]]

    def cancel(self) -> None:
        """Ends a search whose answer nobody wants any more."""
        self._process.kill()
        self._process.communicate()


class DeviceWatch:
    """Looks for a device that is lost or was never there, ever less often.

    `wanted` is a device request (None: any device will do), `host` the audio system it has to be on, if any. A watch
    that follows another takes its `wait_s` over, so a device that comes and goes is not chased.
    """

    def __init__(
        self,
        wanted: str | None,
        host: str | None,
        *,
        wait_s: float = FIRST_WAIT_S,
        search: Callable[[dict[str, str | None]], DeviceSearch] = DeviceSearch,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = ""
        self.wait_s = wait_s
        self._wanted = {"device": wanted, "host": host}
        self._start_search = search
        self._clock = clock
        self._search: DeviceSearch | None = None
        self._due_s = clock() + wait_s

    def found(self) -> bool:
        """Whether the device is there and plays; to be asked several times a second, never blocks."""
        now = self._clock()
        if self._search is None:
            if now >= self._due_s:
                self._due_s = now + _TIMEOUT_S
                # A machine that can start no process now may do so later.
                with contextlib.suppress(OSError):
                    self._search = self._start_search(self._wanted)
            return False
        if not self._search.over:
            if now >= self._due_s:
                self.cancel()
                self._wait()
            return False
        search, self._search = self._search, None
        self._wait()
        with contextlib.suppress(DeviceError):
            devices = search.wait()
            self.name = devices[0].name if devices else ""
        return bool(self.name)

    def cancel(self) -> None:
        """Ends a search under way."""
        if self._search is not None:
            self._search.cancel()
            self._search = None

    def _wait(self) -> None:
        self.wait_s = min(self.wait_s * _BACK_OFF, _LONGEST_WAIT_S)
        self._due_s = self._clock() + self.wait_s


def _playable(wanted: str | None, host: str | None) -> list[Device]:
    """The device of a request, if it takes sound: one that another program holds does not."""
    try:
        device = choose_device(list_devices(), wanted, host)
    except DeviceError:
        return []
    channels = min(device.output_channels, 2)
    return [device] if accepts(device, device.sample_rate_hz, channels) else []


def main() -> None:
    """Prints `{"devices": [...]}` or `{"error": line}` and leaves without PortAudio's own exit, which may hang."""
    # Nobody may be left to end a search that hangs, and one that aborts leaves no core file, however often.
    signal.alarm(round(_TIMEOUT_S + _LEAVE_S) + 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Audio libraries print to both streams: the answer goes through a copy of stdout that they do not know.
    answer_descriptor = os.dup(1)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    try:
        if len(sys.argv) > 1:
            wanted = json.loads(sys.argv[1])
            devices = _playable(wanted["device"], wanted["host"])
        else:
            devices = list_devices()
        answer: dict[str, Any] = {"devices": [asdict(device) for device in devices]}
    except DeviceError as error:
        answer = {"error": str(error)}
    with os.fdopen(answer_descriptor, "w") as stream:
        json.dump(answer, stream)
    leave(within_s=_LEAVE_S)
    os._exit(0)


if __name__ == "__main__":
    main()
