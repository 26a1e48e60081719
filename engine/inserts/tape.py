"""Tape: saturation with a memory, more of it for high frequencies, the bump of the head, and a speed that wavers.

    drive -> VU -> record emphasis -> [up] -> magnetisation -> [down] -> its inverse -> head bump -> gap loss
          -> DC blocker -> delay (wow, flutter)

Calibrated: at 0 dB drive a sine of -18 dBFS reads 0 VU. A quiet sound keeps its level at 0 dB drive.

Magnetisation, on v = x / C (C = -5 dBFS), per sample of 4 times the rate:

    h = (h + dv) / (1 + |dv| / W)          what follows the field with friction, held within W
    y = C tanh(v + m (v - h))              m = 0.15, W = 1

The first line is the implicit step of P. R. Dahl's model of friction (1968), `dh/dv = 1 - (h / W) sign(dv)`: a force h
that leads v. Its mirror image lags: v + m (v - h) is, for small loops, Rayleigh's law of magnetisation, a loop whose
width and slope grow with its height. |h| never exceeds W once within it, whatever comes in; there is no iteration. When
the sound stops a remanence stays, which the DC blocker takes away. Not a solution of Jiles and Atherton's equations; no
bias current, no print-through, no noise.

| speed   | emphasis (high shelf) | head bump         | gap loss (one pole), -3 dB at |
|---------|-----------------------|-------------------|-------------------------------|
| 7.5 ips | +9 dB around 3 kHz    | +3 dB at 30 Hz    | 12 kHz                        |
| 15 ips  | +6 dB around 5 kHz    | +2 dB at 60 Hz    | 17 kHz                        |
| 30 ips  | +4 dB around 9 kHz    | +1.5 dB at 120 Hz | 20 kHz                        |

Emphasis before and after cancel exactly for a quiet sound; of a loud one highs are bent first, as on tape. The numbers
are those machines usually have (the bump goes with the speed), not the measurement of one.

THD in percent at 1 kHz, 0 dB drive, by the input level in dBFS; at 9 VU (-9 dBFS) 3 %, at 15 ips. 12 dB more trim or
drive, from -18 to -6: 11.7 times.

|         | -30   | -24   | -18   | -12  | -6   | 0    |
|---------|-------|-------|-------|------|------|------|
| 7.5 ips | 0.057 | 0.138 | 0.415 | 1.44 | 4.84 | 12.3 |
| 15 ips  | 0.068 | 0.163 | 0.476 | 1.64 | 5.59 | 14.9 |
| 30 ips  | 0.075 | 0.179 | 0.519 | 1.78 | 6.09 | 16.5 |

A 10 kHz sine comes out 0.2 dB lower at -18 dBFS than a quiet one, 1.0 at -12 and 3.5 at -6 (15 ips; 1 kHz: 0.1, 0.3,
1.3). Harmonics to alias at 44.1 kHz, 20 Hz to 20 kHz: 1.245 kHz 107 dB at -18 dBFS and 106 at 0 dBFS, 5 kHz 74 and 85.

Wow is 1 Hz, flutter 9 Hz, each a sine that starts with the strip; the depth is the peak deviation of the speed. The
delay around which they move is always there: latency is the oversampler's and 2 ms. At depth 0 it copies samples; else
third-order Lagrange interpolation, up to 0.5 dB down at 10 kHz and 2.5 dB at 15 kHz (48 kHz) between samples. A change
of the depth takes 20 ms, and is heard as a short bend.
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
from engine.dsp.wavering_delay import (
    FLUTTER_HZ,
    WAVERING_DELAY,
    WOW_HZ,
    delay_exactly,
    delay_wavering,
    reset_wavering_delay,
    tune_wavering_delay,
)

SPEEDS = ("7.5 ips", "15 ips", "30 ips")

PARAMS = (
    ParamSpec("drive_db", "Drive", "dB", -12.0, 24.0, 0.0, 0.5, 0.1, 6.0),
    choice("speed", "Speed", SPEEDS, "15 ips"),
    ParamSpec("wow_percent", "Wow", "%", 0.0, 1.0, 0.0, 0.05, 0.01, 0.2),
    ParamSpec("flutter_percent", "Flutter", "%", 0.0, 1.0, 0.0, 0.05, 0.01, 0.2),
)
_DRIVE, _SPEED, _WOW, _FLUTTER = range(4)

EMPHASIS_DB = (9.0, 6.0, 4.0)
EMPHASIS_HZ = (3000.0, 5000.0, 9000.0)
BUMP_DB = (3.0, 2.0, 1.5)
BUMP_HZ = (30.0, 60.0, 120.0)
LOSS_HZ = (12000.0, 17000.0, 20000.0)
_EMPHASIS_Q = 0.5
_BUMP_Q = 1.0

CEILING_DBFS = -5.0
_CEILING = 10.0 ** (CEILING_DBFS / 20.0)
_MEMORY = 0.15
_WIDTH = 1.0
"""Of the magnetisation: the level where it saturates, the share and the bound of what has friction."""

_NOMINAL_S = 0.002
"""Delay around which wow and flutter move: more than their depths at most (1.59 and 0.18 ms) and two samples."""

_DRIVEN = 0
_PRE = 1
_POST = _PRE + SVF_ROWS
_BUMP = _POST + SVF_ROWS
_LOSS = _BUMP + SVF_ROWS
_WOW_FRAMES = _LOSS + 1
_FLUTTER_FRAMES = _WOW_FRAMES + 1
_SHARE_BLOCKED = _FLUTTER_FRAMES + 1
"""Rows of the glide: the gain into the tape, filters, how far wow and flutter move the delay, the DC blocker."""

UNIT = unit_layout(
    ("glide", glide_layout(_SHARE_BLOCKED + 1)),
    ("oversampler", OVERSAMPLER),
    ("pre", SVF_STATE),
    ("post", SVF_STATE),
    ("bump", SVF_STATE),
    ("loss", np.float32, (LANES,)),
    ("dc_blocker", DC_BLOCKER),
    ("vu_inner", np.float32, (LANES,)),
    ("vu_rate", np.float32),
    ("factor", np.int64),
    ("field", np.float32, (LANES,)),
    ("following", np.float32, (LANES,)),
    ("wavers", np.int64),
    ("delay", WAVERING_DELAY),
)
"""`field` is v of the last sample, `following` is h; `wavers`: whether any lane has wow or flutter."""


def curve(params: Sequence[float], x: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """What a (linear) value in the middle of the spectrum becomes, for drawing; parameters in the order of `PARAMS`.

    The initial curve of the magnetisation: from rest, h = W (1 - exp(-v / W)) towards either side.
    """
    v = np.asarray(x, np.float64) * 10.0 ** (params[_DRIVE] / 20.0) / _CEILING
    h = _WIDTH * np.sign(v) * -np.expm1(-np.abs(v) / _WIDTH)
    return np.asarray(_CEILING * np.tanh(v + _MEMORY * (v - h)), np.float64)


@kernel
def _nominal_frames(sample_rate_hz: float) -> int:
    return round(_NOMINAL_S * sample_rate_hz)


def latency_frames(sample_rate_hz: int) -> int:
    """Frames by which the tape is late."""
    return oversampler_latency_frames(sample_rate_hz) + _nominal_frames(sample_rate_hz)


@kernel
def _drive(unit: Any, block: Any, first: int, last: int) -> None:
    driven = unit.glide.value[_DRIVEN]
    inner = unit.vu_inner
    reading = unit.header.vu
    rate = unit.vu_rate
    into = np.float32(1.0 / _CEILING)
    for t in range(first, last):
        for lane in range(LANES):
            x = driven[lane] * block[t, lane]
            inner[lane], reading[lane] = vu_step(inner[lane], reading[lane], abs(x), rate)
            block[t, lane] = into * x


@kernel
def _magnetise(unit: Any, start: int, frames: int) -> None:
    planes = unit.oversampler.planes
    field = unit.field
    following = unit.following
    memory = np.float32(_MEMORY)
    friction = np.float32(1.0 / _WIDTH)
    one = np.float32(1.0)
    for t in range(frames):
        at = np.uint64(start + t * LANES)
        for place in range(unit.factor):
            plane = planes[place]
            for lane in range(LANES):
                v = plane[at + np.uint64(lane)]
                change = v - field[lane]
                h = (following[lane] + change) / (one + friction * abs(change))
                field[lane] = v
                following[lane] = h
                plane[at + np.uint64(lane)] = soft(v + memory * (v - h), np.float32(0.0))


@kernel
def _lose(unit: Any, block: Any, first: int, last: int) -> None:
    """A one-pole low-pass (trapezoidal)."""
    share = unit.glide.value[_LOSS]
    state = unit.loss
    for t in range(first, last):
        for lane in range(LANES):
            change = share[lane] * (block[t, lane] - state[lane])
            y = state[lane] + change
            state[lane] = y + change
            block[t, lane] = y


@kernel
def _run(unit: Any, block: Any, first: int, last: int) -> None:
    value = unit.glide.value
    _drive(unit, block, first, last)
    run_svf(value, _PRE, unit.pre, block, first, last)
    start = raise_rate(unit.oversampler, unit.factor, block, first, last)
    _magnetise(unit, start, last - first)
    lower_rate(unit.oversampler, unit.factor, block, first, last)
    run_svf(value, _POST, unit.post, block, first, last)
    run_svf(value, _BUMP, unit.bump, block, first, last)
    _lose(unit, block, first, last)
    run_dc_blocker(unit.dc_blocker, value[_SHARE_BLOCKED], block, first, last)
    if unit.wavers != 0:
        delay_wavering(unit.delay, value[_WOW_FRAMES], value[_FLUTTER_FRAMES], block, first, last)
    else:
        delay_exactly(unit.delay, block, first, last)


@kernel
def _note_wavering(unit: Any) -> None:
    value = unit.glide.value
    target = unit.glide.target
    unit.wavers = 0
    for row in range(_WOW_FRAMES, _FLUTTER_FRAMES + 1):
        for lane in range(LANES):
            if value[row, lane] != 0.0 or target[row, lane] != 0.0:
                unit.wavers = 1


@exact_kernel
def _aim_emphasis(
    glide: Any, row: int, lane: int, frequency_hz: float, gain_db: float, rate: float, out: float
) -> None:
    amplitude = 10.0 ** (gain_db / 40.0)
    k = 1.0 / _EMPHASIS_Q
    g = math.tan(math.pi * frequency_hz / rate) * math.sqrt(amplitude)
    square = amplitude * amplitude
    aim_svf(glide, row, lane, g, k, out * square, out * k * (1.0 - amplitude) * amplitude, out * (1.0 - square))


@exact_kernel
def _derive(unit: Any, params: Any, column: int, jump: bool) -> None:
    rate = unit.header.sample_rate_hz
    glide = unit.glide
    unit.factor = factor_at(rate)
    unit.vu_rate = VU_RATE_PER_S / rate
    # Above 64 kHz the gap loss itself is about one frame late (15 ips: 0.8 at 96 kHz, 1.7 at 192 kHz).
    tune_wavering_delay(unit.delay, _nominal_frames(rate) - (1 if unit.factor == 2 else 0), rate)
    tune_dc_blocker(unit.dc_blocker, rate)
    speed = round(params[_SPEED])
    bump = 10.0 ** (BUMP_DB[speed] / 40.0)
    bump_k = 1.0 / (_BUMP_Q * bump)
    # A sine of p percent at f moves the delay by p / 100 / (2 pi f).
    frames_per_percent = rate / 100.0 / (2.0 * math.pi)
    for side in range(2):
        lane = column + side * STRIPS_PER_RACK
        aim(glide, _DRIVEN, lane, 10.0 ** (params[_DRIVE] / 20.0))
        _aim_emphasis(glide, _PRE, lane, EMPHASIS_HZ[speed], EMPHASIS_DB[speed], rate, 1.0)
        _aim_emphasis(glide, _POST, lane, EMPHASIS_HZ[speed], -EMPHASIS_DB[speed], rate, _CEILING)
        g = math.tan(math.pi * BUMP_HZ[speed] / rate)
        aim_svf(glide, _BUMP, lane, g, bump_k, 1.0, bump_k * (bump * bump - 1.0), 0.0)
        g = math.tan(math.pi * LOSS_HZ[speed] / rate)
        aim(glide, _LOSS, lane, g / (1.0 + g))
        aim(glide, _WOW_FRAMES, lane, params[_WOW] * frames_per_percent / WOW_HZ)
        aim(glide, _FLUTTER_FRAMES, lane, params[_FLUTTER] * frames_per_percent / FLUTTER_HZ)
        aim(glide, _SHARE_BLOCKED, lane, 1.0)
        launch(glide, lane, rate, jump)
    _note_wavering(unit)


@kernel
def _settle(unit: Any) -> None:
    if unit.glide.moving != 0:
        settle_glide(unit.glide)
        _note_wavering(unit)
    settle_svf(unit.pre)
    settle_svf(unit.post)
    settle_svf(unit.bump)
    settle_dc_blocker(unit.dc_blocker)
    settle_vu(unit.vu_inner, unit.header.vu)
    for lane in range(LANES):
        if not (abs(unit.field[lane]) < np.float32(1e8)) or not (abs(unit.following[lane]) < np.float32(1e8)):
            unit.field[lane] = 0.0
            unit.following[lane] = 0.0
        if not (np.float32(1e-20) < abs(unit.loss[lane]) < np.float32(1e8)):
            unit.loss[lane] = 0.0


@kernel
def _reset(unit: Any, column: int) -> None:
    for side in range(2):
        lane = column + side * STRIPS_PER_RACK
        reset_oversampler(unit.oversampler, lane)
        reset_svf(unit.pre, lane)
        reset_svf(unit.post, lane)
        reset_svf(unit.bump, lane)
        unit.loss[lane] = 0.0
        reset_dc_blocker(unit.dc_blocker, lane)
        reset_vu(unit.vu_inner, unit.header.vu, lane)
        unit.field[lane] = 0.0
        unit.following[lane] = 0.0
        reset_wavering_delay(unit.delay, lane)


entry = unit_entry(UNIT, gliding(_run), _derive, _settle, _reset)


PROCESSOR = Processor("tape", "Tape", PARAMS, UNIT, entry, latency_frames=latency_frames, reads_vu=True)
