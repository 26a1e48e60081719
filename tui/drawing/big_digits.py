"""Numbers three rows high: of half blocks, or of strokes where there are none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tui.drawing.glyphs import GlyphSet

ROWS: Final = 3

_BLOCKS: Final[Mapping[str, tuple[str, str, str]]] = {
    "0": ("█▀█", "█ █", "▀▀▀"),
    "1": ("▀█ ", " █ ", "▀▀▀"),
    "2": ("▀▀█", "█▀▀", "▀▀▀"),
    "3": ("▀▀█", " ▀█", "▀▀▀"),
    "4": ("█ █", "▀▀█", "  ▀"),
    "5": ("█▀▀", "▀▀█", "▀▀▀"),
    "6": ("█▀▀", "█▀█", "▀▀▀"),
    "7": ("▀▀█", "  █", "  ▀"),
    "8": ("█▀█", "█▀█", "▀▀▀"),
    "9": ("█▀█", "▀▀█", "▀▀▀"),
    "-": ("  ", "▀▀", "  "),
    "+": (" ▄ ", "▀█▀", "   "),
    ".": (" ", " ", "▀"),
}
_STROKES: Final[Mapping[str, tuple[str, str, str]]] = {
    "0": (" _ ", "| |", "|_|"),
    "1": ("   ", "  |", "  |"),
    "2": (" _ ", " _|", "|_ "),
    "3": (" _ ", " _|", " _|"),
    "4": ("   ", "|_|", "  |"),
    "5": (" _ ", "|_ ", " _|"),
    "6": (" _ ", "|_ ", "|_|"),
    "7": (" _ ", "  |", "  |"),
    "8": (" _ ", "|_|", "|_|"),
    "9": (" _ ", "|_|", " _|"),
    "-": ("  ", "__", "  "),
    "+": ("   ", "_|_", " | "),
    ".": (" ", " ", "."),
}


def big_text(text: str, glyphs: GlyphSet) -> tuple[str, str, str]:
    """A number as three rows of equal length, a free column between its characters."""
    shapes = _STROKES if glyphs.name == "ascii" else _BLOCKS
    upper, middle, lower = (" ".join(shapes[character][row] for character in text) for row in range(ROWS))
    return upper, middle, lower
