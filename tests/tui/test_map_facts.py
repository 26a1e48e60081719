"""From the session and the meters to the cells of the gain map."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from engine.meters.frame import AFTER_FADER, AFTER_INSERT, AFTER_TRIM, AT_SEND, INPUT, Evidence, MeterFrame
from engine.meters.reader import silent_frame
from sessions.edits import SetControl
from sessions.flag_edits import intend
from sessions.flags import Point, judge
from sessions.insert_edits import SetInsertControl
from sessions.model import Session
from tests.frames import changed
from tests.tui.fake_player import console_of, session_of
from tui.drawing.gain_map import EMPTY, MapCell
from tui.drawing.meter_types import METERS
from tui.map_facts import cell_readings, distance_cells, level_cells, map_strips, used_stages

SESSION = console_of(session_of(6))
FIRST, SECOND, THIRD = AFTER_INSERT, AFTER_INSERT + 1, AFTER_INSERT + 2


def measured(session: Session, average_dbfs: float = -18.0, peak_dbfs: float = -6.0) -> MeterFrame:
    frame = silent_frame(len(session.strips))
    shape = frame.evidence.average_dbfs.shape
    average = np.full(shape, average_dbfs, np.float32)
    peak = np.full(shape, peak_dbfs, np.float32)
    return changed(
        frame,
        peak_dbfs=np.repeat(peak[:, :, None], 2, axis=2),
        hold_dbfs=np.repeat(peak[:, :, None], 2, axis=2) + 1.0,
        evidence=Evidence(average, peak, np.ones(shape, np.float32)),
    )


def test_a_strip_has_the_stages_that_it_uses() -> None:
    strips = map_strips(SESSION)
    assert [strip.number for strip in strips] == ["1", "2", "3", "4", "5", "6", "B1", "B2", "R1", "R2", "M"]
    has = [stage for stage, each in enumerate(strips[1].stages) if each is not None]
    assert has == [INPUT, AFTER_TRIM, FIRST, SECOND, THIRD, AFTER_FADER, AT_SEND, AT_SEND + 1]
    assert used_stages(strips, AFTER_TRIM) == (*range(AFTER_INSERT + 3), AFTER_FADER, AT_SEND, AT_SEND + 1)
    assert used_stages(strips, AFTER_INSERT + 6)[8] == AFTER_INSERT + 6
    assert used_stages(map_strips(session_of(2)), AFTER_TRIM) == (INPUT, AFTER_TRIM, AFTER_FADER)


def test_each_stage_knows_what_follows_it_and_what_was_before() -> None:
    snare = map_strips(SESSION)[1].stages
    trim, equaliser, compressor = snare[AFTER_TRIM], snare[FIRST], snare[SECOND]
    assert trim is not None
    assert (trim.wanted_by, trim.wanted_dbfs, trim.before) == ("1 Equaliser", -18.0, INPUT)
    assert equaliser is not None
    assert (equaliser.short, equaliser.wanted_by, equaliser.before) == ("EQ", "2 Compressor", AFTER_TRIM)
    assert compressor is not None
    assert compressor.wanted_by == ""  # the saturator is bypassed
    on = map_strips(SetInsertControl("s1", 3, "bypass", False).apply(SESSION))[1].stages[SECOND]
    assert on is not None
    assert on.wanted_by == "3 Saturator"
    tom = map_strips(SESSION)[3].stages
    send = tom[AT_SEND]
    assert send is not None
    assert send.before == SECOND  # it is taken before the fader, after the tape
    assert send.point == Point("s3", "send", 0)
    assert tom[AFTER_FADER] is not None
    assert tom[AFTER_FADER].point is None  # it drives no insert
    hat = map_strips(SESSION)[2].stages[AFTER_TRIM]
    assert hat is not None
    assert (hat.point, hat.wanted_by) == (Point("s2", "input"), "")


def test_the_distance_is_the_average_minus_what_the_following_insert_is_made_for() -> None:
    frame, strips = measured(SESSION, average_dbfs=-7.8), map_strips(SESSION)
    cells = distance_cells(frame, strips, judge(SESSION, frame, {}))
    assert len(cells) == len(strips)
    assert cells[1][AFTER_TRIM] == MapCell(pytest.approx(10.2), "hot")
    assert cells[1][AFTER_FADER] == MapCell(pytest.approx(10.2), "low")
    assert cells[2][FIRST] == EMPTY
    unknown = distance_cells(silent_frame(len(SESSION.strips)), strips, {})[1][AFTER_TRIM]
    assert math.isnan(unknown.value)
    assert unknown.mark == "low"


def test_a_cells_mark_is_the_flag_of_what_follows() -> None:
    session = intend(Point("s1", "insert", 2), True).apply(SESSION)
    frame, strips = measured(session, average_dbfs=-10.0), map_strips(session)
    cells = distance_cells(frame, strips, judge(session, frame, {}))
    assert [cells[1][stage].mark for stage in (INPUT, AFTER_TRIM, FIRST)] == ["low", "hot", "intended"]
    good = measured(session, average_dbfs=-18.5)
    assert distance_cells(good, strips, judge(session, good, {}))[1][AFTER_TRIM].mark == "target"
    cold = measured(session, average_dbfs=-40.0, peak_dbfs=-30.0)
    assert distance_cells(cold, strips, judge(session, cold, {}))[1][AFTER_TRIM].mark == "cold"
    overs = frame.overs.copy()
    overs[1, INPUT] = 3
    clipped = distance_cells(replace(frame, overs=overs), strips, judge(session, frame, {}))
    assert clipped[1][INPUT].mark == "over"


def test_levels_are_those_of_the_meter_in_its_zones() -> None:
    frame, strips = measured(SESSION, peak_dbfs=-5.0), map_strips(SESSION)
    over = frame.over.copy()
    over[0, INPUT, 1] = True
    cells = level_cells(replace(frame, over=over), strips, METERS["peak"])
    assert cells[1][AFTER_TRIM] == MapCell(-5.0, "hot")
    assert cells[0][INPUT] == MapCell(-5.0, "over")
    assert level_cells(frame, strips, METERS["vu"])[1][INPUT] == MapCell(-math.inf, "low")


def test_the_detail_tells_crest_net_gain_and_distance() -> None:
    frame, strips = measured(SESSION), map_strips(SESSION)
    average = frame.evidence.average_dbfs.copy()
    average[1, FIRST] = -14.0
    frame = replace(frame, evidence=replace(frame.evidence, average_dbfs=average))
    equaliser = strips[1].stages[FIRST]
    assert equaliser is not None
    read = cell_readings(frame, METERS["peak"], 1, FIRST, equaliser)
    assert (read.now, read.average_dbfs, read.held_dbfs) == (-6.0, -14.0, -5.0)
    assert read.net_db == 4.0
    assert read.distance_db == 4.0
    assert read.crest_db == pytest.approx(11.0)  # above RMS: a sine's is 3
    silent = cell_readings(silent_frame(len(SESSION.strips)), METERS["peak"], 1, FIRST, equaliser)
    assert math.isnan(silent.net_db)
    assert math.isnan(silent.crest_db)


def test_what_is_muted_or_left_out_by_a_solo_is_silent() -> None:
    muted = map_strips(SetControl("s2", "mute", True).apply(SESSION))
    assert [strip.is_silent for strip in muted[:3]] == [False, False, True]
    alone = map_strips(SetControl("s2", "solo", True).apply(SESSION))
    assert [strip.is_silent for strip in alone[:3]] == [True, True, False]
