"""From wanted to shown: the difference of two grids of cells as one string for the terminal.

The cost is what changed: row by row, the cursor jumps over what stays (`ESC[nC`), a style is told when it changes, and
the string ends without any style, as a stock repaint expects it. 24 strips at 20 frames a second take some 10 bytes per
changed cell, a twentieth of what widget updates take.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from rich.cells import cell_len

from tui.styles import PLAIN_STATE, RESET
from tui.surface import CHARACTER_MASK, STYLE_SHIFT, Surface

_MOST_PIECES: Final = 1 << 15


class Painter:
    """Makes what the terminal shows equal to what is wanted, where nothing lies over it."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._free: npt.NDArray[np.bool_] | None = None
        self._pieces: dict[tuple[int, int], tuple[str, int, int]] = {}
        """By the terminal's state and a cell: what writes it, the state after it, and how many cells it takes."""
        self._pieces_of = surface.styles.generation

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
        places: npt.NDArray[np.intp] = changed.ravel().nonzero()[0]
        if not places.size:
            return ""
        cells = surface.wanted.take(places)
        surface.shown.put(places, cells)
        width, pieces = surface.width, self._known_pieces()
        parts: list[str] = []
        append = parts.append
        rows: list[int] = []
        at = row_end = 0
        state = PLAIN_STATE
        for place, cell in zip(places.tolist(), cells.tolist(), strict=True):
            if not cell & CHARACTER_MASK:  # the second half of a wide character comes with its first
                continue
            if place >= row_end:
                row = place // width
                rows.append(row)
                row_end = row * width + width
                append(f"\x1b[{row + 1};{place - row * width + 1}H")
            elif place != at:
                append("\x1b[C" if place - at == 1 else f"\x1b[{place - at}C")
            text, state, cells_taken = pieces.get((state, cell)) or self._piece(state, cell)
            append(text)
            at = place + cells_taken
        append(RESET)
        surface.forget_rows(rows)
        return "".join(parts)

    def _known_pieces(self) -> dict[tuple[int, int], tuple[str, int, int]]:
        generation = self._surface.styles.generation
        if self._pieces_of != generation or len(self._pieces) > _MOST_PIECES:
            self._pieces.clear()
            self._pieces_of = generation
        return self._pieces

    def _piece(self, state: int, cell: int) -> tuple[str, int, int]:
        character = chr(cell & CHARACTER_MASK)
        code, after = self._surface.styles.step(state, cell >> STYLE_SHIFT, blank=character == " ")
        piece = self._pieces[state, cell] = code + character, after, cell_len(character)
        return piece
