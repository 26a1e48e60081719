"""How fast meters move: the coefficients of all stages at a rate.

* peak: instant rise, fall of 20 dB in 1.7 s (IEC 60268-18) unless something else is wanted
* VU: 99 % in 300 ms (IEC 60268-17, `dsp.vu`)
* PPM type I (DIN, Nordic) and II (BBC, EBU): two branches each; fall of 20 dB in 1.7 s and of 24 dB in 2.8 s
  (IEC 60268-10, metering.md section 4)
* K-System: two one-poles on the mean squares of 10 ms, 99 % of the amplitude in 600 ms (B. Katz)
* stereo: one-poles on the mean squares and products of 10 ms
* DC: two one-poles on the means of 10 ms, so that slow sound is none
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.jit import exact_kernel
from engine.core.record import record
from engine.dsp.vu import VU_RATE_PER_S
from engine.meters.k_weighting import few_products, k_weighting
from engine.meters.true_peak import TRUE_PEAK_LINE
from engine.mix import PEAK_FALLS_DB_PER_S

TICKS_PER_SECOND = 100
"""Every 10 ms of samples ends a block, at any device block size."""

PEAK_FALL_DB_PER_S = PEAK_FALLS_DB_PER_S["IEC 60268-18"]
PPM_1_GAIN, PPM_2_GAIN = 0.5108, 0.5141
"""What the sum of both branches is multiplied by: a steady sine reads its peak level."""
_PPM_1_RATES, _PPM_2_RATES = (450.0, 1300.0), (200.0, 860.0)
_PPM_1_FALL_DB_PER_S, _PPM_2_FALL_DB_PER_S = 20.0 / 1.7, 24.0 / 2.8
"""metering.md section 4."""
_K_SYSTEM_RATE_PER_S = 9.73299
"""99 % of the final amplitude in 600 ms."""
_STEREO_S = 0.3
_DC_S = 0.75
"""Of each of the two one-poles: 94 % are reached after 3 s, and 20 Hz at full scale moves it by less than 0.0001."""

COEFFICIENTS = 20
BALLISTICS = record(
    [
        ("per_sample", np.float32, (COEFFICIENTS,)),
        ("k_system_decay", np.float64),
        ("k_system_coupling", np.float64),
        ("stereo_decay", np.float64),
        ("dc_decay", np.float64),
        ("tick_frames", np.float64),
        ("line", TRUE_PEAK_LINE),
    ]
)
"""Coefficients at the engine's rate: `per_sample` are falls of peak, PPM I and II, rates of VU and the PPMs (four),
and both K-weighting filters; the others are per tick. `line` is scratch."""


def set_ballistics(ballistics: Any, sample_rate_hz: int) -> None:
    """Fills the coefficients for a rate, before the audio thread runs."""
    falls = (PEAK_FALL_DB_PER_S, _PPM_1_FALL_DB_PER_S, _PPM_2_FALL_DB_PER_S)
    weighting = k_weighting(sample_rate_hz)
    ballistics.per_sample[:] = [
        *(10.0 ** (-db_per_s / (20.0 * sample_rate_hz)) for db_per_s in falls),
        *(rate / sample_rate_hz for rate in (VU_RATE_PER_S, *_PPM_1_RATES, *_PPM_2_RATES)),
        *few_products(weighting.shelf),
        *few_products(weighting.high_pass),
    ]
    turns = _K_SYSTEM_RATE_PER_S / TICKS_PER_SECOND
    ballistics.k_system_decay = math.exp(-turns)
    ballistics.k_system_coupling = turns * math.exp(-turns)
    ballistics.stereo_decay = math.exp(-1.0 / (_STEREO_S * TICKS_PER_SECOND))
    ballistics.dc_decay = math.exp(-1.0 / (_DC_S * TICKS_PER_SECOND))
    ballistics.tick_frames = sample_rate_hz // TICKS_PER_SECOND


@exact_kernel
def derive_peak_fall(ballistics: Any, db_per_s: float, sample_rate_hz: float) -> None:
    """Audio thread. Lets sample and true peaks fall as fast as is wanted."""
    ballistics.per_sample[0] = 10.0 ** (-db_per_s / (20.0 * sample_rate_hz))
