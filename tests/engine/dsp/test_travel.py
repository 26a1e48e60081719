"""Coefficients travel without a jerk, land exactly, and do not mind how blocks are cut."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.core.record import allocate
from engine.dsp.travel import at, depart, head_for, travel_layout, travelled, way


def moved(cuts: Sequence[int]) -> npt.NDArray[np.float64]:
    """A way of 100 samples from 1 to 3 that is turned to -2 after 60, heard in blocks of these sizes."""
    travel = allocate(travel_layout(2))
    head_for(travel, 1, 1.0)
    depart(travel, 100, True)
    head_for(travel, 1, 3.0)
    depart(travel, 100, False)
    values: list[float] = []
    for place, frames in enumerate(cuts):
        if sum(cuts[:place]) == 60:
            head_for(travel, 1, -2.0)
            depart(travel, 100, False)
        values.extend(at(way(travel, 1), t) for t in range(frames))
        travelled(travel, frames)
    return np.array(values)


def test_it_sets_off_softly_is_halfway_at_half_time_and_lands_exactly() -> None:
    values = moved([50, 50])
    assert 1.0 < values[0] < 1.001
    assert abs(values[49] - 2.0) < 1e-12
    assert values[99] == 3.0
    assert (np.diff(values) > 0.0).all()
    assert np.abs(np.diff(values, 2)).max() < 2.0 * 6.0 / 100.0**2 + 1e-12


def test_a_new_target_is_headed_for_from_where_it_stands() -> None:
    values = moved([60, 120])
    assert abs(values[60] - values[59]) < 0.01
    assert values[159] == values[179] == -2.0


def test_cuts_change_nothing() -> None:
    np.testing.assert_array_equal(moved([20, 40, 1, 63, 56]), moved([60, 64, 56]))
