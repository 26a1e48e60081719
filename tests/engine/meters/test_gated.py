"""Gated averages: how the audio thread counts blocks, and what is made of them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.core.record import LANES, STRIPS_PER_RACK, allocate
from engine.meters.gated import (
    BINS,
    BLOCK_TICKS,
    EVIDENCE,
    GATED,
    LOUDNESS,
    STEP_TICKS,
    average_gated,
    clear_histograms,
    take_blocks,
)
from engine.meters.gated_since import GatedSince
from engine.meters.stage import ROWS, STAGE_METERS

TICK_FRAMES = 480.0
COLUMN = 5
RIGHT = COLUMN + STRIPS_PER_RACK


class Stage:
    """A stage whose strip in one column has been heard at some levels: the mean square of each side in each tick."""

    def __init__(self, *, sides: int = 2, is_panned: bool = True) -> None:
        self.stage = allocate(STAGE_METERS)
        self.slots = np.full(STRIPS_PER_RACK, -1, np.int32)
        self.slots[COLUMN] = 7
        self.sides = np.full(8, sides, np.int32)
        self.is_panned = is_panned
        self.tick = 0

    def feed(self, left: float, right: float, seconds: float) -> None:
        """Levels are mean squares, the same for both kinds."""
        for _ in range(round(100 * seconds)):
            for lane, square in ((COLUMN, left), (RIGHT, right)):
                self.stage.total[lane] += square * TICK_FRAMES
                self.stage.k_total[lane] += square * TICK_FRAMES
            self.stage.energy[self.tick % ROWS] = self.stage.total
            self.stage.k_energy[self.tick % ROWS] = self.stage.k_total
            clear_histograms(self.stage, self.slots, self.tick)
            if self.tick % STEP_TICKS == 0:
                take_blocks(self.stage, self.slots, self.sides, self.is_panned, self.tick, TICK_FRAMES)
            self.tick += 1

    def level_db(self, kind: int) -> float:
        return float(self.average(kind)["level_db"])

    def passed_s(self, kind: int) -> float:
        return float(self.average(kind)["sounding_s"])

    def average(self, kind: int) -> np.void:
        averages, baseline = np.zeros(1, GATED), np.zeros((2, BINS))
        address = np.array([self.stage.histograms[COLUMN, kind].ctypes.data])
        told = np.zeros_like(baseline)
        average_gated(kind, 1, *(part.ctypes.data for part in (address, baseline, told, averages)))
        return averages[0]


def square_of(level_db: float) -> float:
    return float(10.0 ** (level_db / 10.0))


def test_evidence_is_the_louder_side_and_a_sine_reads_its_peak() -> None:
    stage = Stage()
    stage.feed(square_of(-23.01), square_of(-33.0), 2.0)
    assert stage.level_db(EVIDENCE) == pytest.approx(-20.0, abs=0.01)


def test_loudness_is_of_both_sides_and_has_its_offset() -> None:
    stage = Stage()
    stage.feed(square_of(-23.0), square_of(-23.0), 2.0)
    assert stage.level_db(LOUDNESS) == pytest.approx(-23.0 + 3.01 - 0.691, abs=0.01)


@pytest.mark.parametrize(("is_panned", "added_db"), [(False, 0.0), (True, 3.01)])
def test_a_mono_stem_counts_once_until_it_is_panned(is_panned: bool, added_db: float) -> None:
    stage = Stage(sides=1, is_panned=is_panned)
    stage.feed(square_of(-23.0), square_of(-23.0), 2.0)
    assert stage.level_db(LOUDNESS) == pytest.approx(-23.0 + added_db - 0.691, abs=0.01)


@pytest.mark.parametrize(("kind", "gate_db", "offset_db"), [(EVIDENCE, -60.0, 3.01), (LOUDNESS, -70.0, -0.691)])
def test_what_is_below_the_absolute_gate_does_not_count(kind: int, gate_db: float, offset_db: float) -> None:
    below, above = Stage(), Stage()
    below.feed(square_of(gate_db - offset_db - 0.05), 0.0, 1.0)
    above.feed(square_of(gate_db - offset_db + 0.05), 0.0, 1.0)
    assert below.level_db(kind) == -math.inf
    assert below.passed_s(kind) == 0.0
    assert above.level_db(kind) == pytest.approx(gate_db + 0.05, abs=0.01)
    assert above.passed_s(kind) == pytest.approx(0.6, abs=0.11)


def test_the_relative_gate_lies_10_db_below_the_mean_of_what_passes_the_first() -> None:
    """A tenth of the time at -20 dB makes a mean of -30: what lies at -39 counts, what lies at -41 does not."""
    for quiet_db, counts in ((-38.5, True), (-41.0, False)):
        stage = Stage()
        stage.feed(square_of(-20.0), 0.0, 40.0)
        stage.feed(square_of(quiet_db), 0.0, 360.0)
        quiet = square_of(quiet_db)
        expected = 10.0 * math.log10((40.0 * 0.01 + 360.0 * quiet) / 400.0) if counts else -20.0
        assert stage.level_db(LOUDNESS) == pytest.approx(expected - 0.691, abs=0.05)


def test_a_block_is_whole_and_of_one_strip() -> None:
    stage = Stage()
    stage.stage.born[:] = 0
    stage.feed(square_of(-20.0), 0.0, (BLOCK_TICKS - 1) / 100)
    assert stage.passed_s(EVIDENCE) == 0.0
    stage.feed(square_of(-20.0), 0.0, 0.02)
    assert stage.passed_s(EVIDENCE) == pytest.approx(0.1)


def test_who_is_new_finds_nothing_of_who_was_there() -> None:
    stage = Stage()
    stage.feed(square_of(-20.0), 0.0, 3.0)
    stage.stage.born[:] = stage.tick
    stage.feed(0.0, 0.0, 0.39)
    assert not stage.stage.histograms[COLUMN].any()


@pytest.mark.parametrize("square", [1e30, math.inf, math.nan])
def test_what_is_no_level_breaks_nothing(square: float) -> None:
    stage = Stage()
    with np.errstate(all="ignore"):
        stage.feed(square, 0.0, 1.0)
    assert stage.stage.histograms.shape == (STRIPS_PER_RACK, 2, 2, BINS)
    assert np.isfinite(stage.stage.histograms[COLUMN, EVIDENCE, :, : BINS - 1]).all()
    assert stage.stage.total.shape == (LANES,)


def test_the_average_of_many_levels_is_that_of_their_powers() -> None:
    levels = np.random.default_rng(1).uniform(-24.0, -16.0, 200)
    stage = Stage()
    for level_db in levels:
        stage.feed(square_of(level_db), 0.0, 1.0)
    expected = 10.0 * math.log10(2.0 * float(np.mean(10.0 ** (levels / 10.0))))
    assert stage.level_db(EVIDENCE) == pytest.approx(expected, abs=0.05)


def test_what_was_not_paused_does_not_go_on() -> None:
    since = GatedSince(LOUDNESS)
    since.resume(0)
    assert not since.is_due(1000)


def test_what_rounding_leaves_where_no_block_was_is_no_sound() -> None:
    """As after a pause: what came meanwhile is taken off by sums that were added in another order."""
    histogram, averages = np.zeros((2, BINS)), np.zeros(1, GATED)
    baseline, told = np.zeros_like(histogram), np.zeros_like(histogram)
    histogram[:, 100] = 7.0, 0.1 + 0.2
    baseline[:, 100] = 7.0, 0.3
    parts = (np.array([histogram.ctypes.data]), baseline, told, averages)
    average_gated(EVIDENCE, 1, *(part.ctypes.data for part in parts))
    assert told[1, 100] > 0.0
    assert averages["level_db"].tolist() == [-math.inf]
    assert averages["sounding_s"].tolist() == [0.0]
