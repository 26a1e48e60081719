import errno
import os
from datetime import datetime

import pytest

from sessions.file import FileError, load, save
from sessions.model import Session, SessionError, SourceRef, StripState
from sessions.opening import open_path
from sessions.process import ProcessMark
from sessions.recovery import recovery_content, recovery_path
from tests.sessions.stem_folder import StemFolder, lines


@pytest.fixture
def folder(tmp_path):
    folder = StemFolder(tmp_path / "Song")
    folder.add_all("Kick.wav", "Vox.wav")
    return folder


@pytest.fixture
def closed(folder, monkeypatch):
    """A folder in the folder that its owner keeps closed to everybody else; root is played by the system's answer."""
    inside = str(folder.path / "closed")
    system_stat, system_open = os.stat, os.open

    def refuse(path):
        if isinstance(path, str | os.PathLike) and os.path.realpath(path).startswith(f"{inside}/"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    def refusing_stat(path, **options):
        refuse(path)
        return system_stat(path, **options)

    def refusing_open(path, *arguments, **options):
        refuse(path)
        return system_open(path, *arguments, **options)

    monkeypatch.setattr(os, "stat", refusing_stat)
    monkeypatch.setattr(os, "open", refusing_open)


def opened(folder: StemFolder, path=None, **options):
    return open_path(path or folder.path, probe=folder.probe, **options)


def saved(folder: StemFolder, name: str, **changes) -> Session:
    session = Session("Saved", (StripState("s1", "Kick", SourceRef(str(folder.path / "Kick.wav")), **changes),))
    save(session, folder.path / name)
    return session


def leave_recovery(path, session: Session, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("sessions.recovery.own_mark", lambda: ProcessMark(4_000_000, "long ago"))
        file = recovery_path(path, 1)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(recovery_content(path, session, 5, 1))
    return file


def test_folder_of_stems_becomes_a_session_to_be_saved_in_it(folder):
    result = opened(folder)
    assert [strip.name for strip in result.session.strips] == ["Kick", "Vox"]
    assert result.path == folder.path / "Song.gainstage"
    assert result.folder == folder.path
    assert (result.stamp, result.notices, result.recovery) == (None, (), None)
    assert not result.path.exists()


def test_session_of_the_folder_is_opened_and_new_stems_added(folder):
    session = saved(folder, "Song.gainstage", trim_db=-3.0)
    result = opened(folder)
    assert result.session.strips[0] == session.strips[0]
    assert [strip.name for strip in result.session.strips] == ["Kick", "Vox"]
    assert lines(result.notices) == ["new in the folder: Vox"]
    assert result.stamp == load(result.path).stamp


def test_session_file_itself_is_opened_as_it_is(folder):
    session = saved(folder, "Song.gainstage")
    result = opened(folder, folder.path / "Song.gainstage")
    assert result.session == session
    assert result.folder == folder.path
    assert folder.probed == []


def test_only_session_of_a_renamed_folder_is_meant(folder):
    session = saved(folder, "Old Name.gainstage", trim_db=-3.0)
    result = opened(folder)
    assert result.session.strips[0] == session.strips[0]
    assert result.path == folder.path / "Old Name.gainstage"


def test_of_several_sessions_the_one_named_like_the_folder_is_meant(folder):
    saved(folder, "A.gainstage")
    session = saved(folder, "Song.gainstage", trim_db=-3.0)
    result = opened(folder)
    assert result.session.strips[0] == session.strips[0]


def test_of_several_sessions_of_other_names_none_is_taken_and_they_are_told(folder):
    saved(folder, "A.gainstage")
    saved(folder, "B.gainstage")
    result = opened(folder)
    assert (result.path, result.stamp) == (folder.path / "Song.gainstage", None)
    assert lines(result.notices) == [
        "a new session of the folder; it also holds A.gainstage, B.gainstage: open one by its name"
    ]


def test_broken_session_of_a_folder_is_an_error_and_never_passed_over(folder):
    (folder.path / "Song.gainstage").write_text("version = 1\nnam")
    with pytest.raises(FileError, match=r'Song.gainstage": line 2, '):
        opened(folder)


def test_missing_stems_are_marked_and_stay(folder):
    saved(folder, "Song.gainstage")
    (folder.path / "Kick.wav").unlink()
    result = opened(folder, folder.path / "Song.gainstage")
    assert [strip.name for strip in result.session.strips] == ["Kick"]
    [notice] = result.notices
    assert notice.text == "1 stem is missing and silent until relinked: Kick"
    assert notice.strip_id == "s1"


def test_several_missing_stems_are_one_line(folder):
    strips = tuple(StripState(f"s{n}", f"Strip {n}", SourceRef(f"/gone/{n}.wav")) for n in (1, 2))
    save(Session("Song", strips), folder.path / "Song.gainstage")
    [notice] = opened(folder, folder.path / "Song.gainstage").notices
    assert notice.text == "2 stems are missing and silent until relinked: Strip 1, Strip 2"


@pytest.mark.parametrize("given", ["folder", "file"])
def test_unsaved_edits_of_a_killed_program_are_offered_for_folder_and_file_alike(folder, given, monkeypatch):
    session = saved(folder, "Song.gainstage")
    path = folder.path / "Song.gainstage"
    recovered = Session("Saved", (StripState("s1", "Kick", session.strips[0].source, trim_db=-9.0),))
    file = leave_recovery(path, recovered, monkeypatch)
    result = opened(folder, path if given == "file" else folder.path)
    assert result.recovery.session == recovered
    assert result.recovery.edits == 5
    assert isinstance(result.recovery.written_at, datetime)
    assert result.recovery.files == (file,)
    assert result.session.strips[0].trim_db == 0.0


def test_unsaved_edits_of_a_folder_never_saved_are_offered(folder, monkeypatch):
    path = opened(folder).path
    leave_recovery(path, Session("Song"), monkeypatch)
    assert opened(folder).recovery is not None


def test_recovered_state_that_was_saved_after_all_is_no_offer(folder, monkeypatch):
    session = saved(folder, "Song.gainstage")
    path = folder.path / "Song.gainstage"
    file = leave_recovery(path, session, monkeypatch)
    assert opened(folder, path).recovery is None
    assert not file.exists()


def test_split_is_passed_on(folder):
    folder.add("Room.wav", channels=3)
    assert len(opened(folder, split=True).session.strips) == 5


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Kick.wav", "is one stem: open its folder"),
        ("nowhere", "no such file or directory"),
        ("nowhere.gainstage", "no such file or directory"),
    ],
)
def test_what_cannot_be_opened_is_told(folder, name, line):
    with pytest.raises(SessionError, match=line):
        opened(folder, folder.path / name)


@pytest.mark.parametrize("name", ["a" * 300, "closed/a.gainstage"])
def test_path_that_cannot_be_looked_at_is_told(folder, name, closed):
    with pytest.raises(SessionError, match="cannot read"):
        opened(folder, folder.path / name)


def test_stem_that_cannot_be_looked_at_is_missing(folder, closed):
    strips = tuple(
        StripState(f"s{n}", f"Strip {n}", SourceRef(str(folder.path / name)))
        for n, name in enumerate(("a" * 300, "closed/Vox.wav"))
    )
    save(Session("Song", strips), folder.path / "Song.gainstage")
    assert "2 stems are missing" in opened(folder, folder.path / "Song.gainstage").notices[0].text


def test_what_cannot_be_looked_at_in_a_folder_keeps_nothing_else_from_opening(folder, closed):
    (folder.path / "Bass.wav").symlink_to(folder.path / "closed" / "Bass.wav")
    (folder.path / "Old.gainstage").symlink_to(folder.path / "closed" / "Old.gainstage")
    assert [strip.name for strip in opened(folder).session.strips] == ["Kick", "Vox"]


def test_hint_at_sound_below_survives_what_cannot_be_looked_at(folder, closed):
    below = folder.path / "below"
    below.mkdir()
    (below / "link").symlink_to(folder.path / "closed" / "x")
    with pytest.raises(SessionError, match="no sound files"):
        opened(folder, below)


SPOILT = """version = 2
name = "Song"
[[strip]]
id = "s1"
name = "Kick"
path = "Kick.wav"
trim_db = 99
[strip.insert.1]
kind = "fuzz"
"""
FAULTS = [
    'strip 1 "Kick": insert 1: kind="fuzz" is no processor, known here are ',
    'strip 1 "Kick": trim_db=99 is above 40: its default is used',
    "all else is open. Saving keeps the file as it is now, as Song.gainstage.bak",
]


@pytest.mark.parametrize("given", ["folder", "file"])
def test_a_file_with_faults_opens_with_the_rest_and_says_them(folder, given):
    path = folder.path / "Song.gainstage"
    path.write_text(SPOILT)
    result = opened(folder, path if given == "file" else folder.path)
    assert result.salvaged
    said = lines(result.notices)
    assert [line.startswith(fault) for line, fault in zip(said, FAULTS, strict=False)] == [True] * 3
    assert [notice.severity for notice in result.notices[:3]] == ["warning", "warning", "info"]
    assert result.session.strips[0] == StripState("s1", "Kick", SourceRef(str(folder.path / "Kick.wav")))
    assert path.read_text() == SPOILT


def test_a_file_in_order_is_not_called_salvaged(folder):
    saved(folder, "Song.gainstage")
    assert not opened(folder).salvaged
