"""From user units to gains: pan laws, balance, polarity, mute and solo."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.core.record import STRIPS_PER_RACK
from engine.memory import new_engine
from engine.mix import MASTER_ID, Mix, PanLaw, Send, Strip, StripControls
from engine.mixer.controls import MASTER_RACK, MASTER_SLOT, derive_gains, gain_of, write_mix, write_strip


def gains(strips: dict[int, StripControls], *, mono: bool = False, law: PanLaw = "-3") -> Any:
    """An engine whose gains were derived for strips in these slots, and for the master."""
    engine = new_engine(48000)
    engine.sides[:] = 1 if mono else 2
    mix = Mix(48000, tuple(Strip(str(slot), str(slot), controls=one) for slot, one in strips.items()), pan_law=law)
    slots = {str(slot): slot for slot in strips} | {MASTER_ID: MASTER_SLOT}
    for slot in strips:
        engine.places[slot] = slot
    engine.places[MASTER_SLOT] = MASTER_RACK * STRIPS_PER_RACK
    write_mix(engine.controls, mix, slots)
    derive(engine, True)
    return engine


def derive(engine: Any, jump: bool) -> None:
    derive_gains(engine.controls, engine.racks, engine.places, engine.sides, engine.dips, engine.seen, jump)


def fader(engine: Any, slot: int) -> tuple[float, float]:
    rack = engine.racks[slot // STRIPS_PER_RACK]
    lane = slot % STRIPS_PER_RACK
    return float(rack.fader.target[lane]), float(rack.fader.target[lane + STRIPS_PER_RACK])


def level(gain: float) -> float:
    return 20 * math.log10(gain)


@pytest.mark.parametrize(("law", "centre_db"), [("-2.5", -2.5), ("-3", -3.0103), ("-4.5", -4.5), ("-6", -6.0)])
def test_ds_01_a_mono_strip_at_centre_has_the_level_of_its_law(law: PanLaw, centre_db: float) -> None:
    left, right = fader(gains({3: StripControls()}, mono=True, law=law), 3)
    assert level(left) == pytest.approx(centre_db, abs=0.01)
    assert left == pytest.approx(right, abs=1e-12)


@pytest.mark.parametrize("law", ["-2.5", "-3", "-4.5", "-6"])
def test_a_mono_strip_panned_hard_is_whole_on_one_side(law: PanLaw) -> None:
    assert fader(gains({0: StripControls(pan_percent=-100)}, mono=True, law=law), 0) == pytest.approx((1.0, 0.0))
    assert fader(gains({0: StripControls(pan_percent=100)}, mono=True, law=law), 0) == pytest.approx((0.0, 1.0))


@pytest.mark.parametrize("pan", range(-100, 101, 7))
def test_the_sine_law_keeps_the_power(pan: int) -> None:
    left, right = fader(gains({0: StripControls(pan_percent=pan)}, mono=True), 0)
    assert left**2 + right**2 == pytest.approx(1.0, abs=1e-9)


def test_pan_law_values_at_a_quarter() -> None:
    left, right = fader(gains({0: StripControls(pan_percent=-50)}, mono=True), 0)
    assert level(left) == pytest.approx(-0.688, abs=0.001)
    assert level(right) == pytest.approx(-8.343, abs=0.001)


@pytest.mark.parametrize(
    ("pan", "expected"), [(0, (1, 1)), (-50, (1, 0.5)), (50, (0.5, 1)), (-100, (1, 0)), (100, (0, 1))]
)
def test_a_stereo_strip_is_balanced_and_exactly_whole_at_centre(pan: int, expected: tuple[float, float]) -> None:
    assert fader(gains({40: StripControls(pan_percent=pan)}), 40) == expected


@pytest.mark.parametrize("db", [0.0, -6.0, 6.0, -90.0, 3.3])
def test_decibels_become_gain(db: float) -> None:
    assert gain_of(db) == pytest.approx(10 ** (db / 20), rel=1e-12)


def test_zero_db_is_one_and_off_is_nothing() -> None:
    assert gain_of(0.0) == 1.0
    assert gain_of(-math.inf) == 0.0


def test_polarity_turns_one_side_before_the_trim() -> None:
    engine = gains({2: StripControls(trim_db=6.0, invert_right=True)})
    trim = engine.racks[0].trim.target
    assert trim[2] == pytest.approx(10 ** (6 / 20))
    assert trim[2 + STRIPS_PER_RACK] == -trim[2]


def test_a_solo_silences_the_others_but_not_the_master_and_mute_wins() -> None:
    engine = gains(
        {0: StripControls(solo=True), 1: StripControls(), 2: StripControls(solo=True, mute=True), 77: StripControls()}
    )
    assert fader(engine, 0) == (1.0, 1.0)
    assert fader(engine, 1) == (0.0, 0.0)
    assert fader(engine, 2) == (0.0, 0.0)
    assert fader(engine, 77) == (0.0, 0.0)
    assert engine.racks[MASTER_RACK].fader.target[0] == 1.0


def test_unchanged_strips_are_not_derived_again() -> None:
    engine = gains({0: StripControls(), 1: StripControls()})
    engine.racks[0].fader.target[:] = np.nan
    write_strip(engine.controls, 1, Strip("1", "1", controls=StripControls(fader_db=-3.0)), (True,))
    derive(engine, True)
    assert math.isnan(engine.racks[0].fader.target[0])
    assert engine.racks[0].fader.target[1] == pytest.approx(10 ** (-3 / 20))


def test_a_send_has_its_own_level_and_pan_and_follows_the_fader_if_it_is_behind_it() -> None:
    engine = gains({0: StripControls(fader_db=-6.0, pan_percent=100.0)})
    strip = Strip("0", "0", controls=StripControls(fader_db=-6.0), sends=(Send("a", -3.0), Send("b", -3.0, 100.0)))
    before = Send("c", -3.0, before_fader=True)
    write_strip(engine.controls, 0, replace(strip, sends=(*strip.sends, before, Send("d", mute=True))), (True,) * 5)
    derive(engine, True)
    after, panned, ahead, muted = (engine.racks[0].sends[index].target[[0, STRIPS_PER_RACK]] for index in range(4))
    assert after == pytest.approx(10 ** (-9 / 20), rel=1e-6)
    assert panned == pytest.approx([0.0, 10 ** (-9 / 20)], rel=1e-6)
    assert ahead == pytest.approx(10 ** (-3 / 20), rel=1e-6)
    assert not muted.any()


def test_a_feeder_of_a_solo_return_sounds_there_only() -> None:
    engine = gains({0: StripControls()})
    strip = Strip("0", "0", sends=(Send("a"),))
    write_strip(engine.controls, 0, strip, (False, True))
    derive(engine, True)
    assert fader(engine, 0) == (0.0, 0.0)
    assert engine.racks[0].sends[0].target[0] == 1.0
