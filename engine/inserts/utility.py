"""Utility gain: level, polarity per side, sides swapped, width or mono, and a filter against direct current.

    M = (L + R) / 2, S = (L - R) / 2;  L' = M + w S, R' = M - w S      (width w, 1 leaves, 0 is mono)

All of it is one matrix per strip, `L' = a L + b R`, `R' = c L + d R`, whose four coefficients glide. The DC blocker is
`y = (1 + r) / 2 (x - x1) + r y1`, `r = 1 - 2 pi fc / fs`, fc = 5 Hz: -3 dB there, less than 0.03 dB down at 60 Hz.
It is faded in and out over the same glide. Linear, no latency.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.jit import exact_kernel, kernel
from engine.core.params import ParamSpec, switch
from engine.core.record import LANES, STRIPS_PER_RACK
from engine.core.unit import Processor, unit_entry, unit_layout
from engine.dsp.glide import aim, glide_layout, launch, settle_glide, step

PARAMS = (
    ParamSpec("gain_db", "Gain", "dB", -60.0, 40.0, 0.0, 0.5, 0.1, 6.0),
    ParamSpec("width_percent", "Width", "%", 0.0, 200.0, 100.0, 5.0, 1.0, 25.0),
    switch("invert_left", "Polarity L"),
    switch("invert_right", "Polarity R"),
    switch("swap", "Swap sides"),
    switch("block_dc", "DC blocker"),
)
_GAIN, _WIDTH, _INVERT_LEFT, _INVERT_RIGHT, _SWAP, _BLOCK_DC = range(6)

_CORNER_HZ = 5.0
_OWN, _OTHER, _BLOCKED = range(3)
"""Rows of the glide: the share of the lane's own side, of the other one, and of the DC blocker."""

UNIT = unit_layout(
    ("glide", glide_layout(3)),
    ("pole", np.float32),
    ("before", np.float32, (LANES,)),
    ("blocked", np.float32, (LANES,)),
)


@kernel
def _run(unit: Any, block: Any, first: int, last: int) -> None:
    own = unit.glide.value[_OWN]
    other = unit.glide.value[_OTHER]
    share = unit.glide.value[_BLOCKED]
    before = unit.before
    blocked = unit.blocked
    pole = unit.pole
    scale = (np.float32(1.0) + pole) / np.float32(2.0)
    for t in range(first, last):
        for column in range(STRIPS_PER_RACK):
            left = block[t, column]
            right = block[t, column + STRIPS_PER_RACK]
            block[t, column] = own[column] * left + other[column] * right
            block[t, column + STRIPS_PER_RACK] = (
                own[column + STRIPS_PER_RACK] * right + other[column + STRIPS_PER_RACK] * left
            )
        for lane in range(LANES):
            x = block[t, lane]
            blocked[lane] = scale * (x - before[lane]) + pole * blocked[lane]
            before[lane] = x
            block[t, lane] = x + share[lane] * (blocked[lane] - x)


@kernel
def _process(unit: Any, block: Any, frames: int) -> None:
    stride = max(frames, 1) if unit.glide.moving == 0 else 1
    for t in range(0, frames, stride):
        if unit.glide.moving != 0:
            step(unit.glide)
        _run(unit, block, t, t + stride)


@exact_kernel
def _derive(unit: Any, params: Any, column: int, jump: bool) -> None:
    rate = unit.header.sample_rate_hz
    unit.pole = 1.0 - 2.0 * math.pi * _CORNER_HZ / rate
    gain = 10.0 ** (params[_GAIN] / 20.0)
    width = params[_WIDTH] / 100.0
    near = gain * (1.0 + width) / 2.0
    far = gain * (1.0 - width) / 2.0
    for side in range(2):
        lane = column + side * STRIPS_PER_RACK
        sign = -1.0 if params[_INVERT_LEFT + side] != 0.0 else 1.0
        swapped = params[_SWAP] != 0.0
        aim(unit.glide, _OWN, lane, sign * (far if swapped else near))
        aim(unit.glide, _OTHER, lane, sign * (near if swapped else far))
        aim(unit.glide, _BLOCKED, lane, 1.0 if params[_BLOCK_DC] != 0.0 else 0.0)
        launch(unit.glide, lane, rate, jump)


@kernel
def _settle(unit: Any) -> None:
    settle_glide(unit.glide)
    for lane in range(LANES):
        if not (1e-20 < abs(unit.blocked[lane]) < 1e8):
            unit.blocked[lane] = 0.0
        if not (abs(unit.before[lane]) < 1e8):
            unit.before[lane] = 0.0


@kernel
def _reset(unit: Any, column: int) -> None:
    for side in range(2):
        lane = column + side * STRIPS_PER_RACK
        unit.before[lane] = 0.0
        unit.blocked[lane] = 0.0


entry = unit_entry(UNIT, _process, _derive, _settle, _reset)


PROCESSOR = Processor("utility", "Utility", PARAMS, UNIT, entry)
