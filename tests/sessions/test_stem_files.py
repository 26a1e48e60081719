import os

import pytest

from sessions.model import SessionError
from sessions.stem_files import find_stems, sound_files
from sessions.values import listed
from tests.sessions.stem_folder import StemFolder, lines


@pytest.fixture
def folder(tmp_path):
    return StemFolder(tmp_path)


def found(folder: StemFolder, split: bool = False):
    stems, notices = find_stems(sound_files(folder.path)[0], split=split, probe=folder.probe)
    entries = [
        (
            stem.base,
            stem.path.name,
            *([stem.right_path.name] if stem.right_path else []),
            *([] if stem.channel is None else [stem.channel]),
        )
        for stem in stems
    ]
    return entries, notices


def test_sound_is_known_by_suffix_in_any_case_and_comes_in_natural_order(folder):
    folder.add_all(
        "Gtr 10.wav", "Gtr 2.WAV", "a.flac", "b.Aif", "c.opus", "d.mp3", "e.w64", "f.rf64", "g.ogg", "h.aiff"
    )
    files, notices = sound_files(folder.path)
    assert [path.name for path in files] == [
        "a.flac", "b.Aif", "c.opus", "d.mp3", "e.w64", "f.rf64", "g.ogg", "Gtr 2.WAV", "Gtr 10.wav", "h.aiff"
    ]  # fmt: skip
    assert notices == []


def test_what_is_no_sound_is_told_in_one_line_and_what_is_hidden_is_not(folder):
    folder.add_all("Kick.wav", "notes.txt", "cover.jpg", ".DS_Store", "._Kick.wav", "Song.gainstage")
    (folder.path / "backup.wav").mkdir()
    files, [notice] = sound_files(folder.path)
    assert [path.name for path in files] == ["Kick.wav"]
    assert notice.severity == "info"
    assert notice.text.startswith("skipped 2 files that are no sound (WAV, ")
    assert notice.text.endswith("): cover.jpg, notes.txt")


def test_many_files_are_told_by_the_first_few(folder):
    folder.add_all(*(f"{number}.txt" for number in range(1, 100)))
    _, [notice] = sound_files(folder.path)
    assert notice.text.endswith(": 1.txt, 2.txt, 3.txt, 4.txt, 5.txt and 94 more")
    assert listed([]) == ""


def test_pipe_called_wav_is_not_opened(folder):
    os.mkfifo(folder.path / "pipe.wav")
    assert sound_files(folder.path) == ([], [])


def test_name_that_is_no_text_is_told(folder):
    (folder.path / os.fsdecode(b"Vox\xff.wav")).touch()
    files, [notice] = sound_files(folder.path)
    assert files == []
    assert notice.text == "Vox\\udcff.wav: its name is not UTF-8 text: rename what is to be opened"


def test_folder_that_is_not_there_is_an_error(folder):
    with pytest.raises(SessionError, match=r'^cannot read the folder ".*/nowhere": no such file or directory$'):
        sound_files(folder.path / "nowhere")


def test_mono_and_stereo_files_are_stems(folder):
    folder.add("Kick.wav", channels=1)
    folder.add("Pad.wav", channels=2)
    assert found(folder) == ([("Kick", "Kick.wav"), ("Pad", "Pad.wav")], [])


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Pad.L.wav", "Pad.R.wav"),
        ("Pad_L.wav", "Pad_R.wav"),
        ("Pad-L.wav", "Pad-R.wav"),
        ("Pad L.wav", "Pad R.wav"),
        ("Pad.l.wav", "Pad.r.wav"),
        ("Pad.L.wav", "Pad.r.WAV"),
        ("Pad.left.wav", "Pad.right.wav"),
        ("Pad Left.wav", "Pad Right.wav"),
    ],
)
def test_two_sides_are_joined(folder, left, right):
    folder.add_all(right, left)
    assert found(folder) == ([("Pad", left, right)], [])


@pytest.mark.parametrize(
    ("left", "right", "reason"),
    [
        ({"frames": 10}, {"frames": 11}, "their lengths differ (10 and 11 frames)"),
        ({"rate_hz": 44100}, {}, "their rates differ (44100 and 48000 Hz)"),
        ({"stamp_s": 1.0}, {"stamp_s": 2.0}, "their time stamps differ"),
    ],
)
def test_sides_that_do_not_match_stay_apart_and_it_is_said(folder, left, right, reason):
    folder.add("Pad.L.wav", **left)
    folder.add("Pad.R.wav", **right)
    entries, [notice] = found(folder)
    assert entries == [("Pad.L", "Pad.L.wav"), ("Pad.R", "Pad.R.wav")]
    assert notice.text == f"Pad.L.wav and Pad.R.wav: not joined to a stereo strip, {reason}"


@pytest.mark.parametrize(
    "names",
    [
        ["Pad.L.wav"],
        ["Pad.L.wav", "Pad_R.wav"],
        ["Pad.L.wav", "Pad.R.flac"],
        ["Pad.L.wav", "Pad.l.wav", "Pad.R.wav"],
        ["Pad.L.wav", "Bass.R.wav"],
    ],
)
def test_what_is_not_plainly_a_pair_stays_apart(folder, names):
    folder.add_all(*names)
    entries, notices = found(folder)
    assert len(entries) == len(names)
    assert notices == []


def test_stereo_file_is_no_side(folder):
    folder.add("Pad.L.wav", channels=2)
    folder.add("Pad.R.wav")
    assert len(found(folder)[0]) == 2


def test_more_than_two_channels_are_refused_with_the_way_out(folder):
    folder.add("Room.wav", channels=6)
    folder.add("Kick.wav")
    entries, notices = found(folder)
    assert entries == [("Kick", "Kick.wav")]
    assert lines(notices) == [
        "Room.wav: has 6 channels, and a strip takes 1 or 2: open with --split to import them as mono strips"
    ]


def test_more_than_two_channels_are_split_if_wanted(folder):
    folder.add("Room.wav", channels=3)
    folder.add("Pad.wav", channels=2)
    entries, notices = found(folder, split=True)
    assert entries == [
        ("Pad", "Pad.wav"), ("Room", "Room.wav", 0), ("Room", "Room.wav", 1), ("Room", "Room.wav", 2)
    ]  # fmt: skip
    assert notices == []


def test_each_unreadable_file_is_one_line_and_the_rest_loads(folder):
    folder.add("Bass.wav", fault="is empty (0 bytes)")
    folder.add("Kick.wav", warnings=("Kick.wav: cut short: header says 3.0 s, file holds 1.0 s",))
    folder.add("Text.wav", fault="is not a sound file")
    entries, notices = found(folder)
    assert entries == [("Kick", "Kick.wav")]
    assert lines(notices) == [
        "Bass.wav: is empty (0 bytes)",
        "Kick.wav: cut short: header says 3.0 s, file holds 1.0 s",
        "Text.wav: is not a sound file",
    ]
    assert {notice.severity for notice in notices} == {"warning"}


def test_folder_is_left_as_it_was(folder):
    folder.add_all("Pad.L.wav", "Pad.R.wav", "notes.txt")
    folder.path.chmod(0o555)
    before = sorted((path.name, path.stat()) for path in folder.path.iterdir())
    found(folder)
    assert sorted((path.name, path.stat()) for path in folder.path.iterdir()) == before


def test_many_names_that_are_no_text_are_one_line(folder):
    for number in range(10):
        (folder.path / os.fsdecode(b"Vox\xff%d.wav" % number)).touch()
    [notice] = sound_files(folder.path)[1]
    assert notice.text.endswith(" and 5 more: their names are not UTF-8 text: rename what is to be opened")


def test_folder_whose_name_is_no_text_is_told(tmp_path):
    folder = tmp_path / os.fsdecode(b"Song\xff")
    folder.mkdir()
    with pytest.raises(SessionError, match=r"Song\\udcff\": its name is not UTF-8 text: rename the folder"):
        sound_files(folder)
