"""A ring can be read a block at a time from any place."""

from __future__ import annotations

from itertools import cycle

import numpy as np
import pytest

from engine.core.record import BLOCK_FRAMES
from engine.dsp.ring import APART, audible, mask_for, write_ring


@pytest.mark.parametrize("cuts", [(64,), (1,), (7, 64, 33), (63,)])
def test_a_block_reads_as_one_piece_from_any_place(cuts: tuple[int, ...]) -> None:
    mask = 255
    ring = np.zeros(mask + 1 + APART, np.float32)
    sound = np.arange(1.0, 2001.0, dtype=np.float32)
    clock = 0
    for frames in cycle(cuts):
        if clock + frames > len(sound):
            break
        write_ring(ring, mask, clock, sound[clock : clock + frames], frames)
        clock += frames
        for delay in range(BLOCK_FRAMES, min(clock, mask + 1) + 1):
            start = (clock - delay) & mask
            expected = sound[clock - delay : clock - delay + BLOCK_FRAMES]
            np.testing.assert_array_equal(ring[start : start + BLOCK_FRAMES], expected)


@pytest.mark.parametrize(("rate", "part"), [(44100.0, 4), (48000.0, 4), (88200.0, 2), (96000.0, 2), (192000.0, 1)])
def test_lower_rates_use_a_part(rate: float, part: int) -> None:
    assert mask_for(1 << 12, rate) == (1 << 12) // part - 1
    assert (1 << 12) / part / rate >= (1 << 12) / 192000.0


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e-30, 3e38])
def test_what_is_no_sound_is_not_kept(bad: float) -> None:
    assert audible(np.float32(bad)) == 0.0
    assert audible(np.float32(-0.5)) == -0.5
