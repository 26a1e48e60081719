"""Lists the audio interfaces in a process of its own and prints them as JSON: `python -m engine.io.find_devices`.

PortAudio sees new devices only when it starts anew, and starting it may hang or abort: so nobody else pays for it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict

from engine.io.device import Device, DeviceError, choose_device, leave, list_devices
from engine.io.process import child_environment

_TIMEOUT_S = 8.0
_LEAVE_S = 1.0
_FIRST_WAIT_S = 1.5
_BACK_OFF = 1.3
_LONGEST_WAIT_S = 15.0


class DeviceSearch:
    """A search under way; `result` is None until it is over."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "engine.io.find_devices"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=child_environment() | {"GAINSTAGE_KERNELS": "off"},
        )

    def result(self) -> list[Device] | None:
        """The devices, an empty list when the audio system does not answer, or None while searching. Never blocks."""
        if self._process.poll() is None:
            return None
        return self._parse(self._process.communicate()[0])

    def wait(self, timeout_s: float = _TIMEOUT_S) -> list[Device]:
        """Waits for the devices. Raises DeviceError when the audio system fails or does not answer in time."""
        try:
            output, _ = self._process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            self.cancel()
            raise DeviceError(f"the audio system did not answer within {timeout_s:.0f} s") from None
        if self._process.returncode < 0:
            raise DeviceError("the audio system crashed while it was asked for its devices")
        try:
            answer = json.loads(output)
        except ValueError:
            raise DeviceError("the audio system crashed while it was asked for its devices") from None
        if "error" in answer:
            raise DeviceError(answer["error"])
        return self._parse(output)

    def cancel(self) -> None:
        """Ends a search whose answer nobody wants any more."""
        self._process.kill()
        self._process.communicate()

    @staticmethod
    def _parse(output: bytes) -> list[Device]:
        try:
            return [Device(**device) for device in json.loads(output).get("devices", [])]
        except ValueError:
            return []


class DeviceWatch:
    """Looks for a device that is lost or was never there, ever less often.

    `wanted` is a device request (None: any device will do), `host` the audio system it has to be on, if any.
    """

    def __init__(self, wanted: str | None, host: str | None) -> None:
        self.name = ""
        self._wanted = wanted
        self._host = host
        self._search: DeviceSearch | None = None
        self._wait_s = _FIRST_WAIT_S
        self._due_s = time.monotonic() + self._wait_s

    def found(self) -> bool:
        """Whether the device is there; to be asked several times a second, never blocks."""
        if self._search is None:
            if time.monotonic() >= self._due_s:
                self._search = DeviceSearch()
            return False
        devices = self._search.result()
        if devices is None:
            if time.monotonic() > self._due_s + _TIMEOUT_S:
                self.cancel()
                self._wait()
            return False
        self._search = None
        self._wait()
        try:
            device = choose_device([device for device in devices if self._host in (None, device.host)], self._wanted)
        except DeviceError:
            return False
        self.name = device.name
        return True

    def cancel(self) -> None:
        """Ends a search under way."""
        if self._search is not None:
            self._search.cancel()
            self._search = None

    def _wait(self) -> None:
        self._wait_s = min(self._wait_s * _BACK_OFF, _LONGEST_WAIT_S)
        self._due_s = time.monotonic() + self._wait_s


def main() -> None:
    """Prints `{"devices": [...]}` or `{"error": line}` and leaves without PortAudio's own exit, which may hang."""
    # Audio libraries print to both streams: the answer goes through a copy of stdout that they do not know.
    answer_descriptor = os.dup(1)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    try:
        answer = {"devices": [asdict(device) for device in list_devices()]}
    except DeviceError as error:
        answer = {"error": str(error)}
    with os.fdopen(answer_descriptor, "w") as stream:
        json.dump(answer, stream)
    leave(within_s=_LEAVE_S)
    os._exit(0)


if __name__ == "__main__":
    main()
