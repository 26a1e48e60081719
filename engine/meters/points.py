"""What is read of the meters of some strips, and the levels it stands for. A point is a strip and a stage of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.record import LANES
from engine.meters.ballistics import PPM_1_GAIN, PPM_2_GAIN
from engine.meters.frame import AFTER_FADER, SINE_CREST_DB, FloatArray
from engine.meters.held import Indices
from engine.meters.k_weighting import LOUDNESS_OFFSET_DB
from engine.meters.layout import Layout, whole_memory
from engine.meters.loudness import MOMENTARY_TICKS, SHORT_TERM_TICKS
from engine.meters.stage import ROWS
from engine.mix import VU_REFERENCE_DBFS, MeterSettings

Doubles = npt.NDArray[np.float64]
_Stereo = tuple[FloatArray, FloatArray, FloatArray]
_Overs = tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64], Doubles]

_TICK_MS = 10.0

_MAXIMA = ("held", "true_peak.held", "ppm_1_held", "ppm_2_held")
_HANDED = ("handed", "true_peak.handed", "ppm_1_handed", "ppm_2_handed")
_MOVING = ("peak", "true_peak.peak", "vu")
_AVERAGES = ("k_mean", "weighted_mean", "square_mean", "dc")
_OVERS, _OVERS_HANDED = ("overs", "first_over"), ("overs_handed", "first_over_handed")

_TRUE_PEAK = 2
"""Its place among a frame's levels."""
_STEREO_EVERY_TICKS = 18
_SILENT_SIDE = 1e-9
"""Mean square (-90 dBFS) below which there is nothing to compare the other side with."""


def decibels(linear: npt.NDArray[Any], factor: float = 20.0) -> FloatArray:
    """Of amplitudes, or (with a factor of 10) of powers; -inf for none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        levels: FloatArray = np.log10(np.maximum(linear, 0.0, dtype=np.float32))
        levels *= np.float32(factor)
        return levels


class Scale:
    """How levels are shown: the factors of logarithms and what is added to them, (kinds, 1, 1), in a frame's order."""

    def __init__(self, settings: MeterSettings) -> None:
        amplitude, power = 20.0, 10.0
        self.rms_ticks = min(max(round(settings.rms_window_ms / _TICK_MS), 1), SHORT_TERM_TICKS)
        self.windows = np.array([self.rms_ticks, MOMENTARY_TICKS, SHORT_TERM_TICKS])[:, None, None]
        """The ticks of RMS, momentary and short-term loudness, (3, 1, 1); no other is longer than the last."""
        self.k_weighted = settings.k_weighted
        kinds = (
            *((amplitude, 0.0),) * 4,
            (power, SINE_CREST_DB if settings.rms_aes17 else 0.0),
            (amplitude, -settings.vu_reference_dbfs),
            (amplitude, amplitude * math.log10(PPM_1_GAIN)),
            (amplitude, amplitude * math.log10(PPM_2_GAIN)),
            (power, LOUDNESS_OFFSET_DB if settings.k_weighted else SINE_CREST_DB),
            *((power, LOUDNESS_OFFSET_DB),) * 2,
        )
        self.factors, self.offsets_db = np.array(kinds, np.float32).T[:, :, None, None]


@dataclass(slots=True)
class Taken:
    """Linear values of one moment, (kinds, points, 2).

    Maxima and overs (how many, where the first was) since the last hand-over, and those that it brought; what falls;
    averages.
    """

    maxima: FloatArray
    handed: FloatArray
    moving: FloatArray
    averages: Doubles
    overs: Doubles
    overs_handed: Doubles


class Points:
    """The points of one layout."""

    def __init__(self, engine: Any, slots: tuple[int, ...]) -> None:
        self.layout = layout = Layout(engine, slots)
        self.count = len(layout.row)
        self._all_floats, self._all_doubles = whole_memory(engine, np.float32), whole_memory(engine, np.float64)
        self._floats = layout.floats((*_MAXIMA, *_HANDED, *_MOVING))
        self._doubles = layout.doubles((*_AVERAGES, *_OVERS, *_OVERS_HANDED))
        self._totals = layout.doubles(("energy", "k_energy", "k_energy"))
        """Of RMS, momentary and short-term loudness."""
        self._outputs = layout.spread[-2:, AFTER_FADER]
        self._has_outputs = bool((self._outputs < self.count).all())
        self._cross_mean = layout.of_strips("cross_mean")
        self._once = np.where(layout.is_mono, 0.5, 1.0)[:, None]
        self._begun = (layout.born - 1)[:, None]
        self._youngest = int(layout.born.max(initial=0))
        # Before there is an engine there are none.
        self.tick_frames = max(float(engine.meters.tick_frames), 1.0)
        nothing = np.zeros((self.count, 2))
        self._counted, self._high = nothing, nothing > 0.0
        """What the overs are of that are known: they seldom change."""
        self._overs: _Overs = (
            self.spread(nothing > 0.0, False),
            self.spread(nothing[:, 0].astype(np.int64), 0),
            self.spread(nothing[:, 0] - 1.0, -1.0),
        )
        silent = np.zeros((layout.rows, layout.stages, 2), np.float32)
        self._stereo: _Stereo = (silent[..., 0], silent[..., 0], silent)
        of_units = layout.units.shape[1:]
        self._no_units = np.zeros(of_units, np.float32), np.full(of_units, -np.inf, np.float32)
        self._stereo_at = -_STEREO_EVERY_TICKS

    def take(self) -> Taken:
        """What there is now."""
        floats, doubles = self._all_floats.take(self._floats), self._all_doubles.take(self._doubles)
        return Taken(floats[:4], floats[4:8], floats[8:], doubles[:4], doubles[4:6], doubles[6:])

    def units(self) -> tuple[FloatArray, FloatArray]:
        """What the processors say of themselves: reduction in dB and their VU, (rows, insert slots, 2)."""
        if not self.layout.has_inserts:
            return self._no_units
        found = self._all_floats.take(self.layout.units)
        found[:, ~self.layout.has_units] = 0.0
        return found[0], decibels(found[1]) - np.float32(VU_REFERENCE_DBFS)

    def levels(self, scale: Scale, ticks: int, now: Taken, highest: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The first fields of a frame, in their order, with what is held: (kinds, rows, stages, 2).

        And the true peaks of the master and the monitor since the last hand-overs, (2,).
        """
        maxima, moving, averages = now.maxima, now.moving, now.averages
        # After the points comes one of nothing, and one of the outputs.
        linear = np.zeros((len(scale.factors), self.count + 2, 2), np.float32)
        peak, hold, true_peak, true_hold, rms, vu, *_, k_system, momentary, short_term = linear[:, : self.count]
        np.maximum(moving[0], maxima[0], out=peak)
        hold[:] = highest[0]
        np.maximum(moving[1], maxima[1], out=true_peak)
        np.maximum(true_peak, peak, out=true_peak)
        np.maximum(highest[1], hold, out=true_hold)
        np.maximum(moving[2], 0.0, out=vu)
        linear[6:8, : self.count] = maxima[2:]
        means = self._means(scale.windows, ticks)
        rms[:] = means[0]
        momentary[:], short_term[:] = (self._once * means[1:]).sum(axis=2, keepdims=True)
        k_system[:] = (self._once * averages[1]).sum(axis=1, keepdims=True) if scale.k_weighted else averages[0]
        if self._has_outputs:
            linear[_TRUE_PEAK, -1] = maxima[:2, self._outputs].max(axis=(0, 2))
        with np.errstate(divide="ignore", invalid="ignore"):
            levels = np.log10(linear)
        levels *= scale.factors
        levels += scale.offsets_db
        return levels.take(self.layout.spread, axis=1), levels[_TRUE_PEAK, -1]

    def stereo(self, now: Taken, ticks: int, *, at_once: bool) -> _Stereo:
        """Balance and correlation, (rows, stages), 0 where a side is silent; DC, (rows, stages, 2).

        They move slowly, and are looked at five times a second.
        """
        if not at_once and 0 <= ticks - self._stereo_at < _STEREO_EVERY_TICKS:
            return self._stereo
        self._stereo_at = ticks
        left, right = now.averages[2].T
        shown = np.zeros((2, self.count + 1), np.float32)
        with np.errstate(divide="ignore", invalid="ignore"):
            balance_db = 10.0 * np.log10(right / left)
            correlation = self._all_doubles.take(self._cross_mean) / np.sqrt(left * right)
        sounds = np.minimum(left, right) > _SILENT_SIDE
        np.copyto(shown[0, :-1], balance_db, where=sounds, casting="same_kind")
        np.copyto(shown[1, :-1], correlation, where=sounds, casting="same_kind")
        np.clip(shown[1], -1.0, 1.0, out=shown[1])
        balance_and_correlation = shown.take(self.layout.spread, axis=1)
        self._stereo = (*balance_and_correlation, self.spread(now.averages[3].astype(np.float32), 0.0))
        return self._stereo

    def overs(self, counts: Doubles, first: Doubles, highest: FloatArray, rate_hz: float) -> _Overs:
        """Whether, how many, and where in the song the first was: fields of a frame."""
        is_high = highest > 1.0
        is_known = counts is self._counted or np.array_equal(counts, self._counted)
        if is_known and np.array_equal(is_high, self._high):
            return self._overs
        self._counted, self._high = counts, is_high
        is_mono = self.layout.is_mono[:, None]
        counts = np.where(is_mono, counts.max(axis=1, keepdims=True) / 2.0, counts)
        frames = np.where(counts > 0.0, first - 1.0, np.inf).min(axis=1)
        first_s = np.where(np.isfinite(frames), frames / rate_hz, -1.0)
        self._overs = (
            self.spread((counts > 0.0) | is_high, False),
            self.spread(counts.sum(axis=1).astype(np.int64), 0),
            self.spread(first_s, -1.0),
        )
        return self._overs

    def spread(self, values: npt.NDArray[Any], nothing: float) -> npt.NDArray[Any]:
        """What is known of points (points, ...) as (rows, stages, ...)."""
        shown = np.full((len(values) + 1, *values.shape[1:]), nothing, values.dtype)
        shown[:-1] = values
        return shown[self.layout.spread]

    def _means(self, windows: Indices, ticks: int) -> Doubles:
        """Mean squares of the last ticks, (windows, points, 2); what a lane has not lived counts as silence."""
        now = ticks - 1
        rows = np.maximum(now - windows, self._begun)
        after = self._all_doubles.take(self._totals + now % ROWS * LANES)
        gained = after - self._all_doubles.take(self._totals + rows % ROWS * LANES)
        if now - SHORT_TERM_TICKS < self._youngest:
            gained = np.where(rows < now, np.where(rows < 0, after, gained), 0.0)
        return gained / (windows * self.tick_frames)
