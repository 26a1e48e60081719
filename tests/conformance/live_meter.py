"""The meters of the engine that plays, given signals: as stems, of files of floats unless said otherwise."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from engine.meters.frame import MeterFrame
from engine.mix import MeterSettings, Mix, Strip
from tests.conformance.signals import Channel
from tests.engine.running import Running
from tests.engine.songs import write_stem

_A_MOMENT_FRAMES = 64


class Live:
    """An engine that has begun to play a signal; it is the first strip, and goes to the master."""

    def __init__(self, running: Running, rate_hz: int, block_frames: int) -> None:
        self._running = running
        self.rate_hz = rate_hz
        self._block_frames = block_frames
        self._played = 0

    def until(self, seconds: float) -> MeterFrame:
        """Plays to a place, and reads."""
        end = round(seconds * self.rate_hz)
        self._running.play(max(end - self._played, 0), self._block_frames)
        self._played = end
        return self.read()

    def read(self) -> MeterFrame:
        """The meters now."""
        return self._running.frame()

    def after_a_moment(self) -> MeterFrame:
        """What is read where maxima are of this moment alone."""
        for _ in range(3):
            self._running.play(_A_MOMENT_FRAMES)
            self._played += _A_MOMENT_FRAMES
            frame = self.read()
        return frame

    def clear_holds(self) -> None:
        """Begins holds and overs anew."""
        self._running.reader.clear_holds()

    def every(self, step_s: float, start_s: float, end_s: float) -> Iterator[MeterFrame]:
        """Readings from a place to another."""
        for step in range(round((end_s - start_s) / step_s)):
            yield self.until(start_s + (step + 1) * step_s)


@contextmanager
def live(
    rate_hz: int,
    *channels: Channel,
    block_frames: int = 512,
    subtype: str = "FLOAT",
    settings: MeterSettings | None = None,
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
            yield Live(running, rate_hz, block_frames)
        finally:
            running.close()
            Running.opened.remove(running)
