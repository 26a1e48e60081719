"""The load measurement measures what it says."""

from __future__ import annotations

import pytest

from engine.catalog import PROCESSORS
from engine.load import measure_console, measure_load, measure_meters, measure_processors, measure_ticks


def test_a_load_is_a_share_of_the_blocks_time() -> None:
    load = measure_load(40, 256, 44100, 0.05)
    assert (load.strips, load.block_frames, load.sample_rate_hz) == (40, 256, 44100)
    assert load.core_percent == pytest.approx(load.block_us / (256 / 44100 * 1e6) * 100)
    assert load.core_percent > 0.0


@pytest.mark.parametrize("strips", [0, 129])
def test_what_the_engine_cannot_hold_is_not_measured(strips: int) -> None:
    with pytest.raises(ValueError, match=f"^{strips} strips"):
        measure_load(strips, 64)


def test_a_console_and_its_processors_cost_something() -> None:
    load = measure_console(8, 64, seconds=0.02)
    assert load.strips == 8
    assert load.core_percent > measure_load(8, 64, seconds=0.02).core_percent
    assert measure_console(8, 64, seconds=0.02, metered=False).core_percent > 0.0
    parts = measure_processors(seconds=0.02)
    assert [part.kind for part in parts] == list(PROCESSORS)
    assert all(part.strips == (1 if PROCESSORS[part.kind].is_single else 32) for part in parts)


def test_meters_cost_something_at_every_stage() -> None:
    load = measure_meters(8, seconds=0.05)
    assert (load.strips, load.stages) == (8, 11)
    assert load.core_percent > load.true_peak_percent > 0.0


def test_blocks_are_told_apart_by_what_ends_with_them() -> None:
    load = measure_ticks(4, 64, 64000, 0.05)
    assert (load.strips, load.period_us) == (4, pytest.approx(1000.0))
    for times in (load.ordinary, load.ending_tick, load.handing_over):
        assert times.worst_us >= times.median_us > 0.0
    with pytest.raises(ValueError, match=r"^480 frames are no whole number"):
        measure_ticks(4, 64, 48000)
