"""A delay that wavers in lanes: wow of 1 Hz and flutter of 9 Hz around a constant number of frames.

Each is a sine that starts when the lane is reset; how far each moves the delay is given per lane, in frames. Between
frames: third-order Lagrange interpolation, up to 0.5 dB down at 10 kHz and 2.5 dB at 15 kHz (48 kHz). At depth zero the
weights are exactly 0, 1, 0, 0, so samples are copied; `delay_exactly` does the same for all lanes at a third of the
cost, and both let the sines turn on.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.jit import kernel
from engine.core.record import LANES, record
from engine.dsp.curves import quarter_sine

WOW_HZ = 1.0
FLUTTER_HZ = 9.0

_RING_ROWS = 1024
"""A power of two: the longest delay, with its wavering, and three frames (5 ms at 192 kHz)."""

WAVERING_DELAY = record(
    [
        ("delay_frames", np.int64),
        ("wow_period", np.float32),
        ("flutter_period", np.float32),
        ("wow_at", np.float32, (LANES,)),
        ("flutter_at", np.float32, (LANES,)),
        ("row", np.int64),
        ("ring", np.float32, (_RING_ROWS * LANES,)),
    ]
)
"""Periods, and places in them (`wow_at`), are whole frames."""


@kernel
def tune_wavering_delay(state: Any, delay_frames: int, sample_rate_hz: float) -> None:
    """Audio thread. Sets the delay and the periods; before anything else."""
    state.delay_frames = delay_frames
    state.wow_period = round(sample_rate_hz / WOW_HZ)
    state.flutter_period = round(sample_rate_hz / FLUTTER_HZ)


@kernel
def _turn(at: Any, period: Any, frames: int) -> None:
    further = np.float32(frames)
    for lane in range(LANES):
        moved = at[lane] + further
        at[lane] = moved - period if moved >= period else moved


@kernel
def _sine(turns: Any) -> Any:
    """sin of turns in [0, 1)."""
    half = turns - np.float32(0.5)
    quarter = np.float32(0.25) - abs(abs(half) - np.float32(0.25))
    size = quarter_sine(np.float32(2.0 * math.pi) * quarter)
    return size if half < np.float32(0.0) else -size


@kernel
def delay_exactly(state: Any, block: Any, first: int, last: int) -> None:
    """Audio thread. Delays rows `first` to `last` of a block by `delay_frames`, copying samples."""
    ring = state.ring
    mask = _RING_ROWS - 1
    for t in range(first, last):
        to = np.uint64(state.row * LANES)
        at = np.uint64(((state.row - state.delay_frames) & mask) * LANES)
        for lane in range(LANES):
            ring[to + np.uint64(lane)] = block[t, lane]
        for lane in range(LANES):
            block[t, lane] = ring[at + np.uint64(lane)]
        state.row = (state.row + 1) & mask
    _turn(state.wow_at, state.wow_period, last - first)
    _turn(state.flutter_at, state.flutter_period, last - first)


@kernel
def delay_wavering(state: Any, wow: Any, flutter: Any, block: Any, first: int, last: int) -> None:
    """Audio thread. Delays rows by `delay_frames`, give or take `wow` and `flutter` (frames, per lane)."""
    ring = state.ring
    mask = np.int32(_RING_ROWS - 1)
    wow_at = state.wow_at
    flutter_at = state.flutter_at
    wow_step = np.float32(1.0) / state.wow_period
    flutter_step = np.float32(1.0) / state.flutter_period
    around = np.float32(state.delay_frames)
    one = np.float32(1.0)
    two = np.float32(2.0)
    for t in range(first, last):
        row = np.int32(state.row)
        to = np.uint64(state.row * LANES)
        for lane in range(LANES):
            ring[to + np.uint64(lane)] = block[t, lane]
        for lane in range(LANES):
            moved = wow[lane] * _sine(wow_at[lane] * wow_step) + flutter[lane] * _sine(flutter_at[lane] * flutter_step)
            frames = around + moved
            whole = np.int32(frames)
            f = frames - np.float32(whole)
            at = row - whole
            before = ring[((at + 1) & mask) * LANES + lane]
            here = ring[(at & mask) * LANES + lane]
            after = ring[((at - 1) & mask) * LANES + lane]
            last_one = ring[((at - 2) & mask) * LANES + lane]
            up = f + one
            down = f - one
            far = f - two
            block[t, lane] = (
                here * (up * down * far / two)
                - after * (up * f * far / two)
                + (last_one * (up * f * down) - before * (f * down * far)) / np.float32(6.0)
            )
        _turn(wow_at, state.wow_period, 1)
        _turn(flutter_at, state.flutter_period, 1)
        state.row = (state.row + 1) & (_RING_ROWS - 1)


@kernel
def reset_wavering_delay(state: Any, lane: int) -> None:
    """Audio thread. Forgets what a lane has heard."""
    state.wow_at[lane] = 0.0
    state.flutter_at[lane] = 0.0
    for row in range(_RING_ROWS):
        state.ring[row * LANES + lane] = 0.0
