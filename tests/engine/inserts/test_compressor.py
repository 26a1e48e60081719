"""The compressor follows the textbook: its static curve, its times, its detectors, link and key filter."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.inserts.compressor import PROCESSOR, RMS_TIME_S, curve_db
from tests.engine.inserts.bench import RATE, RATES, Bench, Sound, level_dbfs, noise, sine, stereo

TONE_HZ = 997.0
QUICK = {"attack_ms": 1.0, "release_ms": 200.0}


def steady(level: float, frequency_hz: float = TONE_HZ, rate: int = RATE, **settings: float) -> Bench:
    """A bench that has heard a sine for a second (faded in, so that no filter rings)."""
    bench = Bench(PROCESSOR, rate)
    bench.set(**(QUICK | settings))
    sound = sine(frequency_hz, level, 1.0, rate)
    sound[: rate // 2] *= np.linspace(0.0, 1.0, rate // 2, dtype=np.float32)[:, None]
    bench.run(sound, others=0.0)
    return bench


def reductions(bench: Bench, sound: Sound, every: int = 1) -> np.ndarray:
    """The reading after every few frames."""
    readings = []
    for start in range(0, len(sound), every):
        bench.run(sound[start : start + every], others=0.0)
        readings.append(-bench.reduction_db())
    return np.array(readings)


def test_ds_05_the_curve_is_the_published_one() -> None:
    values = Bench(PROCESSOR).values(threshold_db=-20.0, compression_ratio=4.0, knee_db=6.0)
    given = [-40.0, -23.0, -21.5, -20.0, -18.5, -17.0, -10.0, 0.0]
    expected = [-40.0, -23.0, -21.6406, -20.5625, -19.7656, -19.25, -17.5, -15.0]
    np.testing.assert_allclose(curve_db(values, given), expected, atol=1e-4)


@pytest.mark.parametrize("rate", RATES)
def test_steady_sines_follow_the_curve(rate: int) -> None:
    settings = {"threshold_db": -20.0, "compression_ratio": 4.0, "knee_db": 6.0, "make_up_db": 3.0}
    for level in (-40.0, -23.0, -20.0, -17.0, -10.0, 0.0):
        bench = Bench(PROCESSOR, rate)
        bench.set(**settings, **QUICK)
        heard = level_dbfs(bench.run(sine(TONE_HZ, level, 1.0, rate), others=0.0), rate=rate)
        assert heard == pytest.approx(float(curve_db(bench.values(**settings), level)), abs=0.1), level


@pytest.mark.parametrize(
    "settings",
    [
        {"compression_ratio": 1.0},
        {"compression_ratio": 20.0, "knee_db": 0.0},
        {"limit": 1.0, "knee_db": 24.0},
        {"limit": 1.0, "knee_db": 0.0},
    ],
)
def test_the_ends_of_ratio_and_knee(settings: dict[str, float]) -> None:
    for level in (-30.0, -18.0, -6.0):
        bench = Bench(PROCESSOR)
        bench.set(**settings, **QUICK)
        heard = level_dbfs(bench.run(sine(TONE_HZ, level), others=0.0))
        assert heard == pytest.approx(float(curve_db(bench.values(**settings), level)), abs=0.1)


def test_below_the_knee_it_copies_bits() -> None:
    sound = noise(4800, 0.05)
    bench = Bench(PROCESSOR)
    bench.set(threshold_db=-18.0, knee_db=6.0)
    np.testing.assert_array_equal(bench.run(sound), sound)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("attack_ms", [1.0, 10.0, 50.0])
def test_63_percent_of_the_reduction_are_reached_in_the_attack_time(rate: int, attack_ms: float) -> None:
    bench = Bench(PROCESSOR, rate)
    settings = {"threshold_db": -30.0, "compression_ratio": 2.0, "knee_db": 0.0}
    bench.set(attack_ms=attack_ms, release_ms=200.0, **settings)
    frames = round(rate * attack_ms / 1000.0)
    bench.run(stereo(np.full(frames, 10.0 ** (-10.0 / 20.0))), others=0.0)
    assert -bench.reduction_db() / 10.0 == pytest.approx(1.0 - math.exp(-1.0), abs=0.003)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("release_ms", [50.0, 500.0])
def test_63_percent_of_the_reduction_are_gone_after_the_release_time(rate: int, release_ms: float) -> None:
    bench = Bench(PROCESSOR, rate)
    bench.set(threshold_db=-30.0, compression_ratio=2.0, knee_db=0.0, attack_ms=0.1, release_ms=release_ms)
    bench.run(stereo(np.full(rate // 10, 10.0 ** (-10.0 / 20.0))), others=0.0)
    assert -bench.reduction_db() == pytest.approx(10.0, abs=0.01)
    bench.run(np.zeros((round(rate * release_ms / 1000.0), 2), np.float32), others=0.0)
    assert -bench.reduction_db() / 10.0 == pytest.approx(math.exp(-1.0), abs=0.005)


def test_release_takes_about_attack_and_release() -> None:
    bench = Bench(PROCESSOR)
    bench.set(threshold_db=-30.0, compression_ratio=2.0, knee_db=0.0, attack_ms=30.0, release_ms=100.0)
    bench.run(stereo(np.full(RATE, 10.0 ** (-10.0 / 20.0))), others=0.0)
    falling = reductions(bench, np.zeros((RATE // 3, 2), np.float32), 48) / 10.0
    passed_ms = float(np.argmax(falling < math.exp(-1.0))) + 1.0
    # Two poles of tau 30 and 100 ms in a row: (100 e^(-t/100) - 30 e^(-t/30)) / 70 = 1/e at 134.7 ms.
    assert passed_ms == pytest.approx(134.7, abs=1.5)


def test_rms_reads_a_sine_3_01_db_lower_than_peak() -> None:
    settings = {"threshold_db": -40.0, "limit": 1.0, "knee_db": 0.0, "release_ms": 1000.0}
    peak = steady(-10.0, **settings).reduction_db()
    rms = steady(-10.0, detector=1.0, **settings).reduction_db()
    assert peak == pytest.approx(-30.0, abs=0.05)
    assert rms - peak == pytest.approx(20.0 * math.log10(math.sqrt(2.0)), abs=0.06)


def test_rms_reads_a_square_like_peak_and_takes_its_time() -> None:
    bench = Bench(PROCESSOR)
    bench.set(detector=1.0, threshold_db=-40.0, limit=1.0, knee_db=0.0, attack_ms=0.1)
    level = stereo(np.full(round(RMS_TIME_S * RATE), 0.1))
    bench.run(level, others=0.0)
    # The mean of squares has gone 63.2 % of its way: -1.99 dB.
    assert -bench.reduction_db() == pytest.approx(20.0 + 10.0 * math.log10(1.0 - math.exp(-1.0)), abs=0.1)


@pytest.mark.parametrize(("link_percent", "share"), [(0.0, 0.0), (50.0, 0.5), (100.0, 1.0)])
def test_link_takes_the_quiet_side_along(link_percent: float, share: float) -> None:
    sound = sine(TONE_HZ, -10.0)
    sound[:, 1] *= np.float32(10.0 ** (-30.0 / 20.0))
    bench = Bench(PROCESSOR)
    bench.set(link_percent=link_percent, threshold_db=-30.0, compression_ratio=2.0, knee_db=0.0, **QUICK)
    heard = bench.run(sound)
    for side, given, reduction in ((0, -10.0, 10.0), (1, -40.0, 10.0 * share)):
        assert level_dbfs(heard[:, [side]]) == pytest.approx(given - reduction, abs=0.1)


@pytest.mark.parametrize("rate", RATES)
def test_the_key_filter_halves_the_power_at_its_frequency(rate: int) -> None:
    settings = {"threshold_db": -60.0, "limit": 1.0, "knee_db": 0.0, "release_ms": 2000.0, "key_filter_hz": 100.0}

    def fall(frequency_hz: float) -> float:
        plain = steady(-10.0, frequency_hz, rate, **settings).reduction_db()
        return plain - steady(-10.0, frequency_hz, rate, filter_key=1.0, **settings).reduction_db()

    assert fall(100.0) == pytest.approx(-3.01, abs=0.1)
    assert fall(25.0) == pytest.approx(-24.1, abs=0.5)
    assert fall(2000.0) == pytest.approx(0.0, abs=0.05)


def test_the_key_filter_is_not_heard() -> None:
    sound = sine(40.0, -30.0)
    bench = Bench(PROCESSOR)
    bench.set(filter_key=1.0, key_filter_hz=1000.0)
    np.testing.assert_array_equal(bench.run(sound), sound)


def test_changes_glide() -> None:
    bench = Bench(PROCESSOR)
    one = stereo(np.full(RATE // 5, 0.05))
    bench.run(one)
    bench.set(glide=True, make_up_db=12.0)
    heard = bench.run(one)[:, 0]
    assert np.abs(np.diff(heard)).max() < 0.0005
    assert heard[-1] == pytest.approx(0.05 * 10.0 ** (12.0 / 20.0), rel=1e-5)
