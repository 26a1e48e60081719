"""From a frame of meters to what the strip view shows of one strip."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from engine.meters.frame import AFTER_FADER, INPUT, STAGES, MeterFrame
from tui.drawing.facts import LevelFact
from tui.drawing.scale import MeterType, MeterTypeId
from tui.elements import SLOTS
from tui.holds import Holds
from tui.path_facts import PathFacts
from tui.widgets.chain import StageLevels
from tui.widgets.editor import Moving

_LEAST_MEASURED_DB: Final = -70.0
_LEAST_SOUNDING_S: Final = 0.4
"""Averages are of blocks of this length."""
_SILENT: Final = LevelFact(-math.inf, "low")
_PEAKS: Final[tuple[MeterTypeId, ...]] = ("peak", "true_peak")
StageNumbers = dict[int, tuple[LevelFact, LevelFact]]
"""The highest peak and the average of each stage."""


def number_types(types: Mapping[MeterTypeId, MeterType], shown: MeterType) -> tuple[MeterType, MeterType]:
    """The two types whose numbers stand at each stage: a peak, and what is looked at, or RMS."""
    if shown.id in _PEAKS:
        return shown, types["rms"]
    return types["peak"], shown


def stage_numbers(frame: MeterFrame, row: int, holds: Holds, of: tuple[MeterType, MeterType]) -> StageNumbers:
    """The numbers of all stages, of the louder side: the highest peak, the average now."""
    peak, average = of
    held = np.max(peak.read(holds.numbers(peak)[row]), axis=1).tolist()
    means = np.max(average.read(holds.levels(average)[row]), axis=1).tolist()
    overs = np.any(frame.over[row], axis=1).tolist()
    return {
        stage: (LevelFact.of(peak, held[stage], overs[stage]), LevelFact.of(average, means[stage]))
        for stage in range(len(STAGES))
    }


def stage_levels(facts: PathFacts, holds: Holds, meter: MeterType, numbers: StageNumbers) -> dict[int, StageLevels]:
    """Bars and numbers of the stages of a path, in the unit of a type."""
    levels: list[list[float]] = meter.read(holds.levels(meter)[facts.row]).tolist()
    marks: list[list[float]] = meter.read(holds.marks(meter)[facts.row]).tolist()
    stages = [each.stage for each in facts.elements if each.stage is not None]
    silent = _SILENT, _SILENT
    return {
        stage: StageLevels(tuple(zip(levels[stage], marks[stage], strict=True)), *numbers.get(stage, silent))
        for stage in stages
    }


def readings(frame: MeterFrame, facts: PathFacts) -> dict[str, float]:
    """What the processors of a strip read, rounded: the larger reduction, or the louder VU, of both sides."""
    found: dict[str, float] = {}
    for each in facts.elements:
        if each.reading and each.state == "on":
            place = facts.row, int(each.element) - 1
            value = (
                float(np.min(frame.reduction_db[place]))
                if each.reading == "reduction"
                else float(np.max(frame.unit_vu_db[place]))
            )
            found[each.element] = _rounded(value)
    return found


def gain_between_db(frame: MeterFrame, row: int, before: int, after: int) -> float | None:
    """The gain from one stage to another as it is heard: by the averages so far, or else by the RMS now.

    None in silence.
    """
    stages = [before, after]
    if np.min(frame.evidence.sounding_s[row, stages]) >= _LEAST_SOUNDING_S:
        levels = frame.evidence.average_dbfs[row, stages].tolist()
    else:
        powers = np.mean(10.0 ** (frame.rms_dbfs[row, stages].astype(np.float64) / 10.0), axis=1).tolist()
        levels = [10.0 * math.log10(power) if power > 0.0 else -math.inf for power in powers]
    if not min(levels) >= _LEAST_MEASURED_DB:
        return None
    return _rounded(levels[1] - levels[0])


def measured_db(frame: MeterFrame, row: int) -> float | None:
    """The gain from the input to the output as it is heard."""
    return gain_between_db(frame, row, INPUT, AFTER_FADER)


def net_gains(frame: MeterFrame, facts: PathFacts) -> dict[str, tuple[float, float]]:
    """What each insert does to the level, out minus in, and the sum from the input to behind it; unknown in silence.

    To the sum at the fader comes what that is set to.
    """
    nets: dict[str, tuple[float, float]] = {}
    for each in facts.elements:
        before, after = facts.stages[each.element]
        if each.element == "fader" and each.gain_db is not None:
            total = gain_between_db(frame, facts.row, INPUT, before)
            if total is not None:
                nets[each.element] = each.gain_db, total + each.gain_db
        elif each.element in SLOTS and each.state != "empty":
            net = gain_between_db(frame, facts.row, before, after)
            total = gain_between_db(frame, facts.row, INPUT, after)
            if net is not None and total is not None:
                nets[each.element] = net, total
    return nets


def moving_of(frame: MeterFrame, facts: PathFacts, element: str, holds: Holds, meter: MeterType) -> Moving:
    """What moves in the editor of an element."""
    row = facts.row
    before, after = facts.stages[element]
    # What passes an element is shown before it and behind it, of the louder side; where nothing is done, both sides.
    places: list[tuple[int, int | slice]] = [(before, slice(None)), (after, slice(None))]
    if before == after:
        places = [(after, 0), (after, 1)]
    levels, marks, numbers = (
        meter.read(values[row]) for values in (holds.levels(meter), holds.marks(meter), holds.numbers(meter))
    )
    through = tuple(
        (float(np.max(levels[place])), float(np.max(marks[place])), _rounded(float(np.max(numbers[place]))))
        for place in places
    )
    if element in SLOTS:
        slot = int(element) - 1
        left, right = frame.unit_vu_db[row, slot].tolist()
        return Moving(
            reduction_db=min(float(np.min(frame.reduction_db[row, slot])), 0.0),
            vu=(left, right),
            entering_dbfs=float(np.max(frame.peak_dbfs[row, before])),
            levels=through,
        )
    vu_left, vu_right = frame.vu_db[row, after].tolist()
    return Moving(levels=through, stage_vu=(vu_left, vu_right))


def _rounded(value: float) -> float:
    return round(value, 1) + 0.0 if math.isfinite(value) else -math.inf
