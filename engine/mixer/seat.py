"""The seat of a unit: what the mixer keeps of it, and lets happen to it; how it is heard is `mixer.blend`.

Bypass leaves the delay of a unit in the path, so it never moves the sound. Who comes in rises from silence for the unit
(or each echo of its beginning would click), and is blended in when it has been heard in full for as long as the unit is
late.

The code is made for wide and for narrow units, as theirs is. Its entry takes `(address of a UNIT_REF, order, address,
number)`:

| order | address | number | what is to be done |
|---|---|---|---|
| RUN | of the rack's block | frames | take the block through the unit |
| RUN_STILL | of the rack's block | frames | the same, while nothing is played |
| START | | | the song starts at its beginning: forget what was heard before, if that has died down |
| AIM | of an `INSERT_CONTROL` | 2 x column + jump | if it is new, and meant for this kind: go to what it says |
| END_TICK | of `READINGS` | | 10 ms have ended: rest what has arrived, show what the unit reads |
| ENTER | | jump | let the columns in that are fresh |
| LEAVE | | | begin to take the columns out |
| LOOK | of an int64 | | say whether they are out (1), or not yet (0) |
| SEAT_SIZE | of an int64 | | say how many bytes a seat has (before there is one) |
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.atomics import load_acquire
from engine.core.entries import entry
from engine.core.jit import exact_kernel, kernel
from engine.core.pointers import address_of, array_at, call_at, record_at
from engine.core.record import BLOCK_FRAMES, STRIPS_PER_RACK, WIDE_LANES, record
from engine.core.unit import DERIVE, JUMP, MOST_PARAMS, RESET, SETTLE, UNIT_HEADER, UNIT_SIGNATURE
from engine.dsp.smoother import SMOOTHED_GAINS, set_gain, set_target, settle
from engine.mixer.blend import RACK_COLUMNS, SCRATCH, run_unit
from engine.mixer.controls import INSERT_CONTROL, gain_of

RUN, RUN_STILL, START, AIM, END_TICK, ENTER, LEAVE, LOOK, SEAT_SIZE = range(9)

UNIT_REF = record(
    [
        ("word", np.int64, (1,)),
        ("seat_entry", np.int64),
        ("entry", np.int64),
        ("unit", np.int64),
        ("seat", np.int64),
        ("scratch", np.int64),
        ("dry", np.int64),
        ("dry_rows", np.int64),
        ("latency", np.int64),
        ("kind", np.int64),
        ("rack", np.int64),
        ("insert", np.int64),
        ("is_brought", np.int64),
        ("is_whole", np.int64),
        ("is_new", np.int64),
        ("columns", np.int32, (RACK_COLUMNS,)),
        ("fresh", np.int32, (RACK_COLUMNS,)),
    ]
)
"""One unit in a plan: a word to find its address by, entries and memory, the rack's column that each of its own serves
(-1: none), and which of its columns are new to it. The columns of a unit that is wide are in their place, to others
they have to be brought (`is_brought`). `is_whole`: it is wide and serves every strip of its rack; `is_new`: it has
heard nothing yet. `scratch` is shared by all units, `dry` is a line that keeps the dry signal while the unit is late;
`kind` see `mixer.controls`."""

SEAT = record(
    [
        ("smoothing", np.float64),
        ("tick_frames", np.int64),
        ("gap_frames", np.int64),
        ("heard", SMOOTHED_GAINS),
        ("present", SMOOTHED_GAINS),
        ("wet", SMOOTHED_GAINS),
        ("output", SMOOTHED_GAINS),
        ("waits", np.int64, (STRIPS_PER_RACK,)),
        ("seen", np.int64, (STRIPS_PER_RACK,)),
        ("written", np.int64),
        ("is_wet", np.int64),
        ("ringing_frames", np.int64),
        ("given", INSERT_CONTROL),
    ]
)
"""What the unit hears of each lane, how far that has come in (or gone), its share of the wet signal and its output
trim; the frames that a column still waits before it comes in, the versions of the parameters derived so far, the rows
written to the line of the dry signal, whether nothing but the unit's own signal is heard of its columns, for how long
what was played or heard last may ring yet, and a copy of what a column is being told. Begins with `SEAT_HEADER`."""

SEAT_HEADER = record([("smoothing", np.float64), ("tick_frames", np.int64), ("gap_frames", np.int64)])
"""What is set before anything else: the share of `dsp.smoother`, the frames of 10 ms, and for how long what rings may
be quiet and go on."""

READINGS = record([("reduction_db", np.float32, (WIDE_LANES,)), ("vu", np.float32, (WIDE_LANES,))])
"""What the processors in an insert slot of a rack read: gain reduction, and their own VU (linear)."""

_SEAT_BYTES = SEAT.itemsize
_QUIET = np.float32(1e-5)
"""-100 dBFS: what is cut off below is not heard."""
_ONE = np.float32(1.0)


@kernel
def _note_quiet(ref: Any, seat: Any, block: Any, frames: int) -> None:
    seat.ringing_frames = max(seat.ringing_frames - frames, 0)
    for place in range(STRIPS_PER_RACK):
        column = ref.columns[place]
        if column >= 0:
            for t in range(frames):
                if abs(block[t, column]) > _QUIET or abs(block[t, column + RACK_COLUMNS]) > _QUIET:
                    seat.ringing_frames = seat.gap_frames


@kernel
def _start(ref: Any, seat: Any) -> None:
    """Audio thread. Then the song sounds as it does in a bounce, whatever was played before, to the phase of a wow."""
    if seat.ringing_frames == 0:
        for column in range(STRIPS_PER_RACK):
            if ref.columns[column] >= 0:
                call_at(ref.entry, (ref.unit, RESET, 0, column))


@kernel
def _is_given(ref: Any, given: Any, control: Any) -> bool:
    """Audio thread. Takes over what a slot is set to, if all of it is meant for this kind of processor."""
    if load_acquire(control.kind, 0) != ref.kind:
        return False
    given.bypass = control.bypass
    given.mix_percent = control.mix_percent
    given.output_db = control.output_db
    for place in range(MOST_PARAMS):
        given.params[place] = control.params[place]
    return load_acquire(control.kind, 0) == ref.kind


@exact_kernel
def _aim(ref: Any, seat: Any, control: Any, column: int, jump: bool) -> None:
    version = load_acquire(control.version, 0)
    given = seat.given
    if version == seat.seen[column] or not _is_given(ref, given, control):
        return
    # A column that is new to the unit begins with its parameters as they are; the sound fades in.
    is_first = seat.seen[column] < 0
    at_once = jump or is_first
    seat.seen[column] = version
    call_at(ref.entry, (ref.unit, JUMP if at_once else DERIVE, address_of(given.params), column))
    share = 0.0 if given.bypass else np.float64(given.mix_percent) / 100.0
    output = 1.0 if given.bypass else gain_of(np.float64(given.output_db))
    for side in range(2):
        set_target(seat.wet, column + side * STRIPS_PER_RACK, share, at_once)
        set_target(seat.output, column + side * STRIPS_PER_RACK, output, at_once)
        if is_first and seat.waits[column] == 0:
            set_target(seat.present, column + side * STRIPS_PER_RACK, 1.0, True)
            set_target(seat.heard, column + side * STRIPS_PER_RACK, 1.0, True)
    if at_once:
        seat.is_wet = 0


@kernel
def _is_wet(ref: Any, seat: Any) -> bool:
    for column in range(STRIPS_PER_RACK):
        if ref.columns[column] >= 0:
            for side in range(2):
                lane = column + side * STRIPS_PER_RACK
                least = min(seat.heard.resting[lane], seat.present.resting[lane], seat.wet.resting[lane])
                if least != _ONE:
                    return False
    return True


@kernel
def _end_tick(ref: Any, seat: Any, readings: Any) -> None:
    call_at(ref.entry, (ref.unit, SETTLE, 0, 0))
    settle(seat.heard)
    settle(seat.present)
    settle(seat.wet)
    settle(seat.output)
    header = record_at(ref.unit, UNIT_HEADER)
    for column in range(STRIPS_PER_RACK):
        if seat.waits[column] > 0 and seat.seen[column] >= 0 and seat.heard.resting[column] == _ONE:
            seat.waits[column] = max(seat.waits[column] - seat.tick_frames, 0)
            if seat.waits[column] == 0:
                for side in range(2):
                    set_target(seat.present, column + side * STRIPS_PER_RACK, 1.0, False)
        if ref.columns[column] >= 0:
            for side in range(2):
                to = ref.columns[column] + side * RACK_COLUMNS
                readings.reduction_db[to] = header.reduction_db[column + side * STRIPS_PER_RACK]
                readings.vu[to] = header.vu[column + side * STRIPS_PER_RACK]
    seat.is_wet = _is_wet(ref, seat)


@kernel
def _enter(ref: Any, seat: Any, jump: bool) -> None:
    """Audio thread, when a plan is taken. Makes the unit forget whoever had its fresh columns before.

    They come in when they have been told their parameters.
    """
    for column in range(STRIPS_PER_RACK):
        if ref.fresh[column]:
            if not ref.is_new:
                call_at(ref.entry, (ref.unit, RESET, 0, column))
            seat.seen[column] = -1
            seat.waits[column] = 0 if jump else ref.latency + 1
            seat.is_wet = 0
            for side in range(2):
                lane = column + side * STRIPS_PER_RACK
                set_gain(seat.heard, lane, 0.0)
                set_target(seat.heard, lane, 1.0, False)
                set_gain(seat.present, lane, 0.0)
                set_target(seat.present, lane, 0.0, True)


@kernel
def _leave(ref: Any, seat: Any) -> None:
    for column in range(STRIPS_PER_RACK):
        if ref.columns[column] >= 0:
            seat.waits[column] = 0
            for side in range(2):
                set_target(seat.present, column + side * STRIPS_PER_RACK, 0.0, False)


@kernel
def _have_left(ref: Any, seat: Any) -> bool:
    for column in range(STRIPS_PER_RACK):
        if ref.columns[column] >= 0:
            for side in range(2):
                if seat.present.gain[column + side * STRIPS_PER_RACK] != 0.0:
                    return False
    return True


@entry(UNIT_SIGNATURE)
def seat_of_unit(ref_address: int, order: int, address: int, number: int) -> None:
    """Audio thread. See above."""
    if order == SEAT_SIZE:
        array_at(address, (1,), np.int64)[0] = _SEAT_BYTES
        return
    ref = record_at(ref_address, UNIT_REF)
    seat = record_at(ref.seat, SEAT)
    if order in (RUN, RUN_STILL):
        block = array_at(address, (BLOCK_FRAMES, WIDE_LANES), np.float32)
        scratch = record_at(ref.scratch, SCRATCH)
        run_unit(ref, seat, block, scratch, number)
        if order == RUN_STILL:
            _note_quiet(ref, seat, block, number)
        else:
            seat.ringing_frames = seat.gap_frames
    elif order == START:
        _start(ref, seat)
    elif order == AIM:
        _aim(ref, seat, record_at(address, INSERT_CONTROL), number // 2, number % 2 != 0)
    elif order == END_TICK:
        _end_tick(ref, seat, record_at(address, READINGS))
    elif order == ENTER:
        _enter(ref, seat, number != 0)
    elif order == LEAVE:
        _leave(ref, seat)
    elif order == LOOK:
        array_at(address, (1,), np.int64)[0] = 1 if _have_left(ref, seat) else 0
