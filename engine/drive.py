"""The engine, driven by the address of its record: the one entry that renders, for every door.

The native callback, an offline render and a measurement all call the same machine code, so what they give cannot
differ.
"""

from __future__ import annotations

import numpy as np

from engine.core.entries import entry
from engine.core.pointers import array_at, record_at
from engine.memory import ENGINE
from engine.mixer.render import render, rings_of
from engine.sources.ring import RING_CONTROL


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
