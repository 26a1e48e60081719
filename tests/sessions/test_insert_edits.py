import math

import pytest

from engine.mix import INSERT_SLOTS, MASTER_ID
from sessions.insert_edits import (
    AddInsert,
    CopyInsert,
    MoveInsert,
    RemoveInsert,
    ReplaceInsert,
    SetInsertControl,
    SetInsertParam,
)
from sessions.model import InsertState, MasterState, Session, SessionError, StripState

UTILITY = InsertState("utility", bypass=True, mix_percent=50.0).with_value("gain_db", -3.0)


@pytest.fixture
def session():
    return Session(
        "Song",
        (
            StripState("s1", "Vox", inserts=(InsertState("tester"), None, UTILITY)),
            StripState("s2", "Kick"),
            StripState("s3", "Full", inserts=(UTILITY,) * INSERT_SLOTS),
        ),
        master=MasterState(inserts=(UTILITY,)),
    )


def kinds(session, strip_id="s1") -> list[str | None]:
    return [insert and insert.kind for insert in session.channel(strip_id).inserts]


def test_insert_comes_into_the_first_empty_slot_with_the_defaults_of_its_kind(session):
    after = AddInsert("s1", "utility").apply(session)
    assert kinds(after) == ["tester", "utility", "utility"]
    assert after.strips[0].insert(2) == InsertState("utility")
    assert kinds(AddInsert("s2", "tester", 8).apply(session), "s2") == [None] * 7 + ["tester"]
    assert kinds(AddInsert(MASTER_ID, "tester").apply(session), MASTER_ID) == ["utility", "tester"]


def test_removed_insert_leaves_the_others_their_slots(session):
    assert kinds(RemoveInsert("s1", 1).apply(session)) == [None, None, "utility"]
    assert kinds(RemoveInsert("s1", 3).apply(session)) == ["tester"]
    assert RemoveInsert(MASTER_ID, 1).apply(session).master == MasterState()


def test_replaced_insert_is_as_new(session):
    after = ReplaceInsert("s1", 3, "tester").apply(session)
    assert after.strips[0].insert(3) == InsertState("tester")


def test_moved_insert_changes_places_with_what_is_there(session):
    assert MoveInsert("s1", 1, 3).apply(session).strips[0].inserts == (UTILITY, None, InsertState("tester"))
    assert MoveInsert("s1", 3, 2).apply(session).strips[0].inserts == (InsertState("tester"), UTILITY)
    assert MoveInsert("s1", 3, 3).apply(session) == session


def test_copied_insert_keeps_all_its_values(session):
    assert CopyInsert("s1", 3, "s2").apply(session).strips[1].inserts == (UTILITY,)
    assert CopyInsert("s1", 3, "s1").apply(session).strips[0].insert(2) == UTILITY
    assert CopyInsert("s1", 3, MASTER_ID, 4).apply(session).master.insert(4) == UTILITY
    assert CopyInsert(MASTER_ID, 1, "s2", 2).apply(session).strips[1].inserts == (None, UTILITY)


@pytest.mark.parametrize(
    ("control", "asked", "stored"),
    [("bypass", 1.0, True), ("mix_percent", 120, 100.0), ("output_db", -3, -3.0), ("output_db", -70, -60.0)],
)
def test_what_every_slot_has_is_set_within_its_range(session, control, asked, stored):
    value = getattr(SetInsertControl("s1", 1, control, asked).apply(session).strips[0].insert(1), control)
    assert value == stored
    assert type(value) is type(stored)


@pytest.mark.parametrize(
    ("param", "asked", "stored"),
    [
        ("output_db", -3, -3.0),
        ("output_db", 90.0, 12.0),
        ("kind", 0.0, 0.0),
        ("kind", 7.4, 2.0),
        ("kind", math.inf, 2.0),
        ("kind", "tape", 0.0),
        ("bypass", False, 0.0),
        ("cutoff_hz", 123.45678, 123.457),
        ("depth_db", -61.0, -math.inf),
        ("depth_db", -math.inf, -math.inf),
        ("ratio", 0.5, 1.0),
    ],
)
def test_parameter_is_stored_within_its_range(session, param, asked, stored):
    insert = SetInsertParam("s1", 1, param, asked).apply(session).strips[0].insert(1)
    assert insert.value(param) == stored
    assert all(type(value) is float for value in insert.params)
    others = [spec for spec in ("output_db", "kind", "bypass", "cutoff_hz", "depth_db", "ratio") if spec != param]
    assert all(insert.value(other) == InsertState("tester").value(other) for other in others)


@pytest.mark.parametrize(
    ("edit", "label"),
    [
        (AddInsert("s1", "utility"), "Add Utility to Vox, slot 2"),
        (AddInsert(MASTER_ID, "tester", 3), "Add Tester to master, slot 3"),
        (RemoveInsert("s1", 1), "Remove Tester from Vox"),
        (ReplaceInsert("s1", 1, "utility"), "Replace Tester of Vox by Utility"),
        (MoveInsert("s1", 1, 8), "Move Tester of Vox to slot 8"),
        (CopyInsert("s1", 1, "s2"), "Copy Tester from Vox to Kick"),
        (SetInsertControl("s1", 1, "bypass", True), "Tester Bypass Vox on"),
        (SetInsertControl("s1", 1, "mix_percent", 50), "Tester Mix Vox 50 %"),
        (SetInsertControl(MASTER_ID, 1, "output_db", -1), "Utility Output master -1.0 dB"),
        (SetInsertParam("s1", 1, "cutoff_hz", 2500), "Tester Cutoff Vox 2500 Hz"),
        (SetInsertParam("s1", 1, "ratio", 2), "Tester Ratio Vox 2"),
        (SetInsertParam("s1", 1, "kind", "tape"), "Tester Kind Vox tape"),
        (SetInsertParam("s1", 1, "bypass", False), "Tester Bypass Vox off"),
        (SetInsertParam("s1", 1, "depth_db", -math.inf), "Tester Depth Vox off"),
    ],
)
def test_label_says_what_is_done_to_whom(session, edit, label):
    edit.apply(session)
    assert edit.label(session) == label


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (AddInsert("s1", "utilty"), 'insert: kind="utilty" is no processor, did you mean "utility"?'),
        (AddInsert("s1", "utility", 1), 'strip "Vox": insert slot 1 holds Tester, replace or remove it first'),
        (AddInsert("s1", "utility", 9), 'strip "Vox": there is no insert slot 9, only 1 to 8'),
        (AddInsert("s1", "utility", 0), 'strip "Vox": there is no insert slot 0, only 1 to 8'),
        (AddInsert("s3", "utility"), 'strip "Full": all 8 insert slots are taken, remove an insert first'),
        (RemoveInsert("s1", 2), 'strip "Vox": insert slot 2 is empty'),
        (RemoveInsert(MASTER_ID, 2), "master: insert slot 2 is empty"),
        (ReplaceInsert("s1", 2, "utility"), 'strip "Vox": insert slot 2 is empty'),
        (MoveInsert("s1", 2, 1), 'strip "Vox": insert slot 2 is empty'),
        (MoveInsert("s1", 1, 9), 'strip "Vox": there is no insert slot 9, only 1 to 8'),
        (CopyInsert("s1", 2, "s2"), 'strip "Vox": insert slot 2 is empty'),
        (CopyInsert("s1", 1, "s3"), 'strip "Full": all 8 insert slots are taken, remove an insert first'),
        (CopyInsert("s1", 1, "s3", 2), 'strip "Full": insert slot 2 holds Utility, replace or remove it first'),
        (CopyInsert("s1", 1, "s9"), 'no strip has the id "s9"'),
        (
            SetInsertControl("s1", 1, "mix", 0),
            'no control is called "mix": there are bypass, mix_percent, output_db, intended_drive',
        ),
        (SetInsertControl("s1", 1, "mix_percent", math.nan), "mix_percent=nan is not a number"),
        (SetInsertParam("s1", 1, "rato", 2), 'insert "Tester": it has no parameter "rato", did you mean "ratio"?'),
        (SetInsertParam("s1", 1, "ratio", math.nan), "ratio=nan is not a number"),
        (
            SetInsertParam("s1", 1, "kind", "reel"),
            'strip "Vox", insert 1: kind="reel" is not one of tape, 15 ips, a "b"',
        ),
        (SetInsertParam("s1", 1, "ratio", "2"), 'strip "Vox", insert 1: ratio="2" is not one of its values'),
    ],
)
def test_edit_that_cannot_be_done_says_why(session, edit, line):
    with pytest.raises(SessionError) as error:
        edit.apply(session)
    assert str(error.value) == line


def test_changes_of_the_same_value_of_the_same_slot_merge():
    ratio = SetInsertParam("s1", 1, "ratio", 2.0)
    assert ratio.merge_key == SetInsertParam("s1", 1, "ratio", 3.0).merge_key
    others = [
        SetInsertParam("s2", 1, "ratio", 2.0),
        SetInsertParam("s1", 2, "ratio", 2.0),
        SetInsertParam("s1", 1, "output_db", 2.0),
        SetInsertControl("s1", 1, "output_db", 2.0),
    ]
    assert ratio.merge_key not in [other.merge_key for other in others]
    assert SetInsertControl("s1", 1, "output_db", 2.0).merge_key not in [other.merge_key for other in others[:3]]


def test_each_press_of_a_switch_is_a_step():
    assert SetInsertControl("s1", 1, "bypass", True).merge_key is None
    assert SetInsertParam("s1", 1, "bypass", True).merge_key is None
