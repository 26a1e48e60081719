"""What the editor shows of the selected element: its title, what it is for, its values and its meters."""

from __future__ import annotations

from typing import Final

from sessions.insert import processor
from sessions.model import Session
from tui.drawing.scale import MeterType
from tui.elements import SENDS, SLOTS, Field, insert_at
from tui.path_facts import ElementFacts, PathFacts
from tui.widgets.editor import EditorFacts

_TITLES: Final = {"input": "INPUT", "polarity": "POLARITY", "trim": "TRIM", "fader": "FADER", "pan": "PAN",
                  "output": "OUTPUT"}  # fmt: skip
_SAYS: Final = {
    "input": "AES-17: -18 to -12 dBFS, peaks to -6.",
    "polarity": "The wave upside down, by side.",
    "trim": "Drives the inserts: they want 0 VU.",
    "fader": "After inserts: its part in the mix.",
    "pan": "Pan of mono strips, balance of stereo.",
    "output": "Where the strip goes.",
}


def editor_facts(
    session: Session,
    path: PathFacts,
    element: str,
    fields: tuple[Field, ...],
    chosen: int,
    entered: bool,
    meter: MeterType,
) -> EditorFacts:
    """The facts of an element."""
    insert = insert_at(session.channel(path.strip_id), element)
    chips: tuple[str, ...] = ()
    gauges: tuple[str, ...] = ()
    if element in SLOTS and insert is not None:
        kind = processor(insert.kind)
        title = f"{element} {insert.label}"
        says = f"Made for {_level(kind.operating_level_dbfs)} AES-17 at its input."
        chips = ("BYPASSED",) if insert.bypass else ()
        gauges = (("reduction",) if kind.reads_reduction else ()) + (("vu",) if kind.reads_vu else ()) + ("through",)
    elif element in SLOTS:
        title, says = f"Slot {element}: empty", "Enter chooses a processor."
    elif element in SENDS:
        facts = path.element(element)
        title = f"Send {element}" + (f" to {facts.name}" if facts.name else ": goes nowhere")
        says = "Also goes to a bus or a return." if facts.name else "Enter chooses where to."
        gauges = ("through",) if facts.name else ()
    else:
        title, says = _TITLES[element], _SAYS[element]
        gauges = ("stage_vu", "sides" if element in ("input", "polarity", "output") else "through")
    rate, place = float(session.sample_rate_hz), _place(path.element(element))
    return EditorFacts(title, says, chips, fields, chosen, entered, insert, gauges, rate, gains_of(path), place, meter)


def gains_of(path: PathFacts) -> tuple[tuple[str, float], ...]:
    """The sum of gains behind the input and each element that has a gain of its own, or could have one."""
    gains, total = [], 0.0
    for facts in path.elements:
        if facts.element in ("input", *SLOTS) or facts.total_db is not None:
            total = facts.total_db if facts.total_db is not None else total
            gains.append((_place(facts), total))
    return tuple(gains)


def _place(facts: ElementFacts) -> str:
    return facts.tag or {"input": "in"}.get(facts.element, facts.element)


def _level(dbfs: float) -> str:
    return f"{dbfs:.0f} dBFS"
