"""Exponent and mantissa of float32 by their bits, as instructions that vectorise; as plain Python, views of numpy.

For numbers from 0 on. Zero and denormal numbers count as about 2^-127; of infinity and of what is not a number both
parts are finite.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.jit import JIT_ENABLED

_MANTISSA_BITS = 23
_BIAS = 127
_ROOT_HALF_BITS = 0x3F3504F3
"""The bits of sqrt(1/2) as float32: below it a mantissa belongs to the next lower exponent."""

if JIT_ENABLED:
    from llvmlite import ir
    from numba import types
    from numba.extending import intrinsic

    _WORD = ir.IntType(32)
    _FLOAT = ir.FloatType()

    def _words_from_root_half(builder: Any, x: Any) -> tuple[Any, Any]:
        bits = builder.bitcast(x, _WORD)
        return bits, builder.ashr(builder.sub(bits, _WORD(_ROOT_HALF_BITS)), _WORD(_MANTISSA_BITS))

    @intrinsic  # type: ignore[untyped-decorator]
    def exponent(typing_context: Any, x: Any) -> Any:
        """The exponent e of `x = 2^e m` as float32, with m in [sqrt(1/2), sqrt(2))."""

        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            _, exponent = _words_from_root_half(builder, args[0])
            return builder.sitofp(exponent, _FLOAT)

        return types.float32(types.float32), generate

    @intrinsic  # type: ignore[untyped-decorator]
    def mantissa(typing_context: Any, x: Any) -> Any:
        """The mantissa m of `x = 2^e m`, in [sqrt(1/2), sqrt(2))."""

        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            bits, exponent = _words_from_root_half(builder, args[0])
            return builder.bitcast(builder.sub(bits, builder.shl(exponent, _WORD(_MANTISSA_BITS))), _FLOAT)

        return types.float32(types.float32), generate

    @intrinsic  # type: ignore[untyped-decorator]
    def power_of_two(typing_context: Any, whole: Any) -> Any:
        """Two to the power of a whole number in [-126, 127], given as float32."""

        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            biased = builder.add(builder.fptosi(args[0], _WORD), _WORD(_BIAS))
            return builder.bitcast(builder.shl(biased, _WORD(_MANTISSA_BITS)), _FLOAT)

        return types.float32(types.float32), generate

else:

    def _bits_and_exponent(x: Any) -> tuple[Any, Any]:
        bits = np.asarray(x, np.float32).view(np.int32).astype(np.int64)
        return bits, (bits - _ROOT_HALF_BITS) >> _MANTISSA_BITS

    def exponent(x: Any) -> Any:
        """The exponent e of `x = 2^e m` as float32, with m in [sqrt(1/2), sqrt(2))."""
        return np.float32(_bits_and_exponent(x)[1])

    def mantissa(x: Any) -> Any:
        """The mantissa m of `x = 2^e m`, in [sqrt(1/2), sqrt(2))."""
        bits, exponent = _bits_and_exponent(x)
        return (bits - (exponent << _MANTISSA_BITS)).astype(np.int32).view(np.float32)[()]

    def power_of_two(whole: Any) -> Any:
        """Two to the power of a whole number in [-126, 127], given as float32."""
        return ((np.asarray(whole).astype(np.int32) + _BIAS) << _MANTISSA_BITS).view(np.float32)[()]
