"""Clips in stems whose files hold integers: three and more samples in a row at full scale.

Such a file cannot go above full scale, so what was cut off there shows as runs of its highest number (metering.md
section 6). No run goes on over a jump, the seam of a loop or a change of who is heard in a lane. Whoever has another
file (floats, lossy codes, another rate) is looked at for samples above full scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.core.jit import kernel
from engine.core.lane_loop import lane_loop
from engine.core.pointers import address_of, move_bytes
from engine.core.record import LANES, record

_LONGEST_WITHIN = 2.5
_LONGEST_BEFORE = 3.5
"""A run is a clip with its third sample."""

_STATES = ("full_scale", "run", "count")

CLIPS = record(
    [
        *((name, np.float32, (LANES,)) for name in (*_STATES, "run_before")),
        ("is_any", np.int64),
    ]
)
"""What each lane's file can hold at most (infinity: no such file), how long it has been there, clips of these 10 ms.

`run_before` is the run before the last block.
"""


def _step(ops: Any, x: Any, states: Sequence[Any], coefficients: Sequence[Any]) -> Sequence[Any]:
    full_scale, run, count = states
    run = ops.where_larger(full_scale, ops.magnitude(x), ops.constant(0.0), run + ops.constant(1.0))
    more = ops.counted(count, run, ops.constant(_LONGEST_WITHIN))
    return full_scale, run, ops.where_larger(run, ops.constant(_LONGEST_BEFORE), count, more)


_find = lane_loop(_step, len(_STATES), 0)


@kernel
def find_clips(clips: Any, block: Any, frames: int, columns: int) -> None:
    """Audio thread. Looks for runs in the lanes of a block (frames, LANES)."""
    if clips.is_any:
        move_bytes(address_of(clips.run_before), address_of(clips.run), 4 * LANES)
        _find(address_of(block), address_of(clips.full_scale), address_of(clips.full_scale), frames, columns)


@kernel
def first_clip_in(clips: Any, stage: Any, block: Any, frames: int, lane: int) -> int:
    """Audio thread. The frame in which a lane's first clip since the hand-over begins, counted from that of a block.

    It may lie before the block (-1 or -2). `frames`: none has been found in it, or not for the first time.
    """
    if clips.count[lane] == 0.0 or stage.first_over[lane] > 0.0:
        return frames
    run = clips.run_before[lane]
    for t in range(frames):
        run = 0.0 if clips.full_scale[lane] > abs(block[t, lane]) else run + 1.0
        if _LONGEST_WITHIN < run < _LONGEST_BEFORE:
            return t - 2
    return frames


@kernel
def count_clips(clips: Any, stage: Any) -> None:
    """Audio thread, before the end of a tick. Lets clips be the overs of lanes that are looked at for them."""
    if clips.is_any:
        for lane in range(LANES):
            if clips.full_scale[lane] < np.inf:
                stage.over_count[lane] = clips.count[lane]
                clips.count[lane] = 0.0


@kernel
def forget_runs(clips: Any) -> None:
    """Audio thread, where the song goes on elsewhere. What comes does not follow what was there."""
    for lane in range(LANES):
        clips.run[lane] = 0.0


@kernel
def clear_clips(clips: Any, lane: int) -> None:
    """Audio thread. Forgets what was found in one lane."""
    clips.run[lane] = 0.0
    clips.count[lane] = 0.0


@kernel
def set_full_scale(clips: Any, lane: int, full_scale: float) -> None:
    """Audio thread. Says what a lane's file can hold at most (0: it does not matter). Another run begins."""
    largest = np.float32(full_scale if full_scale > 0.0 else np.inf)
    if clips.full_scale[lane] != largest:
        clips.full_scale[lane] = largest
        clips.run[lane] = 0.0
    if full_scale > 0.0:
        clips.is_any = 1
