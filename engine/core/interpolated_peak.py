"""The highest value between samples, for stretches of one signal: an interpolator written out in vectors.

Between two samples, phases and their mirror images take the same sums and differences of samples,

    even_k = sum over i of even[k][i] (x[i] + x[taps - 1 - i])
    odd_k = sum over i of odd[k][i] (x[i] - x[taps - 1 - i])

and the higher of both is `|even_k| + |odd_k|`. Vectors are windows that begin one sample after the other. Loops that a
compiler makes vectors of by itself would have to be loops over such windows around one over taps, which it does not do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.core.jit import JIT_ENABLED
from engine.core.pointers import array_at

Weights = Sequence[Sequence[float]]

WINDOWS_AT_ONCE = 32
"""Windows are looked at in multiples of this: two of the widest vectors there are."""

_FLOAT_BYTES = 4


def _plain_peak(even: Weights, odd: Weights) -> Callable[[int, int], Any]:
    half = len(even[0])

    def run(address: int, windows: int) -> Any:
        sound = array_at(address, (windows + 2 * half - 1,), np.float32)
        rows = np.lib.stride_tricks.sliding_window_view(sound, 2 * half)
        before, after = rows[:, :half], rows[:, : half - 1 : -1]
        sums = np.abs((before + after) @ np.array(even, np.float32).T)
        sums[:, : len(odd)] += np.abs((before - after) @ np.array(odd, np.float32).T)
        return np.float32(sums.max())

    return run


if JIT_ENABLED:
    from llvmlite import ir
    from numba import types
    from numba.core import cgutils
    from numba.extending import intrinsic

    from engine.core.machine_code import processor

    def _shape() -> tuple[int, int]:
        """Lanes of a vector, and vectors that are worked on at once: what the registers hold."""
        features = processor()[1].split(",")
        return (16, 2) if "+avx512f" in features else (8, 1) if "+avx" in features else (4, 1)

    class _Emitter:
        """Writes the interpolator's code for one function."""

        def __init__(self, builder: Any, even: Weights, odd: Weights, sound: Any) -> None:
            self.builder = builder
            self.even, self.odd = even, odd
            self.sound = sound
            self.lanes, self.vectors = _shape()
            self.vector = ir.VectorType(ir.FloatType(), self.lanes)
            self.fused = self._intrinsic("fmuladd", 3)
            self.magnitude = self._intrinsic("fabs", 1)

        def _intrinsic(self, name: str, operands: int) -> Any:
            kind = ir.FunctionType(self.vector, [self.vector] * operands)
            return cgutils.get_or_insert_function(self.builder.module, kind, f"llvm.{name}.v{self.lanes}f32")

        def constant(self, value: float) -> Any:
            return ir.Constant(self.vector, [float(np.float32(value))] * self.lanes)

        def _load(self, start: Any, place: int) -> Any:
            place = self.builder.add(start, ir.Constant(start.type, place))
            pointer = self.builder.bitcast(self.builder.gep(self.sound, [place]), self.vector.as_pointer())
            return self.builder.load(pointer, align=_FLOAT_BYTES)

        def higher(self, a: Any, b: Any) -> Any:
            return self.builder.select(self.builder.fcmp_ordered(">", a, b), a, b)

        def windows_at(self, start: Any, highest: Any) -> Any:
            """The windows of some vectors; `highest` is what has been found so far in each lane."""
            builder = self.builder
            half = len(self.even[0])
            groups = ((self.even, builder.fadd), (self.odd, builder.fsub))
            sums = [[[self.constant(0.0)] * len(weights) for weights, _ in groups] for _ in range(self.vectors)]
            for i in range(half):
                for vector, held in enumerate(sums):
                    first = vector * self.lanes
                    before, after = self._load(start, first + i), self._load(start, first + 2 * half - 1 - i)
                    for (weights, join), phases in zip(groups, held, strict=True):
                        part = join(before, after)
                        for k, weight in enumerate(weights):
                            phases[k] = builder.call(self.fused, [self.constant(weight[i]), part, phases[k]])
            for even, odd in sums:
                for k, value in enumerate(even):
                    value = builder.call(self.magnitude, [value])
                    if k < len(odd):
                        value = builder.fadd(value, builder.call(self.magnitude, [odd[k]]))
                    highest = self.higher(value, highest)
            return highest

    def _emit(builder: Any, even: Weights, odd: Weights, address: Any, windows: Any) -> Any:
        emitter = _Emitter(builder, even, odd, builder.inttoptr(address, ir.FloatType().as_pointer()))
        word = windows.type
        before = builder.block
        inside, after = builder.append_basic_block("windows"), builder.append_basic_block("windows.end")
        builder.branch(inside)
        builder.position_at_end(inside)
        start = builder.phi(word)
        highest = builder.phi(emitter.vector)
        start.add_incoming(ir.Constant(word, 0), before)
        highest.add_incoming(emitter.constant(0.0), before)
        found = emitter.windows_at(start, highest)
        following = builder.add(start, ir.Constant(word, emitter.lanes * emitter.vectors))
        start.add_incoming(following, builder.block)
        highest.add_incoming(found, builder.block)
        builder.cbranch(builder.icmp_signed("<", following, windows), inside, after)
        builder.position_at_end(after)
        lanes = [builder.extract_element(found, ir.Constant(ir.IntType(32), k)) for k in range(emitter.lanes)]
        while len(lanes) > 1:
            lanes = [emitter.higher(a, b) for a, b in zip(lanes[::2], lanes[1::2], strict=True)]
        return lanes[0]

    def _compiled_peak(even: Weights, odd: Weights) -> Any:
        @intrinsic  # type: ignore[untyped-decorator]
        def run(typing_context: Any, address: Any, windows: Any) -> Any:
            def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
                return _emit(builder, even, odd, *args)

            return types.float32(types.int64, types.int64), generate

        return run


def interpolated_peak(even: Weights, odd: Weights) -> Any:
    """An interpolator with these weights: a function of the address of the first window's first sample and a number of
    windows, a multiple of `WINDOWS_AT_ONCE`.

    It returns the highest magnitude (float32) that lies between the two samples in the middle of any of these windows.
    `odd` may have fewer phases than `even`: those that it lacks are zero.
    """
    return _compiled_peak(even, odd) if JIT_ENABLED else _plain_peak(even, odd)
