"""From the meters to what the loudness view shows."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from engine.meters.frame import AFTER_FADER, LoudnessHistory, MeterFrame, Programme
from engine.meters.reader import silent_frame
from tests.frames import changed
from tui.drawing.loudness_scale import LoudnessScale
from tui.loudness_facts import RecentPeak, figures, readings

NONE = np.zeros(0, np.float32)
MASTER, MONITOR = -2, -1


def measured(spread: float | None = 7.04, stable: bool = True) -> MeterFrame:
    frame = silent_frame(3)

    def at(values: np.ndarray, master: object, monitor: object) -> np.ndarray:
        values = values.copy()
        values[MASTER, AFTER_FADER], values[MONITOR, AFTER_FADER] = master, monitor
        return values

    evidence = frame.evidence
    return changed(
        frame,
        peak_dbfs=at(frame.peak_dbfs, (-3.0, -4.0), (-9.0, -9.0)),
        hold_dbfs=at(frame.hold_dbfs, (-1.5, -2.0), (-8.0, -8.0)),
        true_hold_dbtp=at(frame.true_hold_dbtp, (-0.96, -2.0), (-7.5, -8.0)),
        momentary_lufs=at(frame.momentary_lufs, -13.0, -19.0),
        short_term_lufs=at(frame.short_term_lufs, -14.2, -20.0),
        integrated_lufs=at(frame.integrated_lufs, -15.0, -21.0),
        correlation=at(frame.correlation, -0.301, 1.0),
        balance_db=at(frame.balance_db, -1.26, 0.0),
        dc_offset=at(frame.dc_offset, (0.00121, -0.002), (0.0, 0.0)),
        evidence=replace(
            evidence,
            average_dbfs=at(evidence.average_dbfs, -12.0, -18.0),
            peak_dbfs=at(evidence.peak_dbfs, -1.5, -8.0),
        ),
        programme=Programme(-15.96, spread, stable, -9.94, -12.0, 83.0, False, LoudnessHistory(NONE, NONE)),
    )


def test_the_four_numbers_with_their_units_and_maxima() -> None:
    momentary, short_term, integrated, spread = readings(measured(), LoudnessScale(-16.0))
    assert (momentary.value, momentary.unit, momentary.beside) == ("-13.0", "LUFS", "max -9.9")
    assert (short_term.value, short_term.beside) == ("-14.2", "max -12.0")
    assert (integrated.value, integrated.beside) == ("-16.0", "0.0 from target")
    assert (spread.value, spread.unit, spread.beside) == ("7.0", "LU", "")


def test_relative_numbers_are_of_the_target_and_the_range_stays_what_it_is() -> None:
    momentary, _, integrated, spread = readings(measured(), LoudnessScale(-16.0, is_relative=True))
    assert (momentary.value, momentary.unit, momentary.beside) == ("+3.0", "LU", "max +6.1")
    assert (integrated.value, spread.value) == ("0.0", "7.0")


def test_a_range_of_less_than_a_minute_is_not_stable_and_what_is_undefined_is_said() -> None:
    assert readings(measured(stable=False), LoudnessScale())[3].beside == "stable from 60 s"
    assert readings(measured(spread=None), LoudnessScale())[3].value == "--.-"
    assert [facts.value for facts in readings(silent_frame(3), LoudnessScale())] == ["--.-"] * 4
    silent = figures(silent_frame(3), "master", -math.inf)
    assert (silent.true_peak, silent.plr, silent.psr, silent.crest, silent.sample_peak) == ("--.-",) * 5
    assert math.isnan(silent.correlation)
    assert math.isnan(silent.balance_db)


def test_peaks_and_stereo_are_of_the_master_or_of_the_monitor() -> None:
    master, monitor = figures(measured(), "master", -2.0), figures(measured(), "monitor", -8.0)
    assert (master.true_peak, master.sample_peak) == ("-1.0", "-1.5")
    assert master.plr == "15.0"  # -0.96 less -15.96
    assert master.psr == "12.2"
    assert master.crest == "13.5"  # above RMS
    assert (master.correlation, master.balance_db) == (pytest.approx(-0.3), pytest.approx(-1.3))
    assert (master.dc_left_percent, master.dc_right_percent) == (pytest.approx(0.12), pytest.approx(-0.2))
    assert (monitor.true_peak, monitor.psr, monitor.correlation) == ("-7.5", "12.0", 1.0)
    assert (monitor.plr, monitor.crest) == ("--.-", "--.-")


def test_a_recent_peak_is_the_highest_of_three_seconds() -> None:
    recent = RecentPeak()
    assert math.isnan(recent.update(-6.0, 0.0))
    assert math.isnan(recent.update(-9.0, 1.0))
    assert recent.update(-12.0, 3.0) == -6.0
    assert recent.update(-12.0, 3.1) == -9.0
    assert recent.update(-3.0, 3.2) == -3.0
    assert recent.update(-20.0, 6.3) == -20.0
    recent.clear()
    assert math.isnan(recent.update(-40.0, 6.4))
    assert recent.update(-50.0, 9.4) == -40.0
