"""Samples above full scale: how many, at which stage and where in the song first."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.meters.frame import STAGES, MeterFrame
from tui.drawing.numbers import time_text
from tui.drawing.plan import stage_label


@dataclass(frozen=True, slots=True)
class Overs:
    """The overs of a strip at the stage where they began. `count` is 0 and `first_s` None where only that is known."""

    count: int
    stage: str
    first_s: float | None

    @property
    def text(self) -> str:
        """In a few words: `12 overs, output, first at 01:23.4`."""
        number = "over" if not self.count else "1 over" if self.count == 1 else f"{self.count} overs"
        first = "" if self.first_s is None else f", {'first ' if self.count > 1 else ''}at {time_text(self.first_s)}"
        return f"{number}, {stage_label(self.stage)}{first}"


def overs_of(frame: MeterFrame, row: int) -> Overs | None:
    """The samples above full scale of a strip (a row of the frame), None if there are none.

    Told is the stage at which it was first, in time and then along the path.
    """
    if not frame.over[row].any():
        return None
    counts, first_s = frame.overs[row], frame.first_over_s[row]
    known = np.where((counts > 0) & (first_s >= 0.0), first_s, np.inf)
    stage = int(np.argmin(known))
    if not math.isfinite(known[stage]):  # seen, but not counted yet
        return Overs(0, STAGES[int(np.argmax(frame.over[row].any(axis=1)))], None)
    return Overs(int(counts[stage]), STAGES[stage], float(first_s[stage]))
