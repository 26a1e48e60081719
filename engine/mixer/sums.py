"""Plain sums, in an order that never depends on how many strips play or how blocks are cut."""

from __future__ import annotations

from typing import Any

from engine.core.jit import kernel
from engine.core.record import STRIPS_PER_RACK


@kernel
def fold_sides(total: Any, frames: int) -> None:
    """Audio thread. Sums the left lanes into lane 0 and the right lanes into lane 32, pairwise, and clears the rest."""
    for t in range(frames):
        width = STRIPS_PER_RACK // 2
        while width >= 1:
            for lane in range(width):
                total[t, lane] += total[t, lane + width]
                total[t, STRIPS_PER_RACK + lane] += total[t, STRIPS_PER_RACK + lane + width]
            width //= 2
        for lane in range(1, STRIPS_PER_RACK):
            total[t, lane] = 0.0
            total[t, STRIPS_PER_RACK + lane] = 0.0
