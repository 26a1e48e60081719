import pytest

from engine.meters.frame import AFTER_FADER
from engine.notice import Notice
from engine.player import Player
from sessions.edits import SetControl, SetLoop, Together
from sessions.mix import mix_of
from sessions.model import SessionError
from sessions.player_like import PlayerLike
from sessions.sum_edits import AddSum, RemoveSum, SetOutput
from tests.sessions.fake_player import SESSION, fader, silent_frame


def test_live_door_is_a_player():
    player: type[PlayerLike] = Player
    for name in ("apply", "play", "stop", "locate", "clear_holds", "reset_loudness", "pause_loudness",
                 "begin_evidence", "read", "notices", "close"):  # fmt: skip
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


def test_what_an_edit_has_to_tell_is_told_once(controller):
    controller.edit(AddSum("bus", "Band"))
    controller.edit(SetOutput("s1", "b1"))
    assert controller.notices() == []
    controller.edit(RemoveSum("b1"))
    assert controller.notices() == [Notice("info", 'bus "Band" is removed: Vox now goes to the master')]
    assert controller.session == SESSION
    assert controller.undo() == 'Remove bus "Band"'
    assert controller.session.strips[0].output == "b1"
    assert controller.notices() == []


def test_refused_edit_tells_nothing(controller):
    with pytest.raises(SessionError):
        controller.edit(Together("All", (AddSum("bus"), RemoveSum("b9"))))
    assert controller.notices() == []


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
    begun = len(player.evidence_begun)
    controller.clear_holds("s1", AFTER_FADER)
    assert len(player.evidence_begun) == begun
    controller.reset_loudness()
    controller.pause_loudness(True)
    assert player.told == [
        "clear holds",
        ("clear holds", "s1", AFTER_FADER),
        "reset loudness",
        ("pause loudness", True),
    ]
    player.to_say = [Notice("info", "hello")]
    assert controller.notices() == [Notice("info", "hello")]
    assert controller.notices() == []
