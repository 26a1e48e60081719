import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.notice import Notice
from engine.offline import write_wav
from sessions import autosave as autosave_module
from sessions.autosave import Autosave
from sessions.controller import RETRY_S, Controller
from sessions.edits import RelinkStem, SetControl
from sessions.file import FileError, SaveConflictError, load, save
from sessions.model import Session, SessionError, SourceRef, StripState
from sessions.opening import open_path
from sessions.recovery import find_recovery, recovery_folder
from tests.sessions.fake_player import SESSION, fader
from tests.sessions.stem_folder import StemFolder

ROOT = Path(__file__).parents[2]


def test_save_writes_the_file_and_again(controller, path):
    controller.edit(fader(-6))
    assert controller.save() == path
    assert load(path).session == controller.session
    controller.edit(SetControl("s2", "mute", True))
    controller.save()
    assert load(path).session == controller.session


def test_save_does_not_overwrite_what_somebody_else_wrote(controller, path):
    controller.save()
    path.write_text("theirs")
    controller.edit(fader(-6))
    with pytest.raises(SaveConflictError):
        controller.save()
    assert controller.dirty
    assert path.read_text() == "theirs"
    controller.save(force=True)
    assert load(path).session == controller.session
    assert not controller.dirty


def test_failed_save_leaves_the_session_dirty(controller, monkeypatch):
    controller.edit(fader(-6))

    def full(*_arguments, **_options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("sessions.file.write_atomically", full)
    with pytest.raises(FileError, match="no space left on device"):
        controller.save()
    assert controller.dirty


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("B", "B.gainstage"),
        ("B.gainstage", "B.gainstage"),
        ("v1.2", "v1.2.gainstage"),
        ("mix.wav", "mix.wav.gainstage"),
    ],
)
def test_saving_under_another_name_goes_beside_and_stays_there(controller, path, given, name):
    controller.edit(fader(-6))
    assert controller.save(Path(given)) == path.with_name(name)
    assert controller.path == path.with_name(name)
    assert not path.exists()
    controller.edit(fader(-9))
    assert controller.save() == path.with_name(name)


def test_saving_into_a_folder_names_the_file_like_it(controller, tmp_path):
    folder = tmp_path / "Elsewhere"
    folder.mkdir()
    assert controller.save(folder) == folder / "Elsewhere.gainstage"


def test_saving_under_another_name_does_not_overwrite(controller, path):
    path.with_name("B.gainstage").write_text("theirs")
    with pytest.raises(SaveConflictError, match="exists already"):
        controller.save(Path("B"))
    assert controller.path == path
    controller.save(Path("B"), force=True)


def test_session_without_a_file_asks_for_a_name(player, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    controller = Controller(SESSION, None, player)
    with pytest.raises(SessionError, match="save it under a name"):
        controller.save()
    assert controller.save(Path("New")) == tmp_path / "New.gainstage"
    controller.close()


@pytest.mark.usefixtures("as_after_a_crash")
def test_unsaved_edits_outlive_a_close_and_can_be_taken_over(path, player, clock):
    first = Controller(SESSION, path, player, clock=clock)
    for value in (-1, -2, -3):
        first.edit(fader(value))
        clock.now_s += 1.0
    assert first.close()
    recovery, _ = find_recovery(path)
    assert recovery.edits == 3
    second = Controller(SESSION, path, player)
    second.recover(recovery)
    assert second.session == first.session
    assert second.dirty
    assert second.unsaved_edits == 3
    assert second.undo() == "Recovered edits"
    assert second.session == SESSION
    second.redo()
    second.save()
    second.close()
    assert list(recovery_folder().iterdir()) == []


@pytest.mark.usefixtures("as_after_a_crash")
@pytest.mark.parametrize("end", ["saved", "undone", "discarded"])
def test_nothing_is_left_behind_where_nothing_is_lost(path, player, end):
    controller = Controller(SESSION, path, player)
    controller.edit(fader(-6))
    assert controller._autosave.flush()
    assert find_recovery(path)[0] is not None
    if end == "saved":
        controller.save()
    elif end == "undone":
        controller.undo()
    controller.close(discard=end == "discarded")
    assert list(recovery_folder().iterdir()) == []
    assert player.told == ["close"]


@pytest.mark.usefixtures("as_after_a_crash")
def test_unwanted_recovery_is_thrown_away(path, player):
    controller = Controller(SESSION, path, player)
    controller.edit(fader(-6))
    controller.close()
    recovery, _ = find_recovery(path)
    controller.discard(recovery)
    assert find_recovery(path) == (None, [])


@pytest.mark.usefixtures("as_after_a_crash")
def test_autosave_follows_to_the_new_name(controller, path):
    controller.edit(fader(-6))
    new = controller.save(Path("B"))
    controller.edit(fader(-9))
    assert controller._autosave.flush()
    assert find_recovery(path)[0] is None
    assert find_recovery(new)[0].session == controller.session


def test_failed_autosave_is_told_and_tried_again_by_the_tick(controller, clock, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(autosave_module, "write_atomically", full)
        controller.edit(fader(-6))
        assert not controller._autosave.flush()
        [notice] = controller.notices()
        assert notice.severity == "error"
    clock.now_s += RETRY_S
    controller.tick()
    assert controller._autosave.flush()
    assert [notice.severity for notice in controller.notices()] == ["info"]


def test_close_says_when_edits_could_not_be_kept(path, player, state_dir):
    (state_dir / "recovery").write_text("in the way")
    controller = Controller(SESSION, path, player)
    controller.edit(fader(-6))
    assert controller.close() is False
    assert player.told == ["close"]


def test_without_autosave_nothing_is_kept(path, player):
    controller = Controller(SESSION, path, player, autosave=False)
    controller.edit(fader(-6))
    controller.save(Path("B"))
    controller.edit(fader(-9))
    controller.tick()
    assert controller.close(discard=True)
    assert not recovery_folder().exists()


def test_missing_stems_are_known_and_forgotten_once_relinked(path, player, tmp_path):
    there = tmp_path / "Vox.wav"
    there.touch()
    session = Session("Song", (StripState("s1", "Vox", SourceRef("/gone/Vox.wav")), StripState("s2", "Kick")))
    controller = Controller(session, path, player)
    assert controller.missing == {"s1"}
    controller.edit(RelinkStem("s1", str(there)))
    assert controller.missing == frozenset()
    controller.undo()
    assert controller.missing == {"s1"}
    controller.close(discard=True)


def test_stem_that_goes_while_it_is_played_is_missing_from_its_notice_on(path, player, tmp_path):
    stem = tmp_path / "Vox.wav"
    stem.touch()
    controller = Controller(Session("Song", (StripState("s1", "Vox", SourceRef(str(stem))),)), path, player)
    stem.unlink()
    player.to_say = [Notice("warning", "Vox.wav: not found", "s1")]
    controller.notices()
    assert controller.missing == {"s1"}
    controller.close()


def test_several_stems_are_relinked_as_one_step(path, player, tmp_path):
    for name in ("Vox.wav", "Kick.wav"):
        (tmp_path / name).touch()
    strips = tuple(
        StripState(f"s{n}", name, SourceRef(f"/gone/{name}.wav"))
        for n, name in enumerate(["Vox", "Kick", "Bass"], start=1)
    )
    controller = Controller(Session("Song", strips), path, player)
    assert controller.relink_from(tmp_path) == 2
    assert controller.missing == {"s3"}
    assert [notice.text for notice in controller.notices()] == [f'not found in "{tmp_path}": Bass']
    assert controller.undo() == "Relink 2 stems"
    assert controller.missing == {"s1", "s2", "s3"}
    controller.close(discard=True)


def test_what_was_opened_is_controlled_with_its_notices(path, player):
    folder = StemFolder(path.parent)
    folder.add("Kick.wav")
    folder.add("notes.txt")
    controller = Controller.of(open_path(folder.path, probe=folder.probe), player)
    assert [notice.severity for notice in controller.notices()] == ["info"]
    assert not controller.dirty
    assert controller.save() == path
    controller.close()
    assert open_path(folder.path, probe=folder.probe).notices == ()


CHILD = """
import sys
from pathlib import Path
from sessions.controller import Controller
from sessions.edits import SetControl
from sessions.opening import open_path
from tests.sessions.fake_player import FakePlayer

opened = open_path(Path(sys.argv[1]))
controller = Controller.of(opened, FakePlayer())
controller.edit(SetControl("s1", "fader_db", -6))
controller.edit(SetControl("s1", "trim_db", 3))
controller._autosave.flush()
print(flush=True)
sys.stdin.read()
"""


def test_edits_of_a_killed_program_are_offered_by_the_next(path, player):
    path.write_text('version = 1\nname = "Song"\n[[strip]]\nid = "s1"\nname = "Vox"\n')
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    assert child.stdout.readline() == b"\n"
    opened = open_path(path)
    assert opened.recovery is None
    assert "is open with unsaved edits in another gainstage" in opened.notices[0].text
    child.send_signal(signal.SIGKILL)
    child.communicate(timeout=60)
    opened = open_path(path)
    assert opened.notices == ()
    controller = Controller.of(opened, player)
    controller.recover(opened.recovery)
    strip = controller.session.strip("s1")
    assert (strip.fader_db, strip.trim_db) == (-6.0, 3.0)
    assert controller.unsaved_edits == 2
    controller.save()
    controller.close()
    assert list(recovery_folder().iterdir()) == []


def test_root_of_all_folders_gives_no_name(controller, monkeypatch):
    saved_to = []
    monkeypatch.setattr("sessions.controller.save", lambda session, path, **_: saved_to.append(path))
    assert controller.save(Path("/")) == Path("/Session.gainstage")
    assert saved_to == [Path("/Session.gainstage")]


def test_undo_leads_back_to_what_was_saved_in_the_midst_of_a_sweep(controller, clock):
    for value in (-1, -2):
        controller.edit(fader(value))
    controller.save()
    saved = controller.session
    controller.edit(fader(-3))
    assert controller.unsaved_edits == 1
    controller.undo()
    assert controller.session == saved
    assert not controller.dirty


@pytest.fixture
def killed_once_saved(monkeypatch):
    """Lets programs end between the save of their file and the removal of what they kept beside."""
    monkeypatch.setattr(Autosave, "clear", lambda autosave: None)


@pytest.mark.usefixtures("as_after_a_crash", "killed_once_saved")
@pytest.mark.parametrize("written", [(), (0,), (0, 1)])
def test_edits_are_not_offered_again_by_a_program_killed_as_soon_as_they_were_saved(path, player, clock, written):
    save(SESSION, path)
    controller = Controller(SESSION, path, player, stamp=load(path).stamp, clock=clock)
    controller._autosave = Autosave(path, delay_s=3600.0)
    for number in range(3):
        controller.edit(fader(-number - 1))
        clock.now_s += 1.0
        if number in written:
            assert controller._autosave.flush()
    controller.save()
    assert list(recovery_folder().iterdir()) != []
    opened = open_path(path)
    assert (opened.session, opened.recovery) == (controller.session, None)
    assert list(recovery_folder().iterdir()) == []
    controller.close()


@pytest.mark.usefixtures("as_after_a_crash", "killed_once_saved")
def test_a_folder_that_got_more_stems_since_offers_nothing_that_was_saved(tmp_path, player):
    folder = tmp_path / "Song"
    folder.mkdir()
    silence = np.zeros((480, 1), np.float32)
    write_wav(folder / "Vox.wav", silence, 48000)
    opened = open_path(folder)
    controller = Controller.of(opened, player)
    controller.edit(SetControl(controller.session.strips[0].id, "fader_db", -6.0))
    controller.save()
    write_wav(folder / "Bass.wav", silence, 48000)
    opened = open_path(folder)
    assert (len(opened.session.strips), opened.recovery) == (2, None)
    controller.close()


@pytest.mark.usefixtures("as_after_a_crash")
def test_edits_that_a_save_did_not_come_to_are_offered_all(path, player, clock, monkeypatch):
    save(SESSION, path)
    controller = Controller(SESSION, path, player, stamp=load(path).stamp, clock=clock)
    controller._autosave = Autosave(path, delay_s=3600.0)
    controller.edit(fader(-6))

    def killed(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("sessions.controller.save", killed)
    with pytest.raises(KeyboardInterrupt):
        controller.save()
    assert open_path(path).recovery.session == controller.session
    controller.close(discard=True)


def test_a_save_waits_for_no_state_folder_that_fails(path, player, state_dir):
    state_dir.rmdir()
    state_dir.write_text("")
    controller = Controller(SESSION, path, player)
    controller.edit(fader(-6))
    controller.save()
    assert load(path).session == controller.session
    controller.close()
