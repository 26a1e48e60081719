"""From a frame of meters to what the loudness view shows, rounded to what can be seen of it."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from engine.meters.frame import AFTER_FADER, SINE_CREST_DB, MeterFrame
from sessions.meters import MeterState
from tui.drawing.loudness_scale import UNDEFINED, LoudnessScale, tenths

Source = Literal["master", "monitor"]
SOURCE_ROWS: Final[dict[Source, int]] = {"master": -2, "monitor": -1}
"""Where they are among the rows of a frame."""
SPANS_S: Final = (60.0, 300.0, 1800.0, None)
"""How much of the past is shown, None for all of it."""
STABLE_S: Final = 60.0
"""Until then a loudness range is not stable (EBU Tech 3341)."""
_PSR_WINDOW_S: Final = 3.0
"""As long as short-term loudness looks back."""


@dataclass(slots=True)
class LoudnessPlace:
    """How loudness is looked at: in LU or LUFS, how much of the past (an index into `SPANS_S`), whose peaks."""

    is_relative: bool = False
    span_s: int = len(SPANS_S) - 1
    source: Source = "master"

    def scale(self, meters: MeterState) -> LoudnessScale:
        """The scale, about the target of the session."""
        return LoudnessScale(meters.loudness_target_lufs, meters.loudness_scale, self.is_relative)


@dataclass(frozen=True, slots=True)
class ReadingFacts:
    """One of the big numbers: what it is, its value, its unit and what is told beside it."""

    name: str
    short: str
    value: str
    unit: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class FigureFacts:
    """Peaks and stereo of the master or the monitor; numbers as texts, `--.-` for what is undefined."""

    source: Source
    true_peak: str = UNDEFINED
    true_peak_dbtp: float = -math.inf
    sample_peak: str = UNDEFINED
    plr: str = UNDEFINED
    psr: str = UNDEFINED
    crest: str = UNDEFINED
    correlation: float = math.nan
    balance_db: float = math.nan
    dc_left_percent: float = 0.0
    dc_right_percent: float = 0.0


class RecentPeak:
    """The highest true peak of the last seconds; NaN until so many have been seen."""

    def __init__(self) -> None:
        self._levels: deque[tuple[float, float]] = deque()
        self._since_s = math.inf

    def update(self, level: float, now_s: float) -> float:
        """Take in what has been highest since the last time, and return the highest of all.

        Those that a higher one has followed are not kept.
        """
        self._since_s = min(self._since_s, now_s)
        levels = self._levels
        while levels and levels[0][0] < now_s - _PSR_WINDOW_S:
            levels.popleft()
        while levels and levels[-1][1] <= level:
            levels.pop()
        levels.append((now_s, level))
        return levels[0][1] if now_s - self._since_s >= _PSR_WINDOW_S else math.nan

    def clear(self) -> None:
        """Forget them: they are another source's."""
        self._levels.clear()
        self._since_s = math.inf


def readings(frame: MeterFrame, scale: LoudnessScale) -> tuple[ReadingFacts, ...]:
    """M, S, I and LRA of the master."""
    programme, row = frame.programme, SOURCE_ROWS["master"]
    momentary, short_term = (
        float(frame.momentary_lufs[row, AFTER_FADER]),
        float(frame.short_term_lufs[row, AFTER_FADER]),
    )
    spread = programme.loudness_range_lu
    highest_momentary, highest_short_term = programme.max_momentary_lufs, programme.max_short_term_lufs
    unstable = "" if programme.is_range_stable else f"stable from {STABLE_S:.0f} s"
    off_target = tenths(programme.integrated_lufs - scale.target_lufs, signed=True)
    return (
        ReadingFacts("MOMENTARY", "M", scale.text(momentary), scale.unit, f"max {scale.text(highest_momentary)}"),
        ReadingFacts("SHORT-TERM", "S", scale.text(short_term), scale.unit, f"max {scale.text(highest_short_term)}"),
        ReadingFacts("INTEGRATED", "I", scale.text(programme.integrated_lufs), scale.unit, f"{off_target} from target"),
        ReadingFacts("RANGE", "LRA", UNDEFINED if spread is None else tenths(spread), "LU", unstable),
    )


def figures(frame: MeterFrame, source: Source, recent_peak_dbtp: float) -> FigureFacts:
    """Peaks and stereo of a source; PLR and crest factor are known of the master only."""
    row = SOURCE_ROWS[source]
    true_peak = float(np.max(frame.true_hold_dbtp[row, AFTER_FADER]))
    evidence, is_master = frame.evidence, source == "master"
    plr = true_peak - frame.programme.integrated_lufs if is_master else math.nan
    crest = _at(evidence.peak_dbfs, row) - _at(evidence.average_dbfs, row) + SINE_CREST_DB if is_master else math.nan
    is_silent = not np.isfinite(frame.peak_dbfs[row, AFTER_FADER]).all()
    left, right = (100.0 * frame.dc_offset[row, AFTER_FADER]).tolist()
    return FigureFacts(
        source,
        tenths(true_peak, signed=True),
        round(true_peak, 1) if math.isfinite(true_peak) else -math.inf,
        tenths(float(np.max(frame.hold_dbfs[row, AFTER_FADER])), signed=True),
        tenths(plr),
        tenths(recent_peak_dbtp - _at(frame.short_term_lufs, row)),
        tenths(crest),
        math.nan if is_silent else round(_at(frame.correlation, row), 2) + 0.0,
        math.nan if is_silent else round(_at(frame.balance_db, row), 1) + 0.0,
        round(left, 2) + 0.0,
        round(right, 2) + 0.0,
    )


def _at(values: np.ndarray, row: int) -> float:
    return float(values[row, AFTER_FADER])
