"""Loops over lanes that keep their state in registers.

What a compiler makes of a plain loop over rows and lanes loads and stores every state for every row. Here a *step* says
what one sample does to the states of its lane, and the loop around it is written out in vectors: states are loaded
once, carried from row to row and stored at the end. Products are only fused with sums where the step says so, so the
result is the same however rows are cut into calls.

A step is called as `step(ops, x, states, coefficients)` and returns the states after it. All of these add, subtract and
multiply like numbers; what else there is are the functions of `ops`: `magnitude`, `larger`, `fused`, `counted` (a count
and one more where a is larger than b), `where_larger` and `constant`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.core.jit import JIT_ENABLED
from engine.core.pointers import array_at
from engine.core.record import LANES, STRIPS_PER_RACK

Step = Callable[[Any, Any, Sequence[Any], Sequence[Any]], Sequence[Any]]


class _PlainOps:
    """The same functions on arrays of numpy."""

    magnitude = staticmethod(np.abs)

    @staticmethod
    def larger(a: Any, b: Any) -> Any:
        return np.where(a > b, a, b)

    @staticmethod
    def where_larger(a: Any, b: Any, c: Any, d: Any) -> Any:
        return np.where(a > b, c, d)

    @staticmethod
    def counted(count: Any, a: Any, b: Any) -> Any:
        return np.where(a > b, count + np.float32(1.0), count)

    @staticmethod
    def fused(a: Any, b: Any, c: Any) -> Any:
        return a * b + c

    @staticmethod
    def constant(value: float) -> Any:
        return np.float32(value)


def _plain_loop(step: Step, states: int, coefficients: int, joined: bool) -> Callable[[int, int, int, int, int], None]:
    def run(block_address: int, state_address: int, coefficient_address: int, rows: int, columns: int) -> None:
        held = array_at(state_address, (states, LANES), np.float32)[:, : STRIPS_PER_RACK if joined else LANES]
        constants = tuple(array_at(coefficient_address, (coefficients,), np.float32))
        for x in array_at(block_address, (rows, LANES), np.float32):
            heard = (x[:STRIPS_PER_RACK], x[STRIPS_PER_RACK:]) if joined else x
            held[:] = step(_PlainOps, heard, tuple(held.copy()), constants)

    return run


if JIT_ENABLED:
    from numba import types
    from numba.extending import intrinsic

    from engine.core.vectors import Vector, Vectors, word

    def _emit(builder: Any, step: Step, counts: tuple[int, int], joined: bool, args: Sequence[Any]) -> None:
        block, state, constants, rows, columns = args
        vectors = Vectors(builder)
        states, coefficients = counts
        spread = [vectors.spread(constants, index) for index in range(coefficients)]

        def heard(vectors: Vectors, lane: Any, row: Any) -> Any:
            place = vectors.at(lane, row)
            sound = vectors.load(block, place)
            return (sound, vectors.load(block, builder.add(place, word(STRIPS_PER_RACK)))) if joined else sound

        def of_vector(vectors: Vectors, lane: Any) -> None:
            places = [vectors.at(lane, word(row)) for row in range(states)]

            def of_row(row: Any, held: list[Vector]) -> Sequence[Vector]:
                return step(vectors, heard(vectors, lane, row), held, spread)

            last = vectors.fold(word(0), rows, 1, [vectors.load(state, place) for place in places], of_row)
            for place, vector in zip(places, last, strict=True):
                vectors.store(vector, state, place)

        if joined:
            vectors.loop(word(0), columns, vectors.lanes, lambda lane: of_vector(vectors, lane))
        else:
            vectors.of_strips(columns, of_vector)

    def _compiled_loop(step: Step, states: int, coefficients: int, joined: bool) -> Any:
        @intrinsic  # type: ignore[untyped-decorator]
        def run(typing_context: Any, block: Any, state: Any, constants: Any, rows: Any, columns: Any) -> Any:
            def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
                _emit(builder, step, (states, coefficients), joined, args)
                return context.get_dummy_value()

            return types.void(types.int64, types.int64, types.int64, types.int64, types.int64), generate

        return run


def lane_loop(step: Step, states: int, coefficients: int, *, joined: bool = False) -> Any:
    """A loop with a step: a function of addresses (block, states, coefficients), rows and columns.

    The block is (rows, LANES) float32, the states are (states, LANES), the coefficients one float each. Worked on are
    both sides of the first `columns` strips at least (whole vectors). `joined`: the step is called once for both sides,
    with a pair of samples, and its states are those of the left lanes.
    """
    make = _compiled_loop if JIT_ENABLED else _plain_loop
    return make(step, states, coefficients, joined)
