"""Measuring ten minutes of 24-bit stereo, against other programs that measure loudness, its range and true peak.

    python -m benchmarks.measure_peers [--rounds 5]

Every figure is a whole process, start-up included: CPU seconds (user and system), seconds on the clock, largest
resident set. All programs run in turn, after one round that warms the page cache and the compiled kernels; medians are
told, and the median of the ratios within each round. `notes` are struck notes with pauses; `noise` is white and steady,
the worst there is for a true-peak meter that passes over what cannot be a peak.

How true the true peaks are is then told for sounds without anything above 20 kHz, whose peak is known from 64 times the
rate. Needs Debian's `ffmpeg`, and `libebur128-dev`, `libsndfile1-dev` and a C compiler, or pyebur128; what is missing
is left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.children import PROGRAM, ROOT, Usage, environment, interleaved, median
from benchmarks.machine import machine_line
from benchmarks.stems import Kind, stems

_OURS = "gainstage measure"
_MINUTES = 10
_CACHE = Path(tempfile.gettempdir()) / "gainstage-benchmarks"
_TOLD, _SILENT = "info", "error"
_FFMPEG = ("ffmpeg", "-v", _TOLD, "-hide_banner", "-nostats", "-nostdin", "-i")
_FILTER = "ebur128=peak=true:framelog=verbose"
_RATES_HZ = (44100, 48000)
_SOUNDS = 40
_HIGHEST_HZ = 19900.0

Command = list[str | Path]


def ten_minutes(kind: Kind) -> Path:
    """A file of stems one after the other."""
    path = _CACHE / f"ten minutes of {kind}.wav"
    if not path.exists():
        import soundfile

        files = sorted(stems(kind, _MINUTES).glob("*.wav"))
        part = path.with_suffix(".part")
        with soundfile.SoundFile(part, "w", 48000, 2, "PCM_24", format="WAV") as out:
            for file in files:
                out.write(soundfile.read(file, dtype="float32")[0])
        part.rename(path)
    return path


def c_driver(scratch: Path) -> Path | None:
    """The driver of libebur128, compiled; None where that is not possible."""
    program = scratch / "ebur128_file"
    source = ROOT / "benchmarks" / "ebur128_file.c"
    words = ["cc", "-O3", source, "-o", program, "-lebur128", "-lsndfile", "-lm"]
    if shutil.which("cc") and subprocess.run(words, capture_output=True, check=False).returncode == 0:
        return program
    return None


def programs(scratch: Path) -> dict[str, Callable[[Path], Command]]:
    """What can be run on a file, by name."""
    found: dict[str, Callable[[Path], Command]] = {_OURS: lambda file: [*PROGRAM, "measure", "--json", file]}
    if (driver := c_driver(scratch)) is not None:
        found["libebur128 (C)"] = lambda file: [driver, file]
    if importlib.util.find_spec("pyebur128"):
        found["pyebur128"] = lambda file: [sys.executable, "-m", "benchmarks.ebur128_file", file]
    if shutil.which("ffmpeg"):
        found["ffmpeg ebur128"] = lambda file: [*_FFMPEG, file, "-af", _FILTER, "-f", "null", "-"]
    return found


def _printed(command: Command) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment())
    return done.stdout + done.stderr


def reading(name: str, command: Command) -> tuple[float, float, float]:
    """Loudness, range and true peak that a program prints."""
    text = _printed(command)
    if name == _OURS:
        file = json.loads(text)["files"][0]
        return file["integrated_lufs"], file["loudness_range_lu"], file["true_peak_dbtp"]
    if name.startswith("ffmpeg"):
        found = [re.findall(rf"{key}:\s+(-?[\d.]+) ", text)[-1] for key in ("I", "LRA", "Peak")]
        return float(found[0]), float(found[1]), float(found[2])
    loudness, span, peak = map(float, text.split())
    return loudness, span, peak


def ratio(ours: list[Usage], theirs: list[Usage], of: Callable[[Usage], float]) -> float:
    """The median over the rounds of how much ours took of what theirs did."""
    ratios = sorted(of(one) / of(other) for one, other in zip(ours, theirs, strict=True))
    return ratios[len(ratios) // 2]


def measure(kind: Kind, name: str, known: dict[str, Callable[[Path], Command]], rounds: int, scratch: Path) -> None:
    file = ten_minutes(kind)
    jobs = {program: make(file) for program, make in known.items()}
    silent = {program: [_SILENT if word == _TOLD else word for word in words] for program, words in jobs.items()}
    measured = interleaved(silent, rounds, scratch)
    for program, usages in measured.items():
        middle = median(usages)
        ours = measured[_OURS]
        cpu, wall = (ratio(ours, usages, of) for of in (lambda usage: usage.cpu_s, lambda usage: usage.wall_s))
        compared = "| |" if program == _OURS else f"| {cpu:.2f} | {wall:.2f} |"
        loudness, span, peak = reading(program, jobs[program])
        print(
            f"| {name} | {program} | {middle.cpu_s:.2f} | {middle.wall_s:.2f} | {middle.peak_mb:.0f} {compared}"
            f" {loudness:.1f} | {span:.1f} | {peak:.1f} |",
            flush=True,
        )


def band_limited(rate_hz: int, number: int) -> Any:
    """A sound without anything above 20 kHz that fades in and out: a tone, a chord or noise."""
    import numpy as np

    random = np.random.default_rng(number)
    n = np.arange(12000)
    if number % 3 == 2:
        spectrum = np.fft.rfft(random.standard_normal(len(n)))
        spectrum[np.fft.rfftfreq(len(n), 1.0 / rate_hz) > _HIGHEST_HZ] = 0.0
        sound = np.fft.irfft(spectrum, len(n))
    else:
        tones = (1, 8)[number % 3]
        hertz = np.array([[0.4 * rate_hz]]) if number % 6 == 0 else random.uniform(20.0, _HIGHEST_HZ, (tones, 1))
        sound = np.sin(2.0 * np.pi * hertz * n / rate_hz + random.uniform(0.0, 6.3, hertz.shape)).sum(axis=0)
    sound *= 0.5 - 0.5 * np.cos(np.pi * np.minimum(1.0, np.minimum(n, n[::-1]) / 3000.0))
    return (0.7 * sound / np.abs(sound).max()).astype(np.float32)


def accuracy(known: dict[str, Callable[[Path], Command]], scratch: Path) -> None:
    """How far the true peaks of all programs are from the truth."""
    import numpy as np
    import soundfile

    print("\n| rate | program | true peaks too low by up to, dB | too high by up to, dB |\n|---|---|---|---|")
    for rate_hz in _RATES_HZ:
        errors: dict[str, list[float]] = {name: [] for name in known if name != "pyebur128"}
        for number in range(_SOUNDS):
            sound = band_limited(rate_hz, number)
            path = scratch / "sound.wav"
            soundfile.write(path, np.stack([sound, sound], 1), rate_hz, subtype="FLOAT")
            spectrum = np.fft.rfft(sound.astype(np.float64))
            truth = 20.0 * math.log10(np.abs(np.fft.irfft(spectrum, 64 * len(sound)) * 64.0).max())
            for name in errors:
                errors[name].append(reading(name, known[name](path))[2] - truth)
        for name, found in errors.items():
            rounded = " (it prints one decimal)" if name.startswith("ffmpeg") else ""
            low, high = -min(0.0, *found), max(0.0, *found)
            print(f"| {rate_hz} | {name}{rounded} | {low:.2f} | {high:.2f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    print(machine_line())
    print(f"medians of {chosen.rounds} rounds in turn; ours/its: gainstage divided by that program\n")
    heading = "| file | program | CPU s | clock s | peak MB | ours/its, CPU | ours/its, clock | I | LRA | dBTP |"
    print(f"{heading}\n|{'---|' * heading.count(' | ')}---|")
    with tempfile.TemporaryDirectory(prefix="gainstage-measure-") as name:
        scratch = Path(name)
        known = programs(scratch)
        measure("lively", "notes", known, chosen.rounds, scratch)
        measure("noise", "noise", known, chosen.rounds, scratch)
        accuracy(known, scratch)


if __name__ == "__main__":
    main()
