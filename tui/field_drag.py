"""A drag of any value: relative to where it was grabbed, so that a press alone never moves anything."""

from __future__ import annotations

from tui.elements import Field
from tui.field_values import share_of, value_at
from tui.widgets.drag import FINE

_CELLS = 60
"""Columns through the whole range."""


class FieldDrag:
    """A value in the hand, grabbed at a column (fractions allowed)."""

    def __init__(self, field: Field, x: float, fine: bool) -> None:
        self.field = field
        self.moved = False
        """Whether the pointer has left where it was grabbed; when it comes back, so does the value."""
        self._value = field.value
        self._x = x
        self._fine = fine

    def to(self, x: float, fine: bool) -> float:
        """The value with the pointer at x; changing between coarse and fine goes on from the value reached."""
        if fine != self._fine:
            self._value, self._x, self._fine = self._at(x), x, fine
        self.moved |= x != self._x
        return self._at(x)

    def _at(self, x: float) -> float:
        if x == self._x:
            return self._value
        scale = FINE if self._fine else 1.0
        spec = self.field.spec
        return value_at(spec, share_of(spec, self._value) + (x - self._x) * scale / _CELLS)
