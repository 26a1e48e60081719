"""Integrated loudness, loudness range and true peak of a file with pyebur128 and soundfile, as a program of its own.

python -m benchmarks.ebur128_file FILE
"""

from __future__ import annotations

import math
import sys
from typing import Any

import pyebur128
import soundfile

_FRAMES = 8192


def main(path: str) -> None:
    with soundfile.SoundFile(path) as file:
        mode = pyebur128.MeasurementMode
        modes = mode.MODE_I | mode.MODE_LRA | mode.MODE_TRUE_PEAK
        state: Any = pyebur128.R128State(file.channels, file.samplerate, modes)
        for block in file.blocks(_FRAMES, dtype="float32", always_2d=True):
            state.add_frames(block.reshape(-1), len(block))
        peak = max(pyebur128.get_true_peak(state, channel) for channel in range(file.channels))
    loudness, span = pyebur128.get_loudness_global(state), pyebur128.get_loudness_range(state)
    print(f"{loudness:.6f} {span:.6f} {20.0 * math.log10(peak):.6f}")


if __name__ == "__main__":
    main(sys.argv[1])
