"""Decibels and frames."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.units import OFF_DB, db_from_gain, frames_from_seconds, gain_from_db


def test_zero_db_is_one_and_off_is_nothing() -> None:
    assert gain_from_db(0.0) == 1.0
    assert gain_from_db(OFF_DB) == 0.0
    assert db_from_gain(0.0) == -math.inf


@given(st.floats(-200, 60))
def test_decibels_and_gain_are_inverse(level_db: float) -> None:
    assert db_from_gain(gain_from_db(level_db)) == pytest.approx(level_db, abs=1e-9)


def test_a_turned_polarity_has_the_same_level() -> None:
    assert db_from_gain(-0.5) == db_from_gain(0.5)


def test_seconds_become_the_nearest_frame() -> None:
    assert frames_from_seconds(1 / 3, 48000) == 16000
    assert frames_from_seconds(0.99999 / 44100, 44100) == 1
