"""Symmetric filters written out in vectors, against what they say they are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from engine.core.jit import kernel
from engine.core.pair_filter import _plain_filter, pair_filter
from engine.core.pointers import address_of
from engine.core.record import LANES

LONG = (0.6, -0.2, 0.11, 0.07, -0.05, 0.03, 0.021, 0.013, -0.01, 0.008, 0.005)
SHORT = (0.3, -0.1, 0.02)
_REACH = 10
_ROW = 4 * LANES

_long = pair_filter(LONG)
_both = pair_filter(LONG, SHORT)


@kernel
def run_long(x: npt.NDArray[np.float32], first: int, rows: int, out: npt.NDArray[np.float32]) -> None:
    a = address_of(x) + _ROW * (first + _REACH)
    _long(address_of(out) + _ROW * first, (a, a + _ROW), rows)


@kernel
def run_both(x: npt.NDArray[np.float32], z: npt.NDArray[np.float32], rows: int, out: npt.NDArray[np.float32]) -> None:
    a = address_of(x) + _ROW * _REACH
    b = address_of(z) + _ROW * _REACH
    _both(address_of(out), (a, b, b, a), rows)


def noise(rows: int, seed: int) -> npt.NDArray[np.float32]:
    return np.random.default_rng(seed).uniform(-1.0, 1.0, (rows + 2 * _REACH + 2, LANES)).astype(np.float32)


def sums(
    a: npt.NDArray[np.float32], b: npt.NDArray[np.float32], weights: tuple[float, ...], rows: int, b_at: int
) -> object:
    """In double precision, straight from the formula."""
    out = np.zeros((rows, LANES))
    for t in range(rows):
        for i, weight in enumerate(weights):
            out[t] += weight * (a[_REACH + t - i].astype(np.float64) + b[b_at + t + i])
    return out


@pytest.mark.parametrize("rows", [1, 7, 8, 33, 64])
def test_it_is_the_sum_of_its_pairs(rows: int) -> None:
    x, z, out = noise(rows, 1), noise(rows, 2), np.zeros((rows, LANES), np.float32)
    run_long(x, 0, rows, out)
    np.testing.assert_allclose(out, sums(x, x, LONG, rows, _REACH + 1), atol=1e-6)
    run_both(x, z, rows, out)
    expected = np.add(sums(x, z, LONG, rows, _REACH), sums(z, x, SHORT, rows, _REACH))
    np.testing.assert_allclose(out, expected, atol=1e-6)


def test_the_same_bits_however_rows_are_cut() -> None:
    x, whole, cut = noise(64, 3), np.zeros((64, LANES), np.float32), np.zeros((64, LANES), np.float32)
    run_long(x, 0, 64, whole)
    for first, rows in ((0, 1), (1, 30), (31, 9), (40, 24)):
        run_long(x, first, rows, cut)
    np.testing.assert_array_equal(cut, whole)


def test_as_plain_python_it_is_the_same_filter() -> None:
    x, compiled, plain = noise(64, 4), np.zeros((64, LANES), np.float32), np.zeros((64, LANES), np.float32)
    run_long(x, 0, 64, compiled)
    a = x.ctypes.data + _ROW * _REACH
    _plain_filter([LONG])(plain.ctypes.data, (a, a + _ROW), 64)
    np.testing.assert_allclose(plain, compiled, atol=1e-6)
