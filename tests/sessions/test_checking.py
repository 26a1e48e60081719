"""What a check finds in a mix that was rendered whole, sorted by importance."""

import numpy as np
import pytest

from engine.meters.frame import AFTER_FADER, AFTER_INSERT, AT_SEND, INPUT, LoudnessHistory, Programme
from sessions.checking import findings_of
from sessions.edits import SetControl
from sessions.flag_edits import intend
from sessions.flags import Point
from sessions.insert_edits import AddInsert, SetInsertControl
from sessions.model import MASTER_ID, Session, SessionError, StripState
from sessions.profiles import PREMASTER, PROFILES, profile_of
from sessions.send_edits import SetSend
from sessions.sum_edits import AddSum, SetOutput
from tests.frames import changed
from tests.sessions.evidence import frame_of
from tests.sessions.test_flags import CHAIN, edited

VOX = Session("Song", (StripState("s1", "Vox"),))


def programme(integrated_lufs=-17.0, max_short_term_lufs=-15.0):
    none = LoudnessHistory(np.zeros(0, np.float32), np.zeros(0, np.float32))
    return Programme(integrated_lufs, 6.0, True, -12.0, max_short_term_lufs, 90.0, False, none)


def master_frame(session, levels=None, *, average=-18.0, peak=-4.0, true_peak=-3.5, crest_db=9.0, **loudness):
    levels = {"s1": {INPUT: -18.0}, **(levels or {}), MASTER_ID: [average]}
    frame = frame_of(session, levels, crest_db=crest_db, peaks={MASTER_ID: peak}, programme=programme(**loudness))
    true_hold = frame.true_hold_dbtp.copy()
    true_hold[len(session.strips), AFTER_FADER] = true_peak
    return changed(frame, true_hold_dbtp=true_hold)


def rules(findings):
    return [(finding.rule, finding.strip, finding.stage) for finding in findings]


def test_a_mix_as_it_should_be_has_no_findings():
    assert findings_of(VOX, master_frame(VOX), PREMASTER) == ()


def test_every_rule_is_found_where_it_is_broken():
    levels = {"s1": {INPUT: -8.0, AFTER_FADER: 0.0}}
    hot = master_frame(VOX, levels, average=-10.0, peak=-1.0, integrated_lufs=-9.0)
    assert rules(findings_of(VOX, hot, PREMASTER)) == [
        ("S2", "Vox", "input"),  # 10 dB off
        ("S3", "Vox", "output"),  # 2 with what puts that right
        ("S10", "Master", "output"),  # loudness, 7
        ("S3", "Master", "output"),  # average, 5
        ("S3", "Master", "output"),  # peak, 2
    ]


def test_a_strip_that_its_trim_makes_quiet_enough_is_not_turned_down_once_more():
    findings = findings_of(VOX, master_frame(VOX, {"s1": [-8.0]}), PREMASTER)
    assert [finding.fix for finding in findings] == ["Vox: trim -10.0 dB, to -10.0"]


def test_one_move_of_the_masters_fader_is_proposed_for_all_that_leaves_it():
    session = SetControl(MASTER_ID, "fader_db", 1.0).apply(VOX)
    hot = master_frame(session, average=-13.0, peak=-1.2, integrated_lufs=-13.9)
    findings = findings_of(session, hot, PREMASTER)
    assert [finding.target.split()[0] for finding in findings] == ["loudness", "average", "peak"]
    assert {finding.fix for finding in findings} == {"Master: fader -2.1 dB, to -1.1"}


def test_the_masters_fader_is_not_moved_beyond_its_range():
    (finding, *_) = findings_of(VOX, master_frame(VOX, average=-36.0, peak=-23.0, integrated_lufs=-36.0), PREMASTER)
    assert finding.fix == "Master: input trim +18.0 dB, to +18.0"


@pytest.mark.parametrize(
    ("peak", "integrated_lufs", "said"),
    [
        (-2.0, -19.0, "loudness wants +1.0 dB, peak -1.0; hold the peaks down first"),
        (-9.0, -15.0, "peak wants +3.0 dB, loudness -1.0; compress less, so that peaks stand out more"),
    ],
)
def test_where_no_fader_helps_it_is_said_what_is_in_the_way(peak, integrated_lufs, said):
    findings = findings_of(VOX, master_frame(VOX, peak=peak, integrated_lufs=integrated_lufs), PREMASTER)
    assert {finding.fix for finding in findings} == {f"no fader brings all of it there: {said}"}


def test_what_no_fader_brings_there_waits_for_the_rest_as_well():
    findings = findings_of(VOX, master_frame(VOX, {"s1": [-8.0]}, peak=-2.0, integrated_lufs=-19.0), PREMASTER)
    assert {finding.fix for finding in findings if finding.strip == "Master"} == {"see to the rest first"}


def test_what_is_at_the_end_of_its_window_in_tenths_is_in_it():
    assert findings_of(VOX, master_frame(VOX, average=-21.04, peak=-2.96), PREMASTER) == ()


def test_a_move_of_the_master_waits_for_what_comes_before_it():
    findings = findings_of(VOX, master_frame(VOX, {"s1": [-8.0]}, peak=-2.0), PREMASTER)
    assert findings[-1].fix == "Master: fader -1.0 dB, to -1.0, if it is still so after the rest"


def test_a_move_of_the_master_does_not_wait_for_what_nobody_can_put_right():
    frame = master_frame(VOX, peak=-2.0)
    overs = np.zeros_like(frame.overs)
    overs[0, INPUT] = 4
    findings = findings_of(VOX, changed(frame, overs=overs, hold_dbfs=np.minimum(frame.hold_dbfs, -2.0)), PREMASTER)
    assert findings[0].cause.startswith("CLIPPED")
    assert findings[-1].fix == "Master: fader -1.0 dB, to -1.0"


@pytest.mark.parametrize("profile", ["premaster", "youtube"])
def test_a_master_above_full_scale_is_an_error_whatever_is_asked_for(profile):
    over = master_frame(VOX, peak=1.5, integrated_lufs=-14.0)
    assert ("error", 1.5) in [(each.severity, each.value) for each in findings_of(VOX, over, PROFILES[profile])]


def test_flags_are_findings_with_figure_target_cause_and_fix():
    frame = master_frame(CHAIN, {"s1": [-18.0, -18.0, -14.0, -8.0, -18.0]}, crest_db=6.0)
    saturator = next(one for one in findings_of(CHAIN, frame, PREMASTER) if one.stage == "3 Saturator")
    assert (saturator.rule, saturator.strip, saturator.unit) == ("S5", "Vox", "dBFS")
    assert saturator.value == pytest.approx(-8.0)
    assert saturator.target == "average -18"
    assert "2 Compressor adds 6.0 dB, 1 Equaliser adds 4.0 dB" in saturator.cause
    assert saturator.fix == "Vox: output of 2 Compressor -10.0 dB, to -10.0"


def test_what_is_meant_to_be_so_is_a_note_and_comes_last():
    frame = master_frame(CHAIN, {"s1": [-18.0, -18.0, -14.0, -8.0, -18.0]}, peak=-1.0)
    session = intend(Point("s1", "insert", 3), True).apply(CHAIN)
    last = findings_of(session, frame, PREMASTER)[-1]
    assert (last.severity, last.stage, last.fix) == ("note", "3 Saturator", "meant to be so")


@pytest.mark.parametrize(
    ("profile", "values", "found"),
    [
        ("streaming", {"integrated_lufs": -15.0, "true_peak": -1.5}, []),
        ("streaming", {"integrated_lufs": -11.0, "true_peak": -1.5}, ["loudness -16 to -14"]),
        ("streaming", {"integrated_lufs": -15.0, "true_peak": 0.3}, ["true peak at most -1"]),
        ("cd", {"integrated_lufs": -8.0, "true_peak": -0.5}, ["true peak at most -1"]),
        ("r128-s1", {"integrated_lufs": -23.0, "max_short_term_lufs": -15.0}, ["max short-term at most -18"]),
        ("premaster", {"peak": -9.0}, ["peak -6 to -3"]),
    ],
)
def test_a_profile_asks_for_its_own_windows(profile, values, found):
    findings = findings_of(VOX, master_frame(VOX, **values), PROFILES[profile])
    assert [finding.target for finding in findings] == found


def test_a_limiter_on_the_master_is_found_where_the_mix_is_to_be_mastered():
    session = edited(VOX, AddInsert(MASTER_ID, "limiter"))
    frame = master_frame(session)
    assert ("S10", "Master", "1 Limiter") in rules(findings_of(session, frame, PREMASTER))
    assert findings_of(session, master_frame(session, integrated_lufs=-15.0), PROFILES["streaming"]) == ()
    bypassed = SetInsertControl(MASTER_ID, 1, "bypass", True).apply(session)
    assert findings_of(bypassed, frame, PREMASTER) == ()


def test_what_is_over_comes_first_and_then_what_is_furthest_off():
    frame = master_frame(CHAIN, {"s1": [-18.0, -18.0, -10.0, 0.0, -18.0]}, peak=-2.9)
    findings = findings_of(CHAIN, frame, PREMASTER)
    severities = [finding.severity for finding in findings]
    assert severities == sorted(severities, key=("error", "warning", "note").index)
    assert findings[0].stage == "3 Saturator"


def test_what_one_change_puts_right_is_one_finding():
    frame = master_frame(CHAIN, {"s1": [-8.0, -8.0, -8.0, -8.0, -18.0]}, crest_db=6.0)
    (finding,) = findings_of(CHAIN, frame, PREMASTER)
    assert finding.stage == "1 Equaliser, 2 Compressor, 3 Saturator"
    assert finding.fix == "Vox: trim -10.0 dB, to -10.0"


def test_what_is_proposed_for_an_insert_counts_for_those_after_it():
    """Whoever does both has the saturator at -18, and not 6 dB below."""
    frame = master_frame(CHAIN, {"s1": [-18.0, -18.0, -12.0, -6.0, -18.0]}, crest_db=6.0)
    compressor, saturator = findings_of(CHAIN, frame, PREMASTER)
    assert (compressor.stage, compressor.fix) == ("2 Compressor", "Vox: output of 1 Equaliser -6.0 dB, to -6.0")
    assert (saturator.stage, saturator.fix) == ("3 Saturator", "Vox: output of 2 Compressor -6.0 dB, to -6.0")
    assert saturator.value == pytest.approx(-6.0)


def test_what_one_change_puts_right_by_the_way_is_found_with_it():
    frame = master_frame(CHAIN, {"s1": [-18.0, -18.0, -10.0, -9.0, -18.0]}, crest_db=6.0)
    (finding,) = findings_of(CHAIN, frame, PREMASTER)
    assert finding.stage == "2 Compressor, 3 Saturator"
    assert finding.fix == "Vox: output of 1 Equaliser -8.0 dB, to -8.0"


def test_what_is_turned_down_is_not_to_be_turned_up_again_where_a_compressor_will_do_less():
    frame = master_frame(CHAIN, {"s1": [-5.0, -5.0, -5.0, -13.5, -18.0]}, crest_db=4.0)
    (finding,) = findings_of(CHAIN, frame, PREMASTER)
    assert finding.stage == "1 Equaliser, 2 Compressor, 3 Saturator"
    assert finding.fix == "Vox: trim -13.0 dB, to -13.0"


def test_what_comes_in_hot_is_the_trims_and_what_is_added_the_inserts():
    frame = master_frame(CHAIN, {"s1": [-13.0, -13.0, -13.0, -8.5, -18.0]}, crest_db=6.0)
    trim, output = findings_of(CHAIN, frame, PREMASTER)
    assert (trim.stage, trim.fix) == ("1 Equaliser, 2 Compressor", "Vox: trim -5.0 dB, to -5.0")
    assert (output.stage, output.fix) == ("3 Saturator", "Vox: output of 2 Compressor -4.5 dB, to -4.5")


def test_a_stem_in_which_nothing_sounds_is_found_unless_it_is_meant_to_be_so():
    session = Session("Song", (StripState("s1", "Vox"), StripState("s2", "Empty")))
    (finding,) = findings_of(session, master_frame(session), PREMASTER)
    assert (finding.rule, finding.strip, finding.value, finding.severity) == ("S2", "Empty", None, "warning")
    meant = intend(Point("s2", "input"), True).apply(session)
    assert [each.severity for each in findings_of(meant, master_frame(meant), PREMASTER)] == ["note"]


def test_a_silent_mix_is_found():
    (finding,) = findings_of(VOX, frame_of(VOX, {}), PREMASTER)
    assert (finding.severity, finding.value) == ("error", None)
    assert finding.fix == "see whether these are the right files"
    (finding,) = findings_of(edited(VOX, SetControl("s1", "mute", True)), frame_of(VOX, {}), PREMASTER)
    assert finding.fix == "open what is muted"


def test_what_a_fix_comes_to_at_sends_and_in_sums_is_to_be_seen_after_it():
    session = edited(CHAIN, AddSum("bus", "Voices"), SetOutput("s1", "b1"), AddInsert("b1", "compressor"),
                     AddSum("return", "Plate"), SetSend("s1", "a", "r1"))  # fmt: skip
    levels = {"s1": {INPUT: -8.0, AT_SEND: -8.0}, "b1": [-8.0], "r1": [-18.0]}
    fixes = {finding.stage: finding.fix for finding in findings_of(session, master_frame(session, levels), PREMASTER)}
    assert fixes["1 Equaliser, 2 Compressor, 3 Saturator"] == "Vox: trim -10.0 dB, to -10.0"
    assert fixes["send a"] == "Vox: send a to Plate -10.0 dB, to -10.0, if it is still so after the rest"
    assert fixes["1 Compressor"] == "Voices: input trim -10.0 dB, to -10.0, if it is still so after the rest"


def test_a_sum_of_what_is_as_it_should_be_does_not_wait():
    session = edited(CHAIN, AddSum("bus", "Voices"), SetOutput("s1", "b1"), AddInsert("b1", "compressor"))
    (finding,) = findings_of(session, master_frame(session, {"s1": [-18.0], "b1": [-8.0]}), PREMASTER)
    assert finding.fix == "Voices: input trim -10.0 dB, to -10.0"


def test_a_send_that_is_turned_down_makes_its_strip_no_quieter():
    session = edited(VOX, AddSum("return", "Plate"), SetSend("s1", "a", "r1"))
    levels = {"s1": {INPUT: -18.0, AFTER_FADER: -6.0, AT_SEND: -6.0}, "r1": [-18.0]}
    found = findings_of(session, master_frame(session, levels), PREMASTER)
    assert {(finding.rule, finding.stage) for finding in found} == {("S3", "output"), ("S9", "send a")}


def test_what_is_over_at_one_place_and_hot_at_another_says_which():
    peaks = {"s1": 1.5}
    frame = frame_of(CHAIN, {"s1": [-8.0, -8.0, -8.0, -12.0], MASTER_ID: [-18.0]}, peaks=peaks, programme=programme())
    frame.evidence.peak_dbfs[0, :AFTER_INSERT] = -3.0
    found = next(finding for finding in findings_of(CHAIN, frame, PREMASTER) if finding.strip == "Vox")
    worst, rest = "OVER by 1.5 dB, HOT by 10.0 dB at 2 Compressor", "HOT by 10.0 dB: it comes in 10.0 dB above -18"
    assert found.cause == f"{worst}; {rest}"


def test_an_unknown_profile_names_the_nearest():
    with pytest.raises(SessionError, match='"premastr": there is no such profile, did you mean "premaster"'):
        profile_of("premastr")


def test_every_profile_has_a_source_a_status_and_a_date():
    for profile in PROFILES.values():
        assert profile.source
        assert profile.date.isdigit()
        assert profile.status in ("published", "reported", "house rule")
