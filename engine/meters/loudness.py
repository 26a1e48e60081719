"""Loudness of a programme: ITU-R BS.1770-5 and EBU Tech 3341 and 3342, from one energy for every 10 ms.

What comes in is the sum of squares of the K-weighted samples of a tick, the channels weighted and added
(`meters.k_weighting`, `meters.channel_weights`). What is kept:

* momentary and short-term: rectangular windows of 0.4 and 3 s that slide by 10 ms, and their maxima. A grid of 100 ms
  would read up to 0.46 LU low (Tech 3341 cases 13 and 14).
* integrated: blocks of 0.4 s every 0.1 s, gated at -70 LUFS and at 10 LU below the mean of what passes that
* loudness range: short-term at 10 Hz, gated at -70 LUFS and 20 LU below; from the 10th to the 95th percentile by
  nearest rank. Before 60 s have been heard it is not stable (Tech 3341).

Windows are summed anew from ticks, never added to and subtracted from: nothing drifts, and silence after sound is
silence. No reading depends on how ticks are portioned.

Everything works on whole ticks of one measurement: after `reset` or a pause no block reaches back to before it.
"""

from __future__ import annotations

import math

import numpy as np

from engine.meters.ballistics import TICKS_PER_SECOND
from engine.meters.energy_ranks import Energies, EnergyRanks
from engine.meters.frame import LoudnessHistory
from engine.meters.k_weighting import LOUDNESS_OFFSET_DB

MOMENTARY_TICKS, SHORT_TERM_TICKS = 40, 300
STEP_TICKS = 10
"""Gating blocks, values of the loudness range and points of the history are 100 ms apart."""

ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
RANGE_GATE_LU = -20.0
RANGE_SHARES = (0.10, 0.95)
RANGE_STABLE_S = 60.0
_SILENCE_AFTER_FILE_TICKS = 150
"""Appended to files, so that the range sees their end (Tech 3342)."""

UNDEFINED_LUFS = -math.inf

_FIRST_POINTS = 1024


def lufs(mean_square: float) -> float:
    """Loudness of a K-weighted mean square; that of silence is `UNDEFINED_LUFS`."""
    return LOUDNESS_OFFSET_DB + 10.0 * math.log10(mean_square) if mean_square > 0.0 else UNDEFINED_LUFS


def mean_square_of(loudness_lufs: float) -> float:
    """The reverse of `lufs`."""
    return 10.0 ** ((loudness_lufs - LOUDNESS_OFFSET_DB) / 10.0)


class Loudness:
    """One measurement. Mean squares are relative to full scale, of all channels together."""

    def __init__(self, sample_rate_hz: float) -> None:
        self._tick_frames = sample_rate_hz / TICKS_PER_SECOND
        self._past = np.zeros(SHORT_TERM_TICKS - 1)
        """Ticks that the next windows reach back to; silence before the first."""
        self._momentary = self._short_term = 0.0
        self.is_paused = False
        self.reset()

    # --- control: all of it acts on everything that is accumulated, together

    def reset(self) -> None:
        """Starts the measurement anew. What momentary and short-term show now goes on."""
        self._blocks, self._ranges = EnergyRanks(), EnergyRanks()
        self._max_momentary = self._max_short_term = 0.0
        self._ticks = 0
        self._points = np.zeros((2, _FIRST_POINTS), np.float32)
        self._point_count = 0
        self._integrated: float | None = None
        self._begin_stretch()

    def pause(self) -> None:
        """Leaves out what comes; momentary and short-term go on showing it."""
        self.is_paused = True

    def resume(self) -> None:
        """Goes on after a pause."""
        if self.is_paused:
            self.is_paused = False
            self._begin_stretch()

    def take(self, energies: Energies) -> None:
        """Takes the next ticks: a sum of squares for each. What is not a finite number counts as silence."""
        count = len(energies)
        if count == 0:
            return
        past = np.concatenate([self._past, np.where(np.isfinite(energies), energies, 0.0)])
        momentary, short_term = self._windows(past)
        self._past = past[count:].copy()
        self._momentary, self._short_term = float(momentary[-1]), float(short_term[-1])
        if not self.is_paused:
            self._accumulate(momentary[-count:], short_term)

    def finish_file(self) -> None:
        """The file has ended. Its loudness range is that with 1.5 s of silence after it; nothing more may be taken."""
        if self._stretch_ticks >= SHORT_TERM_TICKS:
            ended = np.concatenate([self._past, np.zeros(_SILENCE_AFTER_FILE_TICKS)])
            numbers = self._stretch_ticks + 1 + np.arange(_SILENCE_AFTER_FILE_TICKS)
            self._add_ranges(self._windows(ended)[1][numbers % STEP_TICKS == 0])

    # --- readings

    @property
    def momentary_lufs(self) -> float:
        """The last 0.4 s, with silence before the first sound."""
        return lufs(self._momentary)

    @property
    def short_term_lufs(self) -> float:
        """The last 3 s, with silence before the first sound."""
        return lufs(self._short_term)

    @property
    def max_momentary_lufs(self) -> float:
        """The highest of all whole windows of 0.4 s; undefined before there was one."""
        return lufs(self._max_momentary)

    @property
    def max_short_term_lufs(self) -> float:
        """The highest of all whole windows of 3 s; undefined before there was one."""
        return lufs(self._max_short_term)

    @property
    def integrated_lufs(self) -> float:
        """The gated loudness of the whole; undefined where no block is louder than -70 LUFS."""
        if self._integrated is None:
            self._integrated = UNDEFINED_LUFS
            if self._blocks.count:
                relative = _ratio(RELATIVE_GATE_LU) * self._blocks.total / self._blocks.count
                passing, total = self._blocks.above(max(relative, mean_square_of(ABSOLUTE_GATE_LUFS)))
                self._integrated = lufs(total / passing) if passing else UNDEFINED_LUFS
        return self._integrated

    @property
    def loudness_range_lu(self) -> float | None:
        """The loudness range; None where 3 s have not been heard, or nothing louder than -70 LUFS."""
        ranges = self._ranges
        if not ranges.count:
            return None
        threshold = _ratio(RANGE_GATE_LU) * ranges.total / ranges.count
        kept, _ = ranges.above(max(threshold, mean_square_of(ABSOLUTE_GATE_LUFS)), inclusive=True)
        low, high = (
            ranges.ranked(ranges.count - kept + math.floor((kept - 1) * share + 0.5)) for share in RANGE_SHARES
        )
        return 10.0 * math.log10(high / low)

    @property
    def is_range_stable(self) -> bool:
        """Whether the loudness range may be relied upon (60 s have been heard)."""
        return self.measured_s >= RANGE_STABLE_S

    @property
    def measured_s(self) -> float:
        """What has been measured, without pauses."""
        return self._ticks / TICKS_PER_SECOND

    @property
    def history(self) -> LoudnessHistory:
        """All points so far. The arrays are looked at, not kept: they change with the measurement."""
        points = self._points[:, : self._point_count]
        return LoudnessHistory(points[0], points[1])

    # --- inside

    def _begin_stretch(self) -> None:
        self._stretch_ticks = 0
        """Ticks since the start, the last reset or the end of the last pause: what windows may reach back to."""
        self._recent = np.zeros(STEP_TICKS - 1)
        """Whole momentary windows since the last point, older ones before them."""

    def _windows(self, past: Energies) -> tuple[Energies, Energies]:
        """Mean squares of all windows that lie in some ticks, by sums of sums: of 2, 4, 8 ... of them."""
        sums = {1: past}
        for width in (1, 2, 4, 8, 16, 32, 64, 128):
            sums[2 * width] = sums[width][width:] + sums[width][:-width]
        count = len(past)
        momentary = sums[8][: count - 39] + sums[32][8:]
        short_term = sums[4][: count - 299] + sums[8][4 : count - 295] + sums[32][12 : count - 287] + sums[256][44:]
        frames = self._tick_frames
        return momentary / (MOMENTARY_TICKS * frames), short_term / (SHORT_TERM_TICKS * frames)

    def _accumulate(self, momentary: Energies, short_term: Energies) -> None:
        count = len(momentary)
        numbers = self._stretch_ticks + 1 + np.arange(count)
        self._ticks += count
        self._stretch_ticks += count
        momentary = np.where(numbers >= MOMENTARY_TICKS, momentary, 0.0)
        short_term = np.where(numbers >= SHORT_TERM_TICKS, short_term, 0.0)
        self._max_momentary = max(self._max_momentary, float(momentary.max()))
        self._max_short_term = max(self._max_short_term, float(short_term.max()))
        recent = np.concatenate([self._recent, momentary])
        self._recent = recent[count:].copy()
        steps = np.flatnonzero(numbers % STEP_TICKS == 0)
        if len(steps) == 0:
            return
        blocks = momentary[steps]
        self._blocks.add(blocks[blocks > mean_square_of(ABSOLUTE_GATE_LUFS)])
        self._integrated = None
        self._add_ranges(short_term[steps])
        highest = recent[steps[:, None] + np.arange(STEP_TICKS)].max(axis=1)
        self._add_points(np.stack([highest, short_term[steps]]))

    def _add_ranges(self, short_term: Energies) -> None:
        self._ranges.add(short_term[short_term >= mean_square_of(ABSOLUTE_GATE_LUFS)])

    def _add_points(self, mean_squares: Energies) -> None:
        end = self._point_count + mean_squares.shape[1]
        if end > self._points.shape[1]:
            grown = np.zeros((2, max(end, 2 * self._points.shape[1])), np.float32)
            grown[:, : self._point_count] = self._points[:, : self._point_count]
            self._points = grown
        with np.errstate(divide="ignore"):
            self._points[:, self._point_count : end] = LOUDNESS_OFFSET_DB + 10.0 * np.log10(mean_squares)
        self._point_count = end


def _ratio(level_lu: float) -> float:
    return 10.0 ** (level_lu / 10.0)
