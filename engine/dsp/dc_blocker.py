"""A filter against direct current in lanes: `y = (1 + r) / 2 (x - x1) + r y1`, `r = 1 - 2 pi fc / fs`, fc = 5 Hz.

-3 dB at 5 Hz, less than 0.03 dB down at 60 Hz. `share` is how much of it is heard, per lane: 0 leaves the
sound as it is.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.jit import exact_kernel, kernel
from engine.core.record import LANES, record

CORNER_HZ = 5.0

DC_BLOCKER = record([("pole", np.float32), ("before", np.float32, (LANES,)), ("blocked", np.float32, (LANES,))])

_QUIET = np.float32(1e-20)
_ABSURD = np.float32(1e8)


@exact_kernel
def tune_dc_blocker(state: Any, sample_rate_hz: float) -> None:
    """Audio thread. Sets the corner; before anything else."""
    state.pole = 1.0 - 2.0 * math.pi * CORNER_HZ / sample_rate_hz


@kernel
def run_dc_blocker(state: Any, share: Any, block: Any, first: int, last: int) -> None:
    """Audio thread. Filters rows `first` to `last` of a block (frames, LANES) in place."""
    before = state.before
    blocked = state.blocked
    pole = state.pole
    scale = (np.float32(1.0) + pole) / np.float32(2.0)
    for t in range(first, last):
        for lane in range(LANES):
            x = block[t, lane]
            blocked[lane] = scale * (x - before[lane]) + pole * blocked[lane]
            before[lane] = x
            block[t, lane] = x + share[lane] * (blocked[lane] - x)


@kernel
def settle_dc_blocker(state: Any) -> None:
    """Audio thread, at the end of a tick. Drops states that are inaudible, absurd or not finite."""
    for lane in range(LANES):
        if not (_QUIET < abs(state.blocked[lane]) < _ABSURD):
            state.blocked[lane] = 0.0
        if not (abs(state.before[lane]) < _ABSURD):
            state.before[lane] = 0.0


@kernel
def reset_dc_blocker(state: Any, lane: int) -> None:
    """Audio thread. Forgets what a lane has heard."""
    state.before[lane] = 0.0
    state.blocked[lane] = 0.0
