import math

import msgspec
import pytest

from engine.core.params import STRIP_PARAMS
from engine.mix import MAX_STRIPS
from sessions.model import LoopState, MasterState, Session, SessionError, SessionValueError, SourceRef, StripState


def strip(number: int = 1, **values) -> StripState:
    return StripState(f"s{number}", f"Strip {number}", **values)


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"trim_db": 70.0}, 'strip "Vox": trim_db=70 is above 40'),
        ({"trim_db": -60.5}, 'strip "Vox": trim_db=-60.5 is below -60'),
        ({"trim_db": -math.inf}, 'strip "Vox": trim_db=-inf is below -60'),
        ({"fader_db": 6.1}, 'strip "Vox": fader_db=6.1 is above 6'),
        ({"fader_db": -95.0}, 'strip "Vox": fader_db=-95 is below -90 (or -inf, which is off)'),
        ({"pan_percent": math.nan}, 'strip "Vox": pan_percent=nan is not a number'),
    ],
)
def test_value_out_of_range_is_refused_with_place_value_and_limit(values, line):
    with pytest.raises(SessionValueError) as error:
        StripState("s1", "Vox", **values)
    assert str(error.value) == line


def test_replacing_a_field_checks_it_as_making_does():
    with pytest.raises(SessionValueError, match="trim_db=41 is above 40"):
        msgspec.structs.replace(strip(), trim_db=41.0)


def test_closed_fader_is_a_value():
    assert strip(fader_db=-math.inf).fader_db == -math.inf


def test_defaults_are_those_of_the_parameters():
    for controls in (strip(), MasterState()):
        for key, spec in STRIP_PARAMS.items():
            if hasattr(controls, key):
                assert getattr(controls, key) == spec.default


def test_master_names_itself_in_its_fault():
    with pytest.raises(SessionError, match=r"^master: fader_db=12 is above 6$"):
        MasterState(fader_db=12.0)


def test_session_takes_as_many_strips_as_the_engine_and_no_more():
    full = tuple(strip(n) for n in range(MAX_STRIPS))
    assert len(Session("Song", full).strips) == MAX_STRIPS
    with pytest.raises(SessionError, match=r"^session: 129 strips are more than 128$"):
        Session("Song", (*full, strip(MAX_STRIPS)))


def test_two_strips_of_one_id_are_refused():
    with pytest.raises(SessionError, match=r'strip "Other": id="s1" is taken by another strip'):
        Session("Song", (strip(1), StripState("s1", "Other")))


@pytest.mark.parametrize("id", ["", "master", "a\nb"])
def test_unfit_id_is_refused(id):
    with pytest.raises(SessionError, match="is not a name for a strip"):
        StripState(id, "Vox")


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "bell\x07", "\x1b[31m"])
def test_name_that_cannot_be_shown_is_refused(name):
    with pytest.raises(SessionError, match="its name is empty or holds"):
        StripState("s1", name)
    with pytest.raises(SessionError, match="session: its name is empty or holds"):
        Session(name)


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"sample_rate_hz": 44000}, "session: sample_rate_hz=44000 is not one of 44100, 48000"),
        ({"pan_law": "-5"}, 'session: pan_law="-5" is not one of -2.5, -3, -4.5, -6'),
    ],
)
def test_session_value_out_of_range_is_refused(values, line):
    with pytest.raises(SessionError) as error:
        Session("Song", **values)
    assert str(error.value).startswith(line)


@pytest.mark.parametrize(
    "bounds", [(-1.0, None), (math.nan, None), (2.0, 2.0), (2.0, 1.0), (0.0, math.inf), (0.0, math.nan)]
)
def test_loop_without_extent_is_refused(bounds):
    with pytest.raises(SessionError, match=r"^loop: "):
        LoopState(True, *bounds)


@pytest.mark.parametrize("path", ["Vox.wav", "", "/a/../b.wav", "//a.wav", "/a/b/", "/a\0b", "/\udcff.wav"])
def test_path_that_is_not_absolute_text_in_shortest_form_is_refused(path):
    with pytest.raises(SessionError, match="the path") as error:
        SourceRef(path)
    str(error.value).encode()  # the line can be printed


@pytest.mark.parametrize(
    "values", [{"channel": -1}, {"channel": 0, "right_path": "/r.wav"}, {"start_s": -0.1}, {"start_s": math.inf}]
)
def test_impossible_source_is_refused(values):
    with pytest.raises(SessionError, match=r'^source "/a.wav": '):
        SourceRef("/a.wav", **values)


def test_with_strip_leaves_the_other_strips_the_same_objects():
    session = Session("Song", (strip(1), strip(2), strip(3)))
    changed = session.with_strip(msgspec.structs.replace(session.strip("s2"), trim_db=-3.0))
    assert changed.strip("s2").trim_db == -3.0
    assert changed.strips[0] is session.strips[0]
    assert changed.strips[2] is session.strips[2]
    assert session.strip("s2").trim_db == 0.0


def test_unknown_strip_is_named():
    with pytest.raises(SessionError, match='no strip has the id "s9"'):
        Session("Song", (strip(1),)).strip("s9")
