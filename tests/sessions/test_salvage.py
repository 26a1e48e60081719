"""A session file with faults opens with all that is right, and says each thing that is not."""

import tomllib
from copy import deepcopy

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from sessions.document import DocumentError, session_from_text, session_text
from sessions.model import InsertState, SendState
from sessions.salvage import MOST_FAULTS, salvaged
from tests.sessions.spoilt import HEAD, REST, RIGHT, read, vox
from tests.sessions.strategies import FOLDER, sessions


@given(sessions)
def test_a_session_without_faults_is_read_as_ever(session):
    assert salvaged(session_text(session, FOLDER), FOLDER) == (session, ())


# Slots


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("kind = 'utilty'", 'kind="utilty" is no processor, did you mean "utility"?: the slot stays empty'),
        ("kind = 3", "kind=3 should be text in quotes: the slot stays empty"),
        ("bypass = true", 'the key "kind" is missing: the slot stays empty'),
    ],
)
def test_a_slot_with_an_unknown_processor_stays_empty(text, line):
    session, said = vox(f"[strip.insert.1]\nkind = 'tester'\n[strip.insert.2]\n{text}\n[strip.insert.3]\nkind = 'gate'")
    assert said == f'strip 1 "Vox": insert 2: {line}'
    assert session.strip("s1").inserts == (InsertState("tester"), None, InsertState("gate"))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "params.gian_db = 3",
            'the Utility has no parameter "gian_db", did you mean "gain_db"?: left out',
        ),
        ("params.gain_db = 41", "gain_db=41 is above 40: its default is used"),
        ("params.gain_db = nan", "gain_db=nan is not a number: its default is used"),
        ("params.gain_db = '3'", 'gain_db="3" should be a number: its default is used'),
        ("params.swap = 1", "swap=1 should be true or false: its default is used"),
        ("params = 3", "params should be a table, or lines that begin with params.: left out"),
        ("mix_percent = 101", "mix_percent=101 is above 100: its default is used"),
        ("bypass = 1", "bypass=1 should be true or false: its default is used"),
        ("mix_perc = 3", 'unknown key "mix_perc", did you mean "mix_percent"?: left out'),
    ],
)
def test_a_wrong_value_in_a_slot_is_its_default_and_the_others_stay(text, line):
    session, said = vox(f"[strip.insert.2]\nkind = 'utility'\noutput_db = -1.5\n{text}")
    assert said == f'strip 1 "Vox": insert 2: {line}'
    assert session.strip("s1").insert(2) == InsertState("utility", output_db=-1.5)


def test_other_parameters_of_a_processor_stay():
    session, _ = vox("[strip.insert.1]\nkind = 'utility'\nparams.gain_db = 99\nparams.width_percent = 50")
    assert session.strip("s1").insert(1) == InsertState("utility").with_value("width_percent", 50.0)


def test_a_wrong_choice_is_its_default():
    session, said = vox("[strip.insert.1]\nkind = 'tester'\nparams.kind = 'reel'")
    assert said.startswith('strip 1 "Vox": insert 1: kind="reel" should be one of "tape", "15 ips"')
    assert said.endswith(": its default is used")
    assert session.strip("s1").insert(1) == InsertState("tester")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[strip.insert.9]\nkind = 'gate'", 'there is no insert "9", only 1 to 8: the slot stays empty'),
        ("[strip.send.e]\nto = 'r1'", 'there is no send "e", only a to d: the send is left out'),
        ("insert.1 = 3", "insert 1 should be a table: the slot stays empty"),
        ("insert = 3", "insert should be tables, headed [strip.insert.1] and so on: left out"),
        ("[strip.send.a]", 'send a: the key "to" is missing: the send is left out'),
        ("[strip.send.a]\nto = 5", "send a: to=5 should be text in quotes: the send is left out"),
    ],
)
def test_a_slot_that_is_none_is_left_out(text, line):
    session, said = vox(text)
    assert said == f'strip 1 "Vox": {line}'
    assert (session.strip("s1").inserts, session.strip("s1").sends) == ((), ())


def test_a_wrong_level_of_a_send_is_its_default():
    session, said = vox("[strip.send.a]\nto = 'r1'\nlevel_db = 7\npan_percent = 10")
    assert said == 'strip 1 "Vox": send a: level_db=7 is above 6: its default is used'
    assert session.strip("s1").sends == (SendState("r1", pan_percent=10.0),)


def test_of_two_tables_for_one_slot_the_first_counts():
    session, said = vox(
        "[strip.insert.1]\nkind = 'gate'\n[strip.insert.1]\nkind = 'tape'\nbypass = true\n[strip.send.a]\nto = 'r1'"
    )
    assert said == "line 8: [strip.insert.1] is there twice: the second one is left out"
    assert session.strip("s1").inserts == (InsertState("gate"),)
    assert session.strip("s1").sends == (SendState("r1"),)


def test_a_repeated_slot_of_the_master_is_told_too():
    session, said = read("[master.insert.1]\nkind = 'gate'\n[master.insert.1]\nkind = 'tape'\n" + REST)
    assert said == ("line 5: [master.insert.1] is there twice: the second one is left out",)
    assert session.master.inserts == (InsertState("gate"),)
    assert session.strips == RIGHT.strips


# Values of strips and of the song


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("trim_db = 70", "trim_db=70 is above 40: its default is used"),
        ("fader_db = -200", "fader_db=-200 is below -90 (or -inf, which is off): its default is used"),
        ("pan_percent = 'L'", 'pan_percent="L" should be a number: its default is used'),
        ("mute = 1", "mute=1 should be true or false: its default is used"),
        ("listen = 'loud'", 'listen="loud" should be one of "off", "before", "after": its default is used'),
        ("output = 3", "output=3 should be text in quotes: its default is used"),
        ("fadr_db = -3", 'unknown key "fadr_db", did you mean "fader_db"?: left out'),
        ("start_s = 3.0", 'the key "path" is missing: it opens without its stem, relink it'),
        ("path = 3\nchannel = 1", "path=3 should be text in quotes: it opens without its stem, relink it"),
    ],
)
def test_a_wrong_value_of_a_strip_is_its_default(text, line):
    session, said = vox(f"solo_safe = true\n{text}")
    assert said == f'strip 1 "Vox": {line}'
    assert session.strip("s1") == type(session.strip("s1"))("s1", "Vox", solo_safe=True)


def test_a_wrong_start_of_a_stem_is_its_default_and_the_stem_stays():
    session, said = vox('path = "Vox.wav"\nstart_s = -3.0')
    assert said == 'strip 1 "Vox": start_s=-3 is not a time from 0 to 1000000 s: its default is used'
    assert session.strip("s1").source.path == f"{FOLDER}/Vox.wav"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("id = 's5'", 'strip 1: the key "name" is missing: it is called "Strip 1"'),
        ("id = 's5'\nname = 5", 'strip 1: name=5 should be text in quotes: it is called "Strip 1"'),
        ("id = 's5'\nname = ' '", 'strip 1 " ": its name is empty or holds characters that cannot be shown: '),
    ],
)
def test_a_strip_without_a_name_gets_one(text, line):
    session, said = read(f"[[strip]]\n{text}\nfader_db = -1.0\n{REST}")
    assert [one.startswith(line) for one in said] == [True]
    assert (session.strip("s5").name, session.strip("s5").fader_db) == ("Strip 1", -1.0)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("pan_law = '-5'", 'pan_law="-5" should be one of "-2.5", "-3", "-4.5", "-6": its default is used'),
        (
            "sample_rate_hz = 44000",
            "sample_rate_hz=44000 is not one of 44100, 48000, 88200, 96000, 176400, 192000: its",
        ),
        ("panlaw = '-3'", 'unknown key "panlaw", did you mean "pan_law"?: left out'),
        ("monitor_db = 7", "monitor_db=7 is above 6: its default is used"),
        (
            "monitor_db = 0\n[monitor]\nvolume_db = 0",
            "[monitor]: volume_db is given twice, here and as monitor_db: left",
        ),
        ("master = 3", "[master] should be a table: left out"),
        ("[master]\nfader_db = 12", "[master]: fader_db=12 is above 6: its default is used"),
        ("[master.insert.1]\nkind = 'zz'", '[master]: insert 1: kind="zz" is no processor, '),
        ("[master.send.a]\nto = 'r1'", '[master]: unknown key "send", '),
        ("[loop]\nend_s = 0.0", "[loop]: end_s=0 is not after start_s=0: its default is used"),
        ("[mastr]\nfader_db = 0", 'unknown key "mastr", did you mean "master"?: left out'),
    ],
)
def test_a_wrong_value_beside_the_strips_is_its_default(text, line):
    session, said = read(f"{text}\n{REST}")
    assert [one.startswith(line) for one in said] == [True]
    assert session.strips == RIGHT.strips


def test_a_session_without_a_name_gets_one():
    session, said = salvaged("version = 2\n" + REST, FOLDER)
    assert said == ('the key "name" is missing: it is called "Session"',)
    assert (session.name, session.strips) == ("Session", RIGHT.strips)


def test_several_faults_are_a_line_each():
    session, said = read("[[strip]]\nname = 'A'\ntrim_db = 99\nfader_db = 99\n[[strip]]\nname = 'B'\nmute = 3\n" + REST)
    assert len(said) == 3
    assert [session.strip(strip.id) for strip in RIGHT.strips] == list(RIGHT.strips)


# What is no session


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("version = 3\nname = 5", "version 3 is newer than this program reads (2): update gainstage"),
        ("name = 'Song'", "it has no version, so it is not a session of gainstage"),
        ("version = 1\nname = \n", "line 2, column 8: invalid value"),
        ("version = 1\nname = 'S'\nstrip = 4", "strip should be tables, each headed [[strip]]"),
        ("version = 1\nname = 'A'\nname = 'B'\n", "line 3, column"),
        ("version = " + "[" * 100_000, "not the TOML of a session"),
    ],
)
def test_what_is_no_session_is_an_error(text, line):
    with pytest.raises(DocumentError) as error:
        salvaged(text, FOLDER)
    assert str(error.value).startswith(line)


def test_more_faults_than_a_session_would_have_are_an_error():
    keys = "".join(f"key_{number} = 1\n" for number in range(MOST_FAULTS + 1))
    with pytest.raises(DocumentError, match=r'^more than 100 faults, the first: unknown key "key_0", '):
        salvaged(HEAD + keys, FOLDER)


def _spots(document, keys=()):
    """The keys of everything in a document."""
    items = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in items:
        yield (*keys, key)
        if isinstance(value, dict | list):
            yield from _spots(value, (*keys, key))


def _listed(document):
    """What should be lists of tables; the reader looks at all of them."""
    heads = ("strip", "bus", "return", "mute_group", "link_group")
    return [document[head] for head in heads if head in document]


WRONG = st.sampled_from(
    [None, -1e9, 1e9, float("nan"), "", "s1", "b1", "r1", "master", True, [], {}, [{}], {"a": 1}, 7]
)


@given(sessions, st.data())
def test_whatever_is_spoilt_in_a_file_the_rest_opens(session, data):
    document = tomllib.loads(session_text(session, FOLDER))
    for _ in range(data.draw(st.integers(1, 4))):
        keys = data.draw(st.sampled_from([spot for spot in _spots(document) if spot != ("version",)]))
        inner = document
        for key in keys[:-1]:
            inner = inner[key]
        wrong = deepcopy(data.draw(WRONG))  # or a document might hold itself
        if wrong is None:
            del inner[keys[-1]]
        else:
            inner[keys[-1]] = wrong
    try:
        text = tomli_w.dumps(document)
    except TypeError:  # no TOML can say it
        return
    if any(not isinstance(one, list) or not all(isinstance(table, dict) for table in one) for one in _listed(document)):
        with pytest.raises(DocumentError, match="should be tables, each headed"):
            salvaged(text, FOLDER)
        return
    opened, said = salvaged(text, FOLDER)
    assert session_from_text(session_text(opened, FOLDER), FOLDER) == opened
    try:
        assert session_from_text(text, FOLDER) == opened
    except DocumentError:
        assert said
    else:
        assert said == ()
