"""Samples of a file at another rate, as a stream.

Conversion is by libsoxr at its highest quality (28 bits). Its filters are long, so a jump starts it a little earlier,
and at a frame where both rates meet (a whole multiple of `rate_out / gcd` of the output): what follows is what an
uninterrupted stream would have given. The converter is always fed in blocks of one size counted from where it was
started, so the result never depends on how much is asked for at a time.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.sources.sample_file import FloatArray, SampleFile

_FEED_FRAMES = 8192
_PREROLL_FRAMES = 1024
"""Longer than half the filter when the rate rises; in proportion when it falls."""


class DirectStream:
    """A file that already has the rate wanted."""

    def __init__(self, file: SampleFile) -> None:
        self.file = file
        self.frames = file.frames

    def read_into(self, start_frame: int, outs: tuple[FloatArray, ...]) -> None:
        """Fills an array for each side; `start_frame` and all that follows lie within the stream."""
        self.file.read_into(start_frame, outs)


class ResampledStream:
    """A file at another rate; `frames` is its length there."""

    def __init__(self, file: SampleFile, rate_out_hz: int) -> None:
        import soxr

        common = math.gcd(file.sample_rate_hz, rate_out_hz)
        self.file = file
        self._step_in = file.sample_rate_hz // common
        self._step_out = rate_out_hz // common
        self.frames = -(-file.frames * self._step_out // self._step_in)
        sides = len(file.sides)
        self._converters: list[Any] = [
            soxr.ResampleStream(file.sample_rate_hz, rate_out_hz, 1, dtype="float32", quality="VHQ")
            for _ in range(sides)
        ]
        self._feed = tuple(np.zeros(_FEED_FRAMES, np.float32) for _ in range(sides))
        self._preroll_out = math.ceil(_PREROLL_FRAMES * max(1.0, rate_out_hz / file.sample_rate_hz))
        self._pending: tuple[FloatArray, ...] = tuple(np.zeros(0, np.float32) for _ in range(sides))
        self._pending_from = 0
        """Output frame of the first pending sample."""
        self._source_frame = 0
        """Where the next feed begins."""

    def read_into(self, start_frame: int, outs: tuple[FloatArray, ...]) -> None:
        """Fills an array for each side; `start_frame` and all that follows lie within the stream."""
        if start_frame != self._pending_from:
            self._restart(start_frame)
        wanted = len(outs[0])
        done = 0
        while done < wanted:
            count = min(len(self._pending[0]), wanted - done)
            for out, pending in zip(outs, self._pending, strict=True):
                out[done : done + count] = pending[:count]
            self._pending = tuple(pending[count:] for pending in self._pending)
            self._pending_from += count
            done += count
            if done < wanted:
                self._convert()

    def _restart(self, frame: int) -> None:
        """Makes the frame the next pending one."""
        steps = max((frame - self._preroll_out) // self._step_out, 0)
        for converter in self._converters:
            converter.clear()
        self._source_frame = steps * self._step_in
        self._pending = tuple(pending[:0] for pending in self._pending)
        self._pending_from = steps * self._step_out
        while self._pending_from + len(self._pending[0]) <= frame:
            self._pending_from += len(self._pending[0])
            self._convert()
        drop = frame - self._pending_from
        self._pending = tuple(pending[drop:] for pending in self._pending)
        self._pending_from = frame

    def _convert(self) -> None:
        """Feeds one block, zeros beyond the file's end; the pending samples before it must have been used up."""
        held = min(max(self.file.frames - self._source_frame, 0), _FEED_FRAMES)
        for feed in self._feed:
            feed[held:] = 0.0
        if held:
            self.file.read_into(self._source_frame, tuple(feed[:held] for feed in self._feed))
        self._source_frame += _FEED_FRAMES
        self._pending = tuple(
            converter.resample_chunk(feed) for converter, feed in zip(self._converters, self._feed, strict=True)
        )
