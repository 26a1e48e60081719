"""One stage by itself: at any block size, through what is no sound, and what standards say of one lane.

The rest of the standards is in the table of conformance (`tests/conformance/live_rows.py`).
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.core.record import BLOCK_FRAMES, LANES, STRIPS_PER_RACK, allocate
from engine.meters.ballistics import BALLISTICS, set_ballistics
from engine.meters.stage import ROWS, STAGE_METERS, clear_lane, close_tick, file_tick, hand_over, measure

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
            measure(self.stage, self.ballistics, lanes, run, STRIPS_PER_RACK, True)
            start += run
            self.at += run
            if self.at % tick == 0:
                close_tick(self.stage)
                file_tick(self.stage, self.ballistics, self.ticks)
                self.ticks += 1

    @property
    def vu_db(self) -> float:
        return 20 * math.log10(float(self.stage.vu[LANE])) + 18.0

    @property
    def peak_dbfs(self) -> float:
        return 20 * math.log10(float(self.stage.peak[LANE]))

    @property
    def rms_dbfs(self) -> float:
        return self.mean_dbfs(self.stage.energy, 30)

    def mean_dbfs(self, totals: np.ndarray, ticks: int) -> float:
        """The mean square of the last ticks."""
        now, before = (float(totals[(self.ticks - 1 - back) % ROWS, LANE]) for back in (0, ticks))
        return 10 * math.log10((now - before) / (0.01 * ticks * self.rate))


def sine(rate: int, frequency: float, dbfs: float, seconds: float) -> np.ndarray:
    n = np.arange(round(seconds * rate))
    return (10 ** (dbfs / 20) * np.sin(2 * np.pi * frequency * n / rate)).astype(np.float32)


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


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("frequency", [25.0, 100.0, 997.0, 4000.0, 10000.0])
def test_kw_03_sines_weighted_by_k(rate: int, frequency: float) -> None:
    """What lies 0.691 dB below the K-weighting's gain reads -23, on two sides."""
    gains_db = {25.0: -10.3928, 100.0: -1.1335, 997.0: 0.6910, 4000.0: 3.9680, 10000.0: 4.0419}
    meter = Meter(rate)
    meter.feed(sine(rate, frequency, -23.0 + 0.691 - gains_db[frequency], 4.0))
    loudness = -0.691 + meter.mean_dbfs(meter.stage.k_energy, 300) + 10.0 * math.log10(2.0)
    # At lower rates the bilinear transform bends what lies far above the shelf a little otherwise.
    assert loudness == pytest.approx(-23.0, abs=0.1 if frequency < 8000.0 or rate >= 48000 else 0.15)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    ("divisor", "amplitude", "degrees", "expected_dbtp"),
    [(4, 0.5, 0.0, -6.0), (4, 0.5, 45.0, -6.0), (6, 0.5, 60.0, -6.0), (8, 0.5, 67.5, -6.0), (4, 1.41, 45.0, 3.0)],
)
def test_tp_15_to_19(rate: int, divisor: int, amplitude: float, degrees: float, expected_dbtp: float) -> None:
    n = np.arange(rate // 2)
    tone = amplitude * np.sin(2.0 * np.pi * n / divisor + np.radians(degrees))
    fade = np.minimum(np.minimum(n, n[::-1]) / (0.01 * rate), 1.0)
    meter = Meter(rate)
    meter.feed((tone * fade).astype(np.float32))
    highest = max(float(meter.stage.true_peak.held[LANE]), float(meter.stage.held[LANE]))
    assert -0.4 <= 20.0 * math.log10(highest) - expected_dbtp <= 0.2


def test_a_lane_that_is_cleared_begins_anew() -> None:
    meter = Meter(48000)
    meter.feed(sine(48000, 997, -6.0, 1.0))
    clear_lane(meter.stage, LANE, meter.ticks)
    for name in STAGE_METERS.names:
        if STAGE_METERS[name].shape == (LANES,) and name not in ("total", "k_total", "born"):
            assert meter.stage[name][LANE] == 0.0, name
    meter.feed(np.zeros(480, np.float32))
    born = int(meter.stage.born[LANE])
    row = (born - 1) % ROWS
    assert meter.stage.energy[(meter.ticks - 1) % ROWS, LANE] == meter.stage.energy[row, LANE]
