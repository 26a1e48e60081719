"""Nested records: plain memory that kernels and Python reach by the same names."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.jit import IS_NARROW, IS_PLAIN

WIDE_LANES = 64
"""One rack: 32 strips of two sides, all left lanes and then all right lanes. A recursive filter is bound by latency, so
wide racks hide it, and 64 lanes of a block stay in the first-level cache."""

NARROW_LANES = WIDE_LANES if IS_PLAIN else 16
"""What a processor runs over that few strips use (`core.unit`): the widest vector there is."""

LANES = NARROW_LANES if IS_NARROW else WIDE_LANES
"""Samples processed side by side. The code of processors is made for both widths, from the same sources."""

STRIPS_PER_RACK = LANES // 2

BLOCK_FRAMES = 64
"""The longest block a kernel sees."""


_ALIGNMENT_BYTES = 64
"""Where arrays and inner records begin: a cache line, and the widest vector."""


def record(fields: list[tuple[Any, ...]]) -> np.dtype[Any]:
    """A record type of (name, type) or (name, type, shape) fields.

    Inner types are records too, so kernels also run as plain Python. Offsets are laid out here, because numpy forgets
    the alignment of a nested record and words shared between threads must not straddle a cache line.
    """
    names: list[str] = []
    formats: list[Any] = []
    offsets: list[int] = []
    end = 0
    for name, kind, *shape in fields:
        element = np.dtype(kind)
        whole = np.dtype((element, *shape)) if shape else element
        alignment = _ALIGNMENT_BYTES if whole.itemsize >= _ALIGNMENT_BYTES else element.itemsize
        offset = -(-end // alignment) * alignment
        names.append(name)
        formats.append(whole)
        offsets.append(offset)
        end = offset + whole.itemsize
    size = -(-end // _ALIGNMENT_BYTES) * _ALIGNMENT_BYTES
    plain = np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": size})
    return np.dtype((np.record, plain))


def allocate_bytes(size: int) -> npt.NDArray[np.uint8]:
    """So many bytes of zeros, in fresh memory that begins at a cache line; pages come when they are first touched."""
    memory = np.zeros(size + _ALIGNMENT_BYTES, np.uint8)
    start = -memory.ctypes.data % _ALIGNMENT_BYTES
    return memory[start : start + size]


def allocate(layout: np.dtype[Any], buffer: memoryview | None = None) -> Any:
    """One record of zeros, in fresh memory that begins at a cache line, or over a buffer (which is left as it is)."""
    if buffer is None:
        memory = allocate_bytes(layout.itemsize)
        memory.fill(0)
        buffer = memory.data
    return np.frombuffer(buffer, layout, 1)[0]


def words_of(record: Any, *names: str) -> tuple[npt.NDArray[Any], ...]:
    """Single words of a record, each as an array of one element that is to be read only.

    Found once: a field of a record costs Python more to find than to read.
    """
    memory, kind = memoryview(record), record.dtype
    return tuple(np.frombuffer(memory, kind.fields[name][0].base, 1, kind.fields[name][1]) for name in names)
