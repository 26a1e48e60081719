"""The bus compressor is calibrated to 0 VU = -18 dBFS: its meter, its threshold, and how much it colours."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.inserts.bus_compressor import ATTACKS_MS, PROCESSOR, RATIOS, RELEASES_S, curve_db
from tests.engine.inserts.bench import RATE, RATES, Bench, level_dbfs, sine, stereo

TONE_HZ = 997.0
AUTO = float(len(RELEASES_S))
NEVER = {"threshold_db": 18.0, "ratio": 0.0}
"""A threshold of 0 dBFS."""


def harmonics(level: float, rate: int = RATE, **settings: float) -> np.ndarray:
    """Amplitudes of the first nine harmonics of 1 kHz over that of the first, after the onset has gone."""
    bench = Bench(PROCESSOR, rate)
    bench.set(**(NEVER | settings))
    heard = bench.run(sine(1000.0, level, 2.0, rate), others=0.0)[-rate:, 0].astype(np.float64)
    amplitudes = 2.0 * np.abs(np.fft.rfft(heard))[1000:9001:1000] / rate
    return np.asarray(amplitudes / amplitudes[0])


def thd_percent(level: float, rate: int = RATE, **settings: float) -> float:
    return float(100.0 * np.sqrt((harmonics(level, rate, **settings)[1:] ** 2).sum()))


def constant(level: float, frames: int) -> np.ndarray:
    return stereo(np.full(frames, 10.0 ** (level / 20.0)))


def after_silence(bench: Bench, seconds: float) -> float:
    bench.run(np.zeros((round(seconds * RATE), 2), np.float32), others=0.0)
    return -bench.reduction_db()


# --- calibration


@pytest.mark.parametrize("rate", RATES)
def test_a_sine_of_minus_18_dbfs_reads_0_vu(rate: int) -> None:
    bench = Bench(PROCESSOR, rate)
    bench.run(sine(TONE_HZ, -18.0, 2.0, rate))
    assert bench.vu_dbfs() == pytest.approx(-18.0, abs=0.05)


@pytest.mark.parametrize("ratio", range(len(RATIOS)))
def test_steady_sines_follow_the_curve(ratio: int) -> None:
    settings = {"threshold_db": -6.0, "ratio": float(ratio), "release": 3.0, "attack": 2.0, "make_up_db": 2.0}
    for level in (-40.0, -27.0, -24.0, -21.0, -18.0, -12.0):
        bench = Bench(PROCESSOR)
        bench.set(**settings)
        heard = level_dbfs(bench.run(sine(TONE_HZ, level, 2.0), others=0.0))
        assert heard == pytest.approx(float(curve_db(bench.values(**settings), level)), abs=0.1), level


def test_the_threshold_counts_from_0_vu() -> None:
    bench = Bench(PROCESSOR)
    values = bench.values(threshold_db=0.0, ratio=2.0)
    # 4:1, knee of 6 dB: at the threshold S W / 8, 12 dB above S * 12.
    np.testing.assert_allclose(curve_db(values, [-21.0, -18.0, -6.0]), [-21.0, -18.5625, -15.0], atol=1e-9)


# --- times


@pytest.mark.parametrize("attack", range(len(ATTACKS_MS)))
def test_63_percent_of_the_reduction_are_reached_in_the_attack_time(attack: int) -> None:
    rate = 192000
    bench = Bench(PROCESSOR, rate)
    bench.set(threshold_db=-12.0, ratio=1.0, attack=float(attack))
    bench.run(constant(-10.0, round(ATTACKS_MS[attack] / 1000.0 * rate)), others=0.0)
    assert -bench.reduction_db() / 10.0 == pytest.approx(1.0 - math.exp(-1.0), abs=0.01)


@pytest.mark.parametrize("release", range(len(RELEASES_S)))
def test_63_percent_of_the_reduction_are_gone_after_the_release_time(release: int) -> None:
    bench = Bench(PROCESSOR)
    bench.set(threshold_db=-12.0, ratio=1.0, attack=0.0, release=float(release))
    bench.run(constant(-10.0, RATE), others=0.0)
    assert after_silence(bench, RELEASES_S[release]) / 10.0 == pytest.approx(math.exp(-1.0), abs=0.005)


def test_auto_forgets_a_short_peak_and_remembers_a_long_reduction() -> None:
    left = {}
    for seconds in (0.02, 5.0):
        bench = Bench(PROCESSOR)
        bench.set(threshold_db=-12.0, ratio=1.0, attack=0.0, release=AUTO)
        bench.run(constant(-10.0, round(seconds * RATE)), others=0.0)
        assert -bench.reduction_db() == pytest.approx(10.0, abs=0.01)
        left[seconds] = after_silence(bench, 0.3)
    # The fast path has 10 e^-3 dB; the slow one was charged to 7 dB within 5 s and lost little.
    assert 10.0 * math.exp(-3.0) < left[0.02] < 1.0
    assert left[5.0] == pytest.approx(7.0 * math.exp(-0.2 / 4.0), abs=0.3)


def test_both_sides_move_together() -> None:
    sound = sine(TONE_HZ, -20.0, 2.0)
    sound[:, 1] *= np.float32(0.01)
    bench = Bench(PROCESSOR)
    bench.set(threshold_db=-20.0, ratio=2.0)
    heard = bench.run(sound)
    assert level_dbfs(heard[:, [0]]) - level_dbfs(heard[:, [1]]) == pytest.approx(40.0, abs=0.02)
    assert bench.reduction_db() < -10.0


def test_the_key_filter_lets_bass_pass() -> None:
    reductions = []
    for filter_key in (0.0, 1.0):
        bench = Bench(PROCESSOR)
        bench.set(threshold_db=-12.0, ratio=3.0, filter_key=filter_key, key_filter_hz=160.0)
        bench.run(sine(40.0, -12.0, 2.0))
        reductions.append(-bench.reduction_db())
    # 40 Hz is two octaves below: 24 dB less in the key.
    assert reductions[0] > 14.0
    assert reductions[1] < 0.1


# --- colour


@pytest.mark.parametrize("rate", RATES)
def test_it_colours_little_at_0_vu_and_much_12_db_above(rate: int) -> None:
    assert thd_percent(-30.0, rate) < 0.03
    assert 0.05 < thd_percent(-18.0, rate) < 0.1
    assert 0.8 < thd_percent(-6.0, rate) < 1.1


def test_the_second_harmonic_grows_with_the_level_and_the_third_with_its_square() -> None:
    quiet, loud = harmonics(-24.0), harmonics(-12.0)
    assert 20.0 * math.log10(loud[1] / quiet[1]) == pytest.approx(12.0, abs=0.7)
    assert 20.0 * math.log10(loud[2] / quiet[2]) == pytest.approx(24.0, abs=0.7)


def test_trim_changes_what_it_does() -> None:
    hot, recovered = thd_percent(-8.0), thd_percent(-18.0)
    assert hot > 5.0 * recovered


def test_quiet_sound_passes_with_a_gain_of_one() -> None:
    sound = sine(TONE_HZ, -50.0)
    assert level_dbfs(Bench(PROCESSOR).run(sound, others=0.0)) == pytest.approx(level_dbfs(sound), abs=0.001)


def test_no_direct_current_stays() -> None:
    bench = Bench(PROCESSOR)
    bench.set(**NEVER)
    heard = bench.run(sine(1000.0, -6.0, 2.0), others=0.0)[-RATE:, 0].astype(np.float64)
    assert abs(heard.mean()) < 10.0 ** (-100.0 / 20.0)


def test_changes_glide() -> None:
    bench = Bench(PROCESSOR)
    tone = constant(-40.0, RATE // 5)
    bench.run(tone)
    bench.set(glide=True, make_up_db=12.0)
    heard = bench.run(tone)[:, 0]
    assert np.abs(np.diff(heard)).max() < 0.0001
    assert heard[-1] == pytest.approx(0.01 * 10.0 ** (12.0 / 20.0), rel=1e-3)
