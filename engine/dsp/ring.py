"""Rings: delay lines of a power of two frames, in which frame `clock` lies at `clock & mask`.

A ring is declared for 192 kHz and uses a part of its memory at lower rates (`mask_for`), so pages that are not needed
are never touched. What was heard before a reset is not cleared, but not read either: readers count what they have
heard, and take what is older for silence.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.jit import exact_kernel, kernel
from engine.core.record import BLOCK_FRAMES

APART = BLOCK_FRAMES + 16
"""Frames between rings that are written by `write_ring`: room for its first block once more; and were rings a power of
two apart, they would compete for the same places of the first-level cache."""

_QUIET = np.float32(1e-20)
_ABSURD = np.float32(1e8)


@kernel
def audible(x: Any) -> Any:
    """Audio thread. A sample as it may be kept: 0 for what is inaudible, absurd or not finite."""
    return x if _QUIET < abs(x) < _ABSURD else np.float32(0.0)


@exact_kernel
def mask_for(ring_frames: int, sample_rate_hz: float) -> int:
    """Audio thread. The mask at a rate, of a ring of a power of two that is long enough at 192 kHz."""
    rate = sample_rate_hz
    while rate <= 96000.0:
        ring_frames >>= 1
        rate *= 2.0
    return ring_frames - 1


@kernel
def write_ring(ring: Any, mask: int, clock: int, source: Any, frames: int) -> None:
    """Audio thread. Writes a block. The ring's first block lies behind its end too, so no reader meets the end."""
    start = clock & mask
    for t in range(frames):
        ring[start + t] = source[t]
    for again in range(start, min(start + frames, BLOCK_FRAMES)):
        ring[mask + 1 + again] = ring[again]
    for over in range(start + frames - mask - 1):
        ring[over] = ring[mask + 1 + over]
