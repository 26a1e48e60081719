"""What an engine's meters remember of the levels of all types: marks that stay for a while, and the highest ones."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.meters.frame import AFTER_FADER, AFTER_TRIM, INPUT, SOURCES, MeterFrame
from engine.mix import MeterSettings
from tests.engine.playing import MASTER_ROW, MONITOR_ROW, both, playing, tone
from tests.engine.running import Running
from tests.engine.songs import RATE

LOUD_S, QUIET_FOR_S = 4, 8


def loud_then_quiet(tmp_path: Path, hold_s: float = 2.0, strips: int = 1) -> Running:
    """An engine that has played what is loud, and now plays what is 24 dB quieter."""
    sound = both(np.concatenate([tone(LOUD_S, -12.0), tone(QUIET_FOR_S, -36.0)]))
    running = playing(tmp_path, *[sound] * strips, meters=MeterSettings(hold_s=hold_s))
    running.reader.set(running.mix.meters)
    heard(running, LOUD_S)
    return running


def heard(running: Running, seconds: float) -> MeterFrame:
    """The reading after so long, with others before it as an interface makes them."""
    for _ in range(round(20 * seconds)):
        running.play(RATE // 20)
        frame = running.frame()
    return frame


def at(frame: MeterFrame, part: str, source: str, row: int = 0, stage: int = INPUT) -> float:
    levels = getattr(frame, part).of(source)
    assert levels[row, stage, 0] == levels[row, stage, 1]
    return float(levels[row, stage, 0])


@pytest.mark.parametrize("source", SOURCES)
def test_of_every_type_it_is_known_what_has_been(tmp_path: Path, source: str) -> None:
    running = loud_then_quiet(tmp_path)
    loud = at(running.frame(), "levels", source)
    frame = heard(running, 1.0)
    assert at(frame, "maxima", source) >= at(frame, "marks", source) >= at(frame, "levels", source)
    assert at(frame, "maxima", source) == pytest.approx(loud, abs=0.15)  # a VU meter overshoots
    assert at(frame, "marks", source) == pytest.approx(loud, abs=0.15)


@pytest.mark.parametrize(("hold_s", "after"), [(2.0, -39.0), (math.inf, -15.0), (0.0, -math.inf), (10.0, -15.0)])
def test_marks_stay_as_long_as_is_set(tmp_path: Path, hold_s: float, after: float) -> None:
    frame = heard(loud_then_quiet(tmp_path, hold_s), 3.0)
    assert at(frame, "levels", "rms_dbfs") == pytest.approx(-39.01, abs=0.05)
    assert at(frame, "marks", "rms_dbfs") == pytest.approx(after, abs=0.1)
    assert at(frame, "maxima", "rms_dbfs") == pytest.approx(-15.01, abs=0.05)


def test_how_long_marks_stay_is_changed_at_once(tmp_path: Path) -> None:
    running = loud_then_quiet(tmp_path, 10.0)
    heard(running, 3.0)
    running.reader.set(replace(running.mix.meters, hold_s=1.0))
    assert at(heard(running, 0.1), "marks", "rms_dbfs") == pytest.approx(-39.01, abs=0.1)


def test_of_peaks_it_is_what_the_engine_has_held_to_the_sample(tmp_path: Path) -> None:
    sound = both(tone(3.0, -20.0))
    sound[RATE + 7, 1] = 0.9
    running = playing(tmp_path, sound)
    running.play(2 * RATE)  # nobody has read when it came
    frame = running.frame()
    assert frame.maxima.of("peak_dbfs")[0, INPUT, 1] == pytest.approx(20.0 * math.log10(0.9), abs=0.001)
    np.testing.assert_array_equal(frame.maxima.of("peak_dbfs"), frame.hold_dbfs)
    assert (frame.maxima.of("true_peak_dbtp") >= frame.hold_dbfs).all()


def test_one_strip_one_stage_and_all_are_cleared(tmp_path: Path) -> None:
    running = loud_then_quiet(tmp_path, 10.0, strips=2)
    heard(running, 1.0)

    def left(frame: MeterFrame, row: int, stage: int) -> bool:
        marks, maxima = (at(frame, part, "rms_dbfs", row, stage) for part in ("marks", "maxima"))
        assert marks == maxima
        return marks > at(frame, "levels", "rms_dbfs", row, stage) + 12.0

    running.reader.clear_holds(running.slots[0], AFTER_TRIM)
    frame = heard(running, 0.05)
    assert [left(frame, 0, stage) for stage in (INPUT, AFTER_TRIM, AFTER_FADER)] == [True, False, True]
    assert left(frame, 1, AFTER_TRIM)
    running.reader.clear_holds(running.slots[1])
    frame = heard(running, 0.05)
    assert [left(frame, row, INPUT) for row in (0, 1)] == [True, False]
    assert left(frame, MASTER_ROW, AFTER_FADER)
    running.reader.clear_holds(running.slots[-1])
    frame = heard(running, 0.05)
    assert [left(frame, row, AFTER_FADER) for row in (0, MASTER_ROW, MONITOR_ROW)] == [True, False, False]
    running.reader.clear_holds()
    assert not left(heard(running, 0.05), 0, INPUT)


def test_what_is_held_goes_with_its_strip(tmp_path: Path) -> None:
    running = loud_then_quiet(tmp_path, 10.0, strips=2)
    heard(running, 1.0)
    running.reader.clear_holds(running.slots[1])
    heard(running, 0.1)
    first, second, master = running.slots
    frame = running.reader.read((second, first, master))
    assert [at(frame, "marks", "rms_dbfs", row) > -20.0 for row in (0, 1)] == [False, True]
    assert [at(frame, "maxima", "rms_dbfs", row) > -20.0 for row in (0, 1)] == [False, True]


def test_while_no_engine_runs_there_is_silence_and_what_is_held_stays(tmp_path: Path) -> None:
    running = loud_then_quiet(tmp_path)
    last = running.frame()
    nothing = running.reader.read_nothing(running.slots)
    assert np.isneginf(nothing.rms_dbfs).all()
    np.testing.assert_array_equal(nothing.maxima.of("rms_dbfs"), last.maxima.of("rms_dbfs"))
    np.testing.assert_array_equal(nothing.hold_dbfs, last.hold_dbfs)
    assert not nothing.playing


def test_a_frame_is_not_changed_by_the_next(tmp_path: Path) -> None:
    running = loud_then_quiet(tmp_path)
    before = running.frame()
    kept = [part.points.copy() for part in (before.levels, before.marks, before.maxima)]
    heard(running, 3.0)
    for part, levels in zip((before.levels, before.marks, before.maxima), kept, strict=True):
        np.testing.assert_array_equal(part.points, levels)


def test_before_a_first_reading_there_is_nothing_to_clear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = playing(tmp_path, both(tone(3.0, -20.0)))
    running.play(RATE)

    def not_linked_yet(*_: int) -> int:
        raise AssertionError("nothing may be read yet")

    with monkeypatch.context() as patch:
        patch.setattr("engine.meters.points.read_points", not_linked_yet)
        running.reader.pause_loudness(True)
        running.reader.reset_loudness()
        running.reader.clear_holds(running.slots[-1])
        running.reader.clear_holds()
    assert at(heard(running, 0.5), "maxima", "peak_dbfs") == pytest.approx(-20.0, abs=0.01)


def test_while_no_engine_runs_holds_are_cleared_and_go_with_their_strips(tmp_path: Path) -> None:
    sound = both(tone(3.0, -20.0))
    sound[RATE // 2] = 1.5
    running = playing(tmp_path, sound, sound)
    heard(running, 1.0)
    first, second, master = running.slots
    nothing = running.reader.read_nothing((second, 9, first, master))  # another strip has come meanwhile
    assert nothing.hold_dbfs[[0, 1, 2], INPUT, 0].tolist() == pytest.approx([3.52, -math.inf, 3.52], abs=0.01)
    assert nothing.overs[[0, 1, 2], INPUT].tolist() == [2, 0, 2]
    assert nothing.over[:, INPUT, 0].tolist() == [True, False, True, True, False]
    running.reader.clear_holds(first)
    nothing = running.reader.read_nothing(running.slots)
    assert nothing.hold_dbfs[[0, 1], INPUT, 0].tolist() == pytest.approx([-math.inf, 3.52], abs=0.01)
    assert nothing.overs[[0, 1], INPUT].tolist() == [0, 2]
    assert nothing.first_over_s[[0, 1], INPUT].tolist() == pytest.approx([-1.0, 0.5])
    running.reader.clear_holds()
    nothing = running.reader.read_nothing(running.slots)
    assert np.isneginf(nothing.maxima.of("rms_dbfs")).all()
    assert not nothing.over.any()


def test_what_is_integrated_is_never_above_its_maximum_and_begins_anew_with_it(tmp_path: Path) -> None:
    running = loud_then_quiet(tmp_path, math.inf)
    running.reader.reset_loudness()
    running.reader.clear_holds()
    for _ in range(60):
        frame = heard(running, 0.05)
        integrated = at(frame, "levels", "integrated_lufs")
        assert at(frame, "marks", "integrated_lufs") == at(frame, "maxima", "integrated_lufs") >= integrated
    assert at(frame, "maxima", "integrated_lufs") < -20.0


@pytest.mark.parametrize(("hold_s", "after"), [(1e17, -15.0), (0.001, -39.0)])
def test_marks_stay_for_any_time(tmp_path: Path, hold_s: float, after: float) -> None:
    frame = heard(loud_then_quiet(tmp_path, hold_s), 3.0)
    assert at(frame, "marks", "rms_dbfs") == pytest.approx(after, abs=0.1)
