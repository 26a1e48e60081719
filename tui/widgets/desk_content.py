"""What a desk shows, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from tui.drawing.facts import ControlId, StripFacts, send_place
from tui.drawing.plan import RowNeeds, StageView
from tui.drawing.scale import PEAK, MeterType


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
        kinds = tuple(strip.kind for strip in self.strips)
        return kinds, self.first, self.meter.id, self.view, self.control, self.needs()

    def needs(self) -> RowNeeds:
        """What rows are wanted for."""
        every = (*self.strips, self.master)
        return RowNeeds(
            slots=max(len(facts.slots) for facts in every),
            sends=max(len(facts.sends) for facts in every),
            slot=self.slot,
            send=send_place(self.control),
        )
