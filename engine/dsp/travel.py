"""A few coefficients of one unit, which travel to new values together.

`dsp.glide` moves coefficients of 64 lanes that belong to 32 strips, each on its way by itself. A single unit has one
set of parameters: all its coefficients start together, so one count tells where each of them is. With `r` the share
of the way that remains, a coefficient is `target - way r^2 (3 - 2 r)`: it sets off and arrives without a jerk, and is
always between its two ends. Nothing is stored from sample to sample: a kernel computes any sample of its block, in any
order, at rest too, and the result does not depend on how blocks are cut.

In double precision, so that the length of a delay line may travel as well.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.jit import kernel
from engine.core.record import record


def travel_layout(rows: int) -> np.dtype[Any]:
    """The record of so many coefficients."""
    return record(
        [
            ("wanted", np.float64, (rows,)),
            ("target", np.float64, (rows,)),
            ("way", np.float64, (rows,)),
            ("remaining", np.int64),
            ("share", np.float64),
        ]
    )


@kernel
def head_for(travel: Any, row: int, target: float) -> None:
    """Audio thread. Where a coefficient shall go; `depart` afterwards."""
    travel.wanted[row] = target


@kernel
def depart(travel: Any, frames: int, jump: bool) -> None:
    """Audio thread. Sends all coefficients on a way of so many samples; `jump` (while nothing sounds) lands at once."""
    r = travel.remaining * travel.share
    for row in range(travel.target.shape[0]):
        now = travel.target[row] - travel.way[row] * (r * r * (3.0 - 2.0 * r))
        travel.target[row] = travel.wanted[row]
        travel.way[row] = 0.0 if jump else travel.target[row] - now
    travel.remaining = 0 if jump else frames
    travel.share = 1.0 / frames


@kernel
def way(travel: Any, row: int) -> tuple[float, float, int, float]:
    """Audio thread. The way of a coefficient through a block: numbers, which a loop need not look up again."""
    return travel.target[row], travel.way[row], travel.remaining, travel.share


@kernel
def at(way: tuple[float, float, int, float], t: int) -> float:
    """Audio thread. The coefficient at sample `t` of a block, the first of which has moved already."""
    r = max(way[2] - 1 - t, 0) * way[3]
    return way[0] - way[1] * (r * r * (3.0 - 2.0 * r))


@kernel
def travelled(travel: Any, frames: int) -> None:
    """Audio thread, after a block. So many samples further."""
    travel.remaining = max(travel.remaining - frames, 0)
