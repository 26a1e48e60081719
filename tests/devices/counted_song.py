"""A song whose every sample tells its place.

Sample n is (n + 1) / 2^23 left, which 24 bits hold exactly, and its negative right.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.mix import Mix
from tests.devices.recorders import Frames
from tests.engine.songs import RATE, strip, write_stem

_STEP = 2.0**-23
LENGTH_S = 100.0


def counted_mix(folder: Path, *, length_s: float = LENGTH_S) -> Mix:
    """The song as a mix of one strip at unity gain."""
    ramp = np.arange(1, round(length_s * RATE) + 1) * _STEP
    stem = write_stem(folder / "counted.wav", np.stack([ramp, -ramp], 1))
    return Mix(RATE, (strip(0, stem),))


def places(recorded: Frames) -> npt.NDArray[np.float64]:
    """The place in the song of every recorded frame, NaN for silence; faded ones come out too low."""
    assert (recorded[:, 0] == -recorded[:, 1]).all()
    heard = recorded[:, 0].astype(np.float64)
    return np.where(heard == 0.0, np.nan, heard / _STEP - 1.0)


def runs_of(recorded: Frames) -> list[tuple[int, npt.NDArray[np.int64]]]:
    """Every run of whole, successive frames that is at least 20 ms long: where it begins, and its places."""
    frames = places(recorded)
    begins = [0, *(np.flatnonzero(np.diff(frames) != 1.0) + 1)]
    ends = [*begins[1:], len(frames)]
    return [
        (begin, frames[begin:end].astype(np.int64))
        for begin, end in zip(begins, ends, strict=True)
        if end - begin >= RATE // 50
    ]


def sound_of(frames: npt.NDArray[np.floating] | npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
    """The left side of the song at these places."""
    return (frames + 1.0) * _STEP
