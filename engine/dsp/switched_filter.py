"""A second-order filter of every lane that can be switched off, and then copies bits.

It fades out and in at its own frequency, and comes in from rest: so what a lane hears never depends on whether other
lanes kept the filter running. What no lane uses, nor still fades out of, is not run at all.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.jit import exact_kernel, kernel
from engine.core.record import LANES, record
from engine.dsp.filter_design import Biquad
from engine.dsp.glide import glide_layout, launch, settle_glide, step
from engine.dsp.svf import SVF_ROWS, SVF_STATE, aim_biquad, aim_out, fade_in, reset_svf, run_svf, settle_svf

SWITCHED_FILTER = record(
    [
        ("glide", glide_layout(SVF_ROWS)),
        ("state", SVF_STATE),
        ("is_on", np.int64, (LANES,)),
        ("is_used", np.int64),
    ]
)
"""`is_used`: some lane is on, or has not yet landed."""


@kernel
def run_filter(switched: Any, block: Any, frames: int) -> None:
    """Audio thread. Filters the first frames of a block (frames, LANES) in place."""
    if switched.is_used == 0:
        return
    if switched.glide.moving == 0:
        run_svf(switched.glide.value, 0, switched.state, block, 0, frames)
        return
    for t in range(frames):
        step(switched.glide)
        run_svf(switched.glide.value, 0, switched.state, block, t, t + 1)


@exact_kernel
def send_filter(switched: Any, lane: int, is_on: bool, biquad: Biquad, sample_rate_hz: float, jump: bool) -> None:
    """Audio thread. Sends one lane to a filter, or out of it; what is out moves unheard, and at once."""
    was_out = switched.is_on[lane] == 0 and switched.glide.remaining[lane] == 0.0
    b0, b1, b2, a1, a2 = biquad
    aim_biquad(switched.glide, 0, lane, b0, b1, b2, a1, a2)
    if not is_on:
        aim_out(switched.glide, 0, lane)
    elif was_out:
        fade_in(switched.glide, 0, lane, switched.state)
    launch(switched.glide, lane, sample_rate_hz, jump or (was_out and not is_on))
    switched.is_on[lane] = is_on
    if is_on:
        switched.is_used = 1


@kernel
def settle_filter(switched: Any) -> None:
    """Audio thread, at the end of a tick. Rests what has landed; drops what is inaudible, not finite or not used."""
    if switched.is_used == 0:
        return
    settle_glide(switched.glide)
    settle_svf(switched.state)
    used = switched.glide.moving
    for lane in range(LANES):
        used |= switched.is_on[lane]
    switched.is_used = used
    if used == 0:
        for lane in range(LANES):
            reset_svf(switched.state, lane)
