"""Entries: the compiled functions that are called from outside of compiled code, by their address.

Python, PortAudio and other kernels call an entry as a C function of numbers (addresses included). The program never
compiles one itself: a process of its own does (`engine.io.compiler`), and everybody else links the machine code it
made (`core.machine_code`), which takes a few milliseconds and no numba. So all processes run the very same code, and a
render for the ear and one for a file cannot differ.

With `NUMBA_DISABLE_JIT=1` entries run as plain Python.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cached_property
from typing import Any

from engine.core import machine_code
from engine.core.jit import FAST_MATH, IS_PLAIN
from engine.core.pointers import PLAIN_FUNCTIONS

_WORDS: dict[str, Any] = {"void": None, "int32": ctypes.c_int32, "int64": ctypes.c_int64, "float64": ctypes.c_double}


class Entry:
    """One entry; calling it does not hold Python's lock. Arguments are numbers, arrays are given by their address."""

    def __init__(self, function: Callable[..., Any], signature: str, name: str = "") -> None:
        self._function = function
        self.signature = signature
        self.name = name or f"{function.__module__}.{function.__name__}"
        self.__doc__ = function.__doc__

    def __call__(self, *arguments: Any) -> Any:
        """Calls the compiled function."""
        return self._call(*arguments)

    @cached_property
    def narrow(self) -> Entry:
        """The same, made for narrow units."""
        return self if IS_PLAIN else Entry(self._function, self.signature, self.name + machine_code.NARROW)

    @cached_property
    def address(self) -> int:
        """Where the compiled function lies in this process. Raises EngineError when its machine code is missing."""
        if IS_PLAIN:
            address = len(PLAIN_FUNCTIONS) + 1
            PLAIN_FUNCTIONS[address] = self._function
            return address
        return machine_code.link(self.name)

    def compile(self) -> machine_code.ObjectCode:
        """Machine code of this entry, made here and now: for the compiler's process (`io.compiler`)."""
        import numba

        settings = {"nopython": True, "error_model": "numpy", "fastmath": set(FAST_MATH)}
        made = numba.cfunc(self.signature, **settings)(self._function)
        return machine_code.emit(made.native_name, made.inspect_llvm())

    @property
    def is_linked(self) -> bool:
        """Whether it is ready to be called at once."""
        return "_call" in self.__dict__

    def link(self) -> None:
        """Makes it ready to be called. Raises EngineError when its machine code is missing."""
        _ = self._call

    @cached_property
    def _call(self) -> Any:
        if IS_PLAIN:
            return self._function
        returns, _, arguments = self.signature.rstrip(")").partition("(")
        words = [_WORDS[word.strip()] for word in arguments.split(",")]
        return ctypes.CFUNCTYPE(_WORDS[returns], *words)(self.address)


def entry(signature: str) -> Callable[[Callable[..., Any]], Entry]:
    """Makes a function an entry. `signature` is numba's, of int32, int64 and float64: `void(int64, float64)`."""
    return lambda function: Entry(function, signature)
