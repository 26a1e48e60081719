"""The mixing of sixteen channels is the Hadamard matrix of Sylvester's construction, divided by four."""

from __future__ import annotations

import numpy as np

from engine.dsp.hadamard import CHANNELS, hadamard, sum_of_side


def test_it_is_the_matrix_and_leaves_what_lies_beyond() -> None:
    matrix = np.ones((1, 1))
    while len(matrix) < CHANNELS:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    given = np.random.default_rng(1).standard_normal((CHANNELS, 64)).astype(np.float32)
    mixed = given.copy()
    hadamard(mixed, 37)
    np.testing.assert_allclose(mixed[:, :37], matrix @ given[:, :37] / 4.0, atol=1e-5)
    np.testing.assert_array_equal(mixed[:, 37:], given[:, 37:])


def test_sides_are_even_and_odd_channels() -> None:
    given = np.random.default_rng(2).standard_normal((CHANNELS, 64)).astype(np.float32)
    for side in (0, 1):
        out = np.zeros(64, np.float32)
        sum_of_side(given, side, out, 64)
        np.testing.assert_allclose(out, given[side::2].sum(axis=0), atol=1e-5)
