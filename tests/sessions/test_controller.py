import errno
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engine.player import Notice, Player
from sessions import autosave as autosave_module
from sessions.controller import RETRY_S, Controller
from sessions.edits import RelinkStem, SetControl, SetLoop
from sessions.file import FileError, SaveConflictError, load
from sessions.mix import mix_of
from sessions.model import Session, SessionError, SourceRef, StripState
from sessions.opening import open_path
from sessions.player_like import PlayerLike
from sessions.recovery import find_recovery, recovery_folder
from tests.sessions.fake_player import FakePlayer, silent_frame
from tests.sessions.stem_folder import StemFolder

ROOT = Path(__file__).parents[2]
SESSION = Session("Song", (StripState("s1", "Vox"), StripState("s2", "Kick")))


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def player():
    return FakePlayer()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "Song"
    folder.mkdir()
    return folder / "Song.gainstage"


@pytest.fixture
def controller(path, player, clock):
    controller = Controller(SESSION, path, player, clock=clock)
    yield controller
    controller.close(discard=True)


@pytest.fixture
def as_after_a_crash(monkeypatch):
    monkeypatch.setattr("sessions.recovery.is_running", lambda mark: False)


def fader(value: float) -> SetControl:
    return SetControl("s1", "fader_db", value)


def test_live_door_is_a_player():
    player: type[PlayerLike] = Player
    for name in ("apply", "play", "stop", "locate", "clear_holds", "read", "notices", "close"):
        assert callable(getattr(player, name))


def test_session_is_played_as_soon_as_it_is_there(controller, player):
    assert player.mixes == [mix_of(SESSION)]


def test_edit_is_heard_at_once_and_only_its_strip_is_new(controller, player):
    controller.edit(fader(-6))
    assert controller.session.strip("s1").fader_db == -6.0
    assert player.mixes[-1] == mix_of(controller.session)
    assert player.mixes[-1].strips[1] is player.mixes[0].strips[1]


def test_edit_without_effect_sends_nothing(controller, player):
    controller.edit(fader(0))
    assert len(player.mixes) == 1
    assert not controller.dirty


def test_refused_edit_changes_nothing(controller, player):
    with pytest.raises(SessionError):
        controller.edit(SetControl("s9", "mute", True))
    assert len(player.mixes) == 1


def test_undo_and_redo_are_heard_and_say_what_they_did(controller, player):
    controller.edit(fader(-6))
    assert controller.undo_label == "Fader Vox -6.0 dB"
    assert controller.undo() == "Fader Vox -6.0 dB"
    assert player.mixes[-1] == mix_of(SESSION)
    assert controller.undo() is None
    assert controller.redo_label == "Fader Vox -6.0 dB"
    assert controller.redo() == "Fader Vox -6.0 dB"
    assert player.mixes[-1].strips[0].controls.fader_db == -6.0
    assert controller.redo() is None


def test_undo_does_not_touch_the_transport(controller, player):
    controller.edit(fader(-6))
    controller.edit(SetLoop(True, 1.0, 2.0))
    controller.undo()
    controller.undo()
    controller.redo()
    assert player.told == []


def test_edits_merge_by_the_clock(controller, clock):
    for value in (-1, -2, -3):
        controller.edit(fader(value))
        clock.now_s += 0.4
    clock.now_s += 1.0
    controller.edit(fader(-9))
    assert controller.unsaved_edits == 2
    controller.undo()
    assert controller.session.strip("s1").fader_db == -3.0


def test_dirty_is_what_differs_from_what_is_saved(controller, clock):
    assert not controller.dirty
    controller.edit(fader(-6))
    assert controller.dirty
    controller.undo()
    assert not controller.dirty
    controller.redo()
    controller.save()
    assert not controller.dirty
    assert controller.unsaved_edits == 0
    controller.undo()
    assert controller.dirty
    assert controller.unsaved_edits == 1


def test_play_and_stop(controller, player):
    controller.play_stop()
    controller.play_stop()  # before the engine has said that it plays
    player.frame = silent_frame(playing=True)
    controller.read()
    controller.play_stop()
    controller.play()
    controller.stop()
    assert player.told == ["play", "stop", "stop", "play", "stop"]


@pytest.mark.parametrize(("asked_s", "position_s"), [(-1.0, 0.0), (10.0, 10.0), (61.0, 60.0)])
def test_locating_stays_within_the_song(controller, player, asked_s, position_s):
    controller.locate(asked_s)
    assert player.told == [position_s]


def test_song_of_unknown_length_has_no_end(controller, player):
    player.frame = silent_frame(length_s=0.0)
    controller.locate(30.0)
    assert player.told == [30.0]


def test_seeking_adds_up_between_readings(controller, player):
    player.frame = silent_frame(position_s=50.0)
    controller.read()
    for _ in range(3):
        controller.seek(5.0)
    controller.seek(-100.0)
    assert player.told == [55.0, 60.0, 60.0, 0.0]
    player.frame = silent_frame(position_s=20.0)
    controller.read()
    controller.seek(-5.0)
    assert player.told[-1] == 15.0


def test_loop_is_toggled_with_its_range(controller, player):
    controller.edit(SetLoop(False, 2.0, 4.0))
    controller.toggle_loop()
    assert player.mixes[-1].loop.enabled
    assert (player.mixes[-1].loop.start_s, player.mixes[-1].loop.end_s) == (2.0, 4.0)
    controller.toggle_loop()
    assert not player.mixes[-1].loop.enabled


def test_what_comes_back_is_the_players(controller, player):
    assert controller.read() is player.frame
    assert controller.status is player.status
    controller.clear_holds()
    assert player.told == ["clear holds"]
    player.to_say = [Notice("info", "hello")]
    assert controller.notices() == [Notice("info", "hello")]
    assert controller.notices() == []


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
    assert not replace(open_path(folder.path, probe=folder.probe)).notices


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
