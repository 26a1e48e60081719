"""Where the engine's callback is driven from: a device's stream, or a clock where there is none."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from typing import Any

import numpy as np

from engine.io.device import (
    MISSING_LIBRARY,
    Device,
    DeviceError,
    accepts,
    choose_device,
    list_devices,
    open_stream,
)
from engine.io.status import NO_DEVICE, OutputRequest

CLOCK_NAME = "no audio device: silent clock"
CLOCK_BUFFER_FRAMES = 512

_SETTLE_S = 0.1
_MEASURE_S = 0.2
_FASTEST = 1.5
"""A device that takes blocks at more than this many times real time paces nothing: it is a null device."""
_PRIORITY = 60
_LONGEST_LATENCY_S = 10.0
"""Some audio systems report nonsense beyond any buffer."""


class Output:
    """What will drive the engine; `device` is None for the clock, `remarks` what the user should know of the choice.

    `searching` tells that a device was asked for and cannot be played on (yet).
    """

    def __init__(self, sample_rate_hz: int, buffer_frames: int | None) -> None:
        self.device: Device | None = None
        self.sample_rate_hz = sample_rate_hz
        self.buffer_frames = buffer_frames or 0
        self.latency_s: float | None = None
        self.channels = (1, 2)
        self.remarks: list[str] = []
        self.searching = False
        self.stream: Any = None

    @property
    def name(self) -> str:
        """The device's name, or what is said in its place."""
        return self.device.name if self.device else CLOCK_NAME

    def start(self, engine: Any, address: int) -> None:
        """Starts the callbacks of an engine at an address. Raises DeviceError when the device must not be used.

        A device that refuses the stream is replaced by the clock.
        """
        # Imported when it is needed: importing it compiles the whole engine, which is to be shown.
        from engine.io.callback import run_clock, stream_callback

        if self.device is not None:
            left, right = self.channels
            engine.output.channels, engine.output.left, engine.output.right = max(left, right), left - 1, right - 1
            try:
                self.stream = open_stream(
                    self.device,
                    self.sample_rate_hz,
                    self.buffer_frames,
                    max(left, right),
                    stream_callback.address,
                    address,
                )
                self.stream.start()
            except (DeviceError, OSError) as error:
                self._give_up(str(error))
        if self.device is None:
            engine.output.channels, engine.output.left, engine.output.right = 2, 0, 1
            self.buffer_frames = CLOCK_BUFFER_FRAMES
            block = np.zeros((CLOCK_BUFFER_FRAMES, 2), np.float32)
            self._clock_block = block
            arguments = (address, block.ctypes.data, CLOCK_BUFFER_FRAMES)
            threading.Thread(target=run_clock, args=arguments, name="clock", daemon=True).start()
            return
        self._measure(engine)
        with contextlib.suppress(OSError):
            # Real-time priority where the system allows it; audio servers that give it themselves give more.
            thread = int(engine.status.thread)
            if thread and os.sched_getscheduler(thread) == os.SCHED_OTHER:
                os.sched_setscheduler(thread, os.SCHED_FIFO, os.sched_param(_PRIORITY))

    def fault(self) -> str | None:
        """Why the device does not play any more, or None. The interface watches the heartbeat; this is only faster."""
        try:
            ended = self.stream is not None and not self.stream.active
        except Exception as error:  # Whatever the library says, it is the end.
            return str(error)
        return "the stream ended" if ended else None

    def _give_up(self, why: str) -> None:
        self.remarks.append(f"{why}: silent clock until it does not")
        self.device = None
        self.stream = None
        self.searching = True

    def _measure(self, engine: Any) -> None:
        """Looks at the first callbacks: how long they are, and whether the device paces them."""
        assert self.device is not None
        time.sleep(_SETTLE_S)
        before, begun_s = int(engine.status.frames), time.monotonic()
        time.sleep(_MEASURE_S)
        frames, passed_s = int(engine.status.frames) - before, time.monotonic() - begun_s
        self.buffer_frames = int(engine.status.largest_block) or self.buffer_frames
        latency_s = float(self.stream.latency)
        self.latency_s = latency_s if 0.0 < latency_s < _LONGEST_LATENCY_S else None
        if frames > _FASTEST * passed_s * self.sample_rate_hz + 3 * self.buffer_frames:
            times = frames / (passed_s * self.sample_rate_hz)
            raise DeviceError(f"it takes sound {times:.0f} times faster than real time")


def choose_output(request: OutputRequest, host: str | None, sample_rate_hz: int) -> Output:
    """What to play on: the device asked for (on an audio system, if that matters), else the clock."""
    output = Output(sample_rate_hz, request.buffer_frames)
    if request.device == NO_DEVICE:
        return output
    try:
        device = choose_device(list_devices(), request.device, host)
    except DeviceError as error:
        output.searching = str(error) != MISSING_LIBRARY
        output.remarks.append(f"{error}: silent clock{' until there is one' if output.searching else ''}")
        return output
    if device.output_channels < 2:
        output.remarks.append(f'device "{device.name}" has one output channel, two are needed: silent clock')
        return output
    channels = (request.left_channel, request.right_channel)
    if not all(1 <= channel <= device.output_channels for channel in channels):
        output.remarks.append(
            f'device "{device.name}" has output channels 1 to {device.output_channels}, '
            f"not {channels[0]} and {channels[1]}: playing on 1 and 2"
        )
        channels = (1, 2)
    output.channels = channels
    if not accepts(device, sample_rate_hz, max(channels)):
        if not accepts(device, device.sample_rate_hz, max(channels)):
            output.remarks.append(
                f'device "{device.name}" takes neither {sample_rate_hz} Hz nor its own {device.sample_rate_hz} Hz: '
                "silent clock until it does"
            )
            output.searching = True
            return output
        output.remarks.append(
            f'device "{device.name}" does not take {sample_rate_hz} Hz: playing at its {device.sample_rate_hz} Hz, '
            "stems are resampled"
        )
        output.sample_rate_hz = device.sample_rate_hz
    output.device = device
    return output
