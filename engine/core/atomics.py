"""Ordered access to single words shared between threads and processes.

A release store makes everything written before it visible to whoever reads the same word with an acquire load.
The functions take a one-dimensional int64 array and an index; as plain Python they are ordinary accesses.
"""

from __future__ import annotations

from typing import Any

from engine.core.jit import JIT_ENABLED, kernel

_WORD_BYTES = 8

if JIT_ENABLED:
    import numpy as np
    from numba import types
    from numba.core import cgutils
    from numba.extending import intrinsic

    def _address(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        array_type = signature.args[0]
        array = context.make_array(array_type)(context, builder, args[0])
        return cgutils.get_item_pointer(context, builder, array_type, array, [args[1]])

    @intrinsic  # type: ignore[untyped-decorator]
    def _load(typing_context: Any, words: Any, index: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.load_atomic(_address(context, builder, signature, args), "acquire", _WORD_BYTES)

        return types.int64(words, types.intp), generate

    @intrinsic  # type: ignore[untyped-decorator]
    def _store(typing_context: Any, words: Any, index: Any, value: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            builder.store_atomic(args[2], _address(context, builder, signature, args), "release", _WORD_BYTES)
            return context.get_dummy_value()

        return types.void(words, types.intp, types.int64), generate

    @kernel
    def load_acquire(words: Any, index: int) -> int:
        """Any thread. The word, and with it everything its writer wrote before it."""
        return _load(words, index)  # type: ignore[no-any-return]

    @kernel
    def store_release(words: Any, index: int, value: int) -> None:
        """Any thread. Writes the word after everything written before it."""
        _store(words, index, np.int64(value))

else:

    def load_acquire(words: Any, index: int) -> int:
        """Any thread. The word, and with it everything its writer wrote before it."""
        return int(words[index])

    def store_release(words: Any, index: int, value: int) -> None:
        """Any thread. Writes the word after everything written before it."""
        words[index] = value
