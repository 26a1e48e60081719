import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.document import session_from_text, session_text
from sessions.edits import ExclusiveSolo, SetControl, SetMonitor
from sessions.history import MERGE_WINDOW_S, History
from sessions.mix import mix_of
from sessions.model import Session, SessionError, StripState
from tests.sessions.strategies import console_edits_of, edits_of

IDS = ["s1", "s2", "s3"]
SESSION = Session("Song", tuple(StripState(identity, f"Strip {identity}") for identity in IDS))


def fader(value: float, strip_id: str = "s1") -> SetControl:
    return SetControl(strip_id, "fader_db", value)


def steps(history: History) -> list[str]:
    labels = []
    while label := history.undo():
        labels.append(label)
    return labels


@given(st.lists(st.tuples(edits_of(IDS), st.sampled_from([0.0, 0.3, 1.0])), max_size=25))
def test_undoing_all_leads_to_the_start_and_redoing_all_to_the_end(timed_edits):
    history = History(SESSION)
    now_s = 0.0
    for edit, pause_s in timed_edits:
        now_s += pause_s
        history.do(edit, now_s)
    end, position = history.session, history.position
    undone = 0
    while history.undo():
        undone += 1
    assert history.session == SESSION
    assert undone == position
    assert history.position == 0
    while history.redo():
        pass
    assert history.session == end
    assert history.position == position


@given(st.lists(st.one_of(edits_of(IDS), st.just("undo"), st.just("redo")), max_size=30))
def test_every_undo_leads_to_what_was_before_its_step(actions):
    history = History(SESSION)
    seen = [SESSION]  # the sessions up to now, as a plain list of values
    ahead: list[Session] = []
    for number, action in enumerate(actions):
        if action == "undo":
            assert (history.undo() is not None) == (len(seen) > 1)
            if len(seen) > 1:
                ahead.append(seen.pop())
        elif action == "redo":
            assert (history.redo() is not None) == bool(ahead)
            if ahead:
                seen.append(ahead.pop())
        elif history.do(action, now_s=float(number)):
            seen.append(history.session)
            ahead.clear()
        assert history.session == seen[-1]


@given(st.lists(console_edits_of(IDS), max_size=20))
def test_edits_of_a_console_are_done_or_refused_and_undone_and_kept_by_the_file(edits):
    history = History(SESSION)
    for number, edit in enumerate(edits):
        before = history.session
        try:
            if history.do(edit, now_s=float(number)):
                edit.notices(before)
        except SessionError:
            assert history.session is before
    assert session_from_text(session_text(history.session, None), "/") == history.session
    mix_of(history.session)
    while history.undo():
        pass
    assert history.session == SESSION


def test_a_sweep_of_one_control_is_one_step_however_long():
    history = History(SESSION)
    for number in range(1, 20):
        history.do(fader(-float(number)), now_s=number * MERGE_WINDOW_S)
    assert history.undo() == "Fader Strip s1 -19.0 dB"
    assert history.session == SESSION
    assert history.undo() is None


def test_a_pause_ends_a_sweep():
    history = History(SESSION)
    history.do(fader(-1), 0.0)
    history.do(fader(-2), 0.51)
    assert steps(history) == ["Fader Strip s1 -2.0 dB", "Fader Strip s1 -1.0 dB"]


def test_only_the_same_control_of_the_same_strip_merges():
    history = History(SESSION)
    for edit in (fader(-1), fader(-1, "s2"), SetControl("s2", "trim_db", -1), SetMonitor(-1), fader(-2)):
        history.do(edit, 0.0)
    assert len(steps(history)) == 5


def test_another_edit_in_between_ends_a_sweep():
    history = History(SESSION)
    history.do(fader(-1), 0.0)
    history.do(ExclusiveSolo("s1"), 0.1)
    history.do(fader(-2), 0.2)
    assert len(steps(history)) == 3


def test_undo_and_redo_end_a_sweep():
    history = History(SESSION)
    history.do(fader(-1), 0.0)
    history.undo()
    history.redo()
    history.do(fader(-2), 0.1)
    assert len(steps(history)) == 2
    history.do(fader(-1), 1.0)
    history.do(fader(-1, "s2"), 2.0)
    history.undo()
    history.do(fader(-3), 2.1)
    assert len(steps(history)) == 2


def test_each_press_of_a_switch_is_a_step():
    history = History(SESSION)
    for value in (True, False, True):
        history.do(SetControl("s1", "mute", value), 0.0)
    assert len(steps(history)) == 3


def test_a_sweep_back_to_its_start_leaves_nothing_to_undo():
    history = History(SESSION)
    history.do(fader(-1), 0.0)
    history.do(fader(0), 0.1)
    assert history.undo() is None
    assert history.position == 0


def test_an_edit_without_effect_is_no_step_and_keeps_the_future():
    history = History(SESSION)
    history.do(fader(-1), 0.0)
    history.undo()
    assert history.do(fader(0), 1.0) is False
    assert history.redo_label == "Fader Strip s1 -1.0 dB"


def test_a_new_edit_ends_what_could_be_redone():
    history = History(SESSION)
    history.do(fader(-1), 0.0)
    history.undo()
    history.do(SetMonitor(-3), 1.0)
    assert history.redo() is None


def test_a_refused_edit_changes_nothing():
    history = History(SESSION)
    history.do(fader(-1), 0.0)
    with pytest.raises(SessionError):
        history.do(SetControl("s9", "mute", True), 0.1)
    assert history.undo_label == "Fader Strip s1 -1.0 dB"


def test_the_oldest_steps_are_forgotten_beyond_the_bound():
    history = History(SESSION, max_steps=3)
    for number in range(1, 6):
        history.do(fader(-float(number)), now_s=float(number))
    assert len(steps(history)) == 3
    assert history.session.strip("s1").fader_db == -2.0
    assert history.position == 2
