"""Gated averages of every strip at one stage: blocks of 400 ms every 100 ms, kept as histograms of level.

The audio thread puts each block into a bin; nobody has to look in time for a block to count, so a reading minutes later
is right, and one since any moment is the difference of two histograms. What is kept of a block is its mean square
relative to the absolute gate:

* `EVIDENCE`: the louder side, unweighted, AES-17 (a sine reads its peak level), gated at -60 dBFS
* `LOUDNESS`: K-weighted, both sides added (ITU-R BS.1770-5), gated at -70 LUFS. A mono stem lies on both sides until it
  is panned, and counts once there.

A second, relative gate lies 10 dB below the mean of what passes the first. It falls into one bin of 0.25 dB, which is
in or out as a whole: a reading may be off by some thousandths of a dB (`meters.loudness`, for programmes, is exact).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.entries import entry
from engine.core.jit import kernel
from engine.core.pointers import array_at
from engine.core.record import STRIPS_PER_RACK, record
from engine.meters.k_weighting import LOUDNESS_OFFSET_DB

EVIDENCE, LOUDNESS = range(2)
GATES_DB = (-60.0, -70.0)
"""The absolute gates, in dBFS (AES-17) and LUFS."""
RELATIVE_GATE_DB = -10.0
_RELATIVE_GATE = 10.0 ** (RELATIVE_GATE_DB / 10.0)

BLOCK_TICKS, STEP_TICKS = 40, 10
STEP_S = 0.1

BINS = 352
BINS_PER_DB = 4
"""From the gate to 88 dB above it; the last bin holds what lies beyond."""

HISTOGRAMS = (STRIPS_PER_RACK, 2, 2, BINS)
"""The shape of a stage's histograms: for each strip the two kinds, of each the blocks in every bin and their sums."""

Histograms = npt.NDArray[np.float64]

_TURNS = 8
GATED = record([("level_db", np.float64), ("sounding_s", np.float64), ("sums", np.float64, (2, _TURNS))])
"""A gated average and how long it is of; `sums` are scratch."""

_OF_GATES = tuple(10.0 ** (-gate_db / 10.0) for gate_db in GATES_DB)
_EVIDENCE_FACTOR = 2.0 * _OF_GATES[EVIDENCE]
_LOUDNESS_FACTOR = 10.0 ** (LOUDNESS_OFFSET_DB / 10.0) * _OF_GATES[LOUDNESS]
_BINS_PER_DECADE = 10.0 * BINS_PER_DB


@kernel
def _count(histogram: Any, ratio: float) -> None:
    if ratio >= 1.0:
        place = min(int(_BINS_PER_DECADE * math.log10(min(ratio, 1e30))), BINS - 1)
        histogram[0, place] += 1.0
        histogram[1, place] += ratio


@kernel
def _power(total: Any, rows: Any, row: int, lane: int, frames: float) -> float:
    return (total[lane] - rows[row, lane]) / frames


@kernel
def clear_histograms(stage: Any, slots: Any, tick: int) -> None:
    """Audio thread, at the end of a tick. Forgets what new strips have found there: one a tick, before a block ends.

    `slots` are the rack's strips (-1: none).
    """
    for column in range(STRIPS_PER_RACK):
        if slots[column] >= 0 and tick - stage.born[column] == 1 + column:
            for kind in range(2):
                for place in range(BINS):
                    stage.histograms[column, kind, 0, place] = 0.0
                    stage.histograms[column, kind, 1, place] = 0.0


@kernel
def take_blocks(stage: Any, slots: Any, sides: Any, is_panned: bool, tick: int, tick_frames: float) -> None:
    """Audio thread, at every 10th tick's end. Takes the block of each strip (`slots`, -1: none) that just ended.

    `sides` is 1 for mono stems, which lie on both sides until they are panned.
    """
    before = (tick - BLOCK_TICKS) % stage.energy.shape[0]
    frames = BLOCK_TICKS * tick_frames
    for column in range(STRIPS_PER_RACK):
        slot = slots[column]
        if slot < 0 or tick - stage.born[column] < BLOCK_TICKS:
            continue
        right = column + STRIPS_PER_RACK
        louder = max(
            _power(stage.total, stage.energy, before, column, frames),
            _power(stage.total, stage.energy, before, right, frames),
        )
        _count(stage.histograms[column, EVIDENCE], _EVIDENCE_FACTOR * louder)
        both = _power(stage.k_total, stage.k_energy, before, column, frames)
        both += _power(stage.k_total, stage.k_energy, before, right, frames)
        if sides[slot] == 1 and not is_panned:
            both *= 0.5
        _count(stage.histograms[column, LOUDNESS], _LOUDNESS_FACTOR * both)


@kernel
def _sum(told: Any, sums: Any, threshold: float) -> None:
    """Counts and sums of the bins whose mean is not below a threshold, in turns, so no addition waits for another."""
    sums[:, :] = 0.0
    for first in range(0, BINS, _TURNS):
        for turn in range(_TURNS):
            count, total = told[0, first + turn], told[1, first + turn]
            # What a difference of sums leaves by rounding, where no block was, is not sound.
            passes = 1.0 if count > 0.0 and total >= threshold * count else 0.0
            sums[0, turn] += passes * count
            sums[1, turn] += passes * total


@entry("void(int64, int64, int64, int64, int64, int64)")
def average_gated(
    kind: int, count: int, histograms_address: int, baselines_address: int, told_address: int, averages_address: int
) -> None:
    """The reader's thread. Takes baselines off histograms (by their addresses, 0 for none), and averages the rest.

    What is left is told, and of each the gated average in dB, -inf where no block has passed, and for how many seconds
    sound was above the absolute gate: `GATED`.
    """
    addresses = array_at(histograms_address, (count,), np.int64)
    baselines = array_at(baselines_address, (count, 2, BINS), np.float64)
    told = array_at(told_address, (count, 2, BINS), np.float64)
    averages = array_at(averages_address, (count,), GATED)
    for number in range(count):
        if addresses[number] == 0:
            told[number, :, :] = 0.0
        else:
            histogram = array_at(addresses[number], (2, BINS), np.float64)
            for part in range(2):
                for place in range(BINS):
                    told[number, part, place] = histogram[part, place]
        for part in range(2):
            for place in range(BINS):
                told[number, part, place] -= baselines[number, part, place]
        average = averages[number]
        _sum(told[number], average.sums, -1.0)
        of_all = average.sums[0].sum()
        _sum(told[number], average.sums, _RELATIVE_GATE * average.sums[1].sum() / max(of_all, 1.0))
        passing, total = average.sums[0].sum(), average.sums[1].sum()
        average.level_db = GATES_DB[kind] + 10.0 * math.log10(total / passing) if passing > 0.0 else -np.inf
        average.sounding_s = STEP_S * of_all
