"""The mix as anybody would write it with numpy: 64k frames of every stem, summed, to a 32-bit float file.

    python -m benchmarks.numpy_mix FOLDER OUT.wav

One of the programs that `benchmarks.bounce_peers` compares with.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import soundfile

_BLOCK_FRAMES = 65536


def mix(folder: Path, out: Path) -> None:
    stems = [soundfile.SoundFile(path) for path in sorted(folder.glob("*.wav"))]
    frames = max(stem.frames for stem in stems)
    with soundfile.SoundFile(out, "w", stems[0].samplerate, 2, "FLOAT") as target:
        for start in range(0, frames, _BLOCK_FRAMES):
            total = np.zeros((min(_BLOCK_FRAMES, frames - start), 2), np.float32)
            for stem in stems:
                block = stem.read(len(total), dtype="float32", always_2d=True)
                total[: len(block)] += block
            target.write(total)


if __name__ == "__main__":
    mix(Path(sys.argv[1]), Path(sys.argv[2]))
