"""Records lie where vectors and shared words want them."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.record import LANES, allocate, record

LANE_VALUES = record([("word", np.int64), ("lanes", np.float32, (LANES,))])
NESTED = record([("switch", np.int32), ("word", np.int64, (1,)), ("racks", LANE_VALUES, (3,))])
CACHE_LINE_BYTES = 64


@pytest.mark.parametrize("layout", [LANE_VALUES, NESTED])
def test_a_fresh_record_begins_at_a_cache_line_and_is_zero(layout: np.dtype) -> None:  # type: ignore[type-arg]
    kept = [allocate(layout) for _ in range(8)]
    assert not any(one.base.ctypes.data % CACHE_LINE_BYTES for one in kept)
    assert not any(one.tobytes().strip(b"\0") for one in kept)


def test_lanes_begin_at_a_cache_line_at_any_depth_and_words_never_straddle_one() -> None:
    engine = allocate(NESTED)
    assert all(rack["lanes"].ctypes.data % CACHE_LINE_BYTES == 0 for rack in engine["racks"])
    assert engine["word"].ctypes.data % 8 == 0


def test_a_record_over_a_buffer_is_that_buffer() -> None:
    memory = bytearray(NESTED.itemsize)
    record_over = allocate(NESTED, memoryview(memory))
    record_over.racks[2].lanes[5] = 1.0
    assert allocate(NESTED, memoryview(memory)).racks[2].lanes[5] == 1.0
