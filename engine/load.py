"""How hard the engine works on this machine, in percent of one core: plain strips, a whole console, each processor."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from engine.meters.frame import OVERVIEW
from engine.mix import INSERT_SLOTS, MASTER, MAX_STRIPS, SEND_SLOTS, Insert, Mix, Send, Strip, StripControls

STRIP_COUNTS = (8, 16, 32, 64, 128)
BLOCK_FRAMES = (64, 128, 256, 1024)
CONSOLE_STRIPS = 64
CONSOLE_BLOCK_FRAMES = 64
_PER_RACK = 32
"""Strips of one rack: what a processor costs, it costs for all of them."""

_FILLING = "utility"
"""The processor that costs least."""

_CONTROLS = StripControls(trim_db=-3.0, fader_db=-6.0, pan_percent=10.0)


@dataclass(frozen=True, slots=True)
class Load:
    """One measurement; `core_percent` is the time the blocks took, as a share of the time they last."""

    strips: int
    block_frames: int
    sample_rate_hz: int
    core_percent: float
    block_us: float


@dataclass(frozen=True, slots=True)
class ProcessorLoad:
    """What a processor adds to a rack of strips that all use it (`strips` of them; 1 for a return's)."""

    kind: str
    label: str
    strips: int
    core_percent: float


@dataclass(frozen=True, slots=True)
class MeterLoad:
    """What all meters at all stages of strips cost, the true peaks among it, and one stage more."""

    strips: int
    stages: int
    core_percent: float
    true_peak_percent: float
    stage_percent: float


@dataclass(frozen=True, slots=True)
class BlockTimes:
    """What blocks of one kind take, in microseconds: the middle one and the worst of 100 ms."""

    median_us: float
    worst_us: float


@dataclass(frozen=True, slots=True)
class TickLoad:
    """What blocks take by what ends with them: nothing, a tick of the meters, what the reader has asked for."""

    strips: int
    period_us: float
    ordinary: BlockTimes
    ending_tick: BlockTimes
    handing_over: BlockTimes


def measure_load(strips: int, block_frames: int, sample_rate_hz: int = 48000, seconds: float = 1.0) -> Load:
    """Renders so many stereo strips of noise, with all their meters, for `seconds` of sound after as much to warm up.

    The best of three runs, for what else the machine does only ever adds. No disk and no device is part of it.
    """
    if not 1 <= strips <= MAX_STRIPS:
        raise ValueError(f"{strips} strips are not within 1 to {MAX_STRIPS}")
    return _measure(Mix(sample_rate_hz, _stems(strips)), block_frames, seconds)


def measure_console(
    strips: int = CONSOLE_STRIPS,
    block_frames: int = CONSOLE_BLOCK_FRAMES,
    sample_rate_hz: int = 48000,
    seconds: float = 1.0,
    *,
    metered: bool = True,
) -> Load:
    """The same for a whole console (see `console`), with all its meters or, as it is bounced, without."""
    return _measure(console(strips, sample_rate_hz), block_frames, seconds, metered=metered)


def measure_meters(
    strips: int = CONSOLE_STRIPS,
    block_frames: int = CONSOLE_BLOCK_FRAMES,
    sample_rate_hz: int = 48000,
    seconds: float = 1.0,
) -> MeterLoad:
    """What the meters cost of strips with a processor in each slot, so that every stage but the sends is measured."""
    plain = Mix(sample_rate_hz, _stems(strips))
    filling = (_insert(_FILLING),) * INSERT_SLOTS
    full = replace(plain, strips=tuple(replace(strip, inserts=filling) for strip in plain.strips))

    def percent(mix: Mix, metered: int) -> float:
        return _measure(mix, block_frames, seconds, metered=metered).core_percent

    # NOT_METERED, METERED and METERED_BUT_TRUE_PEAKS: this module is imported without the engine's code.
    without, whole, but_true_peaks = (percent(full, metered) for metered in range(3))
    whole_of_plain = percent(plain, 1) - percent(plain, 0)
    of_all = max(whole - without, 0.0)
    return MeterLoad(
        strips,
        len(OVERVIEW) + INSERT_SLOTS,
        of_all,
        max(whole - but_true_peaks, 0.0),
        max(of_all - whole_of_plain, 0.0) / INSERT_SLOTS,
    )


def measure_ticks(
    strips: int = MAX_STRIPS,
    block_frames: int = CONSOLE_BLOCK_FRAMES,
    sample_rate_hz: int = 192000,
    seconds: float = 3.0,
) -> TickLoad:
    """How evenly the work is spread over blocks of the largest console: every slot and every send used and metered.

    Blocks that come at the same place of 100 ms do the same, and of each place the best of `seconds` is told, in the
    time of the thread: what else the machine does only ever adds. Blocks have to be a whole number to a tick.
    """
    tick_frames = sample_rate_hz // 100
    if tick_frames % block_frames:
        raise ValueError(f"{tick_frames} frames are no whole number of blocks of {block_frames}")
    filling = (_insert(_FILLING),) * INSERT_SLOTS
    ways = [f"return{number}" for number in range(SEND_SLOTS)]
    sends = tuple(Send(way, -12.0) for way in ways)
    stems = tuple(replace(strip, inserts=filling, sends=sends) for strip in _stems(strips))
    mix = Mix(sample_rate_hz, (*stems, *(Strip(way, way, kind="return") for way in ways)))
    engine, render = _prepare(mix, block_frames, 1)
    per_tick = tick_frames // block_frames
    places = 10 * per_tick
    # At some other time between two ticks.
    handing_over = {tick * per_tick + 7 * tick % (per_tick - 1) for tick in range(0, 10, 2)}
    render(3 * places)
    best = [float("inf")] * places
    for _ in range(max(round(10.0 * seconds), 3)):
        for place in range(places):
            if place in handing_over:
                engine.meters.wanted[0] += 1
            begun_ns = time.thread_time_ns()
            render(1)
            best[place] = min(best[place], 1e-3 * (time.thread_time_ns() - begun_ns))
    ending = set(range(per_tick - 1, places, per_tick))

    def times(kind: set[int]) -> BlockTimes:
        return BlockTimes(statistics.median(best[place] for place in kind), max(best[place] for place in kind))

    ordinary = set(range(places)) - handing_over - ending
    return TickLoad(
        strips,
        1e6 * block_frames / sample_rate_hz,
        times(ordinary),
        times(ending),
        times(handing_over),
    )


def measure_processors(
    block_frames: int = CONSOLE_BLOCK_FRAMES, sample_rate_hz: int = 48000, seconds: float = 0.5
) -> list[ProcessorLoad]:
    """What each kind of processor adds, at its defaults but with everything on that can be."""
    from engine.catalog import PROCESSORS

    bare = {strips: measure_load(strips, block_frames, sample_rate_hz, seconds).block_us for strips in (1, _PER_RACK)}
    loads = []
    for kind, processor in PROCESSORS.items():
        strips = 1 if processor.is_single else _PER_RACK
        values = tuple(1.0 if spec.taper == "switch" else spec.default for spec in processor.params)
        stems = tuple(replace(strip, inserts=(Insert(kind, values),)) for strip in _stems(strips))
        took = _measure(Mix(sample_rate_hz, stems), block_frames, seconds)
        added_us = max(took.block_us - bare[strips], 0.0)
        loads.append(ProcessorLoad(kind, processor.label, strips, added_us * sample_rate_hz / block_frames / 1e4))
    return loads


def console(strips: int, sample_rate_hz: int) -> Mix:
    """Stereo strips, each with four bands of equaliser, compressor, saturator and two sends, in four buses.

    Two returns have a reverb and a delay, the master has a bus compressor and a limiter.
    """
    bands = {"bell_1": 1.0, "bell_2": 1.0, "low_shelf": 1.0, "high_shelf": 1.0}
    bands |= {"bell_1_gain_db": 3.0, "bell_2_gain_db": -3.0, "low_shelf_gain_db": 2.0, "high_shelf_gain_db": 2.0}
    chain = (_insert("equaliser", **bands), _insert("compressor"), _insert("saturator"))
    sends = (Send("reverb", -12.0), Send("delay", -18.0))
    stems = tuple(
        replace(strip, inserts=chain, sends=sends, output=f"bus{number % 4}")
        for number, strip in enumerate(_stems(strips))
    )
    groups = (
        *(Strip(f"bus{number}", f"Bus {number}", kind="bus") for number in range(4)),
        Strip("reverb", "Reverb", kind="return", inserts=(_insert("reverb"),)),
        Strip("delay", "Delay", kind="return", inserts=(_insert("delay"),)),
    )
    master = replace(MASTER, inserts=(_insert("bus_compressor"), _insert("limiter")))
    return Mix(sample_rate_hz, (*stems, *groups), master)


def _insert(kind: str, **changed: float) -> Insert:
    from engine.catalog import PROCESSORS

    specs = PROCESSORS[kind].params
    unknown = changed.keys() - {spec.id for spec in specs}
    assert not unknown, unknown
    return Insert(kind, tuple(changed.get(spec.id, spec.default) for spec in specs))


def _stems(count: int) -> tuple[Strip, ...]:
    return tuple(Strip(str(number), str(number), controls=_CONTROLS) for number in range(count))


def _prepare(mix: Mix, block_frames: int, metered: int) -> tuple[Any, Callable[[int], None]]:
    """An engine that plays noise on all strips, and what renders so many blocks of it."""
    import numpy as np

    from engine.drive import render_blocks, set_entries
    from engine.io.warm_up import CORE, warm_up
    from engine.memory import new_engine
    from engine.mixer.controls import slots_of, write_mix
    from engine.mixer.planner import Planner, entries_of, nodes_of
    from engine.mixer.transport import PLAY, send_order
    from engine.sources.ring import new_ring_control, new_rings, ring_capacity_frames

    slots = slots_of(mix)
    nodes = nodes_of(mix, slots)
    warm_up(names=(*CORE, *chain(*entries_of(nodes).values())))
    rate = mix.sample_rate_hz
    strips = sum(strip.kind == "stem" for strip in mix.strips)
    engine = new_engine(rate)
    set_entries(engine)
    engine.metered = metered
    # Rings of their real size: larger than the caches, as they are when a song plays.
    capacity = ring_capacity_frames(rate)
    rings = new_rings(capacity)
    rings[:strips] = np.random.default_rng(1).uniform(-0.1, 0.1, (2, capacity))
    control = new_ring_control()
    control.active[:strips] = 1
    control.written[:] = 1 << 60
    write_mix(engine.controls, mix, slots)
    planner = Planner(rate)
    plan = planner.plan(nodes)
    engine.next_plan[0] = plan.base.ctypes.data
    engine.transport.length_frames = 1 << 60
    send_order(engine.transport, PLAY)
    engine.rings_address, engine.rings_capacity = rings.ctypes.data, capacity
    engine.ring_control_address = control.base.ctypes.data
    out = np.zeros((block_frames, 2), np.float32)
    # Of these the engine has the addresses only: they live as long as what renders.
    kept = (rings, control, planner, plan)

    def render(blocks: int, _kept: object = kept) -> None:
        render_blocks(engine.base.ctypes.data, out.ctypes.data, block_frames, 1, blocks)

    return engine, render


def _measure(mix: Mix, block_frames: int, seconds: float, *, metered: int = 1) -> Load:
    rate = mix.sample_rate_hz
    _, render = _prepare(mix, block_frames, metered)
    blocks = max(round(seconds * rate / block_frames), 1)
    render(blocks)
    best_s = float("inf")
    for _ in range(3):
        begun_s = time.perf_counter()
        render(blocks)
        best_s = min(best_s, time.perf_counter() - begun_s)
    strips = sum(strip.kind == "stem" for strip in mix.strips)
    return Load(strips, block_frames, rate, 100.0 * best_s * rate / (blocks * block_frames), 1e6 * best_s / blocks)
