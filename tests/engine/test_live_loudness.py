"""Loudness and evidence of an engine that plays, however late they are read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.deck import Deck
from engine.memory import new_engine
from engine.meters.frame import AFTER_FADER, AFTER_INSERT, AFTER_TRIM, INPUT
from engine.meters.loudness import UNDEFINED_LUFS
from engine.mix import MASTER, MAX_STRIPS, Mix, Strip, StripControls
from tests.engine.playing import MASTER_ROW, both, playing, tone
from tests.engine.running import Running
from tests.engine.songs import RATE, insert, noise, strip, write_stem

# Loudness


@pytest.mark.parametrize(("rate", "block"), [(44100, 997), (48000, 64), (96000, 4096), (48000, 1)])
def test_stems_and_programme_have_the_loudness_of_a_steady_tone(tmp_path: Path, rate: int, block: int) -> None:
    seconds = 4.0 if block > 1 else 1.5
    running = playing(tmp_path, both(tone(5.0, -23.0, rate=rate)), rate=rate)
    running.play(round(seconds * rate), block)
    frame = running.frame()
    for row, stage in ((0, INPUT), (0, AFTER_TRIM), (0, AFTER_FADER), (MASTER_ROW, AFTER_FADER)):
        assert frame.integrated_lufs[row, stage] == pytest.approx(-23.0, abs=0.05)
    assert frame.programme.integrated_lufs == pytest.approx(-23.0, abs=0.05)
    assert frame.programme.max_momentary_lufs == pytest.approx(-23.0, abs=0.05)
    assert frame.programme.measured_s == pytest.approx(seconds, abs=0.02)


def test_a_reader_that_comes_40_s_late_has_lost_nothing(tmp_path: Path) -> None:
    levels = np.repeat([0.3, 0.03, 0.1, 0.003, 0.2, 0.0, 0.1, 0.05], 5 * RATE)[:, None]
    sound = np.random.default_rng(4).uniform(-1.0, 1.0, (40 * RATE, 2)) * levels
    early, late = playing(tmp_path, sound), playing(tmp_path, sound)
    for _ in range(400):
        early.play(RATE // 10, 4800)
        early.frame()
    late.play(40 * RATE, 8192)
    for running in (early, late):
        running.play(RATE // 2)
    before, after = (running.reader.read(running.slots, at_end=True) for running in (early, late))
    assert before.programme.measured_s == after.programme.measured_s
    assert before.programme.integrated_lufs == after.programme.integrated_lufs
    assert before.programme.loudness_range_lu == after.programme.loudness_range_lu
    assert before.programme.max_short_term_lufs == after.programme.max_short_term_lufs
    np.testing.assert_array_equal(before.integrated_lufs, after.integrated_lufs)
    np.testing.assert_array_equal(before.evidence.average_dbfs, after.evidence.average_dbfs)
    np.testing.assert_array_equal(before.evidence.sounding_s, after.evidence.sounding_s)
    np.testing.assert_array_equal(before.evidence.peak_dbfs, after.evidence.peak_dbfs)
    assert len(after.programme.history.momentary_lufs) == len(before.programme.history.momentary_lufs) == 400


def test_standing_still_is_not_measured(tmp_path: Path) -> None:
    running = playing(tmp_path, both(tone(20.0, -20.0)))
    running.play(4 * RATE)
    running.deck.stop()
    running.play(10 * RATE, 4096)
    still = running.frame().programme
    assert still.measured_s == pytest.approx(4.0, abs=0.05)
    assert still.integrated_lufs == pytest.approx(-20.0, abs=0.1)
    running.deck.play()
    running.play(4 * RATE)
    programme = running.frame().programme
    assert programme.measured_s == pytest.approx(8.0, abs=0.1)
    assert programme.integrated_lufs == pytest.approx(-20.0, abs=0.1)
    # No window reaches over the pause: the range is that of a steady tone.
    assert programme.loudness_range_lu == pytest.approx(0.0, abs=0.1)


def test_what_rings_after_the_end_is_measured_until_it_has_died_down(tmp_path: Path) -> None:
    stem = write_stem(tmp_path / "a.wav", noise(1.0, 1))
    mix = Mix(RATE, (replace(strip(0, stem), inserts=(insert("compressor"),)),))
    echoing = replace(mix, master=replace(MASTER, inserts=(insert("delay", feedback_percent=60.0),)))
    measured = []
    for each in (mix, echoing):
        running = Running(mix=each)
        running.locate(0)
        running.deck.play()
        running.play(15 * RATE, 1024)
        measured.append(running.frame().programme.measured_s)
    assert measured[0] == pytest.approx(1.0, abs=0.05)
    assert 1.2 < measured[1] < 14.0


def test_reset_begins_the_programme_and_all_strips_anew(tmp_path: Path) -> None:
    sound = np.concatenate([both(tone(4.0, -10.0)), both(tone(6.0, -30.0))])
    running = playing(tmp_path, sound)
    running.play(5 * RATE)
    running.frame()
    running.reader.reset_loudness()
    frame = running.frame()
    assert frame.programme.integrated_lufs == UNDEFINED_LUFS
    assert (frame.integrated_lufs == -np.inf).all()
    running.play(RATE)
    running.frame()
    running.play(3 * RATE)
    frame = running.frame()
    assert frame.programme.integrated_lufs == pytest.approx(-30.0, abs=0.05)
    assert frame.programme.max_momentary_lufs == pytest.approx(-30.0, abs=0.05)
    assert frame.integrated_lufs[0, INPUT] == pytest.approx(-30.0, abs=0.05)
    assert frame.integrated_lufs[MASTER_ROW, AFTER_FADER] == pytest.approx(-30.0, abs=0.05)


@pytest.mark.parametrize("looks", range(14, 21))
def test_what_begins_anew_at_rest_begins_with_the_very_first_block(tmp_path: Path, looks: int) -> None:
    running = playing(tmp_path, both(tone(1.0, -20.0)))
    running.play(RATE // 2)
    running.deck.stop()
    running.play(RATE)
    running.locate(0)
    running.frame()
    running.reader.begin_evidence((running.slots[0],))
    for _ in range(looks):
        running.play(RATE // 20)
        running.frame()
    running.deck.play()
    for _ in range(40):
        running.play(RATE // 20)
        frame = running.frame()
    # All blocks that a second of sound lies in.
    assert frame.evidence.sounding_s[0, INPUT] == pytest.approx(1.35, abs=0.06)
    assert frame.evidence.average_dbfs[0, INPUT] > -21.5


def test_a_pause_leaves_out_what_comes(tmp_path: Path) -> None:
    sound = np.concatenate([both(tone(3.0, -20.0)), both(tone(4.0, -6.0)), both(tone(5.0, -20.0))])
    running = playing(tmp_path, sound)
    running.play(3 * RATE)
    running.frame()
    running.reader.pause_loudness(True)
    running.play(4 * RATE)
    paused = running.frame()
    assert paused.programme.is_paused
    assert paused.programme.integrated_lufs == pytest.approx(-20.0, abs=0.05)
    assert paused.integrated_lufs[0, INPUT] == pytest.approx(-20.0, abs=0.05)
    running.reader.pause_loudness(False)
    running.play(RATE // 2)
    running.frame()
    running.play(3 * RATE)
    frame = running.frame()
    assert not frame.programme.is_paused
    assert frame.programme.integrated_lufs == pytest.approx(-20.0, abs=0.05)
    assert frame.programme.measured_s == pytest.approx(6.5, abs=0.05)
    assert frame.integrated_lufs[0, INPUT] == pytest.approx(-20.0, abs=0.05)


@pytest.mark.parametrize("is_reset", [False, True])
def test_a_pause_and_a_reset_are_of_all_strips_before_the_first_reading_too(tmp_path: Path, is_reset: bool) -> None:
    sound = np.concatenate([both(tone(2.0, -20.0)), both(tone(4.0, -6.0)), both(tone(5.0, -40.0))])
    running = playing(tmp_path, sound)
    running.play(2 * RATE)
    running.reader.pause_loudness(True)
    running.play(4 * RATE)
    running.reader.pause_loudness(False)
    if is_reset:
        running.play(RATE // 10)
        running.reader.reset_loudness()
    running.play(RATE // 2)
    running.frame()
    running.play(2 * RATE)
    frame = running.frame()
    expected = -40.0 if is_reset else -20.0
    assert frame.programme.integrated_lufs == pytest.approx(expected, abs=0.3)
    for row, stage in ((0, INPUT), (0, AFTER_FADER), (MASTER_ROW, AFTER_FADER)):
        assert frame.integrated_lufs[row, stage] == pytest.approx(expected, abs=0.1)


def test_a_strip_that_comes_later_has_its_own_loudness_and_no_one_elses(tmp_path: Path) -> None:
    running = playing(tmp_path, both(tone(20.0, -10.0)), both(tone(20.0, -20.0)))
    running.play(2 * RATE)
    running.frame()
    first, second = running.mix.strips
    running.apply(replace(running.mix, strips=(first,)))
    running.play(RATE)
    running.frame()
    quiet = write_stem(tmp_path / "quiet.wav", both(tone(20.0, -40.0)))
    running.apply(replace(running.mix, strips=(first, replace(second, id="new", stem=quiet))))
    running.play(3 * RATE)
    frame = running.frame()
    # It has faded in.
    assert frame.integrated_lufs[1, INPUT] == pytest.approx(-40.0, abs=0.3)
    assert frame.evidence.average_dbfs[1, INPUT] == pytest.approx(-40.0, abs=0.3)
    assert frame.integrated_lufs[0, INPUT] == pytest.approx(-10.0, abs=0.05)


@pytest.mark.parametrize("ticks", range(10))
def test_a_stage_that_comes_back_knows_nothing_of_before(tmp_path: Path, ticks: int) -> None:
    sound = np.concatenate([both(tone(0.4, -6.0)), both(tone(2.6, -40.0))])
    running = playing(tmp_path, sound)
    without = running.mix
    used = replace(without, strips=(replace(without.strips[0], inserts=(insert("utility"),)),))
    running.apply(used)
    running.play(RATE // 4)
    running.apply(without)
    running.play(RATE + ticks * RATE // 100)
    running.frame()
    running.apply(used)
    for _ in range(120):
        running.play(RATE // 100)
        frame = running.frame()
        assert frame.momentary_lufs[0, AFTER_INSERT] < -39.9
        assert frame.rms_dbfs[0, AFTER_INSERT].max() < -42.9
    assert frame.integrated_lufs[0, AFTER_INSERT] == pytest.approx(-40.0, abs=0.1)
    assert frame.evidence.average_dbfs[0, AFTER_INSERT] == pytest.approx(-40.0, abs=0.1)


# Evidence


def test_evidence_begins_anew_for_the_strips_that_changed(tmp_path: Path) -> None:
    running = playing(tmp_path, both(tone(20.0, -12.0)), both(tone(20.0, -12.0)))
    running.play(2 * RATE)
    running.frame()
    running.set(0, StripControls(trim_db=-12.0))
    running.reader.begin_evidence((running.slots[0],))
    running.play(RATE // 10)
    frame = running.frame()
    assert frame.evidence.average_dbfs[0, AFTER_TRIM] == -np.inf
    assert frame.evidence.peak_dbfs[0, AFTER_TRIM] == -np.inf
    assert frame.evidence.sounding_s[0, AFTER_TRIM] == 0.0
    assert frame.evidence.average_dbfs[1, AFTER_TRIM] == pytest.approx(-12.0, abs=0.05)
    for _ in range(20):
        running.play(RATE // 10)
        frame = running.frame()
    assert frame.evidence.average_dbfs[0, AFTER_TRIM] == pytest.approx(-24.0, abs=0.02)
    assert frame.evidence.peak_dbfs[0, AFTER_TRIM] == pytest.approx(-24.0, abs=0.02)
    # Evidence is read once a second.
    assert 0.4 < frame.evidence.sounding_s[0, AFTER_TRIM] < 1.8
    assert 3.0 < frame.evidence.sounding_s[1, AFTER_TRIM] < 4.0


@pytest.mark.parametrize("kind", ["utility", "compressor", "saturator", "limiter", "equaliser"])
def test_a_new_processor_is_judged_when_it_is_heard_in_full(tmp_path: Path, kind: str) -> None:
    running = playing(tmp_path, both(tone(8.0, -6.0)))
    running.play(RATE)
    running.frame()
    used = replace(running.mix.strips[0], inserts=(insert(kind, output_db=-30.0),))
    running.apply(replace(running.mix, strips=(used,)))
    running.reader.begin_evidence(running.slots)
    for _ in range(50):
        running.play(RATE // 20)
        frame = running.frame()
    for stage in (AFTER_INSERT, AFTER_FADER):
        expected = frame.rms_dbfs[0, stage].max() + 3.01
        assert frame.evidence.average_dbfs[0, stage] == pytest.approx(expected, abs=0.1)


def test_evidence_begins_anew_from_a_stage_on(tmp_path: Path) -> None:
    """A fader that goes far down is not gated away by how loud it was."""
    running = playing(tmp_path, both(tone(20.0, -12.0)))
    running.play(2 * RATE)
    running.frame()
    running.set(0, StripControls(fader_db=-20.0))
    running.reader.begin_evidence((running.slots[0],), AFTER_FADER)
    for _ in range(20):
        running.play(RATE // 10)
        frame = running.frame()
    assert frame.evidence.average_dbfs[0, AFTER_FADER] == pytest.approx(-32.0, abs=0.05)
    assert frame.evidence.peak_dbfs[0, AFTER_FADER] == pytest.approx(-32.0, abs=0.05)
    assert 0.8 < frame.evidence.sounding_s[0, AFTER_FADER] < 2.0
    assert frame.evidence.sounding_s[0, AFTER_TRIM] > 3.0


def test_evidence_that_is_read_late_holds_nothing_of_before(tmp_path: Path) -> None:
    running = playing(tmp_path, both(tone(60.0, -6.0)))
    running.play(RATE)
    running.frame()
    running.reader.begin_evidence((running.slots[0],))
    running.play(256)
    running.set(0, StripControls(trim_db=-24.0))
    running.play(30 * RATE, 4096)
    running.frame()
    running.play(RATE)
    running.frame()
    running.play(RATE)
    frame = running.frame()
    assert frame.evidence.average_dbfs[0, AFTER_TRIM] == pytest.approx(-30.0, abs=0.02)
    assert frame.evidence.peak_dbfs[0, AFTER_TRIM] == pytest.approx(-30.0, abs=0.02)


def _goes_on_in_another_process(running: Running, rate: int = RATE) -> None:
    """What it begins with is as a new engine over the same memory leaves it."""
    running.close()
    buffer = memoryview(running.engine.base).cast("B")
    running.engine = new_engine(rate, buffer)
    running.deck = Deck(running.engine)
    running.deck.connect(running.live.nodes)
    running.deck.set_stem(0, running.mix.strips[0].stem, "a")
    running.frame()


def test_another_audio_process_goes_on_with_the_programme(tmp_path: Path) -> None:
    running = playing(tmp_path, both(tone(20.0, -20.0)))
    running.play(3 * RATE)
    running.frame()
    running.reader.begin_evidence((running.slots[0],))
    running.reader.pause_loudness(True)
    running.reader.pause_loudness(False)
    _goes_on_in_another_process(running)
    running.locate(RATE)
    running.deck.play()
    for _ in range(30):
        running.play(RATE // 10)
        frame = running.frame()
    assert frame.programme.measured_s == pytest.approx(6.0, abs=0.55)
    assert frame.programme.integrated_lufs == pytest.approx(-20.0, abs=0.05)
    assert frame.integrated_lufs[0, INPUT] == pytest.approx(-20.0, abs=0.1)
    assert frame.evidence.average_dbfs[0, INPUT] == pytest.approx(-20.0, abs=0.1)
    assert frame.evidence.peak_dbfs[0, INPUT] == pytest.approx(-20.0, abs=0.05)


@pytest.mark.parametrize("is_paused", [False, True])
def test_another_audio_process_goes_on_with_all_strips(tmp_path: Path, is_paused: bool) -> None:
    sound = np.concatenate([both(tone(4.0, -20.0)), both(tone(8.0, -14.0))])
    running = playing(tmp_path, sound)
    running.play(3 * RATE)
    before = running.frame()
    running.reader.pause_loudness(is_paused)
    _goes_on_in_another_process(running)
    running.locate(5 * RATE)
    running.deck.play()
    for _ in range(30):
        running.play(RATE // 10)
        frame = running.frame()
        gained_s = frame.evidence.sounding_s[0, INPUT] - before.evidence.sounding_s[0, INPUT]
        assert gained_s >= 0.0
    assert 1.5 < gained_s < 3.0
    frame = running.reader.read(running.slots, at_end=True)
    assert frame.evidence.average_dbfs[0, INPUT] == pytest.approx(-16.0, abs=0.3)
    expected = frame.programme.integrated_lufs
    assert expected == pytest.approx(-20.0 if is_paused else -16.0, abs=0.3)
    for row, stage in ((0, INPUT), (0, AFTER_FADER), (MASTER_ROW, AFTER_FADER)):
        assert frame.integrated_lufs[row, stage] == pytest.approx(expected, abs=0.1)


def test_what_is_held_outlives_the_time_until_another_process_plays(tmp_path: Path) -> None:
    running = playing(tmp_path, both(np.concatenate([tone(1.0, -6.0), tone(9.0, -30.0)])))
    running.play(3 * RATE)
    before = running.frame()
    _goes_on_in_another_process(running)
    waiting = running.frame()
    assert waiting.hold_dbfs.shape == before.hold_dbfs.shape
    np.testing.assert_array_equal(waiting.hold_dbfs, before.hold_dbfs)
    running.reader.clear_holds(running.slots[0], INPUT)
    running.deck.play()
    for _ in range(15):
        running.play(RATE // 10)
        frame = running.frame()
    assert frame.hold_dbfs[0, AFTER_TRIM, 0] == pytest.approx(-6.0, abs=0.01)
    assert frame.evidence.peak_dbfs[0, AFTER_TRIM] == pytest.approx(-6.0, abs=0.01)
    assert frame.evidence.average_dbfs[0, AFTER_TRIM] == pytest.approx(-6.0, abs=2.0)


@pytest.mark.parametrize("block", [48, 480])
@pytest.mark.parametrize("is_paused", [False, True])
def test_nothing_of_before_a_reset_or_a_pause_is_measured_after_it(tmp_path: Path, block: int, is_paused: bool) -> None:
    """Wherever within 10 ms it comes, and however late these are counted."""
    for phase in range(0, RATE // 100, 110):
        loud = RATE + phase
        sound = np.concatenate([tone(loud / RATE, -1.0), tone(4.0, -50.0)])
        running = playing(tmp_path, both(sound))
        running.frame()
        running.reader.pause_loudness(is_paused)
        running.play(loud, block)
        running.frame()
        if is_paused:
            running.reader.pause_loudness(False)
        else:
            running.reader.reset_loudness()
        for _ in range(25):
            running.play(RATE // 10, block)
            frame = running.frame()
        programme = frame.programme
        found = (programme.integrated_lufs, programme.max_momentary_lufs, frame.integrated_lufs[0, INPUT])
        assert found == pytest.approx([-50.0] * 3, abs=0.1), phase


def test_another_rate_is_measured_anew(tmp_path: Path) -> None:
    running = playing(tmp_path, both(tone(10.0, -20.0)))
    running.play(3 * RATE)
    running.frame()
    _goes_on_in_another_process(running, 2 * RATE)
    running.play(1000)
    frame = running.frame()
    assert frame.programme.measured_s == 0.0
    assert frame.integrated_lufs[0, INPUT] == -np.inf
    assert frame.evidence.sounding_s[0, INPUT] == 0.0


@pytest.mark.parametrize("rate", [44100, 48000])
def test_evidence_of_another_stem_holds_nothing_of_the_one_before(tmp_path: Path, rate: int) -> None:
    running = playing(tmp_path, both(tone(6.0, -6.0, rate=rate)), rate=rate)
    running.play(rate)
    running.frame()
    quiet = write_stem(tmp_path / "quiet.wav", both(tone(6.0, -40.0, rate=rate)), rate)
    running.apply(replace(running.mix, strips=(replace(running.mix.strips[0], stem=quiet),)))
    running.reader.begin_evidence(running.slots)
    for _ in range(50):
        running.play(rate // 20)
        frame = running.frame()
    for row, stage in ((0, INPUT), (0, AFTER_FADER), (MASTER_ROW, AFTER_FADER)):
        assert frame.evidence.average_dbfs[row, stage] == pytest.approx(-40.0, abs=0.05)
        assert frame.evidence.peak_dbfs[row, stage] == pytest.approx(-40.0, abs=0.05)


def test_who_takes_the_place_of_another_is_not_judged_by_it(tmp_path: Path) -> None:
    loud, quiet = (
        write_stem(tmp_path / f"{level}.wav", both(tone(5.0, level)), subtype="FLOAT") for level in (-6.0, -40.0)
    )
    running = Running(mix=Mix(RATE, tuple(Strip(f"a{n}", "A", loud) for n in range(MAX_STRIPS - 1))))
    running.locate(0)
    running.deck.play()
    running.play(RATE, 4096)
    running.frame()
    running.apply(Mix(RATE, tuple(Strip(f"b{n}", "B", quiet) for n in range(2))))
    for _ in range(30):
        running.play(RATE // 10, 4800)
        frame = running.frame()
    for row in range(2):
        assert frame.evidence.average_dbfs[row, INPUT] == pytest.approx(-40.0, abs=0.3)
        assert frame.evidence.peak_dbfs[row, INPUT] == pytest.approx(-40.0, abs=0.05)
        assert frame.integrated_lufs[row, INPUT] == pytest.approx(-40.0, abs=0.3)
