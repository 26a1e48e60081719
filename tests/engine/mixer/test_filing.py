"""What meters keep of each 10 ms is the same, whether it is filed at once or with the blocks that follow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.meters.frame import AFTER_FADER
from engine.mix import Mix, Send, Strip
from engine.mixer.controls import GROUP_RACK, MASTER_RACK
from tests.engine.running import Running
from tests.engine.songs import RATE, insert, noise, strip, write_stem

_KEPT = ("energy", "k_energy", "k_mean", "weighted_mean", "square_mean", "dc", "cross_mean", "histograms")


def _playing(stem: Path) -> Running:
    inserts = (insert("utility"), insert("compressor"))
    stems = tuple(
        replace(strip(slot, write_stem(stem, noise(2.0, 5))), inserts=inserts, sends=(Send("return", -6.0),))
        for slot in range(34)
    )
    running = Running(mix=Mix(RATE, (*stems, Strip("return", "Return", kind="return"))))
    running.locate(0)
    running.play(int(running.engine.meters.tick_left))
    running.deck.play()
    return running


def _tick(running: Running) -> int:
    return int(running.engine.meters.ticks[0])


@pytest.mark.parametrize("block", [7, 64, 95])
def test_filing_in_small_blocks_keeps_the_same_as_filing_at_once(tmp_path: Path, block: int) -> None:
    early, late = _playing(tmp_path / "a.wav"), _playing(tmp_path / "a.wav")
    early.play(RATE, 4800)
    late.play(RATE, block)
    assert _tick(early) == _tick(late) + 1 >= 100  # The last one is on its way.
    # Before the next one is over all of it is filed, with the same sound in both.
    early.play(RATE // 100 - 1, 1)
    late.play(RATE // 100 - 1, 1)
    assert _tick(early) == _tick(late)
    np.testing.assert_array_equal(early.engine.meters.programme, late.engine.meters.programme)
    for rack in (0, 1, GROUP_RACK, MASTER_RACK):
        for name in _KEPT:
            before, after = (running.engine.racks[rack].stages[AFTER_FADER][name] for running in (early, late))
            np.testing.assert_array_equal(before, after, err_msg=f"{rack} {name}")
            assert np.any(after), (rack, name)


def test_a_plan_that_is_taken_as_a_tick_ends_loses_nothing_of_it(tmp_path: Path) -> None:
    early, late = _playing(tmp_path / "a.wav"), _playing(tmp_path / "a.wav")
    for running, block in ((early, 480), (late, 48)):
        running.play(RATE // 10, block)
        strips = running.mix.strips
        running.apply(replace(running.mix, strips=(replace(strips[0], inserts=(insert("gate"),)), *strips[1:])))
        running.play(RATE // 2, block)
        running.play(RATE // 100 - 1, 1)
    assert early.engine.plan_number[0] == late.engine.plan_number[0] == 2
    for name in ("energy", "k_energy", "born"):
        before, after = (running.engine.racks[0].stages[AFTER_FADER][name] for running in (early, late))
        np.testing.assert_array_equal(before, after, err_msg=name)
