"""The limiter keeps its promise for samples and between them, and touches nothing that needs no limiting."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from engine.inserts.limiter import PROCESSOR
from tests.engine.inserts.bench import RATE, RATES, Bench, Sound, impulse, level_dbfs, noise, sine, stereo

SECONDS = 0.5
Wave = np.ndarray


def db(gain: float) -> float:
    return 20.0 * math.log10(gain)


# --- a meter of its own: an eightfold interpolator of another length and shape, by Fourier transforms


def true_peak_dbtp(sound: Sound, half: int = 48, beta: float = 9.0) -> float:
    offsets = np.arange(-half, half + 1)
    length = 1 << (len(sound) + 2 * half).bit_length()
    spectrum = np.fft.rfft(sound.astype(np.float64), length, axis=0)
    highest = float(np.abs(sound).max())
    for phase in range(1, 8):
        distance = offsets + phase / 8.0
        window = np.i0(beta * np.sqrt(np.maximum(0.0, 1.0 - (distance / (half + 1)) ** 2))) / np.i0(beta)
        weights = np.fft.rfft(np.sinc(distance) * window, length)[:, None]
        highest = max(highest, float(np.abs(np.fft.irfft(spectrum * weights, length, axis=0)).max()))
    return db(highest)


def test_the_meter_reads_the_tones_of_tech_3341() -> None:
    n = np.arange(RATE)
    tone = 0.5 * np.sin(2.0 * np.pi * n / 4.0 + np.pi / 4.0) * np.hanning(RATE)
    assert true_peak_dbtp(stereo(tone)) == pytest.approx(-6.02, abs=0.02)
    assert true_peak_dbtp(stereo(tech_3341_burst(RATE, 2) / 4.0)) == pytest.approx(-0.08, abs=0.05)


# --- what it has to limit


def pink(rate: int) -> Wave:
    """Noise of equal power per octave, peaks at +12 dBFS."""
    frames = round(SECONDS * rate)
    spectrum = np.fft.rfft(np.random.default_rng(3).standard_normal((frames, 2)), axis=0)
    shape = 1.0 / np.sqrt(np.maximum(np.arange(len(spectrum)), 1.0))
    wave = np.fft.irfft(spectrum * shape[:, None], frames, axis=0)
    return np.asarray(wave * 10.0 ** (12.0 / 20.0) / np.abs(wave).max())


def tech_3341_tone(divisor: float, phase_degrees: float) -> Callable[[int], Wave]:
    """Cases 16 to 19, with 12 dB more than the first of them."""
    return lambda rate: (
        2.0 * np.sin(2.0 * np.pi * np.arange(round(SECONDS * rate)) / divisor + math.radians(phase_degrees))
    )


def tech_3341_burst(rate: int, offset: int) -> Wave:
    """Cases 20 to 23, 12 dB up: a period of fs/4 among fs/6, made at four times the rate, taken from an offset on."""
    tone = 0.5 * np.sin(2.0 * np.pi * np.arange(int(SECONDS / 2.0 * rate / 6.0) * 24) / 24.0)
    wave = np.concatenate([tone, np.sin(2.0 * np.pi * np.arange(16) / 16.0), tone])
    fade = np.linspace(0.0, 1.0, int(0.1 * rate * 4))
    wave[: len(fade)] *= fade
    wave[-len(fade) :] *= fade[::-1]
    tap = np.arange(1001) - 500
    low_pass = np.sinc(0.25 * tap) * np.blackman(1001)
    length = 1 << (len(wave) + 1000).bit_length()
    spectrum = np.fft.rfft(wave, length) * np.fft.rfft(low_pass / low_pass.sum(), length)
    return np.asarray(4.0 * np.fft.irfft(spectrum, length)[500 : 500 + len(wave)][offset::4])


def clicks(rate: int) -> Wave:
    """Single and double samples far above full scale."""
    wave = np.zeros(round(SECONDS * rate))
    wave[::997] = 4.0
    wave[500::1201] = -4.0
    wave[501::1201] = -4.0
    wave[900::3001] = 30.0
    return wave


def square(frequency_hz: float) -> Callable[[int], Wave]:
    """A naive one, all overtones up to half the rate and back."""
    return lambda rate: (
        2.0 * np.sign(np.sin(2.0 * np.pi * frequency_hz * np.arange(round(SECONDS * rate)) / rate + 0.1))
    )


def white(rate: int) -> Wave:
    return np.random.default_rng(5).uniform(-1.0, 1.0, (round(SECONDS * rate), 2))


def sweep(rate: int) -> Wave:
    """From 20 Hz to 20 kHz, at +12 dBFS."""
    n = np.arange(round(SECONDS * rate)) / round(SECONDS * rate)
    octaves = math.log(1000.0)
    return 4.0 * np.sin(2.0 * np.pi * 20.0 * SECONDS / octaves * (np.exp(n * octaves) - 1.0))


def alternating(rate: int) -> Wave:
    """Half the rate itself, turned over now and then at random: sound where interpolators agree least."""
    n = np.arange(round(SECONDS * rate))[:, None]
    turns = np.cumsum(np.random.default_rng(2).random((len(n), 2)) < 0.05, axis=0)
    return np.asarray(4.0 * (-1.0) ** (n + turns))


def signs(rate: int) -> Wave:
    """Noise of two values."""
    return 4.0 * np.sign(white(rate))


LOUD: dict[str, Callable[[int], Wave]] = {
    "pink": pink,
    "16": tech_3341_tone(4.0, 45.0),
    "17": tech_3341_tone(6.0, 60.0),
    "18": tech_3341_tone(8.0, 67.5),
    "19": lambda rate: math.sqrt(2.0) * tech_3341_tone(4.0, 45.0)(rate),
    **{str(20 + offset): lambda rate, offset=offset: tech_3341_burst(rate, offset) for offset in range(4)},
    "clicks": clicks,
    "square 61": square(61.0),
    "square 997": square(997.0),
    "square 7001": square(7001.0),
    "white": white,
    "sweep": sweep,
    "alternating": alternating,
    "signs": signs,
}


def limited(wave: Wave, rate: int, **settings: float) -> tuple[Sound, Sound]:
    """What went in and what came out, to the end of its tail."""
    bench = Bench(PROCESSOR, rate)
    bench.set(**settings)
    sound = (stereo(wave) if wave.ndim == 1 else wave).astype(np.float32)
    sound = np.concatenate([sound, np.zeros((bench.latency + 100, 2), np.float32)])
    return sound, bench.run(sound)


@pytest.mark.parametrize("release_ms", [5.0, 100.0])
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("name", LOUD)
def test_ds_06_nothing_passes_the_ceiling(name: str, rate: int, release_ms: float) -> None:
    sound, heard = limited(LOUD[name](rate), rate, ceiling_dbtp=-1.0, release_ms=release_ms)
    assert true_peak_dbtp(sound) > 2.0
    assert np.abs(heard).astype(np.float64).max() <= 10.0 ** (-1.0 / 20.0)
    assert true_peak_dbtp(heard) <= -1.0 + 0.1


@pytest.mark.parametrize("rate", RATES)
def test_of_sound_up_to_20_khz_no_meter_finds_more_than_the_ceiling(rate: int) -> None:
    spectrum = np.fft.rfft(white(rate), axis=0)
    audible = np.fft.rfftfreq(round(SECONDS * rate), 1.0 / rate) <= 20000.0
    wave = 4.0 * np.fft.irfft(spectrum * audible[:, None], round(SECONDS * rate), axis=0)
    wave *= np.hanning(len(wave))[:, None]
    _, heard = limited(wave, rate, ceiling_dbtp=-1.0, release_ms=5.0)
    for half, beta in ((12, 5.0), (24, 6.0), (48, 9.0), (200, 9.0)):
        assert true_peak_dbtp(heard, half, beta) <= -1.0, half


@pytest.mark.parametrize("ceiling_dbtp", [-24.0, -7.3, -0.1, 0.0])
def test_any_ceiling_is_kept_to_the_bit(ceiling_dbtp: float) -> None:
    _, heard = limited(white(RATE), RATE, ceiling_dbtp=ceiling_dbtp, input_gain_db=20.0)
    assert np.abs(heard).astype(np.float64).max() <= 10.0 ** (ceiling_dbtp / 20.0)


@pytest.mark.parametrize("frequency_hz", [100.0, 997.0, 6000.0])
def test_a_steady_tone_loses_no_more_than_it_must(frequency_hz: float) -> None:
    _, heard = limited(sine(frequency_hz, 6.0), RATE, ceiling_dbtp=-3.0, release_ms=1000.0)
    assert level_dbfs(heard[: -RATE // 10]) == pytest.approx(-3.2, abs=0.05)


# --- what it leaves alone


@pytest.mark.parametrize("rate", RATES)
def test_below_the_ceiling_it_delays_bits(rate: int) -> None:
    sound, heard = limited(noise(rate // 4, 0.4), rate)
    latency = PROCESSOR.latency_frames(rate)
    np.testing.assert_array_equal(heard[latency:], sound[:-latency])
    assert not heard[:latency].any()


def test_after_a_peak_it_comes_back_to_the_bit() -> None:
    bench = Bench(PROCESSOR)
    bench.set(release_ms=20.0)
    bench.run(sine(997.0, 12.0))
    bench.run(np.zeros((RATE // 2, 2), np.float32))
    assert bench.reduction_db() == 0.0
    sound = noise(4800)
    np.testing.assert_array_equal(bench.run(sound)[bench.latency :], sound[: -bench.latency])


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("height", [0.5, 8.0])
def test_a_click_comes_out_after_the_declared_latency(rate: int, height: float) -> None:
    for settings in ({}, {"release_ms": 1000.0, "ceiling_dbtp": -24.0}):
        bench = Bench(PROCESSOR, rate)
        bench.set(**settings)
        heard = bench.run(impulse(1000, height))
        assert int(np.argmax(np.abs(heard[:, 0]))) == bench.latency


# --- how it moves


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("release_ms", [50.0, 400.0])
def test_63_percent_of_the_reduction_are_gone_after_the_release_time(rate: int, release_ms: float) -> None:
    bench = Bench(PROCESSOR, rate)
    bench.set(release_ms=release_ms, ceiling_dbtp=-6.0)
    bench.run(sine(997.0, 0.0, 0.5, rate))
    # The look-ahead holds and averages for about twice its 1.5 ms before the release is seen.
    bench.run(np.zeros((rate // 200, 2), np.float32))
    start = 1.0 - 10.0 ** (bench.reduction_db() / 20.0)
    assert start == pytest.approx(0.5, abs=0.06)
    bench.run(np.zeros((round(release_ms / 1000.0 * rate), 2), np.float32))
    left = 1.0 - 10.0 ** (bench.reduction_db() / 20.0)
    assert left / start == pytest.approx(math.exp(-1.0), abs=0.002)


def test_the_gain_never_jumps() -> None:
    quiet = np.full(RATE // 10, 0.01)
    quiet[2000] = 10.0
    _, heard = limited(quiet, RATE, release_ms=5.0)
    gains = np.delete(heard[200:4000, 0], 2000 + PROCESSOR.latency_frames(RATE) - 200) / 0.01
    assert gains.min() < 0.1
    assert np.abs(np.diff(gains)).max() < 0.04


def test_both_sides_move_together() -> None:
    sound = sine(997.0, 12.0)
    sound[:, 1] *= np.float32(0.001)
    _, heard = limited(sound, RATE)
    np.testing.assert_allclose(heard[:, 1], heard[:, 0] * 0.001, atol=1e-8)


def test_input_gain_and_reading() -> None:
    bench = Bench(PROCESSOR)
    bench.set(input_gain_db=12.0, ceiling_dbtp=-3.0, release_ms=1000.0)
    bench.run(sine(997.0, -6.0))
    # +6 dBFS at the input of the detector, aimed 0.2 dB below -3 dBTP.
    assert bench.reduction_db() == pytest.approx(-9.2, abs=0.05)


def test_the_ceiling_glides_and_holds() -> None:
    bench = Bench(PROCESSOR)
    tone = sine(997.0, 0.0, 0.2)
    bench.run(tone)
    bench.set(glide=True, ceiling_dbtp=-12.0)
    heard = bench.run(tone)
    assert np.abs(heard[RATE // 50 :]).astype(np.float64).max() <= 10.0 ** (-12.0 / 20.0)
    assert level_dbfs(heard, 0.1) == pytest.approx(-12.2, abs=0.1)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 3e38])
def test_what_is_no_sound_does_not_pass(bad: float) -> None:
    sound = noise(1000)
    sound[100:103] = bad
    heard = Bench(PROCESSOR).run(sound)
    assert np.abs(heard).max() <= 0.25
