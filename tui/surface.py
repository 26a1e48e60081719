"""The cells of the mixer: what should be seen, and what the terminal shows.

Widgets draw into `wanted`; the painter sends the difference to `shown` and makes it equal. A stock repaint (a layout, a
dialog that closes) renders `shown`, so it never changes what is seen: the terminal and `shown` agree at all times, and
the two ways to the terminal cannot disagree.

A cell is a 32-bit number: its character below, its style above. A character of two cells is followed by a cell with the
character 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from tui.drawing.names import cut
from tui.styles import PLAIN_STATE, RESET, Styles

CellArray = npt.NDArray[np.uint32]
Align = Literal["left", "right", "centre"]

STYLE_SHIFT: Final = 21
CHARACTER_MASK: Final = (1 << STYLE_SHIFT) - 1
_SPACE: Final = 32


class RunStrip(Strip):
    """A rendered row that tells the terminal the changes of style only: a third less to send than stock."""

    __slots__ = ["_runs", "_styles"]

    def __init__(self, runs: list[tuple[str, int]], width: int, styles: Styles) -> None:
        super().__init__([Segment(text, styles.rich(style)) for text, style in runs], width)
        self._runs = runs
        self._styles = styles

    def render(self, console: Console) -> str:
        """The row as the terminal gets it; starts and ends without any style."""
        if self._render_cache is None:
            parts: list[str] = []
            state = PLAIN_STATE
            for text, style in self._runs:
                code, state = self._styles.step(state, style, blank=text.isspace())
                parts.append(code + text)
            self._render_cache = "".join(parts) + RESET
        return self._render_cache


class Surface:
    """All cells of the screen, of shape (height, width)."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.generation = 0
        """Counts the changes of size: what was drawn before has to be drawn anew."""
        self.resize(0, 0)

    def resize(self, width: int, height: int) -> None:
        """Take another size; all cells are blank then."""
        self.width, self.height = width, height
        self.wanted: CellArray = np.full((height, width), _SPACE, dtype=np.uint32)
        self.shown: CellArray = self.wanted.copy()
        self.placed: npt.NDArray[np.bool_] = np.zeros((height, width), dtype=np.bool_)
        """Cells that belong to a widget of the mixer and may be painted."""
        self.touched = True
        """Whether something may have been drawn that the terminal does not show yet."""
        self._rows: dict[int, dict[tuple[int, int], RunStrip]] = {}
        self._canvases: dict[Region, Canvas] = {}
        self.generation += 1

    def place(self, region: Region) -> None:
        """Say that the terminal is about to get the wanted cells of a region by a stock repaint."""
        rows, columns = self._slices(region)
        self.shown[rows, columns] = self.wanted[rows, columns]
        self.placed[rows, columns] = True
        self.forget_rows(range(rows.start, rows.stop))

    def canvas(self, region: Region) -> Canvas:
        """What a widget of that region draws on."""
        self.touched = True
        canvas = self._canvases.get(region)
        if canvas is None:
            rows, columns = self._slices(region)
            canvas = self._canvases[region] = Canvas(self.wanted[rows, columns], self.styles)
        return canvas

    def row(self, y: int, x: int, width: int) -> RunStrip:
        """One row of a region as it is shown."""
        rendered = self._rows.setdefault(y, {})
        strip = rendered.get((x, width))
        if strip is None:
            strip = rendered[x, width] = RunStrip(runs(self.shown[y, x : x + width]), width, self.styles)
        return strip

    def forget_rows(self, rows: Iterable[int]) -> None:
        """Drop the rendered form of rows whose cells have changed."""
        for row in rows:
            self._rows.pop(row, None)

    def restyle(self) -> None:
        """Drop all rendered rows: the table of styles has changed."""
        self._rows.clear()

    def _slices(self, region: Region) -> tuple[slice, slice]:
        x, y, right, bottom = region.intersection(Region(0, 0, self.width, self.height)).corners
        return slice(y, bottom), slice(x, right)


class Canvas:
    """A rectangle of wanted cells with its own coordinates. What lies outside is not drawn."""

    __slots__ = ("cells", "height", "styles", "width")

    def __init__(self, cells: CellArray, styles: Styles) -> None:
        self.cells = cells
        self.styles = styles
        self.height, self.width = cells.shape

    def part(self, x: int, y: int, width: int, height: int) -> Canvas:
        """A rectangle inside this one."""
        x, y = max(x, 0), max(y, 0)
        return Canvas(self.cells[y : y + max(height, 0), x : x + max(width, 0)], self.styles)

    def fill(self, style: int, character: str = " ") -> None:
        """The same character everywhere."""
        self.cells[:] = style << STYLE_SHIFT | ord(character)

    def text(self, x: int, y: int, text: str, style: int, width: int | None = None, align: Align = "left") -> int:
        """Write on one row; with a `width` the text is cut or filled up to it. Returns the column after it."""
        if not 0 <= y < self.height:
            return x
        if width is not None:
            text = _fitted(text, width, align)
        characters = _characters(text)
        start, stop = max(x, 0), min(x + len(characters), self.width)
        if start < stop:
            self.cells[y, start:stop] = characters[start - x : stop - x] | (style << STYLE_SHIFT)
        return x + len(characters)

    def column(self, x: int, y: int, height: int, character: str, style: int) -> None:
        """The same character on some rows of one column."""
        if 0 <= x < self.width:
            self.cells[max(y, 0) : y + height, x] = style << STYLE_SHIFT | ord(character)


def runs(cells: CellArray) -> list[tuple[str, int]]:
    """The texts and styles of one row of cells, of shape (width,)."""
    styles = cells >> STYLE_SHIFT
    text = (cells & CHARACTER_MASK).astype("<u4").tobytes().decode("utf-32-le")
    edges = [0, *(np.flatnonzero(np.diff(styles)) + 1).tolist(), len(text)]
    return [(text[start:stop].replace("\0", ""), int(styles[start])) for start, stop in pairwise(edges) if start < stop]


@lru_cache(maxsize=4096)
def _characters(text: str) -> CellArray:
    if text.isascii():
        return np.frombuffer(text.encode("utf-32-le"), dtype="<u4").astype(np.uint32)
    cells: list[int] = []
    for character in text:
        width = cell_len(character)
        if width:
            cells.extend((ord(character), *(0,) * (width - 1)))
    return np.array(cells, dtype=np.uint32)


@lru_cache(maxsize=4096)
def _fitted(text: str, width: int, align: Align) -> str:
    text = cut(text, width)
    room = width - cell_len(text)
    before = {"left": 0, "right": room, "centre": room // 2}[align]
    return " " * before + text + " " * (room - before)
