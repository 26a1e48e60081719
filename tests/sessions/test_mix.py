import math
from dataclasses import replace

from hypothesis import given

from engine.mix import MASTER, Insert, Loop, Mix, Monitor, Send, Stem, Strip, StripControls
from sessions.edits import RelinkStem, SetControl, SetMonitor
from sessions.group_edits import AddMuteGroup, SwitchMuteGroup
from sessions.insert_edits import AddInsert, SetInsertParam
from sessions.mix import mix_of
from sessions.model import (
    MASTER_ID,
    InsertState,
    LoopState,
    MasterState,
    MonitorState,
    MuteGroup,
    SendState,
    Session,
    SourceRef,
    StripState,
)
from sessions.send_edits import SetSend
from sessions.sum_edits import RemoveSum, SetOutput
from tests.sessions.strategies import sessions

SESSION = Session(
    "Song",
    (
        StripState("s1", "Vox", SourceRef("/vox.wav", start_s=1.5), trim_db=-3.0, fader_db=-6.0, solo=True),
        StripState("s2", "Pad", SourceRef("/l.wav", "/r.wav"), pan_percent=20.0, mute=True, invert_right=True),
        StripState("s3", "Room", SourceRef("/room.wav", channel=3), invert_left=True),
        StripState("s4", "Empty"),
    ),
    sample_rate_hz=96000,
    pan_law="-4.5",
    monitor=MonitorState(-20.0),
    loop=LoopState(True, 1.0, 2.0),
    master=MasterState(trim_db=-1.0, fader_db=-2.0, pan_percent=3.0, mute=True, invert_left=True, invert_right=True),
)


def test_every_value_reaches_the_engine():
    assert mix_of(SESSION) == Mix(
        96000,
        (
            Strip("s1", "Vox", Stem("/vox.wav", 1.5), StripControls(trim_db=-3.0, fader_db=-6.0, solo=True)),
            Strip(
                "s2",
                "Pad",
                Stem("/l.wav", right_path="/r.wav"),
                StripControls(pan_percent=20.0, mute=True, invert_right=True),
            ),
            Strip("s3", "Room", Stem("/room.wav", channel=3), StripControls(invert_left=True)),
            Strip("s4", "Empty", Stem(None)),
        ),
        replace(MASTER, controls=StripControls(-1.0, -2.0, 3.0, mute=True, invert_left=True, invert_right=True)),
        "-4.5",
        Monitor(-20.0),
        Loop(True, 1.0, 2.0),
    )


def test_every_value_of_a_console_reaches_the_engine():
    tester = InsertState("tester", (-3.0, 2.0, 0.0, 500.0, -math.inf, 2.0), True, 50.0, -1.0)
    send = SendState("r1", -12.0, 30.0, mute=True, before_fader=True)
    session = Session(
        "Song",
        (
            StripState("r1", "Room", kind="return", listen="after"),
            StripState("s1", "Vox", output="b1", inserts=(None, tester), sends=(None, send)),
            StripState("b1", "Band", kind="bus", output=None, solo=True, solo_safe=True),
        ),
        monitor=MonitorState(-20.0, True, True, True, True, -3.0),
        master=MasterState(inserts=(InsertState("utility"),)),
        mute_groups=(MuteGroup("m1", "All", ("s1",), on=True),),
    )
    mix = mix_of(session)
    assert mix.strips == (
        Strip(
            "s1",
            "Vox",
            inserts=(None, Insert("tester", (-3.0, 2.0, 0.0, 500.0, -math.inf, 2.0), True, 50.0, -1.0)),
            sends=(None, Send("r1", -12.0, 30.0, mute=True, before_fader=True)),
            output="b1",
        ),
        Strip("b1", "Band", controls=StripControls(solo=True, solo_safe=True), kind="bus", output=None),
        Strip("r1", "Room", controls=StripControls(listen="after"), kind="return"),
    )
    assert mix.master.inserts == (Insert("utility", InsertState("utility").params),)
    assert (mix.master.kind, mix.master.output, mix.master.sends) == ("master", None, ())
    assert mix.monitor == Monitor(-20.0, True, True, True, True, -3.0)


def test_only_the_strips_that_an_edit_changes_are_new():
    session = Session(
        "Song",
        (*SESSION.strips, StripState("b1", "Band", kind="bus"), StripState("r1", "Room", kind="return")),
    )
    edits = (
        (AddInsert("s2", "utility"), {"s2"}),
        (SetInsertParam("s2", 1, "gain_db", -3.0), {"s2"}),
        (SetOutput("s1", "b1"), {"s1"}),
        (SetSend("s3", "a", "r1"), {"s3"}),
        (AddMuteGroup("All", ("s1", "s2", "b1")), set()),
        (SwitchMuteGroup("m1", True), {"s1", "b1"}),
        (SetMonitor(True, "dim"), set()),
        (AddInsert(MASTER_ID, "utility"), set()),
        (RemoveSum("b1"), {"s1"}),
    )
    for edit, changed in edits:
        before = {strip.id: strip for strip in mix_of(session).strips}
        session = edit.apply(session)
        assert {strip.id for strip in mix_of(session).strips if strip is not before[strip.id]} == changed


def test_unchanged_strips_are_the_same_objects():
    before = mix_of(SESSION)
    after = mix_of(SetControl("s2", "trim_db", -1.0).apply(SESSION))
    same = [one is other for one, other in zip(before.strips, after.strips, strict=True)]
    assert same == [True, False, True, True]


def test_an_edit_elsewhere_leaves_all_strips_the_same_objects():
    before = mix_of(SESSION)
    for edit in (SetMonitor(-3.0), SetControl(MASTER_ID, "fader_db", -3.0)):
        after = mix_of(edit.apply(SESSION))
        assert all(one is other for one, other in zip(before.strips, after.strips, strict=True))


def test_strips_stay_the_same_objects_through_a_long_sweep_of_one():
    session = Session("Song", tuple(StripState(f"s{n}", f"Strip {n}") for n in range(128)))
    before = mix_of(session)
    for step in range(1000):
        after = mix_of(SetControl("s0", "trim_db", step * 0.01).apply(session))
    assert all(one is other for one, other in zip(before.strips[1:], after.strips[1:], strict=True))


def test_relinked_stem_is_another():
    after = mix_of(RelinkStem("s1", "/other.wav").apply(SESSION))
    assert after.strips[0].stem == Stem("/other.wav", 1.5)


@given(sessions)
def test_any_session_has_a_mix_in_its_order(session):
    mix = mix_of(session)
    assert [(strip.id, strip.name) for strip in mix.strips] == [(strip.id, strip.name) for strip in session.strips]
