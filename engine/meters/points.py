"""What is read of the meters of some strips, and the levels it stands for. A point is a strip and a stage of it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.record import allocate
from engine.meters.ballistics import PPM_1_GAIN, PPM_2_GAIN
from engine.meters.frame import AFTER_FADER, SINE_CREST_DB, SOURCES, FloatArray, Levels
from engine.meters.held import Held, Indices
from engine.meters.k_weighting import LOUDNESS_OFFSET_DB
from engine.meters.layout import Layout
from engine.meters.loudness import MOMENTARY_TICKS, SHORT_TERM_TICKS
from engine.meters.reading import (
    DC,
    DONE_WITH_OTHER_OVERS,
    FOR_EVER,
    INTEGRATED,
    PLANES,
    READING,
    STEREO,
    new_taken,
    read_points,
)
from engine.mix import VU_REFERENCE_DBFS, MeterSettings

Overs = tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64], npt.NDArray[np.float64]]

_TICK_MS = 10.0
_STEREO_EVERY_TICKS = 18
_AMPLITUDE, _POWER = 1.0, 0.5
"""The shares of decibels of amplitudes that levels of each are."""


def decibels(linear: npt.NDArray[Any]) -> FloatArray:
    """Of amplitudes; -inf for none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        levels: FloatArray = np.log10(np.maximum(linear, 0.0, dtype=np.float32))
        levels *= np.float32(20.0)
        return levels


class Scale:
    """How levels are shown: of each kind its share of decibels of amplitudes, and what is added to it."""

    def __init__(self, settings: MeterSettings) -> None:
        rms_ticks = min(max(round(settings.rms_window_ms / _TICK_MS), 1), SHORT_TERM_TICKS)
        self.windows = (rms_ticks, MOMENTARY_TICKS, SHORT_TERM_TICKS)
        """The ticks of RMS, momentary and short-term loudness; no other is longer than the last."""
        self.k_weighted = settings.k_weighted
        loudness = (_POWER, LOUDNESS_OFFSET_DB)
        kinds = {
            "rms_dbfs": (_POWER, SINE_CREST_DB if settings.rms_aes17 else 0.0),
            "vu_db": (_AMPLITUDE, -settings.vu_reference_dbfs),
            "ppm_1_dbfs": (_AMPLITUDE, 20.0 * math.log10(PPM_1_GAIN)),
            "ppm_2_dbfs": (_AMPLITUDE, 20.0 * math.log10(PPM_2_GAIN)),
            "k_system_dbfs": loudness if settings.k_weighted else (_POWER, SINE_CREST_DB),
            "momentary_lufs": loudness,
            "short_term_lufs": loudness,
        }
        self.shares, self.offsets_db = zip(*(kinds.get(level, (_AMPLITUDE, 0.0)) for level in SOURCES), strict=True)
        hold_ticks = 1000.0 * settings.hold_s / _TICK_MS
        # As long as there is a mark at all it stays for a moment.
        self.hold_ticks = FOR_EVER if hold_ticks >= FOR_EVER else math.ceil(hold_ticks)


class Points:
    """The points of one layout, and a reading of them that is made again and again."""

    def __init__(self, engine: Any, slots: tuple[int, ...], scale: Scale) -> None:
        self.layout = layout = Layout(engine, slots)
        self.count = count = len(layout.row)
        # Before there is an engine there are none.
        self.tick_frames = max(float(engine.meters.tick_frames), 1.0)
        cells = (layout.rows, layout.stages)
        self._spread: npt.NDArray[np.int64] = layout.spread
        self._found = np.zeros((PLANES, count + 1, 2), np.float32)
        """By the last reading (planes, points and one of nothing, 2)."""
        self._stereo_at = -_STEREO_EVERY_TICKS
        self._integrated_lufs = np.full(count, -np.inf, np.float32)
        self._output_true_peaks = np.full(2, -np.inf, np.float32)
        self._over, self._overs = np.zeros((*cells, 2), np.bool_), np.zeros(cells, np.int64)
        self._first_over_s = np.full(cells, -1.0)
        self.overs: Overs = self._copied_overs()
        """Of the last reading: whether, (rows, stages, 2); how many, and where in the song the first was."""
        self._arrays = {
            "points": layout.points(),
            "taken": new_taken(count),
            "integrated": self._integrated_lufs,
            "spread": self._spread,
            "output_true_peaks": self._output_true_peaks,
            "over": self._over,
            "overs": self._overs,
            "first_over_s": self._first_over_s,
        }
        self._reading = reading = allocate(READING)
        for name, array in self._arrays.items():
            setattr(reading, name, array.ctypes.data)
        words = {"handed": engine.meters.handed, "plan": engine.plan_number, "sides": engine.sides_version}
        for name, word in words.items():
            setattr(reading, name, word.ctypes.data)
        reading.count, reading.cells = count, math.prod(cells)
        reading.outputs[:] = layout.spread[-2:, AFTER_FADER]
        reading.tick_frames, reading.rate_hz = self.tick_frames, max(float(engine.sample_rate_hz), 1.0)
        self._address = reading.base.ctypes.data
        self.set(scale)
        self._units_floats = engine.base.view(np.float32)
        of_units = layout.units.shape[1:]
        self._no_units = np.zeros(of_units, np.float32), np.full(of_units, -np.inf, np.float32)

    def set(self, scale: Scale) -> None:
        """Shows levels so from now on."""
        reading = self._reading
        reading.windows[:], reading.is_k_weighted = scale.windows, scale.k_weighted
        reading.hold_ticks = scale.hold_ticks
        reading.shares[:], reading.offsets_db[:] = scale.shares, scale.offsets_db

    def read(self, held: Held, ticks: int, seen: tuple[int, int, int], is_new: bool) -> bool:
        """Makes a reading, and keeps what is to be held; False where it is not of one moment, and nothing was taken.

        `seen` are the numbers of the hand-over, of the plan and of the stems' sides that it has to be of; `is_new`
        tells whether what the hand-over has brought is to be taken.
        """
        handed, plan, sides = seen
        found = np.empty_like(self._found)
        done = read_points(self._address, held.address, found.ctypes.data, ticks, handed, is_new, plan, sides)
        if done:
            self._found = found
        if done == DONE_WITH_OTHER_OVERS:
            self.overs = self._copied_overs()
        return bool(done)

    def _copied_overs(self) -> Overs:
        return self._over.copy(), self._overs.copy(), self._first_over_s.copy()

    @property
    def output_true_peaks(self) -> FloatArray:
        """Of the last reading: of the master and the monitor since the last hand-overs, (2,)."""
        return self._output_true_peaks.copy()

    def take_integrated(self, integrated_lufs: FloatArray, held: Held) -> None:
        """Takes what is integrated, (points,), for this reading and those after it."""
        self._integrated_lufs[:] = integrated_lufs
        found, sources = self._found[:, :-1], len(SOURCES)
        found[INTEGRATED] = integrated_lufs[:, None]
        has_marks = bool(self._reading.hold_ticks)
        found[sources + INTEGRATED], found[2 * sources + INTEGRATED] = held.take_level(
            INTEGRATED, integrated_lufs, has_marks=has_marks
        )

    def forget_integrated(self) -> None:
        """Nothing is integrated any more."""
        self._integrated_lufs[:] = -np.inf

    def clear_overs(self, points: Indices) -> None:
        """Forgets the overs that were found at some points."""
        cleared = np.isin(self._spread, points)
        self._over[cleared], self._overs[cleared], self._first_over_s[cleared] = False, 0, -1.0
        self.overs = self._copied_overs()

    def held_of(self, slots: tuple[int, ...], held: Held) -> tuple[Levels, Overs]:
        """What is held of strips in some slots, which may be others than those of the readings: maxima and overs."""
        own = self.layout.slots
        rows = np.array([*(own.index(slot) if slot in own else -1 for slot in slots), len(own)])
        shown = np.where(rows[:, None] >= 0, self._spread[rows], self.count)
        over, overs, first_over_s = (values[rows] for values in self.overs)
        is_new = rows < 0
        over[is_new], overs[is_new], first_over_s[is_new] = False, 0, -1.0
        return Levels(held.maxima, shown), (over, overs, first_over_s)

    def levels(self) -> tuple[Levels, Levels, Levels]:
        """Levels, marks and maxima by the last reading."""
        found, spread, sources = self._found, self._spread, len(SOURCES)
        return (
            Levels(found[:sources], spread),
            Levels(found[sources : 2 * sources], spread),
            Levels(found[2 * sources : DC], spread),
        )

    def stereo(self, ticks: int, *, at_once: bool) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Balance and correlation, (rows, stages); DC, (rows, stages, 2).

        They move slowly, and are looked at five times a second.
        """
        if at_once or not 0 <= ticks - self._stereo_at < _STEREO_EVERY_TICKS:
            self._stereo_at = ticks
            dc_offset, both = self._found[DC].take(self._spread, axis=0), self._found[STEREO].take(self._spread, axis=0)
            self._stereo = both[..., 0], both[..., 1], dc_offset
        return self._stereo

    def units(self) -> tuple[FloatArray, FloatArray]:
        """What the processors say of themselves: reduction in dB and their VU, (rows, insert slots, 2)."""
        if not self.layout.has_inserts:
            return self._no_units
        found = self._units_floats.take(self.layout.units)
        found[:, ~self.layout.has_units] = 0.0
        return found[0], decibels(found[1]) - np.float32(VU_REFERENCE_DBFS)

    def spread(self, values: npt.NDArray[Any], nothing: float) -> npt.NDArray[Any]:
        """What is known of points (points, ...) as (rows, stages, ...)."""
        shown = np.full((len(values) + 1, *values.shape[1:]), nothing, values.dtype)
        shown[:-1] = values
        return shown[self.layout.spread]
