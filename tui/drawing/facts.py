"""What a strip shows, as a value: equal facts look the same and need not be drawn again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from tui.drawing.flags import Mark
from tui.drawing.glyphs import GlyphSet
from tui.drawing.numbers import level_text
from tui.drawing.plan import StageView
from tui.drawing.scale import MeterType, ZoneName

ControlId = Literal["fader_db", "trim_db", "pan_percent", "send_a", "send_b", "send_c", "send_d"]
SwitchId = Literal["mute", "solo", "polarity"]
StripKind = Literal["stem", "bus", "return", "master"]
ListenId = Literal["off", "before", "after"]

CONTROL_LABELS: Final[dict[ControlId, str]] = {
    "fader_db": "FADER", "trim_db": "TRIM", "pan_percent": "PAN",
    "send_a": "SEND A", "send_b": "SEND B", "send_c": "SEND C", "send_d": "SEND D",
}  # fmt: skip
"""The controls that up and down may move, with the words they are called by everywhere."""
SEND_CONTROLS: Final[tuple[ControlId, ...]] = ("send_a", "send_b", "send_c", "send_d")
"""The sends as controls, in their order."""
NO_SEND_DB: Final = -math.inf
"""What a send that goes nowhere reads."""


def send_place(control: ControlId) -> int | None:
    """The place of a send among those of its strip; None for another control."""
    return SEND_CONTROLS.index(control) if control in SEND_CONTROLS else None


@dataclass(frozen=True, slots=True)
class SlotFacts:
    """What is in an insert slot: its name in full, in up to 5 cells and as a letter.

    `reduces` tells that it says how much it turns down.
    """

    label: str
    short: str
    letter: str
    bypass: bool = False
    reduces: bool = False
    flag: Mark = ""


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """Where something goes: number (`B1`, "" for the master) and name."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class SendFacts:
    """A send that goes somewhere."""

    to: TargetFacts
    level_db: float
    mute: bool = False
    before_fader: bool = False
    flag: Mark = ""


@dataclass(frozen=True, slots=True)
class StripFacts:
    """One strip without its levels. `active` is the control that keys move, None where the strip is not selected.

    `solo` is None where there is none (the master). `silenced` tells that another strip's solo keeps this one quiet.
    `slot` is the selected insert slot, from 1. `linked` is the name of the linked group it is in. `output` is None
    where it goes nowhere. `slots` and `sends` end where the last is that is not empty. `own_meter` and `own_stage` are
    what it is metered by if that is something else than what the others are.
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
    kind: StripKind = "stem"
    slots: tuple[SlotFacts | None, ...] = ()
    slot: int | None = None
    sends: tuple[SendFacts | None, ...] = ()
    output: TargetFacts | None = None
    listen: ListenId = "off"
    solo_safe: bool = False
    marked: bool = False
    linked: str = ""
    input_flag: Mark = ""
    own_meter: MeterType | None = None
    own_stage: StageView | None = None

    @property
    def selected(self) -> bool:
        """Whether keys act on this strip."""
        return self.active is not None

    @property
    def title(self) -> str:
        """What the strip is called in a line of text: number and name."""
        return self.name if self.kind == "master" else f"{self.number} {self.name}"

    @property
    def polarity(self) -> str:
        """Which sides are inverted: "", "L", "R" or "LR"."""
        return "L" * self.invert_left + "R" * self.invert_right

    def value(self, control: ControlId) -> float:
        """A control's value."""
        place = send_place(control)
        if place is not None:
            send = self.send(place)
            return NO_SEND_DB if send is None else send.level_db
        value: float = getattr(self, control)
        return value

    def send(self, place: int) -> SendFacts | None:
        """The send at a place, None if it goes nowhere."""
        return self.sends[place] if place < len(self.sends) else None

    def insert(self, slot: int) -> SlotFacts | None:
        """What is in a slot, from 1; None if it is empty."""
        return self.slots[slot - 1] if slot <= len(self.slots) else None


@dataclass(frozen=True, slots=True)
class LevelFact:
    """A held level as it is shown: rounded, with the zone it lies in."""

    level: float
    zone: ZoneName
    signed: bool = True

    @classmethod
    def of(cls, meter: MeterType, level: float, over: bool = False) -> LevelFact:
        """A level on a meter; `over` tells that a sample above full scale has passed."""
        rounded = round(level, 1) + 0.0 if math.isfinite(level) else -math.inf
        return cls(rounded, "over" if over else meter.zone(rounded), meter.signed)

    def flag(self, glyphs: GlyphSet) -> str:
        """What tells without colours that it is hot, or over; "" if it is neither."""
        return {"hot": glyphs.hot, "loud": glyphs.hot, "over": glyphs.over}.get(self.zone, "")

    def text(self, cells: int, infinity: str) -> str:
        """The level in a few cells."""
        return level_text(self.level, cells, infinity, self.signed)
