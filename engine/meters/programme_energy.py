"""Energies of one channel of a recording, 10 ms by 10 ms: of its samples, and of the K-weighted ones.

A recursive filter waits for its own last output, so a single run through a file leaves the processor idle. Here
`STRETCHES` parts of the recording that follow each other are filtered side by side, as lanes of vectors, in double
precision. Each begins `LEAD_S` early with an empty memory: by the time it counts, what it does not know of the past
has decayed below the precision of the numbers (the slowest part of the filter, two poles at 38 Hz, falls to 1e-14).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.entries import entry
from engine.core.jit import kernel
from engine.core.pointers import array_at, record_at
from engine.core.record import record

STRETCHES = 64
LEAD_S = 0.15

_BLOCK_FRAMES = 32
"""Of all stretches: stays in the first-level cache."""

_STAGE = record(
    [
        ("coefficients", np.float64, (5,)),
        ("first", np.float64, (STRETCHES,)),
        ("second", np.float64, (STRETCHES,)),
    ]
)
"""A biquad (b0, b1, b2, a1, a2) and its memory. Kept together: the compiler sees that its parts do not overlap."""

BENCH = record(
    [
        ("shelf", _STAGE),
        ("high_pass", _STAGE),
        ("samples", np.float64, (_BLOCK_FRAMES, STRETCHES)),
        ("squares", np.float64, (STRETCHES,)),
        ("weighted_squares", np.float64, (STRETCHES,)),
    ]
)
"""The filter, and room to work."""


def lead_frames(sample_rate_hz: int) -> int:
    """How many frames before its own a stretch needs."""
    return math.ceil(LEAD_S * sample_rate_hz)


@kernel
def _gather(sound: Any, at: int, apart: int, samples: Any, frames: int) -> None:
    """Lays frames of all stretches, which begin so far apart, side by side."""
    for t in range(frames):
        for lane in range(STRETCHES):
            # Unsigned, or the compiler would have to look whether a place is counted from the end.
            samples[t, lane] = np.float64(sound[np.uint64(at + t + lane * apart)])


@kernel
def _filter(samples: Any, stage: Any, frames: int) -> None:
    """Filters a block in place (transposed direct form 2)."""
    b0, b1, b2, a1, a2 = (
        stage.coefficients[0],
        stage.coefficients[1],
        stage.coefficients[2],
        stage.coefficients[3],
        stage.coefficients[4],
    )
    first = stage.first
    second = stage.second
    for t in range(frames):
        for lane in range(STRETCHES):
            x = samples[t, lane]
            y = b0 * x + first[lane]
            first[lane] = (b1 * x + second[lane]) - a1 * y
            second[lane] = b2 * x - a2 * y
            samples[t, lane] = y


@kernel
def _add_squares(samples: Any, squares: Any, frames: int) -> None:
    for t in range(frames):
        for lane in range(STRETCHES):
            squares[lane] += samples[t, lane] * samples[t, lane]


@kernel
def _clear(lanes: Any) -> None:
    for lane in range(STRETCHES):
        lanes[lane] = 0.0


@entry("void(int64, int64, int64, int64, int64, int64)")
def measure_energy(bench: int, channel: int, lead: int, frames: int, ticks: int, energies: int) -> None:
    """Measures `STRETCHES` stretches of `frames` frames and `ticks` ticks each.

    `bench` is the address of a `BENCH`, `channel` that of float32 samples: `lead` frames before the first stretch, then
    all stretches. `energies` is that of float64 (2, STRETCHES, ticks): sums of squares of the samples, and of the
    K-weighted ones.
    """
    work = record_at(bench, BENCH)
    sound = array_at(channel, (lead + STRETCHES * frames,), np.float32)
    out = array_at(energies, (2, STRETCHES, ticks), np.float64)
    samples = work.samples
    _clear(work.shelf.first)
    _clear(work.shelf.second)
    _clear(work.high_pass.first)
    _clear(work.high_pass.second)
    at = 0
    for tick in range(-1, ticks):
        end = lead + (tick + 1) * frames // ticks
        _clear(work.squares)
        _clear(work.weighted_squares)
        while at < end:
            count = min(_BLOCK_FRAMES, end - at)
            _gather(sound, at, frames, samples, count)
            if tick >= 0:
                _add_squares(samples, work.squares, count)
            _filter(samples, work.shelf, count)
            _filter(samples, work.high_pass, count)
            if tick >= 0:
                _add_squares(samples, work.weighted_squares, count)
            at += count
        if tick >= 0:
            for lane in range(STRETCHES):
                out[0, lane, tick] = work.squares[lane]
                out[1, lane, tick] = work.weighted_squares[lane]
