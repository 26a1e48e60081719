"""Where the lines of a strip's path stand: which line of the chain is which, at any height. Pure geometry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

LineKind = Literal["element", "detail", "levels", "right", "gap"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the chain: an element, what it is set to, the levels metered behind it, their right side, or nothing.

    What it is set to may take several lines: `part` counts them from 0.
    """

    kind: LineKind
    element: str
    part: int = 0


def chain_lines(
    elements: Sequence[str],
    metered: Sequence[str],
    empty: Sequence[str],
    selected: str,
    height: int,
    details: Mapping[str, int] = MappingProxyType({}),
    between: Sequence[str] = (),
) -> tuple[Line, ...]:
    """The lines for a height: with gaps between the groups where there is room, with fewer empty slots where not.

    Behind each of the `metered` elements stand its levels, the input has them on its own line. The lines that are
    returned fit, and the selected element is among them. The elements `between` (inserts and sends) have theirs where
    there is room for all of them, for which empty slots make way. `details` are how many lines it takes to say what an
    element is set to: they are there, or the first of each is, where nothing else wants the room.
    """
    # Short: of the empty slots only the first of a row of them is left, and the selected one.
    others = [
        name
        for before, name in pairwise(elements)
        if name in empty and before in empty and name[0].isdigit() == before[0].isdigit() and name != selected
    ]
    needed = len(elements) + sum(name != "input" for name in metered)
    if needed + len(between) - len(others) <= height:
        metered = (*metered, *between)
        needed += len(between)
    left_out = others[len(others) - min(max(needed - height, 0), len(others)) :]
    shown = [name for name in elements if name not in left_out]
    spare = height - needed + len(left_out)
    sides = spare >= len(metered) + _GAPS
    left = spare - (len(metered) if sides else 0) - _GAPS
    highest = max(details.values(), default=0)
    fitting = (most for most in range(highest, 0, -1) if sum(min(count, most) for count in details.values()) <= left)
    most = next(fitting, 0)
    lines: list[Line] = []
    for name in shown:
        if spare >= _GAPS and name in ("1", "a", "fader", "output") and name in shown:
            lines.append(Line("gap", name))
        lines.append(Line("element", name))
        lines += [Line("detail", name, part) for part in range(min(details.get(name, 0), most))]
        if name in metered:
            if name != "input":
                lines.append(Line("levels", name))
            if sides:
                lines.append(Line("right", name))
    if len(lines) > height:
        at = next(place for place, line in enumerate(lines) if line.element == selected)
        first = min(max(at - height // 2, 0), len(lines) - height)
        lines = lines[first : first + height]
    return tuple(lines)


_GAPS = 4
"""Free lines between the groups of elements."""


@dataclass(frozen=True, slots=True)
class ChainColumns:
    """The columns of a chain of some width: name, what it reads, its gain, the sum; and of the levels.

    `apart` cells are between the name of a level and its number.
    """

    width: int
    name_x: int
    name: int
    read_x: int
    gain_x: int
    total_x: int
    levels_x: int
    average_x: int
    bar_x: int
    apart: int

    @property
    def bar(self) -> int:
        """The cells of a level's bar."""
        return max(self.width - self.bar_x - 1, 0)


GAIN_CELLS = 6
TOTAL_CELLS = 7
READ_CELLS = 8
PEAK_CELLS = 8
_WIDE_FROM = 48
AVERAGE_CELLS = 10
"""`pk-12.3^` and `RMS -18.0^`."""


def chain_columns(width: int) -> ChainColumns:
    """The columns for a width."""
    apart = 1 if width >= _WIDE_FROM else 0
    total_x = width - TOTAL_CELLS
    gain_x = total_x - GAIN_CELLS
    read_x = gain_x - READ_CELLS - 2 * apart
    levels_x = 14 + 2 * apart
    average_x = levels_x + PEAK_CELLS + apart
    bar_x = average_x + AVERAGE_CELLS + apart + 1
    return ChainColumns(width, 3, max(read_x - 4, 1), read_x, gain_x, total_x, levels_x, average_x, bar_x, apart)
