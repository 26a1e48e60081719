"""Any parameter's value: stepped, dragged, written and typed."""

import math

import pytest

from engine.core.params import FADER, PAN, TRIM, ParamSpec, choice, frequency, switch
from tui.field_values import examples, field_text, parsed, share_of, stepped, value_at
from tui.values import ValueTextError

HZ = frequency("hz", "Frequency", 20.0, 20000.0, 1000.0)
RATIO = ParamSpec("ratio", "Ratio", ":1", 1.0, 20.0, 3.0, 0.5, 0.1, 2.0)
SPEED = choice("speed", "Speed", ("7.5 ips", "15 ips", "30 ips"), "15 ips")
LIMIT = switch("limit", "Limit")


def test_frequencies_move_by_intervals_and_come_back() -> None:
    up = stepped(HZ, 1000.0, +1)
    assert up == pytest.approx(1060.0)
    assert stepped(HZ, up, -1) == pytest.approx(1000.0)
    assert stepped(HZ, 1000.0, +1, "coarse") == pytest.approx(2000.0)
    assert stepped(HZ, 1000.0, -1, "coarse") == pytest.approx(500.0)
    assert stepped(HZ, 19900.0, +1) == 20000.0


def test_levels_move_by_decibels_and_faders_are_shut_and_opened() -> None:
    assert stepped(TRIM, -3.0, -1) == -3.5
    assert stepped(TRIM, 0.3, -1, "fine") == pytest.approx(0.2)
    assert stepped(FADER, -90.0, -1) == -math.inf
    assert stepped(FADER, -math.inf, -1) == -math.inf
    assert stepped(FADER, -math.inf, +1) == -90.0


def test_switches_and_choices() -> None:
    assert (stepped(LIMIT, 0.0, +1), stepped(LIMIT, 1.0, -1)) == (1.0, 0.0)
    assert [stepped(SPEED, place, +1) for place in (0.0, 1.0, 2.0)] == [1.0, 2.0, 2.0]


@pytest.mark.parametrize("spec", [HZ, RATIO, TRIM, PAN, FADER, SPEED])
def test_a_value_is_found_again_at_its_place(spec: ParamSpec) -> None:
    for share in (0.0, 0.25, 0.5, 1.0):
        value = value_at(spec, share)
        assert spec.contains(value)
        if math.isfinite(value):
            assert value_at(spec, share_of(spec, value)) == pytest.approx(value)
    assert share_of(spec, spec.maximum) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    ("spec", "value", "text"),
    [
        (HZ, 45.0, "45 Hz"),
        (HZ, 943.396, "943 Hz"),
        (HZ, 1060.0, "1.06 kHz"),
        (HZ, 20000.0, "20 kHz"),
        (RATIO, 3.5, "3.5:1"),
        (TRIM, 3.5, "+3.5 dB"),
        (TRIM, -0.01, "0.0 dB"),
        (FADER, -math.inf, "-∞ dB"),
        (PAN, -30.0, "L30"),
        (SPEED, 1.0, "15 ips"),
        (LIMIT, 1.0, "on"),
    ],
)
def test_how_values_are_written(spec: ParamSpec, value: float, text: str) -> None:
    assert field_text(spec, value) == text


@pytest.mark.parametrize(
    ("spec", "typed", "value"),
    [
        (HZ, "2.5k", 2500.0),
        (HZ, "2,5 kHz", 2500.0),
        (HZ, "80 Hz", 80.0),
        (HZ, "+=100", 1100.0),
        (RATIO, "4:1", 4.0),
        (RATIO, "4", 4.0),
        (TRIM, "-6 dB", -6.0),
        (FADER, "off", -math.inf),
        (PAN, "L30", -30.0),
        (PAN, "30R", 30.0),
        (PAN, "c", 0.0),
        (SPEED, "30", 2.0),
        (SPEED, "15 ips", 1.0),
        (LIMIT, "on", 1.0),
    ],
)
def test_what_may_be_typed(spec: ParamSpec, typed: str, value: float) -> None:
    assert parsed(spec, typed, 1000.0) == pytest.approx(value)


@pytest.mark.parametrize(
    ("spec", "typed", "said"),
    [
        (HZ, "10", "out of its range, 20 Hz to 20 kHz"),
        (HZ, "loud", "no value for frequency"),
        (TRIM, "off", "cannot be off"),
        (SPEED, "fast", "type one of 7.5 ips, 15 ips, 30 ips"),
        (LIMIT, "perhaps", "neither on nor off"),
    ],
)
def test_what_may_not_be_typed_is_explained(spec: ParamSpec, typed: str, said: str) -> None:
    with pytest.raises(ValueTextError, match=said):
        parsed(spec, typed, 0.0)


def test_a_change_needs_a_level() -> None:
    with pytest.raises(ValueTextError, match="it is off"):
        parsed(FADER, "+=3", -math.inf)


def test_examples_name_the_range() -> None:
    assert "20 Hz to 20 kHz" in examples(HZ)
    assert "off" in examples(FADER)
    assert examples(SPEED) == "7.5 ips, 15 ips, 30 ips"
