"""Gate and downward expander, linked: both sides get the gain that the louder one asks for.

    closed: gain = max((level - T) (R - 1), -range), at most 0 dB;   open: 0 dB       (level, T in dB)

which is the mirrored gain computer of Giannoulis, Massberg and Reiss (JAES 60(6) 2012; metering.md section 8) with
hysteresis in the place of a knee. One sample at the threshold T opens; the gate closes when for the time of `hold` none
has reached T - hysteresis. `level` is the highest sample of the last 5 to 10 ms (so it is steady from 100 Hz on, and
hold covers its delay). The gain follows in dB through a one-pole, `attack` for rising and `release` for falling: both
are the times of 63.2 % of the way. The side chain can be high-passed (12 dB per octave Butterworth).

Latency: none, so what opens the gate is let through over the attack. Logarithms are good to 0.0001 dB
(`engine.dsp.decibels`), what a slow release adds to the gain is carried (Kahan), so it arrives.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.jit import exact_kernel, kernel
from engine.core.params import ParamSpec, frequency, switch
from engine.core.record import STRIPS_PER_RACK
from engine.core.unit import Processor, unit_entry, unit_layout
from engine.dsp.decibels import decibels, gain
from engine.dsp.key_filter import KEY, listen, reset_key, send_key, settle_key

PARAMS = (
    ParamSpec("threshold_db", "Threshold", "dB", -80.0, 0.0, -50.0, 0.5, 0.1, 6.0),
    ParamSpec("expansion_ratio", "Ratio", ":1", 1.0, 100.0, 10.0, 10.0, 1.0, 100.0, taper="log"),
    ParamSpec("range_db", "Range", "dB", 0.0, 90.0, 40.0, 0.5, 0.1, 6.0),
    ParamSpec("hysteresis_db", "Hysteresis", "dB", 0.0, 12.0, 4.0, 0.5, 0.1, 3.0),
    ParamSpec("attack_ms", "Attack", "ms", 0.05, 100.0, 1.0, 10.0, 1.0, 100.0, taper="log"),
    ParamSpec("hold_ms", "Hold", "ms", 10.0, 2000.0, 50.0, 10.0, 1.0, 100.0, taper="log"),
    ParamSpec("release_ms", "Release", "ms", 5.0, 5000.0, 150.0, 10.0, 1.0, 100.0, taper="log"),
    switch("key_high_pass", "Key high-pass"),
    frequency("key_high_pass_hz", "Key high-pass frequency", 20.0, 5000.0, 120.0),
)
_THRESHOLD, _RATIO, _RANGE, _HYSTERESIS, _ATTACK, _HOLD, _RELEASE, _KEY_HIGH_PASS, _KEY_HIGH_PASS_HZ = range(9)

_LEVEL_S = 0.005
"""The level is the highest sample of this time, and of what has begun of the next."""

_STRIPS = (STRIPS_PER_RACK,)

UNIT = unit_layout(
    ("key", KEY),
    ("threshold_db", np.float32, _STRIPS),
    ("slope", np.float32, _STRIPS),
    ("floor_db", np.float32, _STRIPS),
    ("opening", np.float32, _STRIPS),
    ("closing", np.float32, _STRIPS),
    ("hold_frames", np.float32, _STRIPS),
    ("attack", np.float32, _STRIPS),
    ("release", np.float32, _STRIPS),
    ("level_frames", np.float32),
    ("age", np.float32, _STRIPS),
    ("newest", np.float32, _STRIPS),
    ("older", np.float32, _STRIPS),
    ("is_open", np.float32, _STRIPS),
    ("below_frames", np.float32, _STRIPS),
    ("reduction_db", np.float32, _STRIPS),
    ("rest_db", np.float32, _STRIPS),
    ("level", np.float32, _STRIPS),
    ("factor", np.float32, _STRIPS),
)
"""Per strip. Derived: `slope` is R - 1, `opening` and `closing` are linear levels, `attack` and `release` shares per
sample. State: two maxima and the frames of the newest; whether the gate is open, and the frames since the closing level
was last reached; the gain, and what its last sum could not hold. `level` and `factor` are scratch."""

_ZERO = np.float32(0.0)
_ONE = np.float32(1.0)
_QUIET = np.float32(1e-20)


@kernel
def _follow(unit: Any, block: Any, key: Any, frames: int) -> None:
    threshold_db = unit.threshold_db
    slope = unit.slope
    floor_db = unit.floor_db
    opening = unit.opening
    closing = unit.closing
    hold_frames = unit.hold_frames
    attack = unit.attack
    release = unit.release
    level_frames = unit.level_frames
    age = unit.age
    newest = unit.newest
    older = unit.older
    is_open = unit.is_open
    below_frames = unit.below_frames
    reduction_db = unit.reduction_db
    rest_db = unit.rest_db
    level = unit.level
    factor = unit.factor
    for t in range(frames):
        for column in range(STRIPS_PER_RACK):
            left = abs(key[t, column])
            right = abs(key[t, column + STRIPS_PER_RACK])
            before = older[column]
            since = newest[column]
            was_open = is_open[column]
            below = below_frames[column] + _ONE
            aged = age[column] + _ONE
            sample = left if left > right else right
            highest = sample if sample > since else since
            level[column] = highest if highest > before else before
            is_full = aged >= level_frames
            older[column] = highest if is_full else before
            newest[column] = _ZERO if is_full else highest
            age[column] = _ZERO if is_full else aged
            below = _ZERO if sample >= closing[column] else below
            below_frames[column] = below
            kept = was_open if below < hold_frames[column] else _ZERO
            is_open[column] = _ONE if sample >= opening[column] else kept
        for column in range(STRIPS_PER_RACK):
            floor = floor_db[column]
            rise = attack[column]
            fall = release[column]
            now_db = reduction_db[column]
            curve_db = (decibels(level[column]) - threshold_db[column]) * slope[column]
            curve_db = curve_db if curve_db > floor else floor
            curve_db = curve_db if curve_db < _ZERO else _ZERO
            target_db = _ZERO if is_open[column] > _ZERO else curve_db
            share = rise if target_db > now_db else fall
            step_db = share * (target_db - now_db) + rest_db[column]
            sum_db = now_db + step_db
            rest_db[column] = step_db - (sum_db - now_db)
            reduction_db[column] = sum_db
            factor[column] = gain(sum_db)
        for column in range(STRIPS_PER_RACK):
            block[t, column] *= factor[column]
            block[t, column + STRIPS_PER_RACK] *= factor[column]


@kernel
def _process(unit: Any, block: Any, frames: int) -> None:
    listen(unit.key, block, frames)
    _follow(unit, block, unit.key.block, frames)
    for column in range(STRIPS_PER_RACK):
        unit.header.reduction_db[column] = unit.reduction_db[column]
        unit.header.reduction_db[column + STRIPS_PER_RACK] = unit.reduction_db[column]


@exact_kernel
def _share_per_frame(time_ms: float, sample_rate_hz: float) -> float:
    return -math.expm1(-1000.0 / (time_ms * sample_rate_hz))


@exact_kernel
def _derive(unit: Any, params: Any, column: int, jump: bool) -> None:
    rate = unit.header.sample_rate_hz
    threshold_db = float(params[_THRESHOLD])
    unit.threshold_db[column] = threshold_db
    unit.slope[column] = params[_RATIO] - 1.0
    unit.floor_db[column] = -params[_RANGE]
    unit.opening[column] = 10.0 ** (threshold_db / 20.0)
    unit.closing[column] = 10.0 ** ((threshold_db - params[_HYSTERESIS]) / 20.0)
    unit.hold_frames[column] = round(params[_HOLD] * rate / 1000.0)
    unit.attack[column] = _share_per_frame(params[_ATTACK], rate)
    unit.release[column] = _share_per_frame(params[_RELEASE], rate)
    unit.level_frames = round(_LEVEL_S * rate)
    send_key(unit.key, column, params[_KEY_HIGH_PASS], params[_KEY_HIGH_PASS_HZ], rate, jump)


@kernel
def _settle(unit: Any) -> None:
    settle_key(unit.key)
    for column in range(STRIPS_PER_RACK):
        if unit.reduction_db[column] > -_QUIET:
            unit.reduction_db[column] = _ZERO
            unit.rest_db[column] = _ZERO


@kernel
def _reset(unit: Any, column: int) -> None:
    reset_key(unit.key, column)
    unit.age[column] = 0.0
    unit.newest[column] = 0.0
    unit.older[column] = 0.0
    unit.is_open[column] = 0.0
    unit.below_frames[column] = 0.0
    unit.reduction_db[column] = 0.0
    unit.rest_db[column] = 0.0


entry = unit_entry(UNIT, _process, _derive, _settle, _reset)


def curve_db(params: Sequence[float], input_dbfs: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """The static curve on the way up: output levels of steady input levels in dBFS, values in the order of `PARAMS`."""
    level = np.asarray(input_dbfs, np.float64)
    below = np.minimum(level - params[_THRESHOLD], 0.0)
    return level + np.maximum(below * (params[_RATIO] - 1.0), -params[_RANGE])


PROCESSOR = Processor("gate", "Gate", PARAMS, UNIT, entry, reads_reduction=True)
