"""Engines that play what a test makes, for tests of meters."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.mix import Mix
from tests.engine.running import Running
from tests.engine.songs import RATE, strip, write_stem

MASTER_ROW, MONITOR_ROW = -2, -1


def tone(
    seconds: float, level_dbfs: float, hertz: float = 997.0, rate: int = RATE, degrees: float = 0.0
) -> npt.NDArray:
    n = np.arange(round(seconds * rate))
    return 10.0 ** (level_dbfs / 20.0) * np.sin(2.0 * np.pi * hertz / rate * n + np.radians(degrees))


def both(left: npt.NDArray, right: npt.NDArray | None = None) -> npt.NDArray:
    return np.stack([left, left if right is None else right], axis=1)


def playing(
    tmp_path: Path, *sounds: npt.NDArray, rate: int = RATE, subtype: str = "FLOAT", **wanted: object
) -> Running:
    """An engine that begins to play these stems."""
    stems = [write_stem(tmp_path / f"{number}.wav", sound, rate, subtype) for number, sound in enumerate(sounds)]
    mix = Mix(rate, tuple(strip(number, stem) for number, stem in enumerate(stems)), **wanted)  # type: ignore[arg-type]
    running = Running(mix=mix)
    running.locate(0)
    running.deck.play()
    return running
