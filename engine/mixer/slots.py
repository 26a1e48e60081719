"""Insert slots: every unit of a slot runs over the rack, and its lanes are blended with the dry signal.

    block ─┬─────────────────────────────────────────────────────┐
           ├→ as late as the unit ─┐ bypass, mix                 │ coming, going
           └→ unit ─────────────── blend → output trim ───────── blend →

A lane belongs to one unit of its slot at a time; a lane without one passes as it is. Bypass leaves the delay of a unit
in the path, so it never moves the sound. Who comes in waits until the unit has heard as much as it is late.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.atomics import load_acquire
from engine.core.jit import exact_kernel, kernel
from engine.core.pointers import address_of, array_at, call_at, record_at
from engine.core.record import LANES, STRIPS_PER_RACK
from engine.core.unit import DERIVE, JUMP, PROCESS, RESET, SETTLE, UNIT_HEADER
from engine.dsp.smoother import move_gains, set_gain, set_target, settle
from engine.mixer.controls import gain_of
from engine.mixer.plan import SEAT

_ABSURD = np.float32(1e8)


@kernel
def _delay_dry(ref: Any, seat: Any, block: Any, frames: int) -> None:
    """Audio thread. Makes the block as late as the unit's output, in place."""
    mask = ref.dry_rows - 1
    line = array_at(ref.dry, (ref.dry_rows, LANES), np.float32)
    start = seat.written
    for t in range(frames):
        into = line[(start + t) & mask]
        for lane in range(LANES):
            into[lane] = block[t, lane]
    for t in range(frames):
        out = line[(start + t - ref.latency) & mask]
        for lane in range(LANES):
            block[t, lane] = out[lane]
    seat.written = start + frames


@kernel
def _blend(block: Any, dry: Any, wet: Any, t: int, present: Any, share: Any, output: Any, owns: Any) -> None:
    one = np.float32(1.0)
    for lane in range(LANES):
        p = np.float32(present[lane])
        w = np.float32(share[lane])
        x = wet[t, lane] if abs(wet[t, lane]) < _ABSURD else np.float32(0.0)
        y = (dry[t, lane] * (one - w) + x * w) * np.float32(output[lane])
        y = block[t, lane] * (one - p) + y * p
        block[t, lane] = y if owns[lane] != np.float32(0.0) else block[t, lane]


@kernel
def _run_unit(engine: Any, ref: Any, block: Any, frames: int) -> None:
    wet = engine.wet_block
    dry = engine.dry_block
    for t in range(frames):
        for lane in range(LANES):
            wet[t, lane] = block[t, lane]
            dry[t, lane] = block[t, lane]
    call_at(ref.entry, (ref.unit, PROCESS, address_of(wet), frames))
    seat = record_at(ref.seat, SEAT)
    if ref.latency > 0:
        _delay_dry(ref, seat, dry, frames)
    moving = seat.present.moving != 0 or seat.wet.moving != 0 or seat.output.moving != 0
    if not moving:
        for t in range(frames):
            _blend(block, dry, wet, t, seat.present.resting, seat.wet.resting, seat.output.resting, ref.owns)
        return
    for t in range(frames):
        move_gains(seat.present, engine.smoothing)
        move_gains(seat.wet, engine.smoothing)
        move_gains(seat.output, engine.smoothing)
        _blend(block, dry, wet, t, seat.present.gain, seat.wet.gain, seat.output.gain, ref.owns)


@kernel
def run_inserts(engine: Any, plan: Any, index: int, block: Any, frames: int) -> None:
    """Audio thread. Takes the block of a rack through its insert slots, in place."""
    first = plan.first_unit[index, 0]
    last = plan.first_unit[index, plan.first_unit.shape[1] - 1]
    for number in range(first, last):
        _run_unit(engine, plan.units[number], block, frames)


@kernel
def _let_in(engine: Any, ref: Any, seat: Any) -> None:
    """Audio thread. Lets columns in that have waited long enough."""
    for column in range(STRIPS_PER_RACK):
        if seat.waits[column] > 0:
            seat.waits[column] = max(seat.waits[column] - engine.meters.tick_frames, 0)
            if seat.waits[column] == 0:
                for side in range(2):
                    set_target(seat.present, column + side * STRIPS_PER_RACK, 1.0, False)


@kernel
def end_insert_tick(engine: Any, plan: Any) -> None:
    """Audio thread, after the last sample of each 10 ms. Lets units rest, and shows what they read."""
    for number in range(plan.unit_count):
        ref = plan.units[number]
        call_at(ref.entry, (ref.unit, SETTLE, 0, 0))
        seat = record_at(ref.seat, SEAT)
        settle(seat.present)
        settle(seat.wet)
        settle(seat.output)
        _let_in(engine, ref, seat)
        header = record_at(ref.unit, UNIT_HEADER)
        readings = engine.racks[ref.rack].readings[ref.insert]
        for lane in range(LANES):
            if ref.owns[lane] != np.float32(0.0):
                readings.reduction_db[lane] = header.reduction_db[lane]
                readings.vu[lane] = header.vu[lane]


@exact_kernel
def _aim(seat: Any, control: Any, column: int, jump: bool) -> None:
    share = 0.0 if control.bypass else np.float64(control.mix_percent) / 100.0
    output = 1.0 if control.bypass else gain_of(np.float64(control.output_db))
    for side in range(2):
        set_target(seat.wet, column + side * STRIPS_PER_RACK, share, jump)
        set_target(seat.output, column + side * STRIPS_PER_RACK, output, jump)


@kernel
def derive_inserts(engine: Any, plan: Any, jump: bool) -> None:
    """Audio thread. Tells units whose parameters changed, and sends bypass, mix and output trim on their way."""
    for number in range(plan.unit_count):
        ref = plan.units[number]
        seat = record_at(ref.seat, SEAT)
        for column in range(STRIPS_PER_RACK):
            slot = plan.slots[ref.rack, column]
            if ref.owns[column] == np.float32(0.0) or slot < 0:
                continue
            control = engine.controls.strips[slot].inserts[ref.insert]
            version = load_acquire(control.version, 0)
            if version == seat.seen[column]:
                continue
            # A column that is new to the unit begins with its parameters as they are; the sound fades in.
            at_once = jump or seat.seen[column] < 0
            seat.seen[column] = version
            call_at(ref.entry, (ref.unit, JUMP if at_once else DERIVE, address_of(control.params), column))
            _aim(seat, control, column, at_once)


@kernel
def enter_units(plan: Any, jump: bool) -> None:
    """Audio thread, when a plan is taken. Makes units forget whoever had their new columns before."""
    for number in range(plan.unit_count):
        ref = plan.units[number]
        seat = record_at(ref.seat, SEAT)
        for column in range(STRIPS_PER_RACK):
            if ref.fresh[column]:
                call_at(ref.entry, (ref.unit, RESET, 0, column))
                seat.seen[column] = -1
                seat.waits[column] = 0 if jump else ref.latency + 1
                for side in range(2):
                    set_gain(seat.present, column + side * STRIPS_PER_RACK, 1.0 if jump else 0.0)
                    set_target(seat.present, column + side * STRIPS_PER_RACK, 1.0 if jump else 0.0, True)


@kernel
def leave_units(plan: Any) -> None:
    """Audio thread. Begins to take out the columns that a plan, which is to be taken soon, takes away from units."""
    for number in range(plan.leaving_count):
        leaving = plan.leaving[number]
        seat = record_at(leaving.seat, SEAT)
        for column in range(STRIPS_PER_RACK):
            if leaving.columns[column]:
                seat.waits[column] = 0
                for side in range(2):
                    set_target(seat.present, column + side * STRIPS_PER_RACK, 0.0, False)


@kernel
def have_left(plan: Any) -> bool:
    """Audio thread. Whether those columns are out."""
    for number in range(plan.leaving_count):
        leaving = plan.leaving[number]
        seat = record_at(leaving.seat, SEAT)
        for column in range(STRIPS_PER_RACK):
            if leaving.columns[column]:
                for side in range(2):
                    if seat.present.gain[column + side * STRIPS_PER_RACK] != 0.0:
                        return False
    return True
