"""The engine's units against plain C loops of the same arithmetic: the yardstick of what this processor can do.

    python -m benchmarks.yardstick [--blocks 2000] [--rounds 7]

One rack (32 stereo strips, 64 lanes), blocks of 64 frames, 48 kHz: an equaliser with four bands, a compressor and a
saturator, each as the engine's unit and as loops of `yardstick.c`, which the system's `cc` compiles with -O3 for this
processor. Rounds in turn, the best of each; the ratio is ours to C. Aim: at most 2.5 for the three together.
"""

from __future__ import annotations

import argparse
import ctypes
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.machine import machine_line
from engine.catalog import PROCESSORS
from engine.core.record import BLOCK_FRAMES, LANES, STRIPS_PER_RACK, allocate
from engine.core.unit import JUMP, MOST_PARAMS, PROCESS
from engine.dsp.oversampler import half_band
from engine.io.warm_up import warm_up

_RATE_HZ = 48000
_BANDS = {"low_shelf": 1.0, "bell_1": 1.0, "bell_2": 1.0, "high_shelf": 1.0}
_GAINS = {"low_shelf_gain_db": 3.0, "bell_1_gain_db": -3.0, "bell_2_gain_db": 3.0, "high_shelf_gain_db": 2.0}
_CHAIN: tuple[tuple[str, dict[str, float]], ...] = (
    ("equaliser", _BANDS | _GAINS),
    ("compressor", {}),
    ("saturator", {}),
)

Run = Callable[[int], None]


def compiled(folder: Path) -> ctypes.CDLL:
    """The C loops, for this processor."""
    library = folder / "yardstick.so"
    source = Path(__file__).with_name("yardstick.c")
    flags = ("-O3", "-march=native", "-mprefer-vector-width=512", "-ffp-contract=fast", "-fno-math-errno")
    subprocess.run(["cc", *flags, "-shared", "-fPIC", "-o", library, source], check=True)
    loaded = ctypes.CDLL(str(library))
    steep, wide = half_band(30, 8.5), half_band(6, 8.6)
    loaded.set_up(ctypes.c_void_p(steep.ctypes.data), ctypes.c_void_p(wide.ctypes.data))
    return loaded


def ours(kind: str, settings: dict[str, float], block: np.ndarray) -> Run:
    """Runs one unit of the engine over a block, so many times."""
    processor = PROCESSORS[kind]
    unit = allocate(processor.layout)
    unit.header.sample_rate_hz = _RATE_HZ
    values = [settings.get(spec.id, spec.default) for spec in processor.params]
    params = np.zeros(MOST_PARAMS, np.float32)
    params[: len(values)] = values
    for column in range(STRIPS_PER_RACK):
        processor.entry(unit.base.ctypes.data, JUMP, params.ctypes.data, column)

    def run(blocks: int) -> None:
        # The unit is kept: its memory is reached by address.
        for _ in range(blocks):
            processor.entry(unit.base.ctypes.data, PROCESS, block.ctypes.data, BLOCK_FRAMES)

    return run


def best_us(run: Run, blocks: int) -> float:
    begun_s = time.perf_counter()
    run(blocks)
    return (time.perf_counter() - begun_s) / blocks * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--blocks", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=7)
    chosen = parser.parse_args()
    warm_up(names=[PROCESSORS[kind].entry.name for kind, _ in _CHAIN])
    block = np.random.default_rng(1).uniform(-0.1, 0.1, (BLOCK_FRAMES, LANES)).astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        loops = compiled(Path(folder))
        at = ctypes.c_void_p(block.ctypes.data)
        pairs = [
            (kind, ours(kind, settings, block), lambda blocks, which=which: loops.run(at, which, blocks))
            for which, (kind, settings) in enumerate(_CHAIN)
        ]
        took = {kind: ([], []) for kind, _, _ in pairs}
        for _ in range(chosen.rounds):
            for kind, unit, loop in pairs:
                for run, times in zip((unit, loop), took[kind], strict=True):
                    block[:] = np.random.default_rng(1).uniform(-0.1, 0.1, block.shape)
                    times.append(best_us(run, chosen.blocks))
    print(machine_line())
    print(f"microseconds for a block of {BLOCK_FRAMES} frames of {STRIPS_PER_RACK} stereo strips, best of the rounds\n")
    print("| processor | ours | C | ours/C |\n|---|---|---|---|")
    total = [0.0, 0.0]
    for kind, (units, loops_took) in took.items():
        total[0] += min(units)
        total[1] += min(loops_took)
        print(f"| {kind} | {min(units):.1f} | {min(loops_took):.1f} | {min(units) / min(loops_took):.2f} |")
    print(f"| all three | {total[0]:.1f} | {total[1]:.1f} | {total[0] / total[1]:.2f} |")


if __name__ == "__main__":
    main()
