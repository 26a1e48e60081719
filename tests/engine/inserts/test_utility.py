"""The utility gain does what its matrix says, exactly where it can."""

from __future__ import annotations

import numpy as np
import pytest

from engine.inserts.utility import PROCESSOR
from tests.engine.inserts.bench import RATE, RATES, Bench, noise, response_db, stereo


def through(sound: np.ndarray, **settings: float) -> np.ndarray:
    bench = Bench(PROCESSOR)
    bench.set(**settings)
    return bench.run(sound)


def test_at_its_defaults_it_copies_bits() -> None:
    sound = noise(1000)
    np.testing.assert_array_equal(through(sound), sound)


def test_polarity_and_swap_are_exact() -> None:
    sound = noise(1000)
    np.testing.assert_array_equal(through(sound, invert_left=1.0), sound * np.array([-1, 1], np.float32))
    np.testing.assert_array_equal(through(sound, swap=1.0), sound[:, ::-1])
    swapped = through(sound, swap=1.0, invert_right=1.0)
    np.testing.assert_array_equal(swapped, sound[:, ::-1] * np.array([1, -1], np.float32))


@pytest.mark.parametrize("gain_db", [-60.0, -6.0, 12.0])
@pytest.mark.parametrize("width", [0.0, 50.0, 200.0])
def test_gain_and_width(gain_db: float, width: float) -> None:
    sound = noise(1000)
    middle, side = sound.mean(axis=1), (sound[:, 0] - sound[:, 1]) / 2.0 * width / 100.0
    expected = np.stack([middle + side, middle - side], axis=1) * 10.0 ** (gain_db / 20.0)
    np.testing.assert_allclose(through(sound, gain_db=gain_db, width_percent=width), expected, rtol=2e-6, atol=1e-7)


@pytest.mark.parametrize("rate", RATES)
def test_the_dc_blocker_is_3_db_down_at_5_hz_and_flat_above_60(rate: int) -> None:
    low, high = response_db(PROCESSOR, {"block_dc": 1.0}, [5.0, 60.0], rate)
    assert low == pytest.approx(-3.01, abs=0.1)
    assert high == pytest.approx(0.0, abs=0.04)


def test_direct_current_is_gone_within_a_second() -> None:
    heard = through(stereo(np.full(RATE, 0.05)), block_dc=1.0)
    assert np.abs(heard[-100:]).max() < 0.05 * 10.0 ** (-80.0 / 20.0)


def test_changes_glide() -> None:
    bench = Bench(PROCESSOR)
    one = stereo(np.ones(RATE // 10))
    bench.run(one)
    bench.set(glide=True, gain_db=-20.0)
    heard = bench.run(one)[:, 0]
    assert np.abs(np.diff(heard)).max() < 0.002
    assert heard[-1] == pytest.approx(0.1, abs=1e-6)
