"""The units of the racks: which there are, whom they serve, and how a plan tells of them. For the control thread.

A unit is one kind of processor in one insert slot of one rack, made when the first strips of the rack want it and
dropped when the last one does not: a narrow one for few strips, a wide one for more. Who has a seat in a unit keeps it,
and so what the unit has heard of it.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.catalog import PROCESSORS
from engine.core.entries import Entry
from engine.core.record import BLOCK_FRAMES, LANES, NARROW_LANES, allocate, allocate_bytes
from engine.core.unit import JUMP, MOST_PARAMS, SIZE, Processor
from engine.core.units import frames_from_seconds
from engine.dsp.smoother import smoothing_coefficient
from engine.meters.ballistics import TICKS_PER_SECOND
from engine.mix import INSERT_SLOTS
from engine.mixer.blend import SCRATCH
from engine.mixer.controls import RACKS, kind_word
from engine.mixer.seat import SEAT_HEADER, SEAT_SIZE, seat_of_unit

NARROW_COLUMNS = NARROW_LANES // 2
"""Strips that a narrow unit has room for."""

Key = tuple[int, int, str]
"""Rack, insert slot, kind. A few strips have a narrow unit, what does not fit there has a wide one."""


@dataclass(slots=True)
class Unit:
    """One unit with all memory that goes with it; `seats` is its own column of each of the rack's that it serves."""

    entry: Entry
    seat_entry: Entry
    is_wide: bool
    capacity: int
    memory: npt.NDArray[np.uint8]
    seat: npt.NDArray[np.uint8]
    dry: npt.NDArray[np.float32]
    latency: int
    seats: dict[int, int]

    def free(self, columns: Iterable[int]) -> dict[int, int]:
        """Seats for more of the rack's columns, as many as there are. A wide unit has each column in its place."""
        if self.is_wide:
            return {column: column for column in columns}
        left = sorted(set(range(self.capacity)) - set(self.seats.values()))
        return dict(zip(columns, left, strict=False))


Units = Mapping[Key, list[Unit]]
"""Those of all racks."""


class RackUnits:
    """The units of one engine. What is `seated` for a plan becomes `current` when the plan is made."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._rate = sample_rate_hz
        self._scratch = allocate(SCRATCH).base
        self.current: Units = {}

    def seated(self, wanted: Mapping[Key, list[int]]) -> Units:
        """Units for the columns that want one, those that were there before as they were."""
        return {key: self._seated(key, columns) for key, columns in wanted.items()}

    def write(self, plan: Any, units: Units, strips: Mapping[int, int]) -> None:
        """Writes units into a plan, and who leaves those that are current; `strips` is how many a rack has."""
        before = {id(unit.memory): unit.seats for _, unit in each(self.current)}
        after = {id(unit.memory): unit.seats for _, unit in each(units)}
        firsts = np.zeros(RACKS * INSERT_SLOTS + 1, np.int32)
        for number, (key, unit) in enumerate(each(units)):
            ref = plan.units[number]
            self._write_unit(ref, key, unit, unit.seats)
            ref.is_new = id(unit.memory) not in before
            ref.is_whole = not ref.is_brought and len(unit.seats) == strips[ref.rack]
            fresh = unit.seats.keys() - before.get(id(unit.memory), {}).keys()
            ref.fresh[[unit.seats[column] for column in fresh]] = 1
            firsts[ref.rack * INSERT_SLOTS + ref.insert + 1 :] = plan.unit_count = number + 1
        plan.first_unit[:, :-1] = firsts[:-1].reshape(RACKS, INSERT_SLOTS)
        plan.first_unit[:, -1] = firsts[INSERT_SLOTS::INSERT_SLOTS]
        for key, was in each(self.current):
            stays = after.get(id(was.memory), {})
            if gone := {column: seat for column, seat in was.seats.items() if column not in stays}:
                self._write_unit(plan.leaving[plan.leaving_count], key, was, gone)
                plan.leaving_count += 1

    def _seated(self, key: Key, columns: list[int]) -> list[Unit]:
        """Units for these columns: who had a seat keeps it, others take free ones, the rest is given new units."""
        units = [replace(was, seats=_kept(was.seats, columns)) for was in self.current.get(key, ())]
        waiting = [column for column in columns if not any(column in unit.seats for unit in units)]
        while waiting:
            for unit in units:
                unit.seats |= unit.free(waiting)
                waiting = [column for column in waiting if column not in unit.seats]
            if waiting:
                is_crowded = bool(units) or len(waiting) > NARROW_COLUMNS
                processor = PROCESSORS[key[2]]
                units.append(self._make_unit(processor, is_wide=is_crowded and not processor.is_single))
        return [unit for unit in units if unit.seats]

    def _make_unit(self, processor: Processor, *, is_wide: bool) -> Unit:
        entry, seat_entry = processor.entry, seat_of_unit
        if not is_wide:
            entry, seat_entry = entry.narrow, seat_entry.narrow
        lanes = LANES if is_wide else NARROW_LANES
        columns = 1 if processor.is_single else lanes // 2
        memory = _sized(entry, SIZE)
        if not processor.is_single:  # Of what is large, a part is used at most rates.
            memory.fill(0)
        memory[:8].view(np.float64)[0] = self._rate
        seat = _sized(seat_entry, SEAT_SIZE)
        header: Any = seat[: SEAT_HEADER.itemsize].view(SEAT_HEADER)[0]
        header.smoothing = smoothing_coefficient(self._rate)
        header.tick_frames = self._rate // TICKS_PER_SECOND
        header.gap_frames = frames_from_seconds(processor.longest_gap_s, self._rate)
        params = np.zeros(MOST_PARAMS, np.float32)
        params[: len(processor.params)] = processor.defaults
        for column in range(columns):
            # Lanes that serve nobody run too, with something harmless.
            entry(memory.ctypes.data, JUMP, params.ctypes.data, column)
        latency = processor.latency_frames(self._rate)
        dry = fresh_lines(power_of_two(latency + BLOCK_FRAMES) if latency else 1, lanes)
        return Unit(entry, seat_entry, is_wide, columns, memory, seat, dry, latency, {})

    def _write_unit(self, ref: Any, key: Key, unit: Unit, seats: Mapping[int, int]) -> None:
        ref.rack, ref.insert, kind = key
        ref.kind = kind_word(kind)
        ref.seat_entry, ref.entry = unit.seat_entry.address, unit.entry.address
        ref.unit, ref.seat, ref.scratch = (m.ctypes.data for m in (unit.memory, unit.seat, self._scratch))
        ref.dry, ref.dry_rows, ref.latency = unit.dry.ctypes.data, len(unit.dry), unit.latency
        ref.is_brought = not unit.is_wide
        ref.columns[:] = -1
        for column, seat in seats.items():
            ref.columns[seat] = column


def _kept(seats: Mapping[int, int], columns: Iterable[int]) -> dict[int, int]:
    """The seats of those who stay."""
    return {column: seats[column] for column in columns if column in seats}


def each(units: Units) -> Iterator[tuple[Key, Unit]]:
    """All units, in the order in which they run."""
    for key in sorted(units):
        for unit in units[key]:
            yield key, unit


def fresh_lines(rows: int, lanes: int = LANES) -> npt.NDArray[np.float32]:
    """Silence (rows, lanes), all there: else the audio thread would wait for each page when it first comes by."""
    memory = mmap.mmap(-1, 4 * rows * lanes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE)
    return np.frombuffer(memory, np.float32).reshape(rows, lanes)


def _sized(entry: Entry, order: int) -> npt.NDArray[np.uint8]:
    """Memory for what an entry works on, as large as it says."""
    size = np.zeros(1, np.int64)
    entry(0, order, size.ctypes.data, 0)
    return allocate_bytes(int(size[0]))


def power_of_two(rows: int) -> int:
    """The first that is not below so many rows."""
    return 1 << (rows - 1).bit_length()
