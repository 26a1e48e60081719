"""The law of a fader: level in dB to travel 0..1 and back.

`travel = ((6 log2(gain) + 192) / 198) ** 8` (Ardour): fine around 0 dB, which lies at 0.7818; +6.02 dB is the top.
"""

from __future__ import annotations

import math
from typing import Final

_DB_PER_OCTAVE_OF_GAIN: Final = 20.0 * math.log10(2.0)
_SPAN: Final = 198.0
_OFFSET: Final = 192.0
_EXPONENT: Final = 8.0

MARKS: Final = (0.0, -10.0, -20.0, 6.0, -5.0, -30.0, -40.0, 3.0, -60.0, -15.0, -3.0, -25.0, -50.0)
"""Labels of a fader's scale, the most useful first."""


def travel_from_db(level_db: float) -> float:
    """How far up a fader stands, 0 (off) to 1 (+6.02 dB)."""
    if level_db == -math.inf:
        return 0.0
    root = (6.0 * level_db / _DB_PER_OCTAVE_OF_GAIN + _OFFSET) / _SPAN
    travel: float = max(root, 0.0) ** _EXPONENT
    return min(travel, 1.0)


def db_from_travel(travel: float) -> float:
    """The level of a fader at a travel of 0..1; at 0 it is off (-inf)."""
    if travel <= 0.0:
        return -math.inf
    root: float = min(travel, 1.0) ** (1.0 / _EXPONENT)
    return (_SPAN * root - _OFFSET) / 6.0 * _DB_PER_OCTAVE_OF_GAIN


def cap_halves(travel: float, rows: int) -> int:
    """Height of a fader cap of one cell in half cells above the bottom of `rows` cells: 0 to 2 * (rows - 1)."""
    return round(min(max(travel, 0.0), 1.0) * 2 * (rows - 1))


def cap_rows(travel: float, rows: int) -> tuple[int, bool]:
    """The upper row a fader cap is seen in (0 is the highest) and whether it reaches half into the row below."""
    halves = cap_halves(travel, rows)
    above = -(-halves // 2)
    return rows - 1 - above, halves % 2 == 1


def mark_rows(rows: int, spacing: int = 2) -> dict[int, float]:
    """Which row of a fader carries which mark of the scale, in dB."""
    placed: dict[int, float] = {}
    for mark in MARKS:
        row = cap_rows(travel_from_db(mark), rows)[0]
        if all(abs(row - other) >= spacing for other in placed):
            placed[row] = mark
    return placed
