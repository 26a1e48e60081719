"""How hard the engine works on this machine: strips against block size, in percent of one core."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

from engine.mix import MAX_STRIPS, Mix, Strip, StripControls

STRIP_COUNTS = (8, 16, 32, 64, 128)
BLOCK_FRAMES = (64, 128, 256, 1024)


@dataclass(frozen=True, slots=True)
class Load:
    """One measurement; `core_percent` is the time the blocks took, as a share of the time they last."""

    strips: int
    block_frames: int
    sample_rate_hz: int
    core_percent: float
    block_us: float


def measure_load(strips: int, block_frames: int, sample_rate_hz: int = 48000, seconds: float = 1.0) -> Load:
    """Renders so many stereo strips of noise, with all their meters, for `seconds` of sound after as much to warm up.

    The best of three runs, for what else the machine does only ever adds. No disk and no device is part of it.
    """
    if not 1 <= strips <= MAX_STRIPS:
        raise ValueError(f"{strips} strips are not within 1 to {MAX_STRIPS}")
    import numpy as np

    from engine.drive import render_blocks
    from engine.io.warm_up import warm_up
    from engine.memory import new_engine
    from engine.mixer.controls import slots_of, write_mix
    from engine.mixer.planner import Planner, nodes_of
    from engine.mixer.transport import PLAY, send_order
    from engine.sources.ring import new_ring_control, new_rings, ring_capacity_frames

    warm_up()
    engine = new_engine(sample_rate_hz)
    # Rings of their real size: larger than the caches, as they are when a song plays.
    capacity = ring_capacity_frames(sample_rate_hz)
    rings = new_rings(capacity)
    rings[:strips] = np.random.default_rng(1).uniform(-0.1, 0.1, (2, capacity))
    control = new_ring_control()
    control.active[:strips] = 1
    control.written[:] = 1 << 60
    controls = StripControls(trim_db=-3.0, fader_db=-6.0, pan_percent=10.0)
    mix = Mix(sample_rate_hz, tuple(Strip(str(number), str(number), controls=controls) for number in range(strips)))
    slots = slots_of(mix)
    write_mix(engine.controls, mix, slots)
    planner = Planner(sample_rate_hz)
    plan = planner.plan(nodes_of(mix, slots))
    engine.next_plan[0] = plan.base.ctypes.data
    engine.render_address = render_blocks.address
    engine.transport.length_frames = 1 << 60
    send_order(engine.transport, PLAY)
    engine.rings_address, engine.rings_capacity = rings.ctypes.data, capacity
    engine.ring_control_address = control.base.ctypes.data
    out = np.zeros((block_frames, 2), np.float32)
    render = partial(render_blocks, engine.base.ctypes.data, out.ctypes.data, block_frames, 1)
    blocks = max(round(seconds * sample_rate_hz / block_frames), 1)
    render(blocks)
    best_s = float("inf")
    for _ in range(3):
        begun_s = time.perf_counter()
        render(blocks)
        best_s = min(best_s, time.perf_counter() - begun_s)
    played_s = blocks * block_frames / sample_rate_hz
    return Load(strips, block_frames, sample_rate_hz, 100.0 * best_s / played_s, 1e6 * best_s / blocks)
