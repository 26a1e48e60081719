"""Diffuser: from two sides to 16 channels of the same energy, in which each sample has become a burst.

Three times 16 short delays, up to 3, 7 and 15 ms, each followed by a Hadamard matrix (G. Smith, "Let's write a reverb",
ADC 2021). There is no feedback: within 25 ms a sample becomes 2048 in each channel, and nothing rings. Even channels
begin with the left side, odd ones with the right. Delays are multiples of an irrational number modulo one; those of the
first channel of each side are 0.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.jit import exact_kernel, kernel
from engine.core.record import BLOCK_FRAMES, record
from engine.dsp.hadamard import CHANNELS, hadamard, sum_of_side
from engine.dsp.ring import APART, mask_for, write_ring

_STEPS = 3
_LONGEST_S = (0.003, 0.007, 0.015)
SCATTER = (0.6180340, 0.7548777, 0.5698403)
"""The golden ratio, and both of its likes in two dimensions (M. Roberts, "The unreasonable effectiveness of
quasirandom sequences"): their multiples modulo one are spread evenly, and no two alike."""

_RING_FRAMES = 1 << 12

DIFFUSER = record(
    [
        ("mask", np.int64),
        ("delay", np.int64, (_STEPS, CHANNELS)),
        ("channels", np.float32, (CHANNELS, BLOCK_FRAMES)),
        ("ring", np.float32, (_STEPS, CHANNELS, _RING_FRAMES + APART)),
    ]
)
"""`channels` holds the block that has been diffused."""


@exact_kernel
def set_diffuser(diffuser: Any, sample_rate_hz: float) -> None:
    """Audio thread. The delays at a rate, in frames."""
    diffuser.mask = mask_for(_RING_FRAMES, sample_rate_hz)
    for step in range(_STEPS):
        for channel in range(CHANNELS):
            share = max(channel - 1, 0) * SCATTER[step] % 1.0
            diffuser.delay[step, channel] = round(share * _LONGEST_S[step] * sample_rate_hz)


@kernel
def diffuse(diffuser: Any, clock: int, heard: int, sides: Any, early: Any, frames: int) -> None:
    """Audio thread. From `sides` (2, frames) into the channels, and into `early` (2, frames), a burst for each side.

    `early` is taken before the last matrix, which a sum of its rows would undo.
    """
    channels = diffuser.channels
    mask = diffuser.mask
    for channel in range(CHANNELS):
        for t in range(frames):
            channels[channel, t] = np.float32(math.sqrt(2.0 / CHANNELS)) * sides[channel & 1, t]
    for step in range(_STEPS):
        # All are written before the first is read: what was written just now cannot be read fast.
        for channel in range(CHANNELS):
            write_ring(diffuser.ring[step, channel], mask, clock, channels[channel], frames)
        for channel in range(CHANNELS):
            ring = diffuser.ring[step, channel]
            delay = diffuser.delay[step, channel]
            start = (clock - delay) & mask
            for t in range(frames):
                channels[channel, t] = ring[start + t]
            for t in range(min(delay - heard, frames)):
                channels[channel, t] = 0.0
        if step == _STEPS - 1:
            sum_of_side(channels, 0, early[0], frames)
            sum_of_side(channels, 1, early[1], frames)
        hadamard(channels, frames)
