"""Where the meters of some strips lie in the engine's memory, for a reader that has to be quick.

A reading takes the same values of all strips every time, so where they lie is found once. Only stages that are measured
are looked at; a strip and such a stage are a *point*.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.record import STRIPS_PER_RACK
from engine.meters.frame import AFTER_FADER, AFTER_INSERT
from engine.meters.held import Indices, moved
from engine.meters.reading import POINT
from engine.mix import INSERT_SLOTS

MONITOR = -1
"""Its slot, as it were."""


class Layout:
    """The points of strips in these slots, of the master (the last of them) and of the monitor, as they are now."""

    def __init__(self, engine: Any, slots: tuple[int, ...]) -> None:
        self.slots = slots
        self.plan_number = int(engine.plan_number[0])
        self.sides_version = int(engine.sides_version[0])
        self._engine = engine
        racks = engine.dtype.fields["racks"]
        self._rack, self._racks_at = racks[0].base, racks[1]
        self._stage, self._stages_at = (self._rack.fields["stages"][0].base, self._rack.fields["stages"][1])
        places = engine["places"][list(slots)].astype(np.intp)
        # The monitor is measured beside the master.
        places = np.append(places, places[-1] + 1 if places[-1] >= 0 else -1)
        self.has_units = (places >= 0) & (np.arange(len(places)) < len(slots))
        """(rows,): the monitor has none, and what is not connected yet."""
        rack, self.column = np.divmod(np.maximum(places, 0), STRIPS_PER_RACK)
        source = engine["racks"]["read_from"][rack].astype(np.intp)
        source[places < 0] = -1
        source[-1, np.arange(source.shape[1]) != AFTER_FADER] = -1
        own = source == np.arange(source.shape[1])
        self.row, self.stage = np.nonzero(own)
        self.has_inserts = bool(((self.stage >= AFTER_INSERT) & (self.stage < AFTER_FADER)).any())
        """Whether any processor is connected."""
        self.rack, self.column = rack[self.row], self.column[self.row]
        self.rows, self.stages = source.shape
        number = np.full((self.rows, self.stages + 1), len(self.row), np.intp)
        number[self.row, self.stage] = np.arange(len(self.row))
        self.spread = np.take_along_axis(number, source, axis=1)
        """(rows, stages): the point that is shown there, `len(points)` for none."""
        is_stem = (self.row < len(slots)) & (self.stage < AFTER_FADER)
        sides = engine["sides"][[*slots, slots[-1]]][self.row]
        self.is_mono = (sides == 1) & is_stem
        """(points,): mono stems lie on both sides until they are panned, and count once there."""
        self.born = self._record_view("born")[self.rack, self.stage, self.column]
        self.histograms = self._record_view("histograms")
        """(racks, stages, strips, kinds, 2, bins)."""
        of_racks = engine.base.ctypes.data + self._racks_at + self.rack * self._rack.itemsize
        self._stage_addresses = of_racks + self._stages_at + self.stage * self._stage.itemsize
        self.units = self._find_units(rack, places)
        """Where the processors' readings lie among float32: reduction and VU, (2, rows, insert slots, 2)."""
        whose = (*slots, MONITOR)
        self.keys = [(whose[row], stage) for row, stage in zip(self.row.tolist(), self.stage.tolist(), strict=True)]
        """What each point is of: a slot and a stage."""

    def shown_at(self, slot: int, stage: int) -> Indices:
        """The point that is shown at a stage of the strip in a slot; none if there is no such strip."""
        points = self.spread[np.flatnonzero(np.equal(self.slots, slot)), stage]
        return points[points < len(self.keys)]

    def before(self, other: Layout | None) -> Indices:
        """Where each point was in another layout, -1 where it was not."""
        numbers = {key: number for number, key in enumerate(other.keys)} if other is not None else {}
        return np.array([numbers.get(key, -1) for key in self.keys], np.intp)

    def is_as_old_as(self, other: Layout, before: Indices) -> npt.NDArray[np.bool_]:
        """Whether each point lies where it did in another layout, and nobody else was there meanwhile."""
        same = [
            mine == moved(theirs, before)
            for mine, theirs in ((self.rack, other.rack), (self.column, other.column), (self.born, other.born))
        ]
        return (before >= 0) & np.logical_and.reduce(same)

    def _record_view(self, name: str) -> npt.NDArray[Any]:
        view: npt.NDArray[Any] = self._engine["racks"]["stages"][name]
        return view

    def _find_units(self, rack: Indices, places: Indices) -> Indices:
        readings, readings_at = self._rack.fields["readings"]
        of_slots = np.arange(INSERT_SLOTS) * readings.base.itemsize
        starts = (self._racks_at + rack * self._rack.itemsize + readings_at)[:, None] + of_slots
        lanes = (places % STRIPS_PER_RACK)[:, None, None] + np.array([0, STRIPS_PER_RACK])
        return np.stack(
            [(starts + readings.base.fields[name][1])[:, :, None] // 4 + lanes for name in ("reduction_db", "vu")]
        )

    def histograms_at(self, kind: int) -> npt.NDArray[np.int64]:
        """The addresses of the histograms of a kind, (points,)."""
        shape, offset = self._stage.fields["histograms"]
        of_kind = shape.base.itemsize * math.prod(shape.shape[2:])
        return self._stage_addresses + offset + (self.column * shape.shape[1] + kind) * of_kind

    def points(self) -> npt.NDArray[Any]:
        """What a reading has to know of each point: (points,) of `meters.reading.POINT`."""
        points = np.zeros(len(self.row), POINT)
        points["stage"] = self._stage_addresses
        # The master's output is measured at eight times the rate.
        is_output = (self.row == self.rows - 2) & (self.stage == AFTER_FADER)
        points["output"][is_output] = self._engine.base.ctypes.data + self._engine.dtype.fields["output_peak"][1]
        points["column"], points["born"], points["is_mono"] = self.column, self.born, self.is_mono
        return points
