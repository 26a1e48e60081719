"""Gains that move without a click.

Two one-poles in series per lane, `slow += a (target - slow)`, `gain += a (slow - gain)`, `a = 1 - exp(-1 / (tau fs))`,
in double precision: value and slope are continuous whenever the target moves, also in the middle of a move (a linear
ramp or a single one-pole bends by -55 dB there, this by less than -90 dB). 99 % is reached after 6.6 tau. At the end of
a 10 ms tick a gain that has come within a millionth snaps to its target, so at rest a gain of one copies the sound bit
for bit and costs one multiplication.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.jit import kernel
from engine.core.record import LANES, record

SMOOTHING_S = 0.005
"""Time constant of each of the two one-poles."""

_ARRIVED = 1e-6

SMOOTHED_GAINS = record(
    [
        ("target", np.float64, (LANES,)),
        ("slow", np.float64, (LANES,)),
        ("gain", np.float64, (LANES,)),
        ("resting", np.float32, (LANES,)),
        ("moving", np.int64),
    ]
)
"""Linear gains of the lanes of a rack; `resting` is what is applied while none of them moves."""


def smoothing_coefficient(sample_rate_hz: int) -> float:
    """Share of the way covered per sample by each one-pole."""
    return -math.expm1(-1.0 / (SMOOTHING_S * sample_rate_hz))


@kernel
def set_target(gains: Any, lane: int, target: float, jump: bool) -> None:
    """Audio thread. Sends a lane to a new gain; `jump` (while nothing sounds) goes there at once."""
    gains.target[lane] = target
    if jump:
        gains.slow[lane] = target
        gains.gain[lane] = target
        gains.resting[lane] = target
    elif gains.gain[lane] != target or gains.slow[lane] != target:
        gains.moving = 1


@kernel
def move_gains(gains: Any, coefficient: float) -> None:
    """Audio thread. Moves all lanes by one sample."""
    target = gains.target
    slow = gains.slow
    gain = gains.gain
    for lane in range(LANES):
        near = slow[lane] + coefficient * (target[lane] - slow[lane])
        slow[lane] = near
        gain[lane] += coefficient * (near - gain[lane])


@kernel
def apply_gains(gains: Any, coefficient: float, block: Any, frames: int) -> None:
    """Audio thread. Multiplies the lanes of a block (frames, LANES) by their gains, moving them sample by sample."""
    if gains.moving == 0:
        resting = gains.resting
        for t in range(frames):
            for lane in range(LANES):
                block[t, lane] *= resting[lane]
        return
    gain = gains.gain
    for t in range(frames):
        move_gains(gains, coefficient)
        for lane in range(LANES):
            block[t, lane] *= np.float32(gain[lane])


@kernel
def set_gain(gains: Any, lane: int, gain: float) -> None:
    """Audio thread. Puts a lane where it shall start from; nothing of it may be heard."""
    gains.slow[lane] = gain
    gains.gain[lane] = gain
    gains.resting[lane] = gain
    gains.moving = 1


@kernel
def settle(gains: Any) -> None:
    """Audio thread, at the end of a tick. Lets gains that have arrived rest."""
    if gains.moving == 0:
        return
    moving = 0
    for lane in range(LANES):
        if max(abs(gains.target[lane] - gains.gain[lane]), abs(gains.target[lane] - gains.slow[lane])) <= _ARRIVED:
            gains.slow[lane] = gains.target[lane]
            gains.gain[lane] = gains.target[lane]
        else:
            moving = 1
        gains.resting[lane] = gains.gain[lane]
    gains.moving = moving
