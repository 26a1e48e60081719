"""Gains move without a click, at any block size, and rest exactly where they were sent."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.record import BLOCK_FRAMES, LANES, allocate
from engine.dsp.smoother import SMOOTHED_GAINS, apply_gains, set_target, settle, smoothing_coefficient

RATES = (44100, 48000, 88200, 96000, 176400, 192000)


def moved(rate: int, targets: list[tuple[int, float]], frames: int, block: int = BLOCK_FRAMES) -> np.ndarray:
    """The gain of lane 5 over time; `targets` are (frame, gain), the first one jumps. Ticks end every 10 ms."""
    gains = allocate(SMOOTHED_GAINS)
    ones = np.ones((BLOCK_FRAMES, LANES), np.float32)
    curve = np.empty(frames, np.float32)
    pending = list(targets)
    at = 0
    while at < frames:
        while pending and pending[0][0] == at:
            set_target(gains, 5, pending.pop(0)[1], at == 0)
        tick_end = (at // (rate // 100) + 1) * (rate // 100)
        next_target = pending[0][0] if pending else frames
        run = min(block, tick_end - at, next_target - at, frames - at)
        ones[:run] = 1.0
        apply_gains(gains, smoothing_coefficient(rate), ones, run)
        curve[at : at + run] = ones[:run, 5]
        at += run
        if at == tick_end:
            settle(gains)
    return curve


@pytest.mark.parametrize("rate", RATES)
def test_a_step_of_the_gain_bends_by_less_than_minus_80_db(rate: int) -> None:
    curve = moved(rate, [(0, 1.0), (100, 0.0), (100 + rate // 50, 1.0)], rate // 5).astype(np.float64)
    bend = np.abs(np.diff(curve, 2)).max()
    assert 20 * np.log10(bend) < -80.0


@pytest.mark.parametrize("rate", RATES)
def test_99_percent_are_reached_after_33_ms_and_the_target_exactly_within_150_ms(rate: int) -> None:
    curve = moved(rate, [(0, 0.0), (10, 0.7)], rate // 2)
    reached = int(np.argmax(curve >= 0.99 * 0.7)) - 10
    # (1 + t/tau) exp(-t/tau) = 0.01 at t = 6.638 tau
    assert reached / rate == pytest.approx(6.638 * 0.005, rel=0.01)
    assert (curve[10 + int(0.15 * rate) :] == np.float32(0.7)).all()


@pytest.mark.parametrize("block", [1, 7, 32])
def test_the_curve_does_not_depend_on_the_block_size(block: int) -> None:
    targets = [(0, 0.25), (333, 1.0), (900, 0.0)]
    assert (moved(44100, targets, 6000, block) == moved(44100, targets, 6000)).all()


def test_a_resting_gain_of_one_copies_bit_for_bit() -> None:
    gains = allocate(SMOOTHED_GAINS)
    for lane in range(LANES):
        set_target(gains, lane, 1.0, True)
    block = np.random.default_rng(1).standard_normal((BLOCK_FRAMES, LANES)).astype(np.float32)
    copy = block.copy()
    apply_gains(gains, smoothing_coefficient(48000), block, BLOCK_FRAMES)
    assert (block == copy).all()


def test_lanes_at_rest_stay_exact_while_a_neighbour_moves() -> None:
    gains = allocate(SMOOTHED_GAINS)
    set_target(gains, 0, 0.3, True)
    set_target(gains, 1, 0.5, True)
    set_target(gains, 1, 0.9, False)
    block = np.ones((BLOCK_FRAMES, LANES), np.float32)
    apply_gains(gains, smoothing_coefficient(48000), block, BLOCK_FRAMES)
    assert (block[:, 0] == np.float32(0.3)).all()
    assert block[-1, 1] > 0.5
