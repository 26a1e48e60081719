"""Nested records: plain memory that kernels and Python reach by the same names."""

from __future__ import annotations

from typing import Any

import numpy as np

LANES = 64
"""Samples processed side by side: one rack, 32 strips of two sides, all left lanes and then all right lanes. A
recursive filter is bound by latency, so wide racks hide it, and 64 lanes of a block stay in the first-level cache."""

STRIPS_PER_RACK = LANES // 2

BLOCK_FRAMES = 64
"""The longest block a kernel sees."""


def record(fields: list[tuple[Any, ...]]) -> np.dtype[Any]:
    """A C-laid-out record type; inner types are records too, so kernels also run as plain Python."""
    plain = np.dtype(fields, align=True)
    return np.dtype((np.record, plain))


def allocate(layout: np.dtype[Any], buffer: memoryview | None = None) -> Any:
    """One record of zeros, in fresh memory or over a buffer (which is left as it is)."""
    if buffer is None:
        return np.zeros(1, layout)[0]
    return np.frombuffer(buffer, layout, 1)[0]
