"""Meter bars and hold marks as codes per cell: what is compared from frame to frame, before it is a glyph.

A bar of `rows` cells has `rows * steps` steps (8 with eighth blocks, 2 with half blocks, 1 with letters). A cell's code
is how many of its steps are lit, 0 to `steps`; above that come the hold marks in an unlit cell: `steps + 1` to
`steps + 3` for a mark in its lower, middle or upper third. Levels that would look the same have the same codes.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
CodeArray = npt.NDArray[np.int16]

HOLD_CODES: Final = 3
"""Heights a hold mark can have in one cell."""


def bar_codes(heights: FloatArray, rows: int, steps: int) -> CodeArray:
    """Codes of bars: heights in 0..1 of shape (lanes,) give (rows, lanes), the highest row first."""
    lit = np.rint(np.clip(heights, 0.0, 1.0) * (rows * steps)).astype(np.int16)
    base = (np.arange(rows - 1, -1, -1, dtype=np.int16) * steps)[:, None]
    codes: CodeArray = np.clip(lit[None, :] - base, 0, steps).astype(np.int16)
    return codes


def add_holds(codes: CodeArray, heights: FloatArray, steps: int) -> None:
    """Put a hold mark into each bar of `codes` (rows, lanes), in place: where its cell is not lit by the bar.

    A mark at the very bottom is none.
    """
    rows = len(codes)
    thirds = np.ceil(np.clip(heights, 0.0, 1.0) * (rows * HOLD_CODES)).astype(np.int64)
    lane = np.nonzero(thirds > 0)[0]
    if not lane.size:
        return
    index = thirds[lane] - 1
    row = rows - 1 - index // HOLD_CODES
    free = codes[row, lane] == 0
    codes[row[free], lane[free]] = steps + 1 + index[free] % HOLD_CODES
