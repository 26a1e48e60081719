"""What a session of stems, buses and returns can hold, and what it says of what it cannot."""

import math

import msgspec
import pytest
from hypothesis import given

from engine import mix
from engine.mix import MASTER_ID, MAX_GROUPS, MAX_STRIPS
from engine.routing import MAX_LEVELS, levels
from sessions.insert import INSERT_CONTROLS, processors
from sessions.model import (
    InsertState,
    LinkGroup,
    MasterState,
    MonitorState,
    MuteGroup,
    SendState,
    Session,
    SessionValueError,
    SourceRef,
    StripState,
)
from sessions.monitor import MONITOR_CONTROLS
from sessions.send import SEND_CONTROLS, send_place
from sessions.strip_groups import MAX_MUTE_GROUPS
from tests.sessions.strategies import console_sessions


def stem(name: str, **values) -> StripState:
    return StripState(name.lower(), name, **values)


def bus(name: str, **values) -> StripState:
    return StripState(name.lower(), name, kind="bus", **values)


def fed_back(name: str, **values) -> StripState:
    return StripState(name.lower(), name, kind="return", **values)


def refused(call, *arguments, **values) -> str:
    with pytest.raises(SessionValueError) as error:
        call(*arguments, **values)
    return str(error.value)


def test_strips_lie_by_kind_in_whichever_order_they_are_given():
    room, drums, kick, band, vox = fed_back("Room"), bus("Drums"), stem("Kick"), bus("Band"), stem("Vox")
    session = Session("Song", (room, drums, kick, band, vox))
    assert session.strips == (kick, vox, drums, band, room)
    assert (session.stems, session.buses, session.returns) == ((kick, vox), (drums, band), (room,))
    assert all(strip is session.strip(strip.id) for strip in (room, drums, kick, band, vox))


@given(console_sessions)
def test_routes_of_any_session_have_levels(session):
    assert levels(session.strips).keys() == {strip.id for strip in (*session.buses, *session.returns)}


def test_a_circle_is_refused_with_its_path():
    strips = (bus("A", output="b"), bus("B", sends=(SendState("c"),)), fed_back("C", output="a"))
    told = refused(Session, "Song", strips)
    assert told.startswith("routes: a signal cannot go in a circle: ")
    assert all(f'"{name}"' in told for name in "ABC")


@pytest.mark.parametrize(
    ("strip", "line"),
    [
        (stem("Kick", output="gone"), 'routes: "Kick" cannot be sent there: there is no strip "gone"'),
        (stem("Kick", output="vox"), 'routes: "Kick" cannot be sent there: "Vox" is a stem strip'),
        (stem("Kick", sends=(SendState("vox"),)), 'routes: "Kick" cannot be sent there: "Vox" is a stem strip'),
        (bus("Kick", output="kick"), 'routes: a signal cannot go in a circle: "Kick" → "Kick"'),
        (
            stem("Kick", output="room"),
            'strip "Kick": its output cannot be the return "Room": that is what sends are for',
        ),
    ],
)
def test_route_that_cannot_be_is_refused(strip, line):
    assert refused(Session, "Song", (strip, stem("Vox"), fed_back("Room"))) == line


def test_groups_of_groups_have_an_end():
    chain = tuple(bus(f"B{n}", output=f"b{n + 1}" if n < MAX_LEVELS else MASTER_ID) for n in range(MAX_LEVELS + 1))
    assert refused(Session, "Song", chain).startswith('routes: "B')


def test_as_many_strips_and_groups_as_the_engine_takes_and_no_more():
    stems = tuple(stem(f"S{n}") for n in range(MAX_STRIPS))
    sums = tuple((bus if n % 2 else fed_back)(f"G{n}") for n in range(MAX_GROUPS))
    assert len(Session("Song", (*stems, *sums)).strips) == MAX_STRIPS + MAX_GROUPS
    assert refused(Session, "Song", (*sums, bus("More"))) == "session: 33 buses and returns are more than 32"
    assert refused(Session, "Song", (*stems, *sums, stem("More"))) == "session: 129 strips are more than 128"
    groups = tuple(MuteGroup(f"m{n}", f"G{n}") for n in range(MAX_MUTE_GROUPS + 1))
    assert refused(Session, "Song", mute_groups=groups) == "session: 9 mute groups are more than 8"


@pytest.mark.parametrize(
    ("kind", "values", "line"),
    [
        (stem, {"kind": "group"}, 'strip "X": kind="group" is not one of stem, bus, return'),
        (stem, {"listen": "loud"}, 'strip "X": listen="loud" is not one of off, before, after'),
        (stem, {"inserts": (InsertState("utility"),) * 9}, 'strip "X": 9 inserts are more than 8'),
        (bus, {"sends": (SendState("r"),) * 5}, 'bus "X": 5 sends are more than 4'),
        (fed_back, {"trim_db": 41.0}, 'return "X": trim_db=41 is above 40'),
        (bus, {"id": "none"}, 'bus "X": id="none" is not a name for a strip'),
        (fed_back, {"name": "\n"}, 'return with id "x": its name is empty or holds characters that cannot be shown'),
    ],
)
def test_strip_that_cannot_be_is_refused(kind, values, line):
    strip = StripState("x", "X", kind={stem: "stem", bus: "bus", fed_back: "return"}[kind])
    assert refused(msgspec.structs.replace, strip, **values) == line


def test_a_sum_plays_no_file():
    assert refused(bus, "Drums", source=SourceRef("/a.wav")) == 'bus "Drums": a bus plays no file'


def test_a_strip_called_none_of_the_first_version_still_opens():
    assert StripState("none", "Vox").id == "none"


def test_empty_slots_at_the_end_are_the_same_as_missing_ones():
    insert, send = InsertState("utility"), SendState("r")
    one = StripState("s1", "Vox", inserts=(None, insert, None, None), sends=(None, send, None))
    assert one == StripState("s1", "Vox", inserts=(None, insert), sends=(None, send))
    assert hash(one) == hash(StripState("s1", "Vox", inserts=(None, insert), sends=(None, send)))
    assert [one.insert(slot) for slot in (0, 1, 2, 8)] == [None, None, insert, None]
    assert [one.send(letter) for letter in "abd"] == [None, send, None]
    assert MasterState(inserts=(None,)) == MasterState()


@pytest.mark.parametrize(
    ("values", "line"),
    [
        (
            {"to": MASTER_ID},
            'send to "master": a send goes to a bus or a return, what goes to the master is the output',
        ),
        ({"to": "r1", "level_db": 6.5}, 'send to "r1": level_db=6.5 is above 6'),
        ({"to": "r1", "pan_percent": -101.0}, 'send to "r1": pan_percent=-101 is below -100'),
    ],
)
def test_send_that_cannot_be_is_refused(values, line):
    assert refused(SendState, **values) == line


@pytest.mark.parametrize("letter", ["", "e", "A", "ab"])
def test_send_of_another_letter_is_refused(letter):
    assert refused(send_place, letter) == f'send: "{letter}" is no send: there are a, b, c, d'


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"volume_db": 7.0}, "monitor: volume_db=7 is above 6"),
        ({"volume_db": math.nan}, "monitor: volume_db=nan is not a number"),
        ({"ceiling_dbfs": 0.5}, "monitor: ceiling_dbfs=0.5 is above 0"),
    ],
)
def test_monitor_value_out_of_range_is_refused(values, line):
    assert refused(MonitorState, **values) == line


@pytest.mark.parametrize(
    ("ours", "engines", "specs"),
    [
        (SendState("r1"), mix.Send("r1"), SEND_CONTROLS),
        (MonitorState(), mix.Monitor(), MONITOR_CONTROLS),
        (InsertState("utility"), mix.Insert("utility", ()), INSERT_CONTROLS),
    ],
)
def test_defaults_are_the_engines_and_those_of_the_declarations(ours, engines, specs):
    for key, spec in specs.items():
        assert getattr(ours, key) == getattr(engines, key, spec.default) == spec.default


def test_insert_without_parameters_has_the_defaults_of_its_kind():
    for kind, processor in processors().items():
        assert InsertState(kind).params == processor.defaults
        assert InsertState(kind) == InsertState(kind, processor.defaults)


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"kind": "utilty"}, 'insert: kind="utilty" is no processor, did you mean "utility"?'),
        ({"kind": "tester", "params": (1.0,)}, 'insert "Tester": 1 parameters are not the 6 it has'),
        ({"kind": "tester", "mix_percent": 101.0}, 'insert "Tester": mix_percent=101 is above 100'),
        ({"kind": "tester", "output_db": -61.0}, 'insert "Tester": output_db=-61 is below -60'),
    ],
)
def test_insert_that_cannot_be_is_refused(values, line):
    assert refused(InsertState, **values) == line


@pytest.mark.parametrize(
    ("param", "value", "line"),
    [
        ("output_db", 12.5, "output_db=12.5 is above 12"),
        ("depth_db", -60.5, "depth_db=-60.5 is below -60 (or -inf, which is off)"),
        ("kind", 3.0, "kind=3 is above 2"),
        ("kind", 0.5, "kind=0.5 is between two of its choices"),
        ("bypass", 0.5, "bypass=0.5 is between two of its choices"),
        ("cutof_hz", 1.0, 'it has no parameter "cutof_hz", did you mean "cutoff_hz"?'),
    ],
)
def test_parameter_that_cannot_be_is_refused(param, value, line):
    assert refused(InsertState("tester").with_value, param, value) == f'insert "Tester": {line}'


def test_parameter_is_known_by_its_id():
    insert = InsertState("tester").with_value("ratio", 8)
    assert insert.value("ratio") == 8.0
    assert insert.params == (0.0, 1.0, 1.0, 1000.0, 0.0, 8.0)
    assert insert.spec("ratio").label == "Ratio"


KIT = (stem("Kick"), stem("Snare"), stem("Vox"))


@pytest.mark.parametrize(
    ("groups", "line"),
    [
        ({"mute_groups": (MuteGroup("m1", "Drums", ("kick", "tom")),)}, 'mute group "Drums": there is no strip "tom"'),
        (
            {"link_groups": (LinkGroup("l1", "Drums", (MASTER_ID,)),)},
            'linked group "Drums": there is no strip "master"',
        ),
        (
            {"link_groups": (LinkGroup("l1", "Drums", ("kick",)), LinkGroup("l2", "Band", ("vox", "kick")))},
            'linked group "Band": strip "Kick" is in the linked group "Drums" already',
        ),
        (
            {"mute_groups": (MuteGroup("g", "Drums"),), "link_groups": (LinkGroup("g", "Band"),)},
            'linked group "Band": id="g" is taken by another group',
        ),
    ],
)
def test_group_that_cannot_be_is_refused(groups, line):
    assert refused(Session, "Song", KIT, **groups) == line


@pytest.mark.parametrize(
    ("values", "line"),
    [
        (("", "Drums"), 'mute group "Drums": id="" is not a name for a group'),
        (("m1", " "), 'mute group with id "m1": its name is empty or holds characters that cannot be shown'),
        (("m1", "Drums", ("kick", "kick")), 'mute group "Drums": "kick" is in it twice'),
    ],
)
def test_group_checks_itself(values, line):
    assert refused(MuteGroup, *values) == line


def test_a_strip_may_be_in_several_mute_groups():
    groups = (MuteGroup("m1", "Drums", ("kick", "snare")), MuteGroup("m2", "Low", ("kick",)))
    assert Session("Song", KIT, mute_groups=groups).group("m2").members == ("kick",)


def test_new_ids_are_free():
    session = Session("Song", (stem("S1"), bus("B1"), bus("R2")), mute_groups=(MuteGroup("m1", "Drums"),))
    assert session.free_id("bus") == "b2"
    assert session.free_id("return") == "r1"
    assert session.free_id("mute group") == "m2"
    assert session.free_id("linked group") == "l1"


def test_channel_is_a_strip_or_the_master():
    session = Session("Song", KIT)
    assert session.channel(MASTER_ID) is session.master
    assert session.channel("vox") is session.strips[2]
    changed = session.with_channels((MasterState(trim_db=-1.0), msgspec.structs.replace(KIT[0], trim_db=-2.0)))
    assert (changed.master.trim_db, changed.strips[0].trim_db) == (-1.0, -2.0)
    assert changed.strips[1] is session.strips[1]
