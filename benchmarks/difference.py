"""How far apart two sound files are: the RMS of their difference, in dB below full scale.

    python -m benchmarks.difference ONE.wav OTHER.wav

Says "-inf" where every sample is the same, and 0 where they differ in length.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import soundfile

_BLOCK_FRAMES = 1 << 18


def difference_db(one: Path, other: Path) -> float:
    squares, samples = 0.0, 0
    with soundfile.SoundFile(one) as first, soundfile.SoundFile(other) as second:
        if first.frames != second.frames:
            return 0.0
        while len(ours := first.read(_BLOCK_FRAMES, dtype="float64")):
            difference = ours - second.read(_BLOCK_FRAMES, dtype="float64")
            squares += float(np.square(difference).sum())
            samples += difference.size
    return 10.0 * math.log10(squares / samples) if squares else -math.inf


if __name__ == "__main__":
    print(difference_db(Path(sys.argv[1]), Path(sys.argv[2])))
