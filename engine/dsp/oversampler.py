"""Oversampling in lanes: what happens between `raise_rate` and `lower_rate` happens at 4 (or 2) times the rate.

Two half-band filters in cascade, linear phase, a sinc in a Kaiser window each (J. F. Kaiser, 1974); a half-band filter
leaves every second sample as it is, and finds those between from pairs at equal distances:

    between[t] = sum over i of c[i] (x[t - P - i] + x[t - P + 1 + i]),   P pairs    (`_steep`: P = 30, `_wide`: P = 6)

Going down is the same filter: half of the sample in the middle and half of what lies between its neighbours. Samples of
the higher rate are kept as planes, one for each place within a frame (4t, 4t + 1, ...): then a filter is one long loop
over frames and lanes, and nothing is interleaved.

|                          | rates below 64 kHz | above |
|--------------------------|--------------------|-------|
| factor                   | 4                  | 2     |
| latency (up and down)    | 64 frames          | 59    |

There and back, at any rate: flat within 0.003 dB up to 0.4535 of the rate (20 kHz at 44.1 kHz), 1.1 dB down at 0.476
(21 kHz), each way 6 dB at half the rate. Stop-bands: 84 dB from 0.5465 of the rate on (first stage) and from three
eighths of the rate of the second. So what is created above and folds to below 0.4535 of the rate is 84 dB weaker there
(one way), and less between there and half the rate. Silence stays silence; what is not finite is gone after twice the
latency.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.jit import kernel
from engine.core.pair_filter import pair_filter
from engine.core.pointers import address_of, move_bytes
from engine.core.record import BLOCK_FRAMES, LANES, record

_STEEP_PAIRS = 30
_WIDE_PAIRS = 6

_HIGHEST_OF_4 = 64000.0
"""Sample rates from here on are high enough to be only doubled."""

MOST_FACTOR = 4


def half_band(pairs: int, beta: float) -> npt.NDArray[np.float32]:
    """The weights of the pairs, nearest first, of a half-band filter in a Kaiser window; a constant keeps its value."""
    distance = 2 * np.arange(pairs) + 1
    window = np.kaiser(4 * pairs - 1, beta)[2 * pairs - 1 + distance]
    weights = np.sinc(distance / 2.0) * window
    return np.asarray(weights / (2.0 * weights.sum()), np.float32)


_STEEP = half_band(_STEEP_PAIRS, 8.5)
_WIDE = half_band(_WIDE_PAIRS, 8.6)

_HISTORY = 2 * _STEEP_PAIRS
"""Frames before the first one of a block that the filters reach back to (the steep one 59)."""

_PLANE = ((_HISTORY + BLOCK_FRAMES) * LANES,)

OVERSAMPLER = record(
    [
        ("used", np.int64),
        ("given", np.float32, _PLANE),
        ("between", np.float32, _PLANE),
        ("even", np.float32, _PLANE),
        ("odd", np.float32, _PLANE),
        ("lowered", np.float32, _PLANE),
        ("planes", np.float32, (MOST_FACTOR, *_PLANE)),
    ]
)
"""Frames times lanes each, the history first. `used`: frames after the history that are history by now. `given` is the
input and `between` what lies between its frames; `planes` belong to the unit meanwhile; `even` and `odd` are the
doubled rate on the way down, `lowered` is the result."""


@kernel
def factor_at(sample_rate_hz: float) -> int:
    """By how much a rate is raised."""
    return 4 if sample_rate_hz < _HIGHEST_OF_4 else 2


def oversampler_latency_frames(sample_rate_hz: int) -> int:
    """Frames by which a signal is late after going up and down again."""
    # Half-band filters of 4 P - 1 taps wait for 2 P - 1 of their samples; going down, the second sample of a frame (not
    # the first) ends the window, which makes the sum a whole number.
    once = 2 * _STEEP_PAIRS - 1
    return once if factor_at(sample_rate_hz) == 2 else once + _WIDE_PAIRS - 1


_steep_pairs = pair_filter(_STEEP.tolist())
_wide_pairs = pair_filter(_WIDE[::2].tolist(), _WIDE[1::2].tolist())


@kernel
def _steep(x: Any, start: int, frames: int, out: Any) -> None:
    """`out[j]`: what lies half a frame after `x[j - 30 LANES]`, for so many frames from `start`."""
    at = address_of(x) + 4 * start
    row = 4 * LANES
    _steep_pairs(address_of(out) + 4 * start, (at - _STEEP_PAIRS * row, at - (_STEEP_PAIRS - 1) * row), frames)


@kernel
def _wide(last: Any, last_start: int, other: Any, other_start: int, out: Any, start: int, frames: int) -> None:
    """What lies in the middle of 12 samples of the doubled rate, which are kept as two planes.

    `last` is the plane of the latest of them, at `last_start`; that of the one before is in `other`, at `other_start`.
    """
    row = 4 * LANES
    a = address_of(last) + 4 * last_start
    b = address_of(other) + 4 * other_start
    _wide_pairs(address_of(out) + 4 * start, (a - 3 * row, b - 2 * row, b - 3 * row, a - 2 * row), frames)


@kernel
def _copy(x: Any, start: int, out: Any, to: int, rows: int) -> None:
    move_bytes(address_of(out) + 4 * to, address_of(x) + 4 * start, 4 * LANES * rows)


@kernel
def _halve(centre: Any, centre_start: int, between: Any, start: int, count: int) -> None:
    """The lower rate: `between` becomes the mean of itself and of the sample in the middle of its window."""
    a = np.uint64(centre_start)
    b = np.uint64(start)
    for place in range(count):
        j = np.uint64(place)
        between[b + j] = np.float32(0.5) * (between[b + j] + centre[a + j])


@kernel
def _move_back(state: Any, factor: int) -> None:
    """The latest frames become the history at the start of the planes."""
    start = state.used * LANES
    short = (_HISTORY - _WIDE_PAIRS) * LANES
    _copy(state.given, start, state.given, 0, _HISTORY)
    if factor == 2:
        _copy(state.planes[0], start, state.planes[0], 0, _HISTORY)
        _copy(state.planes[1], start, state.planes[1], 0, _HISTORY)
    else:
        _copy(state.even, start, state.even, 0, _HISTORY)
        _copy(state.odd, start, state.odd, 0, _HISTORY)
        _copy(state.between, start + short, state.between, short, _WIDE_PAIRS)
        for plane in range(4):
            _copy(state.planes[plane], start + short, state.planes[plane], short, _WIDE_PAIRS)
    state.used = 0


@kernel
def raise_rate(state: Any, factor: int, block: Any, first: int, last: int) -> int:
    """Audio thread. Takes rows `first` to `last` of a block up (in order, at most BLOCK_FRAMES at once).

    They lie in `state.planes[:factor]` then, `(last - first) * LANES` values in each from the returned place on, to be
    changed there before `lower_rate` brings them back.
    """
    frames = last - first
    if state.used + frames > BLOCK_FRAMES:
        _move_back(state, factor)
    start = (_HISTORY + state.used) * LANES
    given = state.given
    move_bytes(address_of(given) + 4 * start, address_of(block) + 4 * first * LANES, 4 * LANES * frames)
    # The doubled rate: first what lies between two frames, then the later one of them.
    on_time = start - (_STEEP_PAIRS - 1) * LANES
    if factor == 2:
        _steep(given, start, frames, state.planes[0])
        _copy(given, on_time, state.planes[1], start, frames)
        return start
    between = state.between
    _steep(given, start, frames, between)
    _wide(between, start, given, on_time - LANES, state.planes[0], start, frames)
    _copy(given, on_time - 3 * LANES, state.planes[1], start, frames)
    _wide(given, on_time, between, start, state.planes[2], start, frames)
    _copy(between, start - 2 * LANES, state.planes[3], start, frames)
    return start


@kernel
def lower_rate(state: Any, factor: int, block: Any, first: int, last: int) -> None:
    """Audio thread. Brings what `raise_rate` took up back to the same rows of the block."""
    frames = last - first
    start = (_HISTORY + state.used) * LANES
    count = frames * LANES
    planes = state.planes
    lowered = state.lowered
    if factor == 2:
        _steep(planes[0], start, frames, lowered)
        _halve(planes[1], start - _STEEP_PAIRS * LANES, lowered, start, count)
    else:
        even = state.even
        odd = state.odd
        _wide(planes[0], start, planes[2], start - LANES, even, start, frames)
        _halve(planes[1], start - 3 * LANES, even, start, count)
        _wide(planes[2], start, planes[0], start, odd, start, frames)
        _halve(planes[3], start - 3 * LANES, odd, start, count)
        _steep(odd, start, frames, lowered)
        _halve(even, start - (_STEEP_PAIRS - 1) * LANES, lowered, start, count)
    move_bytes(address_of(block) + 4 * first * LANES, address_of(lowered) + 4 * start, 4 * LANES * frames)
    state.used += frames


@kernel
def reset_oversampler(state: Any, lane: int) -> None:
    """Audio thread. Forgets what a lane has heard."""
    for row in range(_HISTORY + state.used):
        at = row * LANES + lane
        state.given[at] = 0.0
        state.between[at] = 0.0
        state.even[at] = 0.0
        state.odd[at] = 0.0
        for plane in range(MOST_FACTOR):
            state.planes[plane, at] = 0.0
