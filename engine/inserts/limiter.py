"""True-peak limiter: looks ahead, so that neither a sample nor what lies between two samples passes the ceiling.

    x = input gain * in;  p = true peak of both sides at x[n] and up to x[n+1]             (8x, `dsp.true_peak`)
    need = 1 - AIM ceiling / p where p is above the ceiling, else 0
    held = highest need of the last LENGTH + HOLD samples          (Gil and Werman: two maxima per sample)
    slow = max(held, slow - k slow),  k = 1 - exp(-1 / (release fs))
    reduction = mean of `slow` over LENGTH samples, twice over half of it (a window of trapezoid shape, sum 1)
    out = (1 - reduction) x[n - latency], never beyond the ceiling

The mean of LENGTH values that are each at least `need` of a sample is at least that (P. Hämäläinen, "Smoothing of the
control signal without clipped output in digital peak limiters", DAFx-02), and stays so for HOLD samples around it: the
gain bends as little as possible where a peak between samples is made of its neighbours. What bends is made up for by
AIM: where it limits, it goes a little lower than the ceiling. Below the ceiling nothing is touched, to the bit.

Both sides have the same gain. Release is the 63.2 % time of the linear gain. The means are sums of integers (2^-22 of
full gain, rounded towards more reduction): they neither drift nor forget. Latency: 1.5 ms and the interpolator's 32
samples. What is inside when the ceiling is moved down is held by it as by a clipper. What is not a number, or above
+160 dBFS, is replaced by silence.

Samples never pass the ceiling. Of sound up to 20 kHz, no 8x meter finds more between them. Where sound fills the band
up to half the rate no two interpolators agree, whatever the rate is: then one of 96 taps for each place between samples
finds up to 0.1 dB above the ceiling, a very long one (256 taps; signs thrown at random) up to 0.8.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.jit import exact_kernel, kernel
from engine.core.params import ParamSpec
from engine.core.record import BLOCK_FRAMES, LANES, STRIPS_PER_RACK
from engine.core.unit import Processor, unit_entry, unit_layout
from engine.dsp.decibels import decibels
from engine.dsp.glide import aim, glide_layout, gliding, launch, settle_glide
from engine.dsp.true_peak import TRUE_PEAK_DELAY_FRAMES, true_peaks

PARAMS = (
    ParamSpec("input_gain_db", "Input gain", "dB", -12.0, 36.0, 0.0, 0.5, 0.1, 3.0),
    ParamSpec("ceiling_dbtp", "Ceiling", "dBTP", -24.0, 0.0, -1.0, 0.5, 0.1, 3.0),
    ParamSpec("release_ms", "Release", "ms", 5.0, 1000.0, 100.0, 10.0, 2.0, 50.0, taper="log"),
)
_INPUT_GAIN_DB, _CEILING_DBTP, _RELEASE_MS = range(3)
_GAIN, _CEILING, _RELEASE = range(3)
"""Rows of the glide; `_RELEASE` is k."""

LOOK_AHEAD_S = 0.0015
_HOLD_FRAMES = 24
_AIM = np.float32(10.0 ** (-0.2 / 20.0))
"""Where sound reaches to half the rate, a meter of another length may find 0.3 dB more than this one's peaks."""
_MOST_LATENCY_FRAMES = 320
"""At 192 kHz."""

_ONE = np.float32(1.0)
_STEPS = np.float32(2.0**22)
"""Integer steps of the reduction: 2^22 of them, in a window of up to 2^8 samples, fit into 31 bits."""
_ROUND_UP = np.float32(0.9999)
_ABSURD = np.float32(1e8)
_OPEN = np.float32(1e-5)
"""A reduction below this (0.0001 dB) has ended."""

_ROWS = _MOST_LATENCY_FRAMES + 256
"""Lines run forward through memory and go back to the start every 256 samples: no index ever wraps around."""

UNIT = unit_layout(
    ("glide", glide_layout(3)),
    ("line", np.float32, (_ROWS, LANES)),
    ("first_line", np.int32, (_ROWS, STRIPS_PER_RACK)),
    ("second_line", np.int32, (_ROWS, STRIPS_PER_RACK)),
    ("first_sum", np.int32, (STRIPS_PER_RACK,)),
    ("second_sum", np.int32, (STRIPS_PER_RACK,)),
    ("window", np.float32, (_MOST_LATENCY_FRAMES, STRIPS_PER_RACK)),
    ("highest", np.float32, (STRIPS_PER_RACK,)),
    ("slow", np.float32, (STRIPS_PER_RACK,)),
    ("peaks", np.float32, (BLOCK_FRAMES, LANES)),
    ("reduction", np.float32, (BLOCK_FRAMES, STRIPS_PER_RACK)),
    ("used_rows", np.int64),
    ("window_place", np.int64),
)
"""Before row `latency + used_rows` of the lines lies the past; `peaks` and `reduction` are scratch."""


@kernel
def latency_frames(sample_rate_hz: float) -> int:
    """Any thread. The latency at a rate."""
    return int(LOOK_AHEAD_S * sample_rate_hz + 0.5) + TRUE_PEAK_DELAY_FRAMES


@kernel
def _length(sample_rate_hz: float) -> int:
    """The samples that are averaged, so that the held ones lie evenly around a peak."""
    return int(LOOK_AHEAD_S * sample_rate_hz + 0.5) - _HOLD_FRAMES // 2 + 1


@kernel
def _take(unit: Any, block: Any, first: int, last: int, row: int) -> None:
    gain = unit.glide.value[_GAIN]
    for t in range(first, last):
        kept = unit.line[row + t - first]
        for lane in range(LANES):
            x = gain[lane] * block[t, lane]
            kept[lane] = x if abs(x) < _ABSURD else np.float32(0.0)


@kernel
def _need(unit: Any, frames: int) -> None:
    now = unit.glide.value[_CEILING]
    soon = unit.glide.target[_CEILING]
    for t in range(frames):
        peaks = unit.peaks[t]
        need = unit.reduction[t]
        for column in range(STRIPS_PER_RACK):
            ceiling = min(now[column], soon[column])
            peak = max(peaks[column], peaks[column + STRIPS_PER_RACK])
            above = peak > ceiling
            need[column] = _ONE - _AIM * ceiling / (peak if above else _ONE) if above else np.float32(0.0)


@kernel
def _hold(unit: Any, frames: int, length: int) -> None:
    """The highest of the last `length` values: of those since the window began, and of the rest of the one before."""
    highest = unit.highest
    place = unit.window_place
    for t in range(frames):
        value = unit.reduction[t]
        now = unit.window[place]
        rest = unit.window[place + 1]
        for column in range(STRIPS_PER_RACK):
            now[column] = value[column]
            highest[column] = max(highest[column], value[column])
            value[column] = max(highest[column], rest[column])
        place += 1
        if place == length:
            for back in range(1, length):
                later = unit.window[length - back]
                now = unit.window[length - back - 1]
                for column in range(STRIPS_PER_RACK):
                    now[column] = max(now[column], later[column])
            for column in range(STRIPS_PER_RACK):
                highest[column] = np.float32(0.0)
            place = 0
    unit.window_place = place


@kernel
def _release(unit: Any, frames: int) -> None:
    slow = unit.slow
    rate = unit.glide.value[_RELEASE]
    for t in range(frames):
        held = unit.reduction[t]
        for column in range(STRIPS_PER_RACK):
            slow[column] = max(held[column], slow[column] - rate[column] * slow[column])
            held[column] = slow[column]


@kernel
def _average(reduction: Any, line: Any, sums: Any, frames: int, row: int, length: int) -> None:
    """The mean over `length` rows, of whole steps, in place."""
    share = _ONE / (np.float32(length) * _STEPS)
    for t in range(frames):
        value = reduction[t]
        now = line[row + t]
        past = line[row + t - length]
        for column in range(STRIPS_PER_RACK):
            now[column] = np.int32(value[column] * _STEPS + _ROUND_UP)
        for column in range(STRIPS_PER_RACK):
            sums[column] += now[column] - past[column]
            value[column] = np.float32(sums[column]) * share


@kernel
def _give(unit: Any, block: Any, first: int, last: int, row: int) -> None:
    ceiling = unit.glide.value[_CEILING]
    for t in range(first, last):
        delayed = unit.line[row + t - first]
        reduction = unit.reduction[t - first]
        for column in range(STRIPS_PER_RACK):
            gain = _ONE - reduction[column]
            limit = ceiling[column]
            block[t, column] = min(max(delayed[column] * gain, -limit), limit)
        for column in range(STRIPS_PER_RACK):
            gain = _ONE - reduction[column]
            limit = ceiling[column]
            right = column + STRIPS_PER_RACK
            block[t, right] = min(max(delayed[right] * gain, -limit), limit)


@kernel
def _read(unit: Any, reduction: Any) -> None:
    reading = unit.header.reduction_db
    for column in range(STRIPS_PER_RACK):
        reading[column] = decibels(_ONE - reduction[column])
    for column in range(STRIPS_PER_RACK):
        reading[column + STRIPS_PER_RACK] = reading[column]


@kernel
def _rewind(unit: Any, latency: int) -> None:
    used = unit.used_rows
    for row in range(latency):
        for lane in range(LANES):
            unit.line[row, lane] = unit.line[used + row, lane]
        for column in range(STRIPS_PER_RACK):
            unit.first_line[row, column] = unit.first_line[used + row, column]
            unit.second_line[row, column] = unit.second_line[used + row, column]
    unit.used_rows = 0


@kernel
def _run(unit: Any, block: Any, first: int, last: int) -> None:
    rate = unit.header.sample_rate_hz
    frames = last - first
    latency = latency_frames(rate)
    length = _length(rate)
    if latency + unit.used_rows + frames > _ROWS:
        _rewind(unit, latency)
    row = latency + unit.used_rows
    _take(unit, block, first, last, row)
    true_peaks(unit.line, row + frames, unit.peaks, frames)
    _need(unit, frames)
    _hold(unit, frames, length + _HOLD_FRAMES)
    _release(unit, frames)
    _average(unit.reduction, unit.first_line, unit.first_sum, frames, row, (length + 1) // 2)
    _average(unit.reduction, unit.second_line, unit.second_sum, frames, row, length + 1 - (length + 1) // 2)
    _give(unit, block, first, last, row - latency)
    _read(unit, unit.reduction[frames - 1])
    unit.used_rows += frames


@exact_kernel
def _derive(unit: Any, params: Any, column: int, jump: bool) -> None:
    rate = unit.header.sample_rate_hz
    ceiling = 10.0 ** (params[_CEILING_DBTP] / 20.0)
    if np.float32(ceiling) > ceiling:
        ceiling *= 1.0 - 2.0**-23
    for side in range(2):
        lane = column + side * STRIPS_PER_RACK
        aim(unit.glide, _GAIN, lane, 10.0 ** (params[_INPUT_GAIN_DB] / 20.0))
        aim(unit.glide, _CEILING, lane, ceiling)
        aim(unit.glide, _RELEASE, lane, -math.expm1(-1000.0 / (params[_RELEASE_MS] * rate)))
        launch(unit.glide, lane, rate, jump)


@kernel
def _settle(unit: Any) -> None:
    settle_glide(unit.glide)
    for column in range(STRIPS_PER_RACK):
        if unit.slow[column] < _OPEN:
            unit.slow[column] = 0.0


@kernel
def _reset(unit: Any, column: int) -> None:
    for row in range(_ROWS):
        unit.line[row, column] = 0.0
        unit.line[row, column + STRIPS_PER_RACK] = 0.0
        unit.first_line[row, column] = 0
        unit.second_line[row, column] = 0
    for row in range(_MOST_LATENCY_FRAMES):
        unit.window[row, column] = 0.0
    unit.first_sum[column] = 0
    unit.second_sum[column] = 0
    unit.highest[column] = 0.0
    unit.slow[column] = 0.0


entry = unit_entry(UNIT, gliding(_run), _derive, _settle, _reset)


PROCESSOR = Processor(
    "limiter", "Limiter", PARAMS, UNIT, entry, latency_frames, reads_reduction=True, takes_any_level=True
)
