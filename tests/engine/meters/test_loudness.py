"""Loudness from energies: against the slow reference, for any portions, and its controls."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.meters.energy_ranks import EnergyRanks
from engine.meters.loudness import Loudness, mean_square_of
from tests.engine.meters import loudness_reference as slow

RATE = 48000
TICK_FRAMES = 480.0


def level(loudness_lufs: float, seconds: float) -> np.ndarray:
    """Ticks of a steady sound."""
    return np.full(round(100 * seconds), mean_square_of(loudness_lufs) * TICK_FRAMES)


def programme(seed: int, seconds: float) -> np.ndarray:
    """Ticks that jump and wander between silence and full scale."""
    random = np.random.default_rng(seed)
    ticks = round(100 * seconds)
    steps = np.repeat(random.uniform(-90.0, 0.0, ticks // 50 + 1), 50)[:ticks]
    walk = np.cumsum(random.normal(0.0, 0.5, ticks))
    energies = TICK_FRAMES * 10.0 ** (np.minimum(steps + walk, 3.0) / 10.0)
    energies[random.random(ticks) < 0.1] = 0.0
    return energies


def measured(energies: np.ndarray, portions: Iterable[int] = ()) -> Loudness:
    loudness = Loudness(RATE)
    at = 0
    for portion in portions:
        loudness.take(energies[at : at + portion])
        at += portion
    loudness.take(energies[at:])
    return loudness


def readings(loudness: Loudness) -> tuple[object, ...]:
    return (
        loudness.momentary_lufs,
        loudness.short_term_lufs,
        loudness.max_momentary_lufs,
        loudness.max_short_term_lufs,
        loudness.integrated_lufs,
        loudness.loudness_range_lu,
        loudness.measured_s,
        loudness.history.momentary_lufs.tolist(),
        loudness.history.short_term_lufs.tolist(),
    )


@pytest.mark.parametrize("seed", range(8))
def test_every_reading_is_that_of_the_slow_reference(seed: int) -> None:
    energies = programme(seed, 3.0 + 11.0 * seed)
    loudness = measured(energies)
    momentary, short_term = (slow.windows(energies, ticks, TICK_FRAMES) for ticks in (40, 300))
    assert loudness.momentary_lufs == pytest.approx(momentary[-1], abs=1e-9)
    assert loudness.short_term_lufs == pytest.approx(short_term[-1], abs=1e-9)
    assert loudness.max_momentary_lufs == pytest.approx(max(momentary), abs=1e-9)
    assert loudness.max_short_term_lufs == pytest.approx(max(short_term), abs=1e-9)
    assert loudness.integrated_lufs == pytest.approx(slow.integrated(energies, TICK_FRAMES), abs=1e-9)
    assert loudness.loudness_range_lu == pytest.approx(slow.loudness_range(energies, TICK_FRAMES), abs=1e-9)
    loudness.finish_file()
    assert loudness.loudness_range_lu == pytest.approx(slow.loudness_range(energies, TICK_FRAMES, 150), abs=1e-9)


@given(st.integers(0, 1000), st.lists(st.integers(0, 700), max_size=30))
def test_portions_change_nothing_at_all(seed: int, portions: list[int]) -> None:
    energies = programme(seed, 21.37)
    assert readings(measured(energies, portions)) == readings(measured(energies))


def test_a_reading_in_between_changes_nothing() -> None:
    energies = programme(3, 30.0)
    loudness = Loudness(RATE)
    for start in range(0, len(energies), 5):
        loudness.take(energies[start : start + 5])
        readings(loudness)
    assert readings(loudness) == readings(measured(energies))


def test_what_is_undefined_is_said_to_be() -> None:
    loudness = Loudness(RATE)
    silent = (-math.inf,) * 5 + (None,)
    assert readings(loudness)[:6] == silent
    loudness.take(np.zeros(6000))
    loudness.finish_file()
    assert readings(loudness)[:6] == silent
    assert measured(level(-20.0, 0.39)).integrated_lufs == -math.inf
    assert measured(level(-20.0, 0.40)).integrated_lufs == pytest.approx(-20.0)
    short = measured(level(-20.0, 2.99))
    short.finish_file()
    assert (short.max_short_term_lufs, short.loudness_range_lu) == (-math.inf, None)
    assert measured(level(-20.0, 3.0)).max_short_term_lufs == pytest.approx(-20.0)
    assert measured(level(-70.01, 10.0)).integrated_lufs == -math.inf
    assert measured(level(-69.99, 10.0)).integrated_lufs == pytest.approx(-69.99)


def test_silence_after_sound_is_silence() -> None:
    loudness = measured(np.concatenate([level(0.0, 60.0), np.zeros(300)]))
    assert (loudness.momentary_lufs, loudness.short_term_lufs) == (-math.inf, -math.inf)


def test_what_is_no_number_counts_as_silence_and_passes() -> None:
    energies = level(-23.0, 20.0)
    spoilt, silent = energies.copy(), energies.copy()
    spoilt[[500, 700]] = math.nan, math.inf
    silent[[500, 700]] = 0.0
    assert readings(measured(spoilt)) == readings(measured(silent))


def test_the_relative_gate_is_ten_below_the_mean_of_what_passes_the_absolute_one() -> None:
    loud, quiet = level(-20.0, 10.0), level(-29.0, 10.0)
    both = measured(np.concatenate([loud, quiet]))
    mean = 10.0 * math.log10((10.0**-2.0 + 10.0**-2.9) / 2.0)
    assert both.integrated_lufs == pytest.approx(mean, abs=0.02)
    # 0.4 dB below the gate: only what reaches into the loud half counts.
    gated = measured(np.concatenate([loud, level(-33.4, 10.0)]))
    assert gated.integrated_lufs == pytest.approx(-20.0, abs=0.1)


def test_the_range_is_stable_after_a_minute() -> None:
    loudness = measured(level(-23.0, 59.99))
    assert not loudness.is_range_stable
    loudness.take(level(-23.0, 0.01))
    assert loudness.is_range_stable


def test_a_pause_is_left_out_and_no_window_reaches_over_it() -> None:
    before, paused, after = programme(1, 13.21), level(0.0, 5.0), programme(2, 17.0)
    loudness = measured(before)
    kept = readings(loudness)[2:]
    loudness.pause()
    loudness.take(paused)
    assert readings(loudness)[2:] == kept
    assert loudness.momentary_lufs == pytest.approx(0.0, abs=1e-9)
    loudness.resume()
    loudness.take(after)
    apart = measured(after)
    assert loudness.max_momentary_lufs == max(kept[0], apart.max_momentary_lufs)  # type: ignore[type-var]
    assert loudness.max_short_term_lufs == max(kept[1], apart.max_short_term_lufs)  # type: ignore[type-var]
    assert loudness.measured_s == pytest.approx(30.21)
    points = loudness.history.momentary_lufs
    assert len(points) == 132 + 170
    assert points[132:].tolist() == apart.history.momentary_lufs.tolist()


def test_a_reset_starts_everything_anew() -> None:
    loudness = measured(level(0.0, 70.0))
    loudness.reset()
    assert loudness.momentary_lufs == pytest.approx(0.0, abs=1e-9)
    assert readings(loudness)[2:] == readings(Loudness(RATE))[2:]
    after = programme(5, 20.0)
    loudness.take(after)
    assert readings(loudness)[2:] == readings(measured(after))[2:]


def test_a_pause_outlives_a_reset() -> None:
    loudness = measured(level(-20.0, 5.0))
    loudness.pause()
    loudness.reset()
    loudness.take(level(-20.0, 5.0))
    assert loudness.measured_s == 0.0


def test_the_history_never_hides_the_highest_momentary() -> None:
    energies = programme(9, 40.0)
    loudness = measured(energies)
    assert len(loudness.history.momentary_lufs) == len(loudness.history.short_term_lufs) == 400
    assert loudness.history.momentary_lufs.max() == np.float32(loudness.max_momentary_lufs)
    assert np.isneginf(loudness.history.momentary_lufs[:3]).all()
    assert np.isneginf(loudness.history.short_term_lufs[:29]).all()
    assert np.isfinite(loudness.history.short_term_lufs[29:]).all()


def test_the_history_of_hours_is_kept() -> None:
    loudness = measured(level(-23.0, 3.5 * 3600.0))
    assert len(loudness.history.momentary_lufs) == 126000
    assert loudness.history.momentary_lufs[-1] == pytest.approx(-23.0, abs=1e-4)
    assert loudness.integrated_lufs == pytest.approx(-23.0, abs=1e-9)


@given(st.lists(st.floats(1e-12, 1e6), min_size=1, max_size=60), st.floats(1e-13, 1e7), st.integers(0, 59))
def test_ranks_and_thresholds_are_those_of_a_sort(values: list[float], threshold: float, cut: int) -> None:
    ranks = EnergyRanks()
    ranks.add(np.array(values[:cut]))
    ranks.add(np.array(values[cut:]))
    assert ranks.count == len(values)
    assert ranks.total == pytest.approx(sum(values))
    assert [ranks.ranked(rank) for rank in range(len(values))] == sorted(values)
    for limit in (threshold, values[0]):
        above, at_or_above = [v for v in values if v > limit], [v for v in values if v >= limit]
        assert ranks.above(limit) == (len(above), pytest.approx(sum(above)))
        assert ranks.above(limit, inclusive=True) == (len(at_or_above), pytest.approx(sum(at_or_above)))
