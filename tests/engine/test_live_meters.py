"""What meters read of an engine that plays: overs, stereo figures, the monitor, true peaks, settings."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.core.record import LANES, STRIPS_PER_RACK, allocate
from engine.meters.clips import CLIPS, clear_clips, find_clips, forget_runs, set_full_scale
from engine.meters.frame import AFTER_FADER, AFTER_INSERT, AFTER_TRIM, AT_SEND, INPUT
from engine.meters.points import Points
from engine.mix import Loop, MeterSettings, Mix, Monitor, Strip, StripControls
from engine.mixer.controls import MASTER_SLOT
from tests.engine.playing import MASTER_ROW, MONITOR_ROW, both, playing, tone
from tests.engine.running import Running
from tests.engine.songs import RATE, insert, strip, write_stem

# Overs and holds


@pytest.mark.parametrize("block", [64, 333])
def test_overs_are_counted_and_the_first_is_found_in_the_song(tmp_path: Path, block: int) -> None:
    sound = both(tone(6.0, -20.0))
    sound[2 * RATE : 2 * RATE + 5, 0] = 1.5
    sound[3 * RATE, 1] = -1.0001
    sound[3 * RATE + 1, 1] = 1.0
    running = playing(tmp_path, sound)
    for _ in range(20):
        running.play(RATE // 5, block)
        frame = running.frame()
    assert frame.overs[0, INPUT] == 6
    assert frame.overs[MASTER_ROW, AFTER_FADER] == 6
    assert frame.first_over_s[0, INPUT] == pytest.approx(2.0, abs=1e-9)
    assert frame.over[0, INPUT].tolist() == [True, True]
    assert frame.first_over_s[MONITOR_ROW, AFTER_FADER] == -1.0
    running.reader.clear_holds()
    running.play(RATE)
    frame = running.frame()
    assert not frame.overs.any()
    assert (frame.first_over_s == -1.0).all()
    assert not frame.over.any()


def test_an_over_of_a_mono_stem_is_one(tmp_path: Path) -> None:
    sound = tone(2.0, -20.0)
    sound[RATE] = 1.2
    running = playing(tmp_path, sound)
    running.play(3 * RATE // 2)
    frame = running.frame()
    assert frame.overs[0, INPUT] == 1


@pytest.mark.parametrize("subtype", ["FLOAT", "PCM_16"])
@pytest.mark.parametrize("over_s", [0.5 + 5 / RATE, 0.7, 1.0025])
def test_the_first_over_of_a_loop_is_found_at_both_of_its_ends(tmp_path: Path, over_s: float, subtype: str) -> None:
    sound = both(tone(2.0, -20.0))
    over = round(over_s * RATE)
    sound[over : over + 3] = 1.0 if subtype == "PCM_16" else 1.5
    running = playing(tmp_path, sound, subtype=subtype)
    running.deck.set_loop(Loop(True, 0.5, 1.003))
    running.locate(round(0.4 * RATE))
    for _ in range(8):
        running.play(RATE // 5, 333)
        frame = running.frame()
    assert frame.first_over_s[0, INPUT] == pytest.approx(over_s, abs=1e-9)
    passed = 1 + int((8 * 0.2 - (over_s - 0.4)) / (1.003 - 0.5))
    assert frame.overs[0, INPUT] == passed * 2 * (1 if subtype == "PCM_16" else 3)


@pytest.mark.parametrize("block", [64, 1000])
@pytest.mark.parametrize("over", [RATE // 4 + 3, RATE - 5])
def test_the_first_over_is_the_sample_that_made_it_however_late_it_is_heard(
    tmp_path: Path, block: int, over: int
) -> None:
    sound = both(tone(2.0, -20.0))
    sound[over] = 1.5
    late, bus = insert("limiter", bypass=True), Strip("bus", "Bus", kind="bus")
    strips = (
        replace(strip(0, write_stem(tmp_path / "a.wav", sound, subtype="FLOAT")), output="bus"),
        replace(strip(1, write_stem(tmp_path / "b.wav", sound, subtype="FLOAT")), inserts=(None, late, late)),
    )
    running = Running(mix=Mix(RATE, (*strips, bus)))
    running.deck.set_loop(Loop(True, 0.25, 1.0))
    running.locate(RATE // 4)
    running.deck.play()
    running.play(RATE + RATE // 2, block)
    frame = running.frame()
    assert frame.latency_s > 10 / RATE
    assert frame.first_over_s[:MONITOR_ROW, :AT_SEND] == pytest.approx(over / RATE, abs=1e-9)


def test_overs_between_late_readings_are_all_counted(tmp_path: Path) -> None:
    sound = both(tone(20.0, -20.0))
    sound[RATE :: RATE // 2] = 1.1
    running = playing(tmp_path, sound)
    for seconds in (3, 7, 2, 6):
        running.play(seconds * RATE, 4096)
        frame = running.frame()
    assert frame.overs[0, INPUT] == 2 * 2 * 17
    assert frame.first_over_s[0, INPUT] == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(("subtype", "bits"), [("PCM_16", 16), ("PCM_24", 24)])
@pytest.mark.parametrize(("run", "clips"), [(2, 0), (3, 1), (7, 1)])
def test_three_samples_at_full_scale_are_a_clip_of_a_file_of_integers(
    tmp_path: Path, subtype: str, bits: int, run: int, clips: int
) -> None:
    sound = both(tone(2.0, -20.0))
    sound[RATE : RATE + run, 0] = 1.0 - 2.0 ** (1 - bits)
    running = playing(tmp_path, sound, subtype=subtype)
    running.play(3 * RATE // 2, 63)
    frame = running.frame()
    assert frame.overs[0, INPUT] == clips
    assert frame.over[0, INPUT].tolist() == [clips > 0, False]
    assert frame.overs[0, AFTER_TRIM] == 0
    if clips:
        assert frame.first_over_s[0, INPUT] == pytest.approx(1.0, abs=1e-9)


def test_no_clip_reaches_over_the_seam_of_a_loop(tmp_path: Path) -> None:
    sound = both(tone(2.0, -20.0))
    start, end = RATE // 2, RATE
    sound[end - 2 : end] = sound[start] = 1.0 - 2.0**-15
    running = playing(tmp_path, sound, subtype="PCM_16")
    running.deck.set_loop(Loop(True, 0.5, 1.0))
    running.locate(RATE // 4)
    running.play(2 * RATE, 333)
    assert int(running.engine.transport.position_frames) < end
    assert running.frame().overs[0, INPUT] == 0


def test_a_clip_is_of_one_file() -> None:
    clips, block = allocate(CLIPS), np.full((2, LANES), 1.0, np.float32)
    for lane in range(LANES):
        set_full_scale(clips, lane, 0.99)
    find_clips(clips, block, 2, STRIPS_PER_RACK)
    set_full_scale(clips, 1, 0.98)
    set_full_scale(clips, 2, 0.99)
    clear_clips(clips, 3)
    find_clips(clips, block, 2, STRIPS_PER_RACK)
    assert clips.count[:4].tolist() == [1.0, 0.0, 1.0, 0.0]
    forget_runs(clips)
    find_clips(clips, block, 2, STRIPS_PER_RACK)
    assert clips.count[:4].tolist() == [1.0, 0.0, 1.0, 0.0]
    find_clips(clips, block, 2, STRIPS_PER_RACK)
    assert clips.count[:4].tolist() == [2.0, 1.0, 2.0, 1.0]


def test_clips_that_were_cleared_are_gone_though_nothing_else_has_changed(tmp_path: Path) -> None:
    sound = both(tone(2.0, -20.0))
    sound[RATE // 2 : RATE // 2 + 5] = 1.0 - 2.0**-15
    running = playing(tmp_path, sound, subtype="PCM_16")
    for _ in range(2):
        running.play(RATE // 2)
        running.frame()
    running.play(RATE // 10)
    assert running.frame().overs[0, INPUT] == 2
    running.reader.clear_holds()
    running.play(RATE // 10)
    running.frame()
    assert running.frame().overs[0, INPUT] == 0


def test_full_scale_is_no_clip_of_a_file_of_floats_or_of_another_rate(tmp_path: Path) -> None:
    flat = np.full((2 * RATE, 2), 1.0 - 2.0**-15)
    running = playing(tmp_path, flat)
    running.play(RATE)
    assert running.frame().overs[0, INPUT] == 0
    other = write_stem(tmp_path / "other.wav", np.full((44100, 2), 1.0 - 2.0**-15), 44100, "PCM_16")
    running.apply(replace(running.mix, strips=(replace(running.mix.strips[0], stem=other),)))
    assert running.deck.butler.full_scales[0] == (0.0, 0.0)


def test_the_holds_of_one_strip_are_cleared_alone(tmp_path: Path) -> None:
    loud = both(np.concatenate([tone(1.0, -6.0), tone(5.0, -30.0)]))
    running = playing(tmp_path, loud, loud)
    running.play(2 * RATE)
    running.frame()
    running.reader.clear_holds(running.slots[1])
    for _ in range(3):
        running.play(RATE // 10)
        frame = running.frame()
    assert frame.hold_dbfs[0, INPUT, 0] == pytest.approx(-6.0, abs=0.01)
    assert frame.hold_dbfs[1, INPUT, 0] == pytest.approx(-30.0, abs=0.01)
    assert frame.hold_dbfs[MASTER_ROW, AFTER_FADER, 0] == pytest.approx(0.0, abs=0.05)


def test_the_holds_of_one_stage_are_cleared_alone(tmp_path: Path) -> None:
    """Of an empty slot those of the stage it shows."""
    loud = both(np.concatenate([tone(1.0, -6.0), tone(5.0, -30.0)]))
    running = playing(tmp_path, loud)
    running.play(2 * RATE)
    running.frame()
    running.reader.clear_holds(running.slots[0], AFTER_INSERT)
    running.play(RATE // 10)
    frame = running.frame()
    assert frame.hold_dbfs[0, INPUT, 0] == pytest.approx(-6.0, abs=0.01)
    assert frame.hold_dbfs[0, AFTER_TRIM, 0] == pytest.approx(-30.0, abs=0.01)
    assert frame.hold_dbfs[0, AFTER_INSERT, 0] == pytest.approx(-30.0, abs=0.01)
    assert frame.hold_dbfs[0, AFTER_FADER, 0] == pytest.approx(-6.0, abs=0.01)
    running.reader.clear_holds(running.slots[0] + 7, INPUT)
    assert running.frame().hold_dbfs[0, INPUT, 0] == pytest.approx(-6.0, abs=0.01)


def test_the_holds_of_the_monitor_are_cleared_with_those_of_the_master(tmp_path: Path) -> None:
    running = playing(tmp_path, both(np.concatenate([tone(1.0, -6.0), tone(5.0, -30.0)])))
    running.play(2 * RATE)
    running.frame()
    running.reader.clear_holds(running.slots[-1])
    running.play(RATE // 10)
    frame = running.frame()
    assert frame.hold_dbfs[-2:, AFTER_FADER, 0] == pytest.approx([-30.0, -30.0], abs=0.01)
    assert frame.hold_dbfs[0, AFTER_FADER, 0] == pytest.approx(-6.0, abs=0.01)


@pytest.mark.parametrize("has_been_read", [True, False])
def test_clearing_one_strip_loses_nothing_of_the_others(tmp_path: Path, has_been_read: bool) -> None:
    sound = both(tone(3.0, -20.0))
    sound[RATE // 2] = 1.5
    running = playing(tmp_path, sound, sound)
    running.play(RATE // 4)
    running.frame()
    if has_been_read:
        running.play(RATE // 4 + RATE // 10)
        running.frame()
        running.play(RATE // 100)
    else:
        # Handed over, but not read.
        running.reader.clear_holds(running.slots[0])
        running.play(RATE // 2)
        running.reader.clear_holds(running.slots[0])
        running.play(RATE // 100)
    running.reader.clear_holds(running.slots[0])
    for _ in range(24):  # evidence is read once a second
        running.play(RATE // 20)
        frame = running.frame()
    assert frame.overs[0, INPUT] == 0
    assert frame.overs[1, INPUT] == 2
    assert frame.first_over_s[1, INPUT] == pytest.approx(0.5, abs=1e-9)
    assert frame.hold_dbfs[1, INPUT, 0] == pytest.approx(3.52, abs=0.01)
    assert frame.evidence.peak_dbfs[0, INPUT] == pytest.approx(3.52, abs=0.01)


def test_a_hand_over_during_a_reading_takes_nothing_from_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = both(tone(2.0, -20.0))
    sound[RATE // 2] = 1.5
    running = playing(tmp_path, sound)
    running.play(RATE)
    before = running.frame()
    read = Points.read

    def hand_over_and_read(points: Points, *given: Any) -> bool:
        monkeypatch.undo()
        running.play(64)
        return read(points, *given)

    monkeypatch.setattr(Points, "read", hand_over_and_read)
    after = running.frame()
    assert before.overs[0, INPUT] == after.overs[0, INPUT] == 2
    assert before.first_over_s[0, INPUT] == after.first_over_s[0, INPUT] > 0.0


@pytest.mark.parametrize("rate", [44100, 192000])
def test_what_is_far_above_full_scale_is_measured(tmp_path: Path, rate: int) -> None:
    running = playing(tmp_path, both(tone(2.0, 0.0, rate=rate)), rate=rate)
    running.set(0, StripControls(trim_db=40.0))
    running.play(rate, 4096)
    frame = running.frame()
    assert frame.rms_dbfs[0, AFTER_TRIM] == pytest.approx([36.99] * 2, abs=0.01)
    assert frame.k_system_dbfs[0, AFTER_TRIM] == pytest.approx([40.0] * 2, abs=0.01)
    assert frame.integrated_lufs[0, AFTER_TRIM] == pytest.approx(40.0, abs=0.01)
    assert frame.evidence.average_dbfs[0, AFTER_TRIM] == pytest.approx(40.0, abs=0.01)
    assert frame.correlation[0, AFTER_TRIM] == pytest.approx(1.0, abs=0.01)
    assert frame.programme.integrated_lufs == pytest.approx(40.0, abs=0.01)


# Stereo and DC


@pytest.mark.parametrize("rate", [44100, 48000, 192000])
@pytest.mark.parametrize(("degrees", "expected"), [(0.0, 1.0), (180.0, -1.0), (90.0, 0.0), (60.0, 0.5)])
def test_co_01_correlation(tmp_path: Path, rate: int, degrees: float, expected: float) -> None:
    sound = both(tone(2.0, -20.0, rate=rate), tone(2.0, -20.0, rate=rate, degrees=degrees))
    running = playing(tmp_path, sound, rate=rate)
    running.play(3 * rate // 2, 777)
    frame = running.frame()
    assert frame.correlation[0, INPUT] == pytest.approx(expected, abs=0.01)
    assert frame.balance_db[0, INPUT] == pytest.approx(0.0, abs=0.05)


def test_balance_is_how_much_louder_the_right_side_is(tmp_path: Path) -> None:
    running = playing(tmp_path, both(tone(3.0, -26.0), tone(3.0, -20.0)))
    running.play(2 * RATE)
    assert running.frame().balance_db[0, INPUT] == pytest.approx(6.0, abs=0.02)


def test_where_a_side_is_silent_there_is_neither_balance_nor_correlation(tmp_path: Path) -> None:
    running = playing(tmp_path, both(tone(2.0, -20.0), np.zeros(2 * RATE)))
    for _ in range(4):
        running.play(RATE // 2)
        frame = running.frame()
        for values in (frame.correlation, frame.balance_db, frame.dc_offset):
            assert np.isfinite(values).all()
        assert frame.correlation[0, INPUT] == frame.balance_db[0, INPUT] == 0.0


@pytest.mark.parametrize("rate", [44100, 96000])
def test_dc_is_the_mean_and_slow_sound_is_none(tmp_path: Path, rate: int) -> None:
    sound = both(0.01 + tone(8.0, -6.0, 50.0, rate), tone(8.0, -6.0, 30.0, rate))
    running = playing(tmp_path, sound, rate=rate)
    running.play(6 * rate, 1024)
    left, right = running.frame().dc_offset[0, INPUT]
    assert left == pytest.approx(0.01, abs=0.0002)
    assert right == pytest.approx(0.0, abs=0.0002)


# The monitor


def test_the_last_row_is_what_the_ears_get(tmp_path: Path) -> None:
    running = playing(tmp_path, both(tone(6.0, -12.0)), monitor=Monitor(volume_db=-6.0))
    running.play(4 * RATE)
    running.frame()
    running.play(RATE // 2)
    frame = running.frame()
    assert frame.peak_dbfs[MONITOR_ROW, AFTER_FADER] == pytest.approx([-18.0] * 2, abs=0.05)
    assert frame.true_peak_dbtp[MONITOR_ROW, AFTER_FADER] == pytest.approx([-18.0] * 2, abs=0.1)
    assert frame.rms_dbfs[MONITOR_ROW, AFTER_FADER] == pytest.approx([-21.01] * 2, abs=0.05)
    assert frame.vu_db[MONITOR_ROW, AFTER_FADER] == pytest.approx([0.0] * 2, abs=0.05)
    assert frame.ppm_1_dbfs[MONITOR_ROW, AFTER_FADER] == pytest.approx([-18.0] * 2, abs=0.1)
    assert frame.k_system_dbfs[MONITOR_ROW, AFTER_FADER] == pytest.approx([-18.0] * 2, abs=0.05)
    assert frame.momentary_lufs[MONITOR_ROW, AFTER_FADER] == pytest.approx(-18.0, abs=0.05)
    assert frame.short_term_lufs[MONITOR_ROW, AFTER_FADER] == pytest.approx(-18.0, abs=0.05)
    assert frame.peak_dbfs[MASTER_ROW, AFTER_FADER] == pytest.approx([-12.0] * 2, abs=0.05)
    assert (frame.peak_dbfs[MONITOR_ROW, :AFTER_FADER] == -np.inf).all()


def test_the_monitors_ceiling_is_seen_and_the_master_goes_above_it(tmp_path: Path) -> None:
    running = playing(tmp_path, both(tone(2.0, -1.0)), both(tone(2.0, -1.0)), monitor=Monitor(ceiling_dbfs=-3.0))
    running.play(RATE)
    frame = running.frame()
    assert frame.hold_dbfs[MONITOR_ROW, AFTER_FADER].max() == pytest.approx(-3.0, abs=0.001)
    assert frame.hold_dbfs[MASTER_ROW, AFTER_FADER].max() == pytest.approx(5.02, abs=0.01)


# True peak of the master


@pytest.mark.parametrize("rate", [44100, 48000, 192000])
@pytest.mark.parametrize("share", [0.25, 1 / 6, 0.4, 0.1])
def test_the_masters_true_peak_is_that_of_eight_times_the_rate(tmp_path: Path, rate: int, share: float) -> None:
    sound = both(tone(1.0, -6.0, share * rate, rate, 45.0))
    running = playing(tmp_path, sound, rate=rate)
    running.play(rate // 2)
    running.frame()
    running.reader.clear_holds()  # The onset of a tone is higher than the tone.
    running.play(rate // 4, 333)
    running.frame()
    running.play(rate // 8)
    frame = running.frame()
    assert -0.11 <= frame.true_hold_dbtp[MASTER_ROW, AFTER_FADER].max() + 6.0 <= 0.05
    assert frame.true_peak_dbtp[MASTER_ROW, AFTER_FADER].max() == pytest.approx(-6.0, abs=0.15)


@pytest.mark.parametrize("has_been_handed", [True, False])
def test_what_has_left_the_master_does_not_fall(tmp_path: Path, has_been_handed: bool) -> None:
    sound = np.concatenate([tone(1.0, -6.0, RATE / 6, degrees=45.0), tone(5.0, -46.0)])
    running = playing(tmp_path, both(sound))
    running.play(RATE // 2)
    running.frame()
    running.play(RATE // 4)
    if has_been_handed:
        running.frame()
        running.play(RATE // 100)
    loud = running.frame().output_true_peak_dbtp
    assert loud == pytest.approx([-6.0, -6.0], abs=0.2)
    running.play(RATE // 2)
    running.frame()
    running.play(RATE // 10)
    running.frame()
    running.play(RATE // 10)
    quiet = running.frame()
    assert quiet.output_true_peak_dbtp == pytest.approx([-46.0, -46.0], abs=0.2)
    assert quiet.true_peak_dbtp[MASTER_ROW, AFTER_FADER, 0] > -30.0


# Settings


@pytest.mark.parametrize("rate", [44100, 96000])
def test_peaks_fall_as_fast_as_is_wanted(tmp_path: Path, rate: int) -> None:
    sound = np.zeros((3 * rate, 2))
    sound[rate // 10] = 0.5
    running = playing(tmp_path, sound, rate=rate, meters=MeterSettings(peak_fall_db_per_s=8.0))
    running.play(rate // 2)
    running.frame()
    running.play(rate // 10 + rate - rate // 2)
    running.frame()
    running.play(64)
    frame = running.frame()
    expected = 20.0 * math.log10(0.5) - 8.0
    assert frame.peak_dbfs[0, INPUT, 0] == pytest.approx(expected, abs=0.15)
    assert frame.true_peak_dbtp[0, INPUT, 0] == pytest.approx(expected, abs=0.4)
    assert frame.true_peak_dbtp[MASTER_ROW, AFTER_FADER, 0] == pytest.approx(expected, abs=0.4)
    running.apply(replace(running.mix, meters=MeterSettings(peak_fall_db_per_s=20.0)))
    running.play(rate // 2)
    running.frame()
    running.play(64)
    assert running.frame().peak_dbfs[0, INPUT, 0] == pytest.approx(expected - 10.0, abs=0.15)


def test_rms_vu_and_k_system_read_as_is_wanted(tmp_path: Path) -> None:
    running = playing(tmp_path, both(tone(8.0, -20.0, 4000.0)))
    running.play(4 * RATE)
    plain = running.frame()
    settings = MeterSettings(rms_aes17=True, vu_reference_dbfs=-20.0, k_weighted=True)
    running.reader.set(settings)
    wanted = running.frame()
    assert plain.rms_dbfs[0, INPUT] == pytest.approx([-23.01] * 2, abs=0.01)
    assert wanted.rms_dbfs[0, INPUT] == pytest.approx([-20.0] * 2, abs=0.01)
    assert wanted.vu_db[0, INPUT] - plain.vu_db[0, INPUT] == pytest.approx([2.0] * 2, abs=0.01)
    assert plain.k_system_dbfs[0, INPUT] == pytest.approx([-20.0] * 2, abs=0.05)
    # Both sides together, without the 3.01 dB of AES-17: what momentary loudness reads.
    assert wanted.k_system_dbfs[0, INPUT] == pytest.approx([wanted.momentary_lufs[0, INPUT]] * 2, abs=0.02)


@pytest.mark.parametrize("window_ms", [50.0, 300.0, 3000.0])
def test_rms_is_of_a_window_of_the_wanted_length(tmp_path: Path, window_ms: float) -> None:
    sound = both(np.concatenate([np.zeros(RATE), tone(1.0, 0.0), np.zeros(4 * RATE)]))
    running = playing(tmp_path, sound, meters=MeterSettings(rms_window_ms=window_ms))
    running.reader.set(running.mix.meters)
    running.play(2 * RATE)
    full = min(window_ms, 1000.0) / window_ms
    assert running.frame().rms_dbfs[0, INPUT, 0] == pytest.approx(-3.01 + 10.0 * math.log10(full), abs=0.02)
    running.play(round((window_ms / 1000.0 + 0.02) * RATE))
    assert running.frame().rms_dbfs[0, INPUT, 0] == -np.inf or window_ms == 3000.0
    assert running.slots[-1] == MASTER_SLOT
