"""Meter frames with other values than an engine would have read."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.meters.frame import SOURCES, Levels, MeterFrame

FloatArray = npt.NDArray[np.float32]
_HELD = {"hold_dbfs": "peak_dbfs", "true_hold_dbtp": "true_peak_dbtp"}


def changed(frame: MeterFrame, **values: Any) -> MeterFrame:
    """With other fields, and levels by the names of a frame's properties: (rows, stages), or (rows, stages, 2)."""
    levels = {name: values.pop(name) for name in SOURCES if name in values}
    held = {source: values.pop(name) for name, source in _HELD.items() if name in values}
    with_them = {"levels": _with(frame.levels, levels), "maxima": _with(frame.maxima, held)}
    return replace(frame, marks=_with(frame.marks, {}), **with_them, **values)


def levels_of(planes: FloatArray) -> Levels:
    """Levels of all sources, (sources, rows, stages, 2)."""
    sources, rows, stages, sides = planes.shape
    return Levels(planes.reshape(sources, rows * stages, sides), np.arange(rows * stages).reshape(rows, stages))


def _with(levels: Levels, values: dict[str, Any]) -> Levels:
    planes = np.stack([levels.of(source) for source in SOURCES])
    for place, source in enumerate(SOURCES):
        if source in values:
            given = np.asarray(values[source])
            planes[place] = given if given.ndim == 3 else given[:, :, None]
    return levels_of(planes)


class Remembered:
    """What an engine would have held of frames: the marks and maxima of all that meters show."""

    def __init__(self) -> None:
        self._maxima = self._marks = self._marked_s = np.zeros((0, 0, 0, 0), np.float32)
        self._shown = np.zeros((0, 0), np.int64)
        self._over = np.zeros((0, 0, 2), np.bool_)

    def clear(self, row: int | slice = slice(None), stage: int | slice = slice(None)) -> None:
        """Of all, of one row, or at one stage of it."""
        if self._maxima.size:
            self._maxima[:, row, stage] = self._marks[:, row, stage] = -np.inf

    def of(self, frame: MeterFrame, now_s: float, hold_s: float) -> MeterFrame:
        """The frame with them; of peaks the maxima are what it holds.

        What has not changed is the same object as in the frame before, as it is in an engine's.
        """
        levels = np.stack([frame.levels.of(source) for source in SOURCES])
        if self._maxima.shape != levels.shape:
            self._maxima, self._marks = np.full((2, *levels.shape), -np.inf, np.float32)
            self._marked_s = np.full(levels.shape, -np.inf)
        self._maxima = np.maximum(self._maxima, levels)
        self._maxima[:2] = frame.hold_dbfs, frame.true_hold_dbtp
        if math.isinf(hold_s):
            self._marks = self._maxima.copy()
        elif hold_s == 0.0:
            self._marks.fill(-np.inf)
        else:
            is_renewed = (levels >= self._marks) | (self._marked_s < now_s - hold_s)
            self._marks, self._marked_s = (
                np.where(is_renewed, new, old) for new, old in ((levels, self._marks), (now_s, self._marked_s))
            )
        if self._shown.shape != levels.shape[1:3]:
            self._shown = levels_of(levels).shown
        if not np.array_equal(self._over, frame.over):
            self._over = frame.over
        parts = {"levels": levels, "marks": self._marks.copy(), "maxima": self._maxima.copy()}
        same = {name: levels_of(planes)._replace(shown=self._shown) for name, planes in parts.items()}
        return replace(frame, over=self._over, **same)
