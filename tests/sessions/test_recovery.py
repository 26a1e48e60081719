import errno
import os
from datetime import datetime

import pytest
from hypothesis import given

from sessions.model import Session, SourceRef, StripState
from sessions.process import ProcessMark, own_mark
from sessions.recovery import (
    STATE_VARIABLE,
    find_recovery,
    recovery_content,
    recovery_folder,
    recovery_path,
    remove,
    state_folder,
)
from tests.sessions.strategies import sessions

SONG = Session("Song", (StripState("s1", "Vox", SourceRef("/music/Song/Vox.wav"), trim_db=-3.0),))
OTHER = Session("Other")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "Song" / "Song.gainstage"


@pytest.fixture
def writer(monkeypatch):
    """Lets files be written as by another process, which no longer runs unless said."""

    def write(path, session=SONG, *, pid=4_000_000, edits=3, generation=1, content=None, started="long ago"):
        with monkeypatch.context() as patch:
            patch.setattr("sessions.recovery.own_mark", lambda: ProcessMark(pid, started))
            target = recovery_path(path, generation)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(recovery_content(path, session, edits, generation) if content is None else content)
        return target

    return write


def test_nothing_is_found_where_nothing_was_written(path):
    assert find_recovery(path) == (None, [])


def test_edits_of_a_killed_program_are_found(path, writer):
    file = writer(path, edits=7)
    recovery, notices = find_recovery(path)
    assert (recovery.session, recovery.edits, recovery.files, notices) == (SONG, 7, (file,), [])
    assert recovery.written_at.tzinfo is not None


@given(session=sessions)
def test_any_session_survives(session, tmp_path_factory):
    path = tmp_path_factory.mktemp("song") / "a.gainstage"
    file = recovery_path(path, 1)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(recovery_content(path, session, 1, 1))
    # Written by this process, which runs: it has to be read as by a later one.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sessions.recovery.is_running", lambda mark: False)
        recovery, _ = find_recovery(path)
    assert recovery.session == session
    remove(recovery.files)


def test_the_later_of_two_states_is_offered_and_both_files_belong_to_it(path, writer):
    files = {writer(path, OTHER, generation=8), writer(path, SONG, generation=9)}
    recovery, _ = find_recovery(path)
    assert recovery.session == SONG
    assert set(recovery.files) == files


def test_the_latest_of_two_killed_programs_is_offered_and_the_other_stays_for_later(path, writer):
    first = writer(path, OTHER, pid=4_000_001, generation=50)
    second = writer(path, SONG, pid=4_000_002, generation=2)
    recovery, _ = find_recovery(path)
    assert (recovery.session, recovery.files) == (SONG, (second,))
    remove(recovery.files)
    assert find_recovery(path)[0].files == (first,)


def test_other_sessions_are_left_alone(path, writer):
    writer(path.with_name("Other.gainstage"))
    assert find_recovery(path) == (None, [])


def test_session_is_found_by_another_way_to_it(path, writer, tmp_path):
    path.parent.mkdir()
    (tmp_path / "link").symlink_to(path.parent)
    writer(path)
    assert find_recovery(tmp_path / "link" / path.name)[0] is not None


def test_running_program_is_not_mistaken_for_a_crash(path, writer, monkeypatch):
    file = writer(path, pid=os.getppid(), started="now")
    monkeypatch.setattr("sessions.recovery.is_running", lambda mark: mark == ProcessMark(os.getppid(), "now"))
    recovery, [notice] = find_recovery(path)
    assert recovery is None
    assert f"another gainstage (process {os.getppid()})" in notice.text
    assert file.exists()


def test_own_files_are_neither_a_crash_nor_another_program(path, writer):
    mark = own_mark()
    writer(path, pid=mark.pid, started=mark.started)
    assert find_recovery(path) == (None, [])


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"-3.0", b"-4.0"),
        lambda content: b"\xff" + content,
        lambda content: content.partition(b"\n")[2],
    ],
    ids=["empty", "torn", "altered", "no text", "no digest"],
)
def test_damaged_file_is_told_and_set_aside(path, writer, damage):
    file = writer(path, content=damage(recovery_content(path, SONG, 1, 1)))
    recovery, [notice] = find_recovery(path)
    assert recovery is None
    assert notice.severity == "warning"
    assert "damaged" in notice.text
    assert "\n" not in notice.text
    assert [aside.name for aside in recovery_folder().iterdir()] == [f"{file.name}.damaged"]
    assert find_recovery(path) == (None, [])


def test_older_state_is_offered_where_the_latest_is_damaged(path, writer):
    writer(path, OTHER, generation=8)
    writer(path, generation=9, content=b"")
    recovery, notices = find_recovery(path)
    assert recovery.session == OTHER
    assert len(notices) == 1


def test_whole_file_of_a_session_that_is_none_is_set_aside(path, writer, monkeypatch):
    monkeypatch.setattr("sessions.recovery.session_text", lambda session, folder: "version = 99")
    writer(path)
    recovery, notices = find_recovery(path)
    assert (recovery, len(notices)) == (None, 1)


FUZZ = 'version = 2\nname = "Song"\n[[strip]]\nid = "s1"\nname = "Vox"\n[strip.insert.2]\nkind = "fuzz"\n'


@pytest.fixture
def unknown(path, writer, monkeypatch):
    """A whole file with a processor that this program does not know."""
    with monkeypatch.context() as patch:
        patch.setattr("sessions.recovery.session_text", lambda session, folder: FUZZ)
        return writer(path, edits=3)


def test_edits_with_an_unknown_processor_are_offered_without_it_and_their_file_is_kept(path, unknown):
    content = unknown.read_bytes()
    recovery, notices = find_recovery(path)
    assert (recovery.session, recovery.edits) == (Session("Song", (StripState("s1", "Vox"),)), 3)
    aside = unknown.with_name(f"{unknown.name}.damaged")
    assert [notice.severity for notice in notices] == ["warning", "info"]
    assert notices[0].text.startswith('unsaved edits: strip 1 "Vox": insert 2: kind="fuzz" is no processor')
    assert f'their file is kept as "{aside}"' in notices[1].text
    remove(recovery.files)
    assert list(recovery_folder().iterdir()) == [aside]
    assert aside.read_bytes() == content
    assert find_recovery(path) == (None, [])


def test_edits_whose_file_cannot_be_kept_are_offered_all_the_same(path, unknown, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("sessions.recovery.write_atomically", full)
    recovery, notices = find_recovery(path)
    assert recovery.files == (unknown,)
    assert notices[1].text == f'the recovery file "{unknown}" cannot be kept: no space left on device'


def test_what_is_wrong_in_edits_that_are_not_offered_is_not_told(path, writer, unknown):
    writer(path, OTHER, pid=4_000_001)
    recovery, notices = find_recovery(path)
    assert (recovery.session, notices) == (OTHER, [])


def test_litter_goes_after_a_month(path, writer):
    writer(path, content=b"")
    find_recovery(path)
    [aside] = recovery_folder().iterdir()
    find_recovery(path)
    assert aside.exists()
    os.utime(aside, (0, 0))
    find_recovery(path)
    assert not aside.exists()


def test_state_folder_is_the_named_one_or_the_users(monkeypatch, tmp_path):
    assert state_folder() == type(tmp_path)(os.environ[STATE_VARIABLE])
    monkeypatch.delenv(STATE_VARIABLE)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state_folder().name == "gainstage"


def test_file_that_cannot_be_read_is_told(path, writer, monkeypatch):
    writer(path).unlink()
    recovery_path(path, 0).mkdir()
    recovery, [notice] = find_recovery(path)
    assert recovery is None
    assert "is a directory" in notice.text


def test_state_folder_that_cannot_be_listed_is_as_an_empty_one(path, state_dir):
    (state_dir / "recovery").write_text("")
    assert find_recovery(path) == (None, [])


def test_name_of_the_file_is_short_and_one_name(tmp_path):
    path = recovery_path(tmp_path / ("my song %* " + "x" * 200 + ".gainstage"), 0)
    assert path.parent == recovery_folder()
    assert path.name.startswith("my-song-")
    assert len(path.name) < 100


def test_later_process_of_the_same_number_has_files_of_its_own(path, writer):
    first = writer(path, OTHER, started="then", generation=5)
    second = writer(path, SONG, started="later", generation=1)
    recovery, _ = find_recovery(path)
    assert (recovery.session, recovery.files) == (SONG, (second,))
    remove(recovery.files)
    assert find_recovery(path)[0].files == (first,)


def test_state_written_last_is_offered_even_if_the_clock_went_back(path, writer, monkeypatch):
    class Backward(datetime):
        days = iter((2, 1))

        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 1, next(cls.days))

    monkeypatch.setattr("sessions.recovery.datetime", Backward)
    writer(path, OTHER, generation=8)
    writer(path, SONG, generation=9)
    assert find_recovery(path)[0].session == SONG


def test_file_of_another_program_that_vanishes_hides_nothing(path, writer):
    file = writer(path)
    (recovery_folder() / ".another.recovery.1.tmp").symlink_to("gone")
    assert find_recovery(path)[0].files == (file,)


def test_edits_of_a_session_in_a_folder_whose_name_is_no_text_are_found(path, writer):
    path = path.parent / os.fsdecode(b"Song\xff") / "Song.gainstage"
    file = writer(path)
    assert find_recovery(path)[0].files == (file,)


def test_edits_that_were_taken_over_by_a_program_killed_at_once_are_offered_once(path, writer):
    files = {writer(path, OTHER, started="first", generation=8), writer(path, SONG, started="first", generation=9)}
    files.add(writer(path, SONG, started="then", generation=1))
    recovery, _ = find_recovery(path)
    assert recovery.session == SONG
    assert set(recovery.files) == files
