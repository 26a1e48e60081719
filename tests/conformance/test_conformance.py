"""Every row of the table, and that the table can fail."""

from __future__ import annotations

import math

import pytest

from tests.conformance.row import NO_READING, Row, within
from tests.conformance.table import ROWS


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_the_meter_reads_what_the_standard_says(row: Row) -> None:
    verdict = row.judge(row.read())
    assert verdict.passed, f"{row.id} ({row.signal}): {verdict.measured} instead of {verdict.expected} {row.unit}"


def test_ids_are_unique() -> None:
    assert len({row.id for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("wrong", [-23.11, -22.89, NO_READING, math.inf, math.nan])
def test_one_reading_that_is_off_is_seen_among_good_ones(wrong: float) -> None:
    row = within("X", "", "", [-23.0] * 3, 0.1, list)
    assert row.judge([-23.05, -22.95, -23.0]).passed
    verdict = row.judge([-23.05, wrong, -23.0])
    assert not verdict.passed
    assert verdict.measured == pytest.approx(wrong, nan_ok=True)


def test_a_reading_where_there_should_be_none_is_seen() -> None:
    row = within("X", "", "", NO_READING, 0.1, list)
    assert row.judge([NO_READING]).passed
    assert not row.judge([-70.0]).passed


def test_tolerances_have_two_sides() -> None:
    row = Row("X", "", "", (0.0,), 0.4, 0.2, "dBTP", list)
    assert [row.judge([reading]).passed for reading in (-0.41, -0.39, 0.19, 0.21)] == [False, True, True, False]
