"""Bus compressor, calibrated: 0 VU on its own meter is a sine of -18 dBFS, and what is above drives its input stage.

    input stage   w = x / sqrt(1 + 2 C x^2) + high-pass 5 Hz of (E x^2 / (1 + 2 C x^2)),  C = 0.16, E = 0.0064
    key           high-pass(x), or x; level = 20 log10 |key|; both sides get the higher of their reductions
    c             static curve with a knee of 6 dB (`dsp.compression`), threshold in dB above 0 VU
    fast          max(c, fast + kR (c - fast))
    slow          slow + k (0.7 fast - slow), k of 0.8 s on the way up and of 4 s on the way down
    held          fast, or with the release `auto` (kR of 0.1 s): max(fast, slow)
    reduction    += kA (held - reduction);  out = w 10^((make-up - reduction) / 20)

The detector is that of `compressor` (Giannoulis, Massberg, Reiss, JAES 60(6), 2012: smooth, decoupled, log domain).
Auto has two time constants in parallel, and the higher reduction counts: a short peak charges only the fast one, and is
forgotten in 0.1 s; a long reduction charges the slow one too, which goes on to hold 70 % of it for seconds. The VU is
that of the input (`dsp.vu`). Times are those of 63.2 % of the way in dB.

The input stage has unity gain for small signals; its third harmonic grows by 2 dB per dB: `C A^2 / 4` of an amplitude
A, its second by 1 dB per dB: `E A / 2` (0.075 % at 0 VU and 0.97 % at 12 dB above in all). It is the only thing that
colours; its square makes direct current, hence its high-pass. It has no oversampling (and so no latency): what it makes
above half the rate folds back.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.jit import exact_kernel, kernel
from engine.core.params import ParamSpec, choice, frequency, switch
from engine.core.record import LANES, STRIPS_PER_RACK
from engine.core.unit import OPERATING_LEVEL_DBFS, Processor, unit_entry, unit_layout
from engine.dsp.compression import SILENT_DB, output_dbfs, rate_of, reduction_of
from engine.dsp.decibels import decibels, gain
from engine.dsp.glide import aim, glide_layout, gliding, launch, settle_glide
from engine.dsp.key_filter import KEY, listen, reset_key, send_key, settle_key
from engine.dsp.vu import VU_RATE_PER_S, reset_vu, run_vu, settle_vu

RATIOS = (1.5, 2.0, 4.0, 10.0)
ATTACKS_MS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
RELEASES_S = (0.1, 0.3, 0.6, 1.2)

PARAMS = (
    ParamSpec("threshold_db", "Threshold", "dB", -30.0, 18.0, 0.0, 0.5, 0.1, 6.0),
    choice("ratio", "Ratio", tuple(f"{ratio:g}:1" for ratio in RATIOS), "2:1"),
    choice("attack", "Attack", tuple(f"{attack_ms:g} ms" for attack_ms in ATTACKS_MS), "10 ms"),
    choice("release", "Release", (*(f"{release_s:g} s" for release_s in RELEASES_S), "auto"), "auto"),
    switch("filter_key", "Key filter"),
    frequency("key_filter_hz", "Key high-pass", 20.0, 500.0, 90.0),
    ParamSpec("make_up_db", "Make-up", "dB", -6.0, 18.0, 0.0, 0.5, 0.1, 3.0),
)
_THRESHOLD_DB, _RATIO_CHOICE, _ATTACK_CHOICE, _RELEASE_CHOICE, _FILTER_KEY, _KEY_FILTER_HZ, _MAKE_UP_DB = range(7)
_AUTO = len(RELEASES_S)
"""The place of the choice `auto`."""

_THRESHOLD, _SLOPE, _ATTACK, _RELEASE, _SLOW_SHARE, _MAKE_UP = range(6)
"""Rows of the glide: the threshold in dBFS, shares of the way per sample, and whether the slow one counts (1 or 0)."""

KNEE_DB = 6.0
_KNEE = np.float32(KNEE_DB)
_KNEE_SHARE = np.float32(0.5 / KNEE_DB)
_AUTO_FAST_S = 0.1
_CHARGE = np.float32(0.7)
_CHARGE_S = 0.8
_DISCHARGE_S = 4.0

_ODD = np.float32(2.0 * 0.16)
_EVEN = np.float32(0.0064)
_EVEN_CORNER_HZ = 5.0

_ONE = np.float32(1.0)
_HIGHEST_DBFS = np.float32(60.0)
"""What is louder (a broken file) is taken for this, so that the way back is not too long."""
_QUIET = np.float32(1e-20)
_ABSURD = np.float32(1e6)

UNIT = unit_layout(
    ("glide", glide_layout(_MAKE_UP + 1)),
    ("vu_rate", np.float32),
    ("charge_rate", np.float32),
    ("discharge_rate", np.float32),
    ("even_rate", np.float32),
    ("key", KEY),
    ("vu_inner", np.float32, (LANES,)),
    ("even_mean", np.float32, (LANES,)),
    ("fast_db", np.float32, (LANES,)),
    ("slow_db", np.float32, (LANES,)),
    ("reduction_db", np.float32, (LANES,)),
)
"""The block of `key` becomes what the static curve makes of it."""


@kernel
def _drive(unit: Any, block: Any, first: int, last: int) -> None:
    """The input stage."""
    mean = unit.even_mean
    rate = unit.even_rate
    for t in range(first, last):
        for lane in range(LANES):
            x = block[t, lane]
            power = x * x
            bend = _ONE / (_ONE + _ODD * power)
            even = _EVEN * power * bend
            mean[lane] += rate * (even - mean[lane])
            block[t, lane] = x * np.sqrt(bend) + (even - mean[lane])


@kernel
def _detect(unit: Any, first: int, last: int) -> None:
    """Key to reduction, by the static curve; the higher one for both sides."""
    threshold = unit.glide.value[_THRESHOLD]
    slope = unit.glide.value[_SLOPE]
    for t in range(first, last):
        key = unit.key.block[t]
        for lane in range(LANES):
            level = min(decibels(abs(key[lane])), _HIGHEST_DBFS)
            key[lane] = reduction_of(level, threshold[lane], slope[lane], _KNEE, _KNEE_SHARE)
        for column in range(STRIPS_PER_RACK):
            larger = max(key[column], key[column + STRIPS_PER_RACK])
            key[column] = larger
            key[column + STRIPS_PER_RACK] = larger


@kernel
def _time(unit: Any, first: int, last: int) -> None:
    """The curve's reduction to the one that is held."""
    release = unit.glide.value[_RELEASE]
    slow_share = unit.glide.value[_SLOW_SHARE]
    fast = unit.fast_db
    slow = unit.slow_db
    charge = unit.charge_rate
    discharge = unit.discharge_rate
    for t in range(first, last):
        curve = unit.key.block[t]
        for lane in range(LANES):
            c = curve[lane]
            fast[lane] = max(c, fast[lane] + release[lane] * (c - fast[lane]))
            way = _CHARGE * fast[lane] - slow[lane]
            slow[lane] += (charge if way > np.float32(0.0) else discharge) * way
            curve[lane] = max(fast[lane], slow_share[lane] * slow[lane])


@kernel
def _apply(unit: Any, block: Any, first: int, last: int) -> None:
    attack = unit.glide.value[_ATTACK]
    make_up = unit.glide.value[_MAKE_UP]
    reduction = unit.reduction_db
    for t in range(first, last):
        held = unit.key.block[t]
        for lane in range(LANES):
            reduction[lane] += attack[lane] * (held[lane] - reduction[lane])
            block[t, lane] *= gain(make_up[lane] - reduction[lane])


@kernel
def _run(unit: Any, block: Any, first: int, last: int) -> None:
    _detect(unit, first, last)
    _time(unit, first, last)
    _drive(unit, block, first, last)
    _apply(unit, block, first, last)


_run_gliding = gliding(_run)


@kernel
def _process(unit: Any, block: Any, frames: int) -> None:
    run_vu(unit.vu_inner, unit.header.vu, unit.vu_rate, block, frames)
    listen(unit.key, block, frames)
    _run_gliding(unit, block, frames)
    for lane in range(LANES):
        unit.header.reduction_db[lane] = -unit.reduction_db[lane]


@exact_kernel
def _derive(unit: Any, params: Any, column: int, jump: bool) -> None:
    rate = unit.header.sample_rate_hz
    unit.vu_rate = VU_RATE_PER_S / rate
    unit.charge_rate = rate_of(_CHARGE_S, rate)
    unit.discharge_rate = rate_of(_DISCHARGE_S, rate)
    unit.even_rate = 2.0 * math.pi * _EVEN_CORNER_HZ / rate
    release = int(params[_RELEASE_CHOICE])
    release_s = _AUTO_FAST_S if release == _AUTO else RELEASES_S[release]
    for side in range(2):
        lane = column + side * STRIPS_PER_RACK
        aim(unit.glide, _THRESHOLD, lane, OPERATING_LEVEL_DBFS + params[_THRESHOLD_DB])
        aim(unit.glide, _SLOPE, lane, 1.0 - 1.0 / RATIOS[int(params[_RATIO_CHOICE])])
        aim(unit.glide, _ATTACK, lane, rate_of(ATTACKS_MS[int(params[_ATTACK_CHOICE])] / 1000.0, rate))
        aim(unit.glide, _RELEASE, lane, rate_of(release_s, rate))
        aim(unit.glide, _SLOW_SHARE, lane, 1.0 if release == _AUTO else 0.0)
        aim(unit.glide, _MAKE_UP, lane, params[_MAKE_UP_DB])
        launch(unit.glide, lane, rate, jump)
    send_key(unit.key, column, params[_FILTER_KEY], params[_KEY_FILTER_HZ], rate, jump)


@kernel
def _settle(unit: Any) -> None:
    settle_glide(unit.glide)
    settle_key(unit.key)
    settle_vu(unit.vu_inner, unit.header.vu)
    for lane in range(LANES):
        if not (_QUIET < abs(unit.even_mean[lane]) < _ABSURD):
            unit.even_mean[lane] = 0.0
        if unit.fast_db[lane] < SILENT_DB:
            unit.fast_db[lane] = 0.0
        if unit.slow_db[lane] < SILENT_DB:
            unit.slow_db[lane] = 0.0
        if max(unit.fast_db[lane], unit.slow_db[lane], unit.reduction_db[lane]) < SILENT_DB:
            unit.reduction_db[lane] = 0.0


@kernel
def _reset(unit: Any, column: int) -> None:
    reset_key(unit.key, column)
    for side in range(2):
        lane = column + side * STRIPS_PER_RACK
        reset_vu(unit.vu_inner, unit.header.vu, lane)
        unit.even_mean[lane] = 0.0
        unit.fast_db[lane] = 0.0
        unit.slow_db[lane] = 0.0
        unit.reduction_db[lane] = 0.0


entry = unit_entry(UNIT, _process, _derive, _settle, _reset)


def curve_db(params: Sequence[float], input_dbfs: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """The static curve: output levels in dBFS of steady input levels, at values in the order of `PARAMS`."""
    slope = 1.0 - 1.0 / RATIOS[int(params[_RATIO_CHOICE])]
    threshold_dbfs = OPERATING_LEVEL_DBFS + params[_THRESHOLD_DB]
    return output_dbfs(input_dbfs, threshold_dbfs, slope, KNEE_DB) + params[_MAKE_UP_DB]


PROCESSOR = Processor("bus_compressor", "Bus compressor", PARAMS, UNIT, entry, reads_reduction=True, reads_vu=True)
