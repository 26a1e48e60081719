"""A program that plays a ramp to PortAudio's default device: the sample's number left, its negative right.

Usage: play_ramp.py SECONDS RATE BLOCK CHANNELS; prints the frames of the ramp. Silence goes first, so that recorders
find both channels in time, and comes after it, because a server may drop what it still holds when a stream stops.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
import sounddevice

HEAD_S = 0.25
TAIL_S = 0.5


def main(seconds: float, rate: int, block: int, channels: int) -> None:
    total = round(seconds * rate)
    played = -round(HEAD_S * rate)

    def play(out: Any, frames: int, _time: object, _status: object) -> None:
        nonlocal played
        out[:] = 0.0
        number = np.arange(played + 1, played + 1 + frames)
        ramp = np.where((number > 0) & (number <= total), number, 0).astype(np.float32) / np.float32(1 << 24)
        out[:, 0] = ramp
        out[:, 1] = -ramp
        played += frames

    with sounddevice.OutputStream(rate, block, channels=channels, dtype="float32", callback=play, latency=0.05):
        while played < total:
            time.sleep(0.02)
        time.sleep(TAIL_S)
    print(total)


if __name__ == "__main__":
    main(float(sys.argv[1]), *map(int, sys.argv[2:]))
