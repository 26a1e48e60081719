"""Saturator: a curve that bends the wave, with the drive before it and the output after it, at 4 times the rate.

    drive -> VU -> [up] -> y = C f(x / C) -> [down] -> DC blocker (asymmetric only) -> output

The ceiling C is -9 dBFS, nine above the operating level, so a sine at 0 VU is bent but not flattened. All curves
(`engine.dsp.curves`) have slope one at zero: at 0 dB drive a quiet sound keeps its level.

| curve      | f                                            | harmonics                       |
|------------|----------------------------------------------|---------------------------------|
| tanh       | tanh x                                       | odd                             |
| cubic      | x - 4 x^3 / 27, 1 from 1.5 on                | third only, up to -5.5 dBFS in  |
| hard       | x, 1 from 1 on                               | none up to -9 dBFS in, then odd |
| asymmetric | u / (1 + 0.2 u), u = tanh x (a biased stage) | even and odd                    |
| fold       | sin x, held from 3 pi / 2 on                 | odd, many                       |

THD in percent at 1 kHz, 0 dB drive, by the input level in dBFS (12 dB more trim or drive: from -18 to -6, 11 times
with tanh):

|            | -30   | -24   | -18   | -12   | -6    | 0    |
|------------|-------|-------|-------|-------|-------|------|
| tanh       | 0.066 | 0.261 | 1.02  | 3.72  | 11.3  | 23.9 |
| cubic      | 0.029 | 0.118 | 0.473 | 1.97  | 9.50  | 27.6 |
| hard       | 0     | 0     | 0     | 0     | 13.4  | 30.2 |
| asymmetric | 0.890 | 1.77  | 3.49  | 6.78  | 13.2  | 24.4 |
| fold       | 0.033 | 0.132 | 0.529 | 2.16  | 9.51  | 68.9 |

Harmonics to alias in dB, measured at 44.1 kHz, 20 dB drive, a sine at the ceiling (so tanh of 10 times a sine), alias
counted from 20 Hz to 20 kHz. Counted up to 22.05 kHz tanh has 81 and 50; metering.md section 8 gives for it 33 and 13
naive, 82 and 28 with an ideal factor of 2, 159 and 99 with one of 8. At the operating level all have more than 125.

|           | tanh | cubic | hard | asymmetric | fold |
|-----------|------|-------|------|------------|------|
| 1.245 kHz | 133  | 78    | 57   | 128        | 81   |
| 5 kHz     | 52   | 48    | 42   | 51         | 50   |

Latency: that of the oversampler, 64 frames below 64 kHz, 59 above.
Limits: the curve has no memory; harmonics of a `hard` clip fall off too slowly for any factor.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.jit import exact_kernel, kernel
from engine.core.params import ParamSpec, choice
from engine.core.record import LANES, STRIPS_PER_RACK
from engine.core.unit import Processor, unit_entry, unit_layout
from engine.dsp.curves import cubic, fold, hard, soft
from engine.dsp.dc_blocker import (
    DC_BLOCKER,
    reset_dc_blocker,
    run_dc_blocker,
    settle_dc_blocker,
    tune_dc_blocker,
)
from engine.dsp.glide import aim, glide_layout, gliding, launch, settle_glide
from engine.dsp.oversampler import (
    OVERSAMPLER,
    factor_at,
    lower_rate,
    oversampler_latency_frames,
    raise_rate,
    reset_oversampler,
)
from engine.dsp.vu import VU_RATE_PER_S, reset_vu, settle_vu, vu_step

CURVES = ("tanh", "cubic", "hard", "asymmetric", "fold")
_TANH, _CUBIC, _HARD, _ASYMMETRIC, _FOLD = range(5)

PARAMS = (
    ParamSpec("drive_db", "Drive", "dB", -12.0, 36.0, 0.0, 0.5, 0.1, 6.0),
    choice("curve", "Curve", CURVES, "tanh"),
    ParamSpec("output_db", "Output", "dB", -36.0, 12.0, 0.0, 0.5, 0.1, 6.0),
)
_DRIVE, _CURVE, _OUTPUT = range(3)

CEILING_DBFS = -9.0
_CEILING = 10.0 ** (CEILING_DBFS / 20.0)
_SKEW = 0.2

_INTO, _OUT, _SOFT_SHARE, _CUBIC_SHARE, _HARD_SHARE, _FOLD_SHARE, _BIAS, _BLOCKED = range(8)
"""Rows of the glide: gain before and after the curve, the share of each curve, the skew of the soft one, and the share
of the DC blocker."""

_KINDS = 4
"""Curves that are shares: `tanh` and `asymmetric` are one."""

UNIT = unit_layout(
    ("glide", glide_layout(8)),
    ("oversampler", OVERSAMPLER),
    ("dc_blocker", DC_BLOCKER),
    ("vu_inner", np.float32, (LANES,)),
    ("vu_rate", np.float32),
    ("factor", np.int64),
    ("in_use", np.int64, (_KINDS,)),
    ("only", np.int64),
    ("given", np.float32, (LANES,)),
)
"""`in_use`: whether any lane has a share of a curve. `given`: one row, before it is bent."""


def curve(params: Sequence[float], x: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """What a constant (linear) becomes, for drawing; parameters in the order of `PARAMS`, the DC blocker left out."""
    driven = np.asarray(x, np.float64) * 10.0 ** (params[_DRIVE] / 20.0) / _CEILING
    kind = round(params[_CURVE])
    if kind in (_TANH, _ASYMMETRIC):
        bent = np.tanh(driven)
        bent = bent / (1.0 + (_SKEW if kind == _ASYMMETRIC else 0.0) * bent)
    elif kind == _CUBIC:
        held = np.clip(driven, -1.5, 1.5)
        bent = held - 4.0 / 27.0 * held**3
    elif kind == _HARD:
        bent = np.clip(driven, -1.0, 1.0)
    else:
        bent = np.sin(np.clip(driven, -1.5 * np.pi, 1.5 * np.pi))
    return np.asarray(bent * _CEILING * 10.0 ** (params[_OUTPUT] / 20.0), np.float64)


@kernel
def _drive(unit: Any, block: Any, first: int, last: int) -> None:
    into = unit.glide.value[_INTO]
    inner = unit.vu_inner
    reading = unit.header.vu
    rate = unit.vu_rate
    ceiling = np.float32(_CEILING)
    for t in range(first, last):
        for lane in range(LANES):
            x = into[lane] * block[t, lane]
            block[t, lane] = x
            inner[lane], reading[lane] = vu_step(inner[lane], reading[lane], ceiling * abs(x), rate)


@kernel
def _bend_all(unit: Any, start: int, frames: int) -> None:
    """One curve for all lanes: what `_bend` gives, with less to do."""
    only = unit.only
    skew = unit.glide.value[_BIAS]
    for place in range(unit.factor):
        plane = unit.oversampler.planes[place]
        for t in range(frames):
            at = np.uint64(start + t * LANES)
            if only == 0:
                for lane in range(LANES):
                    plane[at + np.uint64(lane)] = soft(plane[at + np.uint64(lane)], skew[lane])
            elif only == 1:
                for lane in range(LANES):
                    plane[at + np.uint64(lane)] = cubic(plane[at + np.uint64(lane)])
            elif only == 2:
                for lane in range(LANES):
                    plane[at + np.uint64(lane)] = hard(plane[at + np.uint64(lane)])
            else:
                for lane in range(LANES):
                    plane[at + np.uint64(lane)] = fold(plane[at + np.uint64(lane)])


@kernel
def _bend(unit: Any, start: int, frames: int) -> None:
    """Every curve that is in use, weighted by its share in each lane."""
    value = unit.glide.value
    soft_share = value[_SOFT_SHARE]
    cubic_share = value[_CUBIC_SHARE]
    hard_share = value[_HARD_SHARE]
    fold_share = value[_FOLD_SHARE]
    skew = value[_BIAS]
    in_use = unit.in_use
    given = unit.given
    for place in range(unit.factor):
        plane = unit.oversampler.planes[place]
        for t in range(frames):
            at = np.uint64(start + t * LANES)
            for lane in range(LANES):
                given[lane] = plane[at + np.uint64(lane)]
                plane[at + np.uint64(lane)] = 0.0
            if in_use[0] != 0:
                for lane in range(LANES):
                    plane[at + np.uint64(lane)] += soft_share[lane] * soft(given[lane], skew[lane])
            if in_use[1] != 0:
                for lane in range(LANES):
                    plane[at + np.uint64(lane)] += cubic_share[lane] * cubic(given[lane])
            if in_use[2] != 0:
                for lane in range(LANES):
                    plane[at + np.uint64(lane)] += hard_share[lane] * hard(given[lane])
            if in_use[3] != 0:
                for lane in range(LANES):
                    plane[at + np.uint64(lane)] += fold_share[lane] * fold(given[lane])


@kernel
def _run(unit: Any, block: Any, first: int, last: int) -> None:
    _drive(unit, block, first, last)
    start = raise_rate(unit.oversampler, unit.factor, block, first, last)
    if unit.only >= 0:
        _bend_all(unit, start, last - first)
    else:
        _bend(unit, start, last - first)
    lower_rate(unit.oversampler, unit.factor, block, first, last)
    run_dc_blocker(unit.dc_blocker, unit.glide.value[_BLOCKED], block, first, last)
    out = unit.glide.value[_OUT]
    for t in range(first, last):
        for lane in range(LANES):
            block[t, lane] *= out[lane]


@kernel
def _note_curves_in_use(unit: Any) -> None:
    unit.only = -1
    for kind in range(_KINDS):
        value = unit.glide.value[_SOFT_SHARE + kind]
        target = unit.glide.target[_SOFT_SHARE + kind]
        unit.in_use[kind] = 0
        lanes = 0
        for lane in range(LANES):
            if value[lane] != 0.0 or target[lane] != 0.0:
                unit.in_use[kind] = 1
            if value[lane] == 1.0 and target[lane] == 1.0:
                lanes += 1
        if lanes == LANES:
            unit.only = kind


@exact_kernel
def _derive(unit: Any, params: Any, column: int, jump: bool) -> None:
    rate = unit.header.sample_rate_hz
    unit.factor = factor_at(rate)
    unit.vu_rate = VU_RATE_PER_S / rate
    tune_dc_blocker(unit.dc_blocker, rate)
    kind = round(params[_CURVE])
    for side in range(2):
        lane = column + side * STRIPS_PER_RACK
        aim(unit.glide, _INTO, lane, 10.0 ** (params[_DRIVE] / 20.0) / _CEILING)
        aim(unit.glide, _OUT, lane, 10.0 ** (params[_OUTPUT] / 20.0) * _CEILING)
        aim(unit.glide, _SOFT_SHARE, lane, 1.0 if kind in (_TANH, _ASYMMETRIC) else 0.0)
        aim(unit.glide, _CUBIC_SHARE, lane, 1.0 if kind == _CUBIC else 0.0)
        aim(unit.glide, _HARD_SHARE, lane, 1.0 if kind == _HARD else 0.0)
        aim(unit.glide, _FOLD_SHARE, lane, 1.0 if kind == _FOLD else 0.0)
        aim(unit.glide, _BIAS, lane, _SKEW if kind == _ASYMMETRIC else 0.0)
        aim(unit.glide, _BLOCKED, lane, 1.0 if kind == _ASYMMETRIC else 0.0)
        launch(unit.glide, lane, rate, jump)
    _note_curves_in_use(unit)


@kernel
def _settle(unit: Any) -> None:
    if unit.glide.moving != 0:
        settle_glide(unit.glide)
        _note_curves_in_use(unit)
    settle_dc_blocker(unit.dc_blocker)
    settle_vu(unit.vu_inner, unit.header.vu)


@kernel
def _reset(unit: Any, column: int) -> None:
    for side in range(2):
        lane = column + side * STRIPS_PER_RACK
        reset_oversampler(unit.oversampler, lane)
        reset_dc_blocker(unit.dc_blocker, lane)
        reset_vu(unit.vu_inner, unit.header.vu, lane)


entry = unit_entry(UNIT, gliding(_run), _derive, _settle, _reset)


PROCESSOR = Processor(
    "saturator", "Saturator", PARAMS, UNIT, entry, latency_frames=oversampler_latency_frames, reads_vu=True
)
