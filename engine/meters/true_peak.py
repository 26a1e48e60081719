"""The true peak of a strip: the highest of four times the rate, by the filter of ITU-R BS.1770-5, Annex 2.

None of the filter's phases is the sample itself, so a reading is the higher of this and of the sample peak.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.jit import kernel
from engine.core.pair_filter import pair_peaks
from engine.core.pointers import address_of, move_bytes
from engine.core.record import LANES, record

_PHASES = np.array(
    [
        [14, 90, -161, 272, -487, 1125, 7964, -838, 390, -218, 122, -68],
        [-239, 240, -424, 730, -1364, 3810, 6388, -1641, 832, -477, 271, -155],
    ]
)
"""The standard's first two phases in 8192ths, newest sample first; the others are these, reversed."""
_TAPS = _PHASES.shape[1]
_HISTORY = _TAPS - 1
_ROW_BYTES = 4 * LANES

_peaks = pair_peaks(
    [[((phase + sign * phase[::-1])[: _TAPS // 2] / 2.0 / 8192.0).tolist() for sign in (1, -1)] for phase in _PHASES]
)

TRUE_PEAK = record(
    [
        ("peak", np.float32, (LANES,)),
        ("held", np.float32, (LANES,)),
        ("handed", np.float32, (LANES,)),
        ("history", np.float32, (_HISTORY, LANES)),
    ]
)
"""Falling peak, the highest since the reader took it and what it took; the samples that the filter reaches back to."""

TRUE_PEAK_LINE = record([("rows", np.float32, (_HISTORY + _TAPS, LANES))])
"""Scratch: the beginning of a block with what was before it."""


@kernel
def measure_true_peak(state: Any, line: Any, fall: Any, block: Any, frames: int, columns: int) -> None:
    """Audio thread. Takes rows of a block in; `fall` begins with what a sample leaves of a peak."""
    rows = address_of(line.rows)
    sound = address_of(block)
    history = address_of(state.history)
    first = min(frames, _TAPS)
    move_bytes(rows, history, _HISTORY * _ROW_BYTES)
    move_bytes(rows + _HISTORY * _ROW_BYTES, sound, first * _ROW_BYTES)
    _peaks(rows, address_of(state.peak), address_of(fall), first, columns)
    if frames > _TAPS:
        # All that the filter reaches back to is in the block itself.
        before = sound + (_TAPS - _HISTORY) * _ROW_BYTES
        _peaks(before, address_of(state.peak), address_of(fall), frames - _TAPS, columns)
        move_bytes(history, sound + (frames - _HISTORY) * _ROW_BYTES, _HISTORY * _ROW_BYTES)
    else:
        move_bytes(history, rows + frames * _ROW_BYTES, _HISTORY * _ROW_BYTES)


@kernel
def clear_true_peak(state: Any, lane: int) -> None:
    """Audio thread. Forgets everything of one lane."""
    state.peak[lane] = 0.0
    state.held[lane] = 0.0
    state.handed[lane] = 0.0
    for row in range(_HISTORY):
        state.history[row, lane] = 0.0
