"""Makes plans: from what a mix connects to what the audio thread reads. For the control thread.

The planner knows where everything is. A stem strip's place is its slot; a bus or return lies in the rack of its level,
in a column that it keeps as long as its level stays. A unit is one kind of processor in one insert slot of one rack,
made when the first strip of the rack wants it and dropped when the last one does not; units that stay keep their
memory, and so what they have heard.
"""

from __future__ import annotations

import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.catalog import PROCESSORS
from engine.core.record import BLOCK_FRAMES, LANES, STRIPS_PER_RACK, allocate
from engine.core.unit import JUMP, MOST_PARAMS, Processor, lanes_of
from engine.mix import INSERT_SLOTS, Mix
from engine.mixer.controls import GROUP_RACK, MASTER_RACK, MASTER_SLOT
from engine.mixer.plan import DELAY, MOST_UNITS, OUTPUT, PLAN, SEAT
from engine.routing import levels

LINE_ROWS_AT_48K = 8192
"""The longest delay that paths can be given until they arrive together: 170 ms, rounded up to a power of two."""

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
    """One unit with all memory that goes with it; `owned` are the columns that use it."""

    processor: Processor
    rack: int
    insert: int
    memory: Any
    seat: Any
    dry: npt.NDArray[np.float32]
    latency: int
    owned: set[int]


_Key = tuple[int, int, str, int]
"""Rack, insert slot, kind, and the column of a single unit (-1 for one that runs over all lanes)."""


def _fresh_lines(rows: int) -> npt.NDArray[np.float32]:
    """Silent rows; the system gives the memory when it is first written."""
    memory = mmap.mmap(-1, 4 * rows * LANES, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    return np.frombuffer(memory, np.float32).reshape(rows, LANES)


def _power_of_two(rows: int) -> int:
    return 1 << (rows - 1).bit_length()


class Planner:
    """Plans one engine. What the audio thread may still read is kept until it has taken the next plan (`taken`)."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._rate = sample_rate_hz
        self._rows = LINE_ROWS_AT_48K * _power_of_two(-(-sample_rate_hz // 48000))
        self.number = 0
        self._nodes: dict[int, Node] = {}
        self._places: dict[int, int] = {}
        self._units: dict[_Key, _Unit] = {}
        self._delays: dict[tuple[int, int], tuple[Any, npt.NDArray[np.float32]]] = {}
        self._plan: Any = None
        self._left: list[Any] = []
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
            plan.slots[place // STRIPS_PER_RACK, place % STRIPS_PER_RACK] = slot
        self._write_units(plan, units)
        self._write_ways(plan, known, places, arrivals, lateness)
        for slot, node in self._nodes.items():
            after = known.get(slot)
            moved = places.get(slot) != self._places[slot]
            if moved or after is None or (after.output, after.sends) != (node.output, node.sends):
                plan.dips[slot] = 1
        plan.latency_frames = self.latency_frames = arrivals[MASTER_SLOT] + lateness[MASTER_SLOT]
        self._left += [self._plan, *(unit for key, unit in self._units.items() if key not in units)]
        self._plan = plan
        self.number += 1
        self._nodes, self._places, self._units = known, places, units
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

    def _find_units(self, known: Mapping[int, Node], places: Mapping[int, int]) -> dict[_Key, _Unit]:
        """The units in use, those that were there before as they were, with the columns that own them now."""
        found: dict[_Key, _Unit] = {}
        for slot, node in known.items():
            rack, column = divmod(places[slot], STRIPS_PER_RACK)
            for insert, kind in enumerate(node.inserts):
                if kind is None:
                    continue
                key = (rack, insert, kind, column if PROCESSORS[kind].is_single else -1)
                if key not in found:
                    was = self._units.get(key)
                    found[key] = self._make_unit(key) if was is None else _renewed(was)
                found[key].owned.add(column)
        if len(found) > MOST_UNITS:
            raise PlanError(f"{len(found)} processors of different kinds and places are more than {MOST_UNITS}")
        return found

    def _make_unit(self, key: _Key) -> _Unit:
        rack, insert, kind, column = key
        processor = PROCESSORS[kind]
        memory = allocate(processor.layout)
        memory.header.sample_rate_hz = self._rate
        memory.header.column = column
        params = np.zeros(MOST_PARAMS, np.float32)
        params[: len(processor.params)] = processor.defaults
        for lane in range(STRIPS_PER_RACK) if column < 0 else (column,):
            # Lanes that nobody owns run too, with something harmless.
            processor.entry(memory.base.ctypes.data, JUMP, params.ctypes.data, lane)
        latency = processor.latency_frames(self._rate)
        dry = _fresh_lines(_power_of_two(latency + BLOCK_FRAMES) if latency else 1)
        return _Unit(processor, rack, insert, memory, allocate(SEAT), dry, latency, set())

    def _write_units(self, plan: Any, units: Mapping[_Key, _Unit]) -> None:
        ordered = sorted(units.items(), key=lambda item: item[0])
        plan.unit_count = len(ordered)
        for number, (key, unit) in enumerate(ordered):
            ref = plan.units[number]
            ref.entry = unit.processor.entry.address
            ref.unit = unit.memory.base.ctypes.data
            ref.seat = unit.seat.base.ctypes.data
            ref.dry, ref.dry_rows = unit.dry.ctypes.data, len(unit.dry)
            ref.latency, ref.rack, ref.insert = unit.latency, unit.rack, unit.insert
            was = self._units.get(key)
            for column in unit.owned:
                ref.owns[list(lanes_of(column))] = 1.0
                ref.fresh[column] = was is None or column not in was.owned
        counts = [
            [sum(u.rack == rack and u.insert < insert for u in units.values()) for insert in range(INSERT_SLOTS + 1)]
            for rack in range(MASTER_RACK + 1)
        ]
        firsts = np.cumsum([0, *(row[-1] for row in counts)])
        for rack, row in enumerate(counts):
            plan.first_unit[rack] = firsts[rack] + np.array(row)
        leaving = 0
        for key, was in self._units.items():
            gone = was.owned - (units[key].owned if key in units else set())
            if gone:
                plan.leaving[leaving].seat = was.seat.base.ctypes.data
                plan.leaving[leaving].columns[list(gone)] = 1
                leaving += 1
        plan.leaving_count = leaving

    def _arrivals(
        self, known: Mapping[int, Node], places: Mapping[int, int], units: Mapping[_Key, _Unit]
    ) -> tuple[dict[int, int], dict[int, int]]:
        """How late the sum of each strip is, and how much later the strip's own processors make it; in frames."""
        lateness = dict.fromkeys(known, 0)
        for unit in units.values():
            for slot, place in places.items():
                rack, column = divmod(place, STRIPS_PER_RACK)
                if rack == unit.rack and column in unit.owned:
                    lateness[slot] += unit.latency
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
    ) -> None:
        plan.targets[:] = -1
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
                if late and (rack, edge) not in self._delays:
                    self._delays[rack, edge] = _fresh_delay(self._rows)
                if edge == OUTPUT and to == MASTER_SLOT:
                    plan.to_master[rack, list(lanes_of(column))] = 1.0
                else:
                    plan.targets[rack, edge, column] = places[to]
                    plan.is_used[rack, edge] = 1
        for (rack, edge), (delay, _) in self._delays.items():
            plan.delays[rack, edge] = delay.base.ctypes.data


def _fresh_delay(rows: int) -> tuple[Any, npt.NDArray[np.float32]]:
    delay, line = allocate(DELAY), _fresh_lines(rows)
    delay.line, delay.rows = line.ctypes.data, rows
    delay.at[:] = 1 << 30
    return delay, line


def _renewed(unit: _Unit) -> _Unit:
    """The same unit, with owners still to be found."""
    return _Unit(unit.processor, unit.rack, unit.insert, unit.memory, unit.seat, unit.dry, unit.latency, set())


def _fed(node: Node) -> list[int]:
    return [to for to in (node.output, *node.sends) if to is not None]


def empty_nodes() -> tuple[Node, ...]:
    """A mix with nothing but a master."""
    return (Node(MASTER_SLOT, _STEM_LEVEL, (), (), None),)
