"""A recording measured in stretches side by side, against straight runs in double precision."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest

from engine.core.pointers import array_at
from engine.dsp.true_peak import HALF, PHASES, TAPS, _phase
from engine.meters.k_weighting import Biquad, k_weighting
from engine.meters.programme import ProgrammeMeter

Floats = npt.NDArray[np.float32]


def measured(sound: Floats, rate: int, weights: tuple[float, ...] | None = None) -> ProgrammeMeter:
    """Measures channels (n, frames)."""
    channels, frames = sound.shape
    meter = ProgrammeMeter(rate, channels, weights or (1.0,) * channels)
    for start in range(0, frames, meter.room_frames):
        portion = sound[:, start : start + meter.room_frames]
        for room, samples in zip(meter.room, portion, strict=True):
            room[: len(samples)] = samples
        meter.take(portion.shape[1])
    meter.finish()
    return meter


def filtered(stage: Biquad, samples: list[float]) -> list[float]:
    b0, b1, b2, a1, a2 = stage
    out, x1, x2, y1, y2 = [], 0.0, 0.0, 0.0, 0.0
    for x in samples:
        y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
        out.append(y)
        x1, x2, y1, y2 = x, x1, y, y1
    return out


def straight_energies(channel: Floats, rate: int) -> npt.NDArray[np.float64]:
    """One run of the filter through everything; energies of the whole ticks."""
    weighting = k_weighting(rate)
    squares = np.square(filtered(weighting.high_pass, filtered(weighting.shelf, channel.astype(float).tolist())))
    ends = np.arange(len(channel) * 100 // rate + 2) * rate // 100
    return np.array([squares[start:end].sum() for start, end in itertools.pairwise(ends) if end <= len(channel)])


def jumping(seconds: float, rate: int, seed: int = 1) -> Floats:
    """Noise and a slow tone that jump between full scale and silence."""
    random = np.random.default_rng(seed)
    n = np.arange(round(seconds * rate))
    levels = np.repeat(random.choice([0.0, 1e-5, 0.1, 1.0], int(seconds * 4) + 1), -(-rate // 4))[: len(n)]
    sound = levels * (0.5 * np.sin(2 * np.pi * 30.0 * n / rate) + 0.1 * random.standard_normal(len(n)) + 0.2)
    return sound.astype(np.float32)


class Ticks:
    """Stands in for the loudness of a meter and keeps what it is given."""

    def __init__(self) -> None:
        self.taken: list[npt.NDArray[np.float64]] = []

    def take(self, energies: npt.NDArray[np.float64]) -> None:
        self.taken.append(energies.copy())

    def finish_file(self) -> None:
        """Nothing is left to do."""


# 8 kHz: more than one portion of 32 s; 11025 and 22050 Hz: ticks that are no whole frames; 12347 Hz: no whole ticks
# in any stretch but one of a second.
@pytest.mark.parametrize(
    ("rate", "seconds"), [(8000, 33.335), (11025, 7.0), (22050, 2.005), (12347, 3.3), (48000, 2.5)]
)
def test_energies_are_those_of_one_straight_run(rate: int, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = jumping(seconds, rate)[None]
    ticks = Ticks()
    monkeypatch.setattr("engine.meters.programme.Loudness", lambda _rate: ticks)
    meter = measured(sound, rate)
    expected = straight_energies(sound[0], rate)
    got = np.concatenate(ticks.taken)
    assert len(got) == len(expected)
    # Silence after sound too is what it should be, 200 dB below full scale.
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-20)
    assert meter.levels.mean_square == pytest.approx(np.mean(sound.astype(np.float64) ** 2), rel=1e-12)


def test_channels_are_weighted_and_added() -> None:
    rate = 8000
    sound = np.stack([jumping(4.0, rate, seed) for seed in (1, 2, 3)])
    weights = (1.0, 0.0, 1.41)
    energies = sum(weight * straight_energies(channel, rate) for weight, channel in zip(weights, sound, strict=True))
    window = energies[-300:].sum() / (3.0 * rate)  # type: ignore[index]
    loudness = measured(sound, rate, weights).loudness
    assert loudness.short_term_lufs == pytest.approx(-0.691 + 10.0 * np.log10(window), abs=1e-9)


def interpolated(sound: Floats) -> float:
    """The highest of all samples and of all 32nds between them, silence around the sound."""
    padded = np.concatenate([np.zeros(TAPS), sound.astype(np.float64), np.zeros(TAPS)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, TAPS)
    phases = np.array([_phase(k / 4) for k in range(1, 4 * PHASES)])
    return max(float(np.abs(sound).max()), float(np.abs(windows @ phases.T).max()))


def sounds() -> dict[str, Floats]:
    random = np.random.default_rng(7)
    n = np.arange(3000)
    noise = random.standard_normal(3000)
    spectrum = np.fft.rfft(noise)
    smooth = np.fft.irfft(spectrum / (1.0 + np.arange(len(spectrum)) / 20.0), 3000)
    lone = np.zeros(3000)
    lone[1500:1502] = 1.0, 0.9
    return {
        name: np.asarray(sound, np.float32)
        for name, sound in {
            "noise": 0.2 * noise,
            "clipped noise": np.clip(noise, -0.5, 0.5),
            "smooth": smooth,
            "sine at 997 Hz": 0.9 * np.sin(2 * np.pi * 997.0 * n / 48000),
            "sine at fs/4": np.sin(np.pi * n / 2 + np.pi / 4),
            "growing sine": n / 3000 * np.sin(2 * np.pi * 5000.0 * n / 48000),
            "loud noise in a low tone": 0.3 * np.sin(0.01 * n) + 0.1 * noise * (n > 2500),
            "lone samples": lone,
        }.items()
    }


@pytest.mark.parametrize("name", sounds())
@pytest.mark.parametrize("frames", [3000, 2944, 65, 64, 63, 1])
def test_true_peaks_are_those_of_the_filter_everywhere(name: str, frames: int) -> None:
    sound = sounds()[name][-frames:]
    levels = measured(sound[None], 48000).levels
    assert levels.sample_peak == np.abs(sound).max()
    assert levels.true_peak == pytest.approx(interpolated(sound), rel=1e-6)
    assert levels.true_peak >= levels.sample_peak


@pytest.mark.parametrize("extra", [-33, -1, 0, 1, 31, 64])
def test_a_peak_where_portions_meet_and_at_the_end_is_found(extra: int) -> None:
    rate = 1000
    room = ProgrammeMeter(rate, 1, (1.0,)).room_frames
    for place in (room - HALF, room - 1, room, room + HALF, room + extra - 2):
        frames = room + extra
        sound = np.zeros(frames, np.float32)
        first = min(max(place, 0), frames - 1)
        sound[first : first + 2] = 0.5
        expected = interpolated(sound[max(first - 100, 0) : first + 100])
        if first + 100 > frames or first > 100:
            assert measured(sound[None], rate).levels.true_peak == pytest.approx(expected, rel=1e-6)


def test_the_energy_of_the_last_samples_counts() -> None:
    sound = np.zeros((1, 1005), np.float32)
    sound[0, -1] = 1.0
    assert measured(sound, 48000).levels.mean_square == pytest.approx(1.0 / 1005)


def test_memory_does_not_grow_with_channels_and_rates() -> None:
    for rate, channels in ((48000, 2), (192000, 6), (44100, 1), (96000, 8)):
        meter = ProgrammeMeter(rate, channels, None)
        held = array_at(meter.room[0].ctypes.data, (1,), np.float32).itemsize * channels * meter.room_frames
        assert held < 64e6


def test_silence_has_no_level() -> None:
    levels = measured(np.zeros((2, 5000), np.float32), 48000).levels
    assert (levels.sample_peak_dbfs, levels.true_peak_dbtp, levels.rms_dbfs) == (-np.inf,) * 3
