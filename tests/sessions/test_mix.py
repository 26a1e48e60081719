from dataclasses import replace

from hypothesis import given

from engine.mix import MASTER, Loop, Mix, Monitor, Stem, Strip, StripControls
from sessions.edits import RelinkStem, SetControl, SetMonitor
from sessions.mix import mix_of
from sessions.model import MASTER_ID, LoopState, MasterState, Session, SourceRef, StripState
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
    monitor_db=-20.0,
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
