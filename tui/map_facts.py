"""The gain map as facts: which stages each strip has, what each of them feeds, and how far from its target it is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.meters.frame import AFTER_FADER, AFTER_INSERT, AFTER_TRIM, AT_SEND, INPUT, SINE_CREST_DB, STAGES, MeterFrame
from sessions.flags import TARGET_DBFS, Point, Verdict, channels_of, points_of, stage_before, target_of
from sessions.model import MASTER_ID, Channel, Session, StripState
from sessions.send import SEND_LETTERS
from tui.content import strip_numbers
from tui.drawing.facts import LevelFact, StripKind
from tui.drawing.flags import mark_of
from tui.drawing.gain_map import EMPTY, CellMark, MapCell
from tui.drawing.scale import MeterType
from tui.drawing.short_names import short_name
from tui.heard import heard_with_solo

Cells = tuple[tuple[MapCell, ...], ...]
_MASTER_NUMBER: Final = "M"


@dataclass(frozen=True, slots=True)
class MapStage:
    """A stage that a strip has: what it comes after, the stage `before` that, and the level that is wanted there.

    `point` is what is judged by the level here, None for nothing: after the fader it is a part of a mix, which drives
    no insert of the strip. `wanted_by` is the insert that follows, "" where none does.
    """

    short: str
    name: str
    before: int | None
    point: Point | None = None
    wanted_dbfs: float = TARGET_DBFS
    wanted_by: str = ""


@dataclass(frozen=True, slots=True)
class MapStrip:
    """A row of the map: the stages of a strip, None where it has nothing. `is_silent`: muted, or another is soloed."""

    strip_id: str
    number: str
    name: str
    kind: StripKind
    is_silent: bool
    stages: tuple[MapStage | None, ...]


@dataclass(frozen=True, slots=True)
class CellReadings:
    """What is known of one cell: levels of the meter and in dBFS, -inf for silence; NaN is what is not known.

    The average is by AES-17 (a sine reads its peak) and of what sounds; the crest factor is that of a mathematical RMS,
    so a sine has 3 dB.
    """

    now: float = math.nan
    average_dbfs: float = math.nan
    held_dbfs: float = math.nan
    crest_db: float = math.nan
    net_db: float = math.nan
    distance_db: float = math.nan


def map_strips(session: Session) -> tuple[MapStrip, ...]:
    """All rows in the order of the meters' rows, the master last."""
    numbers, heard = strip_numbers(session), heard_with_solo(session)
    points: dict[str, list[Point]] = {channel.id: [] for channel in channels_of(session)}
    for point in points_of(session):
        points[point.strip_id].append(point)
    strips = (
        MapStrip(
            strip.id, numbers[strip.id], strip.name, strip.kind, strip.mute or strip.id not in heard,
            _stages(strip, points[strip.id]),
        )
        for strip in session.strips
    )  # fmt: skip
    master = session.master
    stages = _stages(master, points[MASTER_ID])
    return (*strips, MapStrip(MASTER_ID, _MASTER_NUMBER, "Master", "master", master.mute, stages))


def used_stages(strips: Sequence[MapStrip], selected: int) -> tuple[int, ...]:
    """The columns: what any strip has, without gaps among slots and sends, and the one that is selected."""
    has = {stage for strip in strips for stage, each in enumerate(strip.stages) if each is not None} | {selected}
    slots = max((stage for stage in has if AFTER_INSERT <= stage < AFTER_FADER), default=AFTER_TRIM)
    sends = max((stage for stage in has if stage >= AT_SEND), default=AFTER_FADER)
    return (*range(slots + 1), *range(AFTER_FADER, sends + 1))


def level_cells(frame: MeterFrame, strips: Sequence[MapStrip], meter: MeterType) -> Cells:
    """The levels now, in the zones of the meter, by strip and stage."""
    over = np.logical_or.reduce(frame.over, axis=2)
    levels = np.max(meter.levels(frame), axis=2)

    def cell(stage: MapStage | None, level: float, is_over: bool) -> MapCell:
        if stage is None:
            return EMPTY
        fact = LevelFact.of(meter, level, is_over)
        return MapCell(fact.level, fact.zone, fact.signed)

    rows = zip(strips, levels.tolist(), over.tolist(), strict=False)  # the monitor has no row here
    return tuple(tuple(map(cell, strip.stages, row, overs)) for strip, row, overs in rows)


def distance_cells(frame: MeterFrame, strips: Sequence[MapStrip], verdicts: Mapping[Point, Verdict]) -> Cells:
    """How far averages are from what is wanted, marked by what is said of them, by strip and stage."""

    def cell(stage: MapStage | None, average_dbfs: float, overs: int) -> MapCell:
        if stage is None:
            return EMPTY
        mark = "over" if stage.point is None and overs else mark_at(stage, verdicts)
        return MapCell(_difference(average_dbfs, stage.wanted_dbfs), mark)

    rows = zip(strips, frame.evidence.average_dbfs.tolist(), frame.overs.tolist(), strict=False)
    return tuple(tuple(map(cell, strip.stages, row, overs)) for strip, row, overs in rows)


def mark_at(stage: MapStage, verdicts: Mapping[Point, Verdict]) -> CellMark:
    """What is said of a stage: low where it is not judged, or has not sounded for long enough."""
    verdict = None if stage.point is None else verdicts.get(stage.point)
    if verdict is None:
        return "low"
    return mark_of(verdict.state, verdict.is_intended) or "target"


def cell_readings(frame: MeterFrame, meter: MeterType, row: int, stage: int, facts: MapStage) -> CellReadings:
    """All that is known of one cell, in tenths."""
    average = _at(frame.evidence.average_dbfs, row, stage)
    before = math.nan if facts.before is None else _at(frame.evidence.average_dbfs, row, facts.before)
    return CellReadings(
        now=round(float(np.max(meter.levels(frame)[row, stage])), 1),
        average_dbfs=round(average, 1),
        held_dbfs=round(float(np.max(frame.hold_dbfs[row, stage])), 1),
        crest_db=_difference(_at(frame.evidence.peak_dbfs, row, stage), average - SINE_CREST_DB),
        net_db=_difference(average, before),
        distance_db=_difference(average, facts.wanted_dbfs),
    )


def _at(levels: npt.NDArray[np.float32], row: int, stage: int) -> float:
    return float(levels[row, stage])


def _difference(one: float, other: float) -> float:
    """In tenths; NaN where one of them is not known."""
    return round(one - other, 1) + 0.0 if math.isfinite(one) and math.isfinite(other) else math.nan


def _stages(channel: Channel, points: Sequence[Point]) -> tuple[MapStage | None, ...]:
    """The stages of a strip, each with what is judged by the level there."""
    found: list[MapStage | None] = [None] * len(STAGES)
    found[INPUT] = MapStage("", "input", None)
    found[AFTER_TRIM] = MapStage("", "trim", INPUT)
    before = AFTER_TRIM
    for slot, insert in enumerate(channel.inserts, start=1):
        if insert is not None:
            stage = AFTER_INSERT + slot - 1
            short = short_name(insert.kind, insert.label)
            # In small letters while it is bypassed, as among the marks of the mixer.
            found[stage] = MapStage(short.lower() if insert.bypass else short, f"{slot} {insert.label}", before)
            before = stage
    found[AFTER_FADER] = MapStage("", "fader", before)
    for place, send in enumerate(channel.sends if isinstance(channel, StripState) else ()):
        if send is not None:
            tapped = before if send.before_fader else AFTER_FADER
            found[AT_SEND + place] = MapStage("", f"send {SEND_LETTERS[place]}", tapped)
    for point in points:  # an insert comes after its strip's input, and counts where both are judged at one stage
        at = stage_before(channel, point)
        insert = channel.insert(point.place) if point.where == "insert" else None
        by = "" if insert is None else f"{point.place} {insert.label}"
        stage_there = found[at]
        if stage_there is not None:
            found[at] = replace(stage_there, point=point, wanted_dbfs=target_of(channel, point), wanted_by=by)
    return tuple(found)
