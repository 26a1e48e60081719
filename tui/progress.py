"""How far something is, on one line of a terminal; nothing where there is none."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Final, Self, TextIO

from tui.printing import terminal_columns

_CELLS: Final = 24
_EVERY_S: Final = 0.1


class ProgressLine:
    """A line on the error output that is written over and removed at the end. Costs nothing where nobody looks."""

    def __init__(self, title: str, stream: TextIO | None = None) -> None:
        self._title = title
        self._stream = stream if stream is not None else sys.stderr
        self._shown = self._stream.isatty()
        self._due_s = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown and self._due_s:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def __call__(self, share: float, what: str = "") -> None:
        """So far it is, 0 to 1, and this is being done."""
        now = time.monotonic()
        if not self._shown or now < self._due_s:
            return
        self._due_s = now + _EVERY_S
        from tui.drawing.names import cut

        lit = round(share * _CELLS)
        bar = "#" * lit + "." * (_CELLS - lit)
        line = f"{self._title} [{bar}] {share:4.0%} {what}"
        # What is folded is not written over.
        self._stream.write(f"\r{cut(line, terminal_columns(self._stream) - 1)}\x1b[K")
        self._stream.flush()
