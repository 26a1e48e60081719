"""The monotonic clock and the thread's number, for kernels: two calls of the C library, no lock, no allocation."""

from __future__ import annotations

import threading
import time
from typing import Any

from engine.core.jit import JIT_ENABLED

NS_PER_S = 1_000_000_000

if JIT_ENABLED:
    from numba import types

    from engine.core.jit import kernel
    from engine.core.pointers import pointer_of

    _MONOTONIC = 1
    _ABSOLUTE = 1
    _clock_gettime = types.ExternalFunction("clock_gettime", types.int32(types.int32, types.voidptr))
    _clock_nanosleep = types.ExternalFunction(
        "clock_nanosleep", types.int32(types.int32, types.int32, types.voidptr, types.voidptr)
    )
    _gettid = types.ExternalFunction("gettid", types.int32())

    @kernel
    def now_ns(scratch: Any) -> int:
        """Any thread. Monotonic time; `scratch` is int64 (2,)."""
        _clock_gettime(_MONOTONIC, pointer_of(scratch))
        return scratch[0] * NS_PER_S + scratch[1]  # type: ignore[no-any-return]

    @kernel
    def sleep_until(scratch: Any, due_ns: int) -> None:
        """Any thread. Returns when `now_ns` is due, or has been for long."""
        scratch[0] = due_ns // NS_PER_S
        scratch[1] = due_ns % NS_PER_S
        _clock_nanosleep(_MONOTONIC, _ABSOLUTE, pointer_of(scratch), pointer_of(scratch))

    @kernel
    def thread_number() -> int:
        """Any thread. The system's number of this thread."""
        return _gettid()  # type: ignore[no-any-return]

else:

    def now_ns(scratch: Any) -> int:
        """Any thread. Monotonic time; `scratch` is int64 (2,)."""
        return time.monotonic_ns()

    def sleep_until(scratch: Any, due_ns: int) -> None:
        """Any thread. Returns when `now_ns` is due, or has been for long."""
        time.sleep(max(due_ns - time.monotonic_ns(), 0) / NS_PER_S)

    def thread_number() -> int:
        """Any thread. The system's number of this thread."""
        return threading.get_native_id()
