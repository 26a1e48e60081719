"""The interpolator written out in vectors, against what it says it is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from engine.core.interpolated_peak import WINDOWS_AT_ONCE, _plain_peak, interpolated_peak
from engine.core.jit import kernel
from engine.core.pointers import address_of

EVEN = ((0.1, -0.3, 0.7), (0.2, -0.1, 0.5))
ODD = ((-0.05, 0.11, 0.3),)
_peak = interpolated_peak(EVEN, ODD)


@kernel
def peak(x: npt.NDArray[np.float32], first: int, windows: int) -> float:
    return _peak(address_of(x) + 4 * first, windows)  # type: ignore[no-any-return]


def highest(x: npt.NDArray[np.float32], windows: int) -> float:
    """In double precision, straight from the formula."""
    found = 0.0
    for window in np.lib.stride_tricks.sliding_window_view(x.astype(np.float64), 6)[:windows]:
        both, apart = window[:3] + window[:2:-1], window[:3] - window[:2:-1]
        found = max(found, abs(np.dot(EVEN[0], both)) + abs(np.dot(ODD[0], apart)), abs(np.dot(EVEN[1], both)))
    return found


@pytest.mark.parametrize("windows", [WINDOWS_AT_ONCE, 2 * WINDOWS_AT_ONCE, 5 * WINDOWS_AT_ONCE])
@pytest.mark.parametrize("first", [0, 1, 7])
def test_it_is_the_highest_of_all_windows(windows: int, first: int) -> None:
    for seed in range(20):
        x = np.random.default_rng(seed).standard_normal(first + windows + 5).astype(np.float32)
        expected = highest(x[first:], windows)
        assert peak(x, first, windows) == pytest.approx(expected, rel=1e-6)
        assert _plain_peak(EVEN, ODD)(x[first:].ctypes.data, windows) == pytest.approx(expected, rel=1e-6)


def test_every_window_counts_and_no_other() -> None:
    for place in range(WINDOWS_AT_ONCE + 5):
        x = np.zeros(WINDOWS_AT_ONCE + 25, np.float32)
        x[10 + place] = -1.0
        assert peak(x, 10, WINDOWS_AT_ONCE) == pytest.approx(highest(x[10:], WINDOWS_AT_ONCE))
    x = np.zeros(WINDOWS_AT_ONCE + 25, np.float32)
    x[[9, 10 + WINDOWS_AT_ONCE + 5]] = 1.0
    assert peak(x, 10, WINDOWS_AT_ONCE) == 0.0
