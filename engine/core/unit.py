"""What every processor is to the mixer: a unit, run by one entry.

A *unit* is one kind of processor for a number of strips, in one insert slot of one rack. It runs over all its lanes in
place, also over those that serve nobody: they hold other strips' signals or silence, and must stay harmless. The mixer
keeps the dry signal beside it (delayed by the unit's latency), and blends per lane: that is bypass, mix and the
click-free coming and going (`mixer.seat`).

Units are *wide* (the lanes of a whole rack) or *narrow* (`NARROW_LANES`, for a few strips); the code for both is made
from the same sources, in which `LANES` is either. A *single* unit (its state is too large to be had by all lanes) is a
narrow one that runs over its column 0 alone.

The entry of a kind takes `(unit address, order, address, number)`:

| order | address | number | what is to be done |
|---|---|---|---|
| PROCESS | of a block | frames | process the block (frames <= 64, LANES) in place |
| DERIVE | of parameters | column | glide to these parameters (float32 in user units, in the order of `PARAMS`) |
| JUMP | of parameters | column | the same at once |
| RESET | | column | forget what the strip's two lanes have heard |
| SETTLE | | | 10 ms of samples have ended: rest what has arrived, drop what is inaudible or not finite |
| SIZE | of an int64 | | say how many bytes a unit has (before there is one) |

`sample_rate_hz` is set before anything else. Nothing may depend on how blocks are cut. The latency is the same for all
parameters: a number of frames for a rate (`Processor.latency_frames`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.core.entries import Entry
from engine.core.params import ParamSpec
from engine.core.pointers import array_at, record_at
from engine.core.record import BLOCK_FRAMES, LANES, record

UNIT_SIGNATURE = "void(int64, int64, int64, int64)"
PROCESS, DERIVE, JUMP, RESET, SETTLE, SIZE = range(6)

MOST_PARAMS = 32
"""Words of parameters per slot."""

OPERATING_LEVEL_DBFS = -18.0
"""The input level (average of a sine by its peak) that processors are made for: 0 VU, unless they say otherwise."""


@dataclass(frozen=True)
class Processor:
    """One kind of processor. `id` is stable (session files) and the name of its file too.

    `layout` is the record of a wide unit, made by `unit_layout`. `latency_frames` gives the frames at a rate. Of the
    readings in the header, `reads_reduction` and `reads_vu` tell which are kept. `is_single` marks units that run over
    one column. What `takes_any_level` is driven as far as its own settings say. What rings has died down when it has
    been quiet for longer than `longest_gap_s`.
    """

    id: str
    label: str
    params: tuple[ParamSpec, ...]
    layout: np.dtype[Any]
    entry: Entry
    latency_frames: Callable[[int], int] = lambda _sample_rate_hz: 0
    operating_level_dbfs: float = OPERATING_LEVEL_DBFS
    reads_reduction: bool = False
    reads_vu: bool = False
    is_single: bool = False
    takes_any_level: bool = False
    longest_gap_s: float = 0.25

    @property
    def defaults(self) -> tuple[float, ...]:
        """The value of each parameter in a new slot."""
        return tuple(spec.default for spec in self.params)


UNIT_HEADER = record(
    [
        ("sample_rate_hz", np.float64),
        ("reduction_db", np.float32, (LANES,)),
        ("vu", np.float32, (LANES,)),
    ]
)
"""How a unit begins. Both of each lane, kept up to date by PROCESS: `reduction_db` (0 or negative) is the gain
reduction now, `vu` the linear reading of the unit's own VU meter (a sine reads its peak level)."""


def unit_layout(*fields: tuple[Any, ...]) -> np.dtype[Any]:
    """The record of a unit: its header, and the kind's own fields."""
    return record([("header", UNIT_HEADER), *fields])


def unit_entry(layout: np.dtype[Any], process: Any, derive: Any, settle: Any, reset: Any) -> Entry:
    """The entry of a kind whose units have this layout; to be called `entry` in the kind's file.

    `process(unit, block, frames)`, `derive(unit, params, column, jump)`, `settle(unit)`, `reset(unit, column)`.
    """
    size = layout.itemsize

    def entry(unit_address: int, order: int, address: int, number: int) -> None:
        """Audio thread. See above."""
        if order == SIZE:
            array_at(address, (1,), np.int64)[0] = size
            return
        unit = record_at(unit_address, layout)
        if order == PROCESS:
            process(unit, array_at(address, (BLOCK_FRAMES, LANES), np.float32), number)
        elif order == SETTLE:
            settle(unit)
        elif order == RESET:
            reset(unit, number)
        else:
            derive(unit, array_at(address, (MOST_PARAMS,), np.float32), number, order == JUMP)

    return Entry(entry, UNIT_SIGNATURE, f"{derive.__module__}.entry")


def lanes_of(column: int, lanes: int = LANES) -> tuple[int, int]:
    """The left and the right lane of a strip's column, of so many lanes."""
    return column, column + lanes // 2
