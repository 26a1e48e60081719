"""Energies kept in bins of level: sums above a threshold and values by rank, exact, without sorting them all again.

A threshold, or a rank, falls into one bin; the bins above it count as wholes, and only that one is looked through. So
a reading costs the same after a minute and after a day, and is what a sort of everything would give.
"""

from __future__ import annotations

from array import array

import numpy as np
import numpy.typing as npt

Energies = npt.NDArray[np.float64]

_BINS_PER_DECADE = 200
"""Of 0.05 dB. Few enough to be summed in microseconds, and so narrow that hours of one programme do not share one."""
_FEW = 16
_LOWEST, _HIGHEST = -8 * _BINS_PER_DECADE, 4 * _BINS_PER_DECADE
_EDGES = 10.0 ** (np.arange(_LOWEST, _HIGHEST + 1) / _BINS_PER_DECADE)
"""From -80 to +40 dB; the outermost bins hold what lies beyond. Values are compared with these very numbers, never with
logarithms, so a bin holds exactly what lies between its edges."""


class EnergyRanks:
    """A growing collection of energies; what they are relative to is the caller's affair."""

    def __init__(self) -> None:
        self.count = 0
        self._counts = np.zeros(len(_EDGES) + 1, np.int64)
        self._sums = np.zeros(len(_EDGES) + 1, np.float64)
        self._values: dict[int, array[float]] = {}

    @property
    def total(self) -> float:
        """The sum of all."""
        return float(self._sums.sum())

    def add(self, energies: Energies) -> None:
        """Takes more energies. How they are portioned does not change a bit of any sum."""
        bins = np.searchsorted(_EDGES, energies, side="right")
        self.count += len(energies)
        if len(energies) <= _FEW:  # as they come while a programme is heard
            for place, energy in zip(bins.tolist(), energies.tolist(), strict=True):
                self._counts[place] += 1
                self._sums[place] += energy
                self._values.setdefault(place, array("d")).append(energy)
            return
        np.add.at(self._counts, bins, 1)
        np.add.at(self._sums, bins, energies)
        order = np.argsort(bins, kind="stable")
        present, starts = np.unique(bins[order], return_index=True)
        for place, values in zip(present.tolist(), np.split(energies[order], starts[1:]), strict=False):
            self._values.setdefault(place, array("d")).frombytes(values.tobytes())

    def above(self, threshold: float, *, inclusive: bool = False) -> tuple[int, float]:
        """How many lie above a threshold (or at it), and their sum."""
        place = int(np.searchsorted(_EDGES, threshold, side="right"))
        values = self._in_bin(place)
        kept = values[values >= threshold] if inclusive else values[values > threshold]
        count = int(self._counts[place + 1 :].sum()) + len(kept)
        return count, float(self._sums[place + 1 :].sum() + kept.sum())

    def ranked(self, rank: int) -> float:
        """The value that a sort would put at a place: 0 is the lowest."""
        ends = np.cumsum(self._counts)
        place = int(np.searchsorted(ends, rank, side="right"))
        within = rank - int(ends[place] - self._counts[place])
        return float(np.partition(self._in_bin(place), within)[within])

    def _in_bin(self, place: int) -> Energies:
        values = self._values.get(place)
        # A copy: memory that is looked at cannot grow.
        return np.zeros(0) if values is None else np.array(values, np.float64)
