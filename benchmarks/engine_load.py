"""How hard the real-time engine works: stereo strips against block size, and against vector instructions.

    python -m benchmarks.engine_load [--rounds 3] [--seconds 2] [--ticks]

Each figure is the time that rendering takes as a percentage of the time the sound lasts, on one core, at 48 kHz, with
all meters of all stages running, trims, faders and pans set (`engine.load.measure_load`: no disk, no device, the best
of three passes). Every instruction set is measured in a process of its own, which compiles for that one; the processes
run in turn, and medians over the rounds are told.

With `--ticks`: how evenly the work is spread over blocks of 64 frames at 192 kHz, of 128 strips with all slots and
sends used and metered (`engine.load.measure_ticks`): the median and the worst block of those that end nothing, that end
10 ms of the meters, and that hand maxima over to the reader, as the processor's time of the best of many passes.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from dataclasses import astuple

from benchmarks.children import environment
from benchmarks.machine import machine_line, vector_flags
from engine.load import measure_ticks

_STRIPS = (8, 16, 64, 128)
_BLOCK_FRAMES = (64, 128, 256)
_INSTRUCTION_SETS: dict[str, tuple[str, dict[str, str]]] = {
    "this machine": ("sse2", {}),
    "AVX2": ("avx512f", {"NUMBA_CPU_NAME": "x86-64-v3", "NUMBA_CPU_FEATURES": "+avx,+avx2,+fma"}),
    "SSE2": ("avx2", {"NUMBA_CPU_NAME": "x86-64", "NUMBA_CPU_FEATURES": ""}),
}
"""By name: the flag without which it is not told (it would be the line above again), and what numba is set to."""

_CHILD = """
import json, sys
from engine.load import measure_load
seconds, cases = json.loads(sys.argv[1])
print(json.dumps([measure_load(strips, frames, seconds=seconds).core_percent for strips, frames in cases]))
"""


def percents(settings: dict[str, str], cases: list[tuple[int, int]], seconds: float) -> list[float]:
    command = [sys.executable, "-c", _CHILD, json.dumps([seconds, cases])]
    told = subprocess.run(command, check=True, env=environment(**settings), capture_output=True, text=True)
    return [float(percent) for percent in json.loads(told.stdout)]


def tell_ticks(rounds: int, seconds: float) -> None:
    loads = [measure_ticks(seconds=seconds) for _ in range(rounds)]
    print(f"us of a block of {loads[0].period_us:.0f} us, medians of {rounds} rounds\n")
    print("| block | median | worst |\n|---|---|---|")
    for name in ("ordinary", "ending_tick", "handing_over"):
        kinds = [getattr(load, name) for load in loads]
        middle, worst = (statistics.median(values) for values in zip(*map(astuple, kinds), strict=True))
        print(f"| {name.replace('_', ' ')} | {middle:.0f} | {worst:.0f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--ticks", action="store_true")
    chosen = parser.parse_args()
    if chosen.ticks:
        print(machine_line())
        tell_ticks(chosen.rounds, chosen.seconds)
        return
    cases = [(strips, frames) for strips in _STRIPS for frames in _BLOCK_FRAMES]
    sets = {name: settings for name, (flag, settings) in _INSTRUCTION_SETS.items() if flag in vector_flags()}
    rounds: dict[str, list[list[float]]] = {name: [] for name in sets}
    for _ in range(chosen.rounds):
        for name, settings in sets.items():
            rounds[name].append(percents(settings, cases, chosen.seconds))
    print(machine_line())
    print(f"percent of one core, medians of {chosen.rounds} rounds in turn\n")
    print("| compiled for | block frames | " + " | ".join(f"{strips} strips" for strips in _STRIPS) + " |")
    print("|---" * (len(_STRIPS) + 2) + "|")
    for name, measured in rounds.items():
        middle = dict(zip(cases, map(statistics.median, zip(*measured, strict=True)), strict=True))
        for frames in _BLOCK_FRAMES:
            cells = " | ".join(f"{middle[strips, frames]:.2f}" for strips in _STRIPS)
            print(f"| {name} | {frames} | {cells} |")


if __name__ == "__main__":
    main()
