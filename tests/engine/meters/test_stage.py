"""The stage meters against their standards, at all rates and any block size (ids as in the metering tables)."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.core.record import BLOCK_FRAMES, LANES, allocate
from engine.meters.stage import (
    BALLISTICS,
    ENERGY_ROWS,
    STAGE_METERS,
    end_tick,
    hand_over,
    measure,
    set_ballistics,
)

RATES = (44100, 48000, 88200, 96000, 176400, 192000)
LANE = 37


class Meter:
    """One stage at a rate; a mono signal goes into one lane."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.stage = allocate(STAGE_METERS)
        self.ballistics = allocate(BALLISTICS)
        set_ballistics(self.ballistics, rate)
        self.at = 0
        self.ticks = 0

    def feed(self, signal: np.ndarray, block: int = BLOCK_FRAMES) -> None:
        lanes = np.zeros((BLOCK_FRAMES, LANES), np.float32)
        tick = self.rate // 100
        start = 0
        while start < len(signal):
            run = min(block, len(signal) - start, tick - self.at % tick)
            lanes[:run, LANE] = signal[start : start + run]
            measure(self.stage, self.ballistics, lanes, run)
            start += run
            self.at += run
            if self.at % tick == 0:
                end_tick(self.stage, self.ticks % ENERGY_ROWS)
                self.ticks += 1

    @property
    def vu_db(self) -> float:
        return 20 * math.log10(float(self.stage.vu[LANE])) + 18.0

    @property
    def peak_dbfs(self) -> float:
        return 20 * math.log10(float(self.stage.peak[LANE]))

    @property
    def rms_dbfs(self) -> float:
        rows = [(self.ticks - 1 - back) % ENERGY_ROWS for back in range(30)]
        return 10 * math.log10(float(self.stage.energy[rows, LANE].astype(float).sum()) / (0.3 * self.rate))


def sine(rate: int, frequency: float, dbfs: float, seconds: float) -> np.ndarray:
    n = np.arange(round(seconds * rate))
    return (10 ** (dbfs / 20) * np.sin(2 * np.pi * frequency * n / rate)).astype(np.float32)


@pytest.mark.parametrize("rate", RATES)
def test_vu_01_a_sine_of_minus_18_dbfs_reads_zero(rate: int) -> None:
    meter = Meter(rate)
    meter.feed(sine(rate, 997, -18, 2.0))
    assert meter.vu_db == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize("rate", RATES)
def test_vu_02_03_a_step_reads_99_percent_at_300_ms_and_overshoots_by_1_18_percent(rate: int) -> None:
    meter = Meter(rate)
    # A constant is the rectifier's output without its ripple; a sine of the same mean reads its peak.
    step = np.full(rate, 0.1, np.float32)
    readings = []
    for start in range(0, rate, rate // 1000 or 1):
        meter.feed(step[start : start + rate // 1000])
        readings.append(float(meter.stage.vu[LANE]) / (0.1 * math.pi / 2))
    at_ms = np.array(readings)
    assert at_ms[299] == pytest.approx(0.990, abs=0.005)
    assert at_ms.max() == pytest.approx(1.01176, abs=0.001)
    assert int(at_ms.argmax()) == pytest.approx(399, abs=5)


@pytest.mark.parametrize(("burst_ms", "expected_db"), [(50, -11.05), (100, -5.52), (200, -1.26)])
def test_vu_06_bursts(burst_ms: int, expected_db: float) -> None:
    meter = Meter(48000)
    highest = -math.inf
    meter.feed(sine(48000, 1000, -18, burst_ms / 1000))
    for _ in range(300):
        meter.feed(np.zeros(48, np.float32))
        highest = max(highest, meter.vu_db)
    assert highest == pytest.approx(expected_db, abs=0.15)


def test_vu_05_a_square_reads_3_92_db_above_the_sine_of_equal_peak() -> None:
    meter = Meter(48000)
    meter.feed(np.sign(sine(48000, 997, 0, 2.0) + 1e-9) * np.float32(10 ** (-18 / 20)))
    assert meter.vu_db == pytest.approx(3.92, abs=0.05)


@pytest.mark.parametrize("rate", RATES)
def test_sp_02_the_peak_falls_20_db_in_1_7_s(rate: int) -> None:
    meter = Meter(rate)
    meter.feed(np.array([0.5], np.float32))
    assert meter.peak_dbfs == pytest.approx(-6.02, abs=0.01)
    meter.feed(np.zeros(round(1.7 * rate), np.float32))
    assert meter.peak_dbfs == pytest.approx(-26.02, abs=0.1)


@pytest.mark.parametrize("rate", RATES)
def test_rm_01_02_mathematical_rms_of_sine_and_square(rate: int) -> None:
    meter = Meter(rate)
    meter.feed(sine(rate, 1000, -20, 0.5))
    assert meter.rms_dbfs == pytest.approx(-23.01, abs=0.01)
    meter.feed(np.sign(sine(rate, 1000, 0, 0.5) + 1e-9) * np.float32(0.1))
    assert meter.rms_dbfs == pytest.approx(-20.0, abs=0.02)


@pytest.mark.parametrize("block", [1, 13, 48])
def test_readings_do_not_depend_on_the_block_size(block: int) -> None:
    noise = np.random.default_rng(3).standard_normal(5000).astype(np.float32)
    one, other = Meter(44100), Meter(44100)
    one.feed(noise)
    other.feed(noise, block)
    assert one.stage.tobytes() == other.stage.tobytes()


def test_no_maximum_is_lost_between_two_hand_overs() -> None:
    meter = Meter(48000)
    meter.feed(np.array([0.1, -0.9, 0.2], np.float32))
    hand_over(meter.stage)
    assert meter.stage.handed[LANE] == np.float32(0.9)
    assert meter.stage.held[LANE] == 0.0
    meter.feed(np.array([0.3], np.float32))
    hand_over(meter.stage)
    assert meter.stage.handed[LANE] == np.float32(0.3)


@pytest.mark.parametrize("poison", [np.inf, np.nan, 1e30])
def test_the_meter_recovers_from_what_is_not_a_level(poison: float) -> None:
    meter = Meter(48000)
    meter.feed(np.array([poison], np.float32))
    meter.feed(sine(48000, 997, -18, 2.0))
    assert meter.vu_db == pytest.approx(0.0, abs=0.05)
    assert meter.peak_dbfs == pytest.approx(-18.0, abs=0.1)
    assert meter.rms_dbfs == pytest.approx(-21.01, abs=0.02)


def test_silence_ends_at_exactly_nothing() -> None:
    meter = Meter(48000)
    meter.feed(sine(48000, 997, 0, 0.1))
    meter.stage.peak[LANE] = meter.stage.vu[LANE] = meter.stage.vu_input[LANE] = 1e-21
    meter.feed(np.zeros(960, np.float32))
    assert meter.stage.peak[LANE] == 0.0
    assert meter.stage.vu[LANE] == 0.0
