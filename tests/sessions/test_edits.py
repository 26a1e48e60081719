import math

import pytest

from sessions.edits import (
    ExclusiveSolo,
    RelinkStem,
    RenameStrip,
    ReplaceSession,
    SetControl,
    SetLoop,
    SetMonitor,
    SetPanLaw,
    Together,
)
from sessions.model import MASTER_ID, LoopState, Session, SessionError, SourceRef, StripState

SESSION = Session(
    "Song",
    (
        StripState("s1", "Vox 1", SourceRef("/song/Vox.wav", start_s=1.5)),
        StripState("s2", "Kick", SourceRef("/song/Kit.wav", channel=2)),
        StripState("s3", "Pad", SourceRef("/song/Pad.L.wav", "/song/Pad.R.wav")),
    ),
)


@pytest.mark.parametrize(
    ("edit", "label"),
    [
        (SetControl("s1", "fader_db", -6), "Fader Vox 1 -6.0 dB"),
        (SetControl("s1", "fader_db", -200), "Fader Vox 1 off"),
        (SetControl("s1", "trim_db", 3.25), "Trim Vox 1 +3.2 dB"),
        (SetControl("s1", "trim_db", -0.04), "Trim Vox 1 0.0 dB"),
        (SetControl("s2", "pan_percent", -30), "Pan Kick 30 % left"),
        (SetControl("s2", "pan_percent", 12.5), "Pan Kick 12.5 % right"),
        (SetControl("s2", "pan_percent", 0), "Pan Kick centre"),
        (SetControl("s2", "mute", True), "Mute Kick on"),
        (SetControl(MASTER_ID, "fader_db", 0), "Fader master 0.0 dB"),
        (SetMonitor(-12), "Monitor -12.0 dB"),
        (SetMonitor(True, "dim"), "Monitor dim on"),
        (SetMonitor(False, "invert_right"), "Monitor polarity r off"),
        (SetMonitor(-3, "ceiling_dbfs"), "Monitor ceiling -3.0 dBFS"),
        (SetLoop(True, 1.0, 2.5), "Loop 1.0 s to 2.5 s"),
        (SetLoop(True), "Loop 0.0 s to the end"),
        (SetLoop(False), "Loop off"),
        (SetPanLaw("-4.5"), "Pan law -4.5 dB"),
        (RenameStrip("s1", "Lead"), 'Rename "Vox 1" to "Lead"'),
        (RelinkStem("s1", "/a.wav"), "Relink Vox 1"),
        (ExclusiveSolo("s2"), "Exclusive solo Kick"),
        (Together("Trim pass", ()), "Trim pass"),
        (ReplaceSession(SESSION, "Recovered edits"), "Recovered edits"),
    ],
)
def test_label_says_what_is_done_to_whom(edit, label):
    assert edit.label(SESSION) == label


@pytest.mark.parametrize(
    ("control", "asked", "stored"),
    [
        ("trim_db", 70, 40.0),
        ("trim_db", -math.inf, -60.0),
        ("trim_db", 0.1 + 0.2, 0.3),
        ("trim_db", -1e-9, 0.0),
        ("fader_db", -90.1, -math.inf),
        ("fader_db", math.inf, 6.0),
        ("pan_percent", -1000, -100.0),
    ],
)
def test_control_is_stored_within_its_range_and_short(control, asked, stored):
    value = getattr(SetControl("s1", control, asked).apply(SESSION).strip("s1"), control)
    assert value == stored
    assert math.copysign(1.0, value) == math.copysign(1.0, stored)
    assert type(value) is float


def test_switch_is_stored_as_a_switch():
    assert SetControl("s1", "mute", 1.0).apply(SESSION).strip("s1").mute is True
    assert SetControl(MASTER_ID, "invert_left", 1.0).apply(SESSION).master.invert_left is True


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (SetControl("s9", "trim_db", 0), 'no strip has the id "s9"'),
        (SetControl("s1", "treble", 0), 'no control is called "treble"'),
        (SetControl("s1", "name", 0), 'no control is called "name"'),
        (SetControl("s1", "trim_db", math.nan), "trim_db=nan is not a number"),
        (SetControl(MASTER_ID, "solo", True), "the master has no solo"),
        (SetMonitor(math.nan), "volume_db=nan is not a number"),
        (SetMonitor(0.0, "loudness"), 'no control is called "loudness": there are volume_db, dim, mono, mute, '),
        (SetMonitor(math.nan, "ceiling_dbfs"), "ceiling_dbfs=nan is not a number"),
        (SetLoop(True, 2.0, 1.0), "end_s=1 is not after start_s=2"),
        (RenameStrip("s1", " "), 'strip "Vox 1": its name cannot be empty'),
        (RelinkStem("s1", "a.wav"), "not absolute"),
        (ExclusiveSolo("s9"), 'no strip has the id "s9"'),
    ],
)
def test_edit_that_cannot_be_done_says_why(edit, line):
    with pytest.raises(SessionError, match=line):
        edit.apply(SESSION)


def test_exclusive_solo_solos_one_and_then_none():
    both = SetControl("s3", "solo", True).apply(SetControl("s1", "solo", True).apply(SESSION))
    one = ExclusiveSolo("s1").apply(both)
    assert [strip.solo for strip in one.strips] == [True, False, False]
    assert one.strips[1] is SESSION.strips[1]
    none = ExclusiveSolo("s1").apply(one)
    assert none == SESSION


def test_loop_and_pan_law_and_monitor_are_set():
    edit = Together("All", (SetLoop(True, 1.0, 2.0), SetPanLaw("-6"), SetMonitor(-20)))
    after = edit.apply(SESSION)
    assert (after.loop, after.pan_law, after.monitor_db) == (LoopState(True, 1.0, 2.0), "-6", -20.0)


@pytest.mark.parametrize(
    ("control", "asked", "stored"),
    [
        ("volume_db", -200.0, -math.inf),
        ("volume_db", 9.0, 6.0),
        ("dim", 1.0, True),
        ("mono", True, True),
        ("mute", True, True),
        ("invert_right", True, True),
        ("ceiling_dbfs", 3.0, 0.0),
    ],
)
def test_monitor_value_is_stored_within_its_range(control, asked, stored):
    value = getattr(SetMonitor(asked, control).apply(SESSION).monitor, control)
    assert value == stored
    assert type(value) is type(stored)


def test_sweeps_of_one_monitor_value_merge():
    assert SetMonitor(-1.0).merge_key == SetMonitor(-2.0).merge_key != SetMonitor(-1.0, "ceiling_dbfs").merge_key
    assert SetMonitor(True, "dim").merge_key is None


def test_together_does_all_or_nothing():
    with pytest.raises(SessionError):
        Together("All", (SetMonitor(-20), SetControl("s9", "mute", True))).apply(SESSION)


def test_relinked_stem_keeps_its_place_and_channel():
    assert RelinkStem("s1", "/b/../b/Vox.wav").apply(SESSION).strip("s1").source == SourceRef("/b/Vox.wav", start_s=1.5)
    assert RelinkStem("s2", "/b.wav").apply(SESSION).strip("s2").source == SourceRef("/b.wav", channel=2)


def test_pair_is_relinked_to_a_pair_or_to_one_file():
    pair = RelinkStem("s3", "/l.wav", "/r.wav").apply(SESSION).strip("s3").source
    assert pair == SourceRef("/l.wav", "/r.wav")
    assert RelinkStem("s3", "/stereo.wav").apply(SESSION).strip("s3").source == SourceRef("/stereo.wav")


def test_rename_joins_spaces():
    assert RenameStrip("s1", "  Lead \t Vox ").apply(SESSION).strip("s1").name == "Lead Vox"
