"""Styles as small numbers, with their meaning in the palette and the codes that the terminal gets for them.

A cell of the surface holds a style's number; what it looks like is looked up here, so a palette is changed without
drawing anything anew. The codes are made from the styles that a stock repaint renders, with the same filters: both
paths write the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntFlag
from typing import Final, Literal

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from tui.drawing.palette import BLACK, CLASSIC, Ink, Palette, Role

Depth = Literal["rgb", "indexed", "basic", "none"]
"""16 million colours, 256, the 8 basic ones, or none at all (NO_COLOR)."""
RESET: Final = "\x1b[0m"
PLAIN_STATE: Final = 0
"""The state of a terminal after `RESET`."""
_RESET_STATE: Final = ("", "", "")
_SEEN_ON_BLANKS: Final = frozenset({"4", "7"})
"""Underline and reverse."""
_BACKGROUND: Final = Color(0, 0, 0)


class Look(IntFlag):
    """What a style has besides its colours."""

    PLAIN = 0
    BOLD = 1
    REVERSE = 2
    UNDERLINE = 4
    DIM = 8


_WITHOUT_COLOUR: Final[dict[Role, Look]] = {
    "bright": Look.BOLD,
    "accent": Look.BOLD,
    "faint": Look.DIM,
    "track": Look.DIM,
    "warning": Look.BOLD,
    "error": Look.BOLD,
    "hot": Look.BOLD,
    "loud": Look.BOLD,
    "over": Look.BOLD,
    "on_accent": Look.REVERSE,
    "on_light": Look.REVERSE,
}
"""How a foreground is told apart where there are no colours."""


class Styles:
    """The table of styles in use. Ids count from 0 and stay what they mean for as long as the table lives."""

    def __init__(self, palette: Palette = CLASSIC, depth: Depth = "rgb") -> None:
        self._keys: dict[tuple[Role, Role, Look], int] = {}
        self._rich: list[Style] = []
        self._codes: list[tuple[str, str, str]] = []
        self._steps: dict[tuple[int, int, bool], tuple[str, int]] = {}
        self._states: list[tuple[str, str, str]] = [_RESET_STATE]
        self._state_ids: dict[tuple[str, str, str], int] = {_RESET_STATE: PLAIN_STATE}
        self._filters: Sequence[LineFilter] = ()
        self._color_system = ColorSystem.TRUECOLOR
        self.palette = palette
        self.depth: Depth = depth
        self.generation = 0
        """Counts how often all has come to look different."""

    def id(self, foreground: Role, ground: Role, look: Look = Look.PLAIN) -> int:
        """The number of a style."""
        key = (foreground, ground, look)
        known = self._keys.get(key)
        if known is not None:
            return known
        number = self._keys[key] = len(self._rich)
        self._append(key)
        return number

    def use(self, palette: Palette, depth: Depth, filters: Iterable[LineFilter], color_system: ColorSystem) -> None:
        """Take another palette or another terminal's abilities; every cell then looks different."""
        self.palette, self.depth = palette, depth
        self._filters, self._color_system = tuple(filters), color_system
        self._rich.clear()
        self._codes.clear()
        self._steps.clear()
        self.generation += 1
        self._states, self._state_ids = [_RESET_STATE], {_RESET_STATE: PLAIN_STATE}
        for key in self._keys:
            self._append(key)

    def rich(self, number: int) -> Style:
        """The style as a stock repaint renders it, after its filters."""
        return self._rich[number]

    def step(self, state: int, style: int, *, blank: bool) -> tuple[str, int]:
        """The code for a style in the terminal's present state, and the state after it; `PLAIN_STATE` after a reset.

        Of what is blank only the ground is seen: nothing else is told then, and the next letter may find its colour
        still set.
        """
        key = (state, style, blank)
        found = self._steps.get(key)
        if found is None:
            found = self._steps[key] = self._make_step(state, style, blank)
        return found

    def _append(self, key: tuple[Role, Role, Look]) -> None:
        style = self._style(*key)
        segments = [Segment("x", style)]
        for line_filter in self._filters:
            segments = line_filter.apply(segments, _BACKGROUND)
        style = segments[0].style or Style()
        self._rich.append(style)
        self._codes.append(self._code_parts(style))

    def _style(self, foreground: Role, ground: Role, look: Look) -> Style:
        if self.depth == "none":
            look |= _WITHOUT_COLOUR.get(foreground, Look.PLAIN)
            color = bgcolor = None
        else:
            inks = self.palette.inks
            if self.depth == "basic" and inks[foreground].basic == BLACK:
                look &= ~Look.BOLD  # consoles make it grey, which cannot be read on a colour
            ink, paper = inks[foreground], inks[ground]
            if self.depth == "basic" and ink.basic == paper.basic != BLACK:
                ink = inks["text"]  # of two colours there are only one
            color, bgcolor = self._color(ink), self._color(paper)
        return Style(
            color=color,
            bgcolor=bgcolor,
            bold=Look.BOLD in look or None,
            reverse=Look.REVERSE in look or None,
            underline=Look.UNDERLINE in look or None,
            dim=Look.DIM in look or None,
        )

    def _color(self, ink: Ink) -> str:
        if self.depth == "basic":
            return f"color({ink.basic})"
        return ink.indexed_rgb if self.depth == "indexed" else ink.rgb

    def _code_parts(self, style: Style) -> tuple[str, str, str]:
        """Attributes, foreground and background as parameters of SGR."""
        looks = ((style.bold, "1"), (style.dim, "2"), (style.underline, "4"), (style.reverse, "7"))
        attributes = ";".join(code for on, code in looks if on)
        color, bgcolor = style.color, style.bgcolor
        foreground = ";".join(color.downgrade(self._color_system).get_ansi_codes()) if color else ""
        ground = ";".join(bgcolor.downgrade(self._color_system).get_ansi_codes(foreground=False)) if bgcolor else ""
        return attributes, foreground, ground

    def _make_step(self, state: int, style: int, blank: bool) -> tuple[str, int]:
        attributes, foreground, ground = self._codes[style]
        old_attributes, old_foreground, old_ground = self._states[state]
        if blank and _SEEN_ON_BLANKS.isdisjoint((*attributes.split(";"), *old_attributes.split(";"))):
            attributes, foreground = old_attributes, old_foreground
        if attributes == old_attributes and (foreground or not old_foreground) and (ground or not old_ground):
            parts = [new for new, old in ((foreground, old_foreground), (ground, old_ground)) if new != old]
        else:
            parts = ["0", *(part for part in (attributes, foreground, ground) if part)]
        after = (attributes, foreground, ground)
        number = self._state_ids.setdefault(after, len(self._states))
        if number == len(self._states):
            self._states.append(after)
        return f"\x1b[{';'.join(parts)}m" if parts else "", number
