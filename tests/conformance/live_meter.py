"""The meters of the engine that plays, given signals: as stems, of files of floats unless said otherwise.

Every row is read with several block sizes of the device, all of which must be within its tolerance.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.meters.frame import MeterFrame
from engine.mix import MeterSettings, Mix, Strip
from tests.conformance.row import Row
from tests.conformance.signals import Channel
from tests.engine.running import Running
from tests.engine.songs import write_stem

_A_MOMENT_FRAMES = 64


class Live:
    """An engine that has begun to play a signal; it is the first strip, and goes to the master.

    Blocks end where something is read, too.
    """

    def __init__(self, running: Running, rate_hz: int, blocks_frames: Sequence[int]) -> None:
        self._running = running
        self.rate_hz = rate_hz
        self._blocks_frames = blocks_frames
        self._played = 0

    def until(self, seconds: float) -> MeterFrame:
        """Plays to a place, and reads."""
        end = round(seconds * self.rate_hz)
        self._running.advance(max(end - self._played, 0), *self._blocks_frames)
        self._played = end
        return self.read()

    def read(self) -> MeterFrame:
        """The meters now."""
        return self._running.frame()

    def after_a_moment(self) -> MeterFrame:
        """What is read where maxima are of this moment alone."""
        for _ in range(3):
            self._running.advance(_A_MOMENT_FRAMES, *self._blocks_frames)
            self._played += _A_MOMENT_FRAMES
            frame = self.read()
        return frame

    def every(self, step_s: float, start_s: float, end_s: float) -> Iterator[MeterFrame]:
        """Readings from a place to another."""
        for step in range(round((end_s - start_s) / step_s)):
            yield self.until(start_s + (step + 1) * step_s)


@dataclass(frozen=True)
class Device:
    """What the engine plays to: it wants so many frames at a time, in turn where there are several."""

    blocks_frames: tuple[int, ...]

    @contextmanager
    def playing(
        self, rate_hz: int, *channels: Channel, subtype: str = "FLOAT", settings: MeterSettings | None = None
    ) -> Iterator[Live]:
        """Plays one or two channels."""
        settings = settings or MeterSettings()
        with tempfile.TemporaryDirectory() as folder:
            stem = write_stem(Path(folder) / "signal.wav", np.stack(channels, axis=1), rate_hz, subtype)
            running = Running(mix=Mix(rate_hz, (Strip("signal", "Signal", stem),), meters=settings))
            running.reader.set(settings)
            running.locate(0)
            running.deck.play()
            try:
                yield Live(running, rate_hz, self.blocks_frames)
            finally:
                running.close()
                Running.opened.remove(running)


LONG_DEVICES = (Device((512,)), Device((37,)), Device((1023,)))
"""A usual block size, and odd ones shorter and longer than the engine's own."""
DEVICES = (*LONG_DEVICES, Device((1,)))
"""The shortest too, which takes seven times as long: not for signals of half a minute."""
CHANGING_DEVICE = (Device((512, 37, 1, 1023)),)
"""All of them in one run, for signals that are longer still."""


def live_row(
    id: str,
    source: str,
    signal: str,
    expected: float | Sequence[float],
    tolerance: float | tuple[float, float],
    read: Callable[[Device], Sequence[float]],
    unit: str = "LUFS",
    devices: Sequence[Device] = DEVICES,
) -> Row:
    """A row of live meters: `read` is given one device after the other.

    `tolerance` is the same on both sides, or below and above.
    """
    values = (expected,) if isinstance(expected, float) else tuple(expected)
    below, above = tolerance if isinstance(tolerance, tuple) else (tolerance, tolerance)

    def with_every_device() -> list[float]:
        return [reading for device in devices for reading in read(device)]

    return Row(id, source, signal, values * len(devices), below, above, unit, with_every_device)
