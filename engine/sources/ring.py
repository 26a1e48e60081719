"""The rings between the butler and the audio thread: one per strip slot, planar, all read at one place.

`rings` is float32 (slots, 2, capacity), capacity a power of two. All stems advance together, so the audio thread has
one counter: it reads `rings[slot, side, (read_frames + i) & (capacity - 1)]` once `written[slot] - read_frames` covers
what it needs for every active slot. Both counters start at 0 with every generation (every jump of the transport).

A jump: the audio thread fades out, stops reading and waits. The butler empties the rings, fills them from the new
position and publishes `generation`. When the audio thread finds the generation it waits for, it sets `read_frames` to 0
and reads on.
"""

from __future__ import annotations

import math
import mmap
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.record import record
from engine.mix import MAX_STRIPS

RING_CONTROL = record(
    [
        # Written by the butler thread, each word after what it speaks of (release order).
        ("generation", np.int64, (1,)),
        ("active", np.int64, (MAX_STRIPS,)),
        ("written", np.int64, (MAX_STRIPS,)),
        # Written by the audio thread.
        ("read_frames", np.int64, (1,)),
    ]
)
"""`generation`: the jump whose material is ready. `active`: 1 for slots to be read, the others are silent and never
waited for. `written`: frames in the ring since the generation began, read or not."""

RING_S = 1.3
"""What the rings hold at least: the longest a disk may take to wake."""


def ring_capacity_frames(sample_rate_hz: int, seconds: float = RING_S) -> int:
    """The power of two that holds so many seconds: 65536 frames (0.5 MB a stereo stem) at 44.1 and 48 kHz."""
    return 1 << (round(sample_rate_hz * seconds) - 1).bit_length()


def new_rings(capacity_frames: int, slots: int = MAX_STRIPS) -> npt.NDArray[np.float32]:
    """Silent rings. The system gives memory to a slot when it is first written: unused slots cost nothing.

    That holds for a mapping of their own; from the allocator they might come out of memory that was used before.
    """
    shape = (slots, 2, capacity_frames)
    memory = mmap.mmap(-1, 4 * math.prod(shape), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    return np.frombuffer(memory, np.float32).reshape(shape)


def new_ring_control() -> Any:
    """A control block for rings that nobody has filled yet."""
    return np.zeros(1, RING_CONTROL)[0]
