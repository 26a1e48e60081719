"""True peaks in lanes: the highest of the samples between two samples, by interpolation to eight times the rate.

ITU-R BS.1770-5 Annex 2 with a better filter than its own: a sinc under a Kaiser window, `HALF` zero crossings to a
side, so that the samples themselves are one of the phases. A phase and its mirror image take the same sums and
differences of taps: `|y_k| = |even + odd|`, `|y_(8-k)| = |even - odd|`, and the higher of both is `|even| + |odd|`.
It is flat to 0.475 fs; where sound fills the last 2 kHz below half the rate, no two interpolators agree.

The same at every rate: above 96 kHz the standard asks for less, but sound may reach to half of any rate.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.jit import kernel
from engine.core.record import LANES

PHASES = 8
HALF = 32
TAPS = 2 * HALF
_KAISER_BETA = 5.0

TRUE_PEAK_DELAY_FRAMES = HALF
"""How many samples after it the stretch that begins at a sample is known."""


def _phase(k: float) -> Any:
    """Weights of the samples -HALF + 1 to HALF at k / PHASES after sample 0."""
    distance = np.arange(1 - HALF, HALF + 1) - k / PHASES
    window = np.i0(_KAISER_BETA * np.sqrt(1.0 - (distance / HALF) ** 2)) / np.i0(_KAISER_BETA)
    return np.sinc(distance) * window


def _half(k: float, sign: float) -> Any:
    """The first half of the even (sign 1) or odd (-1) part of a phase."""
    phase = _phase(k)
    return ((phase + sign * phase[::-1]) / 2.0)[:HALF].astype(np.float32)


EVEN = np.array([_half(k, 1.0) for k in range(1, PHASES // 2 + 1)])
ODD = np.array([_half(k, -1.0) for k in range(1, PHASES // 2)])
"""Halves of the parts of the phases 1 to 4 and 1 to 3; the odd part of phase 4 is zero."""


def _line_and_rest(k: float) -> tuple[float, float]:
    """A phase as a line through samples 0 and 1 and a filter of second differences: the sums of their magnitudes."""
    taps = _phase(k)
    second = float(np.sum(taps * np.arange(1 - HALF, HALF + 1)))
    first = float(taps.sum()) - second
    taps[HALF - 1 : HALF + 1] -= first, second
    return abs(first) + abs(second), float(np.abs(np.cumsum(np.cumsum(taps))).sum())


GRID_GAIN = 1.0 / math.cos(math.pi / (2 * PHASES))
"""No sine below half the rate is higher between phases than so many times its highest phase (0.17 dB)."""
_FINER = 4
"""Phases between two of these, for who wants to know a peak exactly."""
FINE_EVEN, FINE_ODD = (
    np.array([_half(k / _FINER, sign) for k in range(1, _FINER * PHASES // 2) if k % _FINER]) for sign in (1.0, -1.0)
)
"""Of the phases in between, up to the middle."""

_ALL = [k / _FINER for k in range(1, _FINER * PHASES)]
MOST_GAIN = float(max(np.abs(_phase(k)).sum() for k in _ALL))
"""No value between samples is higher than so many times the highest sample in reach of the filter."""
LINE_GAIN, BEND_GAIN = (max(gains) for gains in zip(*map(_line_and_rest, _ALL), strict=True))
"""Nor higher than so many times the highest sample, and so many times the highest second difference."""


@kernel
def _pair(rows: Any, lane: int, i: int, e1: Any, o1: Any, e2: Any, o2: Any, e3: Any, o3: Any, e4: Any) -> Any:
    """Adds the taps i and TAPS - 1 - i."""
    before = rows[i, lane]
    after = rows[TAPS - 1 - i, lane]
    both = before + after
    apart = before - after
    return (
        e1 + EVEN[0, i] * both,
        o1 + ODD[0, i] * apart,
        e2 + EVEN[1, i] * both,
        o2 + ODD[1, i] * apart,
        e3 + EVEN[2, i] * both,
        o3 + ODD[2, i] * apart,
        e4 + EVEN[3, i] * both,
    )


@kernel
def _four_pairs(rows: Any, lane: int, i: int, e1: Any, o1: Any, e2: Any, o2: Any, e3: Any, o3: Any, e4: Any) -> Any:
    # Spelled out: a loop over taps inside of the one over lanes keeps the compiler from making vectors.
    e1, o1, e2, o2, e3, o3, e4 = _pair(rows, lane, i, e1, o1, e2, o2, e3, o3, e4)
    e1, o1, e2, o2, e3, o3, e4 = _pair(rows, lane, i + 1, e1, o1, e2, o2, e3, o3, e4)
    e1, o1, e2, o2, e3, o3, e4 = _pair(rows, lane, i + 2, e1, o1, e2, o2, e3, o3, e4)
    return _pair(rows, lane, i + 3, e1, o1, e2, o2, e3, o3, e4)


@kernel
def true_peaks(line: Any, end: int, peaks: Any, frames: int) -> None:
    """Audio thread. The peaks of `frames` samples whose last look ahead ends before row `end` of a line (rows, LANES).

    Row t of `peaks` is of the sample in row `end - frames + t - TRUE_PEAK_DELAY_FRAMES`, and of what lies between it
    and the next.
    """
    z = np.float32(0.0)
    for t in range(frames):
        first = end - frames + t - TAPS + 1
        rows = line[first : first + TAPS]
        for lane in range(LANES):
            e1, o1, e2, o2, e3, o3, e4 = _four_pairs(rows, lane, 0, z, z, z, z, z, z, z)
            e1, o1, e2, o2, e3, o3, e4 = _four_pairs(rows, lane, 4, e1, o1, e2, o2, e3, o3, e4)
            e1, o1, e2, o2, e3, o3, e4 = _four_pairs(rows, lane, 8, e1, o1, e2, o2, e3, o3, e4)
            e1, o1, e2, o2, e3, o3, e4 = _four_pairs(rows, lane, 12, e1, o1, e2, o2, e3, o3, e4)
            e1, o1, e2, o2, e3, o3, e4 = _four_pairs(rows, lane, 16, e1, o1, e2, o2, e3, o3, e4)
            e1, o1, e2, o2, e3, o3, e4 = _four_pairs(rows, lane, 20, e1, o1, e2, o2, e3, o3, e4)
            e1, o1, e2, o2, e3, o3, e4 = _four_pairs(rows, lane, 24, e1, o1, e2, o2, e3, o3, e4)
            e1, o1, e2, o2, e3, o3, e4 = _four_pairs(rows, lane, 28, e1, o1, e2, o2, e3, o3, e4)
            outer = max(abs(rows[HALF - 1, lane]), abs(e1) + abs(o1))
            inner = max(abs(e2) + abs(o2), abs(e3) + abs(o3))
            peaks[t, lane] = max(max(outer, inner), abs(e4))
