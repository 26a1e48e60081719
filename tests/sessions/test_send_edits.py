import math

import pytest

from engine.mix import MASTER_ID
from sessions.model import SendState, Session, SessionError, StripState
from sessions.send_edits import RemoveSend, SetSend, SetSendControl

SESSION = Session(
    "Song",
    (
        StripState("s1", "Vox", sends=(SendState("r1", -6.0), None, SendState("b1"))),
        StripState("s2", "Kick"),
        StripState("b1", "Band", kind="bus"),
        StripState("r1", "Room", kind="return", sends=(SendState("b1"),)),
    ),
)


def sends(edit) -> tuple:
    return edit.apply(SESSION).strips[0].sends


def test_send_is_set_and_keeps_its_values_when_it_goes_elsewhere():
    assert sends(SetSend("s1", "b", "r1"))[1] == SendState("r1")
    assert sends(SetSend("s1", "a", "b1"))[0] == SendState("b1", -6.0)
    assert SetSend("s2", "d", "r1").apply(SESSION).strips[1].sends == (None, None, None, SendState("r1"))


def test_removed_send_leaves_the_others_their_letters():
    assert sends(RemoveSend("s1", "a")) == (None, None, SendState("b1"))
    assert sends(RemoveSend("s1", "c")) == (SendState("r1", -6.0),)


@pytest.mark.parametrize(
    ("control", "asked", "stored"),
    [
        ("level_db", -12.0, -12.0),
        ("level_db", 90.0, 6.0),
        ("level_db", -90.5, -math.inf),
        ("level_db", 0.1 + 0.2, 0.3),
        ("pan_percent", 120.0, 100.0),
        ("mute", 1.0, True),
        ("before_fader", True, True),
    ],
)
def test_value_is_stored_within_its_range(control, asked, stored):
    value = getattr(sends(SetSendControl("s1", "a", control, asked))[0], control)
    assert value == stored
    assert type(value) is type(stored)


@pytest.mark.parametrize(
    ("edit", "label"),
    [
        (SetSend("s1", "b", "r1"), "Send b of Vox to Room"),
        (RemoveSend("s1", "a"), "Remove send a of Vox"),
        (SetSendControl("s1", "a", "level_db", -6), "Level of send a of Vox -6.0 dB"),
        (SetSendControl("s1", "a", "level_db", -math.inf), "Level of send a of Vox off"),
        (SetSendControl("s1", "a", "pan_percent", -30), "Pan of send a of Vox 30 % left"),
        (SetSendControl("s1", "a", "before_fader", True), "Before the fader of send a of Vox on"),
    ],
)
def test_label_says_what_is_done_to_whom(edit, label):
    assert edit.label(SESSION) == label


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (SetSend("s1", "e", "r1"), 'send: "e" is no send: there are a, b, c, d'),
        (SetSend("s1", "b", "s2"), 'routes: "Vox" cannot be sent there: "Kick" is a stem strip'),
        (SetSend("s1", "b", "r9"), 'routes: "Vox" cannot be sent there: there is no strip "r9"'),
        (SetSend("b1", "a", "r1"), 'routes: a signal cannot go in a circle: "Band" → "Room" → "Band"'),
        (
            SetSend("s1", "b", MASTER_ID),
            'send to "master": a send goes to a bus or a return, what goes to the master is the output',
        ),
        (SetSend(MASTER_ID, "a", "r1"), "the master has no sends"),
        (RemoveSend("s1", "b"), 'strip "Vox": send b goes nowhere yet, choose a bus or a return first'),
        (SetSendControl("s2", "a", "mute", True), 'strip "Kick": send a goes nowhere yet, choose a bus or a return'),
        (
            SetSendControl("s1", "a", "level", 0.0),
            'no control is called "level": there are level_db, pan_percent, mute, before_fader',
        ),
        (SetSendControl("s1", "a", "level_db", math.nan), "level_db=nan is not a number"),
    ],
)
def test_edit_that_cannot_be_done_says_why(edit, line):
    with pytest.raises(SessionError) as error:
        edit.apply(SESSION)
    assert str(error.value).startswith(line)


def test_changes_of_the_same_value_of_the_same_send_merge():
    level = SetSendControl("s1", "a", "level_db", -1.0)
    assert level.merge_key == SetSendControl("s1", "a", "level_db", -2.0).merge_key
    others = [
        SetSendControl("s2", "a", "level_db", -1.0),
        SetSendControl("s1", "b", "level_db", -1.0),
        SetSendControl("s1", "a", "pan_percent", -1.0),
    ]
    assert level.merge_key not in [other.merge_key for other in others]
    assert SetSendControl("s1", "a", "mute", True).merge_key is None
