"""The delay's echoes come when, where and as loud as they are set."""

from __future__ import annotations

import numpy as np
import pytest

from engine.returns.delay import LONGEST_S, MODES, NOTES, PROCESSOR
from tests.engine.inserts.bench import RATE, RATES, Bench, Sound, impulse, noise, sine

OPEN = {"low_cut_hz": 20.0, "high_cut_hz": 20000.0}


def echoes(frames: int, rate: int = RATE, sound: Sound | None = None, **settings: float) -> Sound:
    bench = Bench(PROCESSOR, rate)
    bench.set(**settings)
    return bench.run(impulse(frames) if sound is None else sound, others=0.0)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("time_ms", [1.0, 10.3, 375.0, 2000.0])
def test_the_first_echo_is_the_input_to_the_bit_and_to_the_frame(rate: int, time_ms: float) -> None:
    delay = round(np.float64(np.float32(time_ms)) / 1000.0 * rate)
    sound = noise(500)
    silence = np.zeros((delay, 2), np.float32)
    heard = echoes(0, rate, np.concatenate([sound, silence]), time_ms=time_ms, feedback_percent=0.0)
    np.testing.assert_array_equal(heard[:delay], 0.0)
    np.testing.assert_array_equal(heard[delay:], sound)


@pytest.mark.parametrize("feedback", [30.0, 95.0])
def test_each_echo_of_a_tone_is_lower_by_the_feedback(feedback: float) -> None:
    """A burst of 1 kHz, far from both corners."""
    burst = np.zeros((RATE, 2), np.float32)
    burst[:4800] = sine(1000.0, -6.0, 0.1) * np.hanning(4800)[:, None]
    heard = echoes(0, RATE, burst, time_ms=200.0, feedback_percent=feedback, **OPEN)
    energy = [float(np.sum(heard[at : at + 9600].astype(np.float64) ** 2)) for at in (9600, 19200, 28800)]
    assert np.sqrt(energy[1] / energy[0]) == pytest.approx(feedback / 100.0, rel=0.005)
    assert np.sqrt(energy[2] / energy[1]) == pytest.approx(feedback / 100.0, rel=0.005)


@pytest.mark.parametrize("rate", RATES)
def test_the_second_echo_is_3_db_down_at_the_corners(rate: int) -> None:
    heard = echoes(rate, rate, time_ms=300.0, feedback_percent=50.0, low_cut_hz=200.0, high_cut_hz=4000.0)
    second = heard[round(0.6 * rate) : round(0.9 * rate), 0].astype(np.float64)
    turns = np.exp(-2j * np.pi * np.outer([20.0, 200.0, 900.0, 4000.0, 16000.0], np.arange(len(second))) / rate)
    gains = 20.0 * np.log10(np.abs(turns @ second) / 0.5)
    # The other filter takes 0.01 dB at each corner, both take 0.4 dB at their middle, and 6 dB per octave beyond.
    np.testing.assert_allclose(gains[[1, 3]], -3.02, atol=0.05)
    assert gains[2] == pytest.approx(-0.42, abs=0.1)
    assert gains[0] == pytest.approx(-20.04, abs=0.1)
    assert gains[4] < -12.0


def test_ping_pong_alternates_beginning_on_the_left() -> None:
    sound = np.zeros((RATE, 2), np.float32)
    sound[0] = (0.8, 0.2)
    heard = echoes(0, RATE, sound, time_ms=100.0, feedback_percent=50.0, mode=MODES.index("ping-pong"), **OPEN)
    assert heard[4800].tolist() == [0.5, 0.0]
    assert np.flatnonzero(heard.any(axis=1))[0] == 4800
    assert np.flatnonzero(heard[:, 1])[0] == 9600
    # Between echoes there is what the filters leave of earlier ones.
    loudest = [np.abs(heard[at : at + 4800]).max(axis=0) for at in (9600, 14400)]
    assert loudest[0][0] < 0.001 < 0.05 < loudest[0][1]
    assert loudest[1][1] < 0.001 < 0.05 < loudest[1][0]


def test_mono_puts_the_middle_on_both_sides() -> None:
    sound = noise(4800)
    tail = np.zeros((14400, 2), np.float32)
    heard = echoes(0, RATE, np.concatenate([sound, tail]), time_ms=100.0, mode=MODES.index("mono"))
    np.testing.assert_array_equal(heard[:, 0], heard[:, 1])
    np.testing.assert_allclose(heard[4800:9600, 0], sound.mean(axis=1), atol=1e-7)


def test_the_right_side_comes_later_by_the_offset() -> None:
    heard = echoes(9600, time_ms=50.0, offset_ms=12.5, feedback_percent=0.0)
    assert [int(np.flatnonzero(heard[:, side])[0]) for side in (0, 1)] == [2400, 3000]


def test_no_width_is_mono_and_double_width_doubles_the_difference() -> None:
    sound = noise(4800)
    middle, side = sound.mean(axis=1), (sound[:, 0] - sound[:, 1]) / 2.0
    for width in (0.0, 2.0):
        heard = echoes(
            0,
            RATE,
            np.concatenate([sound, sound]),
            time_ms=100.0,
            feedback_percent=0.0,
            width_percent=100.0 * width,
        )
        expected = np.stack([middle + width * side, middle - width * side], axis=1)
        np.testing.assert_allclose(heard[4800:], expected, atol=1e-6)


@pytest.mark.parametrize(
    ("tempo", "note", "seconds"),
    [
        (120.0, "1/4", 0.5),
        (120.0, "1/8D", 0.375),
        (90.0, "1/8T", 2.0 / 9.0),
        (140.0, "1/16", 60.0 / 140.0 / 4.0),
        (60.0, "1/2", 2.0),
        (59.0, "1/2", 60.0 / 59.0),
        (30.0, "1/1", 2.0),
    ],
)
def test_the_tempo_gives_the_time(tempo: float, note: str, seconds: float) -> None:
    """A note that does not fit into 2 s is halved until it does: a half at 59 bpm becomes a quarter."""
    assert seconds <= LONGEST_S
    heard = echoes(
        round(2.1 * RATE), sync=1.0, tempo_bpm=tempo, note=NOTES.index(note), time_ms=1.0, feedback_percent=0.0
    )
    assert int(np.flatnonzero(heard[:, 0])[0]) == round(seconds * RATE)


@pytest.mark.parametrize("frequency_hz", [100.0, 1000.0])
def test_changes_of_time_do_not_click(frequency_hz: float) -> None:
    """Under a sine no sample departs from what the frequency allows: x[t+1] - 2 cos(w) x[t] + x[t-1] is zero for any
    mixture of delayed sines, and what fades bends by less than -60 dB of the level."""
    bench = Bench(PROCESSOR)
    sound = sine(frequency_hz, 0.0, 3.0)
    bench.set(time_ms=300.0, feedback_percent=0.0)
    parts = [bench.run(sound[: RATE // 2])]
    for place, time_ms in enumerate((301.3, 17.0, 500.0, 250.0, 251.0)):
        bench.set(glide=True, time_ms=time_ms, feedback_percent=0.0)
        start = RATE // 2 + place * 3000
        parts.append(bench.run(sound[start : start + 3000]))
    heard = np.concatenate(parts)[round(0.31 * RATE) :, 0].astype(np.float64)
    turn = 2.0 * np.cos(2.0 * np.pi * frequency_hz / RATE)
    bend = np.abs(heard[2:] - turn * heard[1:-1] + heard[:-2]).max()
    assert 20.0 * np.log10(bend) < -60.0


def test_all_controls_glide() -> None:
    """Every value is changed in the middle of a low sine: no step is larger than a few times the sine's own."""
    bench = Bench(PROCESSOR)
    sound = sine(50.0, 0.0, 2.0)
    bench.set(time_ms=20.0)
    bench.run(sound[:RATE])
    bench.set(glide=True, time_ms=20.0, mode=1.0, feedback_percent=10.0, width_percent=0.0, low_cut_hz=20.0)
    heard = bench.run(sound[RATE:])
    assert np.abs(np.diff(heard, axis=0)).max() < 4.0 * 2.0 * np.pi * 50.0 / RATE


def test_a_new_time_is_reached_and_the_last_one_of_many_counts() -> None:
    bench = Bench(PROCESSOR)
    for time_ms in (100.0, 900.0, 30.0, 70.0):
        bench.set(glide=True, time_ms=time_ms, feedback_percent=0.0)
        bench.run(np.zeros((64, 2), np.float32))
    bench.run(np.zeros((RATE, 2), np.float32))
    assert np.flatnonzero(bench.run(impulse(RATE))[:, 0]).tolist() == [round(0.07 * RATE)]


@pytest.mark.parametrize("mode", range(len(MODES)))
@pytest.mark.parametrize("rate", [44100, 192000])
def test_the_highest_feedback_dies_away(mode: int, rate: int) -> None:
    """A second of loud noise: it is never louder than 1 / (1 - 0.95) times, and 95 % per echo is all that is left."""
    bench = Bench(PROCESSOR, rate)
    bench.set(time_ms=10.0, feedback_percent=95.0, mode=mode, **OPEN)
    heard = bench.run(noise(rate, 1.0))
    assert np.abs(heard).max() < 20.0
    tail = bench.run(np.zeros((2 * rate, 2), np.float32))
    half = len(tail) // 2
    before, after = (float(np.sqrt(np.mean(part.astype(np.float64) ** 2))) for part in (tail[:4800], tail[half:]))
    assert after < before * 0.95**90


def test_it_becomes_exactly_silent() -> None:
    bench = Bench(PROCESSOR)
    bench.set(time_ms=1.0, feedback_percent=50.0)
    bench.run(noise(RATE // 10))
    bench.run(np.zeros((RATE, 2), np.float32))
    assert not bench.run(np.zeros((RATE // 10, 2), np.float32)).any()
    assert not bench.unit.low.any()
    assert not bench.unit.high.any()


def test_memory_that_a_rate_does_not_need_is_not_touched() -> None:
    bench = Bench(PROCESSOR, 44100)
    bench.run(np.concatenate([noise(44100), noise(44100), noise(44100), noise(44100)]))
    assert bench.unit.line[:, : 1 << 17].all(axis=1).any()
    assert not bench.unit.line[:, 1 << 17 :].any()
