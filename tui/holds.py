"""The levels that meters show: those of the last frame, and what has been of them.

A frame tells marks and maxima of all levels at all stages: another type of meter shows what has been, not what comes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.meters.frame import STAGES, Levels, MeterFrame
from engine.mix import HOLD_S
from tui.drawing.scale import MeterType, Source

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]


class Holds:
    """Levels, marks and numbers of meters as of the last frame: (rows, stages, 2), in the frame's units."""

    def __init__(self) -> None:
        self._frame: MeterFrame | None = None
        self._are_kept = True
        self.over: BoolArray = np.zeros((0, len(STAGES), 2), np.bool_)
        """Whether a sample above full scale has passed."""

    @property
    def rows(self) -> int:
        """Of the last frame."""
        return len(self.over)

    def update(self, frame: MeterFrame, hold_s: float = HOLD_S) -> None:
        """Take in a frame whose marks stay for `hold_s`."""
        self._frame, self._are_kept, self.over = frame, hold_s > 0.0, frame.over

    @property
    def frame(self) -> MeterFrame:
        """The last one; there has to be one."""
        assert self._frame is not None
        return self._frame

    def levels(self, meter: MeterType) -> FloatArray:
        """The levels of a type's source now."""
        return self.frame.levels.of(meter.source)

    def marks(self, meter: MeterType) -> FloatArray:
        """Its marks. Where none stay there are none but those of another source, which show it as it is."""
        levels, source = self.marked(meter)
        return levels.of(source)

    def marked(self, meter: MeterType) -> tuple[Levels, Source]:
        """What its marks are of."""
        frame, source = self.frame, meter.mark_source
        if source is not None and not self._are_kept:
            return frame.levels, source
        return frame.marks, source or meter.source

    def numbers(self, meter: MeterType) -> FloatArray:
        """What its numbers say: the highest levels, or the levels now."""
        return self._numbered(meter).of(meter.source)

    def numbered(self, meter: MeterType) -> bytes:
        """What changes with its numbers."""
        return self._numbered(meter).plane(meter.source).tobytes()

    def _numbered(self, meter: MeterType) -> Levels:
        return self.frame.maxima if meter.held else self.frame.levels
