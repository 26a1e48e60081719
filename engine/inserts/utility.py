"""Utility gain: level, polarity per side, sides swapped, width or mono, and a filter against direct current.

    M = (L + R) / 2, S = (L - R) / 2;  L' = M + w S, R' = M - w S      (width w, 1 leaves, 0 is mono)

All of it is one matrix per strip, `L' = a L + b R`, `R' = c L + d R`, whose four coefficients glide. The DC blocker
(`dsp.dc_blocker`) is faded in and out over the same glide. Linear, no latency.
"""

from __future__ import annotations

from typing import Any

from engine.core.jit import exact_kernel, kernel
from engine.core.params import ParamSpec, switch
from engine.core.record import STRIPS_PER_RACK
from engine.core.unit import Processor, unit_entry, unit_layout
from engine.dsp.dc_blocker import (
    DC_BLOCKER,
    reset_dc_blocker,
    run_dc_blocker,
    settle_dc_blocker,
    tune_dc_blocker,
)
from engine.dsp.glide import aim, glide_layout, gliding, launch, settle_glide

PARAMS = (
    ParamSpec("gain_db", "Gain", "dB", -60.0, 40.0, 0.0, 0.5, 0.1, 6.0),
    ParamSpec("width_percent", "Width", "%", 0.0, 200.0, 100.0, 5.0, 1.0, 25.0),
    switch("invert_left", "Polarity L"),
    switch("invert_right", "Polarity R"),
    switch("swap", "Swap sides"),
    switch("block_dc", "DC blocker"),
)
_GAIN, _WIDTH, _INVERT_LEFT, _INVERT_RIGHT, _SWAP, _BLOCK_DC = range(6)

_OWN, _OTHER, _BLOCKED = range(3)
"""Rows of the glide: the share of the lane's own side, of the other one, and of the DC blocker."""

UNIT = unit_layout(
    ("glide", glide_layout(3)),
    ("dc_blocker", DC_BLOCKER),
)


@kernel
def _run(unit: Any, block: Any, first: int, last: int) -> None:
    own = unit.glide.value[_OWN]
    other = unit.glide.value[_OTHER]
    for t in range(first, last):
        for column in range(STRIPS_PER_RACK):
            left = block[t, column]
            right = block[t, column + STRIPS_PER_RACK]
            block[t, column] = own[column] * left + other[column] * right
            block[t, column + STRIPS_PER_RACK] = (
                own[column + STRIPS_PER_RACK] * right + other[column + STRIPS_PER_RACK] * left
            )
    run_dc_blocker(unit.dc_blocker, unit.glide.value[_BLOCKED], block, first, last)


@exact_kernel
def _derive(unit: Any, params: Any, column: int, jump: bool) -> None:
    rate = unit.header.sample_rate_hz
    tune_dc_blocker(unit.dc_blocker, rate)
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
    settle_dc_blocker(unit.dc_blocker)


@kernel
def _reset(unit: Any, column: int) -> None:
    for side in range(2):
        reset_dc_blocker(unit.dc_blocker, column + side * STRIPS_PER_RACK)


entry = unit_entry(UNIT, gliding(_run), _derive, _settle, _reset)


PROCESSOR = Processor("utility", "Utility", PARAMS, UNIT, entry)
