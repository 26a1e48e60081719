"""One check of a standard: a signal, what a meter must read of it, and how far off it may be."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

RATES_HZ = (44100, 48000, 88200, 96000, 192000)
"""Where rows that hold at every rate are checked."""

NO_READING = -math.inf


@dataclass(frozen=True)
class Row:
    """A row of the table. `read` makes the signal, measures it and returns a reading for each of `expected`.

    A reading may lie `below` and `above` what is expected by so much; `NO_READING` must be met exactly.
    """

    id: str
    source: str
    signal: str
    expected: tuple[float, ...]
    below: float
    above: float
    unit: str
    read: Callable[[], Sequence[float]]

    def judge(self, readings: Sequence[float]) -> Verdict:
        """What to say of readings."""
        assert len(readings) == len(self.expected), f"{len(readings)} readings for {len(self.expected)}"
        errors = [
            0.0 if reading == expected else reading - expected
            for reading, expected in zip(readings, self.expected, strict=True)
        ]
        # The one that comes closest to a limit, or is farthest beyond one; what is no number is worst of all.
        shares = [_share(error, self.below, self.above) for error in errors]
        worst = max(range(len(errors)), key=shares.__getitem__)
        return Verdict(self.expected[worst], readings[worst], shares[worst] <= 1.0)


@dataclass(frozen=True)
class Verdict:
    """The reading of a row that is farthest off, what was expected of it, and whether all are within tolerance."""

    expected: float
    measured: float
    passed: bool


def _share(error: float, below: float, above: float) -> float:
    """How much of the tolerance an error uses up."""
    if not math.isfinite(error):
        return math.inf
    limit = above if error > 0.0 else below
    return abs(error) / limit if limit > 0.0 else (math.inf if error else 0.0)


def within(id: str, source: str, signal: str, expected: float | Sequence[float], tolerance: float,
           read: Callable[[], Sequence[float]], unit: str = "LUFS") -> Row:  # fmt: skip
    """A row whose tolerance is the same on both sides."""
    values = (expected,) if isinstance(expected, float) else tuple(expected)
    return Row(id, source, signal, values, tolerance, tolerance, unit, read)


def at_every_rate(make: Callable[[int], Row]) -> tuple[Row, ...]:
    """A row for each rate; its id says which."""
    return tuple(make(rate) for rate in RATES_HZ)
