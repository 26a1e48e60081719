"""Memory of meters, all there before the audio thread needs it: else it would wait for each page that it comes by.

What meters keep is large (a megabyte a stage), and few strips use little of it; so it is asked for with each plan.
Control thread.
"""

from __future__ import annotations

import ctypes
import mmap
from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.core.pointers import array_at
from engine.meters.frame import AFTER_FADER, AFTER_INSERT, AT_SEND, STAGES
from engine.mix import INSERT_SLOTS
from engine.mixer.controls import MASTER_RACK

_POPULATE_WRITE = 23
"""MADV_POPULATE_WRITE, Linux 5.14 and later."""


def populate_meters(engine: Any, plan: Any) -> None:
    """Has the system give all memory that a plan's stages, and the programme, will be measured in."""
    for rack in (*plan.order[: plan.racks], MASTER_RACK):
        stages = engine.racks[rack].stages
        for stage in stages_of(plan, int(rack)):
            # Strips' histograms come last, one strip after the other.
            histograms = stages[stage].histograms
            end = histograms[: plan.columns[rack]].nbytes + histograms.ctypes.data
            populate(stages[stage : stage + 1].ctypes.data, end)
    programme = engine.meters.programme
    populate(programme.ctypes.data, programme.ctypes.data + programme.nbytes)


def stages_of(plan: Any, rack: int) -> Iterator[int]:
    """Those that the audio thread will find (`mixer.strip.look_at_plan`)."""
    for stage in range(len(STAGES)):
        insert, send = stage - AFTER_INSERT, stage - AT_SEND
        if send >= 0:
            is_there = plan.is_used[rack, 1 + send]
        elif 0 <= insert < INSERT_SLOTS and stage < AFTER_FADER:
            is_there = plan.first_unit[rack, insert] < plan.first_unit[rack, insert + 1]
        else:
            is_there = True
        if is_there:
            yield stage


def populate(start: int, end: int) -> None:
    """Has the system give the memory between two addresses, in whole pages."""
    first = start - start % mmap.PAGESIZE
    size = -(-(end - first) // mmap.PAGESIZE) * mmap.PAGESIZE
    if _MADVISE is None or _MADVISE(first, size, _POPULATE_WRITE) != 0:
        # Looking at each page is nearly as good: writing to a page that is there costs little.
        array_at(first, (size,), np.uint8)[:: mmap.PAGESIZE].sum()


def _find_madvise() -> Any:
    try:
        found = ctypes.CDLL(None).madvise
    except (AttributeError, OSError):
        return None
    found.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    return found


_MADVISE = _find_madvise()
