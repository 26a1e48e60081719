"""Makes plans: from what a mix connects to what the audio thread reads. For the control thread.

The planner knows where everything is. A stem strip's place is its slot; a bus or return lies in the rack of its level,
in a column that it keeps as long as its level stays. A unit is one kind of processor in one insert slot of one rack,
made when the first strips of the rack want it and dropped when the last one does not: a narrow one for few strips, a
wide one for more. Who has a seat in a unit keeps it, and so what the unit has heard of it.
"""

from __future__ import annotations

import mmap
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.catalog import PROCESSORS
from engine.core.entries import Entry
from engine.core.record import BLOCK_FRAMES, LANES, NARROW_LANES, STRIPS_PER_RACK, allocate, allocate_bytes
from engine.core.unit import JUMP, MOST_PARAMS, SIZE, Processor, lanes_of
from engine.core.units import frames_from_seconds
from engine.dsp.smoother import smoothing_coefficient
from engine.meters.ballistics import TICKS_PER_SECOND
from engine.mix import INSERT_SLOTS, Mix
from engine.mixer.blend import SCRATCH
from engine.mixer.controls import GROUP_RACK, MASTER_RACK, MASTER_SLOT, RACKS, kind_word
from engine.mixer.plan import DELAY, MOST_UNITS, OUTPUT, PLAN
from engine.mixer.seat import SEAT_HEADER, SEAT_SIZE, seat_of_unit
from engine.routing import levels

LINE_ROWS_AT_48K = 8192
"""The longest delay that paths can be given until they arrive together: 170 ms, rounded up to a power of two."""

NARROW_COLUMNS = NARROW_LANES // 2
"""Strips that a narrow unit has room for."""

_STEM_LEVEL = -1


class PlanError(ValueError):
    """Connections that the engine has no room for, in one clear line."""


@dataclass(frozen=True, slots=True)
class Node:
    """What is connected to one strip: kinds of processors by insert slot, and the slots of the strips it feeds.

    `level` is that of a bus or return, -1 of a stem strip and of the master.
    """

    slot: int
    level: int
    inserts: tuple[str | None, ...]
    sends: tuple[int | None, ...]
    output: int | None


def nodes_of(mix: Mix, slots: Mapping[str, int]) -> tuple[Node, ...]:
    """The connections of a mix whose strips have these slots. Raises RoutingError for those that cannot be."""
    heights = levels(mix.strips)
    nodes = (
        Node(
            slots[strip.id],
            heights.get(strip.id, _STEM_LEVEL),
            tuple(insert.kind if insert is not None else None for insert in strip.inserts),
            tuple(slots[send.to] if send is not None else None for send in strip.sends),
            slots[strip.output] if strip.output is not None else None,
        )
        for strip in (*mix.strips, mix.master)
    )
    return tuple(sorted(nodes, key=lambda node: node.slot))


@dataclass(slots=True)
class _Unit:
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


_Key = tuple[int, int, str]
"""Rack, insert slot, kind. A few strips have a narrow unit, what does not fit there has a wide one."""

_Edge = tuple[int, int]
"""One way out of a rack: output or send."""


def _fresh_lines(rows: int, lanes: int = LANES) -> npt.NDArray[np.float32]:
    """Silent rows, all there: else the audio thread would wait for each page when it first comes by."""
    memory = mmap.mmap(-1, 4 * rows * lanes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE)
    return np.frombuffer(memory, np.float32).reshape(rows, lanes)


def _sized(entry: Entry, order: int) -> npt.NDArray[np.uint8]:
    """Memory for what an entry works on, as large as it says."""
    size = np.zeros(1, np.int64)
    entry(0, order, size.ctypes.data, 0)
    return allocate_bytes(int(size[0]))


def _power_of_two(rows: int) -> int:
    return 1 << (rows - 1).bit_length()


def entries_of(nodes: Iterable[Node]) -> dict[str, set[str]]:
    """The entries that each kind of processor may need: those of wide units where many strips have it in one slot."""
    users = Counter((insert, kind) for node in nodes for insert, kind in enumerate(node.inserts) if kind is not None)
    names = {kind: {seat_of_unit.narrow.name, PROCESSORS[kind].entry.narrow.name} for _, kind in users}
    for (_, kind), count in users.items():
        if count > NARROW_COLUMNS and not PROCESSORS[kind].is_single:
            names[kind] |= {seat_of_unit.name, PROCESSORS[kind].entry.name}
    return names


def without(nodes: Iterable[Node], kinds: Collection[str]) -> tuple[Node, ...]:
    """The same connections with those slots empty that hold these kinds."""
    return tuple(
        replace(node, inserts=tuple(None if kind in kinds else kind for kind in node.inserts)) for node in nodes
    )


class Planner:
    """Plans one engine. What the audio thread may still read is kept until it has taken the next plan (`taken`)."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._rate = sample_rate_hz
        self._rows = LINE_ROWS_AT_48K * _power_of_two(-(-sample_rate_hz // 48000))
        self.number = 0
        self._nodes: dict[int, Node] = {}
        self._places: dict[int, int] = {}
        self._units: dict[_Key, list[_Unit]] = {}
        self._delays: dict[_Edge, tuple[Any, npt.NDArray[np.float32]]] = {}
        self._late: set[_Edge] = set()
        self._plan: Any = None
        self._left: list[Any] = []
        self._scratch = allocate(SCRATCH).base
        self.latency_frames = 0

    def plan(self, nodes: tuple[Node, ...]) -> Any:
        """The plan (a `PLAN` record) of these connections, after the one before. Raises PlanError."""
        known = {node.slot: node for node in nodes}
        places = self._find_places(known)
        units = self._find_units(known, places)
        arrivals, lateness = self._arrivals(known, places, units)
        plan = allocate(PLAN)
        plan.number = self.number + 1
        racks = sorted({place // STRIPS_PER_RACK for place in places.values()} - {MASTER_RACK})
        plan.racks = len(racks)
        plan.order[: len(racks)] = racks
        plan.places[:] = -1
        plan.slots[:] = -1
        for slot, place in places.items():
            plan.places[slot] = place
            rack, column = divmod(place, STRIPS_PER_RACK)
            plan.slots[rack, column] = slot
            plan.columns[rack] = max(plan.columns[rack], column + 1)
        self._write_units(plan, units, places)
        late = self._write_ways(plan, known, places, arrivals, lateness)
        delays = self._find_delays(plan, late)
        for slot, node in self._nodes.items():
            after = known.get(slot)
            moved = places.get(slot) != self._places[slot]
            if moved or after is None or (after.output, after.sends) != (node.output, node.sends):
                plan.dips[slot] = 1
        plan.latency_frames = self.latency_frames = arrivals[MASTER_SLOT] + lateness[MASTER_SLOT]
        self._left += [self._plan, self._units, self._delays]
        self._plan = plan
        self.number += 1
        self._nodes, self._places, self._units = known, places, units
        self._delays, self._late = delays, late
        return plan

    def taken(self) -> None:
        """The audio thread has gone over to the last plan: lets go of what only earlier ones needed."""
        self._left.clear()

    def _find_places(self, known: Mapping[int, Node]) -> dict[int, int]:
        places: dict[int, int] = {}
        for slot, node in known.items():
            if slot == MASTER_SLOT:
                places[slot] = MASTER_RACK * STRIPS_PER_RACK
            elif node.level == _STEM_LEVEL:
                places[slot] = slot
            elif (was := self._places.get(slot)) is not None and was // STRIPS_PER_RACK == GROUP_RACK + node.level:
                places[slot] = was
        # A column that somebody just left is used last: it is still heard for a moment.
        left = set(self._places.values())
        for slot, node in known.items():
            if slot not in places:
                first = (GROUP_RACK + node.level) * STRIPS_PER_RACK
                free = [first + column for column in range(STRIPS_PER_RACK) if first + column not in places.values()]
                places[slot] = min(free, key=lambda place: (place in left, place))
        return places

    def _find_units(self, known: Mapping[int, Node], places: Mapping[int, int]) -> dict[_Key, list[_Unit]]:
        """The units in use, those that were there before as they were, and whom they serve now."""
        wanted: dict[_Key, list[int]] = {}
        for slot, node in known.items():
            rack, column = divmod(places[slot], STRIPS_PER_RACK)
            for insert, kind in enumerate(node.inserts):
                if kind is not None:
                    wanted.setdefault((rack, insert, kind), []).append(column)
        found = {key: self._seated(key, columns) for key, columns in wanted.items()}
        count = sum(map(len, found.values()))
        if count > MOST_UNITS:
            raise PlanError(f"{count} processors of different kinds and places are more than {MOST_UNITS}")
        return found

    def _seated(self, key: _Key, columns: list[int]) -> list[_Unit]:
        """Units for these columns: who had a seat keeps it, others take free ones, the rest is given new units."""
        units = [replace(was, seats=_kept(was.seats, columns)) for was in self._units.get(key, ())]
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

    def _make_unit(self, processor: Processor, *, is_wide: bool) -> _Unit:
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
        dry = _fresh_lines(_power_of_two(latency + BLOCK_FRAMES) if latency else 1, lanes)
        return _Unit(entry, seat_entry, is_wide, columns, memory, seat, dry, latency, {})

    def _write_units(self, plan: Any, units: Mapping[_Key, list[_Unit]], places: Mapping[int, int]) -> None:
        before = {id(unit.memory): unit.seats for _, unit in _each(self._units)}
        after = {id(unit.memory): unit.seats for _, unit in _each(units)}
        strips = Counter(place // STRIPS_PER_RACK for place in places.values())
        firsts = np.zeros(RACKS * INSERT_SLOTS + 1, np.int32)
        for number, (key, unit) in enumerate(_each(units)):
            ref = plan.units[number]
            self._write_unit(ref, key, unit, unit.seats)
            ref.is_new = id(unit.memory) not in before
            ref.is_whole = not ref.is_brought and len(unit.seats) == strips[ref.rack]
            fresh = unit.seats.keys() - before.get(id(unit.memory), {}).keys()
            ref.fresh[[unit.seats[column] for column in fresh]] = 1
            firsts[ref.rack * INSERT_SLOTS + ref.insert + 1 :] = plan.unit_count = number + 1
        plan.first_unit[:, :-1] = firsts[:-1].reshape(RACKS, INSERT_SLOTS)
        plan.first_unit[:, -1] = firsts[INSERT_SLOTS::INSERT_SLOTS]
        for key, was in _each(self._units):
            stays = after.get(id(was.memory), {})
            if gone := {column: seat for column, seat in was.seats.items() if column not in stays}:
                self._write_unit(plan.leaving[plan.leaving_count], key, was, gone)
                plan.leaving_count += 1

    def _write_unit(self, ref: Any, key: _Key, unit: _Unit, seats: Mapping[int, int]) -> None:
        ref.rack, ref.insert, kind = key
        ref.kind = kind_word(kind)
        ref.seat_entry, ref.entry = unit.seat_entry.address, unit.entry.address
        ref.unit, ref.seat, ref.scratch = (m.ctypes.data for m in (unit.memory, unit.seat, self._scratch))
        ref.dry, ref.dry_rows, ref.latency = unit.dry.ctypes.data, len(unit.dry), unit.latency
        ref.is_brought = not unit.is_wide
        ref.columns[:] = -1
        for column, seat in seats.items():
            ref.columns[seat] = column

    def _arrivals(
        self, known: Mapping[int, Node], places: Mapping[int, int], units: Mapping[_Key, list[_Unit]]
    ) -> tuple[dict[int, int], dict[int, int]]:
        """How late the sum of each strip is, and how much later the strip's own processors make it; in frames."""
        lateness = dict.fromkeys(known, 0)
        slots = {place: slot for slot, place in places.items()}
        for (rack, _, _), unit in _each(units):
            for column in unit.seats:
                lateness[slots[rack * STRIPS_PER_RACK + column]] += unit.latency
        arrivals = dict.fromkeys(known, 0)
        for slot in sorted(known, key=lambda one: places[one] // STRIPS_PER_RACK):
            for to in _fed(known[slot]):
                arrivals[to] = max(arrivals[to], arrivals[slot] + lateness[slot])
        return arrivals, lateness

    def _write_ways(
        self,
        plan: Any,
        known: Mapping[int, Node],
        places: Mapping[int, int],
        arrivals: Mapping[int, int],
        lateness: Mapping[int, int],
    ) -> set[_Edge]:
        """Writes who goes where, and how late; says which ways are late at all."""
        plan.targets[:] = -1
        late_edges = set()
        longest = self._rows - BLOCK_FRAMES
        for slot, node in known.items():
            rack, column = divmod(places[slot], STRIPS_PER_RACK)
            for edge, to in enumerate((node.output, *node.sends)):
                if to is None:
                    continue
                late = arrivals[to] - arrivals[slot] - lateness[slot]
                if late > longest:
                    raise PlanError(
                        f"paths differ by {late} frames, more than {longest} can be made to arrive together"
                    )
                plan.delay_frames[rack, edge, column] = late
                if late:
                    late_edges.add((rack, edge))
                if edge == OUTPUT and to == MASTER_SLOT:
                    plan.to_master[rack, list(lanes_of(column))] = 1.0
                else:
                    plan.targets[rack, edge, column] = places[to]
                    plan.is_used[rack, edge] = 1
        return late_edges

    def _find_delays(self, plan: Any, late: set[_Edge]) -> dict[_Edge, tuple[Any, npt.NDArray[np.float32]]]:
        """Lines for ways that are late, and for those that were: they go over to no delay at all first.

        A way that nobody goes any more is given a silent line when somebody comes again.
        """
        delays = {}
        for rack, edge in sorted(late | self._late):
            goes = plan.is_used[rack, edge] or (edge == OUTPUT and plan.to_master[rack].any())
            if goes:
                delays[rack, edge] = self._delays.get((rack, edge)) or _fresh_delay(self._rows)
                plan.delays[rack, edge] = delays[rack, edge][0].base.ctypes.data
        return delays


def _fresh_delay(rows: int) -> tuple[Any, npt.NDArray[np.float32]]:
    delay, line = allocate(DELAY), _fresh_lines(rows)
    delay.line, delay.rows = line.ctypes.data, rows
    delay.at[:] = 1 << 30
    return delay, line


def _kept(seats: Mapping[int, int], columns: Iterable[int]) -> dict[int, int]:
    """The seats of those who stay."""
    return {column: seats[column] for column in columns if column in seats}


def _each(units: Mapping[_Key, list[_Unit]]) -> Iterator[tuple[_Key, _Unit]]:
    """All units, in the order in which they run."""
    for key in sorted(units):
        for unit in units[key]:
            yield key, unit


def _fed(node: Node) -> list[int]:
    return [to for to in (node.output, *node.sends) if to is not None]
