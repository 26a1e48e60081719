"""The highest sample of one channel of a recording, and the highest value between its samples (`dsp.true_peak`).

Most blocks of a recording cannot hold its true peak, and need not be interpolated to know it. What lies between two
samples is bounded in two ways, by the highest sample `m` and the highest second difference `d` in reach of the filter:

    m MOST_GAIN    the sum of the taps' magnitudes: the tighter one where sound is noise
    m LINE_GAIN + d BEND_GAIN    a line through both neighbours, and what the rest of the filter makes of the bends:
                                 sound that is smooth at this rate, as most is, exceeds its samples by little

Blocks in which the lower bound is below the true peak known so far are passed over: the result is the same. Those that
come within 0.17 dB of it at eight times the rate, which is what such a grid may miss, are looked at at 32 times.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.entries import entry
from engine.core.interpolated_peak import interpolated_peak
from engine.core.jit import kernel
from engine.core.pointers import address_of, array_at, record_at
from engine.core.record import record
from engine.dsp.true_peak import BEND_GAIN, EVEN, FINE_EVEN, FINE_ODD, GRID_GAIN, LINE_GAIN, MOST_GAIN, ODD, TAPS

PEAK_BLOCK_FRAMES = TAPS
"""Frames looked at together: the filter reaches one block back."""

_MOST_GAIN, _LINE_GAIN, _BEND_GAIN = np.float32(MOST_GAIN), np.float32(LINE_GAIN), np.float32(BEND_GAIN)
_GRID_GAIN = np.float32(GRID_GAIN)
_FLOAT_BYTES = 4
_MAGNITUDE = np.int32(0x7FFFFFFF)
"""The bits of a float32 without its sign. So taken, magnitudes are in the order of integers, whose highest is found in
vectors without the licence to reorder that floats would need."""


@kernel
def _highest(bits: Any, start: int, frames: int) -> Any:
    highest = np.int32(0)
    for t in range(start, start + frames):
        highest = max(highest, bits[t] & _MAGNITUDE)
    return highest


_highest_between = interpolated_peak(EVEN.tolist(), ODD.tolist())
# Of four phases each: their sums stay in registers.
_finer_1 = interpolated_peak(FINE_EVEN[:4].tolist(), FINE_ODD[:4].tolist())
_finer_2 = interpolated_peak(FINE_EVEN[4:8].tolist(), FINE_ODD[4:8].tolist())
_finer_3 = interpolated_peak(FINE_EVEN[8:].tolist(), FINE_ODD[8:].tolist())

KNOWN_PEAKS = record(
    [
        ("sample", np.float32),
        ("between", np.float32),
        ("held", np.float32, (2,)),
        ("bends", np.float32, (PEAK_BLOCK_FRAMES,)),
    ]
)
"""The highest sample and the true peak so far, and room to work."""


@kernel
def _highest_bend(sound: Any, start: int, frames: int, bends: Any, bits: Any) -> Any:
    """The bits of the highest second difference around some samples."""
    for t in range(frames):
        at = start + t
        before, here, after = sound[np.uint64(at - 1)], sound[np.uint64(at)], sound[np.uint64(at + 1)]
        bends[t] = (after - here) - (here - before)
    return _highest(bits, 0, frames)


@entry("void(int64, int64, int64)")
def measure_peaks(channel: int, blocks: int, peaks: int) -> None:
    """Raises the peaks known so far by those of some blocks.

    `channel` is the address of float32 samples: one block that has been measured before (silence at the beginning of a
    recording), then `blocks` blocks. `peaks` is the address of `KNOWN_PEAKS`. What lies between the last TAPS / 2
    samples is known with the next blocks.
    """
    frames = (blocks + 1) * PEAK_BLOCK_FRAMES
    sound = array_at(channel, (frames,), np.float32)
    bits = array_at(channel, (frames,), np.int32)
    known = record_at(peaks, KNOWN_PEAKS)
    known_bits = array_at(peaks, (2,), np.int32)
    held = known.held
    held_bits = array_at(address_of(held), (2,), np.int32)
    bend_bits = array_at(address_of(known.bends), (PEAK_BLOCK_FRAMES,), np.int32)
    # The highest sample first: the higher what is known, the more can be passed over.
    known_bits[0] = max(known_bits[0], _highest(bits, PEAK_BLOCK_FRAMES, blocks * PEAK_BLOCK_FRAMES))
    known.between = max(known.between, known.sample)
    sample_before = _highest(bits, 0, PEAK_BLOCK_FRAMES)
    bend_before = _highest_bend(sound, 1, PEAK_BLOCK_FRAMES - 2, known.bends, bend_bits)
    for block in range(1, blocks + 1):
        start = block * PEAK_BLOCK_FRAMES
        sample = _highest(bits, start, PEAK_BLOCK_FRAMES)
        bend = _highest_bend(sound, start - 1, PEAK_BLOCK_FRAMES, known.bends, bend_bits)
        held_bits[0] = max(sample_before, sample)
        held_bits[1] = max(bend_before, bend)
        bound = min(held[0] * _MOST_GAIN, held[0] * _LINE_GAIN + held[1] * _BEND_GAIN)
        if not bound < known.between:
            window = channel + _FLOAT_BYTES * (start - TAPS + 1)
            between = _highest_between(window, PEAK_BLOCK_FRAMES)
            if between * _GRID_GAIN > known.between:
                finer = max(_finer_1(window, PEAK_BLOCK_FRAMES), _finer_2(window, PEAK_BLOCK_FRAMES))
                finer = max(finer, _finer_3(window, PEAK_BLOCK_FRAMES))
                known.between = max(known.between, max(between, finer))
        sample_before = sample
        bend_before = bend
