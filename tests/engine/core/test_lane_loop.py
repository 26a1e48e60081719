"""Loops over lanes written out in vectors, against the same steps on arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from engine.core.jit import kernel
from engine.core.lane_loop import _plain_loop, lane_loop
from engine.core.pointers import address_of
from engine.core.record import LANES, STRIPS_PER_RACK

_ROWS = 21
_STATES = 4


def _step(ops: Any, x: Any, states: Sequence[Any], coefficients: Sequence[Any]) -> Sequence[Any]:
    highest, smooth, count, last = states
    (rate,) = coefficients
    magnitude = ops.magnitude(x)
    return (
        ops.larger(magnitude, highest),
        ops.fused(rate, x - smooth, smooth),
        ops.counted(count, magnitude, ops.constant(0.5)),
        ops.where_larger(x, ops.constant(0.0), x * x, last),
    )


def _joined_step(ops: Any, sides: Any, states: Sequence[Any], coefficients: Sequence[Any]) -> Sequence[Any]:
    first, second, count, _ = states
    left, right = sides
    return second, ops.fused(left, right, first), ops.counted(count, left, right), left - right


_loop = lane_loop(_step, _STATES, 1)
_joined_loop = lane_loop(_joined_step, _STATES, 1, joined=True)


@kernel
def _run(block: Any, states: Any, coefficients: Any, rows: int, columns: int) -> None:
    _loop(address_of(block), address_of(states), address_of(coefficients), rows, columns)


@kernel
def _run_joined(block: Any, states: Any, coefficients: Any, rows: int, columns: int) -> None:
    _joined_loop(address_of(block), address_of(states), address_of(coefficients), rows, columns)


def _both(run: Any, step: Any, columns: int, *, joined: bool) -> tuple[np.ndarray, np.ndarray]:
    block = np.random.default_rng(1).uniform(-1.0, 1.0, (_ROWS, LANES)).astype(np.float32)
    coefficients = np.array([0.25], np.float32)
    found, expected = (np.full((_STATES, LANES), 0.125, np.float32) for _ in range(2))
    run(block, found, coefficients, _ROWS, columns)
    addresses = (block.ctypes.data, expected.ctypes.data, coefficients.ctypes.data)
    _plain_loop(step, _STATES, 1, joined)(*addresses, _ROWS, columns)
    return found, expected


@pytest.mark.parametrize("columns", [1, 2, 4, 5, 8, 9, 16, 17, 32])
def test_every_strip_of_both_sides_gets_what_the_step_says(columns: int) -> None:
    found, expected = _both(_run, _step, columns, joined=False)
    for side in (0, STRIPS_PER_RACK):
        np.testing.assert_allclose(
            found[:, side : side + columns], expected[:, side : side + columns], rtol=2e-6, atol=1e-6
        )


@pytest.mark.parametrize("columns", [1, 8, 17, 32])
def test_a_joined_step_gets_both_sides_of_a_strip(columns: int) -> None:
    found, expected = _both(_run_joined, _joined_step, columns, joined=True)
    np.testing.assert_allclose(found[:, :columns], expected[:, :columns], rtol=2e-6, atol=1e-6)
    assert (found[:, STRIPS_PER_RACK:] == np.float32(0.125)).all()


@pytest.mark.parametrize("columns", [1, 32])
def test_how_rows_are_cut_changes_no_bit(columns: int) -> None:
    block = np.random.default_rng(2).uniform(-1.0, 1.0, (_ROWS, LANES)).astype(np.float32)
    coefficients = np.array([0.1], np.float32)
    whole, cut = (np.zeros((_STATES, LANES), np.float32) for _ in range(2))
    _run(block, whole, coefficients, _ROWS, columns)
    for start, end in ((0, 1), (1, 8), (8, _ROWS)):
        _run(block[start:end], cut, coefficients, end - start, columns)
    assert whole.tobytes() == cut.tobytes()
