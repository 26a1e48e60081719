"""Everything that is measured of a recording, as it is read: in one pass, in bounded memory, whatever its length.

Levels and peaks are of all channels, loudness of those that count (`meters.channel_weights`). The compiled parts are
`meters.programme_energy` and `meters.programme_peak`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.core.record import allocate
from engine.core.units import db_from_gain
from engine.meters.ballistics import TICKS_PER_SECOND
from engine.meters.k_weighting import k_weighting
from engine.meters.loudness import Loudness
from engine.meters.programme_energy import BENCH, STRETCHES, lead_frames, measure_energy
from engine.meters.programme_peak import KNOWN_PEAKS, PEAK_BLOCK_FRAMES, measure_peaks

FloatArray = npt.NDArray[np.float32]
Each = Callable[[Callable[[int], None], Iterable[int]], Iterable[None]]
"""Does something for each of some numbers: `map`, or that of a pool of threads."""

_STRETCH_TICKS = (50, 20, 10)
"""Ticks of one stretch, the first that suits the rate and the memory: short ones spend more on leads."""
_MOST_BYTES = 1 << 25
"""Of samples held at a time, unless even the shortest stretches are more."""


class ProgrammeMeter:
    """Measures one recording: fill the arrays of `room` from their beginning, `take` the frames, and `finish`.

    Every portion but the last must fill the room. `weights` are those of the channels in loudness, None where nothing
    says what they are: then there is none. Samples must be finite.
    """

    def __init__(self, sample_rate_hz: int, channels: int, weights: Sequence[float] | None, each: Each = map) -> None:
        self._ticks = _stretch_ticks(sample_rate_hz, channels)
        self._frames = sample_rate_hz * self._ticks // TICKS_PER_SECOND
        self._lead = lead_frames(sample_rate_hz)
        self._weights = weights
        self._each = each
        self.room_frames = STRETCHES * self._frames
        """Frames of a portion."""
        self.frames = 0
        """Taken so far."""
        self.loudness = Loudness(sample_rate_hz)
        self._square_sums = [0.0] * channels
        self._tick_ends = (np.arange(self._ticks) + 1) * self._frames // self._ticks
        self._energies = np.zeros((channels, 2, STRETCHES, self._ticks))
        # What the filters reach back to, the portion, and one block of silence for what rings after the end.
        self._sound = np.zeros((channels, self._lead + self.room_frames + PEAK_BLOCK_FRAMES), np.float32)
        self._benches = [allocate(BENCH) for _ in range(channels)]
        self._peaks = [allocate(KNOWN_PEAKS) for _ in range(channels)]
        weighting = k_weighting(sample_rate_hz)
        for bench in self._benches:
            bench.shelf.coefficients[:] = weighting.shelf
            bench.high_pass.coefficients[:] = weighting.high_pass

    @property
    def room(self) -> tuple[FloatArray, ...]:
        """An array for each channel, in which the next portion is expected."""
        return tuple(self._sound[:, self._lead : self._lead + self.room_frames])

    def take(self, frames: int) -> None:
        """Measures what has been put into the first frames of the room."""
        self.frames += frames
        end = self._lead + frames
        blocks = -(-frames // PEAK_BLOCK_FRAMES)
        self._sound[:, end:] = 0.0

        def measure(channel: int) -> None:
            address = self._sound[channel].ctypes.data
            bench, energies = self._benches[channel].base, self._energies[channel]
            measure_energy(bench.ctypes.data, address, self._lead, self._frames, self._ticks, energies.ctypes.data)
            self._square_sums[channel] += float(energies[0].sum())
            self._measure_peaks(channel, blocks)

        for _ in self._each(measure, range(len(self._sound))):
            pass
        if self._weights is not None:
            stretches, rest = divmod(frames, self._frames)
            ticks = stretches * self._ticks + int(np.searchsorted(self._tick_ends, rest, side="right"))
            weighted = np.tensordot(self._weights, self._energies[:, 1], 1)
            self.loudness.take(weighted.reshape(-1)[:ticks])
        last = self._lead + blocks * PEAK_BLOCK_FRAMES
        self._sound[:, : self._lead] = self._sound[:, last - self._lead : last]

    def finish(self) -> None:
        """The recording has ended."""
        self._sound[:, self._lead : self._lead + PEAK_BLOCK_FRAMES] = 0.0
        for channel in range(len(self._sound)):
            self._measure_peaks(channel, 1)
        self.loudness.finish_file()

    @property
    def levels(self) -> Levels:
        """Peaks and mean square of all that was taken."""
        total = math.fsum(self._square_sums) / max(self.frames * len(self._sound), 1)
        return Levels(
            sample_peak=max(float(known.sample) for known in self._peaks),
            true_peak=max(float(known.between) for known in self._peaks),
            mean_square=total,
        )

    def _measure_peaks(self, channel: int, blocks: int) -> None:
        first = self._sound[channel, self._lead - PEAK_BLOCK_FRAMES :]
        measure_peaks(first.ctypes.data, blocks, self._peaks[channel].base.ctypes.data)


@dataclass(frozen=True, slots=True)
class Levels:
    """Linear levels of all channels together; the true peak is never below the highest sample."""

    sample_peak: float
    true_peak: float
    mean_square: float

    @property
    def sample_peak_dbfs(self) -> float:
        """The highest sample; -inf for silence."""
        return db_from_gain(self.sample_peak)

    @property
    def true_peak_dbtp(self) -> float:
        """The highest value of the sound that the samples stand for."""
        return db_from_gain(self.true_peak)

    @property
    def rms_dbfs(self) -> float:
        """The root of the mean square: -3.01 for a sine at full scale, 0 for a square."""
        return db_from_gain(math.sqrt(self.mean_square))


def _stretch_ticks(sample_rate_hz: int, channels: int) -> int:
    """Ticks of a stretch, so many that they are whole frames: all stretches have the same ticks then."""
    whole = [ticks for ticks in _STRETCH_TICKS if sample_rate_hz * ticks % TICKS_PER_SECOND == 0] or [TICKS_PER_SECOND]
    frame_bytes = 4 * channels
    small = (
        ticks for ticks in whole if frame_bytes * STRETCHES * sample_rate_hz * ticks <= _MOST_BYTES * TICKS_PER_SECOND
    )
    return next(small, whole[-1])
