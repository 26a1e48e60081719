"""EBU scales about a target, absolute and relative."""

from __future__ import annotations

import math

import pytest

from tui.drawing.loudness_scale import SPANS_LU, LoudnessScale, tenths


def test_the_scales_are_those_of_tech_3341() -> None:
    plus_9, plus_18 = (LoudnessScale(name=name) for name in SPANS_LU)
    assert (plus_9.name, plus_9.mark_text(plus_9.low_lu), plus_9.mark_text(plus_9.high_lu)) == ("EBU +9", "-41", "-14")
    assert (plus_18.name, plus_18.mark_text(-36.0), plus_18.mark_text(18.0)) == ("EBU +18", "-59", "-5")
    relative = LoudnessScale(is_relative=True)
    assert [relative.mark_text(lu) for lu in (-18.0, 0.0, 9.0)] == ["-18", "0", "+9"]


@pytest.mark.parametrize(("name", "span"), SPANS_LU.items())
def test_marks_begin_with_the_target_and_the_ends(name: str, span: tuple[float, float]) -> None:
    marks = LoudnessScale(-16.0, name).marks_lu
    assert marks[:3] == (0.0, span[1], span[0])
    assert len(set(marks)) == len(marks)
    assert all(span[0] <= mark <= span[1] for mark in marks)


def test_loudness_is_told_with_one_decimal_in_lufs_or_as_a_signed_difference() -> None:
    assert LoudnessScale().text(-23.04) == "-23.0"
    assert LoudnessScale(-14.0, is_relative=True).text(-12.75) == "+1.2"
    assert LoudnessScale(-14.0, is_relative=True).text(-14.0) == "0.0"
    assert LoudnessScale().text(-math.inf) == "--.-"
    assert (LoudnessScale().unit, LoudnessScale(is_relative=True).unit) == ("LUFS", "LU")


def test_numbers_have_no_negative_zero_and_what_is_undefined_is_said() -> None:
    assert tenths(-0.04) == "0.0"
    assert tenths(0.04, signed=True) == "0.0"
    assert tenths(3.14159, signed=True) == "+3.1"
    assert tenths(math.nan) == tenths(math.inf) == "--.-"


def test_above_the_target_is_hot_and_nothing_is_over() -> None:
    scale = LoudnessScale()
    assert [scale.zone(lu) for lu in (-10.0, -1.0, 0.0, 1.0, 1.1, 18.0)] == [
        "low", "target", "target", "target", "hot", "hot"
    ]  # fmt: skip
