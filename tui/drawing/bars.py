"""Meter bars and hold marks as codes per cell: what is compared from frame to frame, before it is a glyph.

A bar of `rows` cells has `rows * steps` steps (8 with eighth blocks, 2 with half blocks, 1 with letters). A cell's code
is how many of its steps are lit, 0 to `steps`; above that come the hold marks in an unlit cell: `steps + 1` to
`steps + 3` for a mark in its lower, middle or upper third. Levels that would look the same have the same codes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
CodeArray = npt.NDArray[np.int32]
StepArray = npt.NDArray[np.int32]
IndexArray = npt.NDArray[np.intp]

HOLD_CODES: Final = 3
"""Heights a hold mark can have in one cell."""
_ROUNDED: Final = np.array([[0.5], [0.9999]], np.float32)
"""Steps are rounded; a mark stands in the third that it reaches into."""


def scales_of(rows: int, steps: int) -> FloatArray:
    """What heights of bars and of marks are multiplied by to count steps and thirds of cells; shape (2, 1)."""
    return np.array([[rows * steps], [rows * HOLD_CODES]], np.float32)


def steps_of(heights: FloatArray, scales: FloatArray) -> StepArray:
    """Of bars how many steps are lit, of marks in which third of a cell they stand, from 1 up, 0 for none.

    Heights of bars and of marks in 0..1, of shape (2, lanes).
    """
    steps: StepArray = (heights * scales + _ROUNDED).astype(np.int32)
    return steps


@lru_cache(maxsize=64)
def _bases(rows: int, steps: int) -> CodeArray:
    """How many steps of a bar lie below each row, (rows, 1), the highest row first."""
    return (np.arange(rows - 1, -1, -1, dtype=np.int32) * steps)[:, None]


@lru_cache(maxsize=64)
def _marks(rows: int, steps: int) -> tuple[IndexArray, CodeArray]:
    """For each third of a cell that a mark can stand in (0: none) its row and its code, 0 for none."""
    thirds = np.arange(rows * HOLD_CODES + 1) - 1
    codes = (steps + 1 + thirds % HOLD_CODES).astype(np.int32)
    codes[0] = 0
    return rows - 1 - np.maximum(thirds, 0) // HOLD_CODES, codes


def bar_codes(lit: StepArray, rows: int, steps: int) -> CodeArray:
    """Codes of bars of so many lit steps, (lanes,): (rows, lanes), the highest row first."""
    codes: CodeArray = lit[None, :] - _bases(rows, steps)
    np.maximum(codes, 0, out=codes)
    return np.minimum(codes, steps, out=codes)


def add_marks(codes: CodeArray, thirds: StepArray, steps: int) -> None:
    """Put a mark into each bar of `codes` (rows, lanes), in place: where its cell is not lit by the bar."""
    rows, marks = _marks(len(codes), steps)
    # Cells of the whole array by their numbers: one index is found sooner than two.
    at = rows.take(thirds) * codes.shape[1] + np.arange(codes.shape[1])
    cells = codes.reshape(-1)
    now = cells.take(at)
    cells[at] = np.where(now == 0, marks.take(thirds), now)
