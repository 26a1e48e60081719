"""From wanted to shown: the difference of two grids of cells as one string for the terminal.

The cost is what changed: row by row, the cursor jumps over what stays (`ESC[nC`), a style is told when it changes, and
the string ends without any style, as a stock repaint expects it. 24 strips at 20 frames a second take some 10 bytes per
changed cell, a twentieth of what widget updates take.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from tui.styles import PLAIN_STATE, RESET
from tui.surface import CHARACTER_MASK, STYLE_SHIFT, Surface

_SPACE: Final = 32
_FIRST_WIDE: Final = 0x1100
"""No character below it takes two cells."""


class Painter:
    """Makes what the terminal shows equal to what is wanted, where nothing lies over it."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._free: npt.NDArray[np.bool_] | None = None

    def cover(self, covered: npt.NDArray[np.bool_] | None) -> None:
        """Tell which cells other widgets lie over (bool, of the surface's shape); None if there are none."""
        self._free = None if covered is None else ~covered
        self._surface.touched = True

    def frame(self) -> str:
        """The string that brings the terminal up to date, "" if it is. Afterwards `shown` holds what is seen."""
        surface = self._surface
        if not surface.touched:
            return ""
        changed = surface.wanted != surface.shown
        changed &= surface.placed
        if self._free is not None:
            if self._free.shape != changed.shape:
                return ""  # resized in between: the layout that follows covers anew
            changed &= self._free
        surface.touched = self._free is not None  # what is covered may still differ
        places = np.flatnonzero(changed)
        if not places.size:
            return ""
        cells = surface.wanted.take(places)
        surface.shown.put(places, cells)
        rows, columns = np.divmod(places, surface.width)
        row_list = rows.tolist()
        surface.forget_rows(set(row_list))
        characters = (cells & CHARACTER_MASK).tolist()
        styles = (cells >> STYLE_SHIFT).tolist()
        step = surface.styles.step
        parts: list[str] = []
        append = parts.append
        at_row = at_column = -1
        state = PLAIN_STATE
        for row, column, character, style in zip(row_list, columns.tolist(), characters, styles, strict=True):
            if not character:  # the second half of a wide character comes with its first
                continue
            if row != at_row:
                append(f"\x1b[{row + 1};{column + 1}H")
            elif column != at_column:
                gap = column - at_column
                append("\x1b[C" if gap == 1 else f"\x1b[{gap}C")
            code, state = step(state, style, blank=character == _SPACE)
            if code:
                append(code)
            append(chr(character))
            at_row, at_column = row, column + 1
            if character >= _FIRST_WIDE and at_column < surface.width:
                at_column += not surface.wanted[row, at_column] & CHARACTER_MASK
        append(RESET)
        return "".join(parts)
