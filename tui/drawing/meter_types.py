"""All types of meters, each as its standard draws it: scale, marks, reference and zones.

A K-System meter shows the average as its bar and the peak as its mark, on one scale. Loudness is one value for both
sides: both lanes show it.

Only peaks, of samples and true ones, can tell that something is over. What is rectified and smoothed reads above full
scale where no sample is: a square wave is 3 dB higher by AES-17 and on a VU meter than its peak, and 0.2 dB on a PPM.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from sessions.meters import MeterState
from tui.drawing.loudness_scale import SPANS_LU, WINDOW_LU
from tui.drawing.scale import (
    DBFS_LAW,
    DIN_LAW,
    NORDIC_LAW,
    TYPE_2_LAW,
    VU_LAW,
    MeterType,
    MeterTypeId,
    Source,
    Zone,
    ZoneName,
    linear,
    piecewise,
    rescaled,
)

_ALIGNMENT_DBFS: Final = -18.0
"""The level that PPMs show as 4, TEST, 0 or -9 (EBU R 68)."""
_BBC_DB: Final = 4.0
"""Between two marks of the BBC."""
_DBFS_MARKS: Final = (0.0, -18.0, -6.0, -30.0, -12.0, -40.0, -24.0, -3.0, -60.0, -9.0, -50.0, -15.0, -21.0, -35.0)
_VU_MARKS: Final = (0.0, 3.0, -20.0, -10.0, -5.0, -3.0, -7.0, -1.0, 1.0, 2.0, -2.0)
_DIN_MARKS: Final = (0.0, -9.0, 5.0, -20.0, -40.0, -5.0, -30.0, -50.0, -15.0)
_NORDIC_MARKS: Final = (0.0, 9.0, -18.0, -36.0, -9.0, -27.0, 6.0, -12.0, 12.0, -24.0, -6.0, 3.0, -30.0)
_BBC_MARKS: Final = (4.0, 6.0, 2.0, 1.0, 7.0, 5.0, 3.0)
_EBU_MARKS: Final = (0.0, 8.0, -12.0, 12.0, 4.0, -4.0, -8.0)
_K_ZONES: Final = (("target", -math.inf), ("hot", 0.0), ("loud", 4.0))
"""Green, amber and red, the same on all three scales."""
_K_MARKS: Final = (0.0, 4.0, -10.0, 12.0, -20.0, 8.0, -30.0, 16.0, -4.0, 20.0, -14.0, -24.0, -40.0)
_K_BOTTOM, _K_BEND, _K_BEND_HEIGHT = -50.0, -24.0, 0.18
"""Linear from the bend up; what is below it is closer together."""
_LOUDNESS_MARKS_LU: Final = (0.0, 9.0, -9.0, -18.0, 18.0, -27.0, -36.0, 5.0, -5.0, -13.0, 13.0, -22.0, 2.0)


_ABOVE_FULL_SCALE: Final = math.nextafter(0.0, 1.0)
"""A sample of exactly full scale is not above it."""


def _zones(*starts: tuple[ZoneName, float]) -> tuple[Zone, ...]:
    return tuple(Zone(name, start) for name, start in starts)


def _digital_peaks() -> list[MeterType]:
    zones = _zones(("low", -math.inf), ("target", -18.0), ("hot", -6.0), ("over", _ABOVE_FULL_SCALE))
    return [
        MeterType("peak", "Sample peak", "PEAK", "peak", "dBFS", "peak_dbfs", DBFS_LAW, zones, _DBFS_MARKS),
        MeterType("true_peak", "True peak", "TP", "TP", "dBTP", "true_peak_dbtp", DBFS_LAW, zones, _DBFS_MARKS),
    ]


def _averages(settings: MeterState) -> list[MeterType]:
    name, label, short = ("RMS (AES17)", "AES17", "AES") if settings.rms_aes17 else ("RMS", "RMS", "RMS")
    zones = _zones(("low", -math.inf), ("target", -18.0), ("hot", -12.0))
    window = f"full-scale sine {'0' if settings.rms_aes17 else '-3'}, {settings.rms_window_ms:.0f} ms"
    zero = settings.vu_reference_dbfs
    vu_zones = _zones(("low", -math.inf), ("target", -6.0), ("hot", 0.0))
    return [
        MeterType("rms", name, label, short, "dBFS", "rms_dbfs", DBFS_LAW, zones, _DBFS_MARKS, note=window),
        MeterType("vu", "VU", "VU", "VU", "VU", "vu_db", VU_LAW, vu_zones, _VU_MARKS, note=f"0 VU = {zero:g} dBFS"),
    ]


def _ppms() -> list[MeterType]:
    """PPMs: what is hot is above the permitted maximum level."""
    to_din, to_test = -9.0 - _ALIGNMENT_DBFS, -_ALIGNMENT_DBFS
    to_bbc = 4.0 * _BBC_DB + to_test
    bbc = rescaled(TYPE_2_LAW, to_bbc, _BBC_DB)

    def zones(target: float, hot: float) -> tuple[Zone, ...]:
        return _zones(("low", -math.inf), ("target", target), ("hot", hot))

    return [
        MeterType(
            "ppm_din", "PPM DIN", "DIN", "DIN", "dB", "ppm_1_dbfs", DIN_LAW, zones(-9.0, 0.0), _DIN_MARKS,
            offset=to_din, note="-9 = -18 dBFS",
        ),
        MeterType(
            "ppm_nordic", "PPM Nordic", "NORDIC", "NORD", "dB", "ppm_1_dbfs", NORDIC_LAW, zones(0.0, 9.0),
            _NORDIC_MARKS, offset=to_test, note="TEST (0) = -18 dBFS",
        ),
        MeterType(
            "ppm_bbc", "PPM BBC", "BBC", "BBC", "PPM", "ppm_2_dbfs", bbc, zones(4.0, 6.0),
            _BBC_MARKS, offset=to_bbc, per_unit=_BBC_DB, lowest=0.0, signed=False, note="4 = -18 dBFS",
        ),
        MeterType(
            "ppm_ebu", "PPM EBU", "EBU", "EBU", "dB", "ppm_2_dbfs", rescaled(TYPE_2_LAW, to_test),
            zones(0.0, 9.0), _EBU_MARKS, offset=to_test, note="TEST (0) = -18 dBFS",
        ),
    ]  # fmt: skip


def _loudness(settings: MeterState) -> list[MeterType]:
    target = settings.loudness_target_lufs
    bottom, top = (target + end for end in SPANS_LU[settings.loudness_scale])
    law = linear(bottom, top)
    marks = tuple(target + mark for mark in _LOUDNESS_MARKS_LU if bottom <= target + mark <= top)
    zones = _zones(("low", -math.inf), ("target", target - WINDOW_LU), ("hot", target + WINDOW_LU))
    note = f"0 LU = {target:g} LUFS"
    windows: tuple[tuple[MeterTypeId, str, Source], ...] = (
        ("lufs_m", "momentary", "momentary_lufs"),
        ("lufs_s", "short-term", "short_term_lufs"),
        ("lufs_i", "integrated", "integrated_lufs"),
    )
    return [
        MeterType(
            identity, f"LUFS {window}", f"LUFS {window[0].upper()}", f"LU-{window[0].upper()}", "LUFS", source, law,
            zones, marks, held=identity != "lufs_i", note=note,
        )
        for identity, window, source in windows
    ]  # fmt: skip


def _k_system(settings: MeterState) -> list[MeterType]:
    made = []
    ids: tuple[tuple[int, MeterTypeId], ...] = ((20, "k_20"), (14, "k_14"), (12, "k_12"))
    average = "K-weighted average" if settings.k_weighted else "AES-17 average"
    for headroom, identity in ids:
        top = float(headroom)
        made.append(
            MeterType(
                identity, f"K-{headroom}", f"K-{headroom}", f"K-{headroom}", "dB", "k_system_dbfs",
                piecewise((_K_BOTTOM, _K_BEND, top), (0.0, _K_BEND_HEIGHT, 1.0)),
                _zones(*_K_ZONES),
                tuple(mark for mark in (0.0, 4.0, top, *_K_MARKS) if mark <= top),
                offset=top, mark_source="peak_dbfs",
                note=f"0 = -{headroom} dBFS, {average} and peak",
            )
        )  # fmt: skip
    return made


@lru_cache(maxsize=8)
def meter_types(settings: MeterState) -> Mapping[MeterTypeId, MeterType]:
    """All types in the order in which they are cycled, as the settings have them."""
    digital, averages = _digital_peaks(), _averages(settings)
    made = (*digital, *averages, *_ppms(), *_loudness(settings), *_k_system(settings))
    return MappingProxyType({meter.id: meter for meter in made})


METERS: Final = meter_types(MeterState())
"""All types with the usual settings."""
PEAK: Final = METERS["peak"]
VU: Final = METERS["vu"]
