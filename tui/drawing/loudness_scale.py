"""How loudness is drawn and written: the scales of EBU Tech 3341, about a target, in LUFS or relative to it in LU."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tui.drawing.scale import ZoneName

UNDEFINED: Final = "--.-"


SPANS_LU: Final[Mapping[str, tuple[float, float]]] = {"EBU +9": (-18.0, 9.0), "EBU +18": (-36.0, 18.0)}
"""The lower and upper ends about the target."""
WINDOW_LU: Final = 1.0
"""What is so near to the target is at it (EBU R 128, for what is live)."""


@dataclass(frozen=True, slots=True)
class LoudnessScale:
    """A scale by its name, about a target, and whether numbers are relative to that."""

    target_lufs: float = -23.0
    name: str = "EBU +9"
    is_relative: bool = False

    @property
    def low_lu(self) -> float:
        """Its lower end."""
        return SPANS_LU[self.name][0]

    @property
    def high_lu(self) -> float:
        """Its upper end."""
        return SPANS_LU[self.name][1]

    @property
    def unit(self) -> str:
        """The unit of its numbers."""
        return "LU" if self.is_relative else "LUFS"

    @property
    def marks_lu(self) -> tuple[float, ...]:
        """Where it has numbers, the most useful first."""
        step = self.high_lu / 3.0
        marks = [step * count for count in range(round(self.low_lu / step), 4)]
        first = (0.0, self.high_lu, self.low_lu)
        return (*first, *sorted((mark for mark in marks if mark not in first), key=abs))

    def number(self, lufs: float) -> float:
        """A loudness on the scale."""
        return lufs - self.target_lufs if self.is_relative else lufs

    def mark_text(self, lu: float) -> str:
        """The number at a mark."""
        at = lu if self.is_relative else self.target_lufs + lu
        return f"{at:+.0f}" if at else "0"

    def zone(self, lu: float) -> ZoneName:
        """Around the target, above or below it; there is no over: loudness knows no full scale."""
        return "hot" if lu > WINDOW_LU else "target" if lu >= -WINDOW_LU else "low"

    def text(self, lufs: float) -> str:
        """A loudness with one decimal, signed where it is relative."""
        number = self.number(lufs)
        return tenths(number, signed=self.is_relative)


def tenths(value: float, *, signed: bool = False) -> str:
    """A number with one decimal; what is not defined is `--.-`."""
    if not math.isfinite(value):
        return UNDEFINED
    rounded = round(value, 1) + 0.0
    return f"{rounded:+.1f}" if signed and rounded else f"{rounded:.1f}"
