"""Makes plans: from what a mix connects to what the audio thread reads. For the control thread.

The planner knows where everything is. A stem strip's place is its slot; a bus or return lies in the rack of its level,
in a column that it keeps as long as its level stays. Who is served by which unit is told by `mixer.rack_units`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.catalog import PROCESSORS
from engine.core.record import BLOCK_FRAMES, STRIPS_PER_RACK, allocate
from engine.core.unit import lanes_of
from engine.meters.frame import AFTER_INSERT
from engine.mix import Mix
from engine.mixer.controls import GROUP_RACK, MASTER_RACK, MASTER_SLOT
from engine.mixer.plan import DELAY, MOST_UNITS, OUTPUT, PLAN
from engine.mixer.rack_units import NARROW_COLUMNS, Key, RackUnits, Units, each, fresh_lines, power_of_two
from engine.mixer.seat import seat_of_unit
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


_Edge = tuple[int, int]
"""One way out of a rack: output or send."""


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
        self._rows = LINE_ROWS_AT_48K * power_of_two(-(-sample_rate_hz // 48000))
        self.number = 0
        self._nodes: dict[int, Node] = {}
        self._places: dict[int, int] = {}
        self._units = RackUnits(sample_rate_hz)
        self._delays: dict[_Edge, tuple[Any, npt.NDArray[np.float32]]] = {}
        self._late: set[_Edge] = set()
        self._plan: Any = None
        self._left: list[Any] = []
        self.latency_frames = 0

    def plan(self, nodes: tuple[Node, ...]) -> Any:
        """The plan (a `PLAN` record) of these connections, after the one before. Raises PlanError."""
        known = {node.slot: node for node in nodes}
        places = self._find_places(known)
        units = self._units.seated(_wanted(known, places))
        count = sum(map(len, units.values()))
        if count > MOST_UNITS:
            raise PlanError(f"{count} processors of different kinds and places are more than {MOST_UNITS}")
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
        self._units.write(plan, units, Counter(place // STRIPS_PER_RACK for place in places.values()))
        late = self._write_ways(plan, known, places, arrivals, lateness)
        delays = self._find_delays(plan, late)
        _write_lateness(plan, places, units, arrivals)
        for slot, node in self._nodes.items():
            after = known.get(slot)
            moved = places.get(slot) != self._places[slot]
            if moved or after is None or (after.output, after.sends) != (node.output, node.sends):
                plan.dips[slot] = 1
        plan.latency_frames = self.latency_frames = arrivals[MASTER_SLOT] + lateness[MASTER_SLOT]
        self._left += [self._plan, self._units.current, self._delays]
        self._plan = plan
        self.number += 1
        self._nodes, self._places, self._units.current = known, places, units
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

    def _arrivals(
        self, known: Mapping[int, Node], places: Mapping[int, int], units: Units
    ) -> tuple[dict[int, int], dict[int, int]]:
        """How late the sum of each strip is, and how much later the strip's own processors make it; in frames."""
        lateness = dict.fromkeys(known, 0)
        slots = {place: slot for slot, place in places.items()}
        for (rack, _, _), unit in each(units):
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


def _write_lateness(plan: Any, places: Mapping[int, int], units: Units, arrivals: Mapping[int, int]) -> None:
    late = plan.late_frames
    for (rack, insert, _), unit in each(units):
        late[rack, AFTER_INSERT + insert :, list(unit.seats)] += unit.latency
    for slot, place in places.items():
        late[place // STRIPS_PER_RACK, :, place % STRIPS_PER_RACK] += arrivals[slot]


def _fresh_delay(rows: int) -> tuple[Any, npt.NDArray[np.float32]]:
    delay, line = allocate(DELAY), fresh_lines(rows)
    delay.line, delay.rows = line.ctypes.data, rows
    delay.at[:] = 1 << 30
    return delay, line


def _wanted(known: Mapping[int, Node], places: Mapping[int, int]) -> dict[Key, list[int]]:
    """The columns that want a unit of each kind, slot and rack."""
    wanted: dict[Key, list[int]] = {}
    for slot, node in known.items():
        rack, column = divmod(places[slot], STRIPS_PER_RACK)
        for insert, kind in enumerate(node.inserts):
            if kind is not None:
                wanted.setdefault((rack, insert, kind), []).append(column)
    return wanted


def _fed(node: Node) -> list[int]:
    return [to for to in (node.output, *node.sends) if to is not None]
