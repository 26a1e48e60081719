"""Meter scales (level to height) and meter types with their zones.

Levels in dBFS use the piecewise law commonly called "IEC 60268-18" (digital peak meters): 0 dBFS at the top, half of
the height for the highest 20 dB, the bottom at -70. A VU scale is linear in voltage, as on the instrument
(IEC 60268-17): 0 VU at 70.8 % of the height, +3 VU at the top.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from engine.meters.frame import MeterFrame
from engine.mix import VU_REFERENCE_DBFS

FloatArray = npt.NDArray[np.float32]
ZoneName = Literal["low", "target", "hot", "over"]
MeterTypeId = Literal["peak", "rms", "vu"]

_IEC_LEVELS: Final = (-70.0, -60.0, -50.0, -40.0, -30.0, -20.0, 0.0)
_IEC_HEIGHTS: Final = (0.0, 0.025, 0.075, 0.15, 0.30, 0.50, 1.0)
VU_TOP: Final = 3.0
"""The end of a VU meter's scale."""


def iec_height(levels_dbfs: npt.ArrayLike) -> FloatArray:
    """Heights in 0..1 of levels in dBFS, any shape; what is below -70, -inf or NaN is 0."""
    levels = np.fmax(np.asarray(levels_dbfs, dtype=np.float32), _IEC_LEVELS[0])
    return np.interp(levels, _IEC_LEVELS, _IEC_HEIGHTS).astype(np.float32)


def iec_level(height: float) -> float:
    """The level in dBFS at a height in 0..1; the inverse of `iec_height`."""
    return float(np.interp(height, _IEC_HEIGHTS, _IEC_LEVELS))


def vu_height(levels_vu: npt.ArrayLike) -> FloatArray:
    """Heights in 0..1 of levels in VU, any shape; NaN is 0."""
    levels = np.fmin(np.fmax(np.asarray(levels_vu, dtype=np.float32), -120.0), VU_TOP)
    heights: FloatArray = np.power(10.0, (levels - VU_TOP) / 20.0, dtype=np.float32)
    return heights


def vu_level(height: float) -> float:
    """The level in VU at a height in 0..1; the inverse of `vu_height`."""
    return VU_TOP + 20.0 * math.log10(height) if height > 0.0 else -math.inf


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of a meter's range that means something; it reaches up to the next zone's start."""

    name: ZoneName
    start: float


@dataclass(frozen=True, slots=True)
class MeterType:
    """What a meter shows: where its levels come from, the scale they are drawn on and what their height means.

    `zones` ascend: below the target, in the target window, above it (hot), above full scale (over): two different
    things that are never mixed up. `marks` are the scale's labels, the most useful first: a short scale drops the rest.
    """

    id: MeterTypeId
    label: str
    unit: str
    height: Callable[[npt.ArrayLike], FloatArray]
    level: Callable[[float], float]
    zones: tuple[Zone, ...]
    marks: tuple[float, ...]
    levels: Callable[[MeterFrame], FloatArray]

    def zone(self, level: float) -> ZoneName:
        """The zone of one level."""
        name = self.zones[0].name
        for zone in self.zones[1:]:
            if level >= zone.start:
                name = zone.name
        return name

    def row_zones(self, rows: int) -> tuple[ZoneName, ...]:
        """The zone of each row of a meter, the highest row first: the one its middle lies in."""
        return tuple(self.zone(self.level((rows - row - 0.5) / rows)) for row in range(rows))


_DBFS_MARKS: Final = (0.0, -18.0, -6.0, -30.0, -12.0, -40.0, -24.0, -3.0, -60.0, -9.0, -50.0, -15.0, -21.0, -35.0)
_VU_MARKS: Final = (0.0, 3.0, -20.0, -10.0, -5.0, -3.0, -7.0, -1.0, 1.0, 2.0, -2.0)

PEAK: Final = MeterType(
    id="peak",
    label="PEAK",
    unit="dBFS",
    height=iec_height,
    level=iec_level,
    zones=(Zone("low", -math.inf), Zone("target", -18.0), Zone("hot", -6.0), Zone("over", 0.0)),
    marks=_DBFS_MARKS,
    levels=lambda frame: frame.peak_dbfs,
)
RMS: Final = MeterType(
    id="rms",
    label="RMS",
    unit="dBFS",
    height=iec_height,
    level=iec_level,
    zones=(Zone("low", -math.inf), Zone("target", -18.0), Zone("hot", -12.0), Zone("over", 0.0)),
    marks=_DBFS_MARKS,
    levels=lambda frame: frame.rms_dbfs,
)
VU: Final = MeterType(
    id="vu",
    label="VU",
    unit="VU",
    height=vu_height,
    level=vu_level,
    zones=(Zone("low", -math.inf), Zone("target", -6.0), Zone("hot", 0.0), Zone("over", -VU_REFERENCE_DBFS)),
    marks=_VU_MARKS,
    levels=lambda frame: frame.vu_db,
)
METERS: Final = {meter.id: meter for meter in (PEAK, RMS, VU)}
"""All meter types in the order in which they are cycled."""


def mark_rows(meter: MeterType, rows: int, spacing: int = 2) -> dict[int, float]:
    """Which row of a meter of `rows` carries which mark; those closer than `spacing` to a better one are left out."""
    placed: dict[int, float] = {}
    for mark in meter.marks:
        row = min(max(math.floor((1.0 - float(meter.height(mark))) * rows), 0), rows - 1)
        if all(abs(row - other) >= spacing for other in placed):
            placed[row] = mark
    return placed
