"""How the audio thread goes from one plan to the next while everything plays.

What changes must not be heard changing: strips that get another way out, and columns that lose a processor, first fall
silent or dry (their gains and blends ramp there); at the end of the tick in which the last of them has arrived the new
plan is taken, and what is new ramps up from silence or dry. Everything else plays on, its state untouched. Changed
delays crossfade, one change after the other.
"""

from __future__ import annotations

from typing import Any

from engine.core.atomics import load_acquire, store_release
from engine.core.jit import kernel
from engine.core.pointers import record_at
from engine.core.record import LANES, STRIPS_PER_RACK
from engine.mix import INSERT_SLOTS, SEND_SLOTS
from engine.mixer.controls import RACKS, SLOTS
from engine.mixer.filing import file_rest
from engine.mixer.plan import DELAY, EDGES, PLAN
from engine.mixer.slots import enter_units, have_left, leave_units
from engine.mixer.strip import look_at_plan, open_place
from engine.mixer.ways import crossfade_frames, is_in_time, retime


@kernel
def _take(engine: Any, address: int, tick: int, jump: bool) -> None:
    """Audio thread. Goes on with another plan from the beginning of a tick."""
    plan = record_at(address, PLAN)
    for slot in range(SLOTS):
        place = plan.places[slot]
        if place >= 0 and place != engine.places[slot]:
            open_place(engine.racks[place // STRIPS_PER_RACK], place % STRIPS_PER_RACK, tick)
        engine.places[slot] = place
        engine.dips[slot] = 0
        engine.seen[slot] = -1
    for index in range(RACKS):
        look_at_plan(engine.racks[index], plan, index, tick)
        for insert in range(INSERT_SLOTS):
            readings = engine.racks[index].readings[insert]
            for lane in range(LANES):
                readings.reduction_db[lane] = 0.0
                readings.vu[lane] = 0.0
        for edge in range(EDGES):
            if plan.delays[index, edge] != 0:
                retime(record_at(plan.delays[index, edge], DELAY), plan.delay_frames[index, edge], jump)
    enter_units(plan, jump)
    engine.latency_frames = plan.latency_frames
    engine.plan_address = address
    engine.changing = 0
    engine.seen_controls = -1
    store_release(engine.plan_number, 0, plan.number)


@kernel
def _is_in_time(engine: Any, now: Any) -> bool:
    """Audio thread. Whether the delays of the plan that plays have all been gone over to."""
    for index in range(RACKS):
        for edge in range(EDGES):
            if now.delays[index, edge] != 0:
                delay = record_at(now.delays[index, edge], DELAY)
                if not is_in_time(delay, crossfade_frames(engine.sample_rate_hz)):
                    return False
    return True


@kernel
def _longest_way(engine: Any, now: Any, plan: Any) -> int:
    """Audio thread. For how many frames strips that have fallen silent are still heard at the end of their ways."""
    longest = 0
    for slot in range(SLOTS):
        place = engine.places[slot]
        if plan.dips[slot] != 0 and place >= 0:
            for edge in range(EDGES):
                longest = max(longest, now.delay_frames[place // STRIPS_PER_RACK, edge, place % STRIPS_PER_RACK])
    return longest


@kernel
def _is_silent(engine: Any, plan: Any) -> bool:
    """Audio thread. Whether every strip that had to fall silent has."""
    for slot in range(SLOTS):
        place = engine.places[slot]
        if plan.dips[slot] == 0 or place < 0:
            continue
        rack = engine.racks[place // STRIPS_PER_RACK]
        for side in range(2):
            lane = place % STRIPS_PER_RACK + side * STRIPS_PER_RACK
            if rack.fader.gain[lane] != 0.0:
                return False
            for send in range(SEND_SLOTS):
                if rack.sends[send].gain[lane] != 0.0:
                    return False
    return True


@kernel
def first_plan(engine: Any) -> None:
    """Audio thread, before anything was rendered. Takes the plan that is there at once."""
    address = load_acquire(engine.next_plan, 0)
    if address != engine.plan_address:
        _take(engine, address, engine.meters.ticks[0], True)


@kernel
def change_plan(engine: Any) -> None:
    """Audio thread, at the end of a tick. Prepares for the next plan, and takes it when all is quiet that has to be."""
    address = load_acquire(engine.next_plan, 0)
    if address == engine.plan_address:
        return
    plan = record_at(address, PLAN)
    if engine.changing == 0:
        engine.changing = 1
        engine.silent_frames = 0
        for slot in range(SLOTS):
            engine.dips[slot] = plan.dips[slot]
            if plan.dips[slot]:
                engine.seen[slot] = -1
        engine.seen_controls = -1
        leave_units(plan)
    elif _is_silent(engine, plan):
        engine.silent_frames += engine.meters.tick_frames
        now = record_at(engine.plan_address, PLAN)
        is_over = engine.silent_frames > _longest_way(engine, now, plan)
        if is_over and have_left(plan) and _is_in_time(engine, now):
            file_rest(engine, now)
            _take(engine, address, engine.meters.ticks[0], False)
