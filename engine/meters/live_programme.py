"""The loudness of what leaves the master, on the reader's side: what the audio thread has kept of it is taken over."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.record import words_of
from engine.meters.ballistics import TICKS_PER_SECOND
from engine.meters.frame import Programme
from engine.meters.loudness import Loudness
from engine.meters.programme_ring import NOT_MEASURED, PROGRAMME_TICKS

_UNDER_WAY_TICKS = 2
"""One that sounds, and one that is over and not counted yet."""


class LiveProgramme:
    """One measurement of one engine's programme. What lies more than ten minutes behind a reader is lost."""

    def __init__(self, meters: Any) -> None:
        self._energies = meters.programme
        self._now = meters.ticks
        (self._rate,) = words_of(meters, "tick_frames")
        self._tick_frames = 0
        self._loudness = Loudness(TICKS_PER_SECOND)
        self._ticks = int(meters.ticks[0])
        self._begins_at = 0
        """The tick to begin with: what was under way when this was asked for belongs to before."""
        self.measured_until = self._ticks
        """The tick before which something was measured last."""
        self._is_broken = False
        """Whether something that is not measured has come since the last that was."""

    def reset(self) -> None:
        """Begins anew now."""
        self.follow()
        self._loudness.reset()
        self._begins_at = self._ticks + _UNDER_WAY_TICKS

    def pause(self, is_paused: bool) -> None:
        """Leaves out what comes, or goes on."""
        self.follow()
        if is_paused:
            self._loudness.pause()
        else:
            self._loudness.resume()
            self._begins_at = self._ticks + _UNDER_WAY_TICKS

    def follow(self) -> None:
        """Takes what has been measured since the last time."""
        ticks, before = int(self._now[0]), self._ticks
        tick_frames = int(self._rate[0])
        self._ticks = ticks
        if tick_frames != self._tick_frames:
            # Another rate: what was measured at the one before says nothing about it.
            self._tick_frames = tick_frames
            self._loudness = _at_rate(tick_frames, self._loudness)
        if ticks < before:  # Another audio process has begun.
            before, self._is_broken, self.measured_until, self._begins_at = 0, True, 0, 0
        if ticks - before > PROGRAMME_TICKS:
            before, self._is_broken = ticks - PROGRAMME_TICKS, True
        first = min(max(before, self._begins_at), ticks)
        energies = self._energies.take(np.arange(first, ticks), mode="wrap")
        measured = energies != NOT_MEASURED
        if measured.any():
            self.measured_until = ticks
        # Where it begins and ends to be measured.
        ends = np.flatnonzero(measured[1:] != measured[:-1]) + 1
        for part in np.split(energies, ends) if len(ends) else (energies,):
            if len(part) == 0:
                continue
            if part[0] == NOT_MEASURED:
                self._is_broken = True
                continue
            if self._is_broken and not self._loudness.is_paused:
                # What comes does not follow what was: no block reaches back.
                self._loudness.pause()
                self._loudness.resume()
            self._is_broken = False
            self._loudness.take(part)

    def finish(self) -> None:
        """The song is over, and is measured as its file would be. Nothing more may be taken."""
        self._loudness.finish_file()

    def read(self) -> Programme:
        """The measurement now."""
        loudness = self._loudness
        return Programme(
            integrated_lufs=loudness.integrated_lufs,
            loudness_range_lu=loudness.loudness_range_lu,
            is_range_stable=loudness.is_range_stable,
            max_momentary_lufs=loudness.max_momentary_lufs,
            max_short_term_lufs=loudness.max_short_term_lufs,
            measured_s=loudness.measured_s,
            is_paused=loudness.is_paused,
            history=loudness.history,
        )


def _at_rate(tick_frames: int, before: Loudness) -> Loudness:
    loudness = Loudness(float(tick_frames * TICKS_PER_SECOND))
    if before.is_paused:
        loudness.pause()
    return loudness
