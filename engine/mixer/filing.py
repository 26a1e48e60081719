"""What meters have added up in 10 ms is put aside with the last block of them, and filed with the blocks after it.

The averages and totals of all stages are more than a cache holds, and a block that waited for all of them would take
half as long again as others. So each block after the end of a tick has its share: it files a rack or a few, in the
order in which they run, and when all are filed takes blocks of 400 ms (`meters.gated`) of the racks whose turn it is.
`ticks` is counted on when all is done, so what the reader sees is whole, and the same as if it had been done at once.
That is what happens offline, and where a device's blocks are so long that it does not matter.
"""

from __future__ import annotations

from typing import Any

from engine.core.atomics import store_release
from engine.core.jit import kernel
from engine.meters.frame import AFTER_FADER
from engine.meters.programme_ring import file_programme
from engine.mixer.controls import MASTER_RACK
from engine.mixer.strip import file_rack, gate_rack

_LONG_PER_TICK = 5
"""A device's block of 2 ms and more has time for everything at once."""


@kernel
def is_filed_at_once(engine: Any, frames: int, live: bool) -> bool:
    """Audio thread. Whether a device's block of so many frames is to file all ticks that end in it."""
    return not live or _LONG_PER_TICK * frames >= engine.meters.tick_frames


@kernel
def begin_filing(engine: Any, plan: Any) -> None:
    """Audio thread, after the last sample of each 10 ms, which have been closed."""
    meters = engine.meters
    meters.unfiled = 2 * (plan.racks + 1)
    meters.closed_sounded = meters.sounded
    meters.sounded = 0


@kernel
def _file(engine: Any, plan: Any, steps: int) -> None:
    """Audio thread. Does the next steps of filing, two for each rack."""
    meters = engine.meters
    racks = plan.racks + 1
    tick = meters.ticks[0]
    for _ in range(steps):
        step = 2 * racks - meters.unfiled
        number = step % racks
        index = plan.order[number] if number < plan.racks else MASTER_RACK
        if engine.metered:
            if step < racks:
                file_rack(engine, plan, index, tick)
            else:
                gate_rack(engine, plan, index, tick)
        meters.unfiled -= 1
    if meters.unfiled == 0:
        if engine.metered:
            file_programme(meters, engine.racks[MASTER_RACK].stages[AFTER_FADER])
        store_release(meters.ticks, 0, tick + 1)


@kernel
def file_rest(engine: Any, plan: Any) -> None:
    """Audio thread. Files what is left of a tick that is over."""
    if engine.meters.unfiled:
        _file(engine, plan, engine.meters.unfiled)


@kernel
def file_share(engine: Any, plan: Any, frames: int) -> None:
    """Audio thread, after a block. Files so much that nothing is left for the block that ends the next tick."""
    unfiled = engine.meters.unfiled
    if unfiled:
        _file(engine, plan, min(-(-unfiled * frames // engine.meters.tick_left), unfiled))
