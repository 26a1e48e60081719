"""What is looked at: the selected strip, the active control, the bank, the meters. No part of the mix, never undone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sessions.model import MASTER_ID
from tui.drawing.facts import SEND_CONTROLS, ControlId
from tui.drawing.meter_types import METERS
from tui.drawing.plan import STAGE_VIEWS, StageView
from tui.drawing.scale import MeterTypeId


@dataclass(slots=True)
class View:
    """The state of the view. `order` is the strips' ids in their order, of which the first `stems` are stems (None:
    all), then come buses and returns; the master is selected by its own id.

    `slot` is the insert slot that keys act on, from 1, or None. Strips that are `marked` move together. `own_meters`
    and `own_stages` are what strips (by id) are metered by that are not metered as all others are.
    """

    order: tuple[str, ...]
    selected: str = MASTER_ID
    control: ControlId = "fader_db"
    meter_id: MeterTypeId = "peak"
    stage_view: StageView = "fader"
    own_meters: dict[str, MeterTypeId] = field(default_factory=dict)
    own_stages: dict[str, StageView] = field(default_factory=dict)
    first: int = 0
    stems: int | None = None
    slot: int | None = None
    marked: tuple[str, ...] = ()
    last: dict[int, str] = field(default_factory=dict)
    """The strip that was selected last in each zone."""

    @property
    def row(self) -> int:
        """The selected strip's row in the frames of meters."""
        return self.order.index(self.selected) if self.selected in self.order else len(self.order)

    @property
    def selected_meter_id(self) -> MeterTypeId:
        """The type by which the selected strip is metered."""
        return self.own_meters.get(self.selected, self.meter_id)

    @property
    def selected_stage_view(self) -> StageView:
        """The stage at which the selected strip is metered."""
        return self.own_stages.get(self.selected, self.stage_view)

    @property
    def zones(self) -> tuple[tuple[str, ...], ...]:
        """What Tab goes through: stems, buses and returns, the master; without those that are empty."""
        stems = len(self.order) if self.stems is None else self.stems
        return tuple(zone for zone in (self.order[:stems], self.order[stems:], (MASTER_ID,)) if zone)

    def follow(self, order: Sequence[str], stems: int | None = None) -> None:
        """Take in the strips as they are now; a selected strip that is gone gives way to its neighbour."""
        old = self.order
        self.order, self.stems = tuple(order), stems
        if self.selected != MASTER_ID and self.selected not in self.order:
            index = old.index(self.selected) if self.selected in old else 0
            self.selected = self.order[min(index, len(self.order) - 1)] if self.order else MASTER_ID
        for own in (self.own_meters, self.own_stages):
            for strip_id in own.keys() - {*self.order, MASTER_ID}:
                del own[strip_id]
        if not set(self.marked) <= {*self.order, MASTER_ID}:
            self.marked = tuple(strip_id for strip_id in self.marked if strip_id in (*self.order, MASTER_ID))

    def select(self, strip_id: str) -> None:
        """Select a strip or the master."""
        if strip_id == MASTER_ID or strip_id in self.order:
            self.last[self._zone()] = self.selected
            self.selected = strip_id

    def act_on(self, slot: int | None, control: ControlId | None) -> None:
        """Let keys act on a slot or a control; without one the control stays, but no send that is not selected."""
        self.slot = slot
        if control is not None:
            self.control = control
        elif self.control in SEND_CONTROLS:
            self.control = "fader_db"

    def step(self, direction: int) -> None:
        """Select the next (+1) or previous (-1) strip; the master comes after the last one."""
        line = (*self.order, MASTER_ID)
        index = line.index(self.selected) if self.selected in line else 0
        self.select(line[min(max(index + direction, 0), len(line) - 1)])

    def zone_next(self, direction: int = 1) -> None:
        """Go from the strips to buses and returns, on to the master and round, to what was selected there before."""
        zones = self.zones
        zone = (self._zone() + direction) % len(zones)
        before = self.last.get(zone)
        self.select(before if before in zones[zone] else zones[zone][0])

    def mark(self) -> bool:
        """Mark the selected strip, or no longer; whether it is marked now."""
        marked = self.selected not in self.marked
        others = tuple(strip_id for strip_id in self.marked if strip_id != self.selected)
        self.marked = (*others, self.selected) if marked else others
        return marked

    def moving(self, strip_id: str) -> tuple[str, ...]:
        """The strips that a move of this one takes along: itself, or all that are marked if it is one of them."""
        return self.marked if strip_id in self.marked else (strip_id,)

    def _zone(self) -> int:
        return next((place for place, zone in enumerate(self.zones) if self.selected in zone), 0)

    def bank(self, direction: int, visible: int) -> bool:
        """Show the next or previous bank of strips and select one in it; False if there is none."""
        last_first = max(len(self.order) - visible, 0)
        first = min(max(self.first + direction * visible, 0), last_first)
        if first == self.first:
            return False
        slot = self.order.index(self.selected) - self.first if self.selected in self.order else 0
        self.first = first
        if self.selected != MASTER_ID:
            self.select(self.order[min(first + max(slot, 0), len(self.order) - 1)])
        return True

    def reveal(self, visible: int) -> None:
        """Move the bank so that the selected strip is in it, and no room is left unused."""
        self.first = min(max(self.first, 0), max(len(self.order) - visible, 0))
        if self.selected in self.order:
            index = self.order.index(self.selected)
            self.first = min(max(self.first, index - visible + 1), index)

    def next_meter(self) -> MeterTypeId:
        """The next type of meter."""
        ids = tuple(METERS)
        self.meter_id = ids[(ids.index(self.meter_id) + 1) % len(ids)]
        return self.meter_id

    def next_stage_view(self, there: Collection[StageView] = STAGE_VIEWS) -> StageView:
        """The next stage to meter, of those that are there."""
        first = STAGE_VIEWS.index(self.stage_view) + 1
        self.stage_view = next(view for view in (*STAGE_VIEWS[first:], *STAGE_VIEWS) if view in there)
        return self.stage_view
