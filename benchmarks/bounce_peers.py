"""Bouncing 8, 16, 32 and 64 one-minute stems at unity gain, against other programs that can do the same.

    python -m benchmarks.bounce_peers [--rounds 5] [--stems 8 16 32 64]

Every figure is a whole process, start-up included: CPU seconds (user and system, as the system counts them when the
process ends), seconds on the clock, largest resident set. All programs run in turn, after one round that warms the page
cache and the compiled kernels; medians are told, and the median of the ratios within each round. The results of the
last round are compared sample by sample with gainstage's.

Needs Debian's `ecasound` and `sox`; what is missing is left out.
"""

from __future__ import annotations

import argparse
import math
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.children import PROGRAM, cpu_ratio, environment, interleaved, median
from benchmarks.machine import machine_line
from benchmarks.stems import RATE_HZ, stems

_OURS = "gainstage bounce"
_AGREE_DB = -110.0


def commands(folder: Path, outs: Path) -> dict[str, list[str | Path]]:
    """What to run, by name. Each job writes `OUTS/<name>.wav`."""
    files = sorted(folder.glob("*.wav"))
    jobs: dict[str, list[str | Path]] = {_OURS: [*PROGRAM, "bounce", folder, outs / f"{_OURS}.wav", "--bits", "32f"]}
    if shutil.which("ecasound"):
        for buffer_frames in (1024, 4096):
            name = f"ecasound -b:{buffer_frames}"
            stereo = f"-f:f32_le,2,{RATE_HZ}"
            chains = [word for index, stem in enumerate(files, 1) for word in (f"-a:{index}", "-i", stem)]
            out = ["-a:all", stereo, "-o", outs / f"{name}.wav"]
            jobs[name] = ["ecasound", "-q", "-B:nonrt", f"-b:{buffer_frames}", stereo, *chains, *out]
    if shutil.which("sox"):
        # Without a volume for each, sox divides by the number of inputs.
        inputs = [word for stem in files for word in ("-v", "1", stem)]
        jobs["sox -m"] = ["sox", "-V1", "-m", *inputs, "-e", "float", "-b", "32", outs / "sox -m.wav"]
    mix = [sys.executable, "-m", "benchmarks.numpy_mix", folder]
    jobs["numpy, 64k blocks"] = [*mix, outs / "numpy, 64k blocks.wav"]
    return jobs


def difference_db(one: Path, other: Path) -> float:
    words = [sys.executable, "-m", "benchmarks.difference", one, other]
    return float(subprocess.run(words, check=True, env=environment(), capture_output=True, text=True).stdout)


def measure(count: int, rounds: int) -> None:
    folder = stems("noise", count)
    with tempfile.TemporaryDirectory(prefix="gainstage-bounce-") as scratch:
        outs = Path(scratch)
        jobs = commands(folder, outs)
        measured = interleaved(jobs, rounds, outs)
        for name, usages in measured.items():
            middle = median(usages)
            ratio = cpu_ratio(measured[_OURS], usages)
            apart = difference_db(outs / f"{_OURS}.wav", outs / f"{name}.wav")
            compared = f"{ratio:.2f}" if name != _OURS else ""
            agrees = "" if name == _OURS else "same bits" if apart == -math.inf else f"{apart:.0f} dB"
            if apart > _AGREE_DB:
                agrees += " (DIFFERENT)"
            print(
                f"| {count} | {name} | {middle.cpu_s:.2f} | {middle.wall_s:.2f} | {middle.peak_mb:.0f} "
                f"| {compared} | {agrees} |",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stems", type=int, nargs="+", default=[8, 16, 32, 64])
    chosen = parser.parse_args()
    print(machine_line())
    print(f"medians of {chosen.rounds} rounds in turn; ours/its: CPU of gainstage divided by that program's\n")
    print("| stems | program | CPU s | clock s | peak MB | ours/its | difference |\n|---|---|---|---|---|---|---|")
    for count in chosen.stems:
        measure(count, chosen.rounds)


if __name__ == "__main__":
    main()
