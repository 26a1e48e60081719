"""Console: the gentle colour of a channel amplifier, or of a mix bus, which grows with the level.

    drive -> VU -> low emphasis -> [up] -> y = C u / (1 + s u), u = tanh(x / C) -> [down] -> its inverse
          -> high roll-off -> DC blocker

The biased stage (skew s) gives even harmonics in proportion to the level and odd ones with its square. The emphasis of
the lows before the curve, taken back after it, is the transformer: its core is filled by low frequencies first, so they
are bent earlier, and quiet sound is not changed by it.

| character | ceiling C | skew s | transformer (low shelf) | roll-off (high shelf)  |
|-----------|-----------|--------|-------------------------|------------------------|
| channel   | 0 dBFS    | 0.06   | 6 dB below 60 Hz        | -0.5 dB above 15 kHz   |
| bus       | -3 dBFS   | 0.02   | 3 dB below 40 Hz        | -0.3 dB above 15 kHz   |

At 0 dB drive a 1 kHz sine of -18 dBFS keeps its level within 0.1 dB. The characters are chosen for what such amplifiers
have in common, not measured of one; strips do not leak into each other.

THD in percent at 1 kHz, 0 dB drive, by the input level in dBFS (12 dB more trim or drive, from -18 to -6: 6 times in a
channel, 12 times in a bus); at 40 Hz and -18 dBFS 1.2 and 0.50:

|         | -30   | -24   | -18   | -12   | -6   | 0    |
|---------|-------|-------|-------|-------|------|------|
| channel | 0.095 | 0.192 | 0.397 | 0.895 | 2.38 | 6.99 |
| bus     | 0.048 | 0.111 | 0.315 | 1.07  | 3.76 | 11.3 |

Harmonics to alias at 44.1 kHz, channel: more than 120 dB at 0 dB drive, up to a sine of 0 dBFS.

Latency: that of the oversampler, 64 frames below 64 kHz, 59 above.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.jit import exact_kernel, kernel
from engine.core.params import ParamSpec, choice
from engine.core.record import LANES, STRIPS_PER_RACK
from engine.core.unit import Processor, unit_entry, unit_layout
from engine.dsp.curves import soft
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
from engine.dsp.svf import SVF_ROWS, SVF_STATE, aim_svf, reset_svf, run_svf, settle_svf
from engine.dsp.vu import VU_RATE_PER_S, reset_vu, settle_vu, vu_step

CHARACTERS = ("channel", "bus")

PARAMS = (
    choice("character", "Character", CHARACTERS, "channel"),
    ParamSpec("drive_db", "Drive", "dB", -12.0, 24.0, 0.0, 0.5, 0.1, 6.0),
)
_CHARACTER, _DRIVE = range(2)

CEILING_DBFS = (0.0, -3.0)
_SKEW = (0.06, 0.02)
_LOW_DB = (6.0, 3.0)
_LOW_HZ = (60.0, 40.0)
_HIGH_DB = (-0.5, -0.3)
_HIGH_HZ = 15000.0
_SHELF_Q = math.sqrt(0.5)

_DRIVEN, _INTO, _SKEWED, _BLOCKED, _PRE = range(5)
_POST = _PRE + SVF_ROWS
_HIGH = _POST + SVF_ROWS
"""Rows of the glide: drive, one over the ceiling, skew, share of the DC blocker, three filters (the ceiling itself is
in the second one's gain)."""

UNIT = unit_layout(
    ("glide", glide_layout(_HIGH + SVF_ROWS)),
    ("oversampler", OVERSAMPLER),
    ("pre", SVF_STATE),
    ("post", SVF_STATE),
    ("high", SVF_STATE),
    ("dc_blocker", DC_BLOCKER),
    ("vu_inner", np.float32, (LANES,)),
    ("vu_rate", np.float32),
    ("factor", np.int64),
)


def curve(params: Sequence[float], x: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """What a (linear) value in the middle of the spectrum becomes, for drawing; parameters in the order of `PARAMS`."""
    character = round(params[_CHARACTER])
    ceiling = 10.0 ** (CEILING_DBFS[character] / 20.0)
    bent = np.tanh(np.asarray(x, np.float64) * 10.0 ** (params[_DRIVE] / 20.0) / ceiling)
    return np.asarray(ceiling * bent / (1.0 + _SKEW[character] * bent), np.float64)


@kernel
def _drive(unit: Any, block: Any, first: int, last: int) -> None:
    driven = unit.glide.value[_DRIVEN]
    into = unit.glide.value[_INTO]
    inner = unit.vu_inner
    reading = unit.header.vu
    rate = unit.vu_rate
    for t in range(first, last):
        for lane in range(LANES):
            x = driven[lane] * block[t, lane]
            inner[lane], reading[lane] = vu_step(inner[lane], reading[lane], abs(x), rate)
            block[t, lane] = into[lane] * x


@kernel
def _bend(unit: Any, start: int, frames: int) -> None:
    skew = unit.glide.value[_SKEWED]
    for place in range(unit.factor):
        plane = unit.oversampler.planes[place]
        for t in range(frames):
            at = np.uint64(start + t * LANES)
            for lane in range(LANES):
                plane[at + np.uint64(lane)] = soft(plane[at + np.uint64(lane)], skew[lane])


@kernel
def _run(unit: Any, block: Any, first: int, last: int) -> None:
    value = unit.glide.value
    _drive(unit, block, first, last)
    run_svf(value, _PRE, unit.pre, block, first, last)
    start = raise_rate(unit.oversampler, unit.factor, block, first, last)
    _bend(unit, start, last - first)
    lower_rate(unit.oversampler, unit.factor, block, first, last)
    run_svf(value, _POST, unit.post, block, first, last)
    run_svf(value, _HIGH, unit.high, block, first, last)
    run_dc_blocker(unit.dc_blocker, value[_BLOCKED], block, first, last)


@exact_kernel
def _aim_low_shelf(
    glide: Any, row: int, lane: int, frequency_hz: float, gain_db: float, rate: float, out: float
) -> None:
    amplitude = 10.0 ** (gain_db / 40.0)
    k = 1.0 / _SHELF_Q
    g = math.tan(math.pi * frequency_hz / rate) / math.sqrt(amplitude)
    aim_svf(glide, row, lane, g, k, out, out * k * (amplitude - 1.0), out * (amplitude * amplitude - 1.0))


@exact_kernel
def _derive(unit: Any, params: Any, column: int, jump: bool) -> None:
    rate = unit.header.sample_rate_hz
    glide = unit.glide
    unit.factor = factor_at(rate)
    unit.vu_rate = VU_RATE_PER_S / rate
    tune_dc_blocker(unit.dc_blocker, rate)
    character = round(params[_CHARACTER])
    ceiling = 10.0 ** (CEILING_DBFS[character] / 20.0)
    amplitude = 10.0 ** (_HIGH_DB[character] / 40.0)
    square = amplitude * amplitude
    k = 1.0 / _SHELF_Q
    g = math.tan(math.pi * _HIGH_HZ / rate) * math.sqrt(amplitude)
    for side in range(2):
        lane = column + side * STRIPS_PER_RACK
        aim(glide, _DRIVEN, lane, 10.0 ** (params[_DRIVE] / 20.0))
        aim(glide, _INTO, lane, 1.0 / ceiling)
        aim(glide, _SKEWED, lane, _SKEW[character])
        aim(glide, _BLOCKED, lane, 1.0)
        _aim_low_shelf(glide, _PRE, lane, _LOW_HZ[character], _LOW_DB[character], rate, 1.0)
        _aim_low_shelf(glide, _POST, lane, _LOW_HZ[character], -_LOW_DB[character], rate, ceiling)
        aim_svf(glide, _HIGH, lane, g, k, square, k * (1.0 - amplitude) * amplitude, 1.0 - square)
        launch(glide, lane, rate, jump)


@kernel
def _settle(unit: Any) -> None:
    settle_glide(unit.glide)
    settle_svf(unit.pre)
    settle_svf(unit.post)
    settle_svf(unit.high)
    settle_dc_blocker(unit.dc_blocker)
    settle_vu(unit.vu_inner, unit.header.vu)


@kernel
def _reset(unit: Any, column: int) -> None:
    for side in range(2):
        lane = column + side * STRIPS_PER_RACK
        reset_oversampler(unit.oversampler, lane)
        reset_svf(unit.pre, lane)
        reset_svf(unit.post, lane)
        reset_svf(unit.high, lane)
        reset_dc_blocker(unit.dc_blocker, lane)
        reset_vu(unit.vu_inner, unit.header.vu, lane)


entry = unit_entry(UNIT, gliding(_run), _derive, _settle, _reset)


PROCESSOR = Processor(
    "console", "Console", PARAMS, UNIT, entry, latency_frames=oversampler_latency_frames, reads_vu=True
)
