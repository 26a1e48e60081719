"""The highest value between samples, for stretches of one signal: an interpolator written out in vectors.

Between two samples, phases and their mirror images take the same sums and differences of samples,

    even_k = sum over i of even[k][i] (x[i] + x[taps - 1 - i])
    odd_k = sum over i of odd[k][i] (x[i] - x[taps - 1 - i])

and the higher of both is `|even_k| + |odd_k|`. Vectors are windows that begin one sample after the other. Loops that a
compiler makes vectors of by itself would have to be loops over such windows around one over taps, which it does not do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.core.jit import JIT_ENABLED
from engine.core.pointers import array_at

Weights = Sequence[Sequence[float]]

WINDOWS_AT_ONCE = 32
"""Windows are looked at in multiples of this: two of the widest vectors there are."""


def _plain_peak(even: Weights, odd: Weights) -> Callable[[int, int], Any]:
    half = len(even[0])

    def run(address: int, windows: int) -> Any:
        sound = array_at(address, (windows + 2 * half - 1,), np.float32)
        rows = np.lib.stride_tricks.sliding_window_view(sound, 2 * half)
        before, after = rows[:, :half], rows[:, : half - 1 : -1]
        sums = np.abs((before + after) @ np.array(even, np.float32).T)
        sums[:, : len(odd)] += np.abs((before - after) @ np.array(odd, np.float32).T)
        return np.float32(sums.max())

    return run


if JIT_ENABLED:
    from numba import types
    from numba.extending import intrinsic

    from engine.core.phases import highest_of_phases
    from engine.core.vectors import Vector, Vectors, word

    def _emit(builder: Any, even: Weights, odd: Weights, sound: Any, windows: Any) -> Any:
        vectors = Vectors(builder)
        at_once = 2 if vectors.lanes == 16 else 1  # What the registers hold.
        taps = 2 * len(even[0])

        def load(first: Any, place: int) -> Vector:
            return vectors.load(sound, builder.add(first, word(place)))

        def of_windows(start: Any, held: list[Vector]) -> list[Vector]:
            starts = [builder.add(start, word(number * vectors.lanes)) for number in range(at_once)]

            def pairs_at(i: int) -> list[tuple[Vector, Vector]]:
                return [(load(first, i), load(first, taps - 1 - i)) for first in starts]

            (highest,) = held
            for peak in highest_of_phases(vectors, even, odd, pairs_at):
                highest = vectors.larger(peak, highest)
            return [highest]

        (highest,) = vectors.fold(word(0), windows, at_once * vectors.lanes, [vectors.constant(0.0)], of_windows)
        return vectors.largest_lane(highest)

    def _compiled_peak(even: Weights, odd: Weights) -> Any:
        @intrinsic  # type: ignore[untyped-decorator]
        def run(typing_context: Any, address: Any, windows: Any) -> Any:
            def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
                return _emit(builder, even, odd, *args)

            return types.float32(types.int64, types.int64), generate

        return run


def interpolated_peak(even: Weights, odd: Weights) -> Any:
    """An interpolator with these weights: a function of the address of the first window's first sample and a number of
    windows, a multiple of `WINDOWS_AT_ONCE`.

    It returns the highest magnitude (float32) that lies between the two samples in the middle of any of these windows.
    `odd` may have fewer phases than `even`: those that it lacks are zero.
    """
    return _compiled_peak(even, odd) if JIT_ENABLED else _plain_peak(even, odd)
