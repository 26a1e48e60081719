import math

import pytest

from engine.core.params import FADER, PAN, ParamSpec, choice, frequency, switch
from sessions.insert import processors
from sessions.model import SessionError
from sessions.stored import shown, spec_of, stored, stored_switch

QUALITY = ParamSpec("q", "Q", "", 0.3, 1.5, 0.7071, 10.0, 1.0, 50.0, taper="log")
RATIO = ParamSpec("ratio", "Ratio", ":1", 1.0, 20.0, 4.0, 0.5, 0.1, 2.0)
CHOICE = choice("kind", "Kind", ("tape", "tube"), "tube")


@pytest.mark.parametrize(
    ("spec", "value", "text"),
    [
        (FADER, -6.04, "-6.0 dB"),
        (FADER, 0.04, "0.0 dB"),
        (FADER, -math.inf, "off"),
        (PAN, 30.0, "30 % right"),
        (frequency("cutoff_hz", "Cutoff", 20.0, 20000.0, 1000.0), 12345.0, "12345 Hz"),
        (RATIO, 2.5, "2.5:1"),
        (QUALITY, 0.7071, "0.7071"),
        (switch("mute", "Mute"), 1.0, "on"),
        (CHOICE, 0.0, "tape"),
    ],
)
def test_value_is_shown_for_people(spec, value, text):
    assert shown(spec, value) == text


def test_a_default_of_many_digits_is_found_again():
    assert stored(QUALITY, 0.7071) == stored(QUALITY, 0.707) == QUALITY.default
    assert stored(QUALITY, 0.706) == 0.706


@pytest.mark.parametrize("kind", processors())
def test_defaults_and_ends_of_every_parameter_can_be_stored(kind):
    for spec in processors()[kind].params:
        assert all(stored(spec, value) == value for value in (spec.default, spec.minimum, spec.maximum))
        assert shown(spec, spec.default)


def test_switch_is_stored_as_a_switch_and_nothing_else_is():
    assert stored_switch(switch("mute", "Mute"), 3.0) is True
    assert stored_switch(CHOICE, 1) == 1.0
    assert type(stored_switch(CHOICE, 1)) is float
    assert stored(CHOICE, -math.inf) == 0.0


def test_unknown_control_names_all_there_are():
    with pytest.raises(SessionError, match=r'^no control is called "gain": there are fader_db$'):
        spec_of({FADER.id: FADER}, "gain")
