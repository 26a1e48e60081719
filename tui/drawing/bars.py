"""Meter bars and hold marks: from levels to steps, and from steps to codes of cells.

A bar of `rows` cells has `rows * steps` steps (8 with eighth blocks, 2 with half blocks, 1 with letters). A cell's code
is how many of its steps are lit, 0 to `steps`; above that come the hold marks in an unlit cell: `steps + 1` to
`steps + 3` for a mark in its lower, middle or upper third. Levels that would look the same have the same steps and
thirds, and those are what is compared from frame to frame.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
CodeArray = npt.NDArray[np.int32]
IndexArray = npt.NDArray[np.intp]

HOLD_CODES: Final = 3
"""Heights a hold mark can have in one cell."""
_LOWEST_DB, _HIGHEST_DB = -400.0, 400.0
_HALVINGS: Final = 40
_BAR_ROUNDING, _MARK_ROUNDING = np.float32(0.5), np.float32(0.9999)
"""Steps are rounded; a mark stands in the third that it reaches into."""


def bar_levels(height: Callable[[FloatArray], FloatArray], rows: int, steps: int) -> FloatArray:
    """The lowest levels of which 1, 2, ... steps of a bar are lit, ascending; `height` gives heights in 0..1.

    So the steps that are lit are how many of these a level has reached: `np.searchsorted(..., side="right")`.
    """
    return _lowest_levels(height, rows * steps, _BAR_ROUNDING)


def mark_levels(height: Callable[[FloatArray], FloatArray], rows: int) -> FloatArray:
    """The same of marks: from which levels on they stand in the lowest third of a cell, the second, and so on."""
    return _lowest_levels(height, rows * HOLD_CODES, _MARK_ROUNDING)


def _lowest_levels(height: Callable[[FloatArray], FloatArray], count: int, rounding: np.float32) -> FloatArray:
    numbers = np.arange(1, count + 1)
    below, reached = (np.full(count, end, np.float32) for end in (_LOWEST_DB, _HIGHEST_DB))
    for _ in range(_HALVINGS):
        middle = ((below + reached) * np.float32(0.5)).astype(np.float32)
        is_reached = (height(middle) * np.float32(count) + rounding).astype(np.int32) >= numbers
        reached, below = np.where(is_reached, middle, reached), np.where(is_reached, below, middle)
    return reached


def bar_codes(rows: int, steps: int) -> CodeArray:
    """The codes of bars of 0, 1, ... lit steps: (rows * steps + 1, rows), the highest row first."""
    lit, below = np.arange(rows * steps + 1), np.arange(rows - 1, -1, -1) * steps
    codes: CodeArray = np.clip(lit[:, None] - below, 0, steps).astype(np.int32)
    return codes


def mark_codes(rows: int, steps: int) -> tuple[IndexArray, CodeArray, CodeArray]:
    """For each third of a cell that a mark can stand in, from 1 up (0: none): its row, its code, and from how many lit
    steps on the bar hides it.
    """
    thirds = np.arange(rows * HOLD_CODES + 1) - 1
    cells = np.maximum(thirds, 0) // HOLD_CODES
    hidden_from = (cells * steps + 1).astype(np.int32)
    hidden_from[0] = 0
    return rows - 1 - cells, (steps + 1 + thirds % HOLD_CODES).astype(np.int32), hidden_from
