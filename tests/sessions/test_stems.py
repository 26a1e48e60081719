import os

import numpy as np
import pytest

from engine.offline import write_wav
from sessions.model import Session, SessionError, SourceRef, StripState
from sessions.stems import session_from_folder, with_new_stems
from tests.sessions.stem_folder import StemFolder, lines


@pytest.fixture
def folder(tmp_path):
    return StemFolder(tmp_path / "My Song")


def made(folder: StemFolder, split: bool = False):
    session, notices = session_from_folder(folder.path, split=split, probe=folder.probe)
    return session, lines(notices)


def added(session: Session, folder: StemFolder, split: bool = False):
    session, notices = with_new_stems(session, folder.path, split=split, probe=folder.probe)
    return session, lines(notices)


def names(session: Session) -> list[str]:
    return [strip.name for strip in session.strips]


def starts_s(session: Session) -> list[float]:
    return [strip.source.start_s for strip in session.strips]


def test_folder_becomes_a_session_of_its_name(folder):
    folder.add_all("Song_01_Kick In.wav", "Song_02_Kick Out.wav")
    folder.add_all("Song_03_Pad.L.wav", "Song_03_Pad.R.wav")
    session, said = made(folder)
    base = str(folder.path)
    assert session == Session(
        "My Song",
        (
            StripState("s1", "Kick In", SourceRef(f"{base}/Song_01_Kick In.wav")),
            StripState("s2", "Kick Out", SourceRef(f"{base}/Song_02_Kick Out.wav")),
            StripState("s3", "Pad", SourceRef(f"{base}/Song_03_Pad.L.wav", f"{base}/Song_03_Pad.R.wav")),
        ),
    )
    assert said == []


@pytest.mark.parametrize(
    ("rates_hz", "session_hz"),
    [
        ([44100, 48000, 44100], 44100),
        ([44100, 48000], 48000),
        ([96000], 96000),
        ([22050], 44100),
        ([64000], 88200),
        ([384000], 192000),
    ],
)
def test_rate_is_the_most_common_and_of_equally_many_the_higher(folder, rates_hz, session_hz):
    for number, rate_hz in enumerate(rates_hz):
        folder.add(f"{number}.wav", rate_hz=rate_hz)
    assert made(folder)[0].sample_rate_hz == session_hz


def test_stems_of_another_rate_are_told(folder):
    folder.add_all("Bass.wav", "Kick.wav", rate_hz=44100)
    folder.add_all("Vox 1.wav", "Vox 2.wav", "Vox 3.wav")
    folder.add("Pad.wav", rate_hz=96000)
    assert made(folder)[1] == [
        "resampled from 44100 to 48000 Hz, the rate of the session: Bass, Kick",
        "resampled from 96000 to 48000 Hz, the rate of the session: Pad",
    ]


def test_different_time_stamps_place_the_stems(folder):
    folder.add("Bass.wav", stamp_s=3600.0)
    folder.add("Kick.wav", stamp_s=3601.5)
    folder.add("Vox.wav")
    session, said = made(folder)
    assert starts_s(session) == [0.0, 1.5, 0.0]
    assert said == [
        "stems are placed by their time stamps, the last starts at 1.500 s",
        "without a time stamp, so they start at 0: Vox",
    ]


def test_equal_time_stamps_say_nothing(folder):
    folder.add_all("Bass.wav", "Kick.wav", stamp_s=3600.0)
    folder.add("Vox.wav")
    session, said = made(folder)
    assert starts_s(session) == [0.0, 0.0, 0.0]
    assert said == []


def test_place_in_time_is_exact_to_the_frame(folder):
    folder.add("A.wav", stamp_s=10 * 3600 + 1 / 192000, rate_hz=192000)
    folder.add("B.wav", stamp_s=10 * 3600 + 3 / 192000, rate_hz=192000)
    session, _ = made(folder)
    assert session.strips[1].source.start_s * 192000 == pytest.approx(2, abs=0.01)


def test_channels_are_split_into_strips_of_their_own(folder):
    folder.add("Room.wav", channels=4)
    session, _ = made(folder, split=True)
    assert names(session) == ["Room 1", "Room 2", "Room 3", "Room 4"]
    assert [strip.source.channel for strip in session.strips] == [0, 1, 2, 3]


def test_name_of_a_channel_is_no_other_strips(folder):
    folder.add("Room.wav", channels=3)
    folder.add("room 2.wav")
    assert names(made(folder, split=True)[0]) == ["Room 1", "Room 2", "Room 3", "room 2 (2)"]


def test_more_stems_than_strips_are_told(folder):
    folder.add_all(*(f"Take {number}.wav" for number in range(1, 131)))
    session, said = made(folder)
    assert len(session.strips) == 128
    assert said == ["130 stems, and 128 fit (a session takes 128 strips): left out Take 129, Take 130"]


def test_library_of_sounds_is_not_read_through(folder):
    folder.add_all(*(f"Take {number}.wav" for number in range(1, 1001)))
    session, [line] = made(folder)
    assert len(session.strips) == 128
    assert line.startswith("1000 stems, and 128 fit")
    assert len(folder.probed) == 256


def test_pairs_count_once_against_the_limit(folder):
    folder.add_all(*(f"Take {number}.{side}.wav" for number in range(1, 129) for side in "LR"))
    session, said = made(folder)
    assert len(session.strips) == 128
    assert said == []


def test_folder_without_sound_is_an_error(folder):
    folder.add("notes.txt")
    with pytest.raises(SessionError, match=r'^".*/My Song": no sound files \(WAV, .*\) in this folder$'):
        made(folder)


def test_folder_with_its_sound_below_is_hinted_at(folder):
    folder.add_all("Audio/Kick.wav", "Docs/a.txt")
    with pytest.raises(SessionError, match=r'in this folder; there are some in "Audio" below it$'):
        made(folder)


def test_folder_of_unusable_sound_is_an_error_with_the_first_reason(folder):
    folder.add_all("a.wav", "b.wav", fault="is empty (0 bytes)")
    with pytest.raises(SessionError, match=r"none of its 2 sound files can be used: a.wav: is empty \(0 bytes\)$"):
        made(folder)


def test_folder_name_that_cannot_be_shown_is_told_otherwise(tmp_path):
    folder = StemFolder(tmp_path / "a\nb")
    folder.add("Kick.wav")
    assert made(folder)[0].name == "a\\nb"


def test_new_stems_become_strips_after_the_others(folder):
    folder.add_all("Song_01_Kick.wav", "Song_02_Snare.wav")
    session, _ = made(folder)
    folder.probed.clear()
    folder.add("Song_03_Vox.wav", rate_hz=44100)
    after, said = added(session, folder)
    assert after.strips[:2] == session.strips
    assert after.strips[2] == StripState("s3", "Vox", SourceRef(str(folder.path / "Song_03_Vox.wav")))
    assert said == ["new in the folder: Vox", "resampled from 44100 to 48000 Hz, the rate of the session: Vox"]
    assert folder.probed == ["Song_03_Vox.wav"]


def test_folder_without_new_stems_leaves_the_session_as_it_is(folder):
    folder.add_all("Kick.wav", "Pad.L.wav", "Pad.R.wav")
    session, _ = made(folder)
    after, said = added(session, folder)
    assert after is session
    assert said == []


def test_new_strip_gets_an_id_and_a_name_of_its_own(folder):
    session = Session("My Song", (StripState("s2", "Vox", SourceRef("/elsewhere/Vox.wav")), StripState("s1", "Kick")))
    folder.add("Vox.wav")
    after, _ = added(session, folder)
    assert [(strip.id, strip.name) for strip in after.strips] == [("s2", "Vox"), ("s1", "Kick"), ("s3", "Vox (2)")]


def test_new_stem_is_placed_against_the_known_ones(folder):
    folder.add("A.wav", stamp_s=100.0)
    folder.add("B.wav", stamp_s=103.0)
    session, _ = made(folder)
    folder.add("C.wav", stamp_s=101.0)
    folder.add("D.wav", stamp_s=99.0)
    after, said = added(session, folder)
    assert starts_s(after) == [0.0, 3.0, 1.0, 0.0]
    assert "D.wav: its time stamp is 1.000 s before the song begins: starts at 0" in said


def test_full_session_takes_no_new_stems_and_says_so(folder):
    session = Session("Full", tuple(StripState(f"s{n}", f"Strip {n}") for n in range(128)))
    folder.add("New.wav")
    after, said = added(session, folder)
    assert after is session
    assert said == ["1 stems, and 0 fit (a session takes 128 strips): left out New"]


def test_buses_and_returns_take_no_room_from_stems(folder):
    stems = tuple(StripState(f"s{n}", f"Strip {n}") for n in range(127))
    bus, room = StripState("b1", "Band", kind="bus"), StripState("r1", "Room", kind="return")
    folder.add("New.wav")
    after, _ = added(Session("Full", (*stems, bus, room)), folder)
    assert names(after)[126:] == ["Strip 126", "New", "Band", "Room"]


def test_real_files_are_read_and_left_untouched(tmp_path):
    folder = tmp_path / "Real"
    folder.mkdir()
    sound = np.full((480, 1), 0.25, np.float32)
    for name, frames, rate_hz in (
        ("01 Pad.L.wav", sound, 48000),
        ("01 Pad.R.wav", sound, 48000),
        ("02 Vox.wav", sound.repeat(2, axis=1), 44100),
        ("03 Room.wav", sound.repeat(4, axis=1), 48000),
    ):
        write_wav(folder / name, frames, rate_hz, "PCM_24")
    (folder / "04 Empty.wav").touch()
    (folder / "05 Text.wav").write_text("not a sound")
    os.truncate(folder / "02 Vox.wav", (folder / "02 Vox.wav").stat().st_size - 600)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    session, notices = session_from_folder(folder, split=True)
    assert names(session) == ["Pad", "Vox", "Room 1", "Room 2", "Room 3", "Room 4"]
    assert session.sample_rate_hz == 48000
    said = lines(notices)
    for start in (
        "02 Vox.wav: cut short",
        "04 Empty.wav: is empty",
        "05 Text.wav: is not a sound file",
        "resampled from",
    ):
        assert sum(line.startswith(start) for line in said) == 1
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
