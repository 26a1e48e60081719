"""Hot, cold and over: what is said of the level at every insert input, strip input and send, why, and what to do."""

import math
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from engine.meters.frame import AFTER_FADER, AFTER_TRIM, AT_SEND, INPUT
from sessions.edits import SetControl
from sessions.flag_causes import explain
from sessions.flag_edits import intend
from sessions.flags import DRIVEN, HYSTERESIS_DB, LEAST_S, Point, judge
from sessions.group_edits import AddLinkGroup
from sessions.insert_edits import AddInsert, SetInsertControl
from sessions.model import MASTER_ID, Session, StripState
from sessions.send_edits import SetSend, SetSendControl
from sessions.sum_edits import AddSum, SetOutput
from tests.frames import changed
from tests.sessions.evidence import frame_of


def edited(session, *edits):
    for edit in edits:
        session = edit.apply(session)
    return session


VOX = Session("Song", (StripState("s1", "Vox"),))
CHAIN = edited(VOX, AddInsert("s1", "equaliser"), AddInsert("s1", "compressor"), AddInsert("s1", "saturator"))
SATURATOR = Point("s1", "insert", 3)


def test_a_chain_of_boosts_makes_the_last_insert_hot_by_their_sum_and_names_them():
    frame = frame_of(CHAIN, {"s1": [-18.0, -18.0, -14.0, -8.0, -9.0]}, crest_db=6.0)
    verdict = judge(CHAIN, frame, {})[SATURATOR]
    assert (verdict.state, verdict.by_db) == ("hot", pytest.approx(10.0))
    explanation = explain(CHAIN, frame.evidence, verdict)
    assert [(cause.place, pytest.approx(cause.gain_db)) for cause in explanation.causes] == [("2", 6.0), ("1", 4.0)]
    assert explanation.why == "2 Compressor adds 6.0 dB, 1 Equaliser adds 4.0 dB"
    assert explanation.fix.words == "Vox: output of 2 Compressor -10.0 dB, to -10.0"
    assert explanation.fix.edit(CHAIN) == SetInsertControl("s1", 2, "output_db", -10.0)


def test_a_sine_at_the_operating_level_is_ok_everywhere():
    session = edited(
        CHAIN,
        AddSum("bus", "B"),
        SetOutput("s1", "b1"),
        AddInsert("b1", "bus_compressor"),
        AddInsert(MASTER_ID, "tape"),
    )
    frame = frame_of(session, {"s1": [-18.0], "b1": [-18.0], MASTER_ID: [-18.0]}, crest_db=0.0)
    verdicts = judge(session, frame, {})
    assert len(verdicts) == 3 + 3 + 1 + 1
    assert {verdict.state for verdict in verdicts.values()} == {"ok"}


def test_a_kick_with_a_low_average_and_high_peaks_is_not_cold():
    frame = frame_of(CHAIN, {"s1": [-24.0]}, peaks={"s1": -1.0})
    for point, verdict in judge(CHAIN, frame, {}).items():
        assert verdict.state != "cold", point
    low = frame_of(CHAIN, {"s1": [-26.0]}, peaks={"s1": -10.0})
    assert {verdict.state for verdict in judge(CHAIN, low, {}).values()} == {"ok"}


def test_peaks_far_above_what_the_insert_is_made_for_are_hot_whatever_the_average():
    verdict = judge(CHAIN, frame_of(CHAIN, {"s1": [-24.0]}, peaks={"s1": -1.0}), {})[SATURATOR]
    assert (verdict.state, verdict.by_db, verdict.by_peaks) == ("hot", pytest.approx(5.0), True)


def test_cold_says_how_far_the_nearer_of_average_and_peaks_lies_below():
    verdict = judge(CHAIN, frame_of(CHAIN, {"s1": [-40.0]}, peaks={"s1": -22.0}), {})[SATURATOR]
    assert (verdict.state, verdict.by_db) == ("cold", pytest.approx(16.0))


def test_over_and_hot_are_two_things():
    frame = frame_of(CHAIN, {"s1": [-8.0]}, peaks={"s1": 1.5})
    verdict = judge(CHAIN, frame, {})[SATURATOR]
    assert verdict.words == "OVER by 1.5 dB, HOT by 10.0 dB"
    assert explain(CHAIN, frame.evidence, verdict).fix.change_db == pytest.approx(-10.0)


def test_silence_has_no_flag():
    assert judge(CHAIN, frame_of(CHAIN, {}), {}) == {}


def test_too_little_sound_says_nothing_new():
    hot, soon = (frame_of(CHAIN, {"s1": [-8.0]}, sounding_s=s) for s in (20.0, 0.5 * LEAST_S))
    before = judge(CHAIN, hot, {})
    assert judge(CHAIN, soon, {}) == {}
    assert judge(CHAIN, soon, before) == {point: replace(said, is_stale=True) for point, said in before.items()}


def test_a_state_is_left_later_than_it_is_entered():
    limit = -18.0 + DRIVEN.hot_db
    between = frame_of(CHAIN, {"s1": [limit - 0.5 * HYSTERESIS_DB]})
    assert judge(CHAIN, between, {})[SATURATOR].state == "ok"
    before = judge(CHAIN, frame_of(CHAIN, {"s1": [-12.0]}), {})
    assert before[SATURATOR].state == "hot"
    assert judge(CHAIN, between, before)[SATURATOR].state == "hot"
    assert judge(CHAIN, frame_of(CHAIN, {"s1": [limit - 2.0 * HYSTERESIS_DB]}), before)[SATURATOR].state == "ok"


def test_a_bypassed_insert_is_neither_judged_nor_a_cause():
    session = edited(CHAIN, SetInsertControl("s1", 2, "bypass", True))
    frame = frame_of(session, {"s1": [-18.0, -18.0, -8.0, -8.0]})
    verdicts = judge(session, frame, {})
    assert Point("s1", "insert", 2) not in verdicts
    assert [cause.place for cause in explain(session, frame.evidence, verdicts[SATURATOR]).causes] == ["1"]


def test_a_hot_recording_is_put_right_by_the_trim():
    frame = frame_of(CHAIN, {"s1": [-6.0]})
    verdict = judge(CHAIN, frame, {})[Point("s1", "insert", 1)]
    explanation = explain(CHAIN, frame.evidence, verdict)
    assert explanation.why == "it comes in 12.0 dB above -18"
    assert explanation.fix.words == "Vox: trim -12.0 dB, to -12.0"


def test_what_the_trim_has_made_up_for_is_no_cause_and_is_not_put_right_again():
    frame = frame_of(CHAIN, {"s1": [-42.0, -19.0, -19.0, -26.0, -26.0]}, crest_db=6.0)
    explanation = explain(CHAIN, frame.evidence, judge(CHAIN, frame, {})[SATURATOR])
    assert explanation.why == "2 Compressor takes 7.0 dB, after the trim it is 1.0 dB below -18"
    assert explanation.fix.words == "Vox: output of 2 Compressor +8.0 dB, to +8.0, its fader to -8.0"


def test_a_trim_that_is_too_high_is_named_though_it_makes_up_for_a_little():
    frame = frame_of(CHAIN, {"s1": [-19.0, -13.0]}, crest_db=6.0)
    explanation = explain(CHAIN, frame.evidence, judge(CHAIN, frame, {})[Point("s1", "insert", 1)])
    assert explanation.why == "the trim adds 6.0 dB"
    assert explanation.fix.words == "Vox: trim -5.0 dB, to -5.0"


def test_what_comes_in_and_the_trim_are_put_right_together():
    frame = frame_of(CHAIN, {"s1": [-15.0, -12.0, -8.0]}, crest_db=6.0)
    explanation = explain(CHAIN, frame.evidence, judge(CHAIN, frame, {})[SATURATOR])
    assert explanation.why == "1 Equaliser adds 4.0 dB, it comes in 3.0 dB above -18, the trim adds 3.0 dB"
    assert explanation.fix.words == "Vox: trim -10.0 dB, to -10.0"


LINKED = edited(
    Session("Song", (StripState("s1", "Left"), StripState("s2", "Right", trim_db=-55.0), StripState("s3", "Room"))),
    AddInsert("s1", "equaliser"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (("s1", "s3"), "Left: trim -12.0 dB, to -12.0, and Room with it"),
        (("s1", "s2", "s3"), "Left: trim -5.0 dB, to -5.0, and 2 others with it"),
    ],
)
def test_a_fix_says_what_is_linked_and_how_far_all_of_it_can_go(members, words):
    session = AddLinkGroup("Pair", members).apply(LINKED)
    frame = frame_of(session, {"s1": [-6.0]}, crest_db=6.0)
    fix = explain(session, frame.evidence, judge(session, frame, {})[Point("s1", "insert", 1)]).fix
    assert fix.words == words
    assert fix.edit(session).apply(session).strip("s1").trim_db == fix.value_db


def test_a_stem_without_inserts_has_the_window_of_what_is_recorded():
    for level, state in ((-11.0, "hot"), (-13.0, "ok"), (-20.0, "ok"), (-28.0, "cold")):
        verdict = judge(VOX, frame_of(VOX, {"s1": [level]}, crest_db=5.0), {})[Point("s1", "input")]
        assert verdict.state == state, level


def test_what_the_trim_puts_right_is_right():
    frame = frame_of(VOX, {"s1": {INPUT: -4.0, AFTER_TRIM: -18.0}})
    assert judge(VOX, frame, {})[Point("s1", "input")].state == "ok"


def test_a_clipped_file_is_over_and_nothing_in_the_mix_helps():
    frame = frame_of(VOX, {"s1": [-18.0]})
    overs = np.zeros_like(frame.overs)
    overs[0, INPUT] = 4
    frame = changed(frame, overs=overs, hold_dbfs=np.minimum(frame.hold_dbfs, 0.0))
    verdict = judge(VOX, frame, {})[Point("s1", "input")]
    assert verdict.state == "over"
    explanation = explain(VOX, frame.evidence, verdict)
    assert explanation.fix is None
    assert explanation.advice == "record it again with less gain: what is cut off stays cut off"


def test_a_cold_strip_whose_trim_is_at_its_end_is_not_to_be_recorded_with_less_gain():
    session = edited(VOX, SetControl("s1", "trim_db", 40.0))
    frame = frame_of(session, {"s1": {INPUT: -70.0, AFTER_TRIM: -30.0}})
    explanation = explain(session, frame.evidence, judge(session, frame, {})[Point("s1", "input")])
    assert explanation.fix is None
    assert explanation.advice.startswith("change what comes before")


def test_the_input_of_a_strip_with_inserts_is_said_by_the_first_of_them():
    frame = frame_of(CHAIN, {"s1": [-4.0]})
    verdicts = judge(CHAIN, frame, {})
    assert verdicts[Point("s1", "input")].state == "ok"
    assert verdicts[Point("s1", "insert", 1)].state == "over"


def test_peaks_that_are_too_high_are_explained_by_peaks():
    frame = frame_of(CHAIN, {"s1": [-21.0]}, peaks={"s1": -1.0})
    explanation = explain(CHAIN, frame.evidence, judge(CHAIN, frame, {})[Point("s1", "insert", 1)])
    assert explanation.why == "its peaks come in 5.0 dB above -6"
    assert explanation.fix.words == "Vox: trim -5.0 dB, to -5.0"


BUSES = edited(
    Session("Song", (StripState("s1", "Kick"), StripState("s2", "Snare"))),
    AddSum("bus", "Drums"), SetOutput("s1", "b1"), SetOutput("s2", "b1"), AddInsert("b1", "bus_compressor"),
)  # fmt: skip


def test_a_hot_bus_names_who_brings_most_and_is_put_right_by_its_input_trim():
    levels = {"s1": {INPUT: -18.0, AFTER_FADER: -10.0}, "s2": {INPUT: -18.0, AFTER_FADER: -20.0}, "b1": [-9.5]}
    frame = frame_of(BUSES, levels)
    verdict = judge(BUSES, frame, {})[Point("b1", "insert", 1)]
    explanation = explain(BUSES, frame.evidence, verdict)
    assert explanation.why == "what comes in is 8.5 dB above -18, 91% of it from Kick"
    assert explanation.fix.words == "Drums: input trim -8.5 dB, to -8.5"


SENDS = edited(
    VOX, AddSum("return", "Plate"), AddInsert("r1", "reverb"), SetSend("s1", "a", "r1"),
    SetSendControl("s1", "a", "level_db", 4.0),
)  # fmt: skip


def test_a_hot_send_is_turned_down_itself():
    frame = frame_of(SENDS, {"s1": {INPUT: -12.0, AT_SEND: -8.0}, "r1": [-8.0]})
    verdicts = judge(SENDS, frame, {})
    explanation = explain(SENDS, frame.evidence, verdicts[Point("s1", "send", 0)])
    assert [cause.place for cause in explanation.causes] == ["input", "a"]
    assert explanation.fix.words == "Vox: send a to Plate -10.0 dB, to -6.0"
    hot_return = explain(SENDS, frame.evidence, verdicts[Point("r1", "insert", 1)])
    assert hot_return.why == "what comes in is 10.0 dB above -18, all of it from Vox"
    assert hot_return.fix == explanation.fix


def test_a_little_on_a_send_or_a_return_is_never_cold():
    frame = frame_of(SENDS, {"s1": {INPUT: -18.0, AT_SEND: -50.0}, "r1": [-50.0]})
    assert "cold" not in {verdict.state for verdict in judge(SENDS, frame, {}).values()}


@pytest.mark.parametrize("point", [SATURATOR, Point("s1", "input"), Point("s1", "send", 0), Point(MASTER_ID, "input")])
def test_a_level_that_is_meant_to_be_so_is_a_note(point):
    session = edited(CHAIN if point == SATURATOR else VOX, AddSum("return", "Plate"), SetSend("s1", "a", "r1"))
    frame = frame_of(session, {"s1": {INPUT: -2.0, AT_SEND: -2.0}, MASTER_ID: [-2.0]}, crest_db=4.0)
    meant = intend(point, True).apply(session)
    assert judge(session, frame, {})[point].is_raised
    verdict = judge(meant, frame, {})[point]
    assert verdict.is_note
    assert not verdict.is_raised
    assert judge(intend(point, False).apply(meant), frame, {})[point].is_raised


def test_the_fix_of_every_flag_stays_in_the_range_of_its_control():
    quiet = frame_of(CHAIN, {"s1": [-120.0]})
    fix = explain(CHAIN, quiet.evidence, judge(CHAIN, quiet, {})[SATURATOR]).fix
    assert fix.value_db == 40.0
    assert msgspec.structs.replace(CHAIN.strip("s1"), trim_db=fix.value_db)


def test_what_is_raised_is_taken_back_by_the_fader_in_the_same_step():
    session = edited(CHAIN, SetControl("s1", "fader_db", -4.0))
    frame = frame_of(session, {"s1": [-41.0]}, crest_db=12.0)
    fix = explain(session, frame.evidence, judge(session, frame, {})[Point("s1", "insert", 1)]).fix
    assert fix.words == "Vox: trim +23.0 dB, to +23.0, its fader to -27.0"
    done = fix.edit(session).apply(session).strip("s1")
    assert (done.trim_db, done.fader_db) == (23.0, -27.0)


def test_what_is_lowered_leaves_the_fader_to_the_ear():
    session = edited(CHAIN, SetControl("s1", "fader_db", -4.0))
    frame = frame_of(session, {"s1": [-8.0]}, crest_db=6.0)
    fix = explain(session, frame.evidence, judge(session, frame, {})[Point("s1", "insert", 1)]).fix
    assert fix.edit(session).apply(session).strip("s1").fader_db == -4.0


def test_a_fader_that_is_shut_stays_shut():
    session = edited(CHAIN, SetControl("s1", "fader_db", -200.0))
    frame = frame_of(session, {"s1": [-41.0]}, crest_db=12.0)
    fix = explain(session, frame.evidence, judge(session, frame, {})[Point("s1", "insert", 1)]).fix
    assert fix.edit(session).apply(session).strip("s1").fader_db == -math.inf


def test_what_is_made_to_be_driven_is_not_judged():
    session = edited(VOX, AddInsert(MASTER_ID, "limiter"), AddInsert(MASTER_ID, "equaliser"))
    verdicts = judge(session, frame_of(session, {MASTER_ID: [-6.0]}, crest_db=9.0), {})
    assert Point(MASTER_ID, "insert", 1) not in verdicts
    assert verdicts[Point(MASTER_ID, "insert", 2)].state == "over"


def test_what_is_muted_is_not_judged():
    session = edited(CHAIN, SetControl("s1", "mute", True))
    assert [point.strip_id for point in judge(session, frame_of(session, {"s1": [-4.0]}), {})] == []


def test_what_is_heard_before_the_first_note_is_not_called_cold():
    hiss = frame_of(CHAIN, {"s1": [-47.0]}, sounding_s=16.0, length_s=180.0)
    assert SATURATOR not in judge(CHAIN, hiss, {})
    long = frame_of(CHAIN, {"s1": [-47.0]}, sounding_s=31.0, length_s=180.0)
    assert judge(CHAIN, long, {})[SATURATOR].state == "cold"
    assert judge(CHAIN, hiss, {}, is_whole=True)[SATURATOR].state == "cold"
    short = frame_of(CHAIN, {"s1": [-47.0]}, sounding_s=3.0, length_s=8.0)
    assert judge(CHAIN, short, {})[SATURATOR].state == "cold"


def test_what_is_heard_soon_after_a_change_is_not_called_cold():
    """What was said to be cold stays so, and what was said to be something else is that no more."""
    soon = frame_of(CHAIN, {"s1": [-47.0]}, sounding_s=1.2, length_s=180.0)
    fine = judge(CHAIN, frame_of(CHAIN, {"s1": [-18.0]}, sounding_s=60.0, length_s=180.0), {})
    hot = judge(CHAIN, frame_of(CHAIN, {"s1": [-8.0]}, sounding_s=60.0, length_s=180.0), {})
    cold = judge(CHAIN, frame_of(CHAIN, {"s1": [-30.0]}, sounding_s=60.0, length_s=180.0), {})
    assert [judge(CHAIN, soon, before)[SATURATOR].state for before in (fine, hot)] == ["ok", "ok"]
    assert judge(CHAIN, soon, cold)[SATURATOR] == replace(cold[SATURATOR], is_stale=True)
    long = frame_of(CHAIN, {"s1": [-47.0]}, sounding_s=60.0, length_s=180.0)
    assert judge(CHAIN, long, fine)[SATURATOR].state == "cold"


def test_a_file_that_is_clipped_and_hot_is_both():
    frame = frame_of(VOX, {"s1": [-5.0]}, peaks={"s1": 0.0})
    overs = frame.overs.copy()
    overs[0, INPUT] = 7
    frame = replace(frame, overs=overs)
    verdict = judge(VOX, frame, {})[Point("s1", "input")]
    assert verdict.words == "CLIPPED, HOT by 13.0 dB"
    explanation = explain(VOX, frame.evidence, verdict)
    assert explanation.why == "the file stands at full scale for several samples, it comes in 13.0 dB above -18"
    assert explanation.fix.words == "Vox: trim -13.0 dB, to -13.0"
    assert explanation.advice == "Vox: trim -13.0 dB, to -13.0; what is cut off stays cut off"


def test_words_say_when_it_is_the_peaks_and_go_by_the_limits_of_the_place():
    peaks = judge(CHAIN, frame_of(CHAIN, {"s1": [-24.0]}, peaks={"s1": -1.0}), {})[SATURATOR]
    assert peaks.words == "peaks HOT by 5.0 dB"
    recorded = judge(VOX, frame_of(VOX, {"s1": [-13.0]}, peaks={"s1": 1.0}), {})[Point("s1", "input")]
    assert recorded.words == "OVER by 1.0 dB"  # -13 is in the window of what is recorded


@pytest.mark.parametrize(("peak_dbfs", "state"), [(-6.04, "ok"), (-5.9, "hot")])
def test_peaks_of_what_is_recorded_are_at_most_what_the_rule_says(peak_dbfs, state):
    verdict = judge(VOX, frame_of(VOX, {"s1": [-16.0]}, peaks={"s1": peak_dbfs}), {})[Point("s1", "input")]
    assert verdict.state == state


def test_what_a_fix_raises_sends_before_the_fader_take_back_too():
    sends = (AddSum("return", "Plate"), SetSend("s1", "a", "r1"), SetSend("s1", "b", "r1"))
    before = (SetSendControl("s1", "a", "before_fader", True), SetSendControl("s1", "a", "level_db", -8.0))
    session = edited(CHAIN, *sends, *before)
    frame = frame_of(session, {"s1": [-45.0]})
    fix = explain(session, frame.evidence, judge(session, frame, {}, is_whole=True)[Point("s1", "insert", 1)]).fix
    assert fix.words == "Vox: trim +27.0 dB, to +27.0, its fader to -27.0, its send a down as much"
    done = fix.edit(session).apply(session).strip("s1")
    assert (done.trim_db, done.fader_db) == (27.0, -27.0)
    assert [send.level_db for send in done.sends if send] == [-35.0, 0.0]


def test_nothing_is_raised_further_than_the_fader_can_take_back():
    session = edited(CHAIN, SetControl("s1", "fader_db", -75.0))
    frame = frame_of(session, {"s1": [-45.0]})
    fix = explain(session, frame.evidence, judge(session, frame, {}, is_whole=True)[Point("s1", "insert", 1)]).fix
    done = fix.edit(session).apply(session).strip("s1")
    assert (done.trim_db, done.fader_db) == (15.0, -90.0)


def test_linked_strips_take_back_what_a_fix_raises_in_all_of_them():
    session = edited(Session("Song", (StripState("s1", "A"), StripState("s2", "B", fader_db=-10.0))),
                     AddInsert("s1", "compressor"), AddSum("return", "Plate"), SetSend("s2", "a", "r1"),
                     SetSendControl("s2", "a", "before_fader", True), AddLinkGroup("pair", ("s1", "s2")))  # fmt: skip
    frame = frame_of(session, {"s1": [-38.0], "s2": [-18.0]})
    fix = explain(session, frame.evidence, judge(session, frame, {}, is_whole=True)[Point("s1", "insert", 1)]).fix
    done = fix.edit(session).apply(session)
    assert [(strip.trim_db, strip.fader_db) for strip in done.stems] == [(20.0, -20.0), (20.0, -30.0)]
    assert done.strip("s2").sends[0].level_db == -20.0


def test_a_fix_on_an_insert_leaves_linked_strips_alone():
    strips = (StripState("s1", "A"), StripState("s2", "B", fader_db=-88.0))
    session = edited(Session("Song", strips), AddInsert("s1", "equaliser"), AddInsert("s1", "compressor"))
    session = edited(session, AddLinkGroup("pair", ("s1", "s2")))
    frame = frame_of(session, {"s1": [-18.0, -18.0, -38.0], "s2": [-18.0]})
    fix = explain(session, frame.evidence, judge(session, frame, {}, is_whole=True)[Point("s1", "insert", 2)]).fix
    assert fix.words == "A: output of 1 Equaliser +20.0 dB, to +20.0, its fader to -20.0"
    assert [strip.fader_db for strip in fix.edit(session).apply(session).stems] == [-20.0, -88.0]


def test_what_the_trim_drives_over_in_a_clipped_file_is_over():
    session = edited(VOX, SetControl("s1", "trim_db", 6.0))
    frame = frame_of(session, {"s1": [-19.0, -13.0]}, peaks={"s1": 6.0})
    overs, hold = frame.overs.copy(), frame.hold_dbfs.copy()
    overs[0, INPUT], hold[0, INPUT] = 7, 0.0
    verdict = judge(session, changed(frame, overs=overs, hold_dbfs=hold), {})[Point("s1", "input")]
    assert verdict.words == "OVER by 6.0 dB"
    assert explain(session, frame.evidence, verdict).fix.words == "Vox: trim -12.0 dB, to -6.0"


def test_a_clipped_file_is_told_however_little_of_it_has_sounded():
    session = edited(VOX, SetControl("s1", "trim_db", -20.0))
    frame = frame_of(session, {"s1": [-15.0, -35.0]}, peaks={"s1": -20.0}, sounding_s=5.0, length_s=180.0)
    overs, hold = frame.overs.copy(), frame.hold_dbfs.copy()
    overs[0, INPUT], hold[0, INPUT] = 7, 0.0
    verdict = judge(session, changed(frame, overs=overs, hold_dbfs=hold), {})[Point("s1", "input")]
    assert verdict.words == "CLIPPED"


def test_a_mix_as_a_whole_is_judged_by_what_leaves_it():
    hot = judge(VOX, frame_of(VOX, {MASTER_ID: [-9.0]}, crest_db=6.0), {})
    assert hot[Point(MASTER_ID, "input")].state == "ok"
    over = judge(VOX, frame_of(VOX, {MASTER_ID: [-9.0]}, crest_db=12.0), {})
    assert over[Point(MASTER_ID, "input")].state == "over"
