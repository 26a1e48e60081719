"""From a frame of meters to what the strip view shows of one strip."""

from __future__ import annotations

import math

import numpy as np

from engine.meters.frame import AFTER_FADER, AFTER_TRIM, INPUT, STAGES, MeterFrame
from tui.drawing.facts import LevelFact
from tui.drawing.scale import METERS, MeterTypeId
from tui.elements import SLOTS
from tui.holds import FloatArray
from tui.path_facts import PathFacts
from tui.widgets.chain import StageLevels
from tui.widgets.editor import Moving

_LEAST_MEASURED_DB = -70.0
_SILENT = LevelFact(-math.inf, "low")
StageNumbers = dict[int, tuple[LevelFact, LevelFact]]
"""The highest peak and the average of each stage."""


def average_of(meter_id: MeterTypeId) -> MeterTypeId:
    """The average that is shown beside the peak: VU where VU is looked at, else RMS."""
    return "vu" if meter_id == "vu" else "rms"


def stage_numbers(frame: MeterFrame, row: int, average: MeterTypeId) -> StageNumbers:
    """The numbers of all stages, of the louder side."""
    held = np.max(frame.hold_dbfs[row], axis=1).tolist()
    means = np.max(METERS[average].levels(frame)[row], axis=1).tolist()
    overs = np.any(frame.over[row], axis=1).tolist()
    return {
        stage: (LevelFact.of(METERS["peak"], held[stage], overs[stage]), LevelFact.of(METERS[average], means[stage]))
        for stage in range(len(STAGES))
    }


def stage_levels(frame: MeterFrame, row: int, marks: FloatArray, numbers: StageNumbers) -> dict[int, StageLevels]:
    """Bars and numbers of all stages."""
    peaks: list[list[float]] = frame.peak_dbfs[row].tolist()
    held: list[list[float]] = marks[row].tolist()
    return {
        stage: StageLevels(tuple(zip(peaks[stage], held[stage], strict=True)), *numbers.get(stage, (_SILENT, _SILENT)))
        for stage in (INPUT, AFTER_TRIM, AFTER_FADER)
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
            found[each.element] = round(value, 1) + 0.0 if math.isfinite(value) else -math.inf
    return found


def measured_db(frame: MeterFrame, row: int) -> float | None:
    """The gain from the input to the output as it is heard: by the RMS of both sides. None in silence."""
    powers = [
        float(np.mean(10.0 ** (frame.rms_dbfs[row, stage].astype(np.float64) / 10.0))) for stage in (INPUT, AFTER_FADER)
    ]
    levels = [10.0 * math.log10(power) if power > 0.0 else -math.inf for power in powers]
    if min(levels) < _LEAST_MEASURED_DB:
        return None
    return round(levels[1] - levels[0], 1) + 0.0


def moving_of(frame: MeterFrame, facts: PathFacts, element: str, marks: FloatArray) -> Moving:
    """What moves in the editor of an element."""
    row = facts.row
    if element in SLOTS:
        slot = int(element) - 1
        left, right = frame.unit_vu_db[row, slot].tolist()
        return Moving(
            reduction_db=min(float(np.min(frame.reduction_db[row, slot])), 0.0),
            vu=(left, right),
            entering_dbfs=entering_dbfs(frame, facts, element),
        )
    stage = {"input": INPUT, "polarity": INPUT, "trim": AFTER_TRIM}.get(element, AFTER_FADER)
    peaks, held = frame.peak_dbfs[row, stage].tolist(), marks[row, stage].tolist()
    vu_left, vu_right = frame.vu_db[row, stage].tolist()
    return Moving(peaks=tuple(zip(peaks, held, strict=True)), stage_vu=(vu_left, vu_right))


def entering_dbfs(frame: MeterFrame, facts: PathFacts, element: str) -> float:
    """The peak that enters a slot: what is metered after the trim, with what the slots before do to it.

    Exact for the first one; what equalisers and curves before it do to the sound is not metered.
    """
    level = float(np.max(frame.peak_dbfs[facts.row, AFTER_TRIM]))
    for each in facts.elements:
        if each.element == element:
            break
        if each.element in SLOTS and each.state == "on":
            level += each.gain_db or 0.0
            level += min(float(np.min(frame.reduction_db[facts.row, int(each.element) - 1])), 0.0)
    return level
