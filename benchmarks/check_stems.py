"""`gainstage check` of one-minute stems: what the meters of every stage and the judging add to a bounce of the same.

    python -m benchmarks.check_stems [--rounds 5] [--stems 8 32 64]

Whole processes, start-up included, run in turn; medians are told, and the median of the ratios within each round.
"""

from __future__ import annotations

import argparse
import shlex
import tempfile
from pathlib import Path

from benchmarks.children import PROGRAM, cpu_ratio, interleaved, median
from benchmarks.machine import machine_line
from benchmarks.stems import SECONDS, stems

_CHECK, _BOUNCE = "gainstage check", "gainstage bounce"


def measure(count: int, rounds: int) -> None:
    folder = stems("lively", count)
    with tempfile.TemporaryDirectory(prefix="gainstage-check-") as scratch:
        outs = Path(scratch)
        # Findings are no failure.
        check = f"{shlex.join([*PROGRAM, 'check', str(folder), '--json'])} || test $? = 1"
        jobs: dict[str, list[str | Path]] = {
            _CHECK: ["sh", "-c", check],
            _BOUNCE: [*PROGRAM, "bounce", folder, outs / "out.wav", "--bits", "32f"],
        }
        measured = interleaved(jobs, rounds, outs)
    middle = median(measured[_CHECK])
    ratio = cpu_ratio(measured[_CHECK], measured[_BOUNCE])
    times = f"{middle.cpu_s:.2f} | {middle.wall_s:.2f} | {SECONDS / middle.wall_s:.0f}"
    print(f"| {count} | {times} | {middle.peak_mb:.0f} | {ratio:.2f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stems", type=int, nargs="+", default=[8, 32, 64])
    chosen = parser.parse_args()
    print(machine_line())
    print(f"medians of {chosen.rounds} rounds in turn\n")
    print("| stems | CPU s | clock s | song/clock | peak MB | CPU, check/bounce |\n|---|---|---|---|---|---|")
    for count in chosen.stems:
        measure(count, chosen.rounds)


if __name__ == "__main__":
    main()
