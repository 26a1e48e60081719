"""What processors are called where there is little room: up to 5 cells, or a letter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tui.drawing.names import fit_name

_SHORT_CELLS: Final = 5
_SHORT: Final[Mapping[str, tuple[str, str]]] = {
    "utility": ("Util", "U"),
    "equaliser": ("EQ", "E"),
    "gate": ("Gate", "G"),
    "compressor": ("Comp", "C"),
    "bus_compressor": ("BusC", "B"),
    "saturator": ("Sat", "S"),
    "tape": ("Tape", "T"),
    "console": ("Cons", "K"),
    "limiter": ("Lim", "L"),
    "reverb": ("Verb", "R"),
    "delay": ("Dly", "D"),
}
"""By the processor's id; one that is not here is called by the beginning of its name."""


def short_name(kind: str, label: str) -> str:
    """A processor in up to 5 cells."""
    known = _SHORT.get(kind)
    return known[0] if known else fit_name(label, _SHORT_CELLS)


def letter(kind: str, label: str) -> str:
    """A processor in one cell, a capital."""
    known = _SHORT.get(kind)
    return known[1] if known else label[:1].upper()
