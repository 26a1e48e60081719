"""Memory that will be needed soon is asked for early, while there is other work to do.

The rings are larger than the caches, and what is about to be played was written a second ago: without this the audio
thread would spend as long waiting for it as on everything else it does.
"""

from __future__ import annotations

from typing import Any

from engine.core.jit import JIT_ENABLED

CACHE_LINE_BYTES = 64

if JIT_ENABLED:
    from llvmlite import ir
    from numba import types
    from numba.core import cgutils
    from numba.extending import intrinsic

    _BYTE_POINTER = ir.IntType(8).as_pointer()
    _INT = ir.IntType(32)
    _TO_READ, _KEEP_NEAR, _AS_DATA = _INT(0), _INT(3), _INT(1)

    @intrinsic  # type: ignore[untyped-decorator]
    def prefetch(typing_context: Any, array: Any, index: Any) -> Any:
        """Any thread. Begins to load the cache line of an element of a one-dimensional array, and does not wait."""

        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            array_type = signature.args[0]
            values = context.make_array(array_type)(context, builder, args[0])
            element = cgutils.get_item_pointer(context, builder, array_type, values, [args[1]])
            kind = ir.FunctionType(ir.VoidType(), [_BYTE_POINTER, _INT, _INT, _INT])
            instruction = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
            builder.call(instruction, [builder.bitcast(element, _BYTE_POINTER), _TO_READ, _KEEP_NEAR, _AS_DATA])
            return context.get_dummy_value()

        return types.void(array, types.intp), generate

else:

    def prefetch(array: Any, index: int) -> None:
        """Any thread. Begins to load the cache line of an element of a one-dimensional array, and does not wait."""
