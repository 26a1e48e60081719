"""Where the parts of the editor stand: head, drawing, gauges and the list of values, at any size. Pure geometry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_FIELD_CELLS: Final = 36
"""The least width of a column of values."""
_LEAST_DRAWING: Final = 5
_HIGHEST_DRAWING: Final = 40
_LEAST_FIELD_ROWS: Final = 6


@dataclass(frozen=True, slots=True)
class EditorPlan:
    """Rows from the top: head, drawing (0 rows: none), gauges, a dividing line, the values in columns."""

    head: int
    drawing_y: int
    drawing: int
    gauges_y: int
    gauges: int
    divider_y: int
    fields_y: int
    field_rows: int
    columns: int
    column_width: int
    first: int

    def cell_of(self, index: int) -> tuple[int, int] | None:
        """The column's x and the row of a value (by its place), None where it is not shown."""
        place = index - self.first
        if not 0 <= place < self.field_rows * self.columns:
            return None
        column, row = divmod(place, self.field_rows)
        return column * (self.column_width + 1), self.fields_y + row


def plan_editor(width: int, height: int, fields: int, chosen: int, gauges: int) -> EditorPlan:
    """The plan for a size, a number of values of which one is chosen, and rows of gauges."""
    head = 2 if height >= 12 else 1
    columns = max(min(width // _FIELD_CELLS, 4), 1)
    needed = -(-fields // columns)
    room = height - head - 1
    gauges = min(gauges, max(room - min(needed, 3), 0))
    room -= gauges
    # Values that fit have the rows they need, and the drawing the rest; those that do not are scrolled.
    drawing = min(room - min(needed, _LEAST_FIELD_ROWS), max(room - needed, _LEAST_DRAWING + 2), _HIGHEST_DRAWING)
    drawing = drawing if drawing >= _LEAST_DRAWING else 0
    rows = min(max(room - drawing, 0), needed)
    shown = rows * columns
    first = 0
    if shown < fields:
        first = min(max(chosen - shown // 2, 0), fields - shown)
    column_width = (width - (columns - 1)) // columns
    divider = head + drawing + gauges
    return EditorPlan(
        head, head, drawing, head + drawing, gauges, divider, divider + 1, rows, columns, column_width, first
    )
