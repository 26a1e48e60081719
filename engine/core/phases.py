"""Filters whose phases and mirrored phases are worked out together, written out in vectors; the highest of them.

    even_k = sum over i of even[k][i] (a[i] + b[i])
    odd_k = sum over i of odd[k][i] (a[i] - b[i])

where `a[i]` and `b[i]` lie as far from the middle on either side. A phase is `even_k + odd_k`, its mirror image
`even_k - odd_k`, so the higher magnitude of both is `|even_k| + |odd_k|`. Imported where kernels are compiled, and
nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.core.vectors import Vector, Vectors

Weights = Sequence[Sequence[float]]
Pairs = Sequence[tuple[Vector, Vector]]


def added(vectors: Vectors, total: Vector | None, weight: float, term: Vector) -> Vector:
    """A sum and one more product; None is the empty sum."""
    factor = vectors.constant(weight)
    return factor * term if total is None else vectors.fused(factor, term, total)


def highest_of_phases(vectors: Vectors, even: Weights, odd: Weights, pairs_at: Callable[[int], Pairs]) -> list[Vector]:
    """The highest magnitude of all phases, for each of some vectors that are worked on together.

    `pairs_at(i)` gives their `a[i]` and `b[i]`; it is called once for each i, in order. `odd` may have fewer phases
    than `even`: those that it lacks are zero.
    """
    count = 0
    sums: dict[tuple[int, int, int], Vector] = {}
    for i in range(len(even[0])):
        pairs = pairs_at(i)
        count = len(pairs)
        for number, (a, b) in enumerate(pairs):
            for kind, (phases, term) in enumerate(((even, a + b), (odd, a - b))):
                for k, weights in enumerate(phases):
                    key = number, kind, k
                    sums[key] = added(vectors, sums.get(key), weights[i], term)
    highest = []
    for number in range(count):
        values = [vectors.magnitude(sums[number, 0, k]) for k in range(len(even))]
        for k in range(len(odd)):
            values[k] = values[k] + vectors.magnitude(sums[number, 1, k])
        top = values[0]
        for value in values[1:]:
            top = vectors.larger(value, top)
        highest.append(top)
    return highest
