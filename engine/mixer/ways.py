"""Ways out of a rack: into the sums of the master, of buses and returns, so late that all of a sum arrive together."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.jit import kernel
from engine.core.pointers import array_at, record_at
from engine.core.record import LANES, STRIPS_PER_RACK
from engine.mixer.plan import DELAY, OUTPUT

CROSSFADE_S = 0.02
"""As smooth at both ends as `dsp.taps` are."""


@kernel
def crossfade_frames(sample_rate_hz: int) -> int:
    """Audio thread. How long a delay takes to give way to another."""
    return round(CROSSFADE_S * sample_rate_hz)


@kernel
def is_in_time(delay: Any, crossfade: int) -> bool:
    """Audio thread. Whether no column is still on its way to another delay."""
    earliest = crossfade
    for column in range(STRIPS_PER_RACK):
        earliest = min(earliest, delay.at[column])
    return earliest >= crossfade


@kernel
def retime(delay: Any, frames: Any, jump: bool) -> None:
    """Audio thread. Gives each column its new delay; the crossfade begins when the line holds what it needs."""
    for column in range(STRIPS_PER_RACK):
        if frames[column] != delay.frames[column]:
            delay.before[column] = delay.frames[column]
            delay.frames[column] = frames[column]
            delay.at[column] = 1 << 30 if jump else -frames[column]


@kernel
def _delay_block(delay: Any, block: Any, out: Any, frames: int, crossfade: int) -> None:
    """Audio thread. Writes a block to the line and reads each column as late as it has to be."""
    mask = delay.rows - 1
    line = array_at(delay.line, (delay.rows, LANES), np.float32)
    start = delay.written
    for t in range(frames):
        row = line[(start + t) & mask]
        for lane in range(LANES):
            row[lane] = block[t, lane]
    delay.written = start + frames
    for column in range(STRIPS_PER_RACK):
        other = column + STRIPS_PER_RACK
        late = delay.frames[column]
        at = delay.at[column]
        if at >= crossfade:
            for t in range(frames):
                row = (start + t - late) & mask
                out[t, column] = line[row, column]
                out[t, other] = line[row, other]
            continue
        before = delay.before[column]
        for t in range(frames):
            x = np.float32(min(max(at + t, 0), crossfade)) / np.float32(crossfade)
            share = x * x * (np.float32(3.0) - np.float32(2.0) * x)
            row = (start + t - late) & mask
            old = (start + t - before) & mask
            out[t, column] = line[old, column] + share * (line[row, column] - line[old, column])
            out[t, other] = line[old, other] + share * (line[row, other] - line[old, other])
        delay.at[column] = at + frames


@kernel
def send_out(engine: Any, plan: Any, index: int, edge: int, block: Any, frames: int) -> None:
    """Audio thread. Adds a rack's block (as it leaves by one of its ways) to the sums it goes to."""
    address = plan.delays[index, edge]
    if address != 0:
        late = engine.late_block
        _delay_block(record_at(address, DELAY), block, late, frames, crossfade_frames(engine.sample_rate_hz))
        block = late
    if edge == OUTPUT:
        total = engine.total_block
        share = plan.to_master[index]
        for t in range(frames):
            for lane in range(LANES):
                total[t, lane] += block[t, lane] * share[lane]
    if plan.is_used[index, edge] == 0:
        return
    for column in range(STRIPS_PER_RACK):
        place = plan.targets[index, edge, column]
        if place < 0:
            continue
        to = engine.racks[place // STRIPS_PER_RACK].block
        lane = place % STRIPS_PER_RACK
        for t in range(frames):
            to[t, lane] += block[t, column]
            to[t, lane + STRIPS_PER_RACK] += block[t, column + STRIPS_PER_RACK]
