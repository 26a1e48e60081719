"""Mute groups, linked groups, and moves of several strips at once."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.params import FADER, TRIM
from engine.mix import MASTER_ID
from sessions.edits import SetControl, Together
from sessions.group_edits import (
    AddLinkGroup,
    AddMuteGroup,
    MoveLinked,
    RemoveStripGroup,
    RenameStripGroup,
    SetMembers,
    SwitchMuteGroup,
)
from sessions.history import History
from sessions.model import LinkGroup, MuteGroup, Session, SessionError, StripState

SESSION = Session(
    "Song",
    (
        StripState("s1", "Kick", trim_db=2.0, fader_db=-6.0),
        StripState("s2", "Snare", fader_db=-2.0, mute=True),
        StripState("s3", "Hat", fader_db=-math.inf),
        StripState("s4", "Vox", fader_db=-10.0),
        StripState("b1", "Band", kind="bus"),
    ),
    mute_groups=(MuteGroup("m1", "Kit", ("s1", "s2", "b1")), MuteGroup("m2", "Low", ("s1", "s4"))),
    link_groups=(LinkGroup("l1", "Kit", ("s1", "s2", "s3")),),
)


def faders(session: Session) -> list[float]:
    return [strip.fader_db for strip in session.stems]


def mutes(session: Session) -> list[bool]:
    return [strip.mute for strip in session.strips]


@pytest.mark.parametrize(
    ("edit", "label"),
    [
        (AddMuteGroup(" All  of it "), 'Add mute group "All of it"'),
        (AddLinkGroup("Voices", ("s4",)), 'Add linked group "Voices"'),
        (RemoveStripGroup("m1"), 'Remove mute group "Kit"'),
        (RenameStripGroup("l1", "Drums"), 'Rename linked group "Kit" to "Drums"'),
        (SetMembers("l1", ("s1",)), 'Strips of linked group "Kit"'),
        (SwitchMuteGroup("m2", True), "Mute group Low on"),
        (MoveLinked(("s4",), "fader_db", -1.0), "Fader Vox"),
        (MoveLinked(("s4", "s1"), "trim_db", -1.0), "Trim of 4 strips"),
        (SetControl("s1", "fader_db", 30.0), "Fader Kick +2.0 dB"),
    ],
)
def test_label_says_what_is_done_to_whom(edit, label):
    edit.apply(SESSION)
    assert edit.label(SESSION) == label


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (AddMuteGroup(" "), 'mute group with id "m3": its name is empty or holds characters that cannot be shown'),
        (AddMuteGroup("All", ("s9",)), 'mute group "All": there is no strip "s9"'),
        (AddLinkGroup("All", ("s4", "s1")), 'linked group "All": strip "Kick" is in the linked group "Kit" already'),
        (SetMembers("m1", ("s1", "s1")), 'mute group "Kit": "s1" is in it twice'),
        (SetMembers("g9", ()), 'no group has the id "g9"'),
        (RemoveStripGroup("g9"), 'no group has the id "g9"'),
        (SwitchMuteGroup("l1", True), 'linked group "Kit": only mute groups have a switch'),
        (MoveLinked((), "fader_db", 1.0), "no strips are chosen to be moved"),
        (MoveLinked(("s9",), "fader_db", 1.0), 'no strip has the id "s9"'),
        (MoveLinked(("s1",), "pan_percent", 1.0), '"pan_percent" does not move together: trim_db and fader_db do'),
        (MoveLinked(("s1",), "fader_db", math.nan), "delta_db=nan is not a number"),
    ],
)
def test_edit_that_cannot_be_done_says_why(edit, line):
    with pytest.raises(SessionError) as error:
        edit.apply(SESSION)
    assert str(error.value) == line


def test_no_more_than_eight_mute_groups():
    session = Together("All", tuple(AddMuteGroup(f"G{n}") for n in range(6))).apply(SESSION)
    assert [group.id for group in session.mute_groups] == [f"m{n}" for n in range(1, 9)]
    with pytest.raises(SessionError, match=r"^session: 9 mute groups are more than 8$"):
        AddMuteGroup("More").apply(session)


def test_groups_are_added_renamed_filled_and_removed_without_a_change_of_a_strip():
    session = AddLinkGroup("Voices", ("s4",)).apply(AddMuteGroup("All", ("s4",)).apply(SESSION))
    session = SetMembers("m3", ("s4", "b1")).apply(RenameStripGroup("l2", "Vox").apply(session))
    assert session.mute_groups[2] == MuteGroup("m3", "All", ("s4", "b1"))
    assert session.link_groups[1] == LinkGroup("l2", "Vox", ("s4",))
    assert session.strips == SESSION.strips
    assert RemoveStripGroup("l2").apply(RemoveStripGroup("m3").apply(session)) == SESSION


# Mute groups


def test_switch_of_a_group_mutes_and_unmutes_all_its_strips_as_one_step():
    history = History(SESSION)
    history.do(SwitchMuteGroup("m1", True), 0.0)
    assert mutes(history.session) == [True, True, False, False, True]
    assert history.session.mute_groups[0].on
    history.do(SwitchMuteGroup("m1", False), 0.1)
    assert mutes(history.session) == [False] * 5
    history.undo()
    history.undo()
    assert history.session == SESSION


def test_what_another_group_mutes_stays_muted():
    session = SwitchMuteGroup("m2", True).apply(SwitchMuteGroup("m1", True).apply(SESSION))
    assert mutes(SwitchMuteGroup("m1", False).apply(session)) == [True, False, False, True, False]
    assert mutes(SwitchMuteGroup("m2", False).apply(session)) == [True, True, False, False, True]


def test_strips_that_are_as_they_should_be_stay_the_same_objects():
    after = SwitchMuteGroup("m1", True).apply(SESSION)
    assert [one is other for one, other in zip(after.strips, SESSION.strips, strict=True)] == [
        False, True, True, True, False,
    ]  # fmt: skip


def test_strip_of_a_group_can_be_switched_by_itself():
    session = SetControl("s1", "mute", False).apply(SwitchMuteGroup("m1", True).apply(SESSION))
    assert mutes(session) == [False, True, False, False, True]
    assert session.mute_groups[0].on


# Linked strips


def test_fader_of_a_linked_strip_takes_the_others_along():
    assert faders(SetControl("s1", "fader_db", -9.5).apply(SESSION)) == [-9.5, -5.5, -math.inf, -10.0]


def test_trim_of_a_linked_strip_takes_the_others_along():
    after = SetControl("s3", "trim_db", -3.0).apply(SESSION)
    assert [strip.trim_db for strip in after.strips] == [-1.0, -3.0, -3.0, 0.0, 0.0]


def test_other_controls_are_not_linked():
    for control in ("pan_percent", "mute", "solo", "invert_left"):
        after = SetControl("s1", control, 1.0).apply(SESSION)
        assert after.strips[1:] == SESSION.strips[1:]


def test_a_linked_strip_can_be_moved_alone():
    assert faders(SetControl("s1", "fader_db", -9.5, alone=True).apply(SESSION)) == [-9.5, -2.0, -math.inf, -10.0]


def test_computed_values_are_set_strip_by_strip():
    edits = tuple(SetControl(f"s{n}", "trim_db", float(n), alone=True) for n in (1, 2, 3))
    assert [strip.trim_db for strip in Together("Pass", edits).apply(SESSION).strips[:3]] == [1.0, 2.0, 3.0]


def test_all_stop_where_the_first_reaches_its_end():
    assert faders(SetControl("s1", "fader_db", 6.0).apply(SESSION))[:2] == [2.0, 6.0]
    assert faders(SetControl("s2", "fader_db", -89.0).apply(SESSION))[:2] == [-90.0, -86.0]
    assert faders(SetControl("s1", "fader_db", -500.0).apply(SESSION))[:2] == [-90.0, -86.0]


def test_a_fader_is_shut_and_opened_by_itself():
    shut = SetControl("s1", "fader_db", -math.inf).apply(SESSION)
    assert faders(shut) == [-math.inf, -2.0, -math.inf, -10.0]
    assert faders(SetControl("s1", "fader_db", -6.0).apply(shut)) == faders(SESSION)


def test_fader_that_is_off_holds_nobody_up():
    assert faders(MoveLinked(("s1",), "fader_db", -3.0).apply(SESSION)) == [-9.0, -5.0, -math.inf, -10.0]
    assert MoveLinked(("s3",), "fader_db", -3.0).apply(RemoveStripGroup("l1").apply(SESSION)).strips == SESSION.strips


def test_chosen_strips_and_those_linked_with_them_move_together():
    assert faders(MoveLinked(("s4", "s2"), "fader_db", 1.0).apply(SESSION)) == [-5.0, -1.0, -math.inf, -9.0]
    assert faders(MoveLinked(("s4", "s2"), "fader_db", math.inf).apply(SESSION)) == [2.0, 6.0, -math.inf, -2.0]
    both = MoveLinked(("s4", MASTER_ID), "trim_db", -1.0).apply(SESSION)
    assert (both.strips[3].trim_db, both.master.trim_db) == (-1.0, -1.0)


def test_a_sweep_of_linked_strips_is_one_step():
    history = History(SESSION)
    for number in range(1, 20):
        history.do(SetControl("s1", "fader_db", -6.0 - number), now_s=number * 0.4)
    for number in range(20):
        history.do(MoveLinked(("s4", "s1"), "fader_db", 0.5), now_s=100.0 + number * 0.4)
    assert history.position == 2
    history.undo()
    history.undo()
    assert history.session == SESSION


_levels = st.integers(-90_000, 6_000).map(lambda level: level / 1000) | st.just(-math.inf)
_moves = st.floats(-200, 200) | st.sampled_from([0.1, -0.5, math.inf, -math.inf])


@given(st.lists(_levels, min_size=2, max_size=5), st.lists(_moves, max_size=8), st.data())
def test_no_move_loses_the_differences_between_linked_strips(levels, deltas, data):
    strips = tuple(StripState(f"s{n}", f"Strip {n}", fader_db=level) for n, level in enumerate(levels))
    ids = tuple(strip.id for strip in strips)
    session = Session("Song", strips, link_groups=(LinkGroup("l1", "All", ids),))
    for delta in deltas:
        strip = session.strip(data.draw(st.sampled_from(ids)))
        value = strip.fader_db + delta
        if math.isfinite(value):
            session = SetControl(strip.id, "fader_db", value).apply(session)
        session = MoveLinked((strip.id,), "fader_db", delta).apply(session)
    before, after = (
        [level for level in levels if level > -math.inf],
        [level for level in faders(session) if level > -math.inf],
    )
    assert len(before) == len(after)
    moved = [new - old for old, new in zip(before, after, strict=True)]
    assert all(abs(one - moved[0]) < 1e-9 for one in moved)
    assert all(FADER.contains(level) for level in faders(session))


@given(st.floats(-60, 40), st.floats(-60, 40), st.floats(-200, 200))
def test_values_of_many_digits_stay_within_their_range(first, second, delta):
    strips = (StripState("s1", "A", trim_db=first), StripState("s2", "B", trim_db=second))
    after = MoveLinked(("s1", "s2"), "trim_db", delta).apply(Session("Song", strips))
    assert all(TRIM.contains(strip.trim_db) for strip in after.strips)
    assert abs((after.strips[0].trim_db - after.strips[1].trim_db) - (first - second)) <= 0.001 + 1e-9


def test_links_of_a_strip_without_others_change_nothing():
    alone = msgspec.structs.replace(SESSION, link_groups=(LinkGroup("l1", "One", ("s1",)),))
    assert faders(SetControl("s1", "fader_db", -500.0).apply(alone))[0] == -math.inf
