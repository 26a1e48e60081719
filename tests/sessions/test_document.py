import math
import tomllib

import pytest
from hypothesis import given

from sessions.document import DocumentError, session_from_text, session_text
from sessions.model import LoopState, MasterState, Session, SourceRef, StripState
from tests.sessions.strategies import FOLDER, sessions

SONG = Session(
    "Song",
    (
        StripState("s1", "Kick In", SourceRef("/music/Song/Kick In.wav"), trim_db=-3.5, fader_db=-math.inf, mute=True),
        StripState("s2", "Pad", SourceRef("/music/Song/Pad.L.wav", "/music/Song/Pad.R.wav", start_s=1.5)),
        StripState("s3", "Room 3", SourceRef("/elsewhere/Room.wav", channel=2), pan_percent=-30.0),
        StripState("s4", "Empty"),
    ),
    sample_rate_hz=44100,
    loop=LoopState(True, 4.0, 8.0),
    master=MasterState(fader_db=-3.0),
)
SONG_TEXT = """\
version = 1
name = "Song"
sample_rate_hz = 44100

[loop]
enabled = true
start_s = 4.0
end_s = 8.0

[master]
fader_db = -3.0

[[strip]]
id = "s1"
name = "Kick In"
path = "Kick In.wav"
trim_db = -3.5
fader_db = -inf
mute = true

[[strip]]
id = "s2"
name = "Pad"
path = "Pad.L.wav"
right_path = "Pad.R.wav"
start_s = 1.5

[[strip]]
id = "s3"
name = "Room 3"
path = "/elsewhere/Room.wav"
channel = 2
pan_percent = -30.0

[[strip]]
id = "s4"
name = "Empty"
"""


def fault(text: str) -> str:
    with pytest.raises(DocumentError) as error:
        session_from_text(text, FOLDER)
    line = str(error.value)
    assert "\n" not in line
    return line


def song_fault(strip: str = "", head: str = "") -> str:
    return fault(f'version = 1\nname = "Song"\n{head}\n[[strip]]\nid = "s1"\nname = "Vox"\n{strip}')


def test_text_holds_one_table_per_strip_and_nothing_at_its_default():
    assert session_text(SONG, FOLDER) == SONG_TEXT


def test_text_is_read_back():
    assert session_from_text(SONG_TEXT, FOLDER) == SONG


@given(sessions)
def test_any_session_survives_the_text(session):
    assert session_from_text(session_text(session, FOLDER), FOLDER) == session


@given(sessions)
def test_any_session_survives_the_text_with_absolute_paths(session):
    assert session_from_text(session_text(session, None), "/another/place") == session


@given(sessions)
def test_text_is_the_same_after_a_round_trip(session):
    text = session_text(session, FOLDER)
    assert session_text(session_from_text(text, FOLDER), FOLDER) == text


@given(sessions)
def test_any_toml_reader_reads_the_text(session):
    assert len(tomllib.loads(session_text(session, FOLDER)).get("strip", [])) == len(session.stems)


def test_one_changed_control_is_one_changed_line():
    changed = SONG.with_strip(StripState("s4", "Empty", trim_db=-1.0))
    before, after = session_text(SONG, FOLDER).splitlines(), session_text(changed, FOLDER).splitlines()
    assert [line for line in after if line not in before] == ["trim_db = -1.0"]
    assert len(after) == len(before) + 1


def test_folder_moves_with_its_stems():
    moved = session_from_text(SONG_TEXT, "/mnt/Song")
    assert moved.strips[0].source.path == "/mnt/Song/Kick In.wav"
    assert moved.strips[2].source.path == "/elsewhere/Room.wav"


def test_path_beside_the_folder_is_not_taken_for_one_below():
    session = Session("Song", (StripState("s1", "Vox", SourceRef("/music/Song 2/Vox.wav")),))
    assert 'path = "/music/Song 2/Vox.wav"' in session_text(session, FOLDER)


def test_hand_written_strips_need_no_id_and_whole_numbers_do():
    text = """version = 1
name = "Song"
[[strip]]
name = "Vox"
path = "../stems/./Vox.wav"
trim_db = -6
[[strip]]
id = "s1"
name = "Kick"
"""
    session = session_from_text(text, FOLDER)
    assert [strip.id for strip in session.strips] == ["s2", "s1"]
    assert session.strips[0].source == SourceRef("/music/stems/Vox.wav")
    assert type(session.strips[0].trim_db) is float


def test_unknown_key_names_its_place_and_the_nearest():
    strip = '[[strip]]\nname = "A"\n'
    text = f'version = 1\nname = "Song"\n{strip * 2}[[strip]]\nname = "Vox"\nfadr_db = -3.0\n'
    assert fault(text) == 'strip 3 "Vox": unknown key "fadr_db", did you mean "fader_db"?'


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("panlaw = '-3'", 'unknown key "panlaw", did you mean "pan_law"?'),
        ("[mastr]", 'unknown key "mastr", did you mean "master"?'),
        ("[master]\nsolo = true", '[master]: unknown key "solo", known here are trim_db, fader_db, '),
        ("[loop]\nstart = 1.0", '[loop]: unknown key "start", did you mean "start_s"?'),
    ],
)
def test_unknown_key_above_the_strips_is_named(head, line):
    assert song_fault(head=head).startswith(line)


@pytest.mark.parametrize(
    ("strip", "line"),
    [
        ("trim_db = 70", 'strip 1 "Vox": trim_db=70 is above 40'),
        ("trim_db = nan", 'strip 1 "Vox": trim_db=nan is not a number'),
        ('trim_db = "loud"', 'strip 1 "Vox": trim_db="loud" should be a number'),
        ("trim_db = true", 'strip 1 "Vox": trim_db=true should be a number'),
        ("trim_db = []", 'strip 1 "Vox": trim_db=[] should be a number'),
        ("trim_db = 2020-01-01", 'strip 1 "Vox": trim_db=2020-01-01 should be a number'),
        (f"trim_db = 1{'0' * 400}", 'strip 1 "Vox": trim_db=1000000'),
        ("mute = 1", 'strip 1 "Vox": mute=1 should be true or false'),
        ("channel = 1.5\npath = 'a.wav'", 'strip 1 "Vox": channel=1.5 should be a whole number'),
        ("channel = -1\npath = 'a.wav'", 'strip 1 "Vox": channel=-1 is below 0'),
        ("path = 3", 'strip 1 "Vox": path=3 should be text in quotes'),
        ("start_s = 3.0", 'strip 1 "Vox": the key "path" is missing'),
        ("start_s = -3.0\npath = 'a.wav'", 'strip 1 "Vox": start_s=-3 is not a time from 0 to 1000000 s'),
        ("start_s = 1e300\npath = 'a.wav'", 'strip 1 "Vox": start_s=1e+300 is not a time from 0 to 1000000 s'),
        ("[[strip]]\nid = 's1'\nname = 'Kick'", 'strip "Kick": id="s1" is taken by another strip'),
        ("[[strip]]\nid = 's2'", 'strip 2: the key "name" is missing'),
        ("[[strip]]\nname = ''", 'strip 2 "": its name is empty'),
        ("[[strip]]\nname = 5", "strip 2: name=5 should be text in quotes"),
    ],
)
def test_wrong_value_in_a_strip_is_named(strip, line):
    assert song_fault(strip).startswith(line)


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("pan_law = '-5'", 'pan_law="-5" should be one of "-2.5", "-3", "-4.5", "-6"'),
        ("pan_law = -3", 'pan_law=-3 should be one of "-2.5", "-3", "-4.5", "-6"'),
        ("sample_rate_hz = 44000", "sample_rate_hz=44000 is not one of 44100, 48000, "),
        ("monitor_db = 7", "monitor_db=7 is above 6"),
        ("loop = 3", "[loop] should be a table"),
        ("[loop]\nend_s = 0.0", "[loop]: end_s=0 is not after start_s=0"),
        ("[loop]\nend_s = 1e300", "[loop]: end_s=1e+300 is not a time from 0 to 1000000 s"),
        ("[master]\nfader_db = 'x'", '[master]: fader_db="x" should be a number'),
        ("[master]\nfader_db = 12", "[master]: fader_db=12 is above 6"),
    ],
)
def test_wrong_value_above_the_strips_is_named(head, line):
    assert song_fault(head=head).startswith(line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("version = 3\nname = 5\nnew_key = 1", "version 3 is newer than this program reads (2): update gainstage"),
        ("name = 'Song'", "it has no version, so it is not a session of gainstage"),
        ("", "it has no version, so it is not a session of gainstage"),
        ("version = 0", "version=0 should be a whole number from 1 to 2"),
        ("version = true", "version=true should be a whole number"),
        ("version = 1", 'the key "name" is missing'),
        ("version = 1\nname = 'S'\nstrip = 4", "strip should be tables, each headed [[strip]]"),
        ("version = 1\nname = 'S'\n[strip]\nid = 's1'", "strip should be tables, each headed [[strip]]"),
    ],
)
def test_what_is_no_session_of_this_version_is_refused(text, line):
    assert fault(text).startswith(line)


def test_broken_toml_is_told_by_its_line():
    assert fault("version = 1\nname = \n").startswith("line 2, column 8: invalid value")
    assert fault('version = 1\nname = "Song').startswith("line 2, at the end: ")


def test_hostile_toml_is_one_line_too():
    assert "not the TOML of a session" in fault("version = " + "[" * 100_000)
    assert "not the TOML of a session" in fault("version = 1" + "0" * 10_000)


@pytest.mark.parametrize(
    ("strip", "line"),
    [
        (f"trim_db = 0x1{'0' * 9000}", 'strip 1 "Vox": trim_db=… should be a number'),
        (f"mute{'.a' * 5000} = 1", 'strip 1 "Vox": mute=… should be true or false'),
        ('id = "a\\nb"', 'strip 1 "Vox": id="a\\nb" is not a name for a strip'),
        ('"a\\nb" = 1', 'strip 1 "Vox": unknown key "a\\nb", '),
        (f'"{"k" * 100_000}" = 1', f'strip 1 "Vox": unknown key "{"k" * 39}…", '),
        (f'id = "{"i" * 100_000}"\n[[strip]]\nid = "{"i" * 100_000}"\nname = "Kick"', 'strip "Kick": id="iii'),
        (f'[[strip]]\nname = "{"n" * 100_000}"\ntrim_db = 99', f'strip 2 "{"n" * 39}…": trim_db=99 is above'),
    ],
)
def test_hostile_value_is_one_line_of_bearable_length(strip, line):
    said = fault(f'version = 1\nname = "Song"\n[[strip]]\nname = "Vox"\n{strip}')
    assert said.startswith(line)
    assert len(said) <= 1001


def test_hostile_version_is_told():
    assert fault(f"version = 0x1{'0' * 9000}") == "version … is newer than this program reads (2): update gainstage"
    assert fault(f"version{'.a' * 5000} = 1") == "version=… should be a whole number from 1 to 2"


def test_too_many_strips_are_refused():
    text = 'version = 1\nname = "S"\n' + "".join(f'[[strip]]\nname = "{n}"\n' for n in range(129))
    assert fault(text) == "129 strips are more than 128"
