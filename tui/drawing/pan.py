"""The pan indicator: a mark on a line, three positions to the cell."""

from __future__ import annotations

from typing import Final

THIRDS: Final = 3


def pan_slot(pan_percent: float, cells: int) -> tuple[int, int]:
    """Cell and third (0 left, 1 middle, 2 right) of the mark for -100 (left) to +100 (right) on `cells` cells.

    Centre is exact for an odd number of cells; for an even number it is the left edge of the right middle cell.
    Only an exactly centred value is drawn at the centre.
    """
    slots = cells * THIRDS
    centre = slots // 2
    share = min(max(pan_percent, -100.0), 100.0) / 100.0
    slot = centre + round(share * (centre if share < 0 else slots - 1 - centre))
    if slot == centre and pan_percent:
        slot += -1 if pan_percent < 0 else 1
    return divmod(slot, THIRDS)
