"""What holds for every processor there is, or will be."""

from __future__ import annotations

import numpy as np
import pytest

from engine.catalog import PROCESSORS
from engine.core.record import BLOCK_FRAMES, NARROW_LANES
from engine.core.unit import MOST_PARAMS, PROCESS, Processor, lanes_of
from tests.engine.inserts.bench import RATE, RATES, Bench, impulse, noise, sine

EVERY = pytest.mark.parametrize("processor", list(PROCESSORS.values()), ids=list(PROCESSORS))
UNITS = {
    "dB": "_db",
    "Hz": "_hz",
    "dBTP": "_dbtp",
    "ms": "_ms",
    "s": "_s",
    "%": "_percent",
    "bpm": "_bpm",
    ":1": "_ratio",
}

"""How the id of a parameter ends that has a unit."""
IN_LANES = [one for one in PROCESSORS.values() if not one.is_single]
SINGLE = [one for one in PROCESSORS.values() if one.is_single]


def ends(processor: Processor) -> list[dict[str, float]]:
    """All defaults, each parameter at each end of its range, and all of them at the lower and the upper end."""
    each = [{spec.id: end} for spec in processor.params for end in (spec.minimum, spec.maximum)]
    low = {spec.id: spec.minimum for spec in processor.params}
    high = {spec.id: spec.maximum for spec in processor.params}
    return [{}, *each, low, high]


def busy(processor: Processor) -> dict[str, float]:
    """Parameters away from their defaults: everything that can be on is on."""
    return {
        spec.id: 1.0 if spec.taper == "switch" else 0.4 * spec.default + 0.6 * spec.maximum
        for spec in processor.params
        if spec.taper != "choice"
    }


@EVERY
def test_it_is_declared_whole(processor: Processor) -> None:
    names = [spec.id for spec in processor.params]
    assert len(set(names)) == len(names) <= MOST_PARAMS
    assert processor.entry.name.split(".")[2:] == [processor.id, "entry"]
    for spec in processor.params:
        assert spec.contains(spec.default), spec.id
        assert spec.contains(spec.clamp(spec.maximum)), spec.id
        assert not spec.unit or spec.id.endswith(UNITS[spec.unit]), spec.id


@EVERY
def test_the_same_bits_at_any_block_size(processor: Processor) -> None:
    sound = noise(6000)
    expected = None
    for blocks in ((64,), (1,), (7, 64, 33), (48, 16)):
        bench = Bench(processor)
        bench.set(**busy(processor))
        first = bench.run(sound[:2000], blocks, others=0.0)
        bench.set(glide=True)
        heard = np.concatenate([first, bench.run(sound[2000:], blocks, others=0.0)])
        expected = heard if expected is None else expected
        np.testing.assert_array_equal(heard, expected, err_msg=str(blocks))


@pytest.mark.parametrize("processor", IN_LANES, ids=[one.id for one in IN_LANES])
def test_narrow_and_wide_units_give_the_same_bits(processor: Processor) -> None:
    sound = noise(6000)
    wide, narrow = Bench(processor), Bench(processor, narrow=True)
    for bench in (wide, narrow):
        bench.set(**busy(processor))
    np.testing.assert_array_equal(narrow.run(sound[:3000], others=0.0), wide.run(sound[:3000], others=0.0))
    for bench in (wide, narrow):
        bench.set(glide=True)
    np.testing.assert_array_equal(narrow.run(sound[3000:]), wide.run(sound[3000:]))


@EVERY
def test_what_other_strips_play_and_set_is_not_heard(processor: Processor) -> None:
    sound = noise(3000)
    alone, among = Bench(processor), Bench(processor)
    for bench in (alone, among):
        bench.set(**busy(processor))
    for column in () if processor.is_single else (0, 4, 6, 31):
        among.set(glide=column == 4, column=column, **(busy(processor) if column % 2 == 0 else {}))
    quiet = alone.run(sound, others=0.0)
    np.testing.assert_array_equal(among.run(sound, others=0.5), quiet)


@pytest.mark.parametrize("processor", SINGLE, ids=[one.id for one in SINGLE])
def test_a_single_unit_leaves_the_other_lanes_alone(processor: Processor) -> None:
    bench = Bench(processor)
    block = np.random.default_rng(3).uniform(-0.5, 0.5, (BLOCK_FRAMES, NARROW_LANES)).astype(np.float32)
    before = block.copy()
    processor.entry.narrow(bench.unit.base.ctypes.data, PROCESS, block.ctypes.data, BLOCK_FRAMES)
    own = list(lanes_of(0, NARROW_LANES))
    others = [lane for lane in range(NARROW_LANES) if lane not in own]
    np.testing.assert_array_equal(block[:, others], before[:, others])
    assert not np.array_equal(block[:, own], before[:, own])


@EVERY
def test_a_reset_lane_repeats_itself(processor: Processor) -> None:
    sound = noise(4800)
    bench = Bench(processor)
    bench.set(**busy(processor))
    first = bench.run(sound)
    bench.reset()
    np.testing.assert_array_equal(bench.run(sound), first)


@EVERY
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 3e38])
def test_it_recovers_from_what_is_no_sound(processor: Processor, bad: float) -> None:
    bench = Bench(processor)
    bench.set(**busy(processor))
    sound = noise(480)
    sound[100:103] = bad
    bench.run(sound)
    bench.run(np.zeros((RATE // 2, 2), np.float32))
    heard = bench.run(noise(4800))
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() < 100.0


@EVERY
@pytest.mark.parametrize("rate", RATES)
def test_silence_stays_silence(processor: Processor, rate: int) -> None:
    for settings in ({}, busy(processor)):
        bench = Bench(processor, rate)
        bench.set(**settings)
        assert not bench.run(np.zeros((rate // 4, 2), np.float32)).any()


@EVERY
@pytest.mark.parametrize("rate", [44100, 192000])
def test_it_stays_finite_at_all_ends_of_its_ranges(processor: Processor, rate: int) -> None:
    sound = np.concatenate([noise(2400, 1.0), sine(40.0, 0.0, 0.05, rate), impulse(500)])
    for settings in ends(processor):
        bench = Bench(processor, rate)
        bench.set(**settings)
        heard = bench.run(sound)
        assert np.isfinite(heard).all(), settings
        assert np.abs(heard).max() < 1e4, settings


@pytest.mark.parametrize("processor", IN_LANES, ids=[one.id for one in IN_LANES])
@pytest.mark.parametrize("rate", RATES)
def test_its_latency_is_the_declared_one(processor: Processor, rate: int) -> None:
    """Quiet noise through the defaults: the output is most like the input after that many frames."""
    bench = Bench(processor, rate)
    sound = noise(rate // 4, 0.01)
    heard = bench.run(sound)[:, 0].astype(np.float64)
    lags = np.arange(-5, bench.latency + 200)
    given = sound[:, 0].astype(np.float64)
    middle = slice(2000, len(given) - 2000)
    likeness = [float(np.dot(given[middle], np.roll(heard, -lag)[middle])) for lag in lags]
    assert lags[int(np.argmax(np.abs(likeness)))] == bench.latency
