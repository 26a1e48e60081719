"""The engine, driven by the address of its record: the entries that render, for every door.

The native callback, an offline render and a measurement all call the same machine code, so what they give cannot
differ. A rack is an entry of its own because two halves are compiled at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.entries import entry
from engine.core.pointers import array_at, record_at
from engine.memory import ENGINE
from engine.mixer.plan import PLAN
from engine.mixer.render import render, rings_of
from engine.mixer.strip import process_rack
from engine.sources.ring import RING_CONTROL


@entry("void(int64, int64, int64, int64, int64)")
def render_rack(engine_address: int, plan_address: int, index: int, frames: int, sounding: int) -> None:
    """Audio thread. Takes the block of one rack from its input to all its ways out."""
    process_rack(record_at(engine_address, ENGINE), record_at(plan_address, PLAN), index, frames, sounding != 0)


@entry("void(int64, int64, int64, int64, int64)")
def render_blocks(engine_address: int, out_address: int, frames: int, live: int, blocks: int) -> None:
    """Audio thread. Renders so many blocks of `frames`, each into the same interleaved float32 buffer.

    The buffer has `output.channels` channels. `live` is 1 for the monitor signal, 0 for the bare master.
    """
    engine = record_at(engine_address, ENGINE)
    control = record_at(engine.ring_control_address, RING_CONTROL)
    out = array_at(out_address, (frames, engine.output.channels), np.float32)
    for _ in range(blocks):
        render(engine, rings_of(engine), control, out, live != 0)


def set_entries(engine: Any) -> None:
    """Tells an engine where it lies in this process, and where its code does."""
    engine.own_address = engine.base.ctypes.data
    engine.render_address = render_blocks.address
    engine.rack_address = render_rack.address
