"""Numbers in few cells: levels, gains, pan, time."""

from __future__ import annotations

import math
from typing import Final

MINUS_INFINITY: Final = "-∞"
SILENCE_DB: Final = -144.0
"""Below the last bit of 24: shown as nothing at all."""


def level_text(level_db: float, cells: int = 5, infinity: str = MINUS_INFINITY, signed: bool = True) -> str:
    """A level or gain in at most 4 or 5 cells: `-12.3`, `+3.0` (`3.0` if not `signed`), `0.0`, `-∞`.

    Tenths go first if they must.
    """
    if math.isnan(level_db):
        return "?"
    if level_db <= SILENCE_DB:
        return infinity
    if level_db >= 999.5:
        return "+999"[:cells]
    sign = "+" if signed else "-"
    tenths = round(level_db, 1)
    text = f"{tenths:{sign}.1f}" if tenths else "0.0"
    if len(text) <= cells:
        return text
    whole = round(level_db)
    return f"{whole:{sign}d}" if whole else "0"


def pan_text(pan_percent: float) -> str:
    """A pan position in at most 4 cells: `C`, `L30`, `R100`."""
    whole = round(pan_percent)
    return "C" if whole == 0 else f"{'L' if whole < 0 else 'R'}{abs(whole)}"


def mark_text(mark: float, signed: bool = True) -> str:
    """A scale's label: `0`, `-18`, `+3`, or `3` if it is not `signed`."""
    return f"{mark:{'+' if signed else '-'}.0f}" if mark else "0"


def time_text(seconds: float, tenths: bool = True) -> str:
    """A position in the song: `01:23.4`, `1:02:03.4`; downwards, as clocks go."""
    total_tenths = math.floor(max(seconds, 0.0) * 10.0 + 1e-6) if math.isfinite(seconds) else 0
    whole, tenth = divmod(total_tenths, 10)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    text = f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute:02d}:{second:02d}"
    return f"{text}.{tenth}" if tenths else text


def rate_text(sample_rate_hz: int) -> str:
    """A sample rate as people say it: `48 kHz`, `44.1 kHz`."""
    return f"{sample_rate_hz / 1000:g} kHz"
