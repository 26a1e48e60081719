"""What is held of maxima and overs, on the reader's side, for each point of a layout.

What the audio thread has found since the last hand-over is there to be looked at, what it had found before has been
handed over, and is taken once. Hand-overs are numbered; a point that is cleared counts from the hand-over that is asked
for then, so what it holds is of after that moment, whoever reads how late.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.meters.frame import FloatArray

Indices = npt.NDArray[np.intp]
Counts = npt.NDArray[np.float64]


class HandOver(NamedTuple):
    """Which hand-over there was last, and whether what it brought is to be taken now."""

    number: int
    is_new: bool


def moved(values: npt.NDArray[Any], before: Indices, nothing: int = 0) -> npt.NDArray[Any]:
    """Values (points, ...) of other points: where each was (-1: it is new)."""
    found = np.full((len(before), *values.shape[1:]), nothing, values.dtype)
    known = before >= 0
    found[known] = values[before[known]]
    return found


class Held:
    """The highest of some kinds of maxima (kinds, points, 2), each since its point was cleared."""

    def __init__(self, kinds: int) -> None:
        self.values: FloatArray = np.zeros((kinds, 0, 2), np.float32)
        self._since = np.zeros(0, np.int64)
        self._latest = 0

    def move(self, before: Indices) -> None:
        """Goes over to other points: where each was (-1: it is new)."""
        self.values = np.stack([moved(kind, before) for kind in self.values])
        self._since = moved(self._since, before)
        self._latest = int(self._since.max(initial=0))

    def clear(self, points: Indices, number: int) -> None:
        """Begins anew with the hand-over of a number."""
        self.values[:, points] = 0.0
        self._since[points] = number
        self._latest = int(self._since.max(initial=0))

    def take(self, now: FloatArray, handed: FloatArray, at: HandOver) -> FloatArray:
        """Takes what there is since the last hand-over, and what it brought."""
        if self._latest < at.number:  # Nobody has been cleared meanwhile.
            np.maximum(self.values, now, out=self.values)
            if at.is_new:
                np.maximum(self.values, handed, out=self.values)
            return self.values
        np.maximum(self.values, now, out=self.values, where=(self._since <= at.number)[:, None])
        if at.is_new:
            np.maximum(self.values, handed, out=self.values, where=(self._since < at.number)[:, None])
        return self.values


class HeldOvers:
    """Counts of overs (points, 2) since they were cleared, and where in the song (frames) the first was."""

    def __init__(self) -> None:
        self._counts: Counts = np.zeros((0, 2))
        self._first: Counts = np.zeros((0, 2))
        self._since = np.zeros(0, np.int64)

    def move(self, before: Indices) -> None:
        """Goes over to other points: where each was (-1: it is new)."""
        self._counts, self._first, self._since = (
            moved(values, before) for values in (self._counts, self._first, self._since)
        )

    def clear(self, points: Indices, number: int) -> None:
        """Begins anew with the hand-over of a number."""
        self._counts = self._counts.copy()  # who has the one before knows it for what it was
        self._counts[points] = 0.0
        self._since[points] = number

    def take(self, now: Counts, handed: Counts, at: HandOver) -> tuple[Counts, Counts]:
        """Takes (overs, first over) of what there is since the last hand-over, and of what it brought."""
        if not now[0].any() and not (at.is_new and handed[0].any()):
            return self._counts, self._first
        if at.is_new:
            brought = np.where((self._since < at.number)[:, None], handed[0], 0.0)
            self._first = np.where((self._counts == 0.0) & (brought > 0.0), handed[1], self._first)
            self._counts = self._counts + brought
        recent = np.where((self._since <= at.number)[:, None], now[0], 0.0)
        first = np.where(self._counts > 0.0, self._first, now[1])
        return self._counts + recent, first
