"""Every value a user can set, declared once: identity, unit, range, default and steps.

The rack, the session file, the interface, the command line, the documents and the tests all read these declarations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from engine.core.units import OFF_DB

Taper = Literal["linear", "fader", "switch"]


@dataclass(frozen=True, slots=True)
class ParamSpec:
    """One parameter in user units.

    `minimum` and `maximum` bound the value; where `off` is set, `OFF_DB` is valid too and is what steps below the
    minimum lead to. A switch holds 0.0 or 1.0.
    """

    id: str
    label: str
    unit: str
    minimum: float
    maximum: float
    default: float
    step: float
    fine_step: float
    coarse_step: float
    taper: Taper = "linear"
    off: bool = False

    def clamp(self, value: float) -> float:
        """The nearest valid value; what lies below the minimum of a parameter with an off position is off."""
        if self.taper == "switch":
            return 1.0 if value else 0.0
        if self.off and value < self.minimum:
            return OFF_DB
        return min(max(value, self.minimum), self.maximum)

    def contains(self, value: float) -> bool:
        """Whether the value may be stored as it is (NaN never may)."""
        return (self.off and value == OFF_DB) or self.minimum <= value <= self.maximum


def _switch(identity: str, label: str) -> ParamSpec:
    return ParamSpec(identity, label, "", 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, taper="switch")


TRIM = ParamSpec("trim_db", "Trim", "dB", -60.0, 40.0, 0.0, 0.5, 0.1, 6.0)
FADER = ParamSpec("fader_db", "Fader", "dB", -90.0, 6.0, 0.0, 0.5, 0.1, 6.0, taper="fader", off=True)
PAN = ParamSpec("pan_percent", "Pan", "%", -100.0, 100.0, 0.0, 5.0, 1.0, 25.0)
MUTE = _switch("mute", "Mute")
SOLO = _switch("solo", "Solo")
INVERT_LEFT = _switch("invert_left", "Polarity L")
INVERT_RIGHT = _switch("invert_right", "Polarity R")
MONITOR = ParamSpec("monitor_db", "Monitor", "dB", -90.0, 6.0, 0.0, 0.5, 0.1, 6.0, off=True)

STRIP_PARAMS: Mapping[str, ParamSpec] = MappingProxyType(
    {spec.id: spec for spec in (TRIM, FADER, PAN, MUTE, SOLO, INVERT_LEFT, INVERT_RIGHT)}
)
"""The controls of a strip, in the order of its signal path. The master has the same."""
