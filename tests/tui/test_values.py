import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.params import FADER, PAN, TRIM
from tui.values import ValueTextError, parse_value, value_text


@pytest.mark.parametrize(
    ("text", "value"),
    [("-6", -6.0), ("-6dB", -6.0), (" -6.5 DB ", -6.5), ("+3", 3.0), ("3", 3.0), ("−6", -6.0), ("-6,5", -6.5),
     (".5", 0.5), ("-inf", -math.inf), ("off", -math.inf), ("-∞", -math.inf), ("-inf dB", -math.inf), ("0", 0.0),
     ("+=3", -7.0), ("-=2.5", -12.5)],
)  # fmt: skip
def test_levels_are_typed_as_people_write_them(text: str, value: float) -> None:
    assert parse_value("fader_db", text, -10.0) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("C", 0.0), ("center", 0.0), ("L30", -30.0), ("r 45", 45.0), ("30R", 30.0), ("L100%", -100.0), ("-30", -30.0),
     ("0", 0.0)],
)  # fmt: skip
def test_pan_is_typed_by_side(text: str, value: float) -> None:
    assert parse_value("pan_percent", text, 0.0) == value


@pytest.mark.parametrize(
    ("control", "text", "said"),
    [
        ("fader_db", "", "type a value: a level in dB like -6 or +3.5, or -inf"),
        ("fader_db", "loud", '"loud" is no fader value: type a level in dB like -6 or +3.5, or -inf'),
        ("fader_db", "12", "+12 dB is above the highest, +6 dB"),
        ("fader_db", "-91", "-91 dB is below the lowest, -90 dB, or -inf for off"),
        ("trim_db", "-inf", "trim cannot be off: the lowest is -60 dB"),
        ("trim_db", "41", "+41 dB is above the highest, +40 dB"),
        ("pan_percent", "L130", "-130 % is below the lowest, -100 %"),
        ("pan_percent", "L-30", '"L-30" is no pan value: type L30, R100, C or -30'),
        ("pan_percent", "L30R", '"L30R" is no pan value: type L30, R100, C or -30'),
        ("fader_db", "nan", '"nan" is no fader value: type a level in dB like -6 or +3.5, or -inf'),
        ("fader_db", "1e3", '"1e3" is no fader value: type a level in dB like -6 or +3.5, or -inf'),
    ],
)
def test_what_cannot_be_is_explained_in_one_line(control: str, text: str, said: str) -> None:
    with pytest.raises(ValueTextError) as caught:
        parse_value(control, text, 0.0)  # type: ignore[arg-type]
    assert str(caught.value) == said


def test_a_change_of_a_fader_that_is_off_is_refused() -> None:
    with pytest.raises(ValueTextError, match="it is off"):
        parse_value("fader_db", "+=3", -math.inf)


@given(st.text(max_size=12))
def test_whatever_is_typed_gives_a_valid_value_or_one_line(text: str) -> None:
    for control, spec in (("fader_db", FADER), ("trim_db", TRIM), ("pan_percent", PAN)):
        said = None
        try:
            assert spec.contains(parse_value(control, text, -10.0))  # type: ignore[arg-type]
        except ValueTextError as error:
            said = str(error)
        assert said is None or len(said.splitlines()) == 1 or not text.isprintable()


@given(st.floats(-90, 6).map(lambda value: round(value, 1)))
def test_what_is_shown_can_be_typed(value: float) -> None:
    assert parse_value("fader_db", value_text("fader_db", value), 0.0) == value


@given(st.integers(-100, 100))
def test_what_is_shown_of_pan_can_be_typed(value: int) -> None:
    assert parse_value("pan_percent", value_text("pan_percent", value), 0.0) == value


def test_a_long_text_leaves_room_for_what_is_wrong_with_it() -> None:
    with pytest.raises(ValueTextError, match="is no fader value") as said:
        parse_value("fader_db", "q d W m s " * 10_000, 0.0)
    assert len(str(said.value)) < 120
