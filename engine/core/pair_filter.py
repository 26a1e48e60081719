"""Symmetric filters in lanes: each output is a sum of weighted pairs of samples.

    out[t] = sum over groups, over i of w[i] (a[t - i] + b[t + i])

Vectors are as wide as the processor's, and several outputs are worked on at once: as `i` grows, all of them move on by
one row, so of each new pair only one row is loaded and the others are in registers already. The order of the sum is
the same for every output, however rows are cut into calls. Loops that a compiler makes by itself load each pair anew,
which takes twice as long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.core.jit import JIT_ENABLED
from engine.core.pointers import array_at
from engine.core.record import LANES

Weights = Sequence[Sequence[float]]

_FLOAT_BYTES = 4


def _plain_filter(groups: Weights) -> Callable[[int, tuple[int, ...], int], None]:
    reach = max(map(len, groups)) - 1

    def run(out_address: int, addresses: tuple[int, ...], rows: int) -> None:
        total = np.zeros((rows, LANES), np.float32)
        row_bytes = LANES * _FLOAT_BYTES
        for group, weights in enumerate(groups):
            before = array_at(addresses[2 * group] - reach * row_bytes, (rows + reach, LANES), np.float32)
            after = array_at(addresses[2 * group + 1], (rows + reach, LANES), np.float32)
            for i, weight in enumerate(weights):
                total += np.float32(weight) * (before[reach - i : reach - i + rows] + after[i : i + rows])
        array_at(out_address, (rows, LANES), np.float32)[:] = total

    return run


def _plain_peaks(phases: Sequence[Weights]) -> Callable[[int, int, int, int, int], None]:
    length = 2 * len(phases[0][0])

    def run(line_address: int, state_address: int, fall_address: int, rows: int, columns: int) -> None:
        line = array_at(line_address, (rows + length - 1, LANES), np.float32)
        falling, held = array_at(state_address, (2, LANES), np.float32)
        (fall,) = array_at(fall_address, (1,), np.float32)
        for t in range(rows):
            before, after = line[t + length // 2 : t + length][::-1], line[t : t + length // 2]
            peak = np.zeros(LANES, np.float32)
            for even, odd in phases:
                both, apart = (np.array(weights, np.float32) for weights in (even, odd))
                peak = np.maximum(peak, np.abs(both @ (before + after)) + np.abs(apart @ (before - after)))
            falling[:] = np.maximum(peak, falling * fall)
            held[:] = np.maximum(peak, held)

    return run


if JIT_ENABLED:
    from numba import types
    from numba.extending import intrinsic

    from engine.core.phases import added, highest_of_phases
    from engine.core.vectors import Vector, Vectors, word

    def _whole(vectors: Vectors, rows: Any, at_once: int) -> Any:
        return vectors.builder.and_(rows, word(-at_once))

    class _Window:
        """The pairs of a number of rows: as they move on by one sample, all but one of them are there already."""

        def __init__(self, vectors: Vectors, before: Any, after: Any, place: Any, count: int) -> None:
            self._vectors, self._before, self._after = vectors, before, after
            self._place, self._count, self._moved = place, count, 0
            self.pairs = [(self._load(before, row), self._load(after, row)) for row in range(count)]

        def _load(self, address: Any, row: int) -> Vector:
            return self._vectors.load(address, self._vectors.at(self._place, word(row)))

        def move(self) -> None:
            self._moved += 1
            before = [self._load(self._before, -self._moved), *(a for a, _ in self.pairs[:-1])]
            after = [*(b for _, b in self.pairs[1:]), self._load(self._after, self._count - 1 + self._moved)]
            self.pairs = list(zip(before, after, strict=True))

    def _sums(vectors: Vectors, groups: Weights, places: Sequence[Any], place: Any, count: int) -> list[Vector]:
        """So many rows of one vector."""
        sums: list[Any] = [None] * count
        for group, weights in enumerate(groups):
            window = _Window(vectors, places[2 * group], places[2 * group + 1], place, count)
            for i, weight in enumerate(weights):
                if i:
                    window.move()
                sums = [added(vectors, sums[row], weight, a + b) for row, (a, b) in enumerate(window.pairs)]
        return sums

    def _emit_filter(builder: Any, groups: Weights, addresses: Sequence[Any], rows: Any) -> None:
        vectors = Vectors(builder)
        out, *places = addresses
        at_once = 8 if vectors.lanes == 16 else 4  # What the registers hold.
        whole = _whole(vectors, rows, at_once)

        # Rows outside, vectors inside: what lies in between stays in the first-level cache.
        def work(count: int) -> Callable[[Any], None]:
            def of_vector(row: Any, lane: Any) -> None:
                place = vectors.at(lane, row)
                for number, total in enumerate(_sums(vectors, groups, places, place, count)):
                    vectors.store(total, out, vectors.at(place, word(number)))

            def of_rows(row: Any) -> None:
                vectors.loop(word(0), word(LANES), vectors.lanes, lambda lane: of_vector(row, lane))

            return of_rows

        vectors.loop(word(0), whole, at_once, work(at_once))
        vectors.loop(whole, rows, 1, work(1))

    def _emit_peaks(builder: Any, phases: Sequence[Weights], args: Sequence[Any]) -> None:
        line, state, constants, rows, columns = args
        vectors = Vectors(builder)
        even, odd = zip(*phases, strict=True)
        half = len(even[0])
        latest = builder.add(line, word(4 * LANES * (2 * half - 1)))
        fall = vectors.spread(constants, 0)
        at_once = 2 if vectors.lanes == 16 else 1  # What the registers hold.
        whole = _whole(vectors, rows, at_once)

        def of_vector(vectors: Vectors, lane: Any) -> None:
            def work(count: int) -> Callable[[Any, list[Vector]], list[Vector]]:
                def of_rows(row: Any, held: list[Vector]) -> list[Vector]:
                    window = _Window(vectors, latest, line, vectors.at(lane, row), count)

                    def pairs_at(i: int) -> list[tuple[Vector, Vector]]:
                        if i:
                            window.move()
                        return window.pairs

                    falling, highest = held
                    for peak in highest_of_phases(vectors, even, odd, pairs_at):
                        falling = vectors.larger(peak, falling * fall)
                        highest = vectors.larger(peak, highest)
                    return [falling, highest]

                return of_rows

            places = [vectors.at(lane, word(row)) for row in range(2)]
            held = [vectors.load(state, place) for place in places]
            held = vectors.fold(word(0), whole, at_once, held, work(at_once))
            held = vectors.fold(whole, rows, 1, held, work(1))
            for place, vector in zip(places, held, strict=True):
                vectors.store(vector, state, place)

        vectors.of_strips(columns, of_vector)

    def _compiled_filter(groups: Weights) -> Any:
        @intrinsic  # type: ignore[untyped-decorator]
        def run(typing_context: Any, out_address: Any, addresses: Any, rows: Any) -> Any:
            def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
                places = [builder.extract_value(args[1], place) for place in range(2 * len(groups))]
                _emit_filter(builder, groups, [args[0], *places], args[2])
                return context.get_dummy_value()

            return types.void(types.int64, types.UniTuple(types.int64, 2 * len(groups)), types.int64), generate

        return run

    def _compiled_peaks(phases: Sequence[Weights]) -> Any:
        @intrinsic  # type: ignore[untyped-decorator]
        def run(typing_context: Any, line: Any, state: Any, constants: Any, rows: Any, columns: Any) -> Any:
            def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
                _emit_peaks(builder, phases, args)
                return context.get_dummy_value()

            return types.void(types.int64, types.int64, types.int64, types.int64, types.int64), generate

        return run


def pair_filter(*groups: Sequence[float]) -> Any:
    """A filter with these groups of weights: a function of an address to write to, addresses to read and rows.

    Addresses are those of the first row written, and for each group of the rows `a[0]` and `b[0]` that its first pair
    of this row is made of. Nothing that is read may be written.
    """
    return _compiled_filter(groups) if JIT_ENABLED else _plain_filter(groups)


def pair_peaks(phases: Sequence[Sequence[Sequence[float]]]) -> Any:
    """The highest of what filters make of a sound: a function of addresses (line, states, fall), rows and columns.

    A filter and its mirror image are one phase: weights of the sums of pairs (`even`) and of their differences (`odd`),
    the higher of both outputs is `|even| + |odd|`. The line is (rows and before them what the filters reach back,
    LANES); the states are two rows: a peak that is multiplied by `fall` with every sample, and the highest of all.
    """
    return _compiled_peaks(phases) if JIT_ENABLED else _plain_peaks(phases)
