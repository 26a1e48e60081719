"""Values of any declared parameter: how they are stepped, dragged, written and typed."""

from __future__ import annotations

import math
import re
from typing import Final, Literal

from engine.core.params import ParamSpec
from engine.core.units import OFF_DB
from tui.drawing import taper
from tui.drawing.numbers import MINUS_INFINITY, pan_text
from tui.values import ValueTextError

Size = Literal["normal", "fine", "coarse"]
_NUMBER: Final = re.compile(r"(?P<relative>[+-]=)?\s*(?P<number>[+-]?(\d+([.,]\d*)?|[.,]\d+))\s*(?P<unit>[a-z%/:1]*)")
_KILO: Final = {"k": 1000.0, "khz": 1000.0}
_OFF_WORDS: Final = frozenset({"off", "-inf", "inf", "-∞"})
_ON_WORDS: Final = frozenset({"on", "yes", "1"})
_NO_WORDS: Final = frozenset({"off", "no", "0"})
_DIGITS: Final = 3


def is_pan(spec: ParamSpec) -> bool:
    """Whether a parameter is a place between left and right."""
    return spec.id == "pan_percent"


def stepped(spec: ParamSpec, value: float, direction: int, size: Size = "normal") -> float:
    """The value one step up (+1) or down (-1). Levels move by dB, frequencies and times by intervals."""
    if spec.taper == "switch":
        return float(direction > 0)
    if spec.taper == "choice":
        return spec.clamp(value + direction)
    step = {"normal": spec.step, "fine": spec.fine_step, "coarse": spec.coarse_step}[size]
    if spec.taper == "log":
        share = 1.0 + step / 100.0
        return spec.clamp(value * share if direction > 0 else value / share)
    if value == OFF_DB:
        return spec.minimum if direction > 0 else OFF_DB
    return spec.clamp(round(value + direction * step, 3))


def share_of(spec: ParamSpec, value: float) -> float:
    """The place of a value in its range, 0..1."""
    if spec.taper == "fader":
        return taper.travel_from_db(value)
    if value <= spec.minimum:
        return 0.0
    if spec.taper == "log":
        return math.log(value / spec.minimum) / math.log(spec.maximum / spec.minimum)
    span = spec.maximum - spec.minimum
    return (value - spec.minimum) / span if span else 0.0


def value_at(spec: ParamSpec, share: float) -> float:
    """The value at a place in the range, as a short number."""
    share = min(max(share, 0.0), 1.0)
    if spec.taper == "fader":
        return spec.clamp(round(taper.db_from_travel(share), 1)) + 0.0
    if spec.taper == "log":
        value = spec.minimum * (spec.maximum / spec.minimum) ** share
        return spec.clamp(float(f"{value:.{_DIGITS}g}"))
    value = spec.minimum + share * (spec.maximum - spec.minimum)
    if spec.taper in ("choice", "switch"):
        return float(round(value))
    return spec.clamp(round(round(value / spec.fine_step) * spec.fine_step, 3)) + 0.0


def field_text(spec: ParamSpec, value: float, infinity: str = MINUS_INFINITY) -> str:
    """A value with its unit in few cells: `-6.0 dB`, `1.06 kHz`, `3.5:1`, `L30`, `on`, a choice by its name."""
    if spec.taper == "switch":
        return "on" if value else "off"
    if spec.taper == "choice":
        return spec.choices[int(value)]
    if is_pan(spec):
        return pan_text(value)
    if value == OFF_DB:
        return f"{infinity} {spec.unit}"
    if spec.unit.startswith("dB"):
        sign = "+" if spec.minimum < 0.0 < round(value, 1) else ""
        return f"{sign}{round(value, 1) + 0.0:.1f} {spec.unit}"
    if spec.unit == "Hz" and value >= 1000.0:
        return f"{_short(value / 1000.0)} kHz"
    space = "" if spec.unit.startswith(":") else " "
    return f"{_short(value)}{space}{spec.unit}".rstrip()


def _short(value: float) -> str:
    """A number of three digits, or more before the point."""
    return f"{value:.{_DIGITS}g}" if abs(value) < 100.0 else f"{value:.0f}"


def parsed(spec: ParamSpec, text: str, current: float) -> float:
    """The value that was typed. Raises `ValueTextError` with one line that says what would be one."""
    typed = text.strip().replace("−", "-").lower()
    if spec.taper == "choice":
        return _parsed_choice(spec, typed)
    if spec.taper == "switch":
        if typed in _ON_WORDS | _NO_WORDS:
            return float(typed in _ON_WORDS)
        raise ValueTextError(f'"{typed[:20]}" is neither on nor off')
    if typed.removesuffix("db").strip() in _OFF_WORDS:
        if spec.off:
            return OFF_DB
        raise ValueTextError(f"{spec.label.lower()} cannot be off: the lowest is {field_text(spec, spec.minimum)}")
    if is_pan(spec):
        typed = _pan_number(typed)
    match = _NUMBER.fullmatch(typed)
    if match is None:
        raise ValueTextError(f'"{typed[:20]}" is no value for {spec.label.lower()}: type {examples(spec)}')
    number = float(match["number"].replace(",", ".")) * _KILO.get(match["unit"], 1.0)
    if match["relative"]:
        if current == OFF_DB:
            raise ValueTextError("it is off: type a level, not a change")
        number = current + (number if match["relative"] == "+=" else -number)
    if not spec.contains(number):
        lowest, highest = field_text(spec, spec.minimum), field_text(spec, spec.maximum)
        raise ValueTextError(f"{number:g} {spec.unit} is out of its range, {lowest} to {highest}")
    return number + 0.0


def _parsed_choice(spec: ParamSpec, typed: str) -> float:
    names = [name.lower() for name in spec.choices]
    if typed in names:
        return float(names.index(typed))
    fitting = [place for place, name in enumerate(names) if name.startswith(typed)]
    if len(fitting) == 1:
        return float(fitting[0])
    raise ValueTextError(f"type one of {', '.join(spec.choices)}")


def _pan_number(typed: str) -> str:
    if typed in ("c", "centre", "center"):
        return "0"
    side = typed[:1] if typed[:1] in ("l", "r") else typed[-1:]
    number = typed.strip("lr ")
    if side in ("l", "r") and number[:1].isdigit():
        return f"-{number}" if side == "l" else number
    return typed


def examples(spec: ParamSpec) -> str:
    """What may be typed for a parameter, in a few words."""
    if spec.taper == "switch":
        return "on or off"
    if spec.taper == "choice":
        return ", ".join(spec.choices)
    if is_pan(spec):
        return "L30, R100, C or -30"
    off = ", or off" if spec.off else ""
    change = "+=1" if spec.unit != "Hz" else "+=100"
    lowest, highest = field_text(spec, spec.minimum), field_text(spec, spec.maximum)
    return f"{lowest} to {highest}{off}; {change} for a change"
