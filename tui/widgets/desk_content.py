"""What a desk shows, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from tui.drawing.facts import ControlId, StripFacts, send_place
from tui.drawing.meter_types import PEAK
from tui.drawing.plan import RowNeeds, StageView
from tui.drawing.scale import MeterType


@dataclass(frozen=True, slots=True)
class DeskContent:
    """Everything a desk shows but levels. `first` is the first strip of the bank that is visible.

    `slot` is the selected insert slot, from 1.
    """

    strips: tuple[StripFacts, ...]
    master: StripFacts
    first: int = 0
    meter: MeterType = PEAK
    view: StageView = "fader"
    control: ControlId = "fader_db"
    slot: int | None = None

    def layout_key(self) -> tuple[object, ...]:
        """What makes it necessary to draw more than single strips."""
        each = tuple((strip.kind, strip.own_meter, strip.own_stage) for strip in (*self.strips, self.master))
        return each, self.first, self.meter, self.view, self.control, self.needs()

    def meter_of(self, facts: StripFacts) -> MeterType:
        """The type by which a strip is metered."""
        return facts.own_meter or self.meter

    def view_of(self, facts: StripFacts) -> StageView:
        """The stage at which a strip is metered."""
        return facts.own_stage or self.view

    def needs(self) -> RowNeeds:
        """What rows are wanted for."""
        every = (*self.strips, self.master)
        return RowNeeds(
            slots=max(len(facts.slots) for facts in every),
            sends=max(len(facts.sends) for facts in every),
            slot=self.slot,
            send=send_place(self.control),
        )
