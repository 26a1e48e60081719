"""Gated averages since a moment, on the reader's side: differences of the audio thread's histograms.

A moment is some ticks after it was asked for, when no block reaches back to before it. Until then nothing is told.
Histograms end with their audio process; what was read last is added to those of the next one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.meters.frame import FloatArray
from engine.meters.gated import BINS, BLOCK_TICKS, GATED, Histograms, average_gated
from engine.meters.held import Indices, moved
from engine.meters.layout import Layout

Ticks = npt.NDArray[np.int64]

FRESH_TICKS = BLOCK_TICKS + 1
"""After so many ticks no block reaches back to before now: one may be over and not be counted yet."""
_ALWAYS, _NEVER = -1, 1 << 62
_ALL = slice(None)


class GatedSince:
    """One kind of gated average of each point of a layout: since its lane is alive, or since a moment."""

    def __init__(self, kind: int) -> None:
        self._kind = kind
        self._baseline: Histograms = np.zeros((0, 2, BINS))
        self._told: Histograms = np.zeros((0, 2, BINS))
        self._ended = self._told
        """What was read last, of this audio process and of the one before."""
        self._due = np.zeros(0, np.int64)
        """The tick at whose end a point begins anew."""
        self._next_due = _NEVER
        """The first of them."""
        self._held_back: Histograms | None = None
        """What there was when it was paused."""
        self._resumes_at: int | None = None

    def move(self, before: Indices) -> None:
        """Goes over to other points: where each was (-1: it is new)."""
        self._baseline, self._told = moved(self._baseline, before), moved(self._told, before)
        self._due = moved(self._due, before, _ALWAYS)
        self._find_next()
        if self._held_back is not None:
            self._held_back = moved(self._held_back, before)

    def end(self) -> None:
        """The audio process has ended: keeps what was read last of it, apart from what was to begin anew."""
        self._told[self._due >= 0] = 0.0
        self._ended = self._told.copy()
        if self._resumes_at is not None:
            self._held_back = self._resumes_at = None

    def restart(self, before: Indices) -> None:
        """Goes over to the points of another engine, and goes on from where each was at its end (-1: no)."""
        told = moved(self._ended, before)
        self.move(np.full(len(before), -1))
        self._baseline, self._told = -told, told

    def begin(self, points: Indices, tick: int | Ticks) -> None:
        """Begins anew at the end of a tick, one for all points or one for each."""
        self._due[points] = tick
        self._find_next()

    def pause(self, layout: Layout, ticks: int) -> None:
        """Leaves out what comes."""
        if self._held_back is None:
            self._held_back = self._now(layout, ticks)
        self._resumes_at = None

    def resume(self, ticks: int) -> None:
        """Goes on after a pause."""
        if self._held_back is not None:
            self._resumes_at = ticks + FRESH_TICKS

    def is_due(self, ticks: int) -> bool:
        """Whether something is to begin anew or to go on, with the next reading."""
        return self._goes_on(ticks) or self._next_due <= ticks

    def read(self, layout: Layout, ticks: int) -> tuple[FloatArray, FloatArray]:
        """Levels in dB and how long each point was above the absolute gate, (points,)."""
        if self._held_back is not None and self._goes_on(ticks):
            self._baseline += self._now(layout, ticks) - self._held_back
            self._held_back = self._resumes_at = None
        due = np.flatnonzero((self._due >= 0) & (self._due <= ticks))
        if len(due):
            self._baseline[due] = self._shown(layout, ticks, due)
            self._due[due] = _ALWAYS
            self._find_next()
        if self._held_back is None:
            # The histogram of who was there before is cleared before the first block has ended.
            histograms = np.where(ticks - layout.born < BLOCK_TICKS, 0, layout.histograms_at(self._kind))
        else:
            histograms = self._held_back.ctypes.data + np.arange(len(self._due)) * self._held_back[:1].nbytes
        averages = np.zeros(len(self._due), GATED)
        parts = (histograms, self._baseline, self._told, averages)
        average_gated(self._kind, len(self._due), *(part.ctypes.data for part in parts))
        levels, seconds = averages["level_db"].astype(np.float32), averages["sounding_s"].astype(np.float32)
        is_new = self._due >= 0
        levels[is_new], seconds[is_new] = -np.inf, 0.0
        return levels, seconds

    def _find_next(self) -> None:
        """Notes the first of all points to begin anew: it is asked for with every frame."""
        self._next_due = int(self._due[self._due >= 0].min(initial=_NEVER))

    def _goes_on(self, ticks: int) -> bool:
        return self._resumes_at is not None and self._resumes_at <= ticks

    def _shown(self, layout: Layout, ticks: int, some: Indices | slice) -> Histograms:
        return self._now(layout, ticks, some) if self._held_back is None else self._held_back[some].copy()

    def _now(self, layout: Layout, ticks: int, some: Indices | slice = _ALL) -> Histograms:
        found: Histograms = layout.histograms[layout.rack[some], layout.stage[some], layout.column[some], self._kind]
        # The histogram of who was there before is cleared before the first block has ended.
        found[ticks - layout.born[some] < BLOCK_TICKS] = 0.0
        return found
