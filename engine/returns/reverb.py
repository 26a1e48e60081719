"""Reverb: a diffuser without feedback before a feedback delay network of 16 lines. Wet only.

    left, right → pre-delay → low cut → diffuser ┬→ early (left, right) ────────────────────┐
                                                 └→ network → late (even lines, odd lines) ─┴→ width → left, right

The diffuser makes a burst of 25 ms of each sample (`returns.diffuser`), which is heard as the early reflections and
feeds 16 lines (`returns.network`). The left side is the sum of the even lines, the right one that of the odd ones, so
both are unlike. The decay is exact at 1 kHz and, as `high_decay_percent` of it, at 8 kHz. Steady noise sounds as loud
as it is sent, whatever size and decay; the early reflections are as loud as that at 0 dB.

The low cut is a Butterworth high-pass of the second order (as in `dsp.svf`). A new pre-delay is faded to, everything
else glides in a quarter of a second. No latency: the pre-delay is exact to the frame, the first echo comes with it.

Limits: 16 lines have as many modes per Hz as they are seconds long in all (0.8 at a size of 100 %), so small sizes with
long decays and without modulation ring, like small rooms of stone.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.jit import exact_kernel, kernel
from engine.core.params import ParamSpec, frequency
from engine.core.record import BLOCK_FRAMES, STRIPS_PER_RACK
from engine.core.unit import Processor, unit_entry, unit_layout
from engine.dsp.hadamard import sum_of_side
from engine.dsp.ring import audible, mask_for
from engine.dsp.taps import TAPS, land_tap, read_tap, set_tap
from engine.dsp.travel import at, depart, head_for, travel_layout, travelled, way
from engine.returns.diffuser import DIFFUSER, diffuse, set_diffuser
from engine.returns.network import (
    GLIDE_S,
    LARGEST,
    LONGEST_SWING_S,
    NETWORK,
    feed_network,
    hear_network,
    reset_network,
    set_network,
    settle_network,
)

PARAMS = (
    ParamSpec("predelay_ms", "Pre-delay", "ms", 0.0, 200.0, 20.0, 1.0, 0.1, 10.0),
    ParamSpec("decay_s", "Decay", "s", 0.2, 20.0, 1.8, 6.0, 0.6, 100.0, taper="log"),
    ParamSpec("size_percent", "Size", "%", 20.0, 100.0 * LARGEST, 100.0, 5.0, 1.0, 25.0),
    ParamSpec("high_decay_percent", "High decay", "%", 10.0, 100.0, 45.0, 5.0, 1.0, 25.0),
    frequency("low_cut_hz", "Low cut", 20.0, 1000.0, 80.0),
    ParamSpec("modulation_ms", "Mod depth", "ms", 0.0, 1000.0 * LONGEST_SWING_S, 0.3, 0.05, 0.01, 0.25),
    frequency("modulation_hz", "Mod rate", 0.05, 5.0, 0.8),
    ParamSpec("early_db", "Early", "dB", -40.0, 6.0, -9.0, 0.5, 0.1, 6.0, off=True),
    ParamSpec("width_percent", "Width", "%", 0.0, 200.0, 100.0, 5.0, 1.0, 25.0),
)
_PREDELAY, _DECAY, _SIZE, _HIGH_DECAY, _LOW_CUT, _SWING, _PACE, _EARLY, _WIDTH = range(9)

_A1, _A2, _A3, _K, _EARLY_GAIN, _NEAR, _FAR = range(7)
"""What travels: the low cut's coefficients, the early level, the width's matrix."""

_PREDELAY_FRAMES = 1 << 16

UNIT = unit_layout(
    ("travel", travel_layout(7)),
    ("taps", TAPS),
    ("clock", np.int64),
    ("heard", np.int64),
    ("mask", np.int64),
    ("ic1", np.float32, (2,)),
    ("ic2", np.float32, (2,)),
    ("sides", np.float32, (2, BLOCK_FRAMES)),
    ("early", np.float32, (2, BLOCK_FRAMES)),
    ("predelay", np.float32, (2, _PREDELAY_FRAMES)),
    ("diffuser", DIFFUSER),
    ("network", NETWORK),
)
"""`clock` counts frames, `heard` those since the last reset; `ic1` and `ic2` are the low cut's states; `sides` and
`early` hold a block on its way."""


@kernel
def _listen(unit: Any, block: Any, frames: int) -> None:
    """Pre-delay and low cut, from the block into `sides`."""
    a1_way = way(unit.travel, _A1)
    a2_way = way(unit.travel, _A2)
    a3_way = way(unit.travel, _A3)
    k_way = way(unit.travel, _K)
    for side in range(2):
        lane = side * STRIPS_PER_RACK
        ring = unit.predelay[side]
        ic1 = unit.ic1[side]
        ic2 = unit.ic2[side]
        for t in range(frames):
            clock = unit.clock + t
            ring[clock & unit.mask] = audible(block[t, lane])
            v0 = read_tap(unit.taps, side, ring, unit.mask, clock, unit.heard + t)
            v3 = v0 - ic2
            a2 = np.float32(at(a2_way, t))
            v1 = np.float32(at(a1_way, t)) * ic1 + a2 * v3
            v2 = ic2 + a2 * ic1 + np.float32(at(a3_way, t)) * v3
            ic1 = np.float32(2.0) * v1 - ic1
            ic2 = np.float32(2.0) * v2 - ic2
            unit.sides[side, t] = audible(v0 - np.float32(at(k_way, t)) * v1 - v2)
        unit.ic1[side] = ic1
        unit.ic2[side] = ic2


@kernel
def _answer(unit: Any, block: Any, frames: int) -> None:
    """Early and late, left and right, to the block."""
    sides = unit.sides
    early = unit.early
    early_way = way(unit.travel, _EARLY_GAIN)
    near_way = way(unit.travel, _NEAR)
    far_way = way(unit.travel, _FAR)
    sum_of_side(unit.network.channels, 0, sides[0], frames)
    sum_of_side(unit.network.channels, 1, sides[1], frames)
    for t in range(frames):
        gain = np.float32(at(early_way, t))
        near = np.float32(at(near_way, t))
        far = np.float32(at(far_way, t))
        left = sides[0, t] + gain * early[0, t]
        right = sides[1, t] + gain * early[1, t]
        block[t, 0] = near * left + far * right
        block[t, STRIPS_PER_RACK] = near * right + far * left


@kernel
def _process(unit: Any, block: Any, frames: int) -> None:
    _listen(unit, block, frames)
    diffuse(unit.diffuser, unit.clock, unit.heard, unit.sides, unit.early, frames)
    hear_network(unit.network, unit.clock, unit.heard, frames)
    _answer(unit, block, frames)
    feed_network(unit.network, unit.clock, unit.diffuser.channels, frames)
    unit.clock += frames
    unit.heard += frames
    travelled(unit.travel, frames)


@exact_kernel
def _derive(unit: Any, params: Any, _column: int, jump: bool) -> None:
    rate = unit.header.sample_rate_hz
    travel = unit.travel
    unit.mask = mask_for(_PREDELAY_FRAMES, rate)
    for side in range(2):
        set_tap(unit.taps, side, round(np.float64(params[_PREDELAY]) / 1000.0 * rate), rate, jump)
    g = math.tan(math.pi * np.float64(params[_LOW_CUT]) / rate)
    k = math.sqrt(2.0)
    head_for(travel, _A1, 1.0 / (1.0 + g * (g + k)))
    head_for(travel, _A2, g / (1.0 + g * (g + k)))
    head_for(travel, _A3, g * g / (1.0 + g * (g + k)))
    head_for(travel, _K, k)
    head_for(travel, _EARLY_GAIN, 10.0 ** (np.float64(params[_EARLY]) / 20.0))
    head_for(travel, _NEAR, (1.0 + np.float64(params[_WIDTH]) / 100.0) / 2.0)
    head_for(travel, _FAR, (1.0 - np.float64(params[_WIDTH]) / 100.0) / 2.0)
    depart(travel, round(GLIDE_S * rate), jump)
    set_diffuser(unit.diffuser, rate)
    set_network(
        unit.network,
        rate,
        np.float64(params[_SIZE]) / 100.0,
        np.float64(params[_DECAY]),
        np.float64(params[_HIGH_DECAY]) / 100.0,
        np.float64(params[_SWING]) / 1000.0,
        np.float64(params[_PACE]),
        jump,
    )


@kernel
def _settle(unit: Any) -> None:
    for side in range(2):
        unit.ic1[side] = audible(unit.ic1[side])
        unit.ic2[side] = audible(unit.ic2[side])
    settle_network(unit.network)


@kernel
def _reset(unit: Any, _column: int) -> None:
    """Nothing older than now counts as heard, so nothing large needs to be cleared."""
    unit.heard = 0
    for side in range(2):
        unit.ic1[side] = 0.0
        unit.ic2[side] = 0.0
        land_tap(unit.taps, side)
    reset_network(unit.network, unit.clock)


entry = unit_entry(UNIT, _process, _derive, _settle, _reset)


PROCESSOR = Processor("reverb", "Reverb", PARAMS, UNIT, entry, is_single=True)
