"""Filters follow their analogue prototypes, are exact where they promise it, and are stable everywhere."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from engine.dsp.filter_design import bell, high_pass, high_shelf, low_pass, low_shelf

RATES = (44100, 48000, 88200, 96000, 176400, 192000)
FREQUENCIES = np.geomspace(20.0, 20000.0, 40)
Biquad = tuple[float, float, float, float, float]
Array = npt.NDArray[np.float64]


def level_db(biquad: Biquad, frequencies_hz: npt.ArrayLike, rate: int) -> Array:
    b0, b1, b2, a1, a2 = biquad
    z = np.exp(-2j * np.pi * np.asarray(frequencies_hz) / rate)
    return 20.0 * np.log10(np.abs((b0 + b1 * z + b2 * z * z) / (1.0 + a1 * z + a2 * z * z)) + 1e-30)


def analogue_db(kind: Callable[..., Biquad], gain_db: float, q: float, x: Array) -> Array:
    """The prototype at x = f / f0."""
    s = 1j * x
    a = 10.0 ** (gain_db / 40.0)
    root = np.sqrt(a)
    fraction = {
        low_pass: lambda: 1.0 / (s * s + s / q + 1.0),
        high_pass: lambda: s * s / (s * s + s / q + 1.0),
        bell: lambda: (s * s + s * a / q + 1.0) / (s * s + s / (a * q) + 1.0),
        low_shelf: lambda: a * (s * s + s * root / q + a) / (a * s * s + s * root / q + 1.0),
        high_shelf: lambda: a * (a * s * s + s * root / q + 1.0) / (s * s + s * root / q + a),
    }
    return np.asarray(20.0 * np.log10(np.abs(fraction[kind]())), np.float64)


def test_a_high_bell_does_not_cramp() -> None:
    """Conformance DS-04: the analogue levels; the bilinear transform gives 5.26, 5.64, 1.07."""
    levels = level_db(bell(10000.0, 12.0, 2.0, 48000.0), [8000.0, 12000.0, 16000.0], 48000)
    np.testing.assert_allclose(levels, [6.55, 7.58, 2.83], rtol=0.0, atol=0.15)


@pytest.mark.parametrize("rate", RATES)
def test_the_level_at_the_frequency_is_the_promised_one(rate: int) -> None:
    for f in FREQUENCIES:
        for q in (0.1, 0.7, 20.0):
            for gain_db in (-24.0, -1.0, 0.0, 6.0, 24.0):
                assert level_db(bell(f, gain_db, q, rate), f, rate) == pytest.approx(gain_db, abs=1e-5)
        for q in (0.3, 0.7, 1.5):
            for gain_db in (-24.0, -1.0, 0.0, 6.0, 24.0):
                assert level_db(low_shelf(f, gain_db, q, rate), f, rate) == pytest.approx(gain_db / 2.0, abs=1e-6)
                assert level_db(high_shelf(f, gain_db, q, rate), f, rate) == pytest.approx(gain_db / 2.0, abs=1e-6)
        for q in (0.5**0.5, 0.5412, 1.3066):
            assert level_db(low_pass(f, q, rate), f, rate) == pytest.approx(20.0 * np.log10(q), abs=1e-6)
            assert level_db(high_pass(f, q, rate), f, rate) == pytest.approx(20.0 * np.log10(q), abs=1e-6)


@pytest.mark.parametrize("rate", RATES)
def test_shelves_reach_their_gain_and_leave_the_other_side(rate: int) -> None:
    for f in FREQUENCIES[10:30]:
        assert level_db(low_shelf(f, 12.0, 0.7, rate), 0.0, rate) == pytest.approx(12.0, abs=1e-5)
        assert level_db(high_shelf(f, 12.0, 0.7, rate), 0.0, rate) == pytest.approx(0.0, abs=1e-5)
    assert level_db(high_shelf(200.0, -12.0, 0.7, rate), 20000.0, rate) == pytest.approx(-12.0, abs=0.01)
    assert level_db(low_shelf(200.0, -12.0, 0.7, rate), 20000.0, rate) == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("kind", [bell, low_shelf, high_shelf])
def test_a_cut_is_the_reciprocal_of_the_boost(kind: Callable[..., Biquad]) -> None:
    grid = np.geomspace(5.0, 23999.0, 500)
    for f in FREQUENCIES:
        for q in (0.3, 1.0, 1.5):
            both = level_db(kind(f, 15.0, q, 48000.0), grid, 48000) + level_db(kind(f, -15.0, q, 48000.0), grid, 48000)
            assert np.abs(both).max() < 1e-6


@pytest.mark.parametrize("rate", RATES)
def test_poles_and_zeros_lie_inside_the_unit_circle(rate: int) -> None:
    designs = [(bell, g, q) for g in (-24.0, 0.0, 24.0) for q in (0.1, 1.0, 20.0)]
    designs += [(kind, g, q) for kind in (low_shelf, high_shelf) for g in (-24.0, 0.0, 24.0) for q in (0.3, 1.5)]
    for f in (*FREQUENCIES, 1e6):
        for kind, gain_db, q in designs:
            b0, b1, b2, a1, a2 = kind(f, gain_db, q, float(rate))
            assert abs(a2) < 1.0, (kind, f)
            assert abs(a1) < 1.0 + a2, (kind, f)
            assert abs(b2) < abs(b0), (kind, f)
            assert abs(b1) < abs(b0 + b2) * (1.0 + 1e-9), (kind, f)
        for kind in (low_pass, high_pass):
            *b, a1, a2 = kind(f, 0.7, float(rate))
            assert np.isfinite(b).all()
            assert abs(a2) < 1.0
            assert abs(a1) < 1.0 + a2


BELL_QS = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 2.0, 4.0, 10.0, 20.0)
SHELF_QS = (0.3, 0.4, 0.5, 0.7071, 1.0, 1.2, 1.5)
UP_TO_HZ = (5000.0, 10000.0, 16000.0, 20000.0)
TABLE = {
    "bell": (bell, BELL_QS[4:8], 24.0, (0.29, 0.30, 0.45, 1.45), (0.72, 0.84, 0.84, 1.45)),
    "bell of any Q": (bell, BELL_QS, 24.0, (0.38, 0.38, 0.49, 1.50), (0.95, 0.95, 0.95, 1.50)),
    "shelf": (low_shelf, (0.7071,), 24.0, (0.08, 0.34, 0.35, 1.32), (0.08, 0.48, 0.67, 1.32)),
    "shelf of any Q": (low_shelf, SHELF_QS, 24.0, (0.96, 1.20, 1.20, 1.50), (0.96, 1.20, 1.20, 1.50)),
    "high shelf of any Q": (high_shelf, SHELF_QS, 24.0, (0.96, 1.20, 1.20, 1.50), (0.96, 1.20, 1.20, 1.50)),
    "low-pass": (low_pass, (0.5412, 0.7071, 1.3066), 0.0, (0.30, 0.30, 0.30, 0.32), (1.07, 1.07, 1.07, 1.07)),
    "high-pass": (high_pass, (0.7071,), 0.0, (0.01, 0.03, 0.19, 0.80), (0.01, 0.06, 0.19, 0.80)),
    "high-pass of 4th order": (high_pass, (0.5412, 1.3066), 0.0, (0.06, 0.16, 0.59, 1.50), (0.11, 0.34, 0.59, 1.50)),
}
"""The docstring's: kind, Q, gain; deviation at 48 kHz below fs/3 and below 20 kHz, for each of `UP_TO_HZ`."""


def deviations_db(kind: Callable[..., Biquad], q: float, f: float, gain_db: float, rate: int) -> tuple[float, float]:
    """The largest difference from the prototype below fs/3 and below 20 kHz, where the prototype is over -60 dB."""
    grid = np.geomspace(5.0, 20000.0, 1000)
    settings = (q,) if kind in (low_pass, high_pass) else (gain_db, q)
    expected = analogue_db(kind, gain_db, q, grid / f)
    difference = np.abs(level_db(kind(f, *settings, float(rate)), grid, rate) - expected)
    difference[expected < -60.0] = 0.0
    return float(difference[grid * 3.0 <= rate].max()), float(difference.max())


@pytest.mark.parametrize("name", list(TABLE))
def test_deviations_from_the_analogue_curve_are_the_stated_ones(name: str) -> None:
    kind, qs, gain_db, *limits = TABLE[name]
    begun, found = 20.0, np.zeros(2)
    for up_to, *stated in zip(UP_TO_HZ, *limits, strict=True):
        for f in np.geomspace(begun, up_to, 25):
            for q in qs:
                for sign in (-1.0, 1.0):
                    found = np.maximum(found, deviations_db(kind, q, f, sign * gain_db, 48000))
        assert (found < stated).all(), (up_to, found)
        assert (found > 0.9 * np.array(stated) - 0.03).all(), (up_to, found)
        begun = up_to


@pytest.mark.parametrize(("rate", "limit_db"), [(96000, 0.1), (192000, 0.01)])
def test_at_high_rates_bells_and_cuts_are_those_of_the_analogue_filter(rate: int, limit_db: float) -> None:
    for f in FREQUENCIES:
        for kind, gain_db, q in ((bell, 12.0, 0.3), (bell, -24.0, 4.0), (low_pass, 0.0, 0.7), (high_pass, 0.0, 1.3066)):
            assert deviations_db(kind, q, f, gain_db, rate)[1] < limit_db


@pytest.mark.parametrize("kind", [low_pass, high_pass])
def test_frequencies_near_the_nyquist_frequency_are_held(kind: Callable[..., Biquad]) -> None:
    assert kind(23999.0, 0.7, 48000.0) == kind(0.49 * 48000.0, 0.7, 48000.0) == kind(1e9, 0.7, 48000.0)
