"""Takes a rack's block through one unit, and blends what comes out with the dry signal.

    block ─┬─────────────────────────────────────────────────────┐
           ├→ as late as the unit ─┐ bypass, mix                 │ coming, going
           └→ unit ─────────────── blend → output trim ───────── blend →

A wide unit has every column of the rack in its place; to a narrow one the few that it serves are brought. Where nothing
but the unit's own signal is heard, it works in place. What keeps track of all that is the seat (`mixer.seat`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.jit import kernel
from engine.core.pointers import address_of, array_at, call_at
from engine.core.record import BLOCK_FRAMES, LANES, STRIPS_PER_RACK, WIDE_LANES, record
from engine.core.unit import PROCESS
from engine.dsp.smoother import apply_gains, move_gains

RACK_COLUMNS = WIDE_LANES // 2

SCRATCH = record(
    [
        ("brought", np.float32, (BLOCK_FRAMES, LANES)),
        ("wet", np.float32, (BLOCK_FRAMES, LANES)),
        ("dry", np.float32, (BLOCK_FRAMES, LANES)),
    ]
)
"""Blocks on their way through one unit."""

_ABSURD = np.float32(1e8)
_ONE = np.float32(1.0)


@kernel
def _copy(to: Any, block: Any, frames: int) -> None:
    for t in range(frames):
        for lane in range(LANES):
            to[t, lane] = block[t, lane]


@kernel
def _bring(ref: Any, block: Any, brought: Any, frames: int) -> None:
    """Audio thread. Copies the columns that the unit serves out of the rack's block."""
    for place in range(STRIPS_PER_RACK):
        column = ref.columns[place]
        if column >= 0:
            for t in range(frames):
                brought[t, place] = block[t, column]
                brought[t, place + STRIPS_PER_RACK] = block[t, column + RACK_COLUMNS]


@kernel
def _bring_back(ref: Any, block: Any, heard: Any, frames: int) -> None:
    for place in range(STRIPS_PER_RACK):
        column = ref.columns[place]
        if column >= 0:
            for t in range(frames):
                block[t, column] = heard[t, place]
                block[t, column + RACK_COLUMNS] = heard[t, place + STRIPS_PER_RACK]


@kernel
def _store_dry(ref: Any, seat: Any, block: Any, frames: int) -> None:
    """Audio thread. Keeps the block for as long as the unit is late."""
    line = array_at(ref.dry, (ref.dry_rows, LANES), np.float32)
    for t in range(frames):
        into = line[(seat.written + t) & (ref.dry_rows - 1)]
        for lane in range(LANES):
            into[lane] = block[t, lane]
    seat.written += frames


@kernel
def _read_dry(ref: Any, seat: Any, dry: Any, frames: int) -> None:
    """Audio thread. The signal that came in as long ago as the unit's output."""
    line = array_at(ref.dry, (ref.dry_rows, LANES), np.float32)
    for t in range(frames):
        out = line[(seat.written - frames - ref.latency + t) & (ref.dry_rows - 1)]
        for lane in range(LANES):
            dry[t, lane] = out[lane]


@kernel
def _sound(x: Any) -> Any:
    """What is no sound is silence."""
    return x if abs(x) < _ABSURD else np.float32(0.0)


@kernel
def _move(gains: Any, coefficient: float) -> None:
    move_gains(gains, coefficient)
    for lane in range(LANES):
        gains.resting[lane] = gains.gain[lane]


@kernel
def _blend(here: Any, dry: Any, wet: Any, t: int, present: Any, share: Any, output: Any) -> None:
    for lane in range(LANES):
        p = present[lane]
        w = share[lane]
        y = (dry[t, lane] * (_ONE - w) + _sound(wet[t, lane]) * w) * output[lane]
        wet[t, lane] = here[t, lane] * (_ONE - p) + y * p


@kernel
def _rests(seat: Any) -> bool:
    return seat.heard.moving + seat.present.moving + seat.wet.moving + seat.output.moving == 0


@kernel
def _run_wet(ref: Any, seat: Any, block: Any, frames: int) -> None:
    """Audio thread. Takes a block in place through a unit whose own signal is all that is heard: as a blend would."""
    if ref.latency > 0:
        _store_dry(ref, seat, block, frames)
    call_at(ref.entry, (ref.unit, PROCESS, address_of(block), frames))
    output = seat.output.resting
    for t in range(frames):
        for lane in range(LANES):
            block[t, lane] = _sound(block[t, lane]) * output[lane]


@kernel
def _run_blended(ref: Any, seat: Any, here: Any, scratch: Any, frames: int) -> None:
    """Audio thread. Takes a block through a unit and blends, into the scratch block `wet`."""
    wet = scratch.wet
    dry = scratch.dry
    moving = not _rests(seat)
    _copy(wet, here, frames)
    apply_gains(seat.heard, seat.smoothing, wet, frames)
    call_at(ref.entry, (ref.unit, PROCESS, address_of(wet), frames))
    if ref.latency > 0:
        _store_dry(ref, seat, here, frames)
        _read_dry(ref, seat, dry, frames)
    else:
        _copy(dry, here, frames)
    for t in range(frames):
        if moving:
            _move(seat.present, seat.smoothing)
            _move(seat.wet, seat.smoothing)
            _move(seat.output, seat.smoothing)
        _blend(here, dry, wet, t, seat.present.resting, seat.wet.resting, seat.output.resting)


@kernel
def _run_brought(ref: Any, seat: Any, block: Any, scratch: Any, frames: int) -> None:
    brought = scratch.brought
    _bring(ref, block, brought, frames)
    if seat.is_wet and _rests(seat):
        _run_wet(ref, seat, brought, frames)
        _bring_back(ref, block, brought, frames)
    else:
        _run_blended(ref, seat, brought, scratch, frames)
        _bring_back(ref, block, scratch.wet, frames)


@kernel
def _run_in_place(ref: Any, seat: Any, block: Any, scratch: Any, frames: int) -> None:
    wet = scratch.wet
    if not (seat.is_wet and _rests(seat)):
        _run_blended(ref, seat, block, scratch, frames)
    elif ref.is_whole:
        _run_wet(ref, seat, block, frames)
        return
    else:
        _copy(wet, block, frames)
        _run_wet(ref, seat, wet, frames)
    for t in range(frames):
        for column in range(STRIPS_PER_RACK):
            other = column + STRIPS_PER_RACK
            serves = ref.columns[column] >= 0
            block[t, column] = wet[t, column] if serves else block[t, column]
            block[t, other] = wet[t, other] if serves else block[t, other]


@kernel
def run_unit(ref: Any, seat: Any, block: Any, scratch: Any, frames: int) -> None:
    """Audio thread. Takes the rack's block through the unit, in place."""
    if ref.is_brought:
        _run_brought(ref, seat, block, scratch, frames)
    else:
        _run_in_place(ref, seat, block, scratch, frames)
