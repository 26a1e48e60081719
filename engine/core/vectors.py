"""Vectors of floats, written out by hand into compiled code. Imported where kernels are compiled, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils

from engine.core.machine_code import processor
from engine.core.record import LANES, STRIPS_PER_RACK

WORD = ir.IntType(64)
_FLOAT = ir.FloatType()
_FLOAT_BYTES = 4


def word(value: int) -> Any:
    """A number that addresses and indices are made of."""
    return ir.Constant(WORD, value)


class Vector:
    """One value of every lane; adds, subtracts and multiplies like a number."""

    def __init__(self, vectors: Vectors, value: Any) -> None:
        self._vectors = vectors
        self.value = value

    def __add__(self, other: Vector) -> Vector:
        return Vector(self._vectors, self._vectors.builder.fadd(self.value, other.value))

    def __sub__(self, other: Vector) -> Vector:
        return Vector(self._vectors, self._vectors.builder.fsub(self.value, other.value))

    def __mul__(self, other: Vector) -> Vector:
        return Vector(self._vectors, self._vectors.builder.fmul(self.value, other.value))


class Vectors:
    """Writes vectors into one function, as wide as those of the processor that code is made for."""

    def __init__(self, builder: Any) -> None:
        self.builder = builder
        features = processor()[1].split(",")
        self.lanes = 16 if "+avx512f" in features else 8 if "+avx" in features else 4
        self.kind = ir.VectorType(_FLOAT, self.lanes)

    def _call(self, name: str, *values: Vector) -> Vector:
        kind = ir.FunctionType(self.kind, [self.kind] * len(values))
        function = cgutils.get_or_insert_function(self.builder.module, kind, f"llvm.{name}.v{self.lanes}f32")
        return Vector(self, self.builder.call(function, [value.value for value in values]))

    def magnitude(self, a: Vector) -> Vector:
        """The value without its sign."""
        return self._call("fabs", a)

    def larger(self, a: Vector, b: Vector) -> Vector:
        """a where it is larger, else b (also where a is not a number)."""
        return self.where_larger(a, b, a, b)

    def where_larger(self, a: Vector, b: Vector, c: Vector, d: Vector) -> Vector:
        """c where a is larger than b, else d (also where one is not a number)."""
        is_larger = self.builder.fcmp_ordered(">", a.value, b.value)
        return Vector(self, self.builder.select(is_larger, c.value, d.value))

    def counted(self, count: Vector, a: Vector, b: Vector) -> Vector:
        """A count, and one more where a is larger than b."""
        return self.where_larger(a, b, count + self.constant(1.0), count)

    def fused(self, a: Vector, b: Vector, c: Vector) -> Vector:
        """a b + c, rounded once where the processor can."""
        return self._call("fmuladd", a, b, c)

    def constant(self, value: float) -> Vector:
        """A number in every lane."""
        return Vector(self, ir.Constant(self.kind, [float(np.float32(value))] * self.lanes))

    def _pointer(self, address: Any, offset: Any, kind: Any) -> Any:
        byte = self.builder.add(address, self.builder.mul(offset, word(_FLOAT_BYTES)))
        return self.builder.inttoptr(byte, kind.as_pointer())

    def load(self, address: Any, offset: Any) -> Vector:
        """The vector that begins so many floats after an address."""
        return Vector(self, self.builder.load(self._pointer(address, offset, self.kind), align=_FLOAT_BYTES))

    def store(self, vector: Vector, address: Any, offset: Any) -> None:
        """The reverse."""
        self.builder.store(vector.value, self._pointer(address, offset, self.kind), align=_FLOAT_BYTES)

    def spread(self, address: Any, index: int) -> Vector:
        """One float in every lane."""
        one = self.builder.load(self._pointer(address, word(index), _FLOAT))
        first = self.builder.insert_element(ir.Constant(self.kind, ir.Undefined), one, word(0))
        everywhere = ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), [0] * self.lanes)
        return Vector(self, self.builder.shuffle_vector(first, first, everywhere))

    def largest_lane(self, a: Vector) -> Any:
        """The largest of all lanes, as a number."""
        builder = self.builder
        lanes = [builder.extract_element(a.value, word(lane)) for lane in range(self.lanes)]
        while len(lanes) > 1:
            pairs = zip(lanes[::2], lanes[1::2], strict=True)
            lanes = [builder.select(builder.fcmp_ordered(">", one, other), one, other) for one, other in pairs]
        return lanes[0]

    def at(self, lane: Any, row: Any) -> Any:
        """The offset of a lane in a row of a block (rows, LANES)."""
        return self.builder.add(lane, self.builder.mul(row, word(LANES)))

    def fold(
        self,
        start: Any,
        end: Any,
        step: int,
        held: Sequence[Vector],
        body: Callable[[Any, list[Vector]], Sequence[Vector]],
    ) -> list[Vector]:
        """`for index in range(start, end, step): held = body(index, held)`; returns the last ones."""
        builder = self.builder
        before = builder.block
        head, inside, after = (builder.append_basic_block(f"loop.{part}") for part in ("head", "body", "end"))
        builder.branch(head)
        builder.position_at_end(head)
        index = builder.phi(WORD)
        index.add_incoming(start, before)
        kept = [builder.phi(self.kind) for _ in held]
        for phi, vector in zip(kept, held, strict=True):
            phi.add_incoming(vector.value, before)
        builder.cbranch(builder.icmp_signed("<", index, end), inside, after)
        builder.position_at_end(inside)
        made = body(index, [Vector(self, phi) for phi in kept])
        index.add_incoming(builder.add(index, word(step)), builder.block)
        for phi, vector in zip(kept, made, strict=True):
            phi.add_incoming(vector.value, builder.block)
        builder.branch(head)
        builder.position_at_end(after)
        return [Vector(self, phi) for phi in kept]

    def of_strips(self, columns: Any, body: Callable[[Vectors, Any], None]) -> None:
        """Calls `body(vectors, lane)` for both sides of the first strips of a rack, at least so many.

        Of few strips, both sides lie in one vector.
        """
        builder = self.builder
        are_few = builder.icmp_signed("<=", columns, word(self.lanes // 2))
        with builder.if_else(are_few) as (few, many):
            with few:
                body(_BothSides(builder), word(0))
            with many:
                for side in (0, STRIPS_PER_RACK):
                    end = builder.add(columns, word(side))
                    self.loop(word(side), end, self.lanes, lambda lane: body(self, lane))

    def loop(self, start: Any, end: Any, step: int, body: Callable[[Any], None]) -> None:
        """`for index in range(start, end, step): body(index)`."""

        def held_nothing(index: Any, _: list[Vector]) -> list[Vector]:
            body(index)
            return []

        self.fold(start, end, step, [], held_nothing)


class _BothSides(Vectors):
    """Vectors of left lanes, and of the right lanes of the same strips."""

    def _halves(self, address: Any, offset: Any) -> list[Any]:
        half = ir.VectorType(_FLOAT, self.lanes // 2)
        offsets = (offset, self.builder.add(offset, word(STRIPS_PER_RACK)))
        return [self._pointer(address, place, half) for place in offsets]

    def _shuffled(self, first: Any, second: Any, places: Sequence[int]) -> Any:
        kind = ir.VectorType(ir.IntType(32), len(places))
        return self.builder.shuffle_vector(first, second, ir.Constant(kind, list(places)))

    def load(self, address: Any, offset: Any) -> Vector:
        """The vector of the left lanes that begin there."""
        left, right = (self.builder.load(half, align=_FLOAT_BYTES) for half in self._halves(address, offset))
        return Vector(self, self._shuffled(left, right, range(self.lanes)))

    def store(self, vector: Vector, address: Any, offset: Any) -> None:
        """The reverse."""
        middle = self.lanes // 2
        for half, places in zip(self._halves(address, offset), (range(middle), range(middle, self.lanes)), strict=True):
            self.builder.store(self._shuffled(vector.value, vector.value, places), half, align=_FLOAT_BYTES)
