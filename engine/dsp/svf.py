"""State-variable filters in lanes (A. Simper, "Solving the continuous SVF equations using trapezoidal integration").

`g = tan(pi f / fs)`, `k = 1 / Q`, `a1 = 1 / (1 + g (g + k))`; per sample, with `v3 = v0 - ic2`:

    d1 = g a1 v3 - g (g + k) a1 ic1,   v1 = ic1 + d1,   ic1 += 2 d1
    d2 = g a1 ic1 + g^2 a1 v3,         v2 = ic2 + d2,   ic2 += 2 d2,    y = m0 v0 + m1 v1 + m2 v2

which are Simper's equations written as steps of the two states. Any stable second-order filter has such a form
(`aim_biquad`).

The state is energy: one step never enlarges `ic1^2 + ic2^2` while the input is silent, whatever the (stable)
coefficients, nor for anything between two stable sets. So coefficients may glide without the filter ever ringing up.

Precision: at low frequencies the steps are tiny, and so are their coefficients, which float32 then holds as precisely
as any. What is lost when a step is added to a state is carried into the next step (Kahan). So float32 lanes are as good
as their float32 output: full-scale sound differs from double precision by less than -120 dB of full scale, or of the
output's peak where that is higher, also at 20 Hz and 192 kHz. (As states that are replaced, the usual way to write it,
a bell of +24 dB and Q 10 is off by up to -42 dBFS there.) This costs a fifth more than that; float64 would double it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.jit import exact_kernel, kernel
from engine.core.record import LANES, record

SVF_ROWS = 6
"""Coefficients of one filter, as rows of a glide: g (g + k) a1, g a1, g^2 a1, m0, m1, m2."""

SVF_STATE = record(
    [
        ("ic1", np.float32, (LANES,)),
        ("ic2", np.float32, (LANES,)),
        ("rest1", np.float32, (LANES,)),
        ("rest2", np.float32, (LANES,)),
    ]
)
"""The two states of each lane, and what their last sums could not hold."""

_TWO = np.float32(2.0)
_QUIET = np.float32(1e-20)
_ABSURD = np.float32(1e8)


@kernel
def run_svf(value: Any, row: int, state: Any, block: Any, first: int, last: int) -> None:
    """Audio thread. Filters rows `first` to `last` of a block (frames, LANES) in place.

    `value` are coefficients (rows, LANES), those of this filter from `row` on.
    """
    damping = value[row]
    rate = value[row + 1]
    rate_squared = value[row + 2]
    m0 = value[row + 3]
    m1 = value[row + 4]
    m2 = value[row + 5]
    ic1 = state.ic1
    ic2 = state.ic2
    rest1 = state.rest1
    rest2 = state.rest2
    for t in range(first, last):
        for lane in range(LANES):
            v0 = block[t, lane]
            s1 = ic1[lane]
            s2 = ic2[lane]
            v3 = v0 - s2
            d1 = rate[lane] * v3 - damping[lane] * s1
            d2 = rate[lane] * s1 + rate_squared[lane] * v3
            block[t, lane] = m0[lane] * v0 + m1[lane] * (s1 + d1) + m2[lane] * (s2 + d2)
            step1 = _TWO * d1 + rest1[lane]
            sum1 = s1 + step1
            rest1[lane] = step1 - (sum1 - s1)
            ic1[lane] = sum1
            step2 = _TWO * d2 + rest2[lane]
            sum2 = s2 + step2
            rest2[lane] = step2 - (sum2 - s2)
            ic2[lane] = sum2


@kernel
def reset_svf(state: Any, lane: int) -> None:
    """Audio thread. Forgets what a lane has heard."""
    state.ic1[lane] = 0.0
    state.ic2[lane] = 0.0
    state.rest1[lane] = 0.0
    state.rest2[lane] = 0.0


@kernel
def settle_svf(state: Any) -> None:
    """Audio thread, at the end of a tick. Drops states that are inaudible, absurd or not finite."""
    for lane in range(LANES):
        largest = max(abs(state.ic1[lane]), abs(state.ic2[lane]))
        if not (_QUIET < largest < _ABSURD):
            reset_svf(state, lane)


@exact_kernel
def aim_svf(glide: Any, row: int, lane: int, g: float, k: float, m0: float, m1: float, m2: float) -> None:
    """Audio thread. Aims the coefficients of a filter (launch the lane afterwards)."""
    a1 = 1.0 / (1.0 + g * (g + k))
    glide.target[row, lane] = g * (g + k) * a1
    glide.target[row + 1, lane] = g * a1
    glide.target[row + 2, lane] = g * g * a1
    glide.target[row + 3, lane] = m0
    glide.target[row + 4, lane] = m1
    glide.target[row + 5, lane] = m2


@exact_kernel
def aim_out(glide: Any, row: int, lane: int) -> None:
    """Audio thread. Aims at leaving everything as it is, with the poles where they were aimed.

    So a filter fades out in its place: poles that move away would sweep it over all frequencies above.
    """
    glide.target[row + 3, lane] = 1.0
    glide.target[row + 4, lane] = 0.0
    glide.target[row + 5, lane] = 0.0


@exact_kernel
def fade_in(glide: Any, row: int, lane: int, state: Any) -> None:
    """Audio thread. Readies a filter that was out to come in from rest, with the poles where they were aimed."""
    reset_svf(state, lane)
    for place in range(row, row + 3):
        glide.value[place, lane] = glide.target[place, lane]


@exact_kernel
def aim_biquad(glide: Any, row: int, lane: int, b0: float, b1: float, b2: float, a1: float, a2: float) -> None:
    """Audio thread. Aims at the filter that equals a stable biquad (a0 = 1), as state variables."""
    low = 1.0 + a1 + a2
    high = 1.0 - a1 + a2
    g = math.sqrt(low / high)
    d = 4.0 / high
    k = (1.0 - a2) * d / (2.0 * g)
    high_pass = d * (b0 - b1 + b2) / 4.0
    low_pass = d * (b0 + b1 + b2) / (4.0 * g * g)
    band_pass = d * (b0 - b2) / (2.0 * g)
    aim_svf(glide, row, lane, g, k, high_pass, band_pass - k * high_pass, low_pass - high_pass)
