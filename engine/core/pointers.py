"""Addresses: how kernels reach memory that was handed to them as a number, and call functions by their address."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from engine.core.jit import JIT_ENABLED, kernel

PLAIN_FUNCTIONS: dict[int, Callable[..., Any]] = {}
"""Where nothing is compiled, addresses are numbers of plain functions."""

if JIT_ENABLED:
    from llvmlite import ir
    from numba import carray, types
    from numba.core import cgutils
    from numba.extending import intrinsic

    _BYTE_POINTER = ir.IntType(8).as_pointer()

    @intrinsic  # type: ignore[untyped-decorator]
    def _pointer_from_address(typing_context: Any, address: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.inttoptr(args[0], _BYTE_POINTER)

        return types.voidptr(types.int64), generate

    @intrinsic  # type: ignore[untyped-decorator]
    def pointer_of(typing_context: Any, array: Any) -> Any:
        """A void pointer to the first element of an array, to be given to a C function."""

        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            data = context.make_array(signature.args[0])(context, builder, args[0]).data
            return builder.bitcast(data, _BYTE_POINTER)

        return types.voidptr(array), generate

    @intrinsic  # type: ignore[untyped-decorator]
    def address_of(typing_context: Any, array: Any) -> Any:
        """The address of the first element of an array."""

        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            data = context.make_array(signature.args[0])(context, builder, args[0]).data
            return builder.ptrtoint(data, ir.IntType(64))

        return types.int64(array), generate

    @intrinsic  # type: ignore[untyped-decorator]
    def move_bytes(typing_context: Any, to_address: Any, from_address: Any, count: Any) -> Any:
        """Copies so many bytes; both places may overlap."""

        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            target, source = (builder.inttoptr(word, _BYTE_POINTER) for word in args[:2])
            cgutils.raw_memmove(builder, target, source, args[2], 1)
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, types.int64), generate

    @intrinsic  # type: ignore[untyped-decorator]
    def call_at(typing_context: Any, address: Any, arguments: Any) -> Any:
        """Calls the C function at an address, which takes int64 and double words and returns nothing."""

        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            words = signature.args[1]
            values = [builder.extract_value(args[1], place) for place in range(len(words))]
            kind = ir.FunctionType(ir.VoidType(), [context.get_value_type(word) for word in words])
            builder.call(builder.inttoptr(args[0], kind.as_pointer()), values)
            return context.get_dummy_value()

        return types.void(types.int64, arguments), generate

    @kernel
    def array_at(address: int, shape: Any, kind: Any) -> Any:
        """Any thread. The array of a shape and an element type that lies at an address."""
        return carray(_pointer_from_address(address), shape, kind)

else:

    def pointer_of(array: Any) -> int:
        """A void pointer to the first element of an array, to be given to a C function."""
        return int(array.ctypes.data)

    address_of = pointer_of

    def move_bytes(to_address: int, from_address: int, count: int) -> None:
        """Copies so many bytes; both places may overlap."""
        ctypes.memmove(to_address, from_address, count)

    def call_at(address: int, arguments: tuple[Any, ...]) -> None:
        """Calls the C function at an address, which takes int64 and double words and returns nothing."""
        PLAIN_FUNCTIONS[address](*arguments)

    def array_at(address: int, shape: Any, kind: Any) -> Any:
        """Any thread. The array of a shape and an element type that lies at an address."""
        size = math.prod(shape) * np.dtype(kind).itemsize
        memory = (ctypes.c_char * size).from_address(int(address)) if size else b""
        return np.frombuffer(memory, kind).reshape(shape)


@kernel
def record_at(address: int, layout: Any) -> Any:
    """Any thread. The record of a layout that lies at an address."""
    return array_at(address, (1,), layout)[0]
