"""The gain map as facts: which stages each strip has, what each of them feeds, and how far from its target it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.meters.frame import AFTER_FADER, AFTER_INSERT, AFTER_TRIM, AT_SEND, INPUT, STAGES, MeterFrame
from engine.mix import VU_REFERENCE_DBFS
from sessions.insert import processor
from sessions.model import MASTER_ID, Channel, Session, StripState
from sessions.send import SEND_LETTERS
from tui.content import strip_numbers
from tui.drawing.facts import LevelFact, StripKind
from tui.drawing.gain_map import EMPTY, MapCell, mark_of
from tui.drawing.scale import MeterType
from tui.drawing.short_names import short_name
from tui.heard import heard_with_solo

_MASTER_NUMBER: Final = "M"
_SINE_CREST_DB: Final = 3.01
"""Averages are told as a sine's peak (AES-17), which is so much above its RMS."""


@dataclass(frozen=True, slots=True)
class MapStage:
    """A stage that a strip has: what it comes after, the stage `before` that, and the level that what follows wants.

    `wanted_by` is the insert that follows, "" where none does. After the fader nothing of the strip is driven any more:
    a level there is a part of a mix, and is not judged.
    """

    short: str
    name: str
    before: int | None
    wanted_dbfs: float = VU_REFERENCE_DBFS
    wanted_by: str = ""
    is_judged: bool = True


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
    """What is known of one cell: levels of the meter and in dBFS, -inf for silence; NaN is what is not known."""

    now: float = math.nan
    average_dbfs: float = math.nan
    held_dbfs: float = math.nan
    crest_db: float = math.nan
    net_db: float = math.nan
    distance_db: float = math.nan
    over: bool = False


def map_strips(session: Session) -> tuple[MapStrip, ...]:
    """All rows in the order of the meters' rows, the master last."""
    numbers, heard = strip_numbers(session), heard_with_solo(session)
    strips = (
        MapStrip(
            strip.id, numbers[strip.id], strip.name, strip.kind, strip.mute or strip.id not in heard, _stages(strip)
        )
        for strip in session.strips
    )
    master = session.master
    return (*strips, MapStrip(MASTER_ID, _MASTER_NUMBER, "Master", "master", master.mute, _stages(master)))


def used_stages(strips: Sequence[MapStrip], selected: int) -> tuple[int, ...]:
    """The columns: what any strip has, without gaps among slots and sends, and the one that is selected."""
    has = {stage for strip in strips for stage, each in enumerate(strip.stages) if each is not None} | {selected}
    slots = max((stage for stage in has if AFTER_INSERT <= stage < AFTER_FADER), default=AFTER_TRIM)
    sends = max((stage for stage in has if stage >= AT_SEND), default=AFTER_FADER)
    return (*range(slots + 1), *range(AFTER_FADER, sends + 1))


def map_cells(
    frame: MeterFrame, strips: Sequence[MapStrip], meter: MeterType, by_distance: bool
) -> tuple[tuple[MapCell, ...], ...]:
    """What each cell shows, by strip and stage: the level now, or how far the average is from what is wanted."""
    over = np.logical_or.reduce(frame.over, axis=2)
    values = frame.evidence.average_dbfs if by_distance else np.max(meter.levels(frame), axis=2)
    rows = zip(strips, values.tolist(), over.tolist(), strict=False)  # the monitor has no row here
    if by_distance:
        return tuple(tuple(map(_distance_cell, strip.stages, row, overs)) for strip, row, overs in rows)

    def level_cell(stage: MapStage | None, level: float, is_over: bool) -> MapCell:
        if stage is None:
            return EMPTY
        fact = LevelFact.of(meter, level, is_over)
        return MapCell(fact.level, fact.zone)

    return tuple(tuple(map(level_cell, strip.stages, row, overs)) for strip, row, overs in rows)


def cell_readings(frame: MeterFrame, meter: MeterType, row: int, stage: int, facts: MapStage) -> CellReadings:
    """All that is known of one cell, in tenths."""
    average = _at(frame.evidence.average_dbfs, row, stage)
    before = math.nan if facts.before is None else _at(frame.evidence.average_dbfs, row, facts.before)
    return CellReadings(
        now=round(float(np.max(meter.levels(frame)[row, stage])), 1),
        average_dbfs=round(average, 1),
        held_dbfs=round(float(np.max(frame.hold_dbfs[row, stage])), 1),
        crest_db=_difference(_at(frame.evidence.peak_dbfs, row, stage), average - _SINE_CREST_DB),
        net_db=_difference(average, before),
        distance_db=_difference(average, facts.wanted_dbfs),
        over=bool(np.any(frame.over[row, stage])),
    )


def _distance_cell(stage: MapStage | None, average_dbfs: float, is_over: bool) -> MapCell:
    if stage is None:
        return EMPTY
    distance = _difference(average_dbfs, stage.wanted_dbfs)
    return MapCell(distance, mark_of(distance, is_over, stage.is_judged))


def _at(levels: npt.NDArray[np.float32], row: int, stage: int) -> float:
    return float(levels[row, stage])


def _difference(one: float, other: float) -> float:
    """In tenths; NaN where one of them is not known."""
    return round(one - other, 1) + 0.0 if math.isfinite(one) and math.isfinite(other) else math.nan


def _stages(channel: Channel) -> tuple[MapStage | None, ...]:
    """The stages of a strip, each with what follows it."""
    found: list[MapStage | None] = [None] * len(STAGES)
    slots = [(slot, insert) for slot, insert in enumerate(channel.inserts, start=1) if insert is not None]
    found[INPUT] = MapStage("", "input", None)
    before = AFTER_TRIM
    names = [(AFTER_TRIM, "", "trim", INPUT)]
    for slot, insert in slots:
        stage = AFTER_INSERT + slot - 1
        names.append((stage, short_name(insert.kind, insert.label), f"{slot} {insert.label}", before))
        before = stage
    following = [(slot, insert) for slot, insert in slots if not insert.bypass]
    for stage, short, name, earlier in names:
        after = next((each for each in following if AFTER_INSERT + each[0] - 1 > stage), None)
        if after is None:
            found[stage] = MapStage(short, name, earlier)
        else:
            slot, insert = after
            wanted = processor(insert.kind).operating_level_dbfs
            found[stage] = MapStage(short, name, earlier, wanted, f"{slot} {insert.label}")
    found[AFTER_FADER] = MapStage("", "fader", before, is_judged=False)
    for place, send in enumerate(channel.sends if isinstance(channel, StripState) else ()):
        if send is not None:
            tapped = before if send.before_fader else AFTER_FADER
            found[AT_SEND + place] = MapStage("", f"send {SEND_LETTERS[place]}", tapped, is_judged=False)
    return tuple(found)
