"""State-variable filters in lanes (A. Simper, "Solving the continuous SVF equations using trapezoidal integration").

`g = tan(pi f / fs)`, `k = 1 / Q`, `a1 = 1 / (1 + g (g + k))`, `a2 = g a1`, `a3 = g a2`; per sample
`v3 = v0 - ic2`, `v1 = a1 ic1 + a2 v3`, `v2 = ic2 + a2 ic1 + a3 v3`, `ic1 = 2 v1 - ic1`, `ic2 = 2 v2 - ic2`,
`y = m0 v0 + m1 v1 + m2 v2`. Any stable second-order filter has such a form (`svf_of_biquad`).

The state is energy: one step never enlarges `ic1^2 + ic2^2` while the input is silent, whatever the (stable)
coefficients, nor for anything between two stable sets. So coefficients may glide without the filter ever ringing up.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.jit import exact_kernel, kernel
from engine.core.record import LANES, record

SVF_ROWS = 6
"""Coefficients of one filter, as rows of a glide: a1, a2, a3, m0, m1, m2."""

SVF_STATE = record([("ic1", np.float32, (LANES,)), ("ic2", np.float32, (LANES,))])

_QUIET = np.float32(1e-20)
_ABSURD = np.float32(1e8)


@kernel
def run_svf(value: Any, row: int, state: Any, block: Any, first: int, last: int) -> None:
    """Audio thread. Filters rows `first` to `last` of a block (frames, LANES) in place.

    `value` are coefficients (rows, LANES), those of this filter from `row` on.
    """
    a1 = value[row]
    a2 = value[row + 1]
    a3 = value[row + 2]
    m0 = value[row + 3]
    m1 = value[row + 4]
    m2 = value[row + 5]
    ic1 = state.ic1
    ic2 = state.ic2
    for t in range(first, last):
        for lane in range(LANES):
            v0 = block[t, lane]
            v3 = v0 - ic2[lane]
            v1 = a1[lane] * ic1[lane] + a2[lane] * v3
            v2 = ic2[lane] + a2[lane] * ic1[lane] + a3[lane] * v3
            ic1[lane] = np.float32(2.0) * v1 - ic1[lane]
            ic2[lane] = np.float32(2.0) * v2 - ic2[lane]
            block[t, lane] = m0[lane] * v0 + m1[lane] * v1 + m2[lane] * v2


@kernel
def settle_svf(state: Any) -> None:
    """Audio thread, at the end of a tick. Drops states that are inaudible, absurd or not finite."""
    for lane in range(LANES):
        largest = max(abs(state.ic1[lane]), abs(state.ic2[lane]))
        if not (_QUIET < largest < _ABSURD):
            state.ic1[lane] = 0.0
            state.ic2[lane] = 0.0


@kernel
def reset_svf(state: Any, lane: int) -> None:
    """Audio thread. Forgets what a lane has heard."""
    state.ic1[lane] = 0.0
    state.ic2[lane] = 0.0


@exact_kernel
def aim_svf(glide: Any, row: int, lane: int, g: float, k: float, m0: float, m1: float, m2: float) -> None:
    """Audio thread. Aims the coefficients of a filter (launch the lane afterwards)."""
    a1 = 1.0 / (1.0 + g * (g + k))
    glide.target[row, lane] = a1
    glide.target[row + 1, lane] = g * a1
    glide.target[row + 2, lane] = g * g * a1
    glide.target[row + 3, lane] = m0
    glide.target[row + 4, lane] = m1
    glide.target[row + 5, lane] = m2


@exact_kernel
def aim_through(glide: Any, row: int, lane: int) -> None:
    """Audio thread. Aims at a filter that leaves everything as it is."""
    aim_svf(glide, row, lane, 1.0, 1.0, 1.0, 0.0, 0.0)


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
