"""Flags while a song plays: what begins anew with which change, and how long something stays said."""

from dataclasses import replace

import pytest

from engine.meters.frame import AFTER_FADER, INPUT, Evidence
from sessions.edits import ExclusiveSolo, RenameStrip, SetControl, SetMonitor, SetPanLaw
from sessions.flag_causes import explain
from sessions.flag_edits import intend
from sessions.flag_watch import FlagWatch
from sessions.flags import Point
from sessions.insert_edits import AddInsert, RemoveInsert, SetInsertParam
from sessions.model import MASTER_ID, Session, StripState
from sessions.send_edits import SetSend, SetSendControl
from sessions.sum_edits import AddSum, SetListen, SetOutput
from tests.sessions.evidence import frame_of
from tests.sessions.test_flags import edited

SESSION = edited(
    Session("Song", (StripState("s1", "Kick"), StripState("s2", "Vox"))),
    AddSum("bus", "Drums"), AddSum("return", "Plate"), SetOutput("s1", "b1"), SetSend("s2", "a", "r1"),
    AddInsert("s1", "compressor"), AddInsert("s2", "equaliser"), AddInsert("b1", "bus_compressor"),
)  # fmt: skip
HOT = {strip_id: [-8.0] for strip_id in ("s1", "s2", "b1", "r1", MASTER_ID)}
COMPRESSOR = Point("s1", "insert", 1)


@pytest.mark.parametrize(
    ("edit", "begun"),
    [
        (SetControl("s1", "trim_db", -3.0), {INPUT: ("s1", "b1", MASTER_ID)}),
        (SetControl("s1", "fader_db", -3.0), {INPUT: ("b1", MASTER_ID), AFTER_FADER: ("s1",)}),
        (SetControl("s2", "fader_db", -3.0), {INPUT: ("r1", MASTER_ID), AFTER_FADER: ("s2",)}),
        (SetSendControl("s2", "a", "level_db", -3.0), {INPUT: ("r1", MASTER_ID), AFTER_FADER: ("s2",)}),
        (SetInsertParam("b1", 1, "threshold_db", -30.0), {INPUT: ("b1", MASTER_ID)}),
        (SetOutput("s1", MASTER_ID), {INPUT: ("b1", MASTER_ID), AFTER_FADER: ("s1",)}),
        (SetControl(MASTER_ID, "trim_db", -3.0), {INPUT: (MASTER_ID,)}),
        (SetControl(MASTER_ID, "fader_db", -3.0), {AFTER_FADER: (MASTER_ID,)}),
        (SetPanLaw("-4.5"), {INPUT: ("b1", "r1", MASTER_ID), AFTER_FADER: ("s1", "s2")}),
        (SetMonitor(-3.0), {}),
        (RenameStrip("s1", "Bass drum"), {}),
        (SetListen("s1", "before"), {}),
        (intend(COMPRESSOR, True), {}),
    ],
)
def test_a_change_makes_the_evidence_behind_it_begin_anew(edit, begun):
    assert FlagWatch().follow(SESSION, edit.apply(SESSION)) == begun


def watched(frame, session=SESSION):
    watch = FlagWatch()
    watch.take(session, frame, 0.0)
    return watch


def unheard(frame):
    evidence = frame.evidence
    return replace(frame, evidence=Evidence(evidence.average_dbfs, evidence.peak_dbfs, 0.0 * evidence.sounding_s))


def test_what_was_said_stays_said_until_there_is_new_evidence():
    frame = frame_of(SESSION, HOT, crest_db=5.0, playing=True)
    watch = watched(frame)
    louder = SetControl("s1", "trim_db", 3.0).apply(SESSION)
    watch.follow(SESSION, louder)
    watch.take(louder, unheard(frame), 0.5)
    assert watch.verdicts[COMPRESSOR].state == "hot"
    watch.take(louder, frame_of(louder, {"s1": [-18.0]}), 1.0)
    assert watch.verdicts[COMPRESSOR].state == "ok"


@pytest.mark.parametrize(
    ("edit", "stale"),
    [
        (SetControl("s1", "trim_db", -3.0), {"s1", "b1", MASTER_ID}),
        (SetControl("s1", "fader_db", -3.0), {"b1", MASTER_ID}),
    ],
)
def test_what_was_said_before_a_change_is_not_put_right_twice(edit, stale):
    frame = frame_of(SESSION, HOT, crest_db=5.0, playing=True)
    watch = watched(frame)
    after = edit.apply(SESSION)
    watch.follow(SESSION, after)
    assert {point.strip_id for point, verdict in watch.verdicts.items() if verdict.is_stale} == stale
    for point, verdict in watch.verdicts.items():
        explanation = explain(after, frame.evidence, verdict)
        assert not verdict.is_stale or (explanation.fix is None and explanation.why == "to be heard again")
        assert verdict.is_stale or explanation.fix is not None or not verdict.is_raised, point
    watch.take(after, unheard(frame), 0.5)
    assert watch.verdicts[Point("b1", "insert", 1)].is_stale
    watch.take(after, frame_of(after, HOT, crest_db=5.0), 1.0)
    assert not any(verdict.is_stale for verdict in watch.verdicts.values())


def test_what_was_said_before_a_change_is_dropped_when_the_song_has_played_without_any():
    frame = frame_of(SESSION, HOT, crest_db=5.0, playing=True)
    watch = watched(frame)
    watch.follow(SESSION, SetControl("s1", "trim_db", 3.0).apply(SESSION))
    for second in range(1, 13):
        watch.take(SESSION, unheard(frame), float(second))
    assert COMPRESSOR not in watch.verdicts
    assert Point("s2", "insert", 1) in watch.verdicts


def test_nothing_is_dropped_while_the_song_stands():
    frame = frame_of(SESSION, HOT, crest_db=5.0, playing=False)
    watch = watched(frame)
    watch.follow(SESSION, SetControl("s1", "trim_db", 3.0).apply(SESSION))
    for second in range(1, 13):
        watch.take(SESSION, unheard(frame), float(second))
    assert watch.verdicts[COMPRESSOR].state == "hot"


def test_sums_are_not_judged_by_what_is_left_of_them_while_something_is_solo():
    watch = watched(frame_of(SESSION, HOT, crest_db=5.0))
    solo = ExclusiveSolo("s2").apply(SESSION)
    watch.take(solo, frame_of(solo, {**HOT, "b1": [-60.0], "s2": [-18.0]}, crest_db=5.0), 1.0)
    assert watch.verdicts[Point("b1", "insert", 1)].state == "hot"
    assert watch.verdicts[Point("s2", "insert", 1)].state == "ok"


def test_overs_that_were_seen_are_forgotten_and_the_rest_stays():
    watch = watched(frame_of(SESSION, HOT, crest_db=5.0, peaks={"s1": 2.0}))
    assert watch.verdicts[COMPRESSOR].state == "over"
    watch.clear()
    assert COMPRESSOR not in watch.verdicts
    assert watch.verdicts[Point("s2", "insert", 1)].state == "hot"


def test_what_is_meant_to_be_so_is_a_note_at_once():
    watch = watched(frame_of(SESSION, HOT, crest_db=5.0))
    watch.follow(SESSION, intend(COMPRESSOR, True).apply(SESSION))
    assert watch.verdicts[COMPRESSOR].is_note


def test_what_was_said_of_an_insert_goes_with_it():
    watch = watched(frame_of(SESSION, HOT, crest_db=5.0))
    other = RemoveInsert("s1", 1).apply(SESSION)
    watch.follow(SESSION, other)
    assert COMPRESSOR not in watch.verdicts
    watch.follow(other, AddInsert("s1", "gate").apply(other))
    assert COMPRESSOR not in watch.verdicts


def test_evidence_is_judged_once():
    frame = frame_of(SESSION, HOT)
    watch = watched(frame)
    before = watch.verdicts
    watch.take(SESSION, frame, 1.0)
    assert watch.verdicts is before
