"""Audio interfaces: listing them, choosing one, and opening a stream that calls the native callback.

This is the one file that touches sounddevice's private stream class (`_StreamBase` with a C function pointer and user
data, as python-rtmixer does); the version of the library is bounded for it. PortAudio may hang, abort or print at any
of these calls: they are made only in a process that may be killed.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from dataclasses import dataclass, replace
from typing import Any


class DeviceError(Exception):
    """One clear line: which device, what it refused, what to do."""


@dataclass(frozen=True, slots=True)
class Device:
    """An audio interface that can play."""

    index: int
    name: str
    host: str
    output_channels: int
    sample_rate_hz: int
    """The rate the device prefers, or runs at."""
    latency_s: float
    default: bool


_JACK_INTERFACE = ("JACK Audio Connection Kit", "system")
"""The interface of a JACK server that runs. It comes before the system's default: the server holds the interface, and
ALSA's way to the server, often the default then, hangs when it dies. PipeWire's JACK has other names."""

MISSING_LIBRARY = "the PortAudio library is missing (on Debian/Ubuntu: sudo apt-get install libportaudio2)"


def _portaudio() -> Any:
    """The sounddevice module; its import initialises PortAudio."""
    try:
        import sounddevice
    except OSError as error:
        raise DeviceError(MISSING_LIBRARY) from error
    except Exception as error:  # A broken ALSA configuration makes the import itself fail.
        raise DeviceError(f"the audio system does not start: {_reason(error)}") from error
    return sounddevice


def _reason(error: Exception) -> str:
    """What PortAudio says, without the numbers that follow it."""
    return str(error.args[0] if error.args else error)


def list_devices() -> list[Device]:
    """All interfaces with outputs, in PortAudio's order. Raises DeviceError."""
    portaudio = _portaudio()
    try:
        hosts = portaudio.query_hostapis()
        default = portaudio.default.device[1]
        devices = [
            Device(
                index=info["index"],
                name=info["name"],
                host=hosts[info["hostapi"]]["name"],
                output_channels=info["max_output_channels"],
                sample_rate_hz=round(info["default_samplerate"]),
                latency_s=info["default_low_output_latency"],
                default=info["index"] == default,
            )
            for info in portaudio.query_devices()
            if info["max_output_channels"] > 0
        ]
    except portaudio.PortAudioError as error:
        raise DeviceError(f"the audio system does not answer: {_reason(error)}") from error
    jack = next((device for device in devices if (device.host, device.name) == _JACK_INTERFACE), None)
    return devices if jack is None else [replace(device, default=device is jack) for device in devices]


def choose_device(devices: list[Device], wanted: str | None, host: str | None = None) -> Device:
    """The device of an index or a part of a name (case ignored, an exact name first); None is the default.

    `host` is the audio system it has to be on, if any.
    """
    devices = [device for device in devices if host in (None, device.host)]
    if not devices:
        raise DeviceError("no audio device" if wanted is None else f'no audio device "{wanted}"')
    if wanted is None:
        return next((device for device in devices if device.default), devices[0])
    for device in devices:
        if wanted in (str(device.index), device.name):
            return device
    matches = [device for device in devices if wanted.casefold() in f"{device.name} {device.host}".casefold()]
    if not matches:
        names = ", ".join(f'"{device.name}"' for device in devices)
        raise DeviceError(f'no audio device matches "{wanted}"; there are {names}')
    return matches[0]


def accepts(device: Device, sample_rate_hz: int, channels: int) -> bool:
    """Whether the device plays float32 at a rate."""
    portaudio = _portaudio()
    try:
        portaudio.check_output_settings(device.index, channels, "float32", samplerate=sample_rate_hz)
    except (portaudio.PortAudioError, ValueError):
        return False
    return True


def open_stream(
    device: Device, sample_rate_hz: int, buffer_frames: int | None, channels: int, callback_address: int, user_data: int
) -> Any:
    """A stream of interleaved float32 that calls a native callback; not yet started. Raises DeviceError.

    The caller keeps callback and memory alive as long as the stream.
    """
    portaudio = _portaudio()
    foreign = portaudio._ffi
    try:
        return portaudio._StreamBase(
            kind="output",
            device=device.index,
            samplerate=sample_rate_hz,
            blocksize=buffer_frames or 0,
            channels=channels,
            dtype="float32",
            latency="low",
            callback=foreign.cast("PaStreamCallback*", callback_address),
            userdata=foreign.cast("void*", user_data),
            wrap_callback=None,
        )
    except (portaudio.PortAudioError, ValueError) as error:
        raise DeviceError(
            f'device "{device.name}" refuses {sample_rate_hz} Hz, {channels} channels, '
            f"{buffer_frames or 'its own'} frames: {_reason(error)}"
        ) from error


def leave(stream: Any = None, *, within_s: float) -> None:
    """Closes a stream and PortAudio, so that an audio server does not wait for a client that is gone.

    Both may hang or abort when the device is dead: returns after `within_s` whatever happens. The process then ends
    by `os._exit`.
    """
    portaudio = sys.modules.get("sounddevice")
    if portaudio is None:
        return

    def close() -> None:
        with contextlib.suppress(Exception):
            if stream is not None:
                stream.abort()
                stream.close()
            portaudio._terminate()

    thread = threading.Thread(target=close, daemon=True)
    thread.start()
    thread.join(within_s)
