"""Sixteen channels mixed without loss: the Hadamard matrix of order 16, divided by 4, which is orthogonal.

`H[i, j] = (-1)^(number of ones in i and j) / 4`, computed in two rounds of matrices of order 4, `(frames)` at a time.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.jit import kernel

CHANNELS = 16


@kernel
def _mix_four(channels: Any, first: int, apart: int, frames: int) -> None:
    second = first + apart
    third = first + 2 * apart
    fourth = first + 3 * apart
    # Indexed as one array: of four slices it would not be known that they lie apart, and nothing becomes a vector.
    for t in range(frames):
        p = np.float32(0.5) * (channels[first, t] + channels[second, t])
        q = np.float32(0.5) * (channels[first, t] - channels[second, t])
        r = np.float32(0.5) * (channels[third, t] + channels[fourth, t])
        s = np.float32(0.5) * (channels[third, t] - channels[fourth, t])
        channels[first, t] = p + r
        channels[second, t] = q + s
        channels[third, t] = p - r
        channels[fourth, t] = q - s


@kernel
def hadamard(channels: Any, frames: int) -> None:
    """Audio thread. Mixes (CHANNELS, at least `frames`) in place."""
    for place in range(4):
        _mix_four(channels, 4 * place, 1, frames)
    for place in range(4):
        _mix_four(channels, place, 4, frames)


@kernel
def sum_of_side(channels: Any, side: int, out: Any, frames: int) -> None:
    """Audio thread. The sum of the even channels (side 0) or of the odd ones."""
    for t in range(frames):
        out[t] = channels[side, t]
    for channel in range(side + 2, CHANNELS, 2):
        for t in range(frames):
            out[t] += channels[channel, t]
