"""The key of a dynamics processor: what it listens to, through a high-pass that can be switched off.

A Butterworth of second order (`dsp.filter_design.high_pass`); where no lane uses it, it costs a copy.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.jit import exact_kernel, kernel
from engine.core.record import BLOCK_FRAMES, LANES, STRIPS_PER_RACK, record
from engine.dsp.filter_design import high_pass
from engine.dsp.svf import reset_svf
from engine.dsp.switched_filter import SWITCHED_FILTER, run_filter, send_filter, settle_filter

KEY = record(
    [
        ("filter", SWITCHED_FILTER),
        ("known", np.float32, (STRIPS_PER_RACK, 2)),
        ("block", np.float32, (BLOCK_FRAMES, LANES)),
    ]
)
"""`known` are switch and corner of each column, because the filter glides only when they change; `block` is the key."""


@kernel
def listen(key: Any, block: Any, frames: int) -> None:
    """Audio thread. Makes the key of a block."""
    own = key.block
    for t in range(frames):
        for lane in range(LANES):
            own[t, lane] = block[t, lane]
    run_filter(key.filter, own, frames)


@exact_kernel
def send_key(key: Any, column: int, is_on: float, corner_hz: float, sample_rate_hz: float, jump: bool) -> None:
    """Audio thread. Sends a strip's filter to a corner, or out."""
    known = key.known[column]
    if jump or known[0] != is_on or known[1] != corner_hz:
        known[0] = is_on
        known[1] = corner_hz
        biquad = high_pass(float(corner_hz), math.sqrt(0.5), sample_rate_hz)
        for side in range(2):
            send_filter(key.filter, column + side * STRIPS_PER_RACK, is_on != 0.0, biquad, sample_rate_hz, jump)


@kernel
def settle_key(key: Any) -> None:
    """Audio thread, at the end of a tick."""
    settle_filter(key.filter)


@kernel
def reset_key(key: Any, column: int) -> None:
    """Audio thread. Forgets what a strip has sounded like."""
    for side in range(2):
        reset_svf(key.filter.state, column + side * STRIPS_PER_RACK)
