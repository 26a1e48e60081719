"""Every value a user can set, declared once: identity, unit, range, default and steps.

The rack, the session file, the interface, the command line, the documents and the tests all read these declarations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from engine.core.units import OFF_DB

Taper = Literal["linear", "log", "fader", "switch", "choice"]


@dataclass(frozen=True, slots=True)
class ParamSpec:
    """One parameter in user units.

    `minimum` and `maximum` bound the value; where `off` is set, `OFF_DB` is valid too and is what steps below the
    minimum lead to. A switch holds 0.0 or 1.0, a choice the place of one of its `choices`. A step of a `log` taper is a
    share of the value in percent (a frequency moves by equal intervals).
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
    choices: tuple[str, ...] = ()

    def clamp(self, value: float) -> float:
        """The nearest valid value; what lies below the minimum of a parameter with an off position is off."""
        if self.taper == "switch":
            return 1.0 if value else 0.0
        if self.taper == "choice":
            value = float(round(value))
        if self.off and value < self.minimum:
            return OFF_DB
        return min(max(value, self.minimum), self.maximum)

    def contains(self, value: float) -> bool:
        """Whether the value may be stored as it is (NaN never may)."""
        return (self.off and value == OFF_DB) or self.minimum <= value <= self.maximum


def switch(identity: str, label: str, on: bool = False) -> ParamSpec:
    """A parameter that is on or off."""
    return ParamSpec(identity, label, "", 0.0, 1.0, float(on), 1.0, 1.0, 1.0, taper="switch")


def choice(identity: str, label: str, choices: tuple[str, ...], default: str) -> ParamSpec:
    """A parameter that is one of several names; its value is the name's place."""
    last = float(len(choices) - 1)
    place = float(choices.index(default))
    return ParamSpec(identity, label, "", 0.0, last, place, 1.0, 1.0, 1.0, taper="choice", choices=choices)


def frequency(identity: str, label: str, lowest_hz: float, highest_hz: float, default_hz: float) -> ParamSpec:
    """A frequency in Hz, which moves by intervals: a semitone, a tenth of one, an octave."""
    return ParamSpec(identity, label, "Hz", lowest_hz, highest_hz, default_hz, 6.0, 0.6, 100.0, taper="log")


TRIM = ParamSpec("trim_db", "Trim", "dB", -60.0, 40.0, 0.0, 0.5, 0.1, 6.0)
FADER = ParamSpec("fader_db", "Fader", "dB", -90.0, 6.0, 0.0, 0.5, 0.1, 6.0, taper="fader", off=True)
PAN = ParamSpec("pan_percent", "Pan", "%", -100.0, 100.0, 0.0, 5.0, 1.0, 25.0)
MUTE = switch("mute", "Mute")
SOLO = switch("solo", "Solo")
INVERT_LEFT = switch("invert_left", "Polarity L")
INVERT_RIGHT = switch("invert_right", "Polarity R")
MONITOR = ParamSpec("monitor_db", "Monitor", "dB", -90.0, 6.0, 0.0, 0.5, 0.1, 6.0, off=True)

STRIP_PARAMS: Mapping[str, ParamSpec] = MappingProxyType(
    {spec.id: spec for spec in (TRIM, FADER, PAN, MUTE, SOLO, INVERT_LEFT, INVERT_RIGHT)}
)
"""The controls of a strip, in the order of its signal path. The master has the same."""
