"""Second-order filters that follow their analogue prototypes up to the Nyquist frequency, in double precision.

The bilinear transform squeezes everything near half the sample rate ("cramping"). Here the poles are the analogue ones
by impulse invariance, `z = exp(s / fs)`, and the numerator is what makes the magnitude right where it matters
(M. Vicanek, "Matched Second Order Digital Filters", 2016; metering.md section 8):

    |B|^2 = B0 (1 - p) + B1 p + 4 B2 p (1 - p),  p = sin^2(w / 2),  B0 = |B(0)|^2,  B1 = |B(pi)|^2
    W = (sqrt B0 + sqrt B1) / 2;  b0 = (W + sqrt(W^2 + B2)) / 2,  b1 = (sqrt B0 - sqrt B1) / 2,  b2 = -B2 / (4 b0)

| filter | analogue prototype, s = j f / f0, A = 10^(G/40) | matched |
|---|---|---|
| low-pass | `1 / (s^2 + s/Q + 1)` | level at 0 and f0 |
| high-pass | `s^2 / (s^2 + s/Q + 1)` | level at f0, slope at 0 |
| bell | `(s^2 + s A/Q + 1) / (s^2 + s/(A Q) + 1)` | level at 0, level and slope at f0 |
| low shelf | `A (s^2 + s sqrt(A)/Q + A) / (A s^2 + s sqrt(A)/Q + 1)` | level at 0, f0 and fs/2 |
| high shelf | `A (A s^2 + s sqrt(A)/Q + 1) / (s^2 + s sqrt(A)/Q + A)` | the same |

Bells and shelves have their zeros inside the unit circle, so a cut is the reciprocal of the boost. Of a shelf and its
reciprocal, the one with its poles below f0 is designed (the low shelf's boost, the high shelf's cut): poles above half
the sample rate would fold. A high shelf is a low shelf of the opposite gain, raised by its own.

Largest deviation from the analogue curve at 48 kHz in dB, below fs/3 and below 20 kHz, of filters up to a frequency
(where the curve is above -60 dB; gains of +-24 dB, smaller ones deviate less; measured by the tests):

| filter | f0 to 5 kHz | to 10 kHz | to 16 kHz | to 20 kHz |
|---|---|---|---|---|
| bell, Q 0.7 to 4 | 0.29, 0.72 | 0.30, 0.84 | 0.45, 0.84 | 1.45, 1.45 |
| bell, Q 0.1 to 20 | 0.38, 0.95 | 0.38, 0.95 | 0.49, 0.95 | 1.50, 1.50 |
| shelf, Q 0.7071 | 0.08, 0.08 | 0.34, 0.48 | 0.35, 0.67 | 1.32, 1.32 |
| shelf, Q 0.3 to 1.5 | 0.96, 0.96 | 1.20, 1.20 | 1.20, 1.20 | 1.50, 1.50 |
| low-pass | 0.30, 1.07 | 0.30, 1.07 | 0.30, 1.07 | 0.32, 1.07 |
| high-pass, Q 0.7071 | 0.01, 0.01 | 0.03, 0.06 | 0.19, 0.19 | 0.80, 0.80 |
| high-pass, Q 0.5412 or 1.3066 | 0.06, 0.11 | 0.16, 0.34 | 0.59, 0.59 | 1.50, 1.50 |

By the bilinear transform the same shelves are off by up to 10 dB. At 44.1 kHz these are off by up to 2.8 dB (f0 of
20 kHz), at 96 kHz by 0.9 dB (shelves) and 0.09 dB (everything else, shelves of Q 0.7071 too), at 192 kHz by 0.3 and
0.005 dB.

A design is a biquad `(b0, b1, b2, a1, a2)`, `a0 = 1`. Sums that nearly cancel at low frequencies (`1 + a1 + a2`) are
computed without cancellation. Frequencies above 0.49 fs are held there.
"""

from __future__ import annotations

import math
from typing import TypeAlias

from engine.core.jit import exact_kernel

Biquad: TypeAlias = tuple[float, float, float, float, float]
"""b0, b1, b2, a1, a2 of `y = b0 x + b1 x1 + b2 x2 - a1 y1 - a2 y2`."""

HIGHEST_SHARE = 0.49
"""Of the sample rate: the highest frequency of a filter."""


@exact_kernel
def _angle(frequency_hz: float, sample_rate_hz: float) -> float:
    return 2.0 * math.pi * min(frequency_hz / sample_rate_hz, HIGHEST_SHARE)


@exact_kernel
def _poles(w: float, q: float) -> tuple[float, float, float, float]:
    """a1, a2, 1 + a1 + a2 (the value at angle 0) and 1 - a2 of analogue poles at angle w, damped by q = 1 / (2 Q)."""
    decay = math.exp(-q * w)
    if q < 1.0:
        turn = math.sin(0.5 * w * math.sqrt(1.0 - q * q))
        at_0 = math.expm1(-q * w) ** 2 + 4.0 * decay * turn * turn
    else:
        apart = math.sqrt(q * q - 1.0)
        at_0 = math.expm1(-w / (q + apart)) * math.expm1(-w * (q + apart))
    a2 = decay * decay
    return at_0 - 1.0 - a2, a2, at_0, -math.expm1(-2.0 * q * w)


@exact_kernel
def _square(w: float, a2: float, at_0: float, loss: float) -> float:
    """|1 + a1 z + a2 z^2|^2 at an angle."""
    real = at_0 - 2.0 * (1.0 + a2) * math.sin(0.5 * w) ** 2
    imaginary = loss * math.sin(w)
    return real * real + imaginary * imaginary


@exact_kernel
def _at_pi(a2: float, at_0: float) -> float:
    return 2.0 * (1.0 + a2) - at_0


@exact_kernel
def _numerator(square_0: float, square_pi: float, square_2: float) -> tuple[float, float, float]:
    """The minimum-phase b0, b1, b2 of B0, B1, B2."""
    root_0 = math.sqrt(max(square_0, 0.0))
    root_pi = math.sqrt(max(square_pi, 0.0))
    w = 0.5 * (root_0 + root_pi)
    b0 = 0.5 * (w + math.sqrt(max(w * w + square_2, 0.0)))
    return b0, 0.5 * (root_0 - root_pi), -0.25 * square_2 / b0


@exact_kernel
def _reciprocal(filter_: Biquad) -> Biquad:
    b0, b1, b2, a1, a2 = filter_
    return 1.0 / b0, a1 / b0, a2 / b0, b1 / b0, b2 / b0


@exact_kernel
def low_pass(frequency_hz: float, q: float, sample_rate_hz: float) -> Biquad:
    """Audio thread. The level at the frequency is Q: -3.01 dB for a Q of sqrt(1/2)."""
    w = _angle(frequency_hz, sample_rate_hz)
    a1, a2, at_0, loss = _poles(w, 0.5 / q)
    p = math.sin(0.5 * w) ** 2
    square_0 = at_0 * at_0
    square_pi = (_square(w, a2, at_0, loss) * q * q - square_0 * (1.0 - p)) / p
    b0, b1, b2 = _numerator(square_0, square_pi, 0.0)
    return b0, b1, b2, a1, a2


@exact_kernel
def high_pass(frequency_hz: float, q: float, sample_rate_hz: float) -> Biquad:
    """Audio thread. The level at the frequency is Q: -3.01 dB for a Q of sqrt(1/2)."""
    w = _angle(frequency_hz, sample_rate_hz)
    a1, a2, at_0, loss = _poles(w, 0.5 / q)
    b0 = q * math.sqrt(_square(w, a2, at_0, loss)) / (4.0 * math.sin(0.5 * w) ** 2)
    return b0, -2.0 * b0, b0, a1, a2


@exact_kernel
def bell(frequency_hz: float, gain_db: float, q: float, sample_rate_hz: float) -> Biquad:
    """Audio thread. A boost or cut around a frequency, by exactly `gain_db` there."""
    w = _angle(frequency_hz, sample_rate_hz)
    square = 10.0 ** (abs(gain_db) / 10.0)
    a1, a2, at_0, loss = _poles(w, 0.5 / (q * square**0.25))
    p = math.sin(0.5 * w) ** 2
    square_0 = at_0 * at_0
    bend = 4.0 * (1.0 - 2.0 * p)
    level = square * _square(w, a2, at_0, loss)
    slope = square * (_at_pi(a2, at_0) ** 2 - square_0 - 4.0 * bend * a2)
    square_2 = (level - slope * p - square_0) / (4.0 * p * p)
    b0, b1, b2 = _numerator(square_0, slope + square_0 - bend * square_2, square_2)
    boost = (b0, b1, b2, a1, a2)
    return boost if gain_db >= 0.0 else _reciprocal(boost)


@exact_kernel
def _shelf_square(x: float, a: float, q: float) -> float:
    """|H|^2 of the analogue low shelf at x = f / f0."""
    damped = a * x * x / (q * q)
    return a * a * ((a - x * x) ** 2 + damped) / ((1.0 - a * x * x) ** 2 + damped)


@exact_kernel
def low_shelf(frequency_hz: float, gain_db: float, q: float, sample_rate_hz: float) -> Biquad:
    """Audio thread. A boost or cut below a frequency, by half of `gain_db` there."""
    w = _angle(frequency_hz, sample_rate_hz)
    a = 10.0 ** (abs(gain_db) / 40.0)
    a1, a2, at_0, loss = _poles(w / math.sqrt(a), 0.5 / q)
    p = math.sin(0.5 * w) ** 2
    square_0 = (at_0 * a * a) ** 2
    square_pi = _at_pi(a2, at_0) ** 2 * _shelf_square(math.pi / w, a, q)
    level = _square(w, a2, at_0, loss) * a * a
    square_2 = (level - square_0 * (1.0 - p) - square_pi * p) / (4.0 * p * (1.0 - p))
    b0, b1, b2 = _numerator(square_0, square_pi, square_2)
    boost = (b0, b1, b2, a1, a2)
    return boost if gain_db >= 0.0 else _reciprocal(boost)


@exact_kernel
def high_shelf(frequency_hz: float, gain_db: float, q: float, sample_rate_hz: float) -> Biquad:
    """Audio thread. A boost or cut above a frequency, by half of `gain_db` there."""
    gain = 10.0 ** (gain_db / 20.0)
    b0, b1, b2, a1, a2 = low_shelf(frequency_hz, -gain_db, q, sample_rate_hz)
    return gain * b0, gain * b1, gain * b2, a1, a2
