"""Buses, slots and groups in the text of a session."""

import tomllib

import msgspec
import pytest
from hypothesis import given

from sessions.document import DocumentError, session_from_text, session_text
from sessions.model import (
    InsertState,
    LinkGroup,
    LoopState,
    MasterState,
    MonitorState,
    MuteGroup,
    SendState,
    Session,
    SourceRef,
    StripState,
)
from tests.sessions.strategies import FOLDER, plain_sessions


def song() -> Session:
    tester = InsertState("tester", (-3.0, 0.0, 0.0, 1000.0, -60.0, 4.0), bypass=True, output_db=-1.5)
    return Session(
        "Song",
        (
            StripState(
                "s1",
                "Kick",
                SourceRef("/music/Song/Kick.wav"),
                trim_db=-3.5,
                output="b1",
                inserts=(None, tester, InsertState("utility")),
                sends=(None, SendState("r1", level_db=-12.0, before_fader=True)),
            ),
            StripState("s2", "Vox", solo_safe=True, listen="before", output=None),
            StripState("b1", "Drums", kind="bus", fader_db=-2.0),
            StripState("r1", "Room", kind="return"),
        ),
        monitor=MonitorState(-20.0, dim=True),
        loop=LoopState(True),
        master=MasterState(fader_db=-3.0, inserts=(InsertState("utility", mix_percent=50.0),)),
        mute_groups=(MuteGroup("m1", "Drums", ("s1", "b1"), on=True),),
        link_groups=(LinkGroup("l1", "All", ("s1", "s2")),),
    )


SONG_TEXT = """\
version = 2
name = "Song"
sample_rate_hz = 48000

[monitor]
volume_db = -20.0
dim = true

[loop]
enabled = true

[master]
fader_db = -3.0

[master.insert.1]
kind = "utility"
mix_percent = 50.0

[[strip]]
id = "s1"
name = "Kick"
path = "Kick.wav"
trim_db = -3.5
output = "b1"

[strip.insert.2]
kind = "tester"
bypass = true
output_db = -1.5
params.output_db = -3.0
params.kind = "tape"
params.bypass = false
params.depth_db = -60.0

[strip.insert.3]
kind = "utility"

[strip.send.b]
to = "r1"
level_db = -12.0
before_fader = true

[[strip]]
id = "s2"
name = "Vox"
solo_safe = true
listen = "before"
output = "none"

[[bus]]
id = "b1"
name = "Drums"
fader_db = -2.0

[[return]]
id = "r1"
name = "Room"

[[mute_group]]
id = "m1"
name = "Drums"
members = [
    "s1",
    "b1",
]
on = true

[[link_group]]
id = "l1"
name = "All"
members = [
    "s1",
    "s2",
]
"""


def fault(text: str) -> str:
    with pytest.raises(DocumentError) as error:
        session_from_text(f'version = 2\nname = "Song"\n{text}', FOLDER)
    line = str(error.value)
    assert "\n" not in line
    return line


def strip_fault(text: str) -> str:
    return fault(f'[[strip]]\nname = "Vox"\n{text}')


def insert_fault(text: str) -> str:
    return strip_fault(f"[strip.insert.2]\n{text}")


def test_text_holds_one_table_per_slot_and_nothing_at_its_default():
    assert session_text(song(), FOLDER) == SONG_TEXT


def test_text_is_read_back():
    assert session_from_text(SONG_TEXT, FOLDER) == song()


def test_one_changed_parameter_is_one_changed_line():
    kick = song().strips[0]
    insert = kick.insert(3).with_value("gain_db", -1.0)
    changed = song().with_strip(msgspec.structs.replace(kick, inserts=(*kick.inserts[:2], insert)))
    before, after = session_text(song(), FOLDER).splitlines(), session_text(changed, FOLDER).splitlines()
    assert [line for line in after if line not in before] == ["params.gain_db = -1.0"]
    assert len(after) == len(before) + 1


def test_moved_insert_is_one_changed_line():
    kick = song().strips[0]
    changed = song().with_strip(msgspec.structs.replace(kick, inserts=(*kick.inserts[:2], None, kick.inserts[2])))
    before, after = session_text(song(), FOLDER).splitlines(), session_text(changed, FOLDER).splitlines()
    assert [line for line in after if line not in before] == ["[strip.insert.4]"]


# Versions


@given(plain_sessions)
def test_a_session_that_the_first_version_can_hold_is_written_as_such(session):
    document = tomllib.loads(session_text(session, FOLDER))
    assert document["version"] == 1
    assert document.keys() <= {"version", "name", "sample_rate_hz", "pan_law", "monitor_db", "loop", "master", "strip"}


@pytest.mark.parametrize(
    "values",
    [
        {"monitor": MonitorState(mono=True)},
        {"master": MasterState(inserts=(InsertState("utility"),))},
        {"mute_groups": (MuteGroup("m1", "Drums"),)},
        {"link_groups": (LinkGroup("l1", "Drums"),)},
        {"strips": (StripState("b1", "Drums", kind="bus"),)},
        {"strips": (StripState("s1", "Vox", solo_safe=True),)},
        {"strips": (StripState("s1", "Vox", listen="after"),)},
        {"strips": (StripState("s1", "Vox", output=None),)},
        {"strips": (StripState("s1", "Vox", inserts=(InsertState("utility"),)),)},
    ],
)
def test_what_the_first_version_did_not_know_makes_a_session_of_the_second(values):
    session = Session("Song", **values)
    text = session_text(session, FOLDER)
    assert text.startswith("version = 2\n")
    assert session_from_text(text, FOLDER) == session


def test_monitor_volume_of_the_first_version_is_read_and_written():
    text = 'version = 1\nname = "Song"\nsample_rate_hz = 48000\nmonitor_db = -12.0\n'
    session = session_from_text(text, FOLDER)
    assert session.monitor == MonitorState(-12.0)
    assert session_text(session, FOLDER) == text
    assert session_from_text(f"{text}[monitor]\ndim = true", FOLDER).monitor == MonitorState(-12.0, dim=True)


def test_monitor_volume_is_given_once():
    assert fault("monitor_db = -12\n[monitor]\nvolume_db = 0") == (
        "[monitor]: volume_db is given twice, here and as monitor_db"
    )


def test_monitor_volume_of_the_first_version_is_checked():
    assert fault("monitor_db = 'x'") == 'monitor_db="x" should be a number'
    assert fault("monitor_db = nan") == "monitor_db=nan is not a number"


# By hand


def test_hand_written_buses_and_groups_need_no_id():
    text = """version = 2
name = "Song"
[[bus]]
name = "Drums"
[[bus]]
id = "b1"
name = "Band"
[[return]]
name = "Room"
[return.insert.8]
kind = "tester"
params = { ratio = 2, bypass = false }
[[mute_group]]
name = "All"
members = ["r1", "b2"]
"""
    session = session_from_text(text, FOLDER)
    assert [strip.id for strip in session.strips] == ["b2", "b1", "r1"]
    assert session.mute_groups == (MuteGroup("m1", "All", ("r1", "b2")),)
    insert = session.strip("r1").insert(8)
    assert (insert.value("ratio"), insert.value("bypass"), insert.value("kind")) == (2.0, 0.0, 1.0)
    assert all(type(value) is float for value in insert.params)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("kind = 'utilty'", 'kind="utilty" is no processor, did you mean "utility"?'),
        ("kind = 'zzz'", 'kind="zzz" is no processor, known here are utility, '),
        ("kind = 3", "kind=3 should be text in quotes"),
        ("bypass = true", 'the key "kind" is missing'),
        ("kind = 'utility'\nmix_perc = 3", 'unknown key "mix_perc", did you mean "mix_percent"?'),
        ("kind = 'utility'\nmix_percent = 101", "mix_percent=101 is above 100"),
        ("kind = 'utility'\nbypass = 1", "bypass=1 should be true or false"),
        ("kind = 'utility'\nparams = 3", "params should be a table, or lines that begin with params."),
        (
            "kind = 'utility'\nparams.gian_db = 3",
            'the Utility has no parameter "gian_db", did you mean "gain_db"?',
        ),
        ("kind = 'utility'\nparams.gain_db = 41", "gain_db=41 is above 40"),
        ("kind = 'utility'\nparams.gain_db = true", "gain_db=true should be a number"),
        ("kind = 'utility'\nparams.gain_db = '3'", 'gain_db="3" should be a number'),
        (f"kind = 'utility'\nparams.gain_db = 1{'0' * 400}", "gain_db=1000000"),
        ("kind = 'utility'\nparams.swap = 1", "swap=1 should be true or false"),
        ("kind = 'tester'\nparams.kind = 'reel'", 'kind="reel" should be one of "tape", "15 ips", "a "b""'),
        ("kind = 'tester'\nparams.kind = 1", 'kind=1 should be one of "tape", "15 ips", '),
        ("kind = 'tester'\nparams.kind = []", 'kind=[] should be one of "tape", "15 ips", '),
    ],
)
def test_wrong_insert_is_named_with_its_strip_and_slot(text, line):
    assert insert_fault(text).startswith(f'strip 1 "Vox": insert 2: {line}')


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("insert = 3", 'strip 1 "Vox": insert should be tables, headed [strip.insert.1] and so on'),
        ("[[strip.insert]]", 'strip 1 "Vox": insert should be tables, headed [strip.insert.1] and so on'),
        ("[strip.insert.9]", 'strip 1 "Vox": there is no insert "9", only 1 to 8'),
        ("insert.1 = 3", 'strip 1 "Vox": insert 1 should be a table'),
        ("[strip.send.e]", 'strip 1 "Vox": there is no send "e", only a to d'),
        ("[strip.send.a]", 'strip 1 "Vox": send a: the key "to" is missing'),
        (
            "[strip.send.a]\nto = 'r1'\nlevel = 3",
            'strip 1 "Vox": send a: unknown key "level", did you mean "level_db"?',
        ),
        ("[strip.send.a]\nto = 'master'", 'strip 1 "Vox": send a: a send goes to a bus or a return, what goes to'),
        ("[strip.send.a]\nto = 'r1'\nlevel_db = 7", 'strip 1 "Vox": send a: level_db=7 is above 6'),
        ("[strip.send.a]\nto = 'r1'", 'routes: "Vox" cannot be sent there: there is no strip "r1"'),
        ("output = 'b1'", 'routes: "Vox" cannot be sent there: there is no strip "b1"'),
        ("output = 3", 'strip 1 "Vox": output=3 should be text in quotes'),
        ("kind = 'bus'", 'strip 1 "Vox": unknown key "kind", '),
        ("listen = 'loud'", 'strip 1 "Vox": listen="loud" should be one of "off", "before", "after"'),
        ("solosafe = true", 'strip 1 "Vox": unknown key "solosafe", did you mean "solo_safe"?'),
        ("[[bus]]\nname = 'D'\npath = 'a.wav'", 'bus 1 "D": unknown key "path", '),
        ("[[bus]]\nname = 'D'\noutput = 'b1'", 'routes: a signal cannot go in a circle: "D" → "D"'),
        ("[[return]]\nid = 's1'\nname = 'R'", 'return "R": id="s1" is taken by another strip'),
        ("[[return]]\nid = 'none'\nname = 'R'", 'return 1 "R": id="none" is not a name for a strip'),
        ("[bus]\nname = 'D'", "bus should be tables, each headed [[bus]]"),
    ],
)
def test_wrong_route_is_named(text, line):
    assert strip_fault(text).startswith(line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[master.insert.1]\nkind = 'zzz'", '[master]: insert 1: kind="zzz" is no processor, known here are '),
        ("[master.send.a]\nto = 'r1'", '[master]: unknown key "send", '),
        ("[master]\noutput = 'none'", '[master]: unknown key "output", '),
        ("master = 3", "[master] should be a table"),
        ("monitor = 3", "[monitor] should be a table"),
        ("[monitor]\ndimm = true", '[monitor]: unknown key "dimm", did you mean "dim"?'),
        ("[monitor]\nceiling_dbfs = 1", "[monitor]: ceiling_dbfs=1 is above 0"),
        ("[[mute_groups]]", 'unknown key "mute_groups", did you mean "mute_group"?'),
        ("[[mute_group]]", 'mute_group 1: the key "name" is missing'),
        ("[[mute_group]]\nname = 'D'\nmembers = 's1'", 'mute_group 1 "D": members="s1" should be a list of texts'),
        ("[[mute_group]]\nname = 'D'\nmembers = [1]", 'mute_group 1 "D": members=[1] should be a list of texts'),
        ("[[mute_group]]\nname = 'D'\nmembers = ['s1']", 'mute group "D": there is no strip "s1"'),
        ("[[link_group]]\nname = 'D'\non = true", 'link_group 1 "D": unknown key "on", '),
    ],
)
def test_wrong_value_beside_the_strips_is_named(text, line):
    assert fault(text).startswith(line)


def test_too_many_groups_are_refused():
    assert fault("".join(f'[[bus]]\nname = "{n}"\n' for n in range(33))) == "33 buses and returns are more than 32"
