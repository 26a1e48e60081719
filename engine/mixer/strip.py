"""A rack of strips: 32 strips of two sides side by side, lanes 0..31 left, 32..63 right.

    input → [stage: input] → polarity and TRIM → [stage: trim] → inserts 1..8, each with its stage
          → pre-fader sends [stages: sends], listen (before) → FADER × mute/solo × pan → [stage: fader]
          → output, listen (after)

Post-fader sends are taken at the same place as pre-fader ones; their gain has the fader in it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.jit import kernel
from engine.core.record import BLOCK_FRAMES, LANES, STRIPS_PER_RACK, record
from engine.dsp.smoother import SMOOTHED_GAINS, apply_gains, set_gain, settle
from engine.meters.clips import CLIPS, clear_clips, count_clips, find_clips, first_clip_in
from engine.meters.frame import AFTER_FADER, AFTER_INSERT, AFTER_TRIM, AT_SEND, INPUT, STAGES
from engine.meters.gated import STEP_TICKS, clear_histograms, take_blocks
from engine.meters.output_peak import take_output
from engine.meters.stage import (
    STAGE_METERS,
    clear_lane,
    close_tick,
    file_tick,
    first_over_in,
    hand_over,
    is_counted,
    measure,
)
from engine.mix import INSERT_SLOTS, SEND_SLOTS
from engine.mixer.controls import MASTER_RACK
from engine.mixer.monitor import run_monitor
from engine.mixer.plan import OUTPUT
from engine.mixer.seat import READINGS
from engine.mixer.slots import run_insert
from engine.mixer.sums import fold_sides
from engine.mixer.transport import source_position
from engine.mixer.ways import send_out

_STAGES = len(STAGES)

NOT_METERED, METERED, METERED_BUT_TRUE_PEAKS = range(3)
"""What an engine measures (`metered`): nothing in a bounce that nobody reads; all but true peaks to tell their cost."""

MONITOR_COLUMN = 1
"""Of the master's rack: where what the ears get is measured, after its fader."""

RACK = record(
    [
        ("block", np.float32, (BLOCK_FRAMES, LANES)),
        ("trim", SMOOTHED_GAINS),
        ("fader", SMOOTHED_GAINS),
        ("sends", SMOOTHED_GAINS, (SEND_SLOTS,)),
        ("before", SMOOTHED_GAINS),
        ("after", SMOOTHED_GAINS),
        ("stages", STAGE_METERS, (_STAGES,)),
        ("clips", CLIPS),
        ("readings", READINGS, (INSERT_SLOTS,)),
        ("read_from", np.int32, (_STAGES,)),
        ("youngest", np.int64),
    ]
)
"""Audio thread only, but for meters and readings, which the reader sees. `block` holds the signal as it passes the
rack; the rack of a group gathers its sum there. `read_from` is the stage to be read for each: itself, or the one before
where nothing lies between (-1: nothing is there). `youngest` is the tick in which a lane was born last."""


@kernel
def _scaled(engine: Any, gains: Any, block: Any, frames: int) -> Any:
    """Audio thread. A copy of a block with gains applied."""
    copy = engine.way_block
    for t in range(frames):
        for lane in range(LANES):
            copy[t, lane] = block[t, lane]
    apply_gains(gains, engine.smoothing, copy, frames)
    return copy


@kernel
def _place_overs(engine: Any, plan: Any, index: int, stage: int, block: Any, frames: int, sounding: bool) -> None:
    """Audio thread, after a block is measured. Notes where in the song the first overs of lanes were."""
    measured = engine.racks[index].stages[stage]
    clips = engine.racks[index].clips
    has_clips = stage == INPUT and clips.is_any != 0
    if not is_counted(measured.over_count) and not (has_clips and is_counted(clips.count)):
        return
    for lane in range(LANES):
        if has_clips and clips.full_scale[lane] < np.inf:
            frame = first_clip_in(clips, measured, block, frames, lane)
        else:
            frame = first_over_in(measured, block, frames, lane)
        if frame < frames:
            # While the song stands, its place is that of all that rings.
            late = plan.late_frames[index, stage, lane % STRIPS_PER_RACK]
            measured.first_over[lane] = 1.0 + source_position(engine.transport, frame if sounding else 0, late)


@kernel
def _measure(engine: Any, plan: Any, index: int, stage: int, block: Any, frames: int, sounding: bool) -> None:
    """Audio thread. Measures a stage; the last block of 10 ms closes them, while all that is summed is near."""
    if not engine.metered:
        return
    meters = engine.meters
    measured = engine.racks[index].stages[stage]
    true_peaks = engine.metered != METERED_BUT_TRUE_PEAKS
    measure(measured, meters.ballistics, block, frames, plan.columns[index], true_peaks)
    _place_overs(engine, plan, index, stage, block, frames, sounding)
    if frames == meters.tick_left:
        if stage == INPUT:
            count_clips(engine.racks[index].clips, measured)
        close_tick(measured)


@kernel
def _listen(engine: Any, gains: Any, block: Any, frames: int) -> None:
    heard = _scaled(engine, gains, block, frames)
    total = engine.listen_block
    for t in range(frames):
        for lane in range(LANES):
            total[t, lane] += heard[t, lane]


@kernel
def _leave(engine: Any, block: Any, frames: int) -> None:
    """Audio thread. The master's way to the ears. What they get is measured in the column beside it, at no cost."""
    if engine.metered:
        take_output(engine.output_peak, block, frames)
    if engine.live:
        if engine.listening:
            fold_sides(engine.listen_block, frames)
        run_monitor(engine, block, frames)
        heard = engine.monitor_block
        for t in range(frames):
            block[t, MONITOR_COLUMN] = heard[t, 0]
            block[t, MONITOR_COLUMN + STRIPS_PER_RACK] = heard[t, STRIPS_PER_RACK]


@kernel
def process_rack(engine: Any, plan: Any, index: int, frames: int, sounding: bool) -> None:
    """Audio thread. Takes a rack's block from its input to all its ways out; measures its stages.

    `sounding`: stems play.
    """
    rack = engine.racks[index]
    block = rack.block
    if engine.metered:
        find_clips(rack.clips, block, frames, plan.columns[index])
    _measure(engine, plan, index, INPUT, block, frames, sounding)
    apply_gains(rack.trim, engine.smoothing, block, frames)
    _measure(engine, plan, index, AFTER_TRIM, block, frames, sounding)
    for insert in range(INSERT_SLOTS):
        if rack.read_from[AFTER_INSERT + insert] == AFTER_INSERT + insert:
            run_insert(plan, index, insert, block, frames, sounding)
            _measure(engine, plan, index, AFTER_INSERT + insert, block, frames, sounding)
    for send in range(SEND_SLOTS):
        if plan.is_used[index, 1 + send]:
            sent = _scaled(engine, rack.sends[send], block, frames)
            _measure(engine, plan, index, AT_SEND + send, sent, frames, sounding)
            send_out(engine, plan, index, 1 + send, sent, frames)
    if engine.listening:
        _listen(engine, rack.before, block, frames)
    apply_gains(rack.fader, engine.smoothing, block, frames)
    if engine.listening:
        _listen(engine, rack.after, block, frames)
    if index == MASTER_RACK:
        _leave(engine, block, frames)
    _measure(engine, plan, index, AFTER_FADER, block, frames, sounding)
    send_out(engine, plan, index, OUTPUT, block, frames)


@kernel
def look_at_plan(rack: Any, plan: Any, index: int, tick: int) -> None:
    """Audio thread, when a plan is taken. Finds which stages there are; those that are new begin with nothing."""
    before = AFTER_TRIM
    for stage in range(_STAGES):
        own = stage
        if stage >= AFTER_INSERT and stage < AFTER_FADER:
            insert = stage - AFTER_INSERT
            own = stage if plan.first_unit[index, insert] < plan.first_unit[index, insert + 1] else before
            before = own
        elif stage >= AT_SEND and plan.is_used[index, 1 + stage - AT_SEND] == 0:
            own = -1
        if plan.columns[index] == 0:
            own = -1
        if own == stage and rack.read_from[stage] != stage:
            for lane in range(LANES):
                clear_lane(rack.stages[stage], lane, tick)
            rack.youngest = tick
        rack.read_from[stage] = own


@kernel
def end_rack_tick(rack: Any) -> None:
    """Audio thread, after the last sample of each 10 ms."""
    settle(rack.trim)
    settle(rack.fader)
    for send in range(SEND_SLOTS):
        settle(rack.sends[send])
    settle(rack.before)
    settle(rack.after)


@kernel
def file_rack(engine: Any, plan: Any, index: int, tick: int) -> None:
    """Audio thread. Files what the 10 ms of a tick that is over have brought, of all stages of a rack."""
    rack = engine.racks[index]
    for stage in range(_STAGES):
        if rack.read_from[stage] == stage:
            file_tick(rack.stages[stage], engine.meters.ballistics, tick)
            if tick - rack.youngest <= STRIPS_PER_RACK:
                clear_histograms(rack.stages[stage], plan.slots[index], tick)


@kernel
def gate_rack(engine: Any, plan: Any, index: int, tick: int) -> None:
    """Audio thread, when a tick is filed. Takes the blocks of 400 ms that end with it, if it is the rack's turn."""
    rack = engine.racks[index]
    # Racks take turns, so that no tick has much more to do than another.
    if tick % STEP_TICKS == index % STEP_TICKS:
        frames = engine.meters.ballistics.tick_frames
        for stage in range(_STAGES):
            if rack.read_from[stage] == stage:
                take_blocks(rack.stages[stage], plan.slots[index], engine.sides, stage >= AFTER_FADER, tick, frames)


@kernel
def hand_over_rack(rack: Any) -> None:
    """Audio thread. Gives the maxima of all stages to the reader."""
    count_clips(rack.clips, rack.stages[INPUT])
    for stage in range(_STAGES):
        if rack.read_from[stage] == stage:
            hand_over(rack.stages[stage])


@kernel
def open_place(rack: Any, column: int, tick: int) -> None:
    """Audio thread. Makes a place ready for a strip that is new there: silent, and with nothing measured."""
    for side in range(2):
        lane = column + side * STRIPS_PER_RACK
        set_gain(rack.fader, lane, 0.0)
        set_gain(rack.before, lane, 0.0)
        set_gain(rack.after, lane, 0.0)
        for send in range(SEND_SLOTS):
            set_gain(rack.sends[send], lane, 0.0)
        clear_clips(rack.clips, lane)
        for stage in range(_STAGES):
            clear_lane(rack.stages[stage], lane, tick)
    rack.youngest = tick
