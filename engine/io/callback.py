"""The native callback: the only function PortAudio calls, and the same work paced by a clock where there is no device.

Neither takes Python's lock. What they are given is the address of the engine's record; everything else is reached from
there.
"""

from __future__ import annotations

from typing import Any

from engine.core.atomics import store_release
from engine.core.clock import NS_PER_S, now_ns, sleep_until, thread_number
from engine.core.entries import entry
from engine.core.jit import kernel
from engine.core.pointers import call_at, record_at
from engine.memory import ENGINE

_OUTPUT_UNDERFLOW = 4
"""PortAudio's `paOutputUnderflow`: the device had nothing to play before this block."""
_CONTINUE = 0
_LOAD_SMOOTHING_S = 1.0
_CLOCK_LAG_NS = 200_000_000
"""A clock this far behind (a suspended machine) starts anew instead of catching up."""


@kernel
def _run_block(engine: Any, engine_address: int, out_address: int, frames: int) -> None:
    """Audio thread. Renders one device block and keeps the time it took."""
    status = engine.status
    begun_ns = now_ns(status.time)
    call_at(engine.render_address, (engine_address, out_address, frames, 1, 1))
    period_s = frames / engine.sample_rate_hz
    load = (now_ns(status.time) - begun_ns) / NS_PER_S / period_s
    status.load += min(1.0, period_s / _LOAD_SMOOTHING_S) * (load - status.load)
    status.peak_load = max(status.peak_load, load)
    status.largest_block = max(status.largest_block, frames)
    if status.thread == 0:
        status.thread = thread_number()
    store_release(status.callbacks, 0, status.callbacks[0] + 1)


@entry("int32(int64, int64, int64, int64, int64, int64)")
def stream_callback(_input: int, output: int, frames: int, _time: int, flags: int, user_data: int) -> int:
    """Audio thread. A `PaStreamCallback` for an output stream of interleaved float32; words for its pointers."""
    engine = record_at(user_data, ENGINE)
    if flags & _OUTPUT_UNDERFLOW:
        engine.status.xruns += 1
    _run_block(engine, user_data, output, frames)
    return _CONTINUE


@entry("void(int64, int64, int64)")
def run_clock(engine_address: int, out_address: int, frames: int) -> None:
    """Audio thread. Renders blocks of so many frames into one buffer at the pace of the clock, for ever."""
    engine = record_at(engine_address, ENGINE)
    time = engine.status.time
    period_ns = round(frames * NS_PER_S / engine.sample_rate_hz)
    due_ns = now_ns(time)
    while True:
        _run_block(engine, engine_address, out_address, frames)
        due_ns += period_ns
        if now_ns(time) - due_ns > _CLOCK_LAG_NS:
            due_ns = now_ns(time)
        sleep_until(time, due_ns)
