"""A drag of a control: always relative to where it was grabbed, so that a press alone never moves anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.core.units import OFF_DB
from tui.controls import SPECS
from tui.drawing import taper
from tui.drawing.facts import ControlId

FINE: Final = 0.1
"""What a movement counts with the modifier for fine steps."""
_DB_PER_ROW: Final = 1.0
_PAN_PERCENT_PER_COLUMN: Final = 5.0


@dataclass(slots=True)
class Drag:
    """A control in the hand: where it was grabbed (cells, fractions allowed), and what it was then.

    Faders follow the pointer along their travel of `rows` cells, trim and sends move 1 dB per row, pan 5 % per column.
    """

    strip_id: str
    control: ControlId
    value: float
    x: float
    y: float
    rows: int
    fine: bool = False
    moved: bool = False

    def to(self, x: float, y: float, fine: bool) -> float:
        """The value with the pointer at x, y; changing between coarse and fine goes on from the value reached."""
        if fine != self.fine:
            self.value, self.x, self.y, self.fine = self._at(x, y), x, y, fine
        self.moved |= (x, y) != (self.x, self.y)
        return self._at(x, y)

    def _at(self, x: float, y: float) -> float:
        scale = FINE if self.fine else 1.0
        right, up = (x - self.x) * scale, (self.y - y) * scale
        if not (right if self.control == "pan_percent" else up):
            return self.value
        if self.control == "fader_db":
            travel = taper.travel_from_db(self.value) + up / max(self.rows - 1, 1)
            value = taper.db_from_travel(min(max(travel, 0.0), 1.0))
        elif self.control == "pan_percent":
            value = self.value + right * _PAN_PERCENT_PER_COLUMN
        else:
            start = SPECS[self.control].minimum if self.value == OFF_DB else self.value
            value = start + up * _DB_PER_ROW
        spec = SPECS[self.control]
        return spec.clamp(round(spec.clamp(value), 0 if self.control == "pan_percent" else 1)) + 0.0
