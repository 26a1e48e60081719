"""The saturator's curves are what they are called, and fold little back."""

from __future__ import annotations

import numpy as np
import pytest

from engine.dsp import curves
from engine.inserts.saturator import CURVES, PROCESSOR, curve
from tests.engine.inserts.bench import RATES, Bench, level_dbfs, noise, sine, stereo
from tests.engine.inserts.harmonics import LEVELS_DBFS, gain_db, harmonic_to_alias_db, harmonics, spectrum, thd_percent

EVERY_CURVE = pytest.mark.parametrize("kind", range(len(CURVES)), ids=CURVES)
SYMMETRIC = [CURVES.index(name) for name in ("tanh", "cubic", "hard", "fold")]
ASYMMETRIC = CURVES.index("asymmetric")
CEILING = 10.0 ** (-9.0 / 20.0)


@EVERY_CURVE
@pytest.mark.parametrize("drive_db", [0.0, 12.0])
def test_a_quiet_sound_gains_the_drive_and_the_output(kind: int, drive_db: float) -> None:
    found = gain_db(PROCESSOR, 1000, -70.0, curve=kind, drive_db=drive_db, output_db=-6.0)
    assert found == pytest.approx(drive_db - 6.0, abs=0.001)


@EVERY_CURVE
def test_it_is_its_drawn_curve(kind: int) -> None:
    """A slow sine, so that the filters around the curve are transparent."""
    bench = Bench(PROCESSOR)
    bench.set(curve=kind, drive_db=10.0, output_db=-3.0)
    sound = sine(40.0, -3.0, 0.5)
    heard = bench.run(sound, others=0.0)[:, 0].astype(np.float64)
    expected = curve(bench.values(curve=kind, drive_db=10.0, output_db=-3.0), sound[:, 0])
    late = heard[bench.latency :][12000:]
    due = expected[12000 : 12000 + len(late)]
    # Corners of the hard clip ring; the DC blocker bends a 40 Hz wave.
    if kind == ASYMMETRIC:
        assert np.corrcoef(late, due)[0, 1] > 0.99
    else:
        assert np.abs(late - due).max() < 0.005
        assert np.sqrt(np.mean((late - due) ** 2)) < 2e-4


@pytest.mark.parametrize("kind", SYMMETRIC)
@pytest.mark.parametrize("level", [-18.0, 0.0])
def test_symmetric_curves_give_odd_harmonics_only(kind: int, level: float) -> None:
    found = harmonics(PROCESSOR, 1000, level, curve=kind, drive_db=6.0)
    assert found[1:12:2].max() < 1e-6 * found[0]


def test_the_asymmetric_curve_gives_a_second_harmonic_and_no_direct_current() -> None:
    amplitudes, _ = spectrum(PROCESSOR, 1000, -18.0, curve=ASYMMETRIC)
    # skew x / 2 of the first: 0.2 * 10^(-9 / 20) / 2
    assert amplitudes[2000] / amplitudes[1000] == pytest.approx(0.2 * 0.3548 / 2.0, rel=0.06)
    assert amplitudes[0] < 2e-5


def test_the_third_harmonic_of_tanh_is_a_twelfth_of_the_square() -> None:
    for level in (-40.0, -30.0):
        x = 10.0 ** ((level + 9.0) / 20.0)
        found = harmonics(PROCESSOR, 1000, level)
        assert found[2] / found[0] == pytest.approx(x * x / 12.0, rel=0.01)


@pytest.mark.parametrize("name", ["tanh", "cubic", "asymmetric"])
def test_thd_rises_with_the_level(name: str) -> None:
    found = [thd_percent(PROCESSOR, level, curve=CURVES.index(name)) for level in LEVELS_DBFS]
    assert np.all(np.diff(found) > 0.0)


def test_12_db_more_trim_is_eleven_times_the_thd() -> None:
    quiet, operating, hot = (thd_percent(PROCESSOR, level) for level in (-30.0, -18.0, -6.0))
    assert operating == pytest.approx(1.02, abs=0.02)
    assert operating / quiet == pytest.approx(15.4, rel=0.03)
    assert hot / operating == pytest.approx(11.1, rel=0.03)


def test_drive_is_trim() -> None:
    assert thd_percent(PROCESSOR, -18.0, drive_db=12.0) == pytest.approx(thd_percent(PROCESSOR, -6.0), rel=0.001)


def test_the_hard_clip_is_clean_up_to_its_ceiling() -> None:
    kind = CURVES.index("hard")
    assert thd_percent(PROCESSOR, -9.1, curve=kind) < 0.001
    assert thd_percent(PROCESSOR, -6.0, curve=kind) > 10.0


@EVERY_CURVE
def test_nothing_passes_the_ceiling_but_what_filters_overshoot(kind: int) -> None:
    bench = Bench(PROCESSOR)
    bench.set(curve=kind, drive_db=36.0)
    heard = np.abs(bench.run(sine(100.0, 0.0), others=0.0)[4800:])
    assert heard.max() < CEILING * (1.35 if kind != ASYMMETRIC else 1.7)


ALIAS_DB = {
    "tanh": (133.0, 52.0),
    "cubic": (78.0, 48.0),
    "hard": (57.0, 42.0),
    "asymmetric": (128.0, 51.0),
    "fold": (81.0, 50.0),
}
"""Harmonics to alias of 1.245 and of 5 kHz, as the saturator's docstring states them."""


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize(("place", "frequency"), [(0, 1245), (1, 5000)])
def test_what_folds_back_is_no_more_than_stated(name: str, place: int, frequency: int) -> None:
    """44.1 kHz, a sine 20 dB over the ceiling. Above 110 dB the rounding of float32 counts, not the filters."""
    found = harmonic_to_alias_db(PROCESSOR, frequency, -9.0, 44100, curve=CURVES.index(name), drive_db=20.0)
    assert found > min(ALIAS_DB[name][place], 110.0) - 1.0


def test_at_the_operating_level_nothing_audible_folds_back() -> None:
    assert harmonic_to_alias_db(PROCESSOR, 5000, -18.0, 44100) > 110.0


@pytest.mark.parametrize("drive_db", [0.0, 9.0])
def test_the_vu_reads_after_the_drive(drive_db: float) -> None:
    _, bench = spectrum(PROCESSOR, 997, -18.0, drive_db=drive_db)
    assert bench.vu_dbfs() == pytest.approx(-18.0 + drive_db, abs=0.05)


@pytest.mark.parametrize("rate", RATES)
def test_a_quiet_sound_comes_out_as_it_was_after_the_latency(rate: int) -> None:
    bench = Bench(PROCESSOR, rate)
    quiet = sine(1000.0, -60.0, 0.1, rate)
    heard = bench.run(quiet, others=0.0)
    np.testing.assert_allclose(heard[bench.latency + 200 :], quiet[200 : -bench.latency], atol=2e-8)


@EVERY_CURVE
def test_changing_the_curve_clicks_nowhere(kind: int) -> None:
    bench = Bench(PROCESSOR)
    sound = sine(100.0, -12.0, 0.3)
    bench.run(sound[:4800])
    bench.set(glide=True, curve=kind, drive_db=6.0, output_db=-6.0)
    heard = bench.run(sound[4800:])[:, 0]
    # The steepest slope of the sine, with the gain of its drive, and the glide's own.
    assert np.abs(np.diff(heard)).max() < 0.009


def test_a_lane_does_not_hear_which_curves_others_use() -> None:
    sound = noise(2000)
    alone, among = Bench(PROCESSOR), Bench(PROCESSOR)
    for kind in range(len(CURVES)):
        among.set(column=10 + kind, curve=kind)
    np.testing.assert_array_equal(among.run(sound), alone.run(sound))


def test_tanh_and_sine_in_lanes_are_exact_enough() -> None:
    x = np.linspace(-12.0, 12.0, 20001).astype(np.float32)
    found = np.array([curves.soft(value, np.float32(0.0)) for value in x])
    assert np.abs(found - np.tanh(x.astype(np.float64))).max() < 3e-7
    angle = np.linspace(-1.5 * np.pi, 1.5 * np.pi, 20001).astype(np.float32)
    found = np.array([curves.fold(value) for value in angle])
    assert np.abs(found - np.sin(angle.astype(np.float64))).max() < 4e-7


def test_a_constant_stays_after_the_symmetric_curve() -> None:
    bench = Bench(PROCESSOR)
    heard = bench.run(stereo(np.full(4800, 0.5)), others=0.0)
    assert heard[-1, 0] == pytest.approx(float(curve(PROCESSOR.defaults, 0.5)), rel=1e-5)
    assert level_dbfs(heard) < 0.0
