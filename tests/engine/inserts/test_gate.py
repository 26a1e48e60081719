"""The gate opens, holds and closes when it says it does, and by what its static curve says."""

from __future__ import annotations

import time

import numpy as np
import pytest

from engine.core.record import BLOCK_FRAMES, LANES, STRIPS_PER_RACK
from engine.core.unit import PROCESS
from engine.inserts.gate import PROCESSOR
from tests.engine.inserts.bench import RATE, RATES, Bench, Sound, noise, sine, stereo


def bench_with(rate: int = RATE, **settings: float) -> Bench:
    bench = Bench(PROCESSOR, rate)
    bench.set(**settings)
    return bench


def constant(level_dbfs: float, seconds: float, rate: int = RATE) -> Sound:
    """A steady level in its plainest form."""
    return stereo(np.full(round(seconds * rate), 10.0 ** (level_dbfs / 20.0)))


def gain_db(heard: Sound, sound: Sound) -> np.ndarray:
    """The gain of every frame, left."""
    return np.asarray(20.0 * np.log10(np.abs(heard[:, 0]) / np.abs(sound[:, 0])))


def settled_db(sound: Sound, **settings: float) -> float:
    """The gain at the end of a sound, with the quickest release."""
    bench = bench_with(release_ms=5.0, hold_ms=10.0, **settings)
    heard = bench.run(sound)
    gain = float(gain_db(heard[-1:], sound[-1:])[0])
    assert bench.reduction_db() == pytest.approx(gain, abs=0.001)
    return gain


@pytest.mark.parametrize("ratio", [1.0, 2.0, 4.0, 100.0])
@pytest.mark.parametrize("level_dbfs", [-70.0, -52.0, -45.0, -41.0, -40.5])
def test_below_the_threshold_the_gain_follows_the_static_curve(ratio: float, level_dbfs: float) -> None:
    expected = max((level_dbfs + 40.0) * (ratio - 1.0), -60.0)
    settings = {"threshold_db": -40.0, "expansion_ratio": ratio, "range_db": 60.0}
    assert settled_db(constant(level_dbfs, 0.5), **settings) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize("level_dbfs", [-39.99, -30.0, 0.0, 12.0])
def test_above_the_threshold_it_copies_bits(level_dbfs: float) -> None:
    sound = constant(level_dbfs, 0.5)
    heard = bench_with(threshold_db=-40.0).run(sound)
    np.testing.assert_array_equal(heard[-4800:], sound[-4800:])


@pytest.mark.parametrize("frequency_hz", [105.0, 997.0, 9001.0])
def test_the_level_of_a_sine_is_its_peak(frequency_hz: float) -> None:
    bench = bench_with(threshold_db=-40.0, expansion_ratio=2.0, range_db=60.0)
    bench.run(sine(frequency_hz, -50.0, 2.0))
    assert bench.reduction_db() == pytest.approx(-10.0, abs=0.05)


@pytest.mark.parametrize("range_db", [0.0, 6.0, 90.0])
def test_it_never_reduces_by_more_than_its_range(range_db: float) -> None:
    assert settled_db(constant(-90.0, 0.5), threshold_db=-20.0, range_db=range_db) == pytest.approx(
        -range_db, abs=0.002
    )
    bench = bench_with(threshold_db=-20.0, range_db=range_db, release_ms=5.0)
    bench.run(np.zeros((RATE, 2), np.float32))
    assert bench.reduction_db() == pytest.approx(-range_db, abs=0.002)


def test_the_slowest_release_arrives_at_the_highest_rate() -> None:
    bench = bench_with(192000, range_db=80.0, release_ms=300.0)
    bench.run(np.zeros((4 * 192000, 2), np.float32), others=0.0)
    assert bench.reduction_db() == pytest.approx(-80.0, abs=0.01)


def test_between_the_thresholds_it_stays_as_it_is() -> None:
    """Threshold -40 dB, hysteresis 6 dB; -43 dB neither opens nor closes, -39.9 opens, -46.1 closes."""
    settings = {"threshold_db": -40.0, "hysteresis_db": 6.0, "range_db": 30.0, "expansion_ratio": 100.0}
    bench = bench_with(release_ms=20.0, hold_ms=10.0, **settings)
    told = []
    for level_dbfs in (-43.0, -39.9, -43.0, -45.9, -46.1, -45.9, -43.0, -40.1, -39.9):
        bench.run(constant(level_dbfs, 0.5))
        told.append(round(bench.reduction_db(), 2))
    assert told == [-30.0, 0.0, 0.0, 0.0, -30.0, -30.0, -30.0, -9.9, 0.0]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("attack_ms", [1.0, 30.0])
def test_it_opens_by_63_percent_in_the_attack_time(rate: int, attack_ms: float) -> None:
    bench = bench_with(rate, threshold_db=-40.0, range_db=40.0, attack_ms=attack_ms, release_ms=20.0)
    bench.run(np.zeros((rate, 2), np.float32), others=0.0)
    sound = constant(-20.0, 0.5, rate)
    gain = gain_db(bench.run(sound, others=0.0), sound)
    reached = int(np.argmax(gain >= -40.0 / np.e)) + 1
    assert reached == pytest.approx(attack_ms * rate / 1000.0, abs=1.5)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(("hold_ms", "release_ms"), [(10.0, 20.0), (50.0, 150.0), (400.0, 20.0)])
def test_it_holds_for_its_time_and_closes_by_63_percent_in_the_release_time(
    rate: int, hold_ms: float, release_ms: float
) -> None:
    bench = bench_with(rate, threshold_db=-40.0, range_db=40.0, hold_ms=hold_ms, release_ms=release_ms)
    bench.run(constant(-20.0, 0.1, rate), others=0.0)
    sound = constant(-80.0, 1.2, rate)
    gain = gain_db(bench.run(sound, others=0.0), sound)
    held = int(np.argmax(gain < 0.0))
    assert held == pytest.approx(hold_ms * rate / 1000.0, abs=1.5)
    assert np.abs(gain[:held]).max() < 1e-4
    fallen = int(np.argmax(gain <= -40.0 * (1.0 - 1.0 / np.e))) + 1 - held
    assert fallen == pytest.approx(release_ms * rate / 1000.0, rel=0.001, abs=1.5)


def test_what_comes_again_within_the_hold_time_keeps_it_open() -> None:
    """A click every 40 ms, hold 50 ms: open all the time. Every 60 ms: closed in between."""
    for every_s, lowest in ((0.04, -0.001), (0.06, -10.0)):
        sound = constant(-80.0, 1.0)
        sound[:: round(every_s * RATE)] = 0.5
        heard = bench_with(threshold_db=-40.0, hold_ms=50.0, release_ms=5.0, attack_ms=0.05).run(sound)
        gain = gain_db(heard, sound)[4800:]
        assert (gain.min() >= lowest) == (every_s == 0.04)
        assert lowest < 0.0


@pytest.mark.parametrize("side", [0, 1])
def test_the_louder_side_opens_both(side: int) -> None:
    sound = constant(-70.0, 0.5)
    sound[:, side] = 0.1
    heard = bench_with(threshold_db=-40.0).run(sound)
    np.testing.assert_array_equal(heard[-4800:], sound[-4800:])


def test_both_sides_get_the_same_gain() -> None:
    sound = noise(9600, 0.02) * np.linspace(0.2, 2.0, 9600, dtype=np.float32)[:, None]
    sound[:, 1] *= 0.1
    heard = bench_with(threshold_db=-36.0, expansion_ratio=3.0, attack_ms=5.0, release_ms=20.0, hold_ms=10.0).run(sound)
    left, right = (20.0 * np.log10(np.abs(heard[:, at] / sound[:, at])) for at in (0, 1))
    np.testing.assert_allclose(left, right, atol=1e-3)
    assert left.min() < -3.0
    assert left.max() > -0.5


def test_the_key_is_high_passed_and_the_sound_is_not() -> None:
    """50 Hz at -20 dBFS is 36 dB down in a key above 400 Hz; 2 kHz is not."""
    settings = {"threshold_db": -40.0, "key_high_pass": 1.0, "key_high_pass_hz": 400.0, "range_db": 20.0}
    low = bench_with(**settings)
    low.run(sine(50.0, -20.0))
    assert low.reduction_db() == pytest.approx(-20.0, abs=0.05)
    low.set(threshold_db=-40.0)
    low.run(sine(50.0, -20.0))
    assert low.reduction_db() == 0.0
    high = bench_with(**settings)
    sound = sine(2000.0, -20.0) + sine(50.0, -30.0)
    np.testing.assert_array_equal(high.run(sound)[-4800:], sound[-4800:])


def test_it_sounds_the_same_at_any_block_size_while_it_works() -> None:
    sound = noise(20000, 0.1) * (0.5 + 0.5 * np.sin(np.arange(20000) / 700.0))[:, None].astype(np.float32) ** 4
    settings = {"threshold_db": -30.0, "hold_ms": 10.0, "release_ms": 20.0, "key_high_pass": 1.0}
    expected = None
    for blocks in ((64,), (1,), (13, 64, 31)):
        bench = bench_with(**settings)
        first = bench.run(sound[:9000], blocks)
        bench.set(glide=True, threshold_db=-24.0, hold_ms=20.0)
        heard = np.concatenate([first, bench.run(sound[9000:], blocks)])
        expected = heard if expected is None else expected
        np.testing.assert_array_equal(heard[:9000], expected[:9000])
        np.testing.assert_array_equal(heard, expected)


def test_time_of_a_block() -> None:
    for name, settings in (("plain", {}), ("key high-passed", {"key_high_pass": 1.0})):
        bench = Bench(PROCESSOR)
        for column in range(STRIPS_PER_RACK):
            bench.set(column=column, **settings)
        block = np.random.default_rng(1).uniform(-0.01, 0.01, (BLOCK_FRAMES, LANES)).astype(np.float32)
        best = np.inf
        for _ in range(300):
            copy = block.copy()
            begun = time.perf_counter()
            PROCESSOR.entry(bench.unit.base.ctypes.data, PROCESS, copy.ctypes.data, BLOCK_FRAMES)
            best = min(best, time.perf_counter() - begun)
        print(f"{name}: {best * 1e6:.1f} us for {BLOCK_FRAMES} frames of {LANES} lanes")
