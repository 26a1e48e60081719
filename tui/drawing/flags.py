"""Hot, cold and over as they are drawn: a glyph and a colour of their own, so neither is needed to tell them apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, cast

from tui.drawing.glyphs import GlyphSet
from tui.drawing.palette import Role

Mark = Literal["", "cold", "hot", "over", "intended"]
"""What is drawn at a place; "" for nothing to be said."""

ROLES: Final[dict[Mark, Role]] = {"": "text", "cold": "accent", "hot": "hot", "over": "over", "intended": "dim"}


def mark_of(state: str, is_intended: bool) -> Mark:
    """What is drawn for a state."""
    if state not in ("cold", "hot", "over"):
        return ""
    return "intended" if is_intended else cast(Mark, state)


@dataclass(frozen=True, slots=True)
class FlagWords:
    """What and by how much, where, why (the greatest cause first), and what to do."""

    what: str
    place: str
    why: tuple[str, ...]
    fix: str


@dataclass(frozen=True, slots=True)
class FlagFact:
    """A flag in words, in full and where there is little room.

    `is_here`: it is about what is selected, and not about another place of the strip.
    """

    mark: Mark
    full: FlagWords
    brief: FlagWords
    is_here: bool


def mark_glyph(mark: Mark, glyphs: GlyphSet) -> str:
    """The glyph of a mark."""
    return {"": "", "cold": glyphs.cold, "hot": glyphs.hot, "over": glyphs.over, "intended": glyphs.intended}[mark]
