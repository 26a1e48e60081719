"""The K-weighting of ITU-R BS.1770-5, for any sample rate: two biquads, a high shelf and a high-pass.

The standard gives coefficients for 48 kHz (Annex 1, Tables 1 and 2) and asks for the same response at other rates.
Those come from the analogue parameters behind the tables by the bilinear transform (metering.md 1.2). The high-pass of
the tables is not normalised (its gain far above 38 Hz is 0.04 dB at 48 kHz, other amounts at other rates), so it is
scaled until 997 Hz, which the offset of -0.691 dB stands for, has the gain it has at 48 kHz.

Below 44.1 kHz the transform would squeeze the shelf (by 0.5 dB at 8 kHz): there its poles are those of 48 kHz moved to
the rate, and its numerator gives the table's magnitude at 0, fs/4 and 0.45 fs.

| rate | largest deviation from the response at 48 kHz, 20 Hz to the lower of 20 kHz and 0.49 fs |
|---|---|
| 44.1 kHz and above | 0.015 dB |
| 8 to 32 kHz | 0.06 dB |
| 1 to 4 kHz | 0.2 dB |
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

Biquad: TypeAlias = tuple[float, float, float, float, float]
"""b0, b1, b2, a1, a2 of `y = b0 x + b1 x1 + b2 x2 - a1 y1 - a2 y2`."""

LOUDNESS_OFFSET_DB = -0.691
"""Added to the level of the weighted mean square: 0 dB for the gain at 997 Hz (BS.1770-5 Annex 1, eq. 2)."""

_REFERENCE_RATE_HZ = 48000.0
_REFERENCE_HZ = 997.0
_LOWEST_BILINEAR_RATE_HZ = 44100.0

_SHELF_HZ = 1681.974450955533
_SHELF_GAIN_DB = 3.999843853973347
_SHELF_Q = 0.7071752369554196
_SHELF_BAND_EXPONENT = 0.4996667741545416
_HIGH_PASS_HZ = 38.13547087602444
_HIGH_PASS_Q = 0.5003270373238773


@dataclass(frozen=True, slots=True)
class KWeighting:
    """Both stages at a rate, in the order in which they are applied."""

    sample_rate_hz: float
    shelf: Biquad
    high_pass: Biquad

    def gain_db(self, frequency_hz: float) -> float:
        """Gain of both stages at a frequency."""
        magnitudes = (_magnitude(stage, frequency_hz, self.sample_rate_hz) for stage in (self.shelf, self.high_pass))
        return 20.0 * math.log10(math.prod(magnitudes))


def k_weighting(sample_rate_hz: float) -> KWeighting:
    """The filter at a rate."""
    reference = KWeighting(
        _REFERENCE_RATE_HZ, _bilinear_shelf(_REFERENCE_RATE_HZ), _bilinear_high_pass(_REFERENCE_RATE_HZ)
    )
    if sample_rate_hz == _REFERENCE_RATE_HZ:
        return reference
    is_bilinear = sample_rate_hz >= _LOWEST_BILINEAR_RATE_HZ
    shelf = _bilinear_shelf(sample_rate_hz) if is_bilinear else _matched_shelf(reference.shelf, sample_rate_hz)
    raw = KWeighting(sample_rate_hz, shelf, _bilinear_high_pass(sample_rate_hz))
    same_at_hz = min(_REFERENCE_HZ, sample_rate_hz / 4.0)
    scale = 10.0 ** ((reference.gain_db(same_at_hz) - raw.gain_db(same_at_hz)) / 20.0)
    b0, b1, b2, a1, a2 = raw.high_pass
    return KWeighting(sample_rate_hz, shelf, (scale * b0, scale * b1, scale * b2, a1, a2))


def _bilinear_shelf(sample_rate_hz: float) -> Biquad:
    k = math.tan(math.pi * _SHELF_HZ / sample_rate_hz)
    high = 10.0 ** (_SHELF_GAIN_DB / 20.0)
    band = high**_SHELF_BAND_EXPONENT
    a0 = 1.0 + k / _SHELF_Q + k * k
    return (
        (high + band * k / _SHELF_Q + k * k) / a0,
        2.0 * (k * k - high) / a0,
        (high - band * k / _SHELF_Q + k * k) / a0,
        2.0 * (k * k - 1.0) / a0,
        (1.0 - k / _SHELF_Q + k * k) / a0,
    )


def _bilinear_high_pass(sample_rate_hz: float) -> Biquad:
    k = math.tan(math.pi * _HIGH_PASS_HZ / sample_rate_hz)
    a0 = 1.0 + k / _HIGH_PASS_Q + k * k
    return (1.0, -2.0, 1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / _HIGH_PASS_Q + k * k) / a0)


def _matched_shelf(reference: Biquad, sample_rate_hz: float) -> Biquad:
    """The shelf at a low rate: |b|^2 is linear in its autocorrelation, which three magnitudes determine."""
    poles = np.roots([1.0, *reference[3:]]) ** (_REFERENCE_RATE_HZ / sample_rate_hz)
    a = np.poly(poles).real
    share = np.array([0.0, 0.25, 0.45])
    turn = 2.0 * np.pi * share
    denominator = np.abs(np.exp(-1j * np.outer(turn, np.arange(3))) @ a) ** 2
    wanted = np.array([_magnitude(reference, part * sample_rate_hz, _REFERENCE_RATE_HZ) for part in share]) ** 2
    spread = np.stack([np.ones(3), 2.0 * np.cos(turn), 2.0 * np.cos(2.0 * turn)], axis=1)
    r0, r1, r2 = np.linalg.solve(spread, wanted * denominator)
    zeros = np.roots([r2, r1, r0, r1, r2])
    # Zeros come in pairs of z and 1/z; those within the circle make the shelf of least phase, as the table's is.
    b = np.poly(zeros[np.argsort(np.abs(zeros))][:2]).real
    b *= math.sqrt(wanted[0] * denominator[0]) / b.sum()
    return (float(b[0]), float(b[1]), float(b[2]), float(a[1]), float(a[2]))


def _magnitude(stage: Biquad, frequency_hz: float, sample_rate_hz: float) -> float:
    back = np.exp(-2j * np.pi * frequency_hz / sample_rate_hz)
    b0, b1, b2, a1, a2 = stage
    return float(abs((b0 + b1 * back + b2 * back * back) / (1.0 + a1 * back + a2 * back * back)))


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


def few_products(biquad: Biquad) -> tuple[float, float, float, float, float, float]:
    """The same filter and the same states in fewer steps, by what the input differs from the second state, d.

        d = x - ic2,  y = y0 d + y1 ic1 + y2 ic2,  ic1' = f1 ic1 + f2 d,  ic2' = ic2 + f2 ic1 + f3 d

    Returned are f1, f2, f3, y0, y1, y2. Both integrators are those of state variables, and as exact at low frequencies.
    """
    a1, a2, a3, m0, m1, m2 = state_variables(biquad)
    return 2.0 * a1 - 1.0, 2.0 * a2, 2.0 * a3, m0 + m1 * a2 + m2 * a3, m1 * a1 + m2 * a2, m0 + m2
