"""The meter of files against libebur128, and against what is true of signals that are known everywhere."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from engine.measure import Measurement, measure
from engine.meters.k_weighting import k_weighting
from tests.engine.meters import loudness_reference as slow
from tests.engine.meters.test_programme import filtered
from tests.engine.sources.sounds import write_sound

ebur128 = pytest.importorskip("pyebur128")
Floats = npt.NDArray[np.float32]


def noise(rate: int, seconds: float, random: np.random.Generator) -> npt.NDArray[np.float64]:
    """Pink enough, at a level that wanders."""
    n = round(rate * seconds)
    white = np.fft.rfft(random.standard_normal((2, n)))
    pink = np.fft.irfft(white / np.sqrt(1.0 + np.arange(white.shape[1])), n)
    wander = 10.0 ** (np.interp(np.arange(n), np.linspace(0, n, 20), random.uniform(-30.0, -6.0, 20)) / 20.0)
    return wander * pink / np.abs(pink).max()


def music(rate: int, seconds: float, random: np.random.Generator) -> npt.NDArray[np.float64]:
    """Struck notes with overtones, here and there between the channels."""
    n = round(rate * seconds)
    out = np.zeros((2, n))
    t = np.arange(rate) / rate
    for start in range(0, n - rate, rate // 5):
        hertz = 55.0 * 2.0 ** (random.integers(0, 48) / 12.0)
        note = sum(np.sin(2 * np.pi * hertz * k * t) / k**1.5 for k in range(1, 6)) * np.exp(-4.0 * t)
        pan = random.uniform(0.0, 1.0)
        level = 10.0 ** (random.uniform(-30.0, -9.0) / 20.0)
        out[:, start : start + rate] += level * np.outer((1.0 - pan, pan), note)
    return out * 0.7 / np.abs(out).max()


def sparse(rate: int, seconds: float, random: np.random.Generator) -> npt.NDArray[np.float64]:
    """Bursts between silences, now and then below the gate."""
    n = round(rate * seconds)
    out = random.standard_normal((2, n)) * 0.1
    gate = np.repeat(random.choice([0.0, 1e-4, 0.05, 1.0], n // (rate // 4) + 1, p=[0.6, 0.1, 0.1, 0.2]), rate // 4)
    return out * gate[:n]


PROGRAMMES = {"noise": noise, "music": music, "sparse": sparse}


def of(path: Path, sound: npt.NDArray[np.float64], rate: int) -> tuple[Measurement, Floats]:
    samples = sound.astype(np.float32)
    return measure(write_sound(path, samples.T, rate, ("WAV", "FLOAT"))), samples


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("kind", PROGRAMMES)
@pytest.mark.parametrize("seed", [1, 2])
def test_it_agrees_with_libebur128(tmp_path: Path, kind: str, rate: int, seed: int) -> None:
    sound = PROGRAMMES[kind](rate, 12.0, np.random.default_rng(seed))
    got, samples = of(tmp_path / "programme.wav", sound, rate)
    mode = ebur128.MeasurementMode
    state = ebur128.R128State(2, rate, mode.MODE_I | mode.MODE_S | mode.MODE_M | mode.MODE_SAMPLE_PEAK)
    momentary, short_term = [], []
    interleaved = np.ascontiguousarray(samples.T).reshape(-1)
    tick = rate // 100
    for number in range(samples.shape[1] // tick):
        state.add_frames(interleaved[2 * tick * number : 2 * tick * (number + 1)], tick)
        if number >= 39:
            momentary.append(ebur128.get_loudness_momentary(state))
        if number >= 299 and number % 3 == 0:
            short_term.append(ebur128.get_loudness_shortterm(state))
    assert got.integrated_lufs == pytest.approx(ebur128.get_loudness_global(state), abs=0.02)
    assert got.max_momentary_lufs == pytest.approx(max(momentary), abs=0.1)
    assert got.max_short_term_lufs == pytest.approx(max(short_term), abs=0.1)
    peak = max(ebur128.get_sample_peak(state, channel) for channel in (0, 1))
    assert got.sample_peak_dbfs == pytest.approx(20.0 * math.log10(peak), abs=1e-6)


def test_surround_agrees_with_libebur128(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    sound = random.standard_normal((6, 48000 * 5)) * np.array([[0.1, 0.05, 0.08, 0.5, 0.2, 0.15]]).T
    got, samples = of(tmp_path / "six.wav", sound, 48000)
    state = ebur128.R128State(6, 48000, ebur128.MeasurementMode.MODE_I)
    state.add_frames(np.ascontiguousarray(samples.T).reshape(-1), samples.shape[1])
    assert got.integrated_lufs == pytest.approx(ebur128.get_loudness_global(state), abs=0.02)


@pytest.mark.parametrize("kind", PROGRAMMES)
def test_the_range_is_that_of_the_slow_reference(tmp_path: Path, kind: str) -> None:
    rate = 8000
    got, samples = of(tmp_path / "programme.wav", PROGRAMMES[kind](rate, 62.0, np.random.default_rng(3)), rate)
    weighting = k_weighting(rate)
    energies = np.zeros(6200)
    for channel in samples.astype(np.float64):
        weighted = np.array(filtered(weighting.high_pass, filtered(weighting.shelf, channel.tolist())))
        energies += np.square(weighted).reshape(-1, rate // 100).sum(axis=1)
    expected = slow.loudness_range(energies, rate / 100, silence_ticks=150)
    assert expected is not None
    assert expected > 1.0
    assert got.loudness_range_lu == pytest.approx(expected, abs=0.001)


def true_peak_dbtp(sound: npt.NDArray[np.float64]) -> float:
    """The peak of the sound that samples stand for, at 64 times the rate; it must begin and end in silence."""
    n = len(sound)
    spectrum = np.fft.rfft(sound)
    finer = np.fft.irfft(spectrum, 64 * n) * 64.0
    return 20.0 * math.log10(np.abs(finer).max())


def band_limited(rate: int, kind: str, seed: int) -> npt.NDArray[np.float64]:
    """A sound without anything above 20 kHz, in fades."""
    random = np.random.default_rng(seed)
    n = np.arange(6000)
    if kind == "tone":
        hertz = random.choice([997.0, 5000.0, 12000.0, 16000.0, 0.4 * rate, 19900.0])
        sound = np.sin(2.0 * np.pi * min(hertz, 19900.0) * n / rate + random.uniform(0.0, 2.0 * np.pi))
    elif kind == "chord":
        hertz = random.uniform(20.0, 19900.0, (8, 1))
        sound = np.sin(2.0 * np.pi * hertz * n / rate + random.uniform(0.0, 6.3, (8, 1))).sum(axis=0)
    else:
        spectrum = np.fft.rfft(random.standard_normal(len(n)))
        spectrum[np.fft.rfftfreq(len(n), 1.0 / rate) > 19900.0] = 0.0
        sound = np.fft.irfft(spectrum, len(n))
    fade = np.minimum(1.0, np.minimum(n, n[::-1]) / 1500.0)
    sound *= 0.5 - 0.5 * np.cos(np.pi * fade)
    return 0.9 * sound / np.abs(sound).max()


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("kind", ["tone", "chord", "noise"])
def test_true_peaks_are_true_up_to_20_khz(tmp_path: Path, rate: int, kind: str) -> None:
    errors = []
    for seed in range(25):
        sound = band_limited(rate, kind, seed)
        got, samples = of(tmp_path / "sound.wav", sound[None], rate)
        errors.append(got.true_peak_dbtp - true_peak_dbtp(samples[0].astype(np.float64)))
        assert got.true_peak_dbtp >= got.sample_peak_dbfs
    assert min(errors) > -0.02
    assert max(errors) < 0.02


def test_the_true_peak_is_never_below_the_highest_sample(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    for number in range(40):
        frames = int(random.integers(1, 400))
        sound = random.choice([-1.0, 0.0, 0.3, 1.0], (1, frames)) * random.uniform(0.01, 2.0)
        sound[0, random.integers(frames)] = 1.5
        got, samples = of(tmp_path / f"{number}.wav", sound, 48000)
        highest = 20.0 * math.log10(np.abs(samples).max())
        assert got.sample_peak_dbfs == pytest.approx(highest, abs=1e-9)
        assert got.true_peak_dbtp >= got.sample_peak_dbfs
