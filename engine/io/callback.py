"""The native callback: the only function PortAudio calls, and the same work paced by a clock where there is no device.

Neither takes Python's lock. `user_data` is the address of the engine's record; everything else is reached from there.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray, cfunc, types

from engine.core.atomics import load_acquire, store_release
from engine.core.jit import FAST_MATH, kernel
from engine.core.pointers import pointer_from_address, pointer_of
from engine.memory import ENGINE
from engine.mixer.render import render, rings_of
from engine.sources.ring import RING_CONTROL

_MONOTONIC = 1
_ABSOLUTE = 1
_NS_PER_S = 1_000_000_000
_OUTPUT_UNDERFLOW = 4
"""PortAudio's `paOutputUnderflow`: the device had nothing to play before this block."""
_CONTINUE = 0
_LOAD_SMOOTHING_S = 1.0
_CLOCK_LAG_NS = 200_000_000
"""A clock this far behind (a suspended machine) starts anew instead of catching up."""

_clock_gettime = types.ExternalFunction("clock_gettime", types.int32(types.int32, types.voidptr))
_clock_nanosleep = types.ExternalFunction(
    "clock_nanosleep", types.int32(types.int32, types.int32, types.voidptr, types.voidptr)
)
_gettid = types.ExternalFunction("gettid", types.int32())


@kernel
def _now_ns(time: Any) -> int:
    """Audio thread. Monotonic time; `time` (2,) int64 is scratch."""
    _clock_gettime(_MONOTONIC, pointer_of(time))
    return time[0] * _NS_PER_S + time[1]


@kernel
def run_block(engine: Any, out: Any) -> None:
    """Audio thread. Renders one device block (frames, channels) and keeps the time it took."""
    status = engine.status
    begun_ns = _now_ns(status.time)
    control = carray(pointer_from_address(engine.ring_control_address), (1,), RING_CONTROL)[0]
    render(engine, rings_of(engine), control, out, True)
    frames = out.shape[0]
    period_s = frames / engine.sample_rate_hz
    load = (_now_ns(status.time) - begun_ns) / _NS_PER_S / period_s
    status.load += min(1.0, period_s / _LOAD_SMOOTHING_S) * (load - status.load)
    status.peak_load = max(status.peak_load, load)
    status.largest_block = max(status.largest_block, frames)
    if status.thread == 0:
        status.thread = _gettid()
    store_release(status.callbacks, 0, status.callbacks[0] + 1)


@cfunc(
    types.intc(types.voidptr, types.voidptr, types.ulong, types.voidptr, types.ulong, types.voidptr),
    cache=True,
    nopython=True,
    error_model="numpy",
    fastmath=set(FAST_MATH),
)
def stream_callback(_input: Any, output: Any, frames: int, _time: Any, flags: int, user_data: Any) -> int:
    """Audio thread. A `PaStreamCallback` for an output stream of interleaved float32."""
    engine = carray(user_data, (1,), ENGINE)[0]
    if flags & _OUTPUT_UNDERFLOW:
        engine.status.xruns += 1
    run_block(engine, carray(output, (np.int64(frames), engine.output.channels), np.float32))
    return _CONTINUE


@kernel
def run_clock(address: int, out: Any) -> None:
    """Audio thread. Renders blocks of the shape of `out` (frames, 2) at the pace of the clock until told to stop."""
    engine = carray(pointer_from_address(address), (1,), ENGINE)[0]
    status = engine.status
    period_ns = round(out.shape[0] * _NS_PER_S / engine.sample_rate_hz)
    due_ns = _now_ns(status.time)
    sleep = np.zeros(2, np.int64)
    while load_acquire(status.stop_clock, 0) == 0:
        run_block(engine, out)
        due_ns += period_ns
        if _now_ns(status.time) - due_ns > _CLOCK_LAG_NS:
            due_ns = _now_ns(status.time)
        sleep[0] = due_ns // _NS_PER_S
        sleep[1] = due_ns % _NS_PER_S
        _clock_nanosleep(_MONOTONIC, _ABSOLUTE, pointer_of(sleep), pointer_of(sleep))
