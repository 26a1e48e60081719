"""Meter scales: the laws by which a level becomes a height, the zones of a scale, and its marks.

Levels in dBFS use the piecewise law commonly called "IEC 60268-18" (digital peak meters): 0 dBFS at the top, half of
the height for the highest 20 dB, the bottom at -70. A VU scale is linear in voltage, as on the instrument
(IEC 60268-17): 0 VU at 70.8 % of the height, +3 VU at the top. PPMs have the deflections of IEC 60268-10 as formulas
give them that are in wide use (x42). Loudness (EBU Tech 3341) and most of the K-System are linear in dB.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from engine.meters.frame import MeterFrame

FloatArray = npt.NDArray[np.float32]
ZoneName = Literal["low", "target", "hot", "loud", "over"]
"""Below the target, in its window, above it (hot), and much so (loud); above full scale (over) is another thing."""
MeterTypeId = Literal[
    "peak", "true_peak", "rms", "vu", "ppm_din", "ppm_nordic", "ppm_bbc", "ppm_ebu", "lufs_m", "lufs_s", "lufs_i",
    "k_20", "k_14", "k_12",
]  # fmt: skip
Source = Literal[
    "peak_dbfs", "true_peak_dbtp", "rms_dbfs", "vu_db", "ppm_1_dbfs", "ppm_2_dbfs", "k_system_dbfs", "momentary_lufs",
    "short_term_lufs", "integrated_lufs",
]  # fmt: skip
"""The fields of a frame that meters show."""

VU_TOP: Final = 3.0
"""The end of a VU meter's scale."""
_LOWEST_DB: Final = -200.0


@dataclass(frozen=True, slots=True)
class Law:
    """How levels (in the meter's unit) become heights in 0..1, and back."""

    height: Callable[[npt.ArrayLike], FloatArray]
    """Any shape; what is below the scale, -inf or NaN is 0, what is above it 1."""
    level: Callable[[float], float]


def piecewise(levels: Sequence[float], heights: Sequence[float]) -> Law:
    """A law of straight lines between points that ascend."""
    at_levels, at_heights, bottom = np.array(levels), np.array(heights), np.float32(levels[0])

    def height(given: npt.ArrayLike) -> FloatArray:
        found = np.interp(np.fmax(np.asarray(given, np.float32), bottom), at_levels, at_heights)
        heights_found: FloatArray = found.astype(np.float32)
        return heights_found

    return Law(height, lambda at: float(np.interp(at, at_heights, at_levels)))


def linear(bottom: float, top: float) -> Law:
    """A law that is linear in the meter's unit."""
    return piecewise((bottom, top), (0.0, 1.0))


def rescaled(law: Law, offset: float, per_unit: float = 1.0) -> Law:
    """A law for the numbers of another scale: `(number + offset) / per_unit` for what is a number on the law's own."""
    return Law(
        lambda given: law.height(np.asarray(given, np.float32) * np.float32(per_unit) - np.float32(offset)),
        lambda at: (law.level(at) + offset) / per_unit,
    )


def _known(given: npt.ArrayLike, top: float) -> FloatArray:
    return np.fmin(np.fmax(np.asarray(given, np.float32), _LOWEST_DB), top)


def _heights(unbounded: npt.NDArray[np.floating]) -> FloatArray:
    heights: FloatArray = np.clip(unbounded, 0.0, 1.0).astype(np.float32)
    return heights


def vu_height(levels_vu: npt.ArrayLike) -> FloatArray:
    """Heights in 0..1 of levels in VU, any shape; NaN is 0."""
    heights: FloatArray = np.power(10.0, (_known(levels_vu, VU_TOP) - VU_TOP) / 20.0, dtype=np.float32)
    return heights


def vu_level(height: float) -> float:
    """The level in VU at a height in 0..1; the inverse of `vu_height`."""
    return VU_TOP + 20.0 * math.log10(height) if height > 0.0 else -math.inf


def _din_height(levels_din: npt.ArrayLike) -> FloatArray:
    amplitudes = np.power(10.0, (_known(levels_din, 20.0) - 6.0) / 20.0)
    return _heights((2.002353 * amplitudes) ** 0.25 - 0.1885)


def _din_level(height: float) -> float:
    return 6.0 + 20.0 * math.log10((height + 0.1885) ** 4 / 2.002353)


def _type_2_height(levels_dbfs: npt.ArrayLike) -> FloatArray:
    amplitudes = np.power(10.0, _known(levels_dbfs, 20.0) / 20.0)
    return _heights(0.3 * np.log(3.17 * amplitudes) + 0.77633)


def _type_2_level(height: float) -> float:
    return 20.0 * math.log10(math.exp((height - 0.77633) / 0.3) / 3.17)


DBFS_LAW: Final = piecewise((-70.0, -60.0, -50.0, -40.0, -30.0, -20.0, 0.0), (0.0, 0.025, 0.075, 0.15, 0.30, 0.50, 1.0))
VU_LAW: Final = Law(vu_height, vu_level)
DIN_LAW: Final = Law(_din_height, _din_level)
"""In the numbers of the DIN scale, -50 to +5."""
NORDIC_LAW: Final = linear(-36.0, 12.0)
TYPE_2_LAW: Final = Law(_type_2_height, _type_2_level)
"""In dBFS: the seven marks of the BBC at equal distances."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of a meter's range that means something; it reaches up to the next zone's start."""

    name: ZoneName
    start: float


@dataclass(frozen=True, slots=True)
class MeterType:
    """What a meter shows: where its levels come from, the scale they are drawn on and what their height means.

    `label` is its name in up to 6 cells, `short` in up to 4. Levels are `(source + offset) / per_unit`, not below
    `lowest`; `mark_source` is what held marks are of, where it is not the source. `zones` ascend. `marks` are the
    scale's labels, the most useful first (its reference): a short scale drops the rest. `held` tells that the number
    beside the meter is the highest level; else it is the level now.
    """

    id: MeterTypeId
    name: str
    label: str
    short: str
    unit: str
    source: Source
    law: Law
    zones: tuple[Zone, ...]
    marks: tuple[float, ...]
    offset: float = 0.0
    per_unit: float = 1.0
    lowest: float = -math.inf
    mark_source: Source | None = None
    held: bool = True
    signed: bool = True
    note: str = ""

    def read(self, values: npt.NDArray[np.float32]) -> FloatArray:
        """Levels in the meter's unit of values of its source (or its marks' source), any shape."""
        if self.offset or self.per_unit != 1.0:
            values = (values + np.float32(self.offset)) / np.float32(self.per_unit)
        return values if self.lowest == -math.inf else np.maximum(values, np.float32(self.lowest))

    def levels(self, frame: MeterFrame) -> FloatArray:
        """All levels of a frame, left and right: (rows, stages, 2)."""
        return self.read(frame.levels.of(self.source))

    def height(self, levels: npt.ArrayLike) -> FloatArray:
        """Heights in 0..1 of levels, any shape."""
        return self.law.height(levels)

    def zone(self, level: float) -> ZoneName:
        """The zone of one level."""
        name = self.zones[0].name
        for zone in self.zones[1:]:
            if level >= zone.start:
                name = zone.name
        return name

    def zone_above(self, mark: float) -> ZoneName:
        """The zone that lies above a mark of the scale: above 0 dBFS a peak is over, at it not yet."""
        return self.zone(math.nextafter(mark, math.inf))

    def row_zones(self, rows: int) -> tuple[ZoneName, ...]:
        """The zone of each row of a meter, the highest row first: the one its middle lies in."""
        return tuple(self.zone(self.law.level((rows - row - 0.5) / rows)) for row in range(rows))


def mark_rows(meter: MeterType, rows: int, spacing: int = 2) -> dict[int, float]:
    """Which row of a meter of `rows` carries which mark; those closer than `spacing` to a better one are left out."""
    placed: dict[int, float] = {}
    for mark in meter.marks:
        row = min(max(math.floor((1.0 - float(meter.height(mark))) * rows), 0), rows - 1)
        if all(abs(row - other) >= spacing for other in placed):
            placed[row] = mark
    return placed
