"""Which device plays when none is asked for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from engine.io import device as device_module
from engine.io.device import choose_device, list_devices

HOSTS = ("ALSA", "JACK Audio Connection Kit")


def portaudio_with(*devices: tuple[str, int, int], default: int) -> Any:
    """A PortAudio that knows these devices: name, index of the host, outputs."""
    return SimpleNamespace(
        PortAudioError=OSError,
        default=SimpleNamespace(device=(-1, default)),
        query_hostapis=lambda: [{"name": name} for name in HOSTS],
        query_devices=lambda: [
            {
                "index": index,
                "name": name,
                "hostapi": host,
                "max_output_channels": outputs,
                "default_samplerate": 48000.0,
                "default_low_output_latency": 0.01,
            }
            for index, (name, host, outputs) in enumerate(devices)
        ],
    )


@pytest.mark.parametrize(
    ("devices", "expected"),
    [
        # A JACK server, with ALSA's default leading to it or to nothing.
        ([("default", 0, 2), ("system", 1, 2), ("other program", 1, 2)], ("system", HOSTS[1])),
        # PipeWire names its JACK devices as it likes, and any of them may be another program.
        ([("default", 0, 2), ("other program", 1, 2)], ("default", HOSTS[0])),
        # A server without outputs, and a device that is only called like one.
        ([("default", 0, 2), ("system", 1, 0), ("system", 0, 2)], ("default", HOSTS[0])),
    ],
)
def test_the_interface_of_a_jack_server_comes_before_the_default(
    devices: list[tuple[str, int, int]], expected: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device_module, "_portaudio", lambda: portaudio_with(*devices, default=0))
    found = list_devices()
    assert [(device.name, device.host) for device in found if device.default] == [expected]
    chosen = choose_device(found, None)
    assert (chosen.name, chosen.host) == expected
