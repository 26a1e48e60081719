"""Buses and returns that come, go and are moved, and where strips go."""

import pytest
from hypothesis import given

from engine.mix import MASTER_ID
from engine.notice import Notice
from sessions.edits import ExclusiveSolo, RenameStrip, Together
from sessions.model import LinkGroup, MuteGroup, SendState, Session, SessionError, StripState
from sessions.sum_edits import AddSum, MoveStrip, RemoveSum, SetListen, SetOutput, SetSoloSafe
from tests.sessions.strategies import console_sessions

SESSION = Session(
    "Song",
    (
        StripState("s1", "Kick", output="b1", sends=(SendState("r1"), SendState("b1", -6.0))),
        StripState("s2", "Snare", output="b1"),
        StripState("s3", "Vox", sends=(None, SendState("r1"))),
        StripState("b1", "Drums", kind="bus", output="b2"),
        StripState("b2", "Band", kind="bus"),
        StripState("r1", "Room", kind="return"),
    ),
    mute_groups=(MuteGroup("m1", "Kit", ("s1", "b1")),),
    link_groups=(LinkGroup("l1", "Kit", ("b1", "b2")),),
)


@pytest.mark.parametrize(
    ("edit", "label"),
    [
        (AddSum("bus"), 'Add bus "Bus 1"'),
        (AddSum("return", "  Long   Hall "), 'Add return "Long Hall"'),
        (RemoveSum("b1"), 'Remove bus "Drums"'),
        (RemoveSum("r1"), 'Remove return "Room"'),
        (RenameStrip("b1", "Kit"), 'Rename "Drums" to "Kit"'),
        (MoveStrip("b2", 0), "Move Band"),
        (SetOutput("s3", "b2"), "Output Vox to Band"),
        (SetOutput("s1", MASTER_ID), "Output Kick to the master"),
        (SetOutput("s1", None), "Output Kick nowhere"),
        (SetSoloSafe("r1", True), "Solo safe Room on"),
        (SetListen("s3", "before"), "Listen Vox before the fader"),
        (SetListen("s3", "off"), "Listen Vox off"),
    ],
)
def test_label_says_what_is_done_to_whom(edit, label):
    edit.apply(SESSION)
    assert edit.label(SESSION) == label
    assert edit.merge_key is None


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (AddSum("stem"), 'a "stem" cannot be added, only a bus or a return: stems come from files'),
        (AddSum("bus", " "), 'bus with id "b3": its name is empty or holds characters that cannot be shown'),
        (AddSum("bus", output="b9"), 'routes: "Bus 1" cannot be sent there: there is no strip "b9"'),
        (RemoveSum("s1"), 'strip "Kick": it is a stem, only buses and returns can be removed'),
        (RemoveSum("b9"), 'no strip has the id "b9"'),
        (SetOutput("b2", "b1"), 'routes: a signal cannot go in a circle: "Drums" → "Band" → "Drums"'),
        (SetOutput("s1", "s2"), 'routes: "Kick" cannot be sent there: "Snare" is a stem strip'),
        (SetOutput("s1", "r1"), 'strip "Kick": its output cannot be the return "Room": that is what sends are for'),
        (SetOutput(MASTER_ID, "b1"), 'no strip has the id "master"'),
        (SetListen("s1", "loud"), 'strip "Kick": listen="loud" is not one of off, before, after'),
        (MoveStrip("s9", 0), 'no strip has the id "s9"'),
    ],
)
def test_edit_that_cannot_be_done_says_why(edit, line):
    with pytest.raises(SessionError) as error:
        edit.apply(SESSION)
    assert str(error.value) == line


def test_new_sum_comes_after_the_others_with_a_free_id_and_number():
    after = AddSum("bus").apply(AddSum("bus").apply(AddSum("return").apply(SESSION)))
    assert [(strip.id, strip.name) for strip in after.buses[2:]] == [("b3", "Bus 1"), ("b4", "Bus 2")]
    assert (after.returns[-1].id, after.returns[-1].name, after.returns[-1].output) == ("r2", "Return 1", MASTER_ID)


def test_what_fed_a_removed_bus_goes_where_it_went():
    after = RemoveSum("b1").apply(SESSION)
    assert [strip.output for strip in after.stems] == ["b2", "b2", MASTER_ID]
    assert after.strips[0].sends == (SendState("r1"),)
    assert after.strips[2] is SESSION.strips[2]
    assert after.mute_groups[0].members == ("s1",)
    assert after.link_groups[0].members == ("b2",)


def test_sends_keep_their_letters_when_others_go_with_a_return():
    after = RemoveSum("r1").apply(SESSION)
    assert after.strips[0].sends == (None, SendState("b1", -6.0))
    assert after.strips[2].sends == ()


@pytest.mark.parametrize(
    ("removed", "text"),
    [
        ("b1", 'bus "Drums" is removed: Kick, Snare now go to Band, without the sends to it of Kick'),
        ("b2", 'bus "Band" is removed: Drums now goes to the master'),
        ("r1", 'return "Room" is removed: without the sends to it of Kick, Vox'),
    ],
)
def test_rerouting_is_told(removed, text):
    assert RemoveSum(removed).notices(SESSION) == (Notice("info", text),)


def test_removing_what_nothing_feeds_tells_nothing():
    assert RemoveSum("b3").notices(AddSum("bus").apply(SESSION)) == ()


def test_edits_together_tell_what_each_of_them_tells():
    notices = Together("Clear", (RemoveSum("b1"), RemoveSum("b2"))).notices(SESSION)
    assert [notice.text for notice in notices] == [
        'bus "Drums" is removed: Kick, Snare now go to Band, without the sends to it of Kick',
        'bus "Band" is removed: Kick, Snare now go to the master',
    ]


@given(console_sessions)
def test_any_sum_can_be_removed_and_nothing_leads_there_any_more(session):
    for removed in [strip.id for strip in (*session.buses, *session.returns)]:
        after = RemoveSum(removed).apply(session)
        assert [strip.id for strip in after.strips] == [strip.id for strip in session.strips if strip.id != removed]
        for strip in after.strips:
            assert removed not in (strip.output, *(send.to for send in strip.sends if send))
        assert all(removed not in group.members for group in after.groups)


@pytest.mark.parametrize(("place", "order"), [(-1, "b2 b1"), (0, "b2 b1"), (1, "b1 b2"), (99, "b1 b2")])
def test_strip_moves_among_those_of_its_kind(place, order):
    after = MoveStrip("b2", place).apply(SESSION)
    assert [strip.id for strip in after.buses] == order.split()
    assert (after.stems, after.returns) == (SESSION.stems, SESSION.returns)


def test_exclusive_solo_is_of_all_kinds_of_strips():
    one = ExclusiveSolo("b1").apply(ExclusiveSolo("s1").apply(SESSION))
    assert [strip.id for strip in one.strips if strip.solo] == ["b1"]
    assert ExclusiveSolo("b1").apply(one) == SESSION


def test_route_and_safety_and_listening_are_set():
    edits = (SetOutput("s3", None), SetSoloSafe("s3", True), SetListen("s3", "after"))
    vox = Together("All", edits).apply(SESSION).strips[2]
    assert (vox.output, vox.solo_safe, vox.listen) == (None, True, "after")
