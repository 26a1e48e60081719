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


if JIT_ENABLED:
    from llvmlite import ir
    from numba import types
    from numba.core import cgutils
    from numba.extending import intrinsic

    from engine.core.machine_code import processor

    def _shape() -> tuple[int, int]:
        """Lanes of a vector, and outputs that are worked on at once: what the registers hold."""
        features = processor()[1].split(",")
        return (16, 8) if "+avx512f" in features else (8, 4) if "+avx" in features else (4, 4)

    class _Emitter:
        """Writes the filter's code for one function."""

        def __init__(self, builder: Any, groups: Weights, out: Any, places: Sequence[tuple[Any, Any]]) -> None:
            self.builder = builder
            self.groups = groups
            self.out = out
            self.places = places
            self.lanes, self.outputs = _shape()
            self.vector = ir.VectorType(ir.FloatType(), self.lanes)
            kind = ir.FunctionType(self.vector, [self.vector] * 3)
            self.fused = cgutils.get_or_insert_function(builder.module, kind, f"llvm.fmuladd.v{self.lanes}f32")

        def _weight(self, weight: float) -> Any:
            return ir.Constant(self.vector, [float(np.float32(weight))] * self.lanes)

        def _at(self, pointer: Any, offset: Any, row: int) -> Any:
            """A vector of a row, from the place that `offset` (in floats) is at."""
            place = self.builder.add(offset, ir.Constant(offset.type, row * LANES))
            return self.builder.bitcast(self.builder.gep(pointer, [place]), self.vector.as_pointer())

        def _load(self, pointer: Any, offset: Any, row: int) -> Any:
            return self.builder.load(self._at(pointer, offset, row), align=_FLOAT_BYTES)

        def outputs_at(self, offset: Any, count: int) -> None:
            """Works out so many rows of one vector."""
            builder = self.builder
            sums: list[Any] = [None] * count
            for (before, after), weights in zip(self.places, self.groups, strict=True):
                a = [self._load(before, offset, row) for row in range(count)]
                b = [self._load(after, offset, row) for row in range(count)]
                for i, weight in enumerate(weights):
                    if i:
                        a = [self._load(before, offset, -i), *a[:-1]]
                        b = [*b[1:], self._load(after, offset, count - 1 + i)]
                    factor = self._weight(weight)
                    for row in range(count):
                        pair = builder.fadd(a[row], b[row])
                        held = sums[row]
                        sums[row] = (
                            builder.fmul(factor, pair)
                            if held is None
                            else builder.call(self.fused, [factor, pair, held])
                        )
            for row in range(count):
                builder.store(sums[row], self._at(self.out, offset, row), align=_FLOAT_BYTES)

    def _loop(builder: Any, start: Any, end: Any, step: int, body: Callable[[Any], None]) -> None:
        """`for index in range(start, end, step): body(index)`."""
        before = builder.block
        head = builder.append_basic_block("rows")
        inside = builder.append_basic_block("rows.body")
        after = builder.append_basic_block("rows.end")
        builder.branch(head)
        builder.position_at_end(head)
        index = builder.phi(start.type)
        index.add_incoming(start, before)
        builder.cbranch(builder.icmp_signed("<", index, end), inside, after)
        builder.position_at_end(inside)
        body(index)
        index.add_incoming(builder.add(index, ir.Constant(start.type, step)), builder.block)
        builder.branch(head)
        builder.position_at_end(after)

    def _emit(builder: Any, groups: Weights, words: Sequence[Any], rows: Any) -> None:
        pointers = [builder.inttoptr(word, ir.FloatType().as_pointer()) for word in words]
        places = list(zip(pointers[1::2], pointers[2::2], strict=True))
        emitter = _Emitter(builder, groups, pointers[0], places)
        word = rows.type
        at_once = emitter.outputs
        whole = builder.mul(builder.sdiv(rows, ir.Constant(word, at_once)), ir.Constant(word, at_once))

        # Rows outside, vectors inside: what lies in between stays in the first-level cache.
        def work(count: int) -> Callable[[Any], None]:
            def of_rows(row: Any) -> None:
                start = builder.mul(row, ir.Constant(word, LANES))
                end = ir.Constant(word, LANES)
                _loop(
                    builder,
                    ir.Constant(word, 0),
                    end,
                    emitter.lanes,
                    lambda lane: emitter.outputs_at(builder.add(start, lane), count),
                )

            return of_rows

        _loop(builder, ir.Constant(word, 0), whole, at_once, work(at_once))
        _loop(builder, whole, rows, 1, work(1))

    def _compiled_filter(groups: Weights) -> Any:
        @intrinsic  # type: ignore[untyped-decorator]
        def run(typing_context: Any, out_address: Any, addresses: Any, rows: Any) -> Any:
            def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
                count = len(signature.args[1])
                words = [args[0], *(builder.extract_value(args[1], place) for place in range(count))]
                _emit(builder, groups, words, args[2])
                return context.get_dummy_value()

            return types.void(types.int64, types.UniTuple(types.int64, 2 * len(groups)), types.int64), generate

        return run


def pair_filter(*groups: Sequence[float]) -> Any:
    """A filter with these groups of weights: a function of an address to write to, addresses to read and rows.

    Addresses are those of the first row written, and for each group of the rows `a[0]` and `b[0]` that its first pair
    of this row is made of. Nothing that is read may be written.
    """
    return _compiled_filter(groups) if JIT_ENABLED else _plain_filter(groups)
