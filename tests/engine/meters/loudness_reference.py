"""Loudness as the standards spell it out, slowly: every window is summed by itself, every gate looks at everything."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def _lufs(mean_square: float) -> float:
    return -0.691 + 10.0 * math.log10(mean_square) if mean_square > 0.0 else -math.inf


def windows(energies: Floats, ticks: int, tick_frames: float) -> list[float]:
    """Loudness of every whole window, one for each 10 ms."""
    ends = range(ticks, len(energies) + 1)
    return [_lufs(math.fsum(energies[end - ticks : end]) / (ticks * tick_frames)) for end in ends]


def integrated(energies: Floats, tick_frames: float) -> float:
    """BS.1770-5 Annex 1."""
    blocks = windows(energies, 40, tick_frames)[::10]
    squares = [10.0 ** ((block + 0.691) / 10.0) for block in blocks if block > -70.0]
    if not squares:
        return -math.inf
    threshold = _lufs(math.fsum(squares) / len(squares)) - 10.0
    kept = [square for square in squares if _lufs(square) > threshold]
    return _lufs(math.fsum(kept) / len(kept))


def loudness_range(energies: Floats, tick_frames: float, silence_ticks: int = 0) -> float | None:
    """EBU Tech 3342, short-term at 10 Hz."""
    values = windows(np.concatenate([energies, np.zeros(silence_ticks)]), 300, tick_frames)[::10]
    kept = [value for value in values if value >= -70.0]
    if not kept:
        return None
    threshold = _lufs(math.fsum(10.0 ** ((value + 0.691) / 10.0) for value in kept) / len(kept)) - 20.0
    kept = sorted(value for value in kept if value >= threshold)
    low, high = (kept[math.floor((len(kept) - 1) * share + 0.5)] for share in (0.10, 0.95))
    return high - low
