"""What is measured of every lane at one stage, on the audio thread.

All ballistics run all the time, so switching a meter never loses history. Every recursion is per sample and per lane,
so a reading does not depend on how the device cuts its blocks.

* peak: instant rise, fall of 20 dB in 1.7 s (IEC 60268-18), and the highest sample since the reader last took it
* energy: the sum of squares of every 10 ms, kept for `ENERGY_ROWS` such ticks; the windows of RMS meters are summed by
  the reader
* VU: IEC 60268-17 (`dsp.vu`), a sine reads its peak level
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.jit import kernel
from engine.core.record import LANES, record
from engine.dsp.vu import VU_RATE_PER_S, vu_step

TICKS_PER_SECOND = 100
"""Every 10 ms of samples ends a block, at any device block size."""

ENERGY_ROWS = 64
"""Ticks kept; a power of two above the 30 of a 300 ms window, with room for the reader."""

PEAK_FALL_DB_PER_S = 20.0 / 1.7

_QUIET = np.float32(1e-20)
_ABSURD = np.float32(1e6)
"""+120 dBFS: what lies above is a broken file, and would keep a falling meter busy for minutes."""

STAGE_METERS = record(
    [
        ("peak", np.float32, (LANES,)),
        ("held", np.float32, (LANES,)),
        ("handed", np.float32, (LANES,)),
        ("square_sum", np.float32, (LANES,)),
        ("vu_input", np.float32, (LANES,)),
        ("vu", np.float32, (LANES,)),
        ("energy", np.float32, (ENERGY_ROWS, LANES)),
    ]
)
"""Linear values of each lane. The audio thread writes all of them; `energy` rows are sums of squares of whole ticks."""

BALLISTICS = record([("peak_fall", np.float32), ("vu_rate", np.float32)])
"""Per-sample coefficients at the engine's rate."""


def set_ballistics(ballistics: Any, sample_rate_hz: int) -> None:
    """Fills the coefficients for a rate, before the audio thread runs."""
    ballistics.peak_fall = 10.0 ** (-PEAK_FALL_DB_PER_S / (20.0 * sample_rate_hz))
    ballistics.vu_rate = VU_RATE_PER_S / sample_rate_hz


@kernel
def measure(stage: Any, ballistics: Any, block: Any, frames: int) -> None:
    """Audio thread. Takes `frames` rows of a block (frames, LANES) into the stage's statistics."""
    fall = ballistics.peak_fall
    rate = ballistics.vu_rate
    peak = stage.peak
    held = stage.held
    square_sum = stage.square_sum
    vu_input = stage.vu_input
    vu = stage.vu
    for t in range(frames):
        for lane in range(LANES):
            magnitude = abs(block[t, lane])
            fallen = peak[lane] * fall
            peak[lane] = magnitude if magnitude > fallen else fallen
            held[lane] = magnitude if magnitude > held[lane] else held[lane]
            square_sum[lane] += magnitude * magnitude
            first, second = vu_step(vu_input[lane], vu[lane], magnitude, rate)
            vu_input[lane] = first
            vu[lane] = second


@kernel
def end_tick(stage: Any, row: int) -> None:
    """Audio thread. Files the energy of the 10 ms that just ended; drops states that are inaudible or not finite."""
    for lane in range(LANES):
        stage.energy[row, lane] = stage.square_sum[lane]
        stage.square_sum[lane] = 0.0
    for lane in range(LANES):
        if not (_QUIET < stage.peak[lane] < _ABSURD):
            stage.peak[lane] = 0.0
        largest = max(abs(stage.vu[lane]), abs(stage.vu_input[lane]))
        if not (_QUIET < largest < _ABSURD):
            stage.vu[lane] = 0.0
            stage.vu_input[lane] = 0.0


@kernel
def hand_over(stage: Any) -> None:
    """Audio thread. Gives the maxima since the last time to the reader and starts new ones."""
    for lane in range(LANES):
        stage.handed[lane] = stage.held[lane]
        stage.held[lane] = 0.0


@kernel
def clear_lane(stage: Any, lane: int) -> None:
    """Audio thread. Forgets everything measured in one lane."""
    stage.peak[lane] = 0.0
    stage.held[lane] = 0.0
    stage.handed[lane] = 0.0
    stage.square_sum[lane] = 0.0
    stage.vu_input[lane] = 0.0
    stage.vu[lane] = 0.0
    for row in range(ENERGY_ROWS):
        stage.energy[row, lane] = 0.0
