"""Memory of meters is there before the audio thread needs it, and nothing in it is changed by that."""

from __future__ import annotations

import mmap
import os
from dataclasses import replace

import numpy as np
import pytest

from engine.io.shared_memory import SharedMemory
from engine.meters.frame import STAGES
from engine.mix import MASTER, Mix, Send, Strip
from engine.mixer import populate
from engine.mixer.controls import MASTER_RACK, RACKS, slots_of
from engine.mixer.planner import Planner, nodes_of
from tests.engine.running import Running
from tests.engine.songs import RATE, insert

MIX = Mix(
    RATE,
    (
        *(Strip(str(n), str(n), output="bus", sends=(None, Send("room"))) for n in range(3)),
        Strip("4", "4", inserts=(insert("utility"), None, insert("gate"))),
        Strip("bus", "Bus", kind="bus", inserts=(None, insert("compressor"))),
        Strip("room", "Room", kind="return"),
    ),
    replace(MASTER, inserts=(insert("limiter"),)),
)


def test_the_stages_that_are_there_are_those_that_the_audio_thread_finds() -> None:
    running = Running(mix=MIX)
    running.play(RATE // 10)
    plan = Planner(RATE).plan(nodes_of(MIX, slots_of(MIX)))
    expected = {
        (rack, stage)
        for rack in range(RACKS)
        for stage in range(len(STAGES))
        if running.engine.racks[rack].read_from[stage] == stage and plan.columns[rack]
    }
    racks = (*plan.order[: plan.racks].tolist(), MASTER_RACK)
    assert {(rack, stage) for rack in racks for stage in populate.stages_of(plan, rack)} == expected


@pytest.mark.parametrize("is_known", [True, False], ids=["by the system", "by looking at it"])
def test_what_was_measured_stays(monkeypatch: pytest.MonkeyPatch, is_known: bool) -> None:
    if not is_known:
        monkeypatch.setattr(populate, "_MADVISE", None)
    running = Running(mix=MIX)
    running.play(RATE // 2)
    memory = running.engine.base.view(np.uint8)
    before = memory.copy()
    populate.populate_meters(running.engine, Planner(RATE).plan(nodes_of(MIX, slots_of(MIX))))
    assert (memory == before).all()


def test_the_last_page_is_looked_at_too(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = SharedMemory(8 * mmap.PAGESIZE)
    start = np.frombuffer(memory.buffer, np.uint8).ctypes.data
    monkeypatch.setattr(populate, "_MADVISE", None)
    populate.populate(start + mmap.PAGESIZE - 64, start + 2 * mmap.PAGESIZE + 64)
    assert os.fstat(memory.descriptor).st_blocks * 512 == 3 * mmap.PAGESIZE
    memory.close()
