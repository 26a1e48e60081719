"""The gain map: where its cells stand, and what is written in them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from rich.cells import cell_len

from engine.meters.frame import AFTER_FADER, AFTER_INSERT, INPUT, STAGES
from tui.drawing.flags import ROLES, Mark
from tui.drawing.glyphs import GlyphSet
from tui.drawing.numbers import level_text
from tui.drawing.palette import Role
from tui.drawing.scale import ZoneName

CellMark = ZoneName | Mark | Literal["none"]
"""What a cell means: the zone of a level, or what is said of an average ("target" for nothing but good)."""

MARK_WORDS: Final[Mapping[CellMark, str]] = {"hot": "HOT", "cold": "COLD", "over": "OVER", "intended": "note"}
_NUMBER_CELLS: Final = 3
_NAME_CELLS: Final = ((60, 6), (100, 12), (math.inf, 24))
"""Cells of names in a map that is narrower than that."""
_NARROWEST, _NARROW, _WITH_WORDS, _WIDEST = 5, 6, 11, 18
"""Cells of a column: of whole dB, of tenths, with the mark in a word, and with the processor's name beside it."""
_LONG_CAPTIONS_FROM: Final = 8
_SHORT_CELLS: Final = 5
UNKNOWN: Final = "--.-"


@dataclass(frozen=True, slots=True)
class MapCell:
    """A value (-inf: silence, NaN: nothing known), what it means, and whether it is told with a plus."""

    value: float
    mark: CellMark
    signed: bool = True


EMPTY: Final = MapCell(-math.inf, "none")
"""A stage that the strip does not have."""


def cell_ink(mark: CellMark) -> Role:
    """The colour of a cell."""
    match mark:
        case "" | "cold" | "intended":
            return ROLES[mark]
        case "low":
            return "dim"
        case "none":
            return "faint"
        case _:
            return mark


def cell_glyph(mark: CellMark, glyphs: GlyphSet) -> str:
    """A mark in one cell, a blank for what is well."""
    if mark in ("hot", "loud"):
        return glyphs.hot
    return {"cold": glyphs.cold, "over": glyphs.over, "intended": glyphs.intended}.get(mark, " ")


def cell_text(cell: MapCell, width: int, glyphs: GlyphSet, *, short: str = "", words: bool = False) -> tuple[str, str]:
    """A cell as it is written: what comes before the value, and the value with its mark.

    The processor's `short` name and the mark in a word are written where there is room for them.
    """
    digits = 4 if width < _NARROW else 5
    known = UNKNOWN if math.isnan(cell.value) else level_text(cell.value, digits, glyphs.infinity, cell.signed)
    if cell.mark == "none":
        text = glyphs.empty.ljust(1 + width - caption_x(width, words))
    elif words and width >= _WITH_WORDS:
        text = f"{known} {MARK_WORDS.get(cell.mark, ''):<4}"
    else:
        text = known + cell_glyph(cell.mark, glyphs)
    has_room = short and width > _SHORT_CELLS + 1 + digits + width - caption_x(width, words)
    return (f" {short}" if has_room else "").ljust(width - len(text)), text


def stage_caption(stage: int, width: int) -> str:
    """What a column is called: `input`, `trim`, `1` or `slot 1`, `fader`, `a` or `send a`."""
    name = STAGES[stage]
    if AFTER_INSERT <= stage < AFTER_FADER:
        number = name.rpartition(" ")[2]
        return f"slot {number}" if width >= _LONG_CAPTIONS_FROM else number
    if width < _NARROW and stage == INPUT:
        return "in"  # five letters would touch the next caption
    return name if width >= _LONG_CAPTIONS_FROM else name.removeprefix("send ")


def caption_x(width: int, words: bool) -> int:
    """The column after a caption, which ends where the numbers do."""
    return width - (5 if words and width >= _WITH_WORDS else 1)


@dataclass(frozen=True, slots=True)
class MapPlan:
    """Columns and rows. `stages` are those that are seen, from `cells_x` on, each `cell` wide; `rows` maps rows of the
    map to strips (by their place), the first of which is the captions' and is not among them.
    """

    number: int
    name: int
    cell: int
    stages: tuple[int, ...]
    rows: Mapping[int, int]
    more_left: bool
    more_right: bool

    @property
    def cells_x(self) -> int:
        """The first column of the first cell."""
        return self.number + self.name + 3

    def x(self, stage: int) -> int:
        """The first column of a stage that is seen."""
        return self.cells_x + self.stages.index(stage) * self.cell

    def row(self, strip: int) -> int | None:
        """The row of a strip, None if it is not seen."""
        return next((row for row, place in self.rows.items() if place == strip), None)

    def stage_at(self, x: int) -> int | None:
        """The stage of a column."""
        place = (x - self.cells_x) // self.cell
        return self.stages[place] if 0 <= place < len(self.stages) else None


def plan_map(
    width: int, height: int, strips: Sequence[tuple[str, str]], stages: Sequence[int], selected: tuple[int, int],
    before: int = 0,
) -> MapPlan:  # fmt: skip
    """The map of strips (their kinds and names, the master last) with the selected strip (place) and stage in sight.

    `before` is the first strip that was seen until now: it stays where it is for as long as it can.
    """
    number, strip, stage = _NUMBER_CELLS, *selected
    longest = max(cell_len(name) for _, name in strips)
    name = min(longest, next(cells for narrower, cells in _NAME_CELLS if width < narrower))
    room = max(width - number - name - 3, 1)
    cell = min(max(room // len(stages), _NARROWEST), _WIDEST)
    if cell == _NARROWEST and len(stages) * cell > room:
        cell = _NARROW if room // _NARROW == room // _NARROWEST else _NARROWEST
    visible = max(min(room // cell, len(stages)), 1)
    at = stages.index(stage)
    first = min(max(at - visible + 2, 0), len(stages) - visible) if at >= visible - 1 else 0
    seen = tuple(stages[first : first + visible])
    rows = _rows(height, [kind for kind, _ in strips], strip, before)
    return MapPlan(number, name, cell, seen, rows, first > 0, first + visible < len(stages))


def _rows(height: int, kinds: Sequence[str], selected: int, before: int) -> dict[int, int]:
    """Rows below the captions; between kinds a free one if there is room, the master always the last."""
    room, strips = height - 1, len(kinds) - 1
    apart = [left != right for left, right in pairwise(kinds)]
    if len(kinds) + sum(apart) <= room:
        starts = [1 + place + sum(apart[:place]) for place in range(len(kinds))]
        return dict(zip(starts, range(len(kinds)), strict=True))
    visible = max(min(room - 1, strips), 0)
    first = min(max(before, selected - visible + 1 if selected < strips else 0), max(strips - visible, 0))
    if selected < strips:
        first = min(first, selected)
    shown = {1 + row: first + row for row in range(visible)}
    return shown | {1 + visible: strips}
