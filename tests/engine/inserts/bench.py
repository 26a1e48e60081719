"""A bench for processors: one unit of a kind, run over a rack's block as the mixer runs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import cycle
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.entries import Entry
from engine.core.record import BLOCK_FRAMES, LANES, NARROW_LANES, allocate, allocate_bytes, record
from engine.core.unit import DERIVE, JUMP, MOST_PARAMS, PROCESS, RESET, SETTLE, SIZE, UNIT_HEADER, Processor, lanes_of

RATE = 48000
RATES = (44100, 48000, 96000, 192000)

Sound = npt.NDArray[np.float32]


def size_of(entry: Entry) -> int:
    """The bytes of a unit."""
    size = np.zeros(1, np.int64)
    entry(0, SIZE, size.ctypes.data, 0)
    return int(size[0])


def narrow_layout(layout: np.dtype[Any]) -> np.dtype[Any]:
    """The record of a single unit, which is always narrow: only its header is as wide as the unit."""
    header = [(name, UNIT_HEADER[name].base, (NARROW_LANES,) * UNIT_HEADER[name].ndim) for name in UNIT_HEADER.names]
    own = [(name, layout[name].base, layout[name].shape) for name in layout.names if name != "header"]
    return record([("header", record(header)), *own])


class Bench:
    """One unit. All its columns get defaults at once; sound goes through `column`, noise through all others.

    Of a narrow unit of a kind that runs in lanes the record cannot be seen, only what it sounds like.
    """

    def __init__(self, processor: Processor, rate: int = RATE, column: int = 5, *, narrow: bool = False) -> None:
        narrow = narrow or processor.is_single
        self.processor = processor
        self.rate = rate
        self.column = 0 if processor.is_single else column
        self._lanes = NARROW_LANES if narrow else LANES
        self._entry = processor.entry.narrow if narrow else processor.entry
        memory = self._memory = allocate_bytes(size_of(self._entry))
        self._address = memory.ctypes.data
        memory[:8].view(np.float64)[0] = rate
        layout = narrow_layout(processor.layout) if processor.is_single else processor.layout
        self.unit: Any = allocate(layout, memory.data) if layout.itemsize == memory.size else None
        self._block = np.zeros((BLOCK_FRAMES, self._lanes), np.float32)
        self._tick = rate // 100
        self._left = self._tick
        self._noise = np.random.default_rng(7)
        for other in (0,) if processor.is_single else range(self._lanes // 2):
            self._order(JUMP, processor.defaults, other)

    def _order(self, order: int, values: Iterable[float], column: int) -> None:
        params = np.zeros(MOST_PARAMS, np.float32)
        given = list(values)
        params[: len(given)] = given
        self._entry(self._address, order, params.ctypes.data, column)

    def values(self, **changed: float) -> list[float]:
        """The defaults with some parameters changed, by their id."""
        values = dict(zip((spec.id for spec in self.processor.params), self.processor.defaults, strict=True))
        assert changed.keys() <= values.keys(), changed.keys() - values.keys()
        return list((values | changed).values())

    def set(self, *, glide: bool = False, column: int | None = None, **changed: float) -> None:
        """Sets parameters of a column (the sound's, unless another is named); all others are at their defaults."""
        where = self.column if column is None else column
        self._order(DERIVE if glide else JUMP, self.values(**changed), where)

    def reset(self) -> None:
        """Makes the unit forget what the column has heard."""
        self._order(RESET, (), self.column)

    def run(self, sound: Sound, blocks: Iterable[int] = (BLOCK_FRAMES,), *, others: float = 0.1) -> Sound:
        """Sends (frames, 2) through, cut into blocks of these sizes in turn; `others` is the noise of other strips."""
        out = np.zeros(sound.shape, np.float32)
        lanes = list(lanes_of(self.column, self._lanes))
        sizes = cycle(blocks)
        done = 0
        while done < len(sound):
            frames = min(next(sizes), BLOCK_FRAMES, self._left, len(sound) - done)
            if others:
                self._block[:frames] = self._noise.uniform(-others, others, (frames, self._lanes))
            self._block[:frames, lanes] = sound[done : done + frames]
            self._entry(self._address, PROCESS, self._block.ctypes.data, frames)
            out[done : done + frames] = self._block[:frames, lanes]
            done += frames
            self._left -= frames
            if self._left == 0:
                self._left = self._tick
                self._entry(self._address, SETTLE, 0, 0)
        return out

    @property
    def latency(self) -> int:
        """Declared, in frames."""
        return self.processor.latency_frames(self.rate)

    def reduction_db(self) -> float:
        """The gain reduction of the column's left lane."""
        return float(self.unit.header.reduction_db[self.column])

    def vu_dbfs(self) -> float:
        """The unit's own VU of the column's left lane, as the peak level of a sine."""
        return float(20.0 * np.log10(max(float(self.unit.header.vu[self.column]), 1e-10)))


def stereo(mono: npt.ArrayLike) -> Sound:
    """The same on both sides."""
    one = np.asarray(mono, np.float32)
    return np.stack([one, one], axis=1)


def sine(frequency_hz: float, peak_dbfs: float, seconds: float = 1.0, rate: int = RATE) -> Sound:
    """A sine on both sides, of a peak level."""
    n = np.arange(round(seconds * rate))
    return stereo(10.0 ** (peak_dbfs / 20.0) * np.sin(2.0 * np.pi * frequency_hz * n / rate))


def noise(frames: int, peak: float = 0.25, seed: int = 1) -> Sound:
    """Uniform noise, different on both sides."""
    return np.random.default_rng(seed).uniform(-peak, peak, (frames, 2)).astype(np.float32)


def impulse(frames: int, height: float = 1.0) -> Sound:
    """A single sample on both sides, at the start."""
    sound = np.zeros((frames, 2), np.float32)
    sound[0] = height
    return sound


def response_db(
    processor: Processor, settings: Mapping[str, float], frequencies_hz: npt.ArrayLike, rate: int = RATE
) -> npt.NDArray[np.float64]:
    """The gain at frequencies, of the impulse response (a linear unit's; 4 s long, quiet)."""
    bench = Bench(processor, rate)
    bench.set(**settings)
    heard = bench.run(impulse(4 * rate, 0.25), others=0.0)[:, 0].astype(np.float64) / 0.25
    n = np.arange(len(heard))
    turns = np.exp(-2j * np.pi * np.outer(np.asarray(frequencies_hz, np.float64) / rate, n))
    return np.asarray(20.0 * np.log10(np.abs(turns @ heard)), np.float64)


def level_dbfs(sound: Sound, last_s: float = 0.2, rate: int = RATE) -> float:
    """The level of the end of a sound's left side, as the peak level of a sine of that mean square."""
    tail = sound[-round(last_s * rate) :, 0].astype(np.float64)
    return float(10.0 * np.log10(2.0 * np.mean(tail**2) + 1e-30))
