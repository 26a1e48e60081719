"""How the meters of a session read and are drawn: what standards leave open. Nothing that sounds depends on it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal, get_args

import msgspec

from engine.mix import (
    HOLD_S,
    LEAST_RMS_WINDOW_MS,
    MOST_RMS_WINDOW_MS,
    PEAK_FALLS_DB_PER_S,
    RMS_WINDOW_MS,
    VU_REFERENCE_DBFS,
    MeterSettings,
)
from sessions.values import SessionValueError

LoudnessScale = Literal["EBU +9", "EBU +18"]
LOUDNESS_TARGET_LUFS: Final = -23.0
"""EBU R 128."""
_RANGES: Final = {
    "peak_fall_db_per_s": (3.0, 60.0),
    "rms_window_ms": (LEAST_RMS_WINDOW_MS, MOST_RMS_WINDOW_MS),
    "vu_reference_dbfs": (-30.0, 0.0),
    "hold_s": (0.0, math.inf),
    "loudness_target_lufs": (-40.0, -5.0),
}


class MeterState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The choices; `hold_s` is how long marks stay: 0 is not at all, inf until they are cleared.

    `loudness_target_lufs` is 0 LU on the scales of loudness.
    """

    peak_fall_db_per_s: float = PEAK_FALLS_DB_PER_S["IEC 60268-18"]
    rms_window_ms: float = RMS_WINDOW_MS
    rms_aes17: bool = False
    vu_reference_dbfs: float = VU_REFERENCE_DBFS
    k_weighted: bool = False
    hold_s: float = HOLD_S
    loudness_target_lufs: float = LOUDNESS_TARGET_LUFS
    loudness_scale: LoudnessScale = "EBU +9"

    def __post_init__(self) -> None:
        for key, (least, most) in _RANGES.items():
            value = getattr(self, key)
            if not least <= value <= most:
                upper = "up, or inf" if most == math.inf else f"to {most:g}"
                raise SessionValueError("meters", f"{key}={value:g} is not a number from {least:g} {upper}", key)
        if self.loudness_scale not in get_args(LoudnessScale):
            scales = ", ".join(f'"{scale}"' for scale in get_args(LoudnessScale))
            what = f'loudness_scale="{self.loudness_scale}" is not one of {scales}'
            raise SessionValueError("meters", what, "loudness_scale")

    @property
    def settings(self) -> MeterSettings:
        """What of it the engine is told."""
        return MeterSettings(
            self.peak_fall_db_per_s,
            self.rms_window_ms,
            self.rms_aes17,
            self.vu_reference_dbfs,
            self.k_weighted,
            self.hold_s,
        )


MeterValue = float | bool | str


@dataclass(frozen=True, slots=True)
class MeterOption:
    """One of the choices: the field, what it is called, the usual values with what they are called, and its unit."""

    id: str
    label: str
    values: tuple[tuple[MeterValue, str], ...]
    unit: str = ""

    def shown(self, value: MeterValue) -> str:
        """A value for people."""
        return next((text for usual, text in self.values if usual == value), f"{value} {self.unit}".rstrip())


METER_OPTIONS: Final = {
    option.id: option
    for option in (
        MeterOption(
            "hold_s",
            "Marks stay for",
            ((0.0, "off"), (1.0, "1 s"), (HOLD_S, "2 s"), (3.0, "3 s"), (10.0, "10 s"), (math.inf, "until cleared")),
            "s",
        ),
        MeterOption(
            "peak_fall_db_per_s",
            "Peaks fall by",
            tuple((fall, f"{fall:.1f} dB/s ({name})") for name, fall in PEAK_FALLS_DB_PER_S.items()),
            "dB/s",
        ),
        MeterOption(
            "rms_window_ms",
            "RMS over",
            tuple((ms, f"{ms:.0f} ms") for ms in (50.0, 100.0, 300.0, 600.0, 1000.0, 3000.0)),
            "ms",
        ),
        MeterOption(
            "rms_aes17",
            "RMS of a full-scale sine",
            ((False, "-3.01 dBFS (mathematical)"), (True, "0 dBFS (AES17)")),
        ),
        MeterOption(
            "vu_reference_dbfs",
            "0 VU",
            tuple((dbfs, f"0 VU = {dbfs:.0f} dBFS") for dbfs in (-14.0, -16.0, VU_REFERENCE_DBFS, -20.0, -24.0)),
            "dBFS",
        ),
        MeterOption("k_weighted", "K-System weighting", ((False, "flat (RMS, AES17)"), (True, "K-weighted (ITU)"))),
        MeterOption(
            "loudness_target_lufs",
            "0 LU",
            (
                (LOUDNESS_TARGET_LUFS, "-23 LUFS (EBU R 128)"),
                (-24.0, "-24 LUFS (ATSC A/85)"),
                *((lufs, f"{lufs:.0f} LUFS") for lufs in (-18.0, -16.0, -14.0)),
            ),
            "LUFS",
        ),
        MeterOption(
            "loudness_scale",
            "Loudness scale",
            (("EBU +9", "EBU +9: -18 to +9 LU"), ("EBU +18", "EBU +18: -36 to +18 LU")),
        ),
    )
}
"""By field, in the order in which they are offered."""
