"""The engine while it runs: gain steps without clicks, jumps, loops, meters that follow, no allocation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from engine.meters.frame import AFTER_FADER, AFTER_TRIM, AT_SEND, INPUT
from engine.mix import Loop, Stem, StripControls
from tests.engine.running import Running
from tests.engine.songs import RATE, noise, write_stem


@pytest.fixture
def sine(tmp_path: Path) -> Stem:
    n = np.arange(4 * RATE)
    wave = 0.5 * np.sin(2 * np.pi * 997 * n / RATE)
    return write_stem(tmp_path / "sine.wav", np.stack([wave, wave], 1), subtype="FLOAT")


@pytest.mark.parametrize(
    "changed",
    [
        StripControls(fader_db=-np.inf),
        StripControls(mute=True),
        StripControls(trim_db=-24.0),
        StripControls(fader_db=6.0),
        StripControls(pan_percent=100.0),
        StripControls(invert_left=True, invert_right=True),
    ],
)
def test_a_gain_step_on_a_playing_sine_leaves_no_discontinuity_above_minus_80_dbfs(
    sine: Stem, changed: StripControls
) -> None:
    running = Running(sine)
    running.locate(0)
    running.deck.play()
    before = running.play(RATE // 10, live=False)
    running.set(0, changed)
    after = running.play(RATE // 2, live=False)
    left = np.concatenate([before, after])[:, 0].astype(np.float64)
    n = np.arange(len(left))
    wave = 0.5 * np.sin(2 * np.pi * 997 * n / RATE)
    # What clicks is a step or a bend of the gain; it can be told where the wave is large.
    loud = np.abs(wave) > 0.25
    envelope = np.where(loud, left / np.where(loud, wave, 1.0), np.nan)
    assert np.nanmax(np.abs(np.diff(envelope, 2))) < 10 ** (-80 / 20)
    assert np.nanmax(np.abs(np.diff(envelope))) < 0.01
    assert abs(envelope[np.flatnonzero(loud)[-1]] - envelope[np.flatnonzero(loud)[0]]) > 0.4


def test_before_anything_plays_gains_are_where_they_were_set(sine: Stem) -> None:
    running = Running(sine)
    running.set(0, StripControls(fader_db=-6.0))
    running.locate(0)
    running.deck.play()
    out = running.play(480)
    expected = 0.5 * np.sin(2 * np.pi * 997 * np.arange(480) / RATE) * 10 ** (-6 / 20)
    np.testing.assert_allclose(out[:, 0], expected, atol=1e-7)


def test_a_jump_fades_out_and_in_and_lands_on_the_sample(tmp_path: Path) -> None:
    ramp = np.arange(3 * RATE) / 2.0**20
    running = Running(write_stem(tmp_path / "ramp.wav", np.stack([ramp, ramp], 1), subtype="FLOAT"))
    running.locate(RATE)
    running.deck.play()
    first = running.play(4800)
    np.testing.assert_allclose(first[480:, 0], ramp[RATE + 480 : RATE + 4800], atol=1e-7)
    assert first[0, 0] == 0.0
    running.deck.locate(2 * RATE)
    after = running.play(48000)[:, 0]
    silent = np.flatnonzero(after == 0.0)
    fade_out = after[: silent[0]]
    assert len(fade_out) == pytest.approx(480, abs=256)
    assert (np.diff(fade_out[-470:]) < 0).all()
    landed = silent[-1]
    played = after[landed + 481 :]
    np.testing.assert_allclose(played, ramp[2 * RATE + 481 : 2 * RATE + 481 + len(played)], atol=1e-7)
    assert np.abs(np.diff(after)).max() < 0.01


def test_stop_fades_to_exact_silence_and_play_goes_on_from_there(sine: Stem) -> None:
    running = Running(sine)
    running.locate(0)
    running.deck.play()
    running.play(4800)
    running.deck.stop()
    tail = running.play(4800)
    assert not tail[480:].any()
    stood = running.frame().position_s
    assert stood == pytest.approx((4800 + 480) / RATE, abs=1e-9)
    running.deck.play()
    again = running.play(2400)[:, 0]
    start = 4800 + 480
    expected = 0.5 * np.sin(2 * np.pi * 997 * np.arange(start + 480, start + 2400) / RATE)
    np.testing.assert_allclose(again[480:], expected, atol=1e-6)


def test_the_song_ends_where_its_longest_stem_does_and_stands_there(tmp_path: Path) -> None:
    running = Running(write_stem(tmp_path / "a.wav", noise(0.2, 1)), write_stem(tmp_path / "b.wav", noise(0.3, 2)))
    running.locate(0)
    running.deck.play()
    out = running.play(RATE // 2)
    assert out[round(0.3 * RATE) - 1].any()
    assert not out[round(0.3 * RATE) :].any()
    frame = running.frame()
    assert not frame.playing
    assert frame.position_s == frame.length_s == pytest.approx(0.3)


def wave(seconds: float) -> npt.NDArray[np.float64]:
    """A low sine of -12 dBFS on both sides: it climbs by no more than 0.0033 a frame, so whatever cuts it shows."""
    left = 0.25 * np.sin(2 * np.pi * 100 * np.arange(round(seconds * RATE)) / RATE)
    return np.stack([left, left], 1)


def test_a_song_that_loses_its_longest_stem_beyond_its_new_end_fades_out(tmp_path: Path) -> None:
    short = write_stem(tmp_path / "short.wav", wave(0.5), subtype="FLOAT")
    long = write_stem(tmp_path / "long.wav", wave(3.0), subtype="FLOAT")
    running = Running(short, long)
    running.locate(0)
    running.deck.play()
    before = running.play(RATE + 137)
    running.deck.set_stem(1, None, "")
    out = np.concatenate([before, running.play(RATE // 2)])
    assert np.abs(np.diff(out, axis=0)).max() < 0.02
    assert not out[RATE + 137 + 1024 :].any()
    frame = running.frame()
    assert not frame.playing
    assert frame.position_s == frame.length_s == 0.5


def test_a_mono_stem_that_is_removed_never_gets_louder(tmp_path: Path) -> None:
    mono = write_stem(tmp_path / "mono.wav", wave(3.0)[:, :1], subtype="FLOAT")
    running = Running(write_stem(tmp_path / "other.wav", np.zeros((3 * RATE, 2))), mono)
    running.locate(0)
    running.deck.play()
    before = running.play(RATE // 2)
    running.deck.set_stem(1, None, "")
    after = running.play(RATE)
    assert np.abs(after).max() <= np.abs(before).max() + 1e-6
    assert not after[-1000:].any()


def starving(folder: Path, frames: int, block: int) -> tuple[Running, npt.NDArray[np.float32]]:
    """An engine whose disk has not been served for so many frames of the wave, and what was heard."""
    running = Running(write_stem(folder / "a.wav", wave(3.0), subtype="FLOAT"))
    running.locate(0)
    running.deck.play()
    running.play(0)
    out = np.zeros((frames, 2), np.float32)
    for start in range(0, frames, block):
        running.deck.render(out[start : start + block], live=True)
    return running, out


@pytest.mark.parametrize("block", [64, 100, 1024, 2 * RATE])
def test_an_underrun_begins_with_a_fade_and_what_the_disk_gives_then_fades_in_where_it_was_left(
    tmp_path: Path, block: int
) -> None:
    sound = wave(3.0)
    running, dry = starving(tmp_path, 2 * RATE, block)
    left = round(running.frame().position_s * RATE)
    assert running.frame().underruns == 1
    np.testing.assert_array_equal(dry[: left - 480], sound[: left - 480].astype(np.float32))
    falling = sound[left - 480 : left, 0] * (0.5 + 0.5 * np.cos(np.pi * np.arange(480) / 480))
    np.testing.assert_allclose(dry[left - 480 : left, 0], falling, atol=1e-6)
    assert not dry[left:].any()
    out = running.play(4800)[:, 0]
    begun = int(np.flatnonzero(out)[0]) - 1
    assert np.abs(np.diff(out)).max() < 0.005
    np.testing.assert_allclose(out[begun + 481 :], sound[left + 481 : left + len(out) - begun, 0], atol=1e-6)


def test_a_disk_that_catches_up_during_the_fade_lets_the_sound_rise_again(tmp_path: Path) -> None:
    running, before = starving(tmp_path, 65536 - 300, 64)
    assert running.frame().underruns == 1
    out = np.concatenate([before, running.play(4800)])[:, 0]
    sound = wave(3.0)[: len(out), 0]
    loud = np.abs(sound) > 0.1
    gain = out[loud] / sound[loud]
    assert np.abs(np.diff(out)).max() < 0.005
    assert 0.1 < gain.min() < 0.9
    np.testing.assert_array_equal(out[-4000:], sound[-4000:].astype(np.float32))
    assert running.frame().underruns == 1


def test_of_more_jumps_than_the_audio_thread_takes_at_a_time_the_last_one_arrives(sine: Stem) -> None:
    running = Running(sine)
    running.locate(0)
    for position in range(500):
        running.deck.locate(position)
    for _ in range(20):
        running.play(64)
    assert not running.deck.is_jumping
    assert running.frame().position_s == 499 / RATE


@pytest.mark.parametrize("block", [64, 100, 1024])
def test_a_loop_is_seamless_to_the_sample(tmp_path: Path, block: int) -> None:
    sound = noise(1.0, 3)
    stem = write_stem(tmp_path / "a.wav", sound, subtype="FLOAT")
    running = Running(stem)
    running.locate(0)
    running.deck.set_loop(Loop(True, 0.25, 0.35))
    running.locate(0)
    running.deck.play()
    out = running.play(RATE, block)
    start, end = round(0.25 * RATE), round(0.35 * RATE)
    expected = np.concatenate([sound[:end], *[sound[start:end]] * 20])[: len(out)].astype(np.float32)
    assert (out == expected).all()
    assert start <= running.frame().position_s * RATE < end


def test_the_loop_of_the_whole_song_needs_no_end(tmp_path: Path) -> None:
    sound = noise(0.2, 3)
    running = Running(write_stem(tmp_path / "a.wav", sound, subtype="FLOAT"))
    running.deck.set_loop(Loop(True))
    running.locate(0)
    running.deck.play()
    out = running.play(RATE)
    assert (out == np.concatenate([sound] * 5).astype(np.float32)).all()


def test_meters_read_the_stages_of_a_strip_and_the_master(sine: Stem) -> None:
    running = Running(sine, sine)
    running.set(0, StripControls(trim_db=-12.0, fader_db=-6.0))
    running.set(1, StripControls(mute=True))
    running.locate(0)
    running.deck.play()
    running.play(RATE)
    running.frame()
    running.play(512)
    frame = running.frame()
    sine_dbfs = 20 * np.log10(0.5)
    for row, stage, expected in [
        (0, INPUT, sine_dbfs),
        (0, AFTER_TRIM, sine_dbfs - 12),
        (0, AFTER_FADER, sine_dbfs - 18),
        (1, AFTER_TRIM, sine_dbfs),
        (2, INPUT, sine_dbfs - 18),
        (2, AFTER_FADER, sine_dbfs - 18),
    ]:
        np.testing.assert_allclose(frame.peak_dbfs[row, stage], expected, atol=0.05)
        np.testing.assert_allclose(frame.hold_dbfs[row, stage], expected, atol=0.05)
        np.testing.assert_allclose(frame.rms_dbfs[row, stage], expected - 3.01, atol=0.02)
        np.testing.assert_allclose(frame.vu_db[row, stage], expected + 18, atol=0.05)
    assert (frame.peak_dbfs[1, AFTER_FADER] == -np.inf).all()
    assert not frame.over.any()


def test_a_single_sample_between_two_readings_is_held_until_cleared(tmp_path: Path) -> None:
    click = np.zeros((RATE, 2))
    click[7000] = [1.25, -0.5]
    running = Running(write_stem(tmp_path / "click.wav", click, subtype="FLOAT"))
    running.locate(0)
    running.deck.play()
    running.play(4800)
    running.frame()
    running.play(9600)
    frame = running.frame()
    assert frame.peak_dbfs[0, INPUT, 0] == pytest.approx(20 * np.log10(1.25), abs=0.01)
    for _ in range(5):
        running.play(4800)
        frame = running.frame()
    assert frame.peak_dbfs[0, INPUT, 0] < -2.0
    assert frame.hold_dbfs[0, INPUT, 0] == pytest.approx(20 * np.log10(1.25), abs=0.01)
    assert frame.over[0, INPUT].tolist() == [True, False]
    running.reader.clear_holds()
    frame = running.frame()
    assert frame.hold_dbfs[0, INPUT, 0] == -np.inf
    assert not frame.over.any()


@pytest.mark.parametrize("rendered", [0, 256], ids=["before the maxima are handed over", "after"])
def test_cleared_holds_know_nothing_of_before(tmp_path: Path, rendered: int) -> None:
    click = np.zeros((2 * RATE, 2))
    click[4900] = click[30000] = 0.9
    running = Running(write_stem(tmp_path / "click.wav", click, subtype="FLOAT"))
    running.locate(0)
    running.deck.play()
    running.play(4800)
    running.frame()
    running.play(256)
    running.frame()
    running.play(rendered)
    running.reader.clear_holds()
    for _ in range(5):
        running.play(1024)
        assert (running.frame().hold_dbfs == -np.inf).all()
    running.play(RATE // 2)
    assert running.frame().hold_dbfs[0, INPUT, 0] == pytest.approx(20 * np.log10(0.9), abs=0.01)


def test_nothing_leaves_the_monitors_above_their_ceiling_and_the_bounce_does(tmp_path: Path) -> None:
    hot = write_stem(tmp_path / "hot.wav", np.full((RATE // 4, 2), 0.9), subtype="FLOAT")
    running = Running(hot, hot)
    running.locate(0)
    running.deck.play()
    assert running.play(512).max() == pytest.approx(10 ** (-1 / 20), abs=1e-7)
    assert running.play(512, live=False).max() == pytest.approx(1.8)


@pytest.mark.parametrize("live", [True, False])
def test_measuring_changes_no_sample(tmp_path: Path, live: bool) -> None:
    stem = write_stem(tmp_path / "a.wav", noise(1.0, 7))
    sounds = []
    for metered in (1, 0):
        running = Running(stem)
        running.engine.metered = metered
        running.locate(0)
        running.deck.play()
        running.play(4800, live=live)
        running.set(0, StripControls(trim_db=-3.0, fader_db=2.0, pan_percent=30.0))
        sounds.append(running.play(9600, live=live))
        assert bool((running.frame().hold_dbfs[:-1, :AT_SEND] > -np.inf).all()) == bool(metered)
    assert sounds[0].any()
    assert sounds[0].tobytes() == sounds[1].tobytes()


def test_a_stereo_stem_in_the_place_of_a_mono_one_is_panned_from_where_it_is_heard(tmp_path: Path) -> None:
    mono = write_stem(tmp_path / "mono.wav", np.full((3 * RATE, 1), 0.1), subtype="FLOAT")
    half = 0.1 * np.sqrt(0.5)
    stereo = write_stem(tmp_path / "stereo.wav", np.full((3 * RATE, 2), half), subtype="FLOAT")
    running = Running(mono)
    running.locate(RATE // 10)
    running.deck.play()
    running.play(4800)
    running.deck.set_stem(0, stereo, "Strip 0")
    out = running.play(2 * RATE)
    wrong = np.abs(out[:, 0] / half - 1.0) > 0.02
    assert running.engine.sides[0] == 2
    # The pan law moves while one fades into the other: some 40 ms, not the third of a second it lies ahead.
    assert 0 < np.count_nonzero(wrong) < RATE // 12
    assert not wrong[-RATE // 2 :].any()


def test_128_strips_on_four_racks_are_one_sum(tmp_path: Path) -> None:
    sound = noise(0.1, 1, level=0.001)
    stem = write_stem(tmp_path / "a.wav", sound, subtype="FLOAT")
    running = Running(*[stem] * 128)
    running.locate(0)
    running.deck.play()
    np.testing.assert_allclose(running.play(4800), 128 * sound, atol=1e-6)
