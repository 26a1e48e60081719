"""The console colours gently, more with the level, and keeps the operating level."""

from __future__ import annotations

import numpy as np
import pytest

from engine.inserts.console import CHARACTERS, PROCESSOR, curve
from tests.engine.inserts.bench import RATE, RATES, Bench, level_dbfs, sine
from tests.engine.inserts.harmonics import (
    LEVELS_DBFS,
    gain_db,
    harmonic_to_alias_db,
    harmonics,
    quiet_gain_db,
    spectrum,
    thd_percent,
)

EVERY_CHARACTER = pytest.mark.parametrize("character", range(len(CHARACTERS)), ids=CHARACTERS)
CHANNEL, BUS = range(2)


@EVERY_CHARACTER
def test_the_operating_level_is_kept(character: int) -> None:
    assert gain_db(PROCESSOR, 1000, -18.0, character=character) == pytest.approx(0.0, abs=0.1)


@EVERY_CHARACTER
@pytest.mark.parametrize("drive_db", [-12.0, 0.0, 12.0])
def test_a_quiet_sound_gains_the_drive(character: int, drive_db: float) -> None:
    found = gain_db(PROCESSOR, 1000, -70.0, character=character, drive_db=drive_db)
    assert found == pytest.approx(drive_db, abs=0.005)


@EVERY_CHARACTER
def test_thd_rises_with_the_level(character: int) -> None:
    found = [thd_percent(PROCESSOR, level, character=character) for level in LEVELS_DBFS]
    assert np.all(np.diff(found) > 0.0)


@pytest.mark.parametrize(("character", "operating", "times"), [(CHANNEL, 0.397, 6.0), (BUS, 0.315, 12.0)])
def test_12_db_more_trim_is_heard(character: int, operating: float, times: float) -> None:
    found = thd_percent(PROCESSOR, -18.0, character=character)
    hot = thd_percent(PROCESSOR, -6.0, character=character)
    assert found == pytest.approx(operating, rel=0.02)
    assert hot / found == pytest.approx(times, rel=0.03)
    driven = thd_percent(PROCESSOR, -18.0, character=character, drive_db=12.0)
    assert driven == pytest.approx(hot, rel=0.001)


@pytest.mark.parametrize(("character", "ceiling", "skew"), [(CHANNEL, 1.0, 0.06), (BUS, 10.0 ** (-3.0 / 20.0), 0.02)])
def test_the_second_harmonic_goes_with_the_level_and_the_third_with_its_square(
    character: int, ceiling: float, skew: float
) -> None:
    for level in (-30.0, -18.0):
        x = 10.0 ** (level / 20.0) / ceiling
        found = harmonics(PROCESSOR, 1000, level, character=character)
        assert found[1] / found[0] == pytest.approx(skew * x / 2.0, rel=0.03)
        assert found[2] / found[0] == pytest.approx(x * x / 12.0, rel=0.05)


def test_a_channel_has_more_of_the_second_and_a_bus_more_of_the_third() -> None:
    channel = harmonics(PROCESSOR, 1000, -18.0, character=CHANNEL)
    bus = harmonics(PROCESSOR, 1000, -18.0, character=BUS)
    assert channel[1] > 2.0 * channel[2]
    assert bus[2] > bus[1]


@pytest.mark.parametrize(("character", "times"), [(CHANNEL, 2.5), (BUS, 1.4)])
def test_lows_are_bent_earlier(character: int, times: float) -> None:
    low = thd_percent(PROCESSOR, -18.0, 40, character=character)
    assert low > times * thd_percent(PROCESSOR, -18.0, 1000, character=character)


@pytest.mark.parametrize(("character", "high_db"), [(CHANNEL, -0.5), (BUS, -0.3)])
@pytest.mark.parametrize("rate", RATES)
def test_a_quiet_sound_loses_little_at_the_ends_of_the_spectrum(character: int, high_db: float, rate: int) -> None:
    low, middle, shelf = (quiet_gain_db(PROCESSOR, f, rate, character=character) for f in (30.0, 1000.0, 15000.0))
    assert low == pytest.approx(-0.12, abs=0.03)
    assert middle == pytest.approx(0.0, abs=0.01)
    assert shelf == pytest.approx(high_db / 2.0, abs=0.02)


@EVERY_CHARACTER
@pytest.mark.parametrize("drive_db", [0.0, 9.0])
def test_the_vu_reads_after_the_drive(character: int, drive_db: float) -> None:
    _, bench = spectrum(PROCESSOR, 997, -18.0, character=character, drive_db=drive_db)
    assert bench.vu_dbfs() == pytest.approx(-18.0 + drive_db, abs=0.05)


@EVERY_CHARACTER
def test_no_direct_current_comes_out(character: int) -> None:
    amplitudes, _ = spectrum(PROCESSOR, 1000, 0.0, character=character)
    assert amplitudes[0] < 2e-5


@pytest.mark.parametrize("level", [-18.0, 0.0])
@pytest.mark.parametrize("frequency", [1245, 5000])
def test_nothing_audible_folds_back(frequency: int, level: float) -> None:
    assert harmonic_to_alias_db(PROCESSOR, frequency, level, 44100) > 120.0


@EVERY_CHARACTER
def test_it_is_its_drawn_curve(character: int) -> None:
    """At 1 kHz, where the low emphasis is over: by the fundamental and the compression of its level."""
    bench = Bench(PROCESSOR)
    settings = bench.values(character=character, drive_db=12.0)
    bench.set(character=character, drive_db=12.0)
    sound = sine(1000.0, -6.0)
    heard = bench.run(sound, others=0.0)
    drawn = curve(settings, sound)
    drawn -= drawn[-RATE // 5 :].mean()
    assert level_dbfs(heard) == pytest.approx(level_dbfs(drawn.astype(np.float32)), abs=0.02)


def test_changing_the_character_clicks_nowhere() -> None:
    bench = Bench(PROCESSOR)
    sound = sine(100.0, -12.0, 0.3)
    bench.run(sound[:4800])
    bench.set(glide=True, character=BUS, drive_db=6.0)
    heard = bench.run(sound[4800:])[:, 0]
    assert np.abs(np.diff(heard)).max() < 0.009
