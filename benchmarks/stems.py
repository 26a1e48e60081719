"""Generated stems: the same samples on every machine, made once and kept in the system's folder for temporary files.

    python -m benchmarks.stems noise|lively COUNT     makes them, for other uses

All are one minute of 24-bit stereo at 48 kHz. `noise` is white and at -42 dBFS, so that 64 of them at unity gain stay
below full scale even if all their peaks fell together; `lively` are struck notes of noise, 1.5 to 6 a second and up to
20 dB apart in level, for meters that move all the time.

Nothing heavy is imported before there is something to make: what a process starts is said to have used at least the
memory that it used itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

from benchmarks.children import environment

Kind = Literal["noise", "lively"]

RATE_HZ = 48000
SECONDS = 60
MOST_STEMS = 64

_NOISE_PEAK = 1 / 128
_CACHE = Path(tempfile.gettempdir()) / "gainstage-benchmarks"


def stems(kind: Kind, count: int) -> Path:
    """A folder with exactly so many stems."""
    if not 1 <= count <= MOST_STEMS:
        raise ValueError(f"{count} stems are not within 1 to {MOST_STEMS}")
    folder = _CACHE / f"{kind}-{count}"
    if len(list(folder.glob("*.wav"))) != count:
        print(f"making {count} stems ({kind}) in {folder}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "benchmarks.stems", kind, str(count)], check=True, env=environment())
    return folder


def _make(kind: Kind, count: int) -> None:
    """Makes what is missing. The stems of all folders of a kind are the same files, linked."""
    import soundfile

    every, chosen = _CACHE / kind, _CACHE / f"{kind}-{count}"
    every.mkdir(parents=True, exist_ok=True)
    chosen.mkdir(exist_ok=True)
    for number in range(1, count + 1):
        name = f"{kind.capitalize()} {number:02d}.wav"
        if not (every / name).exists():
            part = every / f"{name}.part"
            samples = _noise(number) if kind == "noise" else _notes(number)
            soundfile.write(part, samples, RATE_HZ, subtype="PCM_24", format="WAV")
            part.rename(every / name)
        if not (chosen / name).exists():
            os.link(every / name, chosen / name)


def _noise(number: int) -> Any:
    import numpy as np

    random = np.random.default_rng(number)
    return (random.random((SECONDS * RATE_HZ, 2), np.float32) * 2 - 1) * np.float32(_NOISE_PEAK)


def _notes(number: int) -> Any:
    import numpy as np

    random = np.random.default_rng(1000 + number)
    frames = SECONDS * RATE_HZ
    level = np.zeros(frames, np.float32)
    notes = round(SECONDS * random.uniform(1.5, 6.0))
    decay = np.exp(-np.arange(RATE_HZ // 2, dtype=np.float32) / (0.1 * RATE_HZ))
    for start, level_db in zip(random.integers(0, frames, notes), random.uniform(-32.0, -12.0, notes), strict=True):
        tail = level[start : start + len(decay)]
        tail += decay[: len(tail)] * np.float32(10.0 ** (level_db / 20.0))
    noise = random.random((frames, 2), np.float32) * 2 - 1
    return np.clip(noise * level[:, None], -1.0, 1.0)


if __name__ == "__main__":
    _make("lively" if sys.argv[1] == "lively" else "noise", int(sys.argv[2]))
