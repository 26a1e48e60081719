"""The true peak of what leaves the master: eight times the rate, by the filter of `dsp.true_peak`.

It is one signal of two sides, so it is looked at along time (`core.interpolated_peak`). ITU-R BS.1770-5 Annex 2 asks
for four times the rate at 48 kHz; strips have that (`meters.true_peak`). A steady tone of up to 20 kHz reads within
-0.11 to +0.05 dB.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.interpolated_peak import WINDOWS_AT_ONCE, interpolated_peak
from engine.core.jit import kernel
from engine.core.pointers import address_of, move_bytes
from engine.core.record import STRIPS_PER_RACK, record
from engine.dsp.true_peak import EVEN, ODD, TAPS

_MOST_TICK_FRAMES = 1920
_FLOAT_BYTES = 4
_BEFORE = TAPS - 1 + WINDOWS_AT_ONCE - 1
"""What is kept of the past: what the filter reaches back to, and what makes the windows of any tick whole numbers."""
_QUIET, _ABSURD = 1e-20, 1e6

_peak_of = interpolated_peak(EVEN.tolist(), ODD.tolist())

OUTPUT_PEAK = record(
    [
        ("peak", np.float32, (2,)),
        ("held", np.float32, (2,)),
        ("handed", np.float32, (2,)),
        ("highest", np.float32, (2,)),
        ("frames", np.int64),
        ("seen", np.int64),
        ("lines", np.float32, (2, _BEFORE + _MOST_TICK_FRAMES)),
    ]
)
"""As of a stage, of both sides; `frames` of this tick lie in the lines, of which `seen` have been looked at, and had
this `highest`."""


@kernel
def _look_at(output: Any, first: int, windows: int) -> None:
    """Audio thread. Looks at windows, the first of which ends with this frame of the tick."""
    for side in range(2):
        line = address_of(output.lines[side])
        found = _peak_of(line + _FLOAT_BYTES * (_BEFORE + first - TAPS + 1), windows)
        if found > output.highest[side]:
            output.highest[side] = found


@kernel
def take_output(output: Any, block: Any, frames: int) -> None:
    """Audio thread. Takes the first strip of a block (frames, LANES), and looks at all that fills whole vectors."""
    start = _BEFORE + output.frames
    for side in range(2):
        for t in range(frames):
            output.lines[side, start + t] = block[t, side * STRIPS_PER_RACK]
    output.frames += frames
    windows = (output.frames - output.seen) // WINDOWS_AT_ONCE * WINDOWS_AT_ONCE
    if windows > 0:
        _look_at(output, output.seen, windows)
        output.seen += windows


@kernel
def end_output_tick(output: Any, ballistics: Any) -> None:
    """Audio thread, at the end of a tick. Takes its highest."""
    frames = output.frames
    if output.seen < frames:
        _look_at(output, frames - WINDOWS_AT_ONCE, WINDOWS_AT_ONCE)
    fall = np.float64(ballistics.per_sample[0]) ** frames
    for side in range(2):
        line = address_of(output.lines[side])
        highest = output.highest[side]
        output.highest[side] = 0.0
        peak = max(highest, np.float32(output.peak[side] * fall))
        output.peak[side] = peak if _QUIET < peak < _ABSURD else 0.0
        if highest > output.held[side]:
            output.held[side] = highest
        move_bytes(line, line + _FLOAT_BYTES * frames, _FLOAT_BYTES * _BEFORE)
    output.frames = 0
    output.seen = 0


@kernel
def hand_over_output(output: Any) -> None:
    """Audio thread. Gives the highest since the last time to the reader."""
    for side in range(2):
        output.handed[side] = output.held[side]
        output.held[side] = 0.0
