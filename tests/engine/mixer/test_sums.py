"""Sums are plain sums, in one order."""

from __future__ import annotations

import numpy as np

from engine.core.record import BLOCK_FRAMES, LANES, STRIPS_PER_RACK
from engine.mixer.sums import fold_sides


def test_sides_are_summed_apart_and_the_rest_is_cleared() -> None:
    block = np.random.default_rng(2).uniform(-1, 1, (BLOCK_FRAMES, LANES)).astype(np.float32)
    expected = block.astype(np.float64)
    fold_sides(block, BLOCK_FRAMES)
    np.testing.assert_allclose(block[:, 0], expected[:, :STRIPS_PER_RACK].sum(1), atol=4e-6)
    np.testing.assert_allclose(block[:, STRIPS_PER_RACK], expected[:, STRIPS_PER_RACK:].sum(1), atol=4e-6)
    assert not block[:, 1:STRIPS_PER_RACK].any()
    assert not block[:, STRIPS_PER_RACK + 1 :].any()


def test_one_strip_alone_passes_bit_for_bit_whichever_lane_it_is_in() -> None:
    for lane in (0, 1, 17, 31):
        block = np.zeros((BLOCK_FRAMES, LANES), np.float32)
        block[:, lane] = signal = np.random.default_rng(lane).standard_normal(BLOCK_FRAMES).astype(np.float32)
        fold_sides(block, BLOCK_FRAMES)
        assert (block[:, 0] == signal).all()
