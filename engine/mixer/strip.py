"""A rack of strips: 32 strips of two sides side by side, lanes 0..31 left, 32..63 right.

Signal path: input -> [stage: input] -> polarity and TRIM -> [stage: trim] -> FADER x mute/solo x pan -> [stage: fader].
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.jit import kernel
from engine.core.record import BLOCK_FRAMES, LANES, record
from engine.dsp.smoother import SMOOTHED_GAINS, apply_gains, settle
from engine.meters.frame import AFTER_FADER, AFTER_TRIM, INPUT, STAGES
from engine.meters.stage import STAGE_METERS, clear, end_tick, hand_over, measure

RACK = record(
    [
        ("block", np.float32, (BLOCK_FRAMES, LANES)),
        ("trim", SMOOTHED_GAINS),
        ("fader", SMOOTHED_GAINS),
        ("stages", STAGE_METERS, (len(STAGES),)),
    ]
)
"""Audio thread only, but for the meters, which the reader sees. `block` holds the signal as it passes the rack."""


@kernel
def process_rack(rack: Any, ballistics: Any, smoothing: float, frames: int, metered: bool) -> None:
    """Audio thread. Takes the rack's block from input to output, in place; measures its stages if `metered`."""
    block = rack.block
    if metered:
        measure(rack.stages[INPUT], ballistics, block, frames)
    apply_gains(rack.trim, smoothing, block, frames)
    if metered:
        measure(rack.stages[AFTER_TRIM], ballistics, block, frames)
    apply_gains(rack.fader, smoothing, block, frames)
    if metered:
        measure(rack.stages[AFTER_FADER], ballistics, block, frames)


@kernel
def end_rack_tick(rack: Any, row: int, metered: bool) -> None:
    """Audio thread, after the last sample of each 10 ms."""
    settle(rack.trim)
    settle(rack.fader)
    if metered:
        for stage in range(len(STAGES)):
            end_tick(rack.stages[stage], row)


@kernel
def hand_over_rack(rack: Any) -> None:
    """Audio thread. Gives the maxima of all stages to the reader."""
    for stage in range(len(STAGES)):
        hand_over(rack.stages[stage])


@kernel
def clear_rack_meters(rack: Any) -> None:
    """Audio thread, or before it runs. Forgets everything measured in the rack."""
    for stage in range(len(STAGES)):
        clear(rack.stages[stage])
