"""What a meter remembers for the eye: marks that stay a while, and the highest level since it was cleared.

The engine's levels are never below the highest since the previous reading, so nothing is lost between two frames.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from engine.meters.frame import MeterFrame
from tui.drawing.scale import MeterType

FloatArray = npt.NDArray[np.float32]
HOLD_S: Final = 2.0
"""How long a mark stays above a falling level."""


class Holds:
    """Marks and maxima of all meters of one type; arrays of shape (strips + 1, stages, 2), as in the frame."""

    def __init__(self) -> None:
        self._meter: MeterType | None = None
        self.marks: FloatArray = np.full((0, 0, 0), -np.inf, dtype=np.float32)
        self.maxima: FloatArray = self.marks
        self._since_s = np.zeros((0, 0, 0))

    def update(self, meter: MeterType, frame: MeterFrame, now_s: float) -> FloatArray:
        """Take in a frame at a (monotonic) time and return the levels of its meters now."""
        levels = meter.levels(frame)
        if meter is not self._meter or levels.shape != self.marks.shape:
            self._meter = meter
            self.marks = np.full(levels.shape, -np.inf, dtype=np.float32)
            self.maxima = self.marks.copy()
            self._since_s = np.full(levels.shape, -np.inf)
        renewed = (levels >= self.marks) | (now_s - self._since_s > HOLD_S)
        self.marks = np.where(renewed, levels, self.marks)
        self._since_s[renewed] = now_s
        self.maxima = np.maximum(self.maxima, frame.hold_dbfs if meter.id == "peak" else levels)
        return levels

    def clear(self) -> None:
        """Forget marks and maxima."""
        self._meter = None
