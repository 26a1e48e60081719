"""What is held of maxima and overs, on the reader's side, for each point of a layout.

What the audio thread has found since the last hand-over is there to be looked at, what it had found before has been
handed over, and is taken once (`meters.reading`). Hand-overs are numbered; a point that is cleared counts from the
hand-over that is asked for then, so what it holds is of after that moment, whoever reads how late.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.meters.frame import SOURCES, FloatArray
from engine.meters.reading import HELD

Indices = npt.NDArray[np.intp]


def moved(values: npt.NDArray[Any], before: Indices, nothing: int = 0) -> npt.NDArray[Any]:
    """Values (points, ...) of other points: where each was (-1: it is new)."""
    found = np.full((len(before), *values.shape[1:]), nothing, values.dtype)
    known = before >= 0
    found[known] = values[before[known]]
    return found


def _nothing() -> npt.NDArray[Any]:
    held = np.zeros((), HELD)
    held["maxima"] = held["marks"] = -np.inf
    return held


_NOTHING = _nothing()


class Held:
    """Maxima, marks and overs since holds were cleared, and highest samples for evidence."""

    def __init__(self) -> None:
        self._points: npt.NDArray[Any] = np.zeros(0, HELD)
        self.address = 0
        """Of one `HELD` for each point, which readings keep."""
        self.move(np.zeros(0, np.intp))

    @property
    def recent(self) -> FloatArray:
        """The highest samples for evidence, of the louder side."""
        recent: FloatArray = self._points["recent"].max(axis=1, initial=0.0)
        return recent

    @property
    def maxima(self) -> FloatArray:
        """The highest levels, (sources, points and one of nothing, 2)."""
        nothing = np.full((len(SOURCES), 1, 2), -np.inf, np.float32)
        return np.concatenate([self._points["maxima"].transpose(1, 0, 2), nothing], axis=1)

    def take_level(self, source: int, levels: FloatArray, *, has_marks: bool) -> tuple[FloatArray, FloatArray]:
        """Takes levels (points,) that readings do not make; marks and maxima of that source then, (points, 2)."""
        marks, maxima = self._points["marks"][:, source], self._points["maxima"][:, source]
        np.maximum(maxima, levels[:, None], out=maxima)
        if has_marks:
            np.maximum(marks, levels[:, None], out=marks)
        return marks, maxima

    def move(self, before: Indices) -> None:
        """Goes over to other points: where each was (-1: it is new)."""
        self._points = moved(self._points, before)
        self._points[before < 0] = _NOTHING
        self.address = self._points.ctypes.data

    def clear(self, points: Indices, number: int) -> None:
        """Begins what is held anew with the hand-over of a number."""
        for name in ("highest", "overs", "first_over"):
            self._points[name][points] = 0.0
        for name in ("maxima", "marks"):
            self._points[name][points] = -np.inf
        self._points["since"][points] = number

    def clear_recent(self, points: Indices, number: int) -> None:
        """Begins what is for evidence anew with the hand-over of a number."""
        self._points["recent"][points] = 0.0
        self._points["recent_since"][points] = number
