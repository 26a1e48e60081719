"""K-weighting (ITU-R BS.1770): a high shelf for the head, a high-pass for low hearing, at any sample rate.

The analogue parameters behind the standard's coefficients at 48 kHz, through the bilinear transform; the high-pass is
scaled to the gain that it has at 48 kHz (metering.md 1.2).
"""

from __future__ import annotations

import math

from engine.dsp.filter_design import Biquad

_SHELF_HZ, _SHELF_DB, _SHELF_Q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
_SHELF_BAND = 0.4996667741545416
_HIGH_PASS_HZ, _HIGH_PASS_Q = 38.13547087602444, 0.5003270373238773
_HIGH_PASS_GAIN_AT_48K = 1.0049948
"""The gain at high frequencies of the standard's second filter, `4 / (1 - a1 + a2)` at 48 kHz."""


def k_weighting(sample_rate_hz: float) -> tuple[Biquad, Biquad]:
    """The shelf and the high-pass."""
    k = math.tan(math.pi * _SHELF_HZ / sample_rate_hz)
    high = 10.0 ** (_SHELF_DB / 20.0)
    band = high**_SHELF_BAND
    a0 = 1.0 + k / _SHELF_Q + k * k
    shelf = (
        (high + band * k / _SHELF_Q + k * k) / a0,
        2.0 * (k * k - high) / a0,
        (high - band * k / _SHELF_Q + k * k) / a0,
        2.0 * (k * k - 1.0) / a0,
        (1.0 - k / _SHELF_Q + k * k) / a0,
    )
    k = math.tan(math.pi * _HIGH_PASS_HZ / sample_rate_hz)
    a0 = 1.0 + k / _HIGH_PASS_Q + k * k
    a1, a2 = 2.0 * (k * k - 1.0) / a0, (1.0 - k / _HIGH_PASS_Q + k * k) / a0
    gain = _HIGH_PASS_GAIN_AT_48K * (1.0 - a1 + a2) / 4.0
    return shelf, (gain, -2.0 * gain, gain, a1, a2)


def state_variables(biquad: Biquad) -> tuple[float, float, float, float, float, float]:
    """The same filter as state variables (A. Simper): a1, a2, a3, m0, m1, m2 (metering.md section 8)."""
    b0, b1, b2, a1, a2 = biquad
    low, high = 1.0 + a1 + a2, 1.0 - a1 + a2
    g, d = math.sqrt(low / high), 4.0 / high
    k = (1.0 - a2) * d / (2.0 * g)
    high_pass = d * (b0 - b1 + b2) / 4.0
    low_pass = d * (b0 + b1 + b2) / (4.0 * g * g)
    band_pass = d * (b0 - b2) / (2.0 * g)
    first = 1.0 / (1.0 + g * (g + k))
    return first, g * first, g * g * first, high_pass, band_pass - k * high_pass, low_pass - high_pass
