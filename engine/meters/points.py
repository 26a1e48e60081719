"""What is read of the meters of some strips, and the levels it stands for. A point is a strip and a stage of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.record import LANES
from engine.meters.ballistics import PPM_1_GAIN, PPM_2_GAIN
from engine.meters.frame import FloatArray
from engine.meters.held import Indices
from engine.meters.k_weighting import LOUDNESS_OFFSET_DB
from engine.meters.layout import Layout, whole_memory
from engine.meters.loudness import MOMENTARY_TICKS, SHORT_TERM_TICKS
from engine.meters.stage import ROWS
from engine.mix import MeterSettings

_RMS_TICK_MS = 10.0
_AES_17_DB = 10.0 * math.log10(2.0)

_MAXIMA = ("held", "true_peak.held", "ppm_1_held", "ppm_2_held")
_HANDED = ("handed", "true_peak.handed", "ppm_1_handed", "ppm_2_handed")
_MOVING = ("peak", "true_peak.peak", "vu")
_AVERAGES = ("k_mean", "weighted_mean", "square_mean", "dc")
_OVERS, _OVERS_HANDED = ("overs", "first_over"), ("overs_handed", "first_over_handed")

_SILENT_SIDE = 1e-9
"""Mean square (-90 dBFS) below which there is nothing to compare the other side with."""


def decibels(linear: npt.NDArray[Any], factor: float = 20.0) -> FloatArray:
    """Of amplitudes, or (with a factor of 10) of powers; -inf for none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        levels: FloatArray = np.log10(np.maximum(linear, 0.0, dtype=np.float32))
        levels *= np.float32(factor)
        return levels


@dataclass(slots=True)
class Taken:
    """Linear values of one moment, (kinds, points, 2).

    Maxima and overs (how many, where the first was) since the last hand-over, and those that it brought; what falls;
    averages.
    """

    maxima: FloatArray
    handed: FloatArray
    moving: FloatArray
    averages: npt.NDArray[np.float64]
    overs: npt.NDArray[np.float64]
    overs_handed: npt.NDArray[np.float64]


class Points:
    """The points of one layout."""

    def __init__(self, engine: Any, slots: tuple[int, ...]) -> None:
        self.layout = layout = Layout(engine, slots)
        self.count = len(layout.row)
        self._all_floats, self._all_doubles = whole_memory(engine, np.float32), whole_memory(engine, np.float64)
        self._floats = layout.floats((*_MAXIMA, *_HANDED, *_MOVING))
        self._doubles = layout.doubles((*_AVERAGES, *_OVERS, *_OVERS_HANDED))
        self._energy, self._k_energy = layout.doubles(("energy", "k_energy"))
        self._cross_mean = layout.of_strips("cross_mean")
        self._once = np.where(layout.is_mono, 0.5, 1.0)[:, None]
        self._youngest = int(layout.born.max(initial=0))
        # Before there is an engine there are none.
        self._tick_frames = max(float(engine.meters.tick_frames), 1.0)

    def take(self) -> Taken:
        """What there is now."""
        floats, doubles = self._all_floats.take(self._floats), self._all_doubles.take(self._doubles)
        return Taken(floats[:4], floats[4:8], floats[8:], doubles[:4], doubles[4:6], doubles[6:])

    def levels(self, settings: MeterSettings, ticks: int, now: Taken, highest: FloatArray) -> FloatArray:
        """The first fields of a frame, in their order, with what is held: (kinds, rows, stages, 2)."""
        maxima, moving, averages = now.maxima, now.moving, now.averages
        peak = np.maximum(moving[0], maxima[0])
        true_peak = np.maximum(np.maximum(moving[1], maxima[1]), peak)
        true_hold = np.maximum(highest[1], highest[0])
        ppm = maxima[2:] * np.array([PPM_1_GAIN, PPM_2_GAIN], np.float32)[:, None, None]
        amplitudes = np.stack([peak, highest[0], true_peak, true_hold, moving[2], *ppm])
        rms_ticks = min(max(round(settings.rms_window_ms / _RMS_TICK_MS), 1), SHORT_TERM_TICKS)
        rms = self._mean(self._energy, ticks, rms_ticks)
        momentary, short_term, weighted = (
            np.broadcast_to((self._once * sides).sum(axis=1, keepdims=True), sides.shape)
            for sides in (
                self._mean(self._k_energy, ticks, MOMENTARY_TICKS),
                self._mean(self._k_energy, ticks, SHORT_TERM_TICKS),
                averages[1],
            )
        )
        k_system = weighted if settings.k_weighted else averages[0]
        powers = np.stack([rms, k_system, momentary, short_term])
        amplitude_db, power_db = decibels(amplitudes), decibels(powers, 10.0)
        amplitude_db[4] -= np.float32(settings.vu_reference_dbfs)
        if settings.rms_aes17:
            power_db[0] += np.float32(_AES_17_DB)
        power_db[1] += np.float32(LOUDNESS_OFFSET_DB if settings.k_weighted else _AES_17_DB)
        power_db[2:] += np.float32(LOUDNESS_OFFSET_DB)
        # As in the frame: peak, hold, true peak, true hold, RMS, VU, PPM I and II, K-System; momentary, short-term.
        ordered = np.concatenate([amplitude_db[:4], power_db[:1], amplitude_db[4:], power_db[1:]])
        shown = np.full((len(ordered), self.count + 1, 2), -np.inf, np.float32)
        shown[:, :-1] = ordered
        return shown.take(self.layout.spread, axis=1)

    def _mean(self, totals: Indices, ticks: int, window: int) -> npt.NDArray[np.float64]:
        """The mean square of the last `window` ticks; what a lane has not lived counts as silence."""
        frames = window * self._tick_frames
        if ticks == 0:
            return np.zeros(totals.shape)
        now = self._all_doubles.take(totals + (ticks - 1) % ROWS * LANES)
        since = ticks - 1 - window
        if since >= self._youngest:
            return (now - self._all_doubles.take(totals + since % ROWS * LANES)) / frames
        begun = np.maximum(since, self.layout.born - 1)[:, None]
        before = np.where(begun < 0, 0.0, self._all_doubles.take(totals + begun % ROWS * LANES))
        return np.where(begun < ticks - 1, now - before, 0.0) / frames

    def stereo(self, now: Taken) -> tuple[FloatArray, FloatArray]:
        """Balance and correlation, (rows, stages); 0 where a side is silent."""
        left, right = now.averages[2].T
        sounds = np.minimum(left, right) > _SILENT_SIDE
        left, right = np.where(sounds, left, 1.0), np.where(sounds, right, 1.0)
        cross = np.where(sounds, self._all_doubles.take(self._cross_mean), 0.0)
        correlation = np.clip(cross / np.sqrt(left * right), -1.0, 1.0).astype(np.float32)
        balance_db = (10.0 * np.log10(right / left)).astype(np.float32)
        return self.spread(balance_db, 0.0), self.spread(correlation, 0.0)

    def spread(self, values: npt.NDArray[Any], nothing: float) -> npt.NDArray[Any]:
        """What is known of points (points, ...) as (rows, stages, ...)."""
        shown = np.full((len(values) + 1, *values.shape[1:]), nothing, values.dtype)
        shown[:-1] = values
        return shown[self.layout.spread]
