"""The tape is calibrated, remembers, and wavers only when told to."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.record import BLOCK_FRAMES, LANES
from engine.dsp.oversampler import oversampler_latency_frames
from engine.dsp.wavering_delay import FLUTTER_HZ, WOW_HZ
from engine.inserts.tape import (
    BUMP_DB,
    BUMP_HZ,
    LOSS_HZ,
    PROCESSOR,
    SPEEDS,
    curve,
)
from tests.engine.inserts.bench import RATE, RATES, Bench, noise, sine
from tests.engine.inserts.harmonics import (
    LEVELS_DBFS,
    gain_db,
    harmonic_to_alias_db,
    harmonics,
    quiet_gain_db,
    spectrum,
    thd_percent,
)

EVERY_SPEED = pytest.mark.parametrize("speed", range(len(SPEEDS)), ids=SPEEDS)


@pytest.mark.parametrize("drive_db", [0.0, 6.0, 24.0])
def test_zero_vu_is_the_operating_level_after_the_drive(drive_db: float) -> None:
    _, bench = spectrum(PROCESSOR, 997, -18.0 - drive_db, drive_db=drive_db)
    assert bench.vu_dbfs() == pytest.approx(-18.0, abs=0.05)


@EVERY_SPEED
@pytest.mark.parametrize("drive_db", [0.0, 12.0])
def test_a_quiet_sound_gains_the_drive(speed: int, drive_db: float) -> None:
    assert gain_db(PROCESSOR, 1000, -70.0, speed=speed, drive_db=drive_db) == pytest.approx(drive_db, abs=0.03)


@pytest.mark.parametrize(("level", "drive_db"), [(-40.0, 0.0), (-18.0, 0.0), (-9.0, 0.0), (0.0, 0.0), (-18.0, 12.0)])
def test_it_gains_what_its_drawn_curve_does(level: float, drive_db: float) -> None:
    """Of a sine at 1 kHz, where emphasis, bump and loss do little: what is left of it, and its third harmonic."""
    phase = np.arange(4000) / 4000.0 * 2.0 * np.pi
    drawn = curve(Bench(PROCESSOR).values(drive_db=drive_db), 10.0 ** (level / 20.0) * np.sin(phase))
    fundamental, third = (2.0 * np.mean(drawn * np.sin(order * phase)) for order in (1, 3))
    expected = 20.0 * np.log10(fundamental) - level
    assert gain_db(PROCESSOR, 1000, level, drive_db=drive_db) == pytest.approx(expected, abs=0.15)
    found = harmonics(PROCESSOR, 1000, level, drive_db=drive_db)
    assert found[2] / found[0] == pytest.approx(abs(third) / fundamental, abs=0.012)


@EVERY_SPEED
def test_thd_rises_with_the_level(speed: int) -> None:
    found = [thd_percent(PROCESSOR, level, speed=speed) for level in LEVELS_DBFS]
    assert np.all(np.diff(found) > 0.0)


def test_12_db_more_trim_is_twelve_times_the_thd() -> None:
    operating, hot = thd_percent(PROCESSOR, -18.0), thd_percent(PROCESSOR, -6.0)
    assert operating == pytest.approx(0.476, rel=0.02)
    assert hot / operating == pytest.approx(11.7, rel=0.03)
    assert thd_percent(PROCESSOR, -18.0, drive_db=12.0) == pytest.approx(hot, rel=0.001)


def test_the_third_harmonic_is_3_percent_at_9_vu() -> None:
    found = harmonics(PROCESSOR, 1000, -9.0)
    assert 100.0 * found[2] / found[0] == pytest.approx(3.0, abs=0.15)


def test_harmonics_are_odd() -> None:
    found = harmonics(PROCESSOR, 1000, -6.0)
    assert found[1:12:2].max() < 1e-6 * found[0]


def test_a_quiet_tone_is_bent_in_proportion_to_its_level_as_rayleigh_has_it() -> None:
    """A curve without memory would have a sixteenth of the third harmonic at a quarter of the level."""
    loud, quiet = thd_percent(PROCESSOR, -48.0), thd_percent(PROCESSOR, -60.0)
    assert loud / quiet == pytest.approx(4.0, rel=0.1)


def test_the_magnetisation_depends_on_the_way_it_came() -> None:
    """A slow loop: at the same field, it is lower on the way up than on the way down."""
    bench = Bench(PROCESSOR)
    sound = sine(100.0, -6.0, 1.0)
    heard = bench.run(sound, others=0.0)[bench.latency :, 0].astype(np.float64)
    # Against the linear part of the filters, which turns the loop: the same sound, quiet.
    other = Bench(PROCESSOR)
    straight = 100.0 * other.run(sound / np.float32(100.0), others=0.0)[other.latency :, 0].astype(np.float64)
    up = np.diff(straight, prepend=straight[0]) > 0
    near_zero = (np.arange(len(straight)) > RATE // 2) & (np.abs(straight) < 0.05)
    assert np.mean((heard - straight)[near_zero & up]) < -0.005
    assert np.mean((heard - straight)[near_zero & ~up]) > 0.005


def test_it_is_bounded_whatever_comes() -> None:
    bench = Bench(PROCESSOR)
    bench.set(drive_db=24.0)
    heard = bench.run(noise(RATE // 2, 100.0))
    assert np.abs(heard).max() < 4.0
    assert np.abs(bench.unit.following).max() <= 1.0 + 1e-6


@EVERY_SPEED
@pytest.mark.parametrize("rate", RATES)
def test_the_head_bump(speed: int, rate: int) -> None:
    assert quiet_gain_db(PROCESSOR, BUMP_HZ[speed], rate, speed=speed) == pytest.approx(BUMP_DB[speed], abs=0.15)
    around = [quiet_gain_db(PROCESSOR, BUMP_HZ[speed] * share, rate, speed=speed) for share in (0.7, 1.0, 1.4)]
    assert np.argmax(around) == 1


@EVERY_SPEED
@pytest.mark.parametrize("rate", RATES)
def test_the_gap_loss_of_a_quiet_sound_is_3_db_where_stated(speed: int, rate: int) -> None:
    assert quiet_gain_db(PROCESSOR, LOSS_HZ[speed], rate, speed=speed) == pytest.approx(-3.01, abs=0.05)


def test_highs_are_lost_with_level_and_at_low_speed() -> None:
    def lost_db(frequency: int, speed: int) -> float:
        return gain_db(PROCESSOR, frequency, -60.0, speed=speed) - gain_db(PROCESSOR, frequency, -6.0, speed=speed)

    assert lost_db(10000, 1) == pytest.approx(3.5, abs=0.1)
    assert lost_db(10000, 0) > lost_db(10000, 1) > lost_db(10000, 2) > lost_db(1000, 1)


@pytest.mark.parametrize(
    ("frequency", "level", "least_db"), [(1245, -18.0, 105.0), (5000, -18.0, 73.0), (5000, 0.0, 84.0)]
)
def test_what_folds_back_is_no_more_than_stated(frequency: int, level: float, least_db: float) -> None:
    assert harmonic_to_alias_db(PROCESSOR, frequency, level, 44100) > least_db


@pytest.mark.parametrize("rate", RATES)
def test_it_is_late_by_the_oversampler_and_2_ms(rate: int) -> None:
    assert PROCESSOR.latency_frames(rate) == oversampler_latency_frames(rate) + round(0.002 * rate)


@pytest.mark.parametrize("rate", RATES)
def test_a_tone_in_the_middle_is_late_by_the_declared_latency_within_a_frame(rate: int) -> None:
    bench = Bench(PROCESSOR, rate)
    tone, last = sine(3000.0, -60.0, 0.5, rate), slice(-rate // 10, None)
    heard = bench.run(tone, others=0.0)
    turns = np.exp(-2j * np.pi * 3000.0 / rate * np.arange(len(tone)))[last]
    turned = np.angle(np.dot(heard[last, 0], turns) / np.dot(tone[last, 0], turns))
    period = rate / 3000.0
    late = -turned / (2.0 * np.pi) * period - bench.latency
    assert abs((late + period / 2.0) % period - period / 2.0) < 1.0


def instant_frequencies(wow: float, flutter: float, seconds: float) -> np.ndarray:
    """Of a 3 kHz tone after the tape."""
    bench = Bench(PROCESSOR)
    bench.set(wow_percent=wow, flutter_percent=flutter, speed=2.0)
    heard = bench.run(sine(3000.0, -30.0, seconds), others=0.0)[:, 0].astype(np.float64)
    n = np.arange(len(heard))
    base = heard * np.exp(-2j * np.pi * 3000.0 / RATE * n)
    smooth = np.convolve(base, np.hanning(960) / np.hanning(960).sum(), "valid")[4800:-4800]
    return 3000.0 + np.diff(np.unwrap(np.angle(smooth))) * RATE / (2.0 * np.pi)


def test_the_depth_of_wow_is_the_deviation_of_the_speed() -> None:
    found = instant_frequencies(0.5, 0.0, 3.5)
    assert found.max() == pytest.approx(3000.0 * 1.005, abs=0.3)
    assert found.min() == pytest.approx(3000.0 * 0.995, abs=0.3)
    swing = np.abs(np.fft.rfft((found - 3000.0)[: 3 * RATE]))
    assert np.argmax(swing) / 3.0 == pytest.approx(WOW_HZ)


def test_the_depth_of_flutter_is_the_deviation_of_the_speed() -> None:
    found = instant_frequencies(0.0, 0.3, 2.5)
    # Smoothing over 20 ms weakens 9 Hz a little: the Hann window's own response.
    window = np.hanning(960) / np.hanning(960).sum()
    kept = abs(np.dot(window, np.exp(2j * np.pi * FLUTTER_HZ / RATE * np.arange(960))))
    assert (found.max() - 3000.0) / kept == pytest.approx(9.0, abs=0.3)
    swing = np.abs(np.fft.rfft((found - 3000.0)[: 2 * RATE]))
    assert np.argmax(swing) / 2.0 == pytest.approx(FLUTTER_HZ, abs=0.01)


@pytest.mark.parametrize("rate", RATES)
def test_the_deepest_wow_and_flutter_stay_within_the_delay(rate: int) -> None:
    bench = Bench(PROCESSOR, rate)
    bench.set(wow_percent=1.0, flutter_percent=1.0)
    unit = bench.unit
    column = bench.column
    deepest = unit.glide.value[-3, column] + unit.glide.value[-2, column]
    assert unit.delay.delay_frames - deepest > 2.0
    assert unit.delay.delay_frames + deepest + 3.0 + BLOCK_FRAMES < len(unit.delay.ring) / LANES


def test_without_depth_the_delay_copies_bits_also_beside_a_strip_that_wavers() -> None:
    sound = noise(4800)
    alone, beside = Bench(PROCESSOR), Bench(PROCESSOR)
    beside.set(column=9, wow_percent=0.5, flutter_percent=0.5)
    assert alone.unit.wavers == 0
    assert beside.unit.wavers == 1
    np.testing.assert_array_equal(beside.run(sound), alone.run(sound))


def test_it_comes_to_rest_without_direct_current() -> None:
    bench = Bench(PROCESSOR)
    bench.run(sine(50.0, 0.0, 0.5055), others=0.0)
    heard = bench.run(np.zeros((3 * RATE, 2), np.float32), others=0.0)
    assert np.abs(heard[RATE:]).max() < 1e-6
    assert not heard[-100:].any()
