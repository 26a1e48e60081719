"""Where the meters of some strips lie in the engine's memory, for a reader that has to be quick.

A reading takes the same values of all strips every time. So they are found once, and read as numbers out of one long
array: a field of a record costs Python more to find than to read. Only stages that are measured are looked at; a strip
and such a stage are a *point*.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.record import STRIPS_PER_RACK
from engine.meters.frame import AFTER_FADER, AFTER_INSERT
from engine.meters.held import Indices, moved
from engine.mix import INSERT_SLOTS

MONITOR = -1
"""Its slot, as it were."""

_OUTPUT_FIELDS = {"true_peak.peak": "peak", "true_peak.held": "held", "true_peak.handed": "handed"}
"""What the master's output has measured at eight times the rate."""


def whole_memory(engine: Any, kind: Any) -> npt.NDArray[Any]:
    """All of an engine as one array of numbers of a kind."""
    array: npt.NDArray[Any] = engine.base.view(kind)
    return array


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
        starts = self._racks_at + self.rack * self._rack.itemsize + self._stages_at + self.stage * self._stage.itemsize
        self._starts = starts[:, None]
        self._lanes = self.column[:, None] + np.array([0, STRIPS_PER_RACK])
        is_stem = (self.row < len(slots)) & (self.stage < AFTER_FADER)
        sides = engine["sides"][[*slots, slots[-1]]][self.row]
        self.is_mono = (sides == 1) & is_stem
        """(points,): mono stems lie on both sides until they are panned, and count once there."""
        self.born = self._record_view("born")[self.rack, self.stage, self._lanes[:, 0]]
        self.histograms = self._record_view("histograms")
        """(racks, stages, strips, kinds, 2, bins)."""
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

    def floats(self, names: Sequence[str]) -> Indices:
        """Where fields of float32 lie in all of the memory, (names, points, 2)."""
        indices = np.stack([(self._starts + self._offset(name)) // 4 + self._lanes for name in names])
        is_output = (self.row == self.rows - 2) & (self.stage == AFTER_FADER)
        kind, offset = self._engine.dtype.fields["output_peak"][:2]
        for number, name in enumerate(names):
            if name in _OUTPUT_FIELDS:
                indices[number, is_output] = (offset + kind.fields[_OUTPUT_FIELDS[name]][1]) // 4 + np.arange(2)
        return indices

    def doubles(self, names: Sequence[str]) -> Indices:
        """The same of fields of float64."""
        return np.stack([(self._starts + self._offset(name)) // 8 + self._lanes for name in names])

    def of_strips(self, name: str) -> Indices:
        """The same of a field that has one float64 for both sides, (points,)."""
        return self._starts[:, 0] // 8 + self._offset(name) // 8 + self.column

    def _offset(self, name: str) -> int:
        kind, offset = self._stage, 0
        for part in name.split("."):
            kind, start = kind.fields[part][:2]
            offset += start
        return int(offset)
