"""Curves of saturation in lanes: float32 in, float32 out, no call of a library, so loops over lanes vectorise.

All pass through zero with slope one and stay within -1 and 1 (a skewed one within 1 / (1 - |skew|)); what is not finite
becomes something within these bounds, or stays what is not a number. `x` is the input over the level of the ceiling.

| curve      | y                                                          | at its limit from |
|------------|------------------------------------------------------------|-------------------|
| `soft`     | u / (1 + skew u), u = tanh x                               | infinity          |
| `cubic`    | x - 4 x^3 / 27                                             | 1.5               |
| `hard`     | x                                                          | 1                 |
| `fold`     | sin x: turns at pi / 2 and comes back to -1 at 3 pi / 2    | 3 pi / 2          |

`u / (1 + skew u)` is `tanh(x + b) - tanh(b)` brought to slope one, with skew = tanh(b): a bias, without the constant it
brings, and exactly zero at zero. Its second harmonic is `skew x / 2` of the first.

tanh is a rational minimax fit of degrees 13 and 6 (from Eigen, `generic_fast_tanh_float`), off by less than 3e-7; the
sine is a Taylor polynomial of degree 11 on a quarter turn, off by less than 2e-7.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.jit import kernel

_TANH_END = np.float32(7.90531110763549805)
_P1 = np.float32(4.89352455891786e-03)
_P3 = np.float32(6.37261928875436e-04)
_P5 = np.float32(1.48572235717979e-05)
_P7 = np.float32(5.12229709037114e-08)
_P9 = np.float32(-8.60467152213735e-11)
_P11 = np.float32(2.00018790482477e-13)
_P13 = np.float32(-2.76076847742355e-16)
_Q0 = np.float32(4.89352518554385e-03)
_Q2 = np.float32(2.26843463243900e-03)
_Q4 = np.float32(1.18534705686654e-04)
_Q6 = np.float32(1.19825839466702e-06)

_S3, _S5, _S7, _S9, _S11 = (np.float32((-1.0) ** (n // 2) / math.factorial(n)) for n in (3, 5, 7, 9, 11))

_ONE = np.float32(1.0)
_HALF_TURN = np.float32(math.pi)
_QUARTER_TURN = np.float32(math.pi / 2.0)
_FOLD_END = np.float32(1.5 * math.pi)
_CUBIC_END = np.float32(1.5)
_CUBE = np.float32(4.0 / 27.0)


@kernel
def soft(x: Any, skew: Any) -> Any:
    """Audio thread. tanh, skewed."""
    x = min(max(x, -_TANH_END), _TANH_END)
    s = x * x
    above = x * (_P1 + s * (_P3 + s * (_P5 + s * (_P7 + s * (_P9 + s * (_P11 + s * _P13))))))
    below = _Q0 + s * (_Q2 + s * (_Q4 + s * _Q6))
    return above / (below + skew * above)


@kernel
def cubic(x: Any) -> Any:
    """Audio thread. A soft clip without harmonics above the third, until it is at its limit."""
    x = min(max(x, -_CUBIC_END), _CUBIC_END)
    return x - _CUBE * x * x * x


@kernel
def hard(x: Any) -> Any:
    """Audio thread. A clip."""
    return min(max(x, -_ONE), _ONE)


@kernel
def quarter_sine(x: Any) -> Any:
    """Audio thread. sin x for x within a quarter turn of zero."""
    s = x * x
    return x + x * s * (_S3 + s * (_S5 + s * (_S7 + s * (_S9 + s * _S11))))


@kernel
def fold(x: Any) -> Any:
    """Audio thread. A wave folder that folds once."""
    x = min(max(x, -_FOLD_END), _FOLD_END)
    mirrored = _HALF_TURN - x if x > 0.0 else -_HALF_TURN - x
    return quarter_sine(mirrored if abs(x) > _QUARTER_TURN else x)
