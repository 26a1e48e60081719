"""What the editor shows of the selected element: its title, what it is for, its values and its meters."""

from __future__ import annotations

from typing import Final

from sessions.insert import processor
from sessions.model import Session
from tui.elements import SENDS, SLOTS, Field, insert_at
from tui.path_facts import PathFacts
from tui.widgets.editor import EditorFacts

_TITLES: Final = {"input": "INPUT", "polarity": "POLARITY", "trim": "TRIM", "fader": "FADER", "pan": "PAN",
                  "output": "OUTPUT"}  # fmt: skip
_SAYS: Final = {
    "input": "The level as it comes in: averages -18 to -12 dBFS, peaks at most -6.",
    "polarity": "Turns the wave upside down, left and right by themselves.",
    "trim": "Before the inserts: how hard they are driven. They want 0 VU, -18 dBFS.",
    "fader": "After the inserts: its part in the mix, nothing else.",
    "pan": "Mono strips are panned, stereo strips are balanced.",
    "output": "Where the strip goes. A bus's input trim sets what enters its inserts.",
}


def editor_facts(
    session: Session, path: PathFacts, element: str, fields: tuple[Field, ...], chosen: int, entered: bool
) -> EditorFacts:
    """The facts of an element."""
    insert = insert_at(session.channel(path.strip_id), element)
    chips: tuple[str, ...] = ()
    gauges: tuple[str, ...] = ()
    if element in SLOTS and insert is not None:
        kind = processor(insert.kind)
        title = f"{element} {insert.label}"
        says = f"Slot {element}. It is made for {_level(kind.operating_level_dbfs)} at its input."
        chips = ("BYPASSED",) if insert.bypass else ()
        gauges = (("reduction",) if kind.reads_reduction else ()) + (("vu",) if kind.reads_vu else ())
    elif element in SLOTS:
        title, says = f"Slot {element}: empty", "Enter chooses a processor."
    elif element in SENDS:
        facts = path.element(element)
        title = f"Send {element}" + (f" to {facts.name}" if facts.name else ": goes nowhere")
        says = "A part of the strip that also goes to a bus or a return."
        gauges = ("stage_vu", "levels")
    else:
        title, says, gauges = _TITLES[element], _SAYS[element], ("stage_vu", "levels")
    return EditorFacts(title, says, chips, fields, chosen, entered, insert, gauges, float(session.sample_rate_hz))


def _level(dbfs: float) -> str:
    return f"{dbfs:.0f} dBFS"
