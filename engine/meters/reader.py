"""The reader's side of the meters: from the engine's linear lanes to decibels of strips, once per frame.

The audio thread holds the maxima since the reader last took them; numbered hand-overs make sure that none is lost at
any frame rate, and that none is counted against a reader that came late (`meters.held`). Windows (RMS, loudness) are
differences between two of its totals, which it notes every 10 ms; gated averages are differences of its histograms
(`meters.gated_since`), and the programme's loudness is measured from what it has kept (`meters.live_programme`). All of
this goes on when another audio process takes the place of one that has ended, unless it plays at another rate.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from engine.core.record import words_of
from engine.meters.frame import Evidence, MeterFrame, Programme
from engine.meters.gated import BLOCK_TICKS, EVIDENCE, LOUDNESS
from engine.meters.gated_since import FRESH_TICKS, GatedSince
from engine.meters.held import Held, Indices
from engine.meters.layout import MONITOR
from engine.meters.live_programme import LiveProgramme
from engine.meters.points import Points, Scale, decibels
from engine.meters.silence import silent_frame, silent_programme
from engine.mix import MeterSettings

__all__ = ["MeterReader", "silent_frame", "silent_programme"]

_GATED_EVERY_TICKS = 50
_GATED_POINTS_PER_TICK = 24
"""The programme is looked at twice a second, and in turn either evidence or the integrated loudness of strips (those of
a very large mix more seldom): they move slowly, and there is much to add up."""
_SETTLED_TICKS = 60
"""When a change is heard in full (processors take longest), and no block of 400 ms reaches back to before it."""
_STEM_TICKS = 100
"""The same of another stem, which has to be opened and is heard a third of a second later (`sources.slots`)."""
_NEVER = 1 << 62


class MeterReader:
    """Reads one engine's meters; there is one reader to an engine, for it takes the maxima."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        # Found once: a field of a record costs Python more to find than to read.
        meters = engine.meters
        self._ticks, self._handed, self._wanted = meters.ticks, meters.handed, meters.wanted
        self._plan_number, self._sides_version = engine.plan_number, engine.sides_version
        self._rate_hz, self._latency_frames = words_of(engine, "sample_rate_hz", "latency_frames")
        self._load, self._peak_load, self._handed_peak_load, self._xruns = words_of(
            engine.status, "load", "peak_load", "handed_peak_load", "xruns"
        )
        self._playing, self._position, self._length, self._looping, self._underruns = words_of(
            engine.transport, "want_playing", "position_frames", "length_frames", "loop_enabled", "underruns"
        )
        self._asked = int(self._wanted[0])
        self._asked_again = False
        self._last_ticks = 0
        self._is_waiting = False
        """Whether another audio process has begun that has no plan yet."""
        self._scale = Scale(MeterSettings())
        self._points: Points | None = None
        self._ended: Points | None = None
        """Those of an audio process that has ended, until another one has some."""
        self._held = Held()
        self._has_read = False
        """Whether there was a reading: before, nothing is held, and maybe nothing can be read."""
        self._evidence, self._loudness = GatedSince(EVIDENCE), GatedSince(LOUDNESS)
        self._recent_due: dict[tuple[int, int], int] = {}
        """Slots whose evidence begins anew, from which stage on, and at which tick."""
        self._settled_at = 0
        """The tick before which no change is heard in full."""
        self._programme = LiveProgramme(meters)
        self._gated: tuple[Evidence, Programme] | None = None
        self._gated_at = 0
        self._is_evidences_turn = False

    # What is wanted

    def set(self, settings: MeterSettings) -> None:
        """Reads as these settings say from now on; how fast peaks fall is the audio thread's affair."""
        self._scale = Scale(settings)
        if self._points is not None:
            self._points.set(self._scale)

    def clear_holds(self, slot: int | None = None, stage: int | None = None) -> None:
        """Starts holds, over marks and counts anew from now on: of all, of a slot's strip, or at one stage of it.

        The monitor's go with the master's.
        """
        if self._points is not None:
            number = self._next_hand_over()
            if slot is None:
                points = np.arange(self._points.count)
            elif stage is None:
                is_master = slot == self._points.layout.slots[-1]
                points = self._points_of((slot, MONITOR) if is_master else (slot,))
            else:
                points = self._points.layout.shown_at(slot, stage)
            self._held.clear(points, number)
            self._points.clear_overs(points)

    def begin_evidence(self, slots: tuple[int, ...], first_stage: int = 0) -> None:
        """Something before these stages of these strips has changed: what they are judged by begins anew."""
        tick = max(int(self._ticks[0]) + _SETTLED_TICKS, self._settled_at)
        self._recent_due.update({(slot, first_stage): tick for slot in slots})
        if self._points is None:
            return
        points = self._points_of(slots, first_stage)
        self._evidence.begin(points, tick)
        self._held.clear_recent(points, _NEVER)
        if self._gated is not None:
            # No more than this: a fader that is dragged comes here with every frame.
            evidence, programme = self._gated
            self._gated = evidence.without(np.isin(self._points.layout.spread, points)), programme

    def expect_stems(self) -> None:
        """Other stems are to be heard: all that begins anew meanwhile does so when they are."""
        self._settled_at = int(self._ticks[0]) + _STEM_TICKS

    def reset_loudness(self) -> None:
        """Starts the programme and the integrated loudness of all strips anew, together."""
        self._programme.reset()
        points = self._points or self._points_now(self._connected())
        self._loudness.begin(np.arange(points.count), int(self._ticks[0]) + FRESH_TICKS)
        points.forget_integrated()
        self._gated = None

    def pause_loudness(self, paused: bool) -> None:
        """Leaves out what comes of both, or goes on."""
        self._programme.pause(paused)
        ticks = int(self._ticks[0])
        if paused:
            points = self._points or self._points_now(self._connected())
            self._loudness.pause(points.layout, ticks)
        else:
            self._loudness.resume(ticks)
        self._gated = None

    def forget(self, slot: int) -> None:
        """Starts all of one slot anew: another strip has it now."""
        self._recent_due = {key: due for key, due in self._recent_due.items() if key[0] != slot}
        if self._points is not None and len(self._points_of((slot,))):
            # The other one is there, and is heard a little longer.
            self.clear_holds(slot)
            self.begin_evidence((slot,))
            self._loudness.begin(self._points_of((slot,)), max(int(self._ticks[0]) + _SETTLED_TICKS, self._settled_at))

    # What is read

    def read(self, slots: tuple[int, ...], *, at_end: bool = False) -> MeterFrame:
        """One reading of the strips in these slots, in this order; the master is the last of them.

        `at_end`: it is the last one, of a whole song. Gated averages and the programme are those of this very moment,
        and the loudness range is that of a file.
        """
        points, number, is_new = self._take(slots)
        peak_load = float(self._peak_load[0])
        if is_new:
            peak_load = max(peak_load, float(self._handed_peak_load[0]))
        if number == self._asked:
            self._ask()
        ticks = int(self._ticks[0])
        self._begin_recent(ticks)
        rate = max(float(self._rate_hz[0]), 1.0)
        over, overs, first_over_s = points.overs
        reduction_db, unit_vu_db = points.units()
        evidence, programme = self._gated_averages(ticks, at_end)
        levels, marks, maxima = points.levels()
        balance_db, correlation, dc_offset = points.stereo(ticks, at_once=at_end)
        return MeterFrame(
            levels=levels,
            marks=marks,
            maxima=maxima,
            output_true_peak_dbtp=points.output_true_peaks,
            correlation=correlation,
            balance_db=balance_db,
            dc_offset=dc_offset,
            overs=overs,
            first_over_s=first_over_s,
            evidence=evidence,
            programme=programme,
            over=over,
            reduction_db=reduction_db,
            unit_vu_db=unit_vu_db,
            playing=bool(self._playing[0]),
            # Where the song has just become shorter, it is left in the next moment.
            position_s=min(int(self._position[0]), int(self._length[0])) / rate,
            length_s=int(self._length[0]) / rate,
            loop_enabled=bool(self._looping[0]),
            load_percent=100.0 * float(self._load[0]),
            peak_load_percent=100.0 * peak_load,
            xruns=int(self._xruns[0]),
            underruns=int(self._underruns[0]),
            latency_s=int(self._latency_frames[0]) / rate,
        )

    def read_nothing(self, slots: tuple[int, ...]) -> MeterFrame:
        """What there is to read while no engine runs: silence. What is held of these strips stays."""
        silent = silent_frame(len(slots) - 1)
        if self._points is None or not self._has_read:
            return silent
        maxima, (over, overs, first_over_s) = self._points.held_of(slots, self._held)
        return replace(silent, maxima=maxima, over=over, overs=overs, first_over_s=first_over_s)

    def _gated_averages(self, ticks: int, at_end: bool) -> tuple[Evidence, Programme]:
        points = self._points
        assert points is not None
        every = max(_GATED_EVERY_TICKS, points.count // _GATED_POINTS_PER_TICK)
        before = self._gated
        if self._is_waiting:
            self._programme.follow()
            last = before[0] if before is not None else silent_frame(points.layout.rows - 2).evidence
            return last, self._programme.read()
        is_due = at_end or self._evidence.is_due(ticks) or self._loudness.is_due(ticks)
        if before is not None and not is_due and ticks - self._gated_at < every:
            return before
        self._programme.follow()
        self._gated_at = ticks
        if before is not None and not is_due and ticks - self._programme.measured_until > 2 * every + BLOCK_TICKS:
            return before  # Where nothing has sounded for longer than any block, all is as it was.
        self._is_evidences_turn = not self._is_evidences_turn
        if at_end:
            self._programme.finish()
        evidence = before[0] if before is not None and not is_due else None
        if evidence is None or not self._is_evidences_turn:
            points.take_integrated(self._loudness.read(points.layout, ticks)[0], self._held)
        if evidence is None or self._is_evidences_turn:
            evidence = self._read_evidence(points, ticks)
        self._gated = evidence, self._programme.read()
        return self._gated

    def _read_evidence(self, points: Points, ticks: int) -> Evidence:
        average, sounding_s = self._evidence.read(points.layout, ticks)
        peak = decibels(self._held.recent)
        return Evidence(points.spread(average, -np.inf), points.spread(peak, -np.inf), points.spread(sounding_s, 0.0))

    # Hand-overs

    def _take(self, slots: tuple[int, ...]) -> tuple[Points, int, bool]:
        """Makes a reading of what there is now: of which points and hand-over, and whether that has brought something.

        What it finds is kept in what is held.
        """
        while True:
            # In this order: points that were found are not older than what they are to be of.
            number = int(self._handed[0])
            seen = number, int(self._plan_number[0]), int(self._sides_version[0])
            points = self._points_now(slots)
            is_new = number == self._asked and self._asked_again
            if points.read(self._held, int(self._ticks[0]), seen, is_new):
                self._has_read = True
                return points, number, is_new

    def _ask(self) -> None:
        """Lets the audio thread hand its maxima over; it has done so for the last time this was asked."""
        self._asked += 1
        self._asked_again = True
        self._wanted[0] = self._asked

    def _next_hand_over(self) -> int:
        """The number of a hand-over that has not been yet."""
        if int(self._handed[0]) == self._asked:
            if self._points is not None and self._has_read:
                # What the last one has brought would be gone with the next.
                self._take(self._points.layout.slots)
            self._ask()
        return self._asked

    def _begin_recent(self, ticks: int) -> None:
        """Begins the peaks of evidence, with the hand-over that has been asked for, where what has changed is heard."""
        for (slot, first_stage), due in list(self._recent_due.items()):
            if due <= ticks:
                self._held.clear_recent(self._points_of((slot,), first_stage), self._asked)
                del self._recent_due[slot, first_stage]

    # Points

    def _connected(self) -> tuple[int, ...]:
        """The slots of all strips that there are, the master's last: before the first reading nobody has named any."""
        places = self._engine.places
        return (*np.flatnonzero(places[:-1] >= 0).tolist(), len(places) - 1)

    def _points_now(self, slots: tuple[int, ...]) -> Points:
        points, ticks = self._points, int(self._ticks[0])
        is_another_engine = ticks < self._last_ticks or self._is_waiting
        self._last_ticks = ticks
        if points is not None and not is_another_engine:
            layout = points.layout
            seen = (layout.slots, layout.plan_number, layout.sides_version)
            if seen == (slots, int(self._plan_number[0]), int(self._sides_version[0])):
                return points
        now = Points(self._engine, slots, self._scale)
        if is_another_engine and not self._is_waiting and points is not None and points.count:
            self._ended = points
            for gated in (self._evidence, self._loudness):
                gated.end()
        self._is_waiting = bool(is_another_engine and not now.count and points and points.layout.slots == slots)
        if self._is_waiting and points is not None:
            return points  # Nothing is connected yet: what there was stays until there is something.
        before = now.layout.before(points.layout if points is not None else None)
        self._held.move(before)
        for gated in (self._evidence, self._loudness):
            if self._ended is not None:
                is_same_rate = now.tick_frames == self._ended.tick_frames
                gated.restart(now.layout.before(self._ended.layout if is_same_rate else None))
            elif points is not None:
                gated.move(np.where(now.layout.is_as_old_as(points.layout, before), before, -1))
            else:
                gated.move(before)
        if now.count:
            self._ended = None
        if is_another_engine:
            self._recent_due, self._settled_at = dict.fromkeys(self._recent_due, 0), 0
        self._points, self._gated = now, None
        for (slot, first_stage), due in self._recent_due.items():
            # Stages that have come meanwhile have to settle too, and to forget who was there before.
            those = self._points_of((slot,), first_stage)
            self._evidence.begin(those, np.maximum(due, now.layout.born[those] + BLOCK_TICKS))
        return now

    def _points_of(self, slots: tuple[int, ...], first_stage: int = 0) -> Indices:
        """The points of strips, from a stage on."""
        assert self._points is not None
        return np.flatnonzero([slot in slots and stage >= first_stage for slot, stage in self._points.layout.keys])
