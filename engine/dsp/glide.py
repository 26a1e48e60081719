"""Coefficients that glide: what a parameter is turned into moves to its new value in a straight line, sample by sample.

A glide holds `rows` coefficients of every lane. `aim` sets where they shall go, `launch` starts all of a lane at once;
`step` moves them by one sample and lands exactly. While nothing moves, a unit runs whole blocks with the coefficients
as they stand; while something does, it runs sample by sample, with a `step` before each (`gliding`). Either way the
result does not depend on how blocks are cut: both ways are one call of the same loop (the compiler may round two copies
of a loop differently).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.core.jit import kernel
from engine.core.record import LANES, record

GLIDE_S = 0.02


def glide_layout(rows: int) -> np.dtype[Any]:
    """The record of a glide with so many coefficients per lane."""
    return record(
        [
            ("value", np.float32, (rows, LANES)),
            ("target", np.float32, (rows, LANES)),
            ("increment", np.float32, (rows, LANES)),
            ("remaining", np.float32, (LANES,)),
            ("moving", np.int64),
        ]
    )


@kernel
def aim(glide: Any, row: int, lane: int, target: float) -> None:
    """Audio thread. Where a coefficient shall go; `launch` its lane afterwards."""
    glide.target[row, lane] = target


@kernel
def launch(glide: Any, lane: int, sample_rate_hz: float, jump: bool) -> None:
    """Audio thread. Sends all coefficients of a lane on their way; `jump` (while the lane is silent) lands at once."""
    frames = np.float32(0.0 if jump else round(GLIDE_S * sample_rate_hz))
    glide.remaining[lane] = frames
    for row in range(glide.value.shape[0]):
        if jump:
            glide.value[row, lane] = glide.target[row, lane]
        else:
            glide.increment[row, lane] = (glide.target[row, lane] - glide.value[row, lane]) / frames
    if not jump:
        glide.moving = 1


@kernel
def step(glide: Any) -> None:
    """Audio thread. One sample further."""
    remaining = glide.remaining
    for lane in range(LANES):
        remaining[lane] = max(remaining[lane] - np.float32(1.0), np.float32(0.0))
    for row in range(glide.value.shape[0]):
        value = glide.value[row]
        target = glide.target[row]
        increment = glide.increment[row]
        for lane in range(LANES):
            moved = target[lane] - increment[lane] * remaining[lane]
            value[lane] = target[lane] if remaining[lane] == np.float32(0.0) else moved


def gliding(run: Callable[[Any, Any, int, int], None]) -> Callable[[Any, Any, int], None]:
    """What takes a block (its frames) through `run(unit, block, first, last)`, while `unit.glide` moves or rests."""

    @kernel
    def process(unit: Any, block: Any, frames: int) -> None:
        stride = max(frames, 1) if unit.glide.moving == 0 else 1
        for t in range(0, frames, stride):
            if unit.glide.moving != 0:
                step(unit.glide)
            run(unit, block, t, t + stride)

    return process


@kernel
def settle_glide(glide: Any) -> None:
    """Audio thread, at the end of a tick. Rests when every lane has landed."""
    if glide.moving == 0:
        return
    moving = 0
    for lane in range(LANES):
        if glide.remaining[lane] > 0.0:
            moving = 1
    glide.moving = moving
