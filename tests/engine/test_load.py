"""The load measurement measures what it says."""

from __future__ import annotations

import pytest

from engine.load import measure_load


def test_a_load_is_a_share_of_the_blocks_time() -> None:
    load = measure_load(40, 256, 44100, 0.05)
    assert (load.strips, load.block_frames, load.sample_rate_hz) == (40, 256, 44100)
    assert load.core_percent == pytest.approx(load.block_us / (256 / 44100 * 1e6) * 100)
    assert load.core_percent > 0.0


@pytest.mark.parametrize("strips", [0, 129])
def test_what_the_engine_cannot_hold_is_not_measured(strips: int) -> None:
    with pytest.raises(ValueError, match=f"^{strips} strips"):
        measure_load(strips, 64)
