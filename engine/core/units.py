"""Decibels and linear gain, and the two clocks (frames and seconds)."""

from __future__ import annotations

import math

OFF_DB = -math.inf
"""A level of nothing at all: a closed fader, a digital silence."""


def gain_from_db(level_db: float) -> float:
    """Linear gain of a level in dB; `OFF_DB` gives exactly 0.0 and 0 dB exactly 1.0."""
    return 0.0 if level_db == OFF_DB else 10.0 ** (level_db / 20.0)


def db_from_gain(gain: float) -> float:
    """Level in dB of a linear gain (its magnitude); 0 gives `OFF_DB`."""
    magnitude = abs(gain)
    return OFF_DB if magnitude == 0.0 else 20.0 * math.log10(magnitude)


def frames_from_seconds(seconds: float, sample_rate_hz: int) -> int:
    """The frame nearest to a time, in samples per channel."""
    return round(seconds * sample_rate_hz)
