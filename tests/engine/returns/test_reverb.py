"""The reverb decays as it is told, evenly in time and frequency, and stays in bounds whatever is turned."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from engine.returns.reverb import PROCESSOR
from tests.engine.inserts.bench import RATE, RATES, Bench, impulse, noise, sine

Mono = npt.NDArray[np.float64]


def response(
    seconds: float, rate: int = RATE, sides: tuple[float, float] = (1.0, 1.0), **settings: float
) -> npt.NDArray[np.float64]:
    """What is heard of an impulse, (frames, 2)."""
    bench = Bench(PROCESSOR, rate)
    bench.set(**settings)
    sound = impulse(round(seconds * rate)) * np.array(sides, np.float32)
    return bench.run(sound, others=0.0).astype(np.float64)


def responses(seconds: float, rate: int = RATE, **settings: float) -> npt.NDArray[np.float64]:
    """From each side to each, (frames, 4): their mean decay is surer than that of one, which is as random as noise."""
    each = [response(seconds, rate, sides, **settings) for sides in ((1.0, 0.0), (0.0, 1.0))]
    return np.concatenate(each, axis=1)


def octave(sound: Mono, centre_hz: float, rate: int) -> Mono:
    """One octave of a sound: flat over 0.8 of it, with cosine flanks."""
    frequencies = np.fft.rfftfreq(2 * len(sound), 1.0 / rate)
    away = np.abs(np.log2(np.maximum(frequencies, 1.0) / centre_hz))
    weight = np.cos(np.clip((away - 0.4) / 0.2, 0.0, 1.0) * np.pi / 2.0) ** 2
    return np.fft.irfft(np.fft.rfft(sound, 2 * len(sound)) * weight)[: len(sound)]


def decay_s(heard: npt.NDArray[np.float64], centre_hz: float, rate: int) -> float:
    """RT60 of all responses together: the slope of Schroeder's backward integral from -5 to -35 dB (ISO 3382, T30)."""
    energy = sum(octave(one, centre_hz, rate) ** 2 for one in heard.T)
    left = np.cumsum(energy[::-1])[::-1]
    level = 10.0 * np.log10(left / left[0] + 1e-30)
    first, last = int(np.argmax(level < -5.0)), int(np.argmax(level < -35.0))
    slope = np.polyfit(np.arange(first, last) / rate, level[first:last], 1)[0]
    return float(-60.0 / slope)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    "settings",
    [
        {"decay_s": 0.5},
        {"decay_s": 1.8},
        {"decay_s": 1.2, "size_percent": 20.0},
        {"decay_s": 3.0, "size_percent": 160.0, "high_decay_percent": 100.0},
        {"decay_s": 4.0, "high_decay_percent": 20.0, "modulation_ms": 1.0, "modulation_hz": 2.0},
        {"decay_s": 1.0, "modulation_ms": 0.0},
    ],
)
def test_the_decay_at_1_khz_is_the_set_one(rate: int, settings: dict[str, float]) -> None:
    """The early reflections are no part of the decay."""
    heard = responses(1.2 * settings["decay_s"], rate, early_db=-math.inf, **settings)
    assert decay_s(heard, 1000.0, rate) == pytest.approx(settings["decay_s"], rel=0.05)


def test_twenty_seconds_are_twenty_seconds() -> None:
    heard = responses(20.0, 44100, decay_s=20.0, early_db=-math.inf)
    assert decay_s(heard, 1000.0, 44100) == pytest.approx(20.0, rel=0.05)


@pytest.mark.parametrize("rate", RATES)
def test_undamped_lows_and_highs_decay_alike(rate: int) -> None:
    """At 8 kHz and 44.1 kHz the polynomial between samples takes 0.05 dB of 2 dB per pass."""
    heard = responses(2.4, rate, decay_s=2.0, high_decay_percent=100.0, early_db=-math.inf, low_cut_hz=20.0)
    for centre_hz in (125.0, 500.0, 2000.0, 4000.0, 8000.0):
        assert decay_s(heard, centre_hz, rate) == pytest.approx(2.0, rel=0.08), centre_hz


@pytest.mark.parametrize("share", [20.0, 50.0])
def test_damping_shortens_the_highs(share: float) -> None:
    """An octave around 8 kHz decays a little longer than its middle: its lower half dies last."""
    heard = responses(3.6, decay_s=3.0, high_decay_percent=share, early_db=-math.inf)
    mid, higher, highest = (decay_s(heard, centre_hz, RATE) for centre_hz in (1000.0, 4000.0, 8000.0))
    assert highest < higher < mid
    assert highest / 3.0 == pytest.approx(share / 100.0, rel=0.25)
    assert decay_s(heard, 125.0, RATE) < 1.2 * 3.0


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("sides", [(1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])
def test_the_pre_delay_is_exact(rate: int, sides: tuple[float, float]) -> None:
    sound = impulse(rate // 2) * np.array(sides, np.float32)
    heard = []
    for predelay_ms in (0.0, 0.7, 200.0):
        bench = Bench(PROCESSOR, rate)
        bench.set(predelay_ms=predelay_ms, modulation_ms=0.0)
        heard.append(bench.run(sound))
        delay = round(float(np.float32(predelay_ms)) / 1000.0 * rate)
        assert np.flatnonzero(heard[-1].any(axis=1))[0] == delay
        np.testing.assert_array_equal(heard[-1][delay:], heard[0][: len(sound) - delay])


@pytest.mark.parametrize("size", [20.0, 100.0, 160.0])
def test_both_sides_are_unlike(size: float) -> None:
    heard = response(1.5, size_percent=size)
    tail = heard[RATE // 10 : RATE]
    assert abs(np.corrcoef(tail.T)[0, 1]) < 0.1


def test_no_width_is_mono_and_some_is_less_unlike() -> None:
    mono = response(1.0, width_percent=0.0)
    np.testing.assert_array_equal(mono[:, 0], mono[:, 1])
    half = response(1.0, width_percent=50.0)[RATE // 10 :]
    # near 0.75, far 0.25: 2 * 0.75 * 0.25 / (0.75^2 + 0.25^2)
    assert np.corrcoef(half.T)[0, 1] == pytest.approx(0.6, abs=0.1)


def echo_density(heard: Mono, at_s: float, rate: int) -> float:
    """Samples beyond one standard deviation, as a share of what Gaussian noise has; over 20 ms (J. Abel, P. Huang,
    "A simple, robust measure of reverberation echo density", AES 2006)."""
    frames = round(0.02 * rate)
    window = np.hanning(frames) / np.hanning(frames).sum()
    part = heard[round(at_s * rate) :][:frames]
    deviation = np.sqrt(np.sum(window * part**2))
    return float(np.sum(window * (np.abs(part) > deviation)) / math.erfc(1.0 / math.sqrt(2.0)))


@pytest.mark.parametrize("rate", [44100, 192000])
@pytest.mark.parametrize("size", [20.0, 100.0, 160.0])
def test_echoes_become_as_dense_as_noise_within_80_ms(rate: int, size: float) -> None:
    heard = response(0.6, rate, predelay_ms=0.0, size_percent=size)
    for side in (0, 1):
        assert np.mean([echo_density(heard[:, side], at, rate) for at in (0.0, 0.005)]) > 0.5
        dense = [echo_density(heard[:, side], at, rate) for at in np.arange(0.08, 0.5, 0.02)]
        assert min(dense) > 0.8
        assert np.mean(dense) == pytest.approx(1.0, abs=0.05)


def line_over_neighbours_db(heard: Mono, rate: int) -> float:
    """The highest spectral line from 200 Hz to 6 kHz over the mean power within 100 Hz around it."""
    power = np.abs(np.fft.rfft(heard * np.hanning(len(heard)))) ** 2
    frequencies = np.fft.rfftfreq(len(heard), 1.0 / rate)
    near = round(200.0 * len(heard) / rate)
    around = np.convolve(power, np.ones(near) / near, "same")
    band = (frequencies > 200.0) & (frequencies < 6000.0)
    return float(10.0 * np.log10(np.max(power[band] / around[band])))


@pytest.mark.parametrize("settings", [{}, {"size_percent": 50.0}, {"size_percent": 160.0}])
def test_no_line_of_the_tail_stands_out(settings: dict[str, float]) -> None:
    """Two seconds of the tail with the decay taken out. Gaussian noise gives 9 to 10 dB, by chance (the largest of
    12,000 values with an exponential distribution); without modulation it would be 17 to 22 dB."""
    seconds = 2.0
    random = np.random.default_rng(1).standard_normal(round(seconds * RATE))
    assert 8.5 < line_over_neighbours_db(random, RATE) < 11.0
    heard = response(2.6, decay_s=2.5, high_decay_percent=100.0, **settings)[round(0.5 * RATE) :][: len(random)]
    flat = heard * 10.0 ** (3.0 * np.arange(len(heard)) / RATE / 2.5)[:, None]
    for side in (0, 1):
        assert line_over_neighbours_db(flat[:, side], RATE) < 15.0


@pytest.mark.parametrize("decay", [0.3, 2.0, 8.0])
@pytest.mark.parametrize("size", [40.0, 160.0])
def test_steady_noise_sounds_as_loud_as_it_is_sent(decay: float, size: float) -> None:
    """Energy of the response from 500 Hz to 2 kHz, of an impulse on both sides: 1 on each side."""
    heard = response(
        decay, decay_s=decay, size_percent=size, high_decay_percent=100.0, early_db=-math.inf, low_cut_hz=20.0
    )
    power = np.abs(np.fft.rfft(heard, axis=0)) ** 2
    frequencies = np.fft.rfftfreq(len(heard), 1.0 / RATE)
    level = 10.0 * np.log10(np.mean(power[(frequencies > 500.0) & (frequencies < 2000.0)]))
    assert level == pytest.approx(0.0, abs=1.5)


def test_the_low_cut_is_3_db_down_at_its_corner() -> None:
    """The same reverb (it stands still) with another low cut: the quotient of both is that of the filters."""
    low, high = (
        np.fft.rfft(response(0.5, decay_s=0.2, modulation_ms=0.0, low_cut_hz=cut_hz)[:, 0]) for cut_hz in (20.0, 400.0)
    )
    frequencies = np.fft.rfftfreq(RATE // 2, 1.0 / RATE)
    for frequency_hz, expected in ((400.0, -3.01), (100.0, -24.1), (1600.0, -0.02)):
        near = np.argmin(np.abs(frequencies - frequency_hz))
        assert 20.0 * np.log10(abs(high[near] / low[near])) == pytest.approx(expected, abs=0.1)


ENDS = [
    {"decay_s": 20.0, "size_percent": 20.0, "high_decay_percent": 100.0},
    {"decay_s": 20.0, "size_percent": 160.0, "high_decay_percent": 10.0, "low_cut_hz": 20.0},
    {"decay_s": 0.2, "size_percent": 160.0, "high_decay_percent": 10.0},
    {"decay_s": 0.2, "size_percent": 20.0, "early_db": 6.0},
]


@pytest.mark.parametrize("rate", [44100, 192000])
@pytest.mark.parametrize("settings", ENDS)
def test_it_stays_in_bounds_with_the_wildest_modulation(rate: int, settings: dict[str, float]) -> None:
    """Two seconds of noise: never much louder than it is sent; then what is left decays."""
    bench = Bench(PROCESSOR, rate)
    bench.set(modulation_ms=1.0, modulation_hz=5.0, **settings)
    sent = noise(2 * rate, 0.5)
    heard = bench.run(sent)
    assert heard.std() < 3.0 * sent.std()
    tail = bench.run(np.zeros((4 * rate, 2), np.float32))
    levels = [float(part.astype(np.float64).std()) for part in np.split(tail, 4)]
    # 20 s lose 3 dB per second.
    assert all(after < 0.8 * before or after == 0.0 for before, after in pairwise(levels))


def test_turning_everything_while_it_sounds_stays_in_bounds() -> None:
    bench = Bench(PROCESSOR)
    turns = np.random.default_rng(5)
    bench.set(decay_s=20.0)
    loudest = 0.0
    for _ in range(60):
        settings = {spec.id: float(turns.uniform(spec.minimum, spec.maximum)) for spec in PROCESSOR.params}
        settings |= {"decay_s": 20.0, "early_db": 0.0, "size_percent": float(turns.choice([20.0, 160.0]))}
        bench.set(glide=True, **settings)
        loudest = max(loudest, float(np.abs(bench.run(noise(4000, 0.25, int(turns.integers(1000))))).max()))
    assert loudest < 4.0


@pytest.mark.parametrize(
    "change",
    [
        {"size_percent": 20.0},
        {"size_percent": 160.0},
        {"decay_s": 0.2},
        {"decay_s": 20.0},
        {"predelay_ms": 150.0},
        {"width_percent": 0.0, "early_db": 0.0},
        {"high_decay_percent": 10.0, "modulation_ms": 1.0, "modulation_hz": 5.0},
    ],
)
def test_changes_do_not_click(change: dict[str, float]) -> None:
    """Under a sine of 200 Hz: what a click would leave above 5 kHz is 60 dB below the reverb."""
    bench = Bench(PROCESSOR)
    sound = sine(200.0, -6.0, 2.0)
    bench.set()
    bench.run(sound[:RATE])
    bench.set(glide=True, **change)
    heard = bench.run(sound[RATE : RATE + 24000])[:, 0].astype(np.float64)
    spectrum = np.fft.rfft(heard * np.hanning(len(heard)))
    spectrum[np.fft.rfftfreq(len(heard), 1.0 / RATE) < 5000.0] = 0.0
    clicks = np.fft.irfft(spectrum)
    assert 20.0 * np.log10(np.abs(clicks).max() / np.abs(heard).max()) < -60.0


def test_it_becomes_exactly_silent() -> None:
    bench = Bench(PROCESSOR)
    bench.set(decay_s=0.2)
    bench.run(noise(RATE // 10))
    bench.run(np.zeros((2 * RATE, 2), np.float32))
    assert not bench.run(np.zeros((RATE // 10, 2), np.float32)).any()
    for state in (bench.unit.ic1, bench.unit.ic2, bench.unit.network.damped, bench.unit.network.channels):
        assert not state.any()


@pytest.mark.parametrize("rate", RATES)
def test_the_lines_are_prime_and_different(rate: int) -> None:
    for size in (20.0, 100.0, 160.0):
        bench = Bench(PROCESSOR, rate)
        bench.set(size_percent=size)
        lengths = [round(length) for length in bench.unit.network.travel.target[-16:]]
        assert len(set(lengths)) == 16
        for length in lengths:
            assert all(length % divisor for divisor in range(2, math.isqrt(length) + 1)), length


def test_memory_that_a_rate_does_not_need_is_not_touched() -> None:
    bench = Bench(PROCESSOR, 44100)
    bench.run(np.concatenate([noise(44100)] * 2))
    assert bench.unit.network.ring[:, 100:8192].all(axis=0).any()
    assert not bench.unit.network.ring[:, 8192 + 64 :].any()
    assert not bench.unit.diffuser.ring[:, :, 1024 + 64 :].any()


def test_what_was_heard_before_a_reset_is_gone() -> None:
    bench = Bench(PROCESSOR)
    for before in (noise(RATE), noise(777)):
        bench.run(before)
        bench.reset()
        assert not bench.run(np.zeros((RATE // 2, 2), np.float32)).any()
