"""What compressors share: the static curve with a soft knee, and the filter before their detector.

    reduction = 0                               2 (x - T) < -W
                S (x - T + W/2)^2 / (2 W)       in between,           S = 1 - 1/R
                S (x - T)                       2 (x - T) > W         (all in dB)

D. Giannoulis, M. Massberg, J. D. Reiss, "Digital dynamic range compressor design", JAES 60(6), 2012, equation 4. As one
expression without branches: with `into = x - T + W/2` held in [0, W], it is
`S (into^2 / (2 W) + max(x - T - W/2, 0))`; without a knee (W = 0) the first term is nothing.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.jit import exact_kernel, kernel

_ZERO = np.float32(0.0)
_HALF = np.float32(0.5)

SILENT_DB = 1e-5
"""A reduction below this has ended."""


@kernel
def reduction_of(level_db: Any, threshold_db: Any, slope: Any, knee_db: Any, knee_share: Any) -> Any:
    """Audio thread. The reduction in dB (0 or positive) of one lane, all float32; `knee_share` see there."""
    over = level_db - threshold_db
    half = _HALF * knee_db
    into = min(max(over + half, _ZERO), knee_db)
    return slope * (into * into * knee_share + max(over - half, _ZERO))


@exact_kernel
def knee_share(knee_db: float) -> float:
    """Audio thread. 1 / (2 W), or nothing without a knee."""
    return 0.5 / knee_db if knee_db > 0.0 else 0.0


@exact_kernel
def rate_of(time_s: float, sample_rate_hz: float) -> float:
    """Audio thread. The share of the way that is gone with every sample, when 63.2 % shall be gone after a time."""
    return -math.expm1(-1.0 / (time_s * sample_rate_hz))


def output_dbfs(
    input_dbfs: npt.ArrayLike, threshold_db: float, slope: float, knee_db: float
) -> npt.NDArray[np.float64]:
    """The static curve for a drawing: output levels of steady input levels."""
    x = np.asarray(input_dbfs, np.float64)
    over = x - threshold_db
    into = np.clip(over + knee_db / 2.0, 0.0, knee_db)
    return x - slope * (into**2 * knee_share(knee_db) + np.maximum(over - knee_db / 2.0, 0.0))
