"""What a strip shows, as a value: equal facts look the same and need not be drawn again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tui.drawing.scale import MeterType, ZoneName

ControlId = Literal["fader_db", "trim_db", "pan_percent"]
SwitchId = Literal["mute", "solo", "polarity"]

CONTROL_LABELS: Final[dict[ControlId, str]] = {"fader_db": "FADER", "trim_db": "TRIM", "pan_percent": "PAN"}
"""The controls that up and down may move, with the words they are called by everywhere."""


@dataclass(frozen=True, slots=True)
class StripFacts:
    """One strip without its levels. `active` is the control that keys move, None where the strip is not selected.

    `solo` is None where there is none (the master). `silenced` tells that another strip's solo keeps this one quiet.
    """

    strip_id: str
    number: str
    name: str
    trim_db: float
    fader_db: float
    pan_percent: float
    mute: bool
    solo: bool | None
    invert_left: bool
    invert_right: bool
    active: ControlId | None = None
    silenced: bool = False
    missing: bool = False

    @property
    def selected(self) -> bool:
        """Whether keys act on this strip."""
        return self.active is not None

    @property
    def title(self) -> str:
        """What the strip is called in a line of text: number and name."""
        return f"{self.number} {self.name}" if self.number.isdigit() else self.name

    @property
    def polarity(self) -> str:
        """Which sides are inverted: "", "L", "R" or "LR"."""
        return "L" * self.invert_left + "R" * self.invert_right

    def value(self, control: ControlId) -> float:
        """A control's value."""
        value: float = getattr(self, control)
        return value


@dataclass(frozen=True, slots=True)
class LevelFact:
    """A held level as it is shown: rounded, with the zone it lies in."""

    level: float
    zone: ZoneName

    @classmethod
    def of(cls, meter: MeterType, level: float, over: bool = False) -> LevelFact:
        """A level on a meter; `over` tells that a sample above full scale has passed."""
        rounded = round(level, 1) + 0.0 if math.isfinite(level) else -math.inf
        return cls(rounded, "over" if over else meter.zone(rounded))


StageLevels = Sequence[LevelFact]
"""The levels at the input, after the trim, at the output."""
