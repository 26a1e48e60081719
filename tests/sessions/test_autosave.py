import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sessions import autosave as autosave_module
from sessions.atomic_file import write_atomically
from sessions.autosave import Autosave
from sessions.model import Session
from sessions.recovery import find_recovery, recovery_folder

ROOT = Path(__file__).parents[2]


def song(number: int) -> Session:
    return Session(f"Song {number}")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "Song.gainstage"


@pytest.fixture
def autosave(path):
    running = Autosave(path, delay_s=0.0)
    yield running
    running.close(keep=False)


def files() -> list[Path]:
    return sorted(recovery_folder().iterdir()) if recovery_folder().is_dir() else []


@pytest.mark.usefixtures("as_after_a_crash")
def test_kept_state_is_found_again(autosave, path):
    autosave.keep(song(1), edits=1)
    assert autosave.flush()
    recovery, notices = find_recovery(path)
    assert (recovery.session, recovery.edits, notices) == (song(1), 1, [])


@pytest.mark.usefixtures("as_after_a_crash")
def test_latest_state_wins_whatever_was_written_before(autosave, path):
    for number in range(1, 30):
        autosave.keep(song(number), edits=number)
        if number % 3 == 0:
            assert autosave.flush()
            assert find_recovery(path)[0].session == song(number)


def test_clearing_removes_the_files(autosave):
    for number in (1, 2):
        autosave.keep(song(number), edits=number)
        autosave.flush()
    assert len(files()) == 2
    autosave.clear()
    assert autosave.flush()
    assert files() == []


def test_what_is_not_changed_needs_no_thread_and_no_file(path):
    before = threading.active_count()
    idle = Autosave(path)
    idle.clear()
    assert threading.active_count() == before
    assert idle.close(keep=True)
    assert files() == []


def test_files_are_for_the_user_alone(autosave):
    autosave.keep(song(1), edits=1)
    autosave.flush()
    [file] = files()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.usefixtures("as_after_a_crash")
def test_closing_keeps_the_edits_or_removes_them(path):
    for keep in (True, False):
        autosave = Autosave(path, delay_s=60.0)
        autosave.keep(song(1), edits=1)
        assert autosave.close(keep=keep)
        assert (find_recovery(path)[0] is not None) is keep


def test_closing_ends_the_threads(path):
    before = set(threading.enumerate())
    autosave = Autosave(path)
    autosave.keep(song(1), edits=1)
    started = set(threading.enumerate()) - before
    assert len(started) == 2
    autosave.close(keep=False)
    for thread in started:
        thread.join(10)
        assert not thread.is_alive()


def test_superseded_files_go_once_their_edits_are_written(autosave, tmp_path, monkeypatch):
    old = tmp_path / "old.recovery"
    old.touch()
    written = autosave_module.write_atomically

    def check(*arguments, **options):
        assert old.exists()
        written(*arguments, **options)

    monkeypatch.setattr(autosave_module, "write_atomically", check)
    autosave.keep(song(1), edits=1, supersedes=[old])
    assert autosave.flush()
    assert not old.exists()


def test_superseded_files_go_when_all_is_saved_before_they_were_written(path, tmp_path):
    old = tmp_path / "old.recovery"
    old.touch()
    autosave = Autosave(path, delay_s=60.0)
    autosave.keep(song(1), edits=1, supersedes=[old])
    autosave.close(keep=False)
    assert not old.exists()


@pytest.mark.usefixtures("as_after_a_crash")
def test_failure_is_told_once_then_retried_and_its_end_told(autosave, path, monkeypatch, tmp_path):
    old = tmp_path / "old.recovery"
    old.touch()

    def full(*_arguments, **_options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(autosave_module, "write_atomically", full)
        autosave.keep(song(1), edits=1, supersedes=[old])
        assert not autosave.flush()
        autosave.keep(song(2), edits=2)
        assert not autosave.flush()
    [notice] = autosave.notices()
    assert notice.severity == "error"
    assert notice.text.startswith("unsaved edits cannot be kept for a restart, save soon: ")
    assert notice.text.endswith("no space left on device")
    assert old.exists()
    assert autosave.flush()
    assert [notice.severity for notice in autosave.notices()] == ["info"]
    assert find_recovery(path)[0].session == song(2)
    assert not old.exists()


def test_retrying_what_works_writes_nothing(autosave, monkeypatch):
    autosave.retry()
    autosave.keep(song(1), edits=1)
    assert autosave.flush()
    monkeypatch.setattr(autosave_module, "write_atomically", None)
    autosave.retry()
    assert autosave.flush()


def test_state_folder_that_cannot_be_made_is_told(autosave, state_dir):
    (state_dir / "recovery").write_text("in the way")
    autosave.keep(song(1), edits=1)
    assert not autosave.flush()
    assert "file exists" in autosave.notices()[0].text


@pytest.mark.usefixtures("as_after_a_crash")
def test_disk_that_hangs_stalls_nobody_and_orders_stay_in_order(autosave, path, monkeypatch):
    started, go_on = threading.Event(), threading.Event()
    written = autosave_module.write_atomically

    def slow(*arguments, **options):
        started.set()
        assert go_on.wait(60)
        written(*arguments, **options)

    monkeypatch.setattr(autosave_module, "write_atomically", slow)
    autosave.keep(song(1), edits=1)
    assert started.wait(60)
    for number in range(2, 100):  # would never end if one of them waited for the disk
        autosave.keep(song(number), edits=number)
    assert not autosave.flush(timeout_s=0.01)
    assert not autosave.close(keep=True, timeout_s=0.01)
    go_on.set()
    assert autosave.flush(timeout_s=60)
    assert find_recovery(path)[0].session == song(99)


@pytest.mark.usefixtures("as_after_a_crash")
def test_disk_that_takes_its_time_to_sync_does_not_keep_the_next_state_from_its_file(path, monkeypatch):
    syncing, go_on = threading.Event(), threading.Event()

    def slow(_descriptor):
        syncing.set()
        assert go_on.wait(60)

    monkeypatch.setattr("sessions.autosave.os.fsync", slow)
    autosave = Autosave(path, delay_s=0.0)
    autosave.keep(song(1), edits=1)
    assert syncing.wait(60)
    autosave.keep(song(2), edits=2)
    assert autosave.flush(timeout_s=60)
    assert find_recovery(path)[0].session == song(2)
    go_on.set()
    autosave.close(keep=False)


CHILD = """
import sys
from pathlib import Path
from sessions.autosave import Autosave
from sessions.model import Session

autosave = Autosave(Path(sys.argv[1]), delay_s=0.0)
for number in range(1, 1_000_000):
    autosave.keep(Session(f"Song {number}"), edits=number)
    if number % 50 == 0:
        autosave.flush()
        print(number, flush=True)
"""


@pytest.mark.parametrize("lines", [1, 2, 3])
def test_killed_in_the_midst_of_writing_it_leaves_a_whole_and_recent_state(path, lines):
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE, cwd=ROOT, text=True)
    for _ in range(lines):
        flushed = int(child.stdout.readline())
    assert find_recovery(path)[0] is None  # it runs
    child.send_signal(signal.SIGKILL)
    child.communicate(timeout=60)
    recovery, notices = find_recovery(path)
    assert notices == []
    assert recovery.edits >= flushed
    assert recovery.session == song(recovery.edits)


@pytest.mark.usefixtures("as_after_a_crash")
def test_machine_that_starts_no_thread_is_told_and_tried_again(autosave, path, monkeypatch):
    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr("threading.Thread.start", refuse)
        autosave.keep(song(1), edits=1)
        assert not autosave.flush(timeout_s=0.1)
    [notice] = autosave.notices()
    assert notice.text == "unsaved edits cannot be kept for a restart, save soon: can't start new thread"
    autosave.retry()
    assert autosave.flush()
    assert find_recovery(path)[0].session == song(1)


def test_superseded_edits_are_on_the_disk_in_their_new_file_before_the_old_one_goes(autosave, tmp_path, monkeypatch):
    old = tmp_path / "old.recovery"
    old.touch()
    synced = []
    monkeypatch.setattr("sessions.atomic_file.os.fsync", lambda _descriptor: synced.append(old.exists()))
    autosave.keep(song(1), edits=1, supersedes=[old])
    assert autosave.flush()
    assert synced[0]
    assert not old.exists()


@pytest.mark.usefixtures("as_after_a_crash")
@pytest.mark.parametrize("states", [2, 3])
def test_killed_while_it_removes_the_files_it_leaves_the_latest_state(path, monkeypatch, states):
    autosave = Autosave(path, delay_s=0.0)
    for number in range(1, states + 1):
        autosave.keep(song(number), edits=number)
        assert autosave.flush()
    monkeypatch.setattr(autosave_module, "remove", lambda files: [file.unlink() for file in list(files)[:1]])
    assert autosave.close(keep=False)
    assert find_recovery(path)[0].session == song(states)


def test_a_state_about_to_be_saved_is_on_the_disk(autosave, monkeypatch):
    durable = []

    def write(path, content, **options):
        durable.append(options["durable"])
        write_atomically(path, content, **options)

    monkeypatch.setattr(autosave_module, "write_atomically", write)
    autosave.keep(song(1), edits=1)
    assert autosave.flush()
    assert autosave.secure()
    autosave.keep(song(2), edits=2)
    assert autosave.flush()
    assert durable == [False, True, False]


def test_where_nothing_is_kept_a_save_waits_for_nothing(path):
    autosave = Autosave(path)
    assert autosave.secure(timeout_s=0.0)
    autosave.keep(song(1), edits=1)
    autosave.clear()
    assert autosave.secure(timeout_s=0.0)
    assert autosave.close(keep=False)
