"""Logarithms and powers of two for lanes: float32 in, float32 out, no call of a library, so loops over lanes vectorise.

    log2(x) = e + log2(m),  x = 2^e m,  m in [sqrt(1/2), sqrt(2));  log2(1 + t) = t P6(t)
    exp2(x) = 2^n 2^f,      n = round(x),  f in [-1/2, 1/2];        2^f = 1 + f Q4(f)

P6 and Q4 are minimax fits. Powers of two are exact, so 0 dB is a gain of exactly one and back; elsewhere the
polynomials are off by at most 2e-6 dB, and float32 itself limits `decibels` (2e-5 dB at -100 dB) and `gain` (6e-5 dB at
-100 dB).

Limits: the logarithm is for numbers from 0 on; of zero and of denormal numbers it is about -127 (-764 dB), of infinity
128, of what is not a number something finite: so what follows it never has to be afraid. `exp2` holds its argument in
[-126, 127] (what is not a number counts as -126).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.float_bits import exponent, mantissa, power_of_two
from engine.core.jit import kernel

_ONE = np.float32(1.0)

_P0 = np.float32(1.4426997263008694)
_P1 = np.float32(-0.7213758716117573)
_P2 = np.float32(0.48046503270993035)
_P3 = np.float32(-0.358961843621971)
_P4 = np.float32(0.2972625976877003)
_P5 = np.float32(-0.27269799595958116)
_P6 = np.float32(0.17063454760235996)

_Q0 = np.float32(0.6931472149116517)
_Q1 = np.float32(0.24022234622231597)
_Q2 = np.float32(0.05550308362132333)
_Q3 = np.float32(0.009671875193232234)
_Q4 = np.float32(0.0013407259133161866)

_SMALLEST_POWER = np.float32(-126.0)
_LARGEST_POWER = np.float32(127.0)
_ROUNDING = np.float32(1.5 * 2.0**23)
"""Added and taken away again, it leaves the nearest whole number."""

_DB_PER_OCTAVE = np.float32(20.0 * math.log10(2.0))
_OCTAVES_PER_DB = np.float32(1.0 / (20.0 * math.log10(2.0)))


@kernel
def log2(x: Any) -> Any:
    """Audio thread. The logarithm to base 2 of a float32 that is not negative."""
    t = mantissa(x) - _ONE
    return exponent(x) + t * (_P0 + t * (_P1 + t * (_P2 + t * (_P3 + t * (_P4 + t * (_P5 + t * _P6))))))


@kernel
def exp2(x: Any) -> Any:
    """Audio thread. Two to the power of a float32."""
    above = x if x > _SMALLEST_POWER else _SMALLEST_POWER
    held = above if above < _LARGEST_POWER else _LARGEST_POWER
    whole = (held + _ROUNDING) - _ROUNDING
    f = held - whole
    return power_of_two(whole) * (_ONE + f * (_Q0 + f * (_Q1 + f * (_Q2 + f * (_Q3 + f * _Q4)))))


@kernel
def decibels(gain: Any) -> Any:
    """Audio thread. The level of a linear gain or magnitude (float32, not negative)."""
    return log2(gain) * _DB_PER_OCTAVE


@kernel
def gain(decibels: Any) -> Any:
    """Audio thread. The linear gain of a level (float32)."""
    return exp2(decibels * _OCTAVES_PER_DB)
