"""Values of controls as people read and type them."""

from __future__ import annotations

import math
import re
from typing import Final

from engine.core.params import PAN, ParamSpec
from engine.core.units import OFF_DB
from tui.controls import SPECS
from tui.drawing.facts import ControlId, StripFacts, send_place
from tui.drawing.numbers import MINUS_INFINITY, pan_text

_DB: Final = re.compile(r"(?P<relative>[+-]=)?\s*(?P<number>[+-]?(\d+([.,]\d*)?|[.,]\d+))\s*(db)?", re.IGNORECASE)
_PAN: Final = re.compile(
    r"(?P<before>[LR])?\s*(?P<number>[+-]?(\d+([.,]\d*)?|[.,]\d+))\s*%?\s*(?P<after>[LR])?", re.IGNORECASE
)
_MOST_REPEATED: Final = 20
"""Letters of what was typed that are repeated to say what is wrong with it."""
_OFF_WORDS: Final = frozenset({"-inf", "-infinity", "inf", "off", "-∞", "∞", "-oo"})
_CENTRE_WORDS: Final = frozenset({"c", "center", "centre", "mid"})


class ValueTextError(ValueError):
    """What was typed is no value for the control; the text is one line that says why and what would be."""


def value_text(control: ControlId, value: float, infinity: str = MINUS_INFINITY) -> str:
    """A control's value with its unit: `-6.0 dB`, `off`, `L30`, `C`."""
    if control == "pan_percent":
        return pan_text(value)
    if value == OFF_DB:
        return f"off ({infinity} dB)"
    return f"{value:+.1f} dB" if round(value, 1) else "0.0 dB"


def parse_value(control: ControlId, text: str, current: float) -> float:
    """The value that was typed: `-6`, `-6 dB`, `-inf`, `+=3` (3 more than now), for pan `L30`, `30R`, `C`, `-30`.

    Raises `ValueTextError`; out of range is an error too, for a typed value is meant as it is.
    """
    return parse_spec_value(SPECS[control], text, current)


def parse_spec_value(spec: ParamSpec, text: str, current: float) -> float:
    """The same for whatever has a value in dB or is a pan."""
    typed = text.strip().replace("−", "-")
    if not typed:
        raise ValueTextError(f"type a value: {_examples(spec)}")
    value = _parse_pan(typed) if spec.id == PAN.id else _parse_db(spec, typed, current)
    if value is None:
        if len(typed) > _MOST_REPEATED:
            typed = f"{typed[:_MOST_REPEATED]}..."
        raise ValueTextError(f'"{typed}" is no {spec.label.lower()} value: type {_examples(spec)}')
    if spec.contains(value):
        return value + 0.0
    if value > spec.maximum:
        raise ValueTextError(f"{_number(spec, value)} is above the highest, {_number(spec, spec.maximum)}")
    off = ", or -inf for off" if spec.off else ""
    raise ValueTextError(f"{_number(spec, value)} is below the lowest, {_number(spec, spec.minimum)}{off}")


def _parse_db(spec: ParamSpec, text: str, current: float) -> float | None:
    if text.lower().removesuffix("db").strip() in _OFF_WORDS:
        if not spec.off:
            raise ValueTextError(f"{spec.label.lower()} cannot be off: the lowest is {_number(spec, spec.minimum)}")
        return OFF_DB
    match = _DB.fullmatch(text)
    if match is None:
        return None
    number = float(match["number"].replace(",", "."))
    if not match["relative"]:
        return number
    if current == OFF_DB:
        raise ValueTextError("it is off: type a level, not a change")
    return current + (number if match["relative"] == "+=" else -number)


def _parse_pan(text: str) -> float | None:
    if text.lower() in _CENTRE_WORDS:
        return 0.0
    match = _PAN.fullmatch(text)
    if match is None or (match["before"] and match["after"]):
        return None
    number = float(match["number"].replace(",", "."))
    side = (match["before"] or match["after"] or "").upper()
    if not side:
        return number
    return None if match["number"][0] in "+-" else math.copysign(number, -1.0 if side == "L" else 1.0)


def _examples(spec: ParamSpec) -> str:
    if spec.id == PAN.id:
        return "L30, R100, C or -30"
    return "a level in dB like -6 or +3.5, or -inf" if spec.off else "a level in dB like -6 or +3.5"


def _number(spec: ParamSpec, value: float) -> str:
    return f"{value:g} %" if spec.unit == "%" else f"{value:+g} {spec.unit}"


def control_words(facts: StripFacts, control: ControlId, arrow: str, infinity: str) -> tuple[str, str]:
    """Of which strip a control is, and where it goes if it is a send; its value."""
    value = value_text(control, facts.value(control), infinity)
    place = send_place(control)
    if place is None:
        return facts.title, value
    send = facts.send(place)
    if send is None:
        return facts.title, "no sends here" if facts.kind == "master" else "goes nowhere"
    states = [word for word, on in (("mute", send.mute), ("before fader", send.before_fader)) if on]
    return f"{facts.title} {arrow} {send.to.name}", ", ".join([value, *states])
