"""Values of controls as a session keeps them and as people read them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from engine.core.params import PAN, ParamSpec
from engine.core.units import OFF_DB
from sessions.values import SessionError

STORED_DECIMALS: Final = 3
"""Digits kept of a control's value: finer than anybody hears, and short in the file."""


def spec_of(specs: Mapping[str, ParamSpec], control: str) -> ParamSpec:
    """The declaration of a control. Raises a `SessionError` that names all there are."""
    spec = specs.get(control)
    if spec is None:
        raise SessionError(f'no control is called "{control}": there are {", ".join(specs)}')
    return spec


def stored(spec: ParamSpec, value: float) -> float:
    """A control's value as a session keeps it: within its range, of `STORED_DECIMALS` digits, never -0.0.

    What is as good as the default is the default, which may have more digits.
    """
    if value != value:
        raise SessionError(f"{spec.id}=nan is not a number")
    if spec.taper == "choice":
        value = min(max(value, spec.minimum), spec.maximum)
    if math.isfinite(value):
        # Rounded before it is clamped: the range's ends are short numbers, and a rounded value might lie outside them.
        value = round(value, STORED_DECIMALS)
        if value == round(spec.default, STORED_DECIMALS):
            return spec.default
    return spec.clamp(value) + 0.0


def stored_switch(spec: ParamSpec, value: float) -> float | bool:
    """As `stored`, and a switch as a switch."""
    found = stored(spec, value)
    return bool(found) if spec.taper == "switch" else found


def shown(spec: ParamSpec, value: float) -> str:
    """A control's value for people: `-6.0 dB`, `off`, `30 % left`, `on`, `2500 Hz`, `4:1`, a choice by its name."""
    if spec.taper == "switch":
        return "on" if value else "off"
    if spec.taper == "choice":
        return spec.choices[int(value)]
    if value == OFF_DB:
        return "off"
    if spec is PAN:
        return "centre" if value == 0.0 else f"{abs(value):g} % {'left' if value < 0 else 'right'}"
    if not spec.unit.startswith("dB"):
        space = "" if spec.unit.startswith(":") else " "  # a ratio
        return f"{value:g}{space}{spec.unit}".rstrip()
    return f"{value:+.1f} {spec.unit}" if round(value, 1) else f"0.0 {spec.unit}"
