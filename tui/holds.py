"""What the meters remember for the eye: marks that stay a while, and the highest level since it was cleared.

Kept for all sources of levels at all times, so that another type of meter shows what has been, not what comes. The
engine's levels are never below the highest since the previous reading, so nothing is lost between two frames.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, get_args

import numpy as np
import numpy.typing as npt

from engine.meters.frame import STAGES, MeterFrame
from sessions.meters import HOLD_S
from tui.drawing.scale import MeterType, Source

FloatArray = npt.NDArray[np.float32]
IndexArray = npt.NDArray[np.intp]
_SOURCES: Final[tuple[Source, ...]] = get_args(Source)
_PLACES: Final = {source: place for place, source in enumerate(_SOURCES)}


class Holds:
    """Levels, marks and maxima of all meters: float32 of shape (sources, rows, stages, 2), in the frame's units.

    Rows are those of the frames.
    """

    def __init__(self) -> None:
        self._strip_ids: tuple[str, ...] = ()
        self.are_kept = True
        """Whether marks stay for a while. If not there are none but those of another source, which show it as it is."""
        self._cleared = 0
        self._make(0)

    def _make(self, rows: int) -> None:
        self._kept = np.full((3, len(_SOURCES), rows, len(STAGES), 2), -np.inf, np.float32)
        self._levels, self._marks, self._maxima = self._kept
        self._since_s = np.full(self._levels.shape, -np.inf)

    @property
    def rows(self) -> int:
        """Of the last frame."""
        return int(self._levels.shape[1])

    def follow(self, strip_ids: Sequence[str]) -> None:
        """Take in which strips there are: what is known of a strip goes with it to another row."""
        order = tuple(strip_ids)
        if order == self._strip_ids:
            return
        before, others = self._strip_ids, self.rows - len(self._strip_ids)
        self._strip_ids = order
        if others < 0:
            return  # no frame has come since
        kept, since_s = self._kept, self._since_s
        self._make(len(order) + others)
        rows = {strip_id: row for row, strip_id in enumerate(before)}
        pairs = [(row, rows[strip_id]) for row, strip_id in enumerate(order) if strip_id in rows]
        pairs += [(len(order) + row, len(before) + row) for row in range(others)]
        to, of = [new for new, _ in pairs], [row for _, row in pairs]
        self._kept[:, :, to] = kept[:, :, of]
        self._since_s[:, to] = since_s[:, of]

    def update(self, frame: MeterFrame, now_s: float, hold_s: float = HOLD_S) -> None:
        """Take in a frame at a (monotonic) time; marks stay for `hold_s`: 0 is not at all, inf until cleared."""
        if len(frame.peak_dbfs) != self.rows:
            self._make(len(frame.peak_dbfs))
        if frame.holds_cleared != self._cleared:
            self._cleared = frame.holds_cleared
            self.clear()
        levels, marks, maxima = self._levels, self._marks, self._maxima
        self.are_kept = hold_s > 0.0
        for source, plane in zip(_SOURCES, levels, strict=True):
            values: FloatArray = getattr(frame, source)
            plane[...] = values if values.ndim == 3 else values[:, :, None]
        np.maximum(maxima, levels, out=maxima)
        maxima[_PLACES["peak_dbfs"]] = frame.hold_dbfs
        maxima[_PLACES["true_peak_dbtp"]] = frame.true_hold_dbtp
        if math.isinf(hold_s):
            np.copyto(marks, maxima)
        elif not self.are_kept:
            marks.fill(-np.inf)
        else:
            renewed = levels >= marks
            renewed |= self._since_s < now_s - hold_s
            np.copyto(marks, levels, where=renewed)
            np.copyto(self._since_s, now_s, where=renewed)

    def levels(self, meter: MeterType) -> FloatArray:
        """The levels of a type's source now, (rows, stages, 2)."""
        levels: FloatArray = self._levels[_PLACES[meter.source]]
        return levels

    def marks(self, meter: MeterType) -> FloatArray:
        """Its marks, (rows, stages, 2)."""
        plane, place = self._mark_place(meter)
        marks: FloatArray = self._kept[plane, place]
        return marks

    def places(self, meter: MeterType, places: IndexArray) -> IndexArray:
        """Where the levels and the marks of a type lie in `shown`, (2, ...), for places in an array of theirs."""
        size = self.rows * len(STAGES) * 2
        plane, mark = self._mark_place(meter)
        return np.stack([_PLACES[meter.source] * size + places, (plane * len(_SOURCES) + mark) * size + places])

    def _mark_place(self, meter: MeterType) -> tuple[int, int]:
        """Among levels and marks, and among the sources."""
        if meter.mark_source is not None:
            return int(self.are_kept), _PLACES[meter.mark_source]
        return 1, _PLACES[meter.source]

    def shown(self, places: IndexArray) -> FloatArray:
        """Levels and marks at once, by their places."""
        found: FloatArray = self._kept.take(places)
        return found

    def numbers(self, meter: MeterType) -> FloatArray:
        """What its numbers say, (rows, stages, 2): the highest levels, or the levels now."""
        numbers: FloatArray = (self._maxima if meter.held else self._levels)[_PLACES[meter.source]]
        return numbers

    def clear(self, row: int | None = None, stage: int | None = None) -> None:
        """Forget marks and maxima: of all, of one row (the master's with the monitor's), or at one stage of it."""
        rows = slice(row, None) if row is None or row == len(self._strip_ids) else row
        stages = slice(None) if stage is None else stage
        self._kept[1:, :, rows, stages] = -np.inf
