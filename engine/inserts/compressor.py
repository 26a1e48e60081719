"""Compressor: feed-forward, in decibels, with a soft knee.

    key = high-pass(x), or x
    level = 10 log10 of key^2 (peak) or of its mean over 10 ms (RMS: a sine reads 3.01 dB lower)
    c = static curve (`dsp.compression`);  linked: c += link (max of both sides' c - c)
    held = max(c, held + kR (c - held));  reduction += kA (held - reduction);  k = 1 - exp(-1 / (time fs))
    out = x 10^((make-up - reduction) / 20)

D. Giannoulis, M. Massberg, J. D. Reiss, "Digital dynamic range compressor design", JAES 60(6), 2012: smooth, decoupled
peak detection in the log domain. Decoupled and not branching, because then a steady sine is reduced as the static curve
says, whatever the times: the branching one settles between peak and average. In return the release also takes the
attack's time (about attack + release). Times are those of 63.2 % of the way in dB; RMS adds its 10 ms to the attack.

At ratio N:1 the slope is 1 - 1/N, with `limit` it is 1. Below the knee, without make-up, samples pass to the bit. No
latency, so fast attacks still let the first peak through: the limiter looks ahead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.jit import exact_kernel, kernel
from engine.core.params import ParamSpec, choice, frequency, switch
from engine.core.record import LANES, STRIPS_PER_RACK
from engine.core.unit import Processor, unit_entry, unit_layout
from engine.dsp.compression import SILENT_DB, knee_share, output_dbfs, rate_of, reduction_of
from engine.dsp.decibels import gain, log2
from engine.dsp.glide import aim, glide_layout, gliding, launch, settle_glide
from engine.dsp.key_filter import KEY, listen, reset_key, send_key, settle_key

PARAMS = (
    ParamSpec("threshold_db", "Threshold", "dB", -60.0, 0.0, -18.0, 0.5, 0.1, 6.0),
    ParamSpec("compression_ratio", "Ratio", ":1", 1.0, 20.0, 3.0, 0.5, 0.1, 2.0),
    switch("limit", "Limit"),
    ParamSpec("knee_db", "Knee", "dB", 0.0, 24.0, 6.0, 1.0, 0.1, 6.0),
    ParamSpec("attack_ms", "Attack", "ms", 0.1, 200.0, 10.0, 10.0, 2.0, 50.0, taper="log"),
    ParamSpec("release_ms", "Release", "ms", 5.0, 2000.0, 100.0, 10.0, 2.0, 50.0, taper="log"),
    choice("detector", "Detector", ("peak", "rms"), "peak"),
    switch("filter_key", "Key filter"),
    frequency("key_filter_hz", "Key high-pass", 20.0, 1000.0, 100.0),
    ParamSpec("link_percent", "Stereo link", "%", 0.0, 100.0, 100.0, 5.0, 1.0, 25.0),
    ParamSpec("make_up_db", "Make-up", "dB", -12.0, 24.0, 0.0, 0.5, 0.1, 3.0),
)
(
    _THRESHOLD_DB,
    _COMPRESSION_RATIO,
    _LIMIT,
    _KNEE_DB,
    _ATTACK_MS,
    _RELEASE_MS,
    _DETECTOR,
    _FILTER_KEY,
    _KEY_FILTER_HZ,
    _LINK_PERCENT,
    _MAKE_UP_DB,
) = range(11)

_THRESHOLD, _SLOPE, _KNEE, _KNEE_SHARE, _ATTACK, _RELEASE, _RMS, _LINK, _MAKE_UP = range(9)
"""Rows of the glide; `_ATTACK` and `_RELEASE` are shares per sample, `_RMS` is the share of the mean."""

RMS_TIME_S = 0.01
_HIGHEST_DBFS = np.float32(60.0)
"""What is louder (a broken file) is taken for this, so that the way back is not too long."""
_DB_PER_OCTAVE_OF_POWER = np.float32(10.0 * np.log10(2.0))
_QUIET = np.float32(1e-30)
_ABSURD = np.float32(1e12)

UNIT = unit_layout(
    ("glide", glide_layout(_MAKE_UP + 1)),
    ("rms_rate", np.float32),
    ("key", KEY),
    ("mean_square", np.float32, (LANES,)),
    ("held_db", np.float32, (LANES,)),
    ("reduction_db", np.float32, (LANES,)),
)
"""The block of `key` becomes what the static curve makes of it."""


@kernel
def _detect(unit: Any, first: int, last: int) -> None:
    """Key to reduction, by the static curve."""
    value = unit.glide.value
    threshold = value[_THRESHOLD]
    slope = value[_SLOPE]
    knee = value[_KNEE]
    share = value[_KNEE_SHARE]
    rms = value[_RMS]
    mean = unit.mean_square
    rate = unit.rms_rate
    for t in range(first, last):
        key = unit.key.block[t]
        for lane in range(LANES):
            square = key[lane] * key[lane]
            mean[lane] += rate * (square - mean[lane])
            key[lane] = square + rms[lane] * (mean[lane] - square)
        for lane in range(LANES):
            level = min(log2(key[lane]) * _DB_PER_OCTAVE_OF_POWER, _HIGHEST_DBFS)
            key[lane] = reduction_of(level, threshold[lane], slope[lane], knee[lane], share[lane])


@kernel
def _link(unit: Any, first: int, last: int) -> None:
    link = unit.glide.value[_LINK]
    for t in range(first, last):
        curve = unit.key.block[t]
        for column in range(STRIPS_PER_RACK):
            left = curve[column]
            right = curve[column + STRIPS_PER_RACK]
            larger = max(left, right)
            curve[column] = left + link[column] * (larger - left)
            curve[column + STRIPS_PER_RACK] = right + link[column] * (larger - right)


@kernel
def _apply(unit: Any, block: Any, first: int, last: int) -> None:
    value = unit.glide.value
    attack = value[_ATTACK]
    release = value[_RELEASE]
    make_up = value[_MAKE_UP]
    held = unit.held_db
    reduction = unit.reduction_db
    for t in range(first, last):
        curve = unit.key.block[t]
        for lane in range(LANES):
            c = curve[lane]
            held[lane] = max(c, held[lane] + release[lane] * (c - held[lane]))
            reduction[lane] += attack[lane] * (held[lane] - reduction[lane])
            block[t, lane] *= gain(make_up[lane] - reduction[lane])


@kernel
def _run(unit: Any, block: Any, first: int, last: int) -> None:
    _detect(unit, first, last)
    _link(unit, first, last)
    _apply(unit, block, first, last)


_run_gliding = gliding(_run)


@kernel
def _process(unit: Any, block: Any, frames: int) -> None:
    listen(unit.key, block, frames)
    _run_gliding(unit, block, frames)
    for lane in range(LANES):
        unit.header.reduction_db[lane] = -unit.reduction_db[lane]


@exact_kernel
def _derive(unit: Any, params: Any, column: int, jump: bool) -> None:
    rate = unit.header.sample_rate_hz
    unit.rms_rate = rate_of(RMS_TIME_S, rate)
    for side in range(2):
        lane = column + side * STRIPS_PER_RACK
        aim(unit.glide, _THRESHOLD, lane, params[_THRESHOLD_DB])
        aim(unit.glide, _SLOPE, lane, 1.0 if params[_LIMIT] != 0.0 else 1.0 - 1.0 / params[_COMPRESSION_RATIO])
        aim(unit.glide, _KNEE, lane, params[_KNEE_DB])
        aim(unit.glide, _KNEE_SHARE, lane, knee_share(params[_KNEE_DB]))
        aim(unit.glide, _ATTACK, lane, rate_of(params[_ATTACK_MS] / 1000.0, rate))
        aim(unit.glide, _RELEASE, lane, rate_of(params[_RELEASE_MS] / 1000.0, rate))
        aim(unit.glide, _RMS, lane, params[_DETECTOR])
        aim(unit.glide, _LINK, lane, params[_LINK_PERCENT] / 100.0)
        aim(unit.glide, _MAKE_UP, lane, params[_MAKE_UP_DB])
        launch(unit.glide, lane, rate, jump)
    send_key(unit.key, column, params[_FILTER_KEY], params[_KEY_FILTER_HZ], rate, jump)


@kernel
def _settle(unit: Any) -> None:
    settle_glide(unit.glide)
    settle_key(unit.key)
    for lane in range(LANES):
        if not (_QUIET < unit.mean_square[lane] < _ABSURD):
            unit.mean_square[lane] = 0.0
        if unit.held_db[lane] < SILENT_DB:
            unit.held_db[lane] = 0.0
            if unit.reduction_db[lane] < SILENT_DB:
                unit.reduction_db[lane] = 0.0


@kernel
def _reset(unit: Any, column: int) -> None:
    reset_key(unit.key, column)
    for side in range(2):
        lane = column + side * STRIPS_PER_RACK
        unit.mean_square[lane] = 0.0
        unit.held_db[lane] = 0.0
        unit.reduction_db[lane] = 0.0


entry = unit_entry(UNIT, _process, _derive, _settle, _reset)


def curve_db(params: Sequence[float], input_dbfs: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """The static curve: output levels in dBFS of steady input levels, at values in the order of `PARAMS`."""
    slope = 1.0 if params[_LIMIT] else 1.0 - 1.0 / params[_COMPRESSION_RATIO]
    return output_dbfs(input_dbfs, params[_THRESHOLD_DB], slope, params[_KNEE_DB]) + params[_MAKE_UP_DB]


PROCESSOR = Processor("compressor", "Compressor", PARAMS, UNIT, entry, reads_reduction=True)
