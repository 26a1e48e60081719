"""What is measured of every lane at one stage, on the audio thread.

All ballistics (`meters.ballistics`) run all the time, so switching a meter never loses history. Every recursion is per
sample and per lane, so a reading does not depend on how the device cuts its blocks. Of each maximum there is the
highest since the reader last took it (numbered hand-overs), so none is lost at any frame rate; so it is with overs.

Squares and K-weighted squares (BS.1770) are kept as totals, one row every 10 ms, so windows of any length are the
difference of two rows; gated averages as histograms (`meters.gated`). True peaks are those of four times the rate
(ITU-R BS.1770-5, `meters.true_peak`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.core.jit import kernel
from engine.core.lane_loop import lane_loop
from engine.core.pointers import address_of, array_at
from engine.core.record import LANES, STRIPS_PER_RACK, record
from engine.dsp.vu import VU_INPUT
from engine.meters.ballistics import COEFFICIENTS
from engine.meters.gated import HISTOGRAMS
from engine.meters.true_peak import TRUE_PEAK, clear_true_peak, measure_true_peak

ROWS = 512
"""Ticks kept; a power of two above the 300 of short-term loudness, with room for a reader that is late."""

_FULL_SCALE = np.float32(1.0)
_QUIET = np.float32(1e-20)
_ABSURD = np.float32(1e6)
"""+120 dBFS: what lies above is a broken file, and would keep a falling meter busy for minutes."""

_ABSURD_ENERGY = np.float32(1e10)
"""Of 10 ms, +70 dBFS and above: totals keep what is quiet apart from silence only while they are no larger."""

_STATES = (
    *("peak", "held", "sample_sum", "square_sum", "over_count", "vu_input", "vu"),
    *("ppm_1_slow", "ppm_1_fast", "ppm_2_slow", "ppm_2_fast", "ppm_1_held", "ppm_2_held"),
    *("k_shelf_1", "k_shelf_2", "k_pass_1", "k_pass_2", "k_square_sum"),
)
"""What a sample moves, in the order of the record."""

_CROSS_SUMS = 4
"""Products of both sides are added up in turn, so that no addition waits for the one before; left lanes only."""

_HANDED = ("handed", "ppm_1_handed", "ppm_2_handed")
_AVERAGES = ("k_slow", "k_mean", "weighted_slow", "weighted_mean", "dc_slow", "dc", "square_mean")
_CLOSED = ("closed_samples", "closed_squares", "closed_k_squares", "closed_products")
_OVERS = ("overs", "overs_handed", "first_over", "first_over_handed")

STAGE_METERS = record(
    [
        *((name, np.float32, (LANES,)) for name in (*_STATES, *_HANDED)),
        ("cross_sums", np.float32, (_CROSS_SUMS, LANES)),
        ("true_peak", TRUE_PEAK),
        *((name, np.float32, (LANES,)) for name in _CLOSED),
        *((name, np.float64, (LANES,)) for name in (*_AVERAGES, *_OVERS)),
        ("has_overs", np.int64),
        ("handed_overs", np.int64),
        ("cross_mean", np.float64, (STRIPS_PER_RACK,)),
        ("total", np.float64, (LANES,)),
        ("k_total", np.float64, (LANES,)),
        ("born", np.int64, (LANES,)),
        ("energy", np.float64, (ROWS, LANES)),
        ("k_energy", np.float64, (ROWS, LANES)),
        ("histograms", np.float64, HISTOGRAMS),
    ]
)
"""Linear values of each lane, all written by the audio thread. Rows of `energy` and `k_energy` are totals of squares at
the end of a tick; those before the tick that a lane was `born` in are somebody else's. `overs` counts those since the
last hand-over, `first_over` is 1 + the frame of the song that the first of them is of (0: none yet); `has_overs` and
`handed_overs` tell that there are any. `cross_sums` and `cross_mean` are of the products of both sides. What a tick has
added up lies in `closed_...` until it is filed."""


def _charged(ops: Any, state: Any, fall: Any, rate: Any, magnitude: Any) -> Any:
    """A branch of a PPM: falls, and is charged by what is above it."""
    fallen = state * fall
    return ops.fused(rate, ops.larger(magnitude - fallen, ops.constant(0.0)), fallen)


def _filtered(ops: Any, x: Any, ic1: Any, ic2: Any, filter_: Sequence[Any]) -> tuple[Any, Any, Any]:
    """State variables (`meters.k_weighting.few_products`): the output, and both states after it."""
    f1, f2, f3, y0, y1, y2 = filter_
    d = x - ic2
    y = ops.fused(y0, d, ops.fused(y1, ic1, y2 * ic2))
    return y, ops.fused(f1, ic1, f2 * d), ops.fused(f2, ic1, ops.fused(f3, d, ic2))


def _step(ops: Any, x: Any, states: Sequence[Any], coefficients: Sequence[Any]) -> Sequence[Any]:
    peak, held, total, square_sum, over_count, vu_input, vu, *ppm = states[:13]
    ppm_1_slow, ppm_1_fast, ppm_2_slow, ppm_2_fast, ppm_1_held, ppm_2_held = ppm
    shelf_1, shelf_2, pass_1, pass_2, k_square_sum = states[13:]
    peak_fall, ppm_1_fall, ppm_2_fall, vu_rate, slow_1, fast_1, slow_2, fast_2 = coefficients[:8]
    magnitude = ops.magnitude(x)
    drive = ops.fused(ops.constant(-0.5), vu, ops.constant(VU_INPUT) * magnitude)
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
        total + x,
        ops.fused(magnitude, magnitude, square_sum),
        ops.counted(over_count, magnitude, ops.constant(_FULL_SCALE)),
        vu_input,
        ops.fused(vu_rate, vu_input - vu, vu),
    )
    programme = (ppm_1_slow, ppm_1_fast, ppm_2_slow, ppm_2_fast)
    highest = (ops.larger(ppm_1_slow + ppm_1_fast, ppm_1_held), ops.larger(ppm_2_slow + ppm_2_fast, ppm_2_held))
    return (*levels, *programme, *highest, shelf_1, shelf_2, pass_1, pass_2, ops.fused(y, y, k_square_sum))


def _add_product(ops: Any, sides: tuple[Any, Any], sums: Sequence[Any], coefficients: Sequence[Any]) -> Sequence[Any]:
    first, *others = sums
    return (*others, ops.fused(*sides, first))


_measure_levels = lane_loop(_step, len(_STATES), COEFFICIENTS)
_add_products = lane_loop(_add_product, _CROSS_SUMS, 0, joined=True)


@kernel
def measure(stage: Any, ballistics: Any, block: Any, frames: int, columns: int, true_peaks: bool) -> None:
    """Audio thread. Takes `frames` rows of a block (frames, LANES) into the statistics of the first strips.

    `true_peaks`: those too.
    """
    _measure_levels(address_of(block), address_of(stage.peak), address_of(ballistics.per_sample), frames, columns)
    if true_peaks:
        measure_true_peak(stage.true_peak, ballistics.line, ballistics.per_sample, block, frames, columns)
    sums = address_of(stage.cross_sums)
    _add_products(address_of(block), sums, sums, frames, columns)


@kernel
def is_counted(counts: Any) -> bool:
    """Audio thread. Whether any lane's count is not 0. Found in the numbers' bits, which needs no branch for each."""
    bits = array_at(address_of(counts), (LANES,), np.int32)
    of_all = np.int32(0)
    for lane in range(LANES):
        of_all |= bits[lane]
    return of_all != 0


@kernel
def first_over_in(stage: Any, block: Any, frames: int, lane: int) -> int:
    """Audio thread. The frame of a block with a lane's first over since the hand-over; `frames`: it is not there."""
    if stage.over_count[lane] > 0.0 and stage.first_over[lane] == 0.0:
        for t in range(frames):
            if abs(block[t, lane]) > _FULL_SCALE:
                return t
    return frames


@kernel
def count_overs(stage: Any) -> None:
    """Audio thread. Counts the overs since this was done last."""
    if is_counted(stage.over_count):
        stage.has_overs = 1
        for lane in range(LANES):
            stage.overs[lane] += stage.over_count[lane]
            stage.over_count[lane] = 0.0


@kernel
def _drop_inaudible(stage: Any) -> None:
    """Audio thread. Lets rest what is inaudible or not finite."""
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
def close_tick(stage: Any) -> None:
    """Audio thread, with the last sample of each 10 ms. Puts aside what they have added up, to be filed soon."""
    for lane in range(LANES):
        stage.closed_samples[lane] = stage.sample_sum[lane]
        stage.sample_sum[lane] = 0.0
        stage.closed_squares[lane] = stage.square_sum[lane]
        stage.square_sum[lane] = 0.0
        stage.closed_k_squares[lane] = stage.k_square_sum[lane]
        stage.k_square_sum[lane] = 0.0
    for column in range(STRIPS_PER_RACK):
        products = np.float32(0.0)
        for part in range(_CROSS_SUMS):
            products += stage.cross_sums[part, column]
            stage.cross_sums[part, column] = 0.0
        stage.closed_products[column] = products
    count_overs(stage)
    _drop_inaudible(stage)


@kernel
def _file(total: Any, rows: Any, row: int, closed: Any) -> None:
    for lane in range(LANES):
        energy = closed[lane]
        total[lane] += energy if energy < _ABSURD_ENERGY else 0.0
        rows[row, lane] = total[lane]


@kernel
def _move_k_system(slow: Any, mean: Any, closed: Any, ballistics: Any) -> None:
    decay = ballistics.k_system_decay
    coupling = ballistics.k_system_coupling
    for lane in range(LANES):
        square = closed[lane]
        now = square / ballistics.tick_frames if square < _ABSURD_ENERGY else 0.0
        ahead = slow[lane] - now
        slow[lane] = now + decay * ahead
        mean[lane] = now + decay * (mean[lane] - now) + coupling * ahead


@kernel
def file_tick(stage: Any, ballistics: Any, tick: int) -> None:
    """Audio thread, before the next tick ends. Moves what is averaged tick by tick, and notes the totals."""
    _move_k_system(stage.k_slow, stage.k_mean, stage.closed_squares, ballistics)
    _move_k_system(stage.weighted_slow, stage.weighted_mean, stage.closed_k_squares, ballistics)
    frames = ballistics.tick_frames
    decay = ballistics.dc_decay
    for lane in range(LANES):
        samples = stage.closed_samples[lane]
        now = samples / frames if abs(samples) < _ABSURD else 0.0
        stage.dc_slow[lane] = now + decay * (stage.dc_slow[lane] - now)
        stage.dc[lane] = stage.dc_slow[lane] + decay * (stage.dc[lane] - stage.dc_slow[lane])
    decay = ballistics.stereo_decay
    for lane in range(LANES):
        square = stage.closed_squares[lane]
        now = square / frames if square < _ABSURD_ENERGY else 0.0
        stage.square_mean[lane] = now + decay * (stage.square_mean[lane] - now)
    for column in range(STRIPS_PER_RACK):
        products = stage.closed_products[column]
        now = products / frames if abs(products) < _ABSURD_ENERGY else 0.0
        stage.cross_mean[column] = now + decay * (stage.cross_mean[column] - now)
    _file(stage.total, stage.energy, tick % ROWS, stage.closed_squares)
    _file(stage.k_total, stage.k_energy, tick % ROWS, stage.closed_k_squares)


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
    """Audio thread. Gives the maxima and overs since the last time to the reader and starts new ones."""
    for lane in range(LANES):
        stage.handed[lane] = stage.held[lane]
        stage.held[lane] = 0.0
        stage.true_peak.handed[lane] = stage.true_peak.held[lane]
        stage.true_peak.held[lane] = 0.0
        stage.ppm_1_handed[lane] = stage.ppm_1_held[lane]
        stage.ppm_1_held[lane] = 0.0
        stage.ppm_2_handed[lane] = stage.ppm_2_held[lane]
        stage.ppm_2_held[lane] = 0.0
    count_overs(stage)
    if stage.has_overs or stage.handed_overs:
        for lane in range(LANES):
            stage.overs_handed[lane] = stage.overs[lane]
            stage.overs[lane] = 0.0
            stage.first_over_handed[lane] = stage.first_over[lane]
            stage.first_over[lane] = 0.0
        stage.handed_overs = stage.has_overs
        stage.has_overs = 0


@kernel
def clear_lane(stage: Any, lane: int, tick: int) -> None:
    """Audio thread. Forgets everything measured in one lane; rows from this tick on are its next strip's."""
    stage.peak[lane] = 0.0
    stage.held[lane] = 0.0
    stage.handed[lane] = 0.0
    stage.sample_sum[lane] = 0.0
    stage.square_sum[lane] = 0.0
    stage.over_count[lane] = 0.0
    stage.overs[lane] = 0.0
    stage.overs_handed[lane] = 0.0
    stage.first_over[lane] = 0.0
    stage.first_over_handed[lane] = 0.0
    stage.vu_input[lane] = 0.0
    stage.vu[lane] = 0.0
    stage.ppm_1_held[lane] = 0.0
    stage.ppm_2_held[lane] = 0.0
    stage.ppm_1_handed[lane] = 0.0
    stage.ppm_2_handed[lane] = 0.0
    stage.k_square_sum[lane] = 0.0
    stage.closed_samples[lane] = 0.0
    stage.closed_squares[lane] = 0.0
    stage.closed_k_squares[lane] = 0.0
    stage.closed_products[lane % STRIPS_PER_RACK] = 0.0
    stage.k_slow[lane] = 0.0
    stage.k_mean[lane] = 0.0
    stage.weighted_slow[lane] = 0.0
    stage.weighted_mean[lane] = 0.0
    stage.dc_slow[lane] = 0.0
    stage.dc[lane] = 0.0
    stage.square_mean[lane] = 0.0
    for part in range(_CROSS_SUMS):
        stage.cross_sums[part, lane % STRIPS_PER_RACK] = 0.0
    stage.cross_mean[lane % STRIPS_PER_RACK] = 0.0
    stage.born[lane] = tick
    stage.energy[(tick - 1) % ROWS, lane] = stage.total[lane]
    stage.k_energy[(tick - 1) % ROWS, lane] = stage.k_total[lane]
    _clear_programme(stage, lane)
    _clear_filters(stage, lane)
    clear_true_peak(stage.true_peak, lane)
