"""The signal flow of one block, from top to bottom, for the live and the offline door alike.

    rings -> stem strips (racks of 32) -> buses and returns, level by level -> plain sum -> master strip -> [bounce]
                                                                                   `-> monitor section -> device

Blocks are cut at 64 frames, at the end of every 10 ms of samples, and where the transport changes, so that no result
depends on the device's block size.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.atomics import load_acquire, store_release
from engine.core.jit import kernel
from engine.core.pointers import array_at, call_at, record_at
from engine.core.prefetch import CACHE_LINE_BYTES, prefetch
from engine.core.record import BLOCK_FRAMES, LANES, STRIPS_PER_RACK
from engine.dsp.smoother import settle
from engine.meters.clips import forget_runs
from engine.meters.frame import INPUT
from engine.meters.output_peak import end_output_tick, hand_over_output
from engine.mix import MAX_STRIPS
from engine.mixer.change import change_plan, first_plan
from engine.mixer.controls import MASTER_RACK, RACKS, SLOTS, STEM_RACKS, derive_gains
from engine.mixer.filing import begin_filing, file_rest, file_share, is_filed_at_once
from engine.mixer.metering import derive_meters
from engine.mixer.monitor import derive_monitor
from engine.mixer.plan import PLAN
from engine.mixer.slots import derive_inserts, end_insert_tick, start_units
from engine.mixer.strip import end_rack_tick, hand_over_rack
from engine.mixer.sums import fold_sides
from engine.mixer.transport import (
    FADING,
    PLAYING,
    RESUME_FRAMES,
    advance,
    arrive,
    fade,
    frames_until_change,
    take_orders,
)

_LINE_FRAMES = CACHE_LINE_BYTES // 4
"""Samples of one side in a cache line."""


@kernel
def _sources_available(control: Any, frames: int) -> bool:
    """Audio thread. Whether every playing stem has at least `frames` in its ring."""
    read = control.read_frames[0]
    for slot in range(MAX_STRIPS):
        if load_acquire(control.active, slot) and load_acquire(control.written, slot) - read < frames:
            return False
    return True


@kernel
def _look_ahead(transport: Any, control: Any) -> None:
    """Audio thread. Sees whether the disk keeps up: a fade-out begins while the rings still hold the sound for it."""
    reserve = transport.fade_frames + BLOCK_FRAMES
    if _sources_available(control, RESUME_FRAMES if transport.starved else reserve):
        transport.starved = 0
    elif not transport.starved:
        transport.starved = 1
        transport.underruns += 1


@kernel
def _load_rack(block: Any, first_slot: int, rings: Any, control: Any, frames: int) -> None:
    """Audio thread. Copies the next frames of up to 32 stems from their rings into the lanes of a block.

    The block after it is asked for meanwhile.
    """
    mask = rings.shape[2] - 1
    read = control.read_frames[0]
    for column in range(STRIPS_PER_RACK):
        slot = first_slot + column
        if not load_acquire(control.active, slot):
            continue
        start = read & mask
        run = min(frames, rings.shape[2] - start)
        for side in range(2):
            lane = column + side * STRIPS_PER_RACK
            for line in range(BLOCK_FRAMES // _LINE_FRAMES):
                prefetch(rings[slot, side], (read + BLOCK_FRAMES + line * _LINE_FRAMES) & mask)
            # Slices, not indices with an offset: the compiler then knows that nothing wraps around.
            ahead = rings[slot, side, start : start + run]
            for t in range(run):
                block[t, lane] = ahead[t]
            wrapped = rings[slot, side, : frames - run]
            for t in range(frames - run):
                block[run + t, lane] = wrapped[t]


@kernel
def _clear_block(block: Any, frames: int) -> None:
    for t in range(frames):
        for lane in range(LANES):
            block[t, lane] = 0.0


@kernel
def _run_rack(engine: Any, index: int, frames: int, sounding: bool) -> None:
    call_at(engine.rack_address, (engine.own_address, engine.plan_address, index, frames, 1 if sounding else 0))


@kernel
def _render_block(engine: Any, plan: Any, rings: Any, control: Any, frames: int, sounding: bool) -> None:
    """Audio thread. One block of at most 64 frames, into the master rack's block and, if live, the monitor's."""
    total = engine.total_block
    _clear_block(total, frames)
    if engine.listening:
        _clear_block(engine.listen_block, frames)
    for number in range(plan.racks):
        _clear_block(engine.racks[plan.order[number]].block, frames)
    for number in range(plan.racks):
        index = plan.order[number]
        if index < STEM_RACKS and sounding:
            block = engine.racks[index].block
            _load_rack(block, index * STRIPS_PER_RACK, rings, control, frames)
            fade(engine.transport, block, frames, LANES)
        _run_rack(engine, index, frames, sounding)
    fold_sides(total, frames)
    master = engine.racks[MASTER_RACK].block
    for t in range(frames):
        for lane in range(LANES):
            master[t, lane] = total[t, lane]
    _run_rack(engine, MASTER_RACK, frames, sounding)


@kernel
def _end_tick(engine: Any, plan: Any, at_once: bool) -> None:
    """Audio thread, after the last sample of each 10 ms. `at_once`: what they have brought is filed now."""
    listening = engine.controls.listening
    for number in range(plan.racks + 1):
        rack = engine.racks[plan.order[number] if number < plan.racks else MASTER_RACK]
        end_rack_tick(rack)
        if rack.before.moving or rack.after.moving:
            listening = 1
    if engine.metered:
        end_output_tick(engine.output_peak, engine.meters.ballistics)
    begin_filing(engine, plan)
    if at_once:
        file_rest(engine, plan)
    end_insert_tick(engine, plan)
    settle(engine.monitor)
    if engine.monitor.moving:
        listening |= engine.listening
    if engine.listening and not listening:
        _clear_block(engine.listen_block, BLOCK_FRAMES)
    engine.listening = listening
    change_plan(engine)
    # Whoever has come in must know its parameters before it is heard, however long this callback still is.
    _look_at_controls(engine, False)


@kernel
def _derive(engine: Any, plan: Any, jump: bool) -> None:
    derive_gains(engine.controls, engine.racks, plan.places, engine.sides, engine.dips, engine.seen, jump)
    if not engine.changing:
        derive_inserts(engine, plan, jump)
    derive_monitor(engine, jump)
    derive_meters(engine)
    if engine.controls.listening:
        engine.listening = 1


@kernel
def _look_at_controls(engine: Any, jump: bool) -> None:
    """Audio thread. Takes what the interface has changed, and says all anew to those who have come in with a plan."""
    version = load_acquire(engine.controls.version_word, 0)
    sides = load_acquire(engine.sides_version, 0)
    if version == engine.seen_controls and sides == engine.seen_sides:
        return
    if sides != engine.seen_sides:
        for slot in range(SLOTS):
            engine.seen[slot] = -1
    engine.seen_controls = version
    engine.seen_sides = sides
    _derive(engine, record_at(engine.plan_address, PLAN), jump)


@kernel
def _forget_runs(engine: Any) -> None:
    for index in range(STEM_RACKS):
        if engine.racks[index].clips.is_any:
            forget_runs(engine.racks[index].clips)


@kernel
def _obey(engine: Any, control: Any) -> None:
    """Audio thread, once per callback. Takes orders, new controls and the reader's wish for maxima."""
    transport = engine.transport
    still = transport.state != PLAYING and transport.state != FADING
    take_orders(transport)
    if arrive(transport):
        store_release(control.read_frames, 0, 0)
        _forget_runs(engine)
    if engine.status.frames == 0:
        first_plan(engine)
    if engine.plan_address != 0:
        if transport.from_beginning:
            start_units(record_at(engine.plan_address, PLAN))
        _look_at_controls(engine, still)
    transport.from_beginning = 0
    wanted = load_acquire(engine.meters.wanted, 0)
    if wanted != engine.meters.handed[0]:
        for index in range(RACKS):
            if engine.racks[index].read_from[INPUT] == INPUT:
                hand_over_rack(engine.racks[index])
        hand_over_output(engine.output_peak)
        engine.status.handed_peak_load = engine.status.peak_load
        engine.status.peak_load = 0.0
        store_release(engine.meters.handed, 0, wanted)


@kernel
def render(engine: Any, rings: Any, control: Any, out: Any, live: bool) -> None:
    """Audio thread. Fills `out` (frames, channels) float32 with the monitor signal (`live`) or the bare master.

    `rings` is (strips, 2, capacity) float32 with a power of two as capacity, `control` the rings' control block.
    """
    _obey(engine, control)
    if engine.plan_address == 0:
        # Nothing is connected yet.
        for t in range(out.shape[0]):
            for channel in range(out.shape[1]):
                out[t, channel] = 0.0
        return
    engine.live = live
    transport = engine.transport
    left_channel = engine.output.left
    right_channel = engine.output.right
    total = out.shape[0]
    is_at_once = is_filed_at_once(engine, total, live)
    done = 0
    while done < total:
        frames = min(min(BLOCK_FRAMES, total - done), engine.meters.tick_left)
        sounding = transport.state == PLAYING or transport.state == FADING
        if sounding:
            _look_ahead(transport, control)
            frames = frames_until_change(transport, frames)
            if transport.starved and (transport.fade_at == 0 or not _sources_available(control, frames)):
                transport.fade_at = 0
                sounding = False
        plan = record_at(engine.plan_address, PLAN)
        if frames == engine.meters.tick_left:
            file_rest(engine, plan)
        _render_block(engine, plan, rings, control, frames, sounding)
        if sounding:
            engine.meters.sounded = 1
            store_release(control.read_frames, 0, control.read_frames[0] + frames)
            if advance(transport, frames):
                _forget_runs(engine)
        elif transport.starved and transport.state == FADING:
            advance(transport, 0)
        block = engine.monitor_block if live else engine.racks[MASTER_RACK].block
        for t in range(frames):
            for channel in range(out.shape[1]):
                out[done + t, channel] = 0.0
            left = block[t, 0]
            right = block[t, STRIPS_PER_RACK]
            out[done + t, left_channel] = left
            out[done + t, right_channel] = right
        done += frames
        engine.status.frames += frames
        engine.meters.tick_left -= frames
        if engine.meters.tick_left == 0:
            engine.meters.tick_left = engine.meters.tick_frames
            _end_tick(engine, plan, is_at_once)
        else:
            file_share(engine, plan, frames)


@kernel
def rings_of(engine: Any) -> Any:
    """Audio thread. The source rings, (strips, 2, capacity) float32, by the address the control thread left."""
    return array_at(engine.rings_address, (MAX_STRIPS, 2, engine.rings_capacity), np.float32)
