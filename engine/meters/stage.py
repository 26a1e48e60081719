"""What is measured of every lane at one stage, on the audio thread.

All ballistics run all the time, so switching a meter never loses history. Every recursion is per sample and per lane,
so a reading does not depend on how the device cuts its blocks. Of each maximum there is the highest since the reader
last took it (numbered hand-overs), so none is lost at any frame rate.

* peak: instant rise, fall of 20 dB in 1.7 s (IEC 60268-18)
* true peak: the same, of four times the rate (ITU-R BS.1770-5, `meters.true_peak`)
* VU: 99 % in 300 ms, a sine reads its peak level (IEC 60268-17, `dsp.vu`)
* PPM type I (DIN, Nordic) and II (BBC, EBU): two branches each, charged and let go; fall of 20 dB in 1.7 s and of 24 dB
  in 2.8 s (IEC 60268-10, metering.md section 4)
* K-System: two one-poles on the mean squares of 10 ms, 99 % of the amplitude in 600 ms (B. Katz)
* squares and K-weighted squares (BS.1770): totals, one row every 10 ms, so windows of any length are the difference of
  two rows
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.core.jit import kernel
from engine.core.lane_loop import lane_loop
from engine.core.pointers import address_of
from engine.core.record import LANES, record
from engine.dsp.vu import VU_INPUT, VU_RATE_PER_S
from engine.meters.k_weighting import k_weighting, state_variables
from engine.meters.true_peak import TRUE_PEAK, TRUE_PEAK_LINE, clear_true_peak, measure_true_peak

TICKS_PER_SECOND = 100
"""Every 10 ms of samples ends a block, at any device block size."""

ROWS = 512
"""Ticks kept; a power of two above the 300 of short-term loudness, with room for a reader that is late."""

PEAK_FALL_DB_PER_S = 20.0 / 1.7

PPM_1_GAIN, PPM_2_GAIN = 0.5108, 0.5141
"""What the sum of both branches is multiplied by: a steady sine reads its peak level."""
_PPM_1_RATES, _PPM_2_RATES = (450.0, 1300.0), (200.0, 860.0)
_PPM_1_FALL_DB_PER_S, _PPM_2_FALL_DB_PER_S = 20.0 / 1.7, 24.0 / 2.8
"""metering.md section 4."""

_K_SYSTEM_RATE_PER_S = 9.73299
"""99 % of the final amplitude in 600 ms."""

_QUIET = np.float32(1e-20)
_ABSURD = np.float32(1e6)
"""+120 dBFS: what lies above is a broken file, and would keep a falling meter busy for minutes."""

_STATES = (
    *("peak", "held", "square_sum", "vu_input", "vu"),
    *("ppm_1_slow", "ppm_1_fast", "ppm_2_slow", "ppm_2_fast", "ppm_1_held", "ppm_2_held"),
    *("k_shelf_1", "k_shelf_2", "k_pass_1", "k_pass_2", "k_square_sum"),
)
"""What a sample moves, in the order of the record."""

_HANDED = ("handed", "ppm_1_handed", "ppm_2_handed")

STAGE_METERS = record(
    [
        *((name, np.float32, (LANES,)) for name in _STATES),
        *((name, np.float32, (LANES,)) for name in _HANDED),
        ("true_peak", TRUE_PEAK),
        ("k_slow", np.float64, (LANES,)),
        ("k_mean", np.float64, (LANES,)),
        ("total", np.float64, (LANES,)),
        ("k_total", np.float64, (LANES,)),
        ("born", np.int64, (LANES,)),
        ("energy", np.float64, (ROWS, LANES)),
        ("k_energy", np.float64, (ROWS, LANES)),
    ]
)
"""Linear values of each lane, all written by the audio thread. Rows of `energy` and `k_energy` are totals of squares at
the end of a tick; those before the tick that a lane was `born` in are somebody else's."""

BALLISTICS = record(
    [
        ("per_sample", np.float32, (20,)),
        ("k_system_decay", np.float64),
        ("k_system_coupling", np.float64),
        ("tick_frames", np.float64),
        ("line", TRUE_PEAK_LINE),
    ]
)
"""Coefficients at the engine's rate: `per_sample` are falls of peak, PPM I and II, rates of VU and the PPMs (four),
and both K-weighting filters; those of the K-System are per tick. `line` is scratch."""


def set_ballistics(ballistics: Any, sample_rate_hz: int) -> None:
    """Fills the coefficients for a rate, before the audio thread runs."""
    falls = (PEAK_FALL_DB_PER_S, _PPM_1_FALL_DB_PER_S, _PPM_2_FALL_DB_PER_S)
    weighting = k_weighting(sample_rate_hz)
    ballistics.per_sample[:] = [
        *(10.0 ** (-db_per_s / (20.0 * sample_rate_hz)) for db_per_s in falls),
        *(rate / sample_rate_hz for rate in (VU_RATE_PER_S, *_PPM_1_RATES, *_PPM_2_RATES)),
        *state_variables(weighting.shelf),
        *state_variables(weighting.high_pass),
    ]
    turns = _K_SYSTEM_RATE_PER_S / TICKS_PER_SECOND
    ballistics.k_system_decay = math.exp(-turns)
    ballistics.k_system_coupling = turns * math.exp(-turns)
    ballistics.tick_frames = sample_rate_hz // TICKS_PER_SECOND


def _charged(ops: Any, state: Any, fall: Any, rate: Any, magnitude: Any) -> Any:
    """A branch of a PPM: falls, and is charged by what is above it."""
    fallen = state * fall
    return ops.fused(rate, ops.larger(magnitude - fallen, ops.constant(0.0)), fallen)


def _filtered(ops: Any, x: Any, ic1: Any, ic2: Any, filter_: Sequence[Any]) -> tuple[Any, Any, Any]:
    """State variables: the output, and both states after it."""
    a1, a2, a3, m0, m1, m2 = filter_
    v3 = x - ic2
    v1 = ops.fused(a1, ic1, a2 * v3)
    v2 = ops.fused(a2, ic1, ops.fused(a3, v3, ic2))
    return ops.fused(m1, v1, ops.fused(m2, v2, m0 * x)), v1 + v1 - ic1, v2 + v2 - ic2


def _step(ops: Any, x: Any, states: Sequence[Any], coefficients: Sequence[Any]) -> Sequence[Any]:
    peak, held, square_sum, vu_input, vu, *ppm = states[:11]
    ppm_1_slow, ppm_1_fast, ppm_2_slow, ppm_2_fast, ppm_1_held, ppm_2_held = ppm
    shelf_1, shelf_2, pass_1, pass_2, k_square_sum = states[11:]
    peak_fall, ppm_1_fall, ppm_2_fall, vu_rate, slow_1, fast_1, slow_2, fast_2 = coefficients[:8]
    magnitude = ops.magnitude(x)
    drive = ops.constant(VU_INPUT) * magnitude - ops.constant(0.5) * vu
    vu_input = ops.fused(vu_rate, drive - vu_input, vu_input)
    ppm_1_slow = _charged(ops, ppm_1_slow, ppm_1_fall, slow_1, magnitude)
    ppm_1_fast = _charged(ops, ppm_1_fast, ppm_1_fall, fast_1, magnitude)
    ppm_2_slow = _charged(ops, ppm_2_slow, ppm_2_fall, slow_2, magnitude)
    ppm_2_fast = _charged(ops, ppm_2_fast, ppm_2_fall, fast_2, magnitude)
    y, shelf_1, shelf_2 = _filtered(ops, x, shelf_1, shelf_2, coefficients[8:14])
    y, pass_1, pass_2 = _filtered(ops, y, pass_1, pass_2, coefficients[14:])
    levels = (
        ops.larger(magnitude, peak * peak_fall),
        ops.larger(magnitude, held),
        ops.fused(magnitude, magnitude, square_sum),
        vu_input,
        ops.fused(vu_rate, vu_input - vu, vu),
    )
    programme = (ppm_1_slow, ppm_1_fast, ppm_2_slow, ppm_2_fast)
    highest = (ops.larger(ppm_1_slow + ppm_1_fast, ppm_1_held), ops.larger(ppm_2_slow + ppm_2_fast, ppm_2_held))
    return (*levels, *programme, *highest, shelf_1, shelf_2, pass_1, pass_2, ops.fused(y, y, k_square_sum))


_measure_levels = lane_loop(_step, len(_STATES), 20)


@kernel
def measure(stage: Any, ballistics: Any, block: Any, frames: int, columns: int) -> None:
    """Audio thread. Takes `frames` rows of a block (frames, LANES) into the statistics of the first strips."""
    _measure_levels(address_of(block), address_of(stage.peak), address_of(ballistics.per_sample), frames, columns)
    measure_true_peak(stage.true_peak, ballistics.line, ballistics.per_sample, block, frames, columns)


@kernel
def _file(total: Any, rows: Any, row: int, square_sum: Any) -> None:
    for lane in range(LANES):
        energy = square_sum[lane]
        total[lane] += energy if energy < _ABSURD else 0.0
        rows[row, lane] = total[lane]
        square_sum[lane] = 0.0


@kernel
def end_tick(stage: Any, ballistics: Any, row: int) -> None:
    """Audio thread. Files what the 10 ms that just ended have brought; drops what is inaudible or not finite."""
    decay = ballistics.k_system_decay
    coupling = ballistics.k_system_coupling
    for lane in range(LANES):
        square = stage.square_sum[lane]
        mean = square / ballistics.tick_frames if square < _ABSURD else 0.0
        ahead = stage.k_slow[lane] - mean
        stage.k_slow[lane] = mean + decay * ahead
        stage.k_mean[lane] = mean + decay * (stage.k_mean[lane] - mean) + coupling * ahead
    _file(stage.total, stage.energy, row, stage.square_sum)
    _file(stage.k_total, stage.k_energy, row, stage.k_square_sum)
    for lane in range(LANES):
        if not (_QUIET < stage.peak[lane] < _ABSURD):
            stage.peak[lane] = 0.0
        if not (_QUIET < stage.true_peak.peak[lane] < _ABSURD):
            stage.true_peak.peak[lane] = 0.0
        if not (_QUIET < max(abs(stage.vu[lane]), abs(stage.vu_input[lane])) < _ABSURD):
            stage.vu[lane] = 0.0
            stage.vu_input[lane] = 0.0
        programme = stage.ppm_1_slow[lane] + stage.ppm_1_fast[lane] + stage.ppm_2_slow[lane] + stage.ppm_2_fast[lane]
        if not (_QUIET < programme < _ABSURD):
            _clear_programme(stage, lane)
        filtered = abs(stage.k_shelf_1[lane]) + abs(stage.k_shelf_2[lane])
        if not (_QUIET < filtered + abs(stage.k_pass_1[lane]) + abs(stage.k_pass_2[lane]) < _ABSURD):
            _clear_filters(stage, lane)


@kernel
def _clear_programme(stage: Any, lane: int) -> None:
    stage.ppm_1_slow[lane] = 0.0
    stage.ppm_1_fast[lane] = 0.0
    stage.ppm_2_slow[lane] = 0.0
    stage.ppm_2_fast[lane] = 0.0


@kernel
def _clear_filters(stage: Any, lane: int) -> None:
    stage.k_shelf_1[lane] = 0.0
    stage.k_shelf_2[lane] = 0.0
    stage.k_pass_1[lane] = 0.0
    stage.k_pass_2[lane] = 0.0


@kernel
def hand_over(stage: Any) -> None:
    """Audio thread. Gives the maxima since the last time to the reader and starts new ones."""
    for lane in range(LANES):
        stage.handed[lane] = stage.held[lane]
        stage.held[lane] = 0.0
        stage.true_peak.handed[lane] = stage.true_peak.held[lane]
        stage.true_peak.held[lane] = 0.0
        stage.ppm_1_handed[lane] = stage.ppm_1_held[lane]
        stage.ppm_1_held[lane] = 0.0
        stage.ppm_2_handed[lane] = stage.ppm_2_held[lane]
        stage.ppm_2_held[lane] = 0.0


@kernel
def clear_lane(stage: Any, lane: int, tick: int) -> None:
    """Audio thread. Forgets everything measured in one lane; rows from this tick on are its next strip's."""
    stage.peak[lane] = 0.0
    stage.held[lane] = 0.0
    stage.handed[lane] = 0.0
    stage.square_sum[lane] = 0.0
    stage.vu_input[lane] = 0.0
    stage.vu[lane] = 0.0
    stage.ppm_1_held[lane] = 0.0
    stage.ppm_2_held[lane] = 0.0
    stage.ppm_1_handed[lane] = 0.0
    stage.ppm_2_handed[lane] = 0.0
    stage.k_square_sum[lane] = 0.0
    stage.k_slow[lane] = 0.0
    stage.k_mean[lane] = 0.0
    stage.born[lane] = tick
    stage.energy[(tick - 1) % ROWS, lane] = stage.total[lane]
    stage.k_energy[(tick - 1) % ROWS, lane] = stage.k_total[lane]
    _clear_programme(stage, lane)
    _clear_filters(stage, lane)
    clear_true_peak(stage.true_peak, lane)
