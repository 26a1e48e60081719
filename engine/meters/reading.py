"""What is read of all points in one go: the compiled part of the reader's side.

A reading is some thousand numbers out of the audio thread's memory. What takes them over, keeps what is to be held and
makes levels of them is one entry, because the interface has to do it with every frame, and does little else.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.atomics import load_acquire
from engine.core.entries import entry
from engine.core.jit import kernel
from engine.core.pointers import array_at, record_at
from engine.core.record import STRIPS_PER_RACK, record
from engine.dsp.decibels import decibels
from engine.meters.frame import SOURCES
from engine.meters.output_peak import OUTPUT_PEAK
from engine.meters.stage import ROWS, STAGE_METERS

_LEVELS = len(SOURCES)
_PEAK, _TRUE_PEAK, _RMS, _VU, _PPM_1, _PPM_2, _K_SYSTEM, _MOMENTARY, _SHORT_TERM, INTEGRATED = range(_LEVELS)
DC, STEREO = 3 * _LEVELS, 3 * _LEVELS + 1
"""What is found after levels, marks and maxima: the means of samples; balance in dB and, as its other side,
correlation."""
PLANES = 3 * _LEVELS + 2
_MAXIMA = 4
"""Sample peak, true peak, PPM type I, PPM type II."""
WINDOWS = 3
"""Of RMS, momentary and short-term loudness."""

FOR_EVER = 1 << 62
"""Marks that stay for so long are the maxima."""

NOT_DONE, DONE, DONE_WITH_OTHER_OVERS = range(3)
"""What comes of a reading: nothing, where it is not of one moment; a reading, and one with other overs than before."""

_FULL_SCALE = np.float32(1.0)
_HALF = np.float32(0.5)
_NOTHING = np.float32(-np.inf)
_SILENT_SIDE = 1e-9
"""Mean square (-90 dBFS) below which there is nothing to compare the other side with."""

POINT = record(
    [
        ("stage", np.int64),
        ("output", np.int64),
        ("column", np.int64),
        ("born", np.int64),
        ("is_mono", np.int64),
    ]
)
"""Where a point is measured: the addresses of its stage and, of the master's output, of what is measured at eight times
the rate (0: nothing is); its column, and the tick that it is alive since. Mono stems lie on both sides until they are
panned, and count once there."""

HELD = record(
    [
        ("highest", np.float32, (2, 2)),
        ("recent", np.float32, (2,)),
        ("overs", np.float64, (2,)),
        ("first_over", np.float64, (2,)),
        ("since", np.int64),
        ("recent_since", np.int64),
        ("maxima", np.float32, (_LEVELS, 2)),
        ("marks", np.float32, (_LEVELS, 2)),
        ("marked_at", np.int64, (_LEVELS, 2)),
    ]
)
"""What is held of a point: sample and true peak, and overs, since a hand-over of that number; sample peak for evidence
since another one. `first_over` is as the stage has it: 1 + a frame of the song. `maxima` and `marks` are levels in dB,
and of marks the ticks at which they were reached."""

_TAKEN = record(
    [
        ("now", np.float32, (_MAXIMA, 2)),
        ("handed", np.float32, (_MAXIMA, 2)),
        ("falling", np.float32, (2, 2)),
        ("vu", np.float32, (2,)),
        ("overs", np.float64, (2, 2)),
        ("first_over", np.float64, (2, 2)),
    ]
)
"""What must be of one moment: maxima and overs since the last hand-over, and those it has brought."""

READING = record(
    [
        *((name, np.int64) for name in ("handed", "plan", "sides")),
        *((name, np.int64) for name in ("points", "taken", "integrated", "spread", "count", "cells")),
        *((name, np.int64) for name in ("output_true_peaks", "over", "overs", "first_over_s")),
        ("outputs", np.int64, (2,)),
        ("windows", np.int64, (WINDOWS,)),
        ("is_k_weighted", np.int64),
        ("hold_ticks", np.int64),
        ("tick_frames", np.float64),
        ("rate_hz", np.float64),
        ("shares", np.float32, (_LEVELS,)),
        ("offsets_db", np.float32, (_LEVELS,)),
    ]
)
"""What readings of the same points need: addresses of the words that tell whether one is of one moment, of what is
known of the points (`count`), and of what is told of overs in each row and stage (`cells`), which show a point
(`spread`; `count`: none). `shares` are of decibels of amplitudes; marks stay for `hold_ticks`, 0 for not at all."""


def new_taken(count: int) -> Any:
    """Room for what is taken of so many points."""
    return np.zeros(count, _TAKEN)


@kernel
def _take(point: Any, taken: Any) -> None:
    stage = record_at(point.stage, STAGE_METERS)
    for side in range(2):
        lane = point.column + side * STRIPS_PER_RACK
        taken.now[0, side] = stage.held[lane]
        taken.now[2, side] = stage.ppm_1_held[lane]
        taken.now[3, side] = stage.ppm_2_held[lane]
        taken.handed[0, side] = stage.handed[lane]
        taken.handed[2, side] = stage.ppm_1_handed[lane]
        taken.handed[3, side] = stage.ppm_2_handed[lane]
        taken.falling[0, side] = stage.peak[lane]
        taken.vu[side] = stage.vu[lane]
        taken.overs[0, side] = stage.overs[lane]
        taken.overs[1, side] = stage.overs_handed[lane]
        taken.first_over[0, side] = stage.first_over[lane]
        taken.first_over[1, side] = stage.first_over_handed[lane]
        if point.output == 0:
            taken.now[1, side] = stage.true_peak.held[lane]
            taken.handed[1, side] = stage.true_peak.handed[lane]
            taken.falling[1, side] = stage.true_peak.peak[lane]
    if point.output != 0:
        output = record_at(point.output, OUTPUT_PEAK)
        for side in range(2):
            taken.now[1, side] = output.held[side]
            taken.handed[1, side] = output.handed[side]
            taken.falling[1, side] = output.peak[side]


@kernel
def _hold(taken: Any, held: Any, number: int, is_new: bool) -> None:
    """Keeps what is to be held; afterwards `now` has what the hand-over has brought, and `overs` those since `since`.

    A point that was cleared counts from the hand-over that was asked for then.
    """
    counts_now, counts_handed = held.since <= number, is_new and held.since < number
    for side in range(2):
        for kind in range(2):
            if counts_now:
                held.highest[kind, side] = max(held.highest[kind, side], taken.now[kind, side])
            if counts_handed:
                held.highest[kind, side] = max(held.highest[kind, side], taken.handed[kind, side])
        if held.recent_since <= number:
            held.recent[side] = max(held.recent[side], taken.now[0, side])
        if is_new and held.recent_since < number:
            held.recent[side] = max(held.recent[side], taken.handed[0, side])
        if is_new:
            for kind in range(_MAXIMA):
                taken.now[kind, side] = max(taken.now[kind, side], taken.handed[kind, side])
        if counts_handed and taken.overs[1, side] > 0.0:
            if held.overs[side] == 0.0:
                held.first_over[side] = taken.first_over[1, side]
            held.overs[side] += taken.overs[1, side]
        if held.overs[side] > 0.0:
            taken.first_over[0, side] = held.first_over[side]
        taken.overs[0, side] = held.overs[side] + (taken.overs[0, side] if counts_now else 0.0)


@kernel
def _mean(rows: Any, lane: int, now: int, before: int, frames: float) -> float:
    """The mean square between two ticks, out of rows of totals; what the lane has not lived counts as silence."""
    if before >= now:
        return 0.0
    gained = rows[now % ROWS, lane] - (rows[before % ROWS, lane] if before >= 0 else 0.0)
    return gained / frames


@kernel
def _average(reading: Any, ticks: int, point: Any, linear: Any, place: int) -> None:
    """Mean squares of a point: of RMS and loudness over their windows, and the average of the K-System."""
    stage = record_at(point.stage, STAGE_METERS)
    now, begun = ticks - 1, point.born - 1
    once = 0.5 if point.is_mono else 1.0
    momentary, short_term, weighted = 0.0, 0.0, 0.0
    for side in range(2):
        lane = point.column + side * STRIPS_PER_RACK
        window = reading.windows[0]
        mean = _mean(stage.energy, lane, now, max(now - window, begun), window * reading.tick_frames)
        linear[_RMS, place, side] = mean
        window = reading.windows[1]
        mean = _mean(stage.k_energy, lane, now, max(now - window, begun), window * reading.tick_frames)
        momentary += once * mean
        window = reading.windows[2]
        mean = _mean(stage.k_energy, lane, now, max(now - window, begun), window * reading.tick_frames)
        short_term += once * mean
        weighted += once * stage.weighted_mean[lane]
        linear[_K_SYSTEM, place, side] = stage.k_mean[lane]
    for side in range(2):
        linear[_MOMENTARY, place, side] = momentary
        linear[_SHORT_TERM, place, side] = short_term
        if reading.is_k_weighted:
            linear[_K_SYSTEM, place, side] = weighted


@kernel
def _show_point(taken: Any, linear: Any, place: int) -> None:
    for side in range(2):
        peak = max(taken.falling[0, side], taken.now[0, side])
        linear[_PEAK, place, side] = peak
        linear[_TRUE_PEAK, place, side] = max(max(taken.falling[1, side], taken.now[1, side]), peak)
        linear[_VU, place, side] = max(taken.vu[side], np.float32(0.0))
        linear[_PPM_1, place, side] = taken.now[2, side]
        linear[_PPM_2, place, side] = taken.now[3, side]


@kernel
def _level(linear: Any) -> Any:
    return decibels(linear) if linear > np.float32(0.0) else _NOTHING


@kernel
def _scale(reading: Any, found_address: int) -> None:
    """Makes levels of all linear values, in place."""
    sides = 2 * (reading.count + 1)
    levels = array_at(found_address, (PLANES, sides), np.float32)
    for kind in range(INTEGRATED):
        share, offset_db = reading.shares[kind], reading.offsets_db[kind]
        for side in range(sides):
            levels[kind, side] = _level(levels[kind, side]) * share + offset_db


@kernel
def _remember(reading: Any, ticks: int, held: Any, found: Any, place: int) -> None:
    """Moves the maxima and marks of a point."""
    for side in range(2):
        for kind in range(_LEVELS):
            held.maxima[kind, side] = max(held.maxima[kind, side], found[kind, place, side])
        held.maxima[_PEAK, side] = _level(held.highest[0, side])
        held.maxima[_TRUE_PEAK, side] = _level(max(held.highest[0, side], held.highest[1, side]))
        for kind in range(_LEVELS):
            age = ticks - held.marked_at[kind, side]
            if reading.hold_ticks == 0:
                held.marks[kind, side] = _NOTHING
            elif reading.hold_ticks == FOR_EVER:
                held.marks[kind, side] = held.maxima[kind, side]
            elif found[kind, place, side] >= held.marks[kind, side] or age < 0 or age > reading.hold_ticks:
                held.marks[kind, side] = found[kind, place, side]
                held.marked_at[kind, side] = ticks
            found[_LEVELS + kind, place, side] = held.marks[kind, side]
            found[2 * _LEVELS + kind, place, side] = held.maxima[kind, side]


@kernel
def _show_overs(reading: Any, point: Any, taken: Any, held: Any, cell: int) -> bool:
    """Whether they are others than before."""
    over = array_at(reading.over, (reading.cells, 2), np.uint8)
    overs = array_at(reading.overs, (reading.cells,), np.int64)
    first_over_s = array_at(reading.first_over_s, (reading.cells,), np.float64)
    count, first = 0.0, np.inf
    for side in range(2):
        if taken.overs[0, side] > 0.0:
            count += taken.overs[0, side]
            first = min(first, taken.first_over[0, side])
    if point.is_mono:
        count = max(taken.overs[0, 0], taken.overs[0, 1])
    differs = overs[cell] != np.int64(count)
    for side in range(2):
        counts = taken.overs[0, side] > 0.0 or (point.is_mono != 0 and count > 0.0)
        is_over = np.uint8(counts or held.highest[0, side] > _FULL_SCALE)
        differs |= over[cell, side] != is_over
        over[cell, side] = is_over
    first_s = (first - 1.0) / reading.rate_hz if count > 0.0 else -1.0
    differs |= first_over_s[cell] != first_s
    overs[cell] = np.int64(count)
    first_over_s[cell] = first_s
    return differs


@kernel
def _show_stereo(point: Any, dc: Any, stereo: Any) -> None:
    """DC of both sides; balance and correlation, 0 where a side is silent."""
    stage = record_at(point.stage, STAGE_METERS)
    left, right = point.column, point.column + STRIPS_PER_RACK
    dc[0], dc[1] = stage.dc[left], stage.dc[right]
    stereo[0], stereo[1] = 0.0, 0.0
    of_left, of_right = stage.square_mean[left], stage.square_mean[right]
    if min(of_left, of_right) > _SILENT_SIDE:
        stereo[0] = _HALF * decibels(np.float32(of_right / of_left))
        stereo[1] = min(max(stage.cross_mean[point.column] / math.sqrt(of_left * of_right), -1.0), 1.0)


@kernel
def _is_still(address: int, number: int) -> bool:
    """Whether a word is what it was. What was read before must have been read by now, which x86-64 sees to."""
    return bool(load_acquire(array_at(address, (1,), np.int64), 0) == number)


@entry("int64(int64, int64, int64, int64, int64, int64, int64, int64)")
def read_points(
    reading_address: int,
    held_address: int,
    found_address: int,
    ticks: int,
    handed: int,
    is_new: int,
    plan: int,
    sides: int,
) -> int:
    """The reader's thread. Makes one reading (`READING`), and keeps what is to be held of the points (`HELD`).

    What it finds of each point, and of one of nothing after them, is put into the planes (`PLANES`) of an array. It is
    to be of the moment with these numbers of the hand-over (`is_new`: what that has brought is to be taken), of the
    plan and of the stems' sides; where it is not, nothing is taken.
    """
    reading = record_at(reading_address, READING)
    count = reading.count
    points = array_at(reading.points, (count,), POINT)
    held = array_at(held_address, (count,), HELD)
    taken = array_at(reading.taken, (count,), _TAKEN)
    for number in range(count):
        _take(points[number], taken[number])
    if not (_is_still(reading.handed, handed) and _is_still(reading.plan, plan) and _is_still(reading.sides, sides)):
        return NOT_DONE
    found = array_at(found_address, (PLANES, count + 1, 2), np.float32)
    integrated = array_at(reading.integrated, (count,), np.float32)
    for number in range(count):
        _hold(taken[number], held[number], handed, is_new != 0)
        _show_point(taken[number], found, number)
        _average(reading, ticks, points[number], found, number)
        _show_stereo(points[number], found[DC, number], found[STEREO, number])
    _scale(reading, found_address)
    for number in range(count):
        for side in range(2):
            found[INTEGRATED, number, side] = integrated[number]
        _remember(reading, ticks, held[number], found, number)
    for plane in range(PLANES):
        for side in range(2):
            found[plane, count, side] = _NOTHING if plane < DC else np.float32(0.0)
    differs = False
    spread = array_at(reading.spread, (reading.cells,), np.int64)
    for cell in range(reading.cells):
        number = spread[cell]
        if number < count:
            differs |= _show_overs(reading, points[number], taken[number], held[number], cell)
    output_true_peaks = array_at(reading.output_true_peaks, (2,), np.float32)
    for output in range(2):
        number = reading.outputs[output]
        highest = np.float32(0.0)
        if number < count:
            for kind in range(2):
                highest = max(highest, max(taken[number].now[kind, 0], taken[number].now[kind, 1]))
        output_true_peaks[output] = _level(highest)
    return DONE_WITH_OTHER_OVERS if differs else DONE
