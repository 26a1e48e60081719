"""Addresses: how kernels reach memory that was handed to them as a number, and hand memory to C."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

_BYTE_POINTER = ir.IntType(8).as_pointer()


@intrinsic  # type: ignore[untyped-decorator]
def pointer_from_address(typing_context: Any, address: Any) -> Any:
    """A void pointer of an integer address, to be given to `numba.carray`."""

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
