"""Drawings of processors: where the curve is at values that are known, and what the axes say."""

import math

import numpy as np
import pytest

from tui.drawing.curves import (
    BandMark,
    FloatArray,
    Plot,
    decay_drawing,
    echo_drawing,
    gain_drawing,
    response_drawing,
    static_plot,
    transfer_drawing,
)
from tui.drawing.glyphs import ASCII, FULL, LINUX, GlyphSet
from tui.drawing.sheet import Pen, Sheet

SETS = [FULL, LINUX, ASCII]


def rows_of(sheet: Sheet, pen: Pen) -> list[int]:
    return np.flatnonzero((sheet.pens == pen).any(axis=1)).tolist()


def curve_rows(sheet: Sheet, column: int) -> list[int]:
    return np.flatnonzero(sheet.pens[:, column] == Pen.CURVE).tolist()


@pytest.mark.parametrize("glyphs", SETS)
def test_a_flat_response_lies_on_zero(glyphs: GlyphSet) -> None:
    sheet = response_drawing(60, 10, glyphs, np.zeros_like, ())
    (row,) = rows_of(sheet, Pen.CURVE)
    assert sheet.rows()[row].startswith("  0 ")
    assert sheet.rows()[0].startswith(" +6")
    assert "1k" in sheet.rows()[-1]
    assert "10k" in sheet.rows()[-1]


@pytest.mark.parametrize("glyphs", SETS)
def test_gains_along_a_path_are_steps_from_element_to_element(glyphs: GlyphSet) -> None:
    gains = (("in", 0.0), ("trim", -3.0), ("1", -3.0), ("2", 9.0), ("fader", -math.inf))
    sheet = gain_drawing(4 + 5 * 10, 20, glyphs, gains, "2")
    rows = sheet.rows()
    assert rows[0].startswith("+12")
    assert rows[18].startswith(" -6")
    assert [rows[-1].find(label, 4) >= 0 for label, _ in gains] == [True] * 5
    (at,) = {rows[-1].index("2", 4)}
    assert sheet.pens[-1, at] == Pen.MARK
    heights = [curve_rows(sheet, 4 + 10 * place + 7) for place in range(5)]
    zero = next(row for row, text in enumerate(rows) if text.startswith("  0"))
    assert heights[0] == [zero]
    assert heights[1] == heights[2]
    assert heights[1][0] > zero > heights[3][0]
    assert heights[4] == []  # a fader that is shut has no height


def test_the_scale_is_as_tight_as_the_bands_allow() -> None:
    def top(gain_db: float) -> str:
        band = BandMark("1", 1000.0, gain_db, True, False)
        return response_drawing(60, 10, FULL, lambda hertz: np.full(hertz.shape, gain_db), (band,)).rows()[0][:3]

    assert [top(gain) for gain in (3.0, 9.0, -18.0)] == [" +6", "+12", "+24"]


def test_bands_stand_on_the_curve_at_their_frequency() -> None:
    def response(hertz: FloatArray) -> FloatArray:
        return np.where(hertz > 500.0, 6.0, 0.0)

    bands = (BandMark("2", 1000.0, 6.0, True, True), BandMark("1", 250.0, 6.0, False, False))
    sheet = response_drawing(64, 12, FULL, response, bands)
    row = next(y for y, line in enumerate(sheet.rows()) if "2" in line[4:])
    column = sheet.rows()[row].index("2", 4)
    assert row == 0
    assert column == 4 + int(60 * (np.log10(1000.0) - np.log10(20.0)) / 3.0)
    assert sheet.pens[row, column] == Pen.CHOSEN
    assert not any("1" in line[4:] for line in sheet.rows()[:-1])  # a band that is off


@pytest.mark.parametrize("glyphs", SETS)
def test_a_static_curve_bends_at_its_threshold_and_the_point_moves_on_it(glyphs: GlyphSet) -> None:
    plot = static_plot(64, 13, glyphs, lambda level: np.minimum(level, -30.0), -60.0, ((-30.0, "T"),))
    sheet = plot.sheet
    flat = plot.row(-30.0)
    assert curve_rows(sheet, plot.column(-5.0)) == [flat]
    assert flat not in curve_rows(sheet, plot.column(-50.0))
    assert sheet.rows()[plot.rows - 1][plot.column(-30.0)] == "T"
    plot.point(-5.0, -30.0)
    assert sheet.pens[flat, plot.column(-5.0)] == Pen.POINT
    before = sheet.rows()
    plot.point(-np.inf, -np.inf)
    plot.point(-80.0, -80.0)
    assert sheet.rows() == before


def test_make_up_gain_makes_room_above_zero() -> None:
    sheet = static_plot(60, 12, FULL, lambda level: level + 5.0, -60.0).sheet
    assert sheet.rows()[0][:3] == " +6"


def test_a_straight_transfer_is_the_diagonal() -> None:
    sheet = transfer_drawing(44, 11, FULL, lambda x: x, 0.126)
    assert curve_rows(sheet, 4) == [9]
    assert curve_rows(sheet, 43) == [0]
    assert sheet.rows()[-1].count("0VU") >= 1
    hard = transfer_drawing(44, 11, FULL, lambda x: np.clip(x, -0.2, 0.2), 0.126)
    assert hard.rows()[0].startswith("0.2") or hard.rows()[0].startswith(".25")


def test_a_decay_falls_from_its_predelay_to_its_end() -> None:
    sheet = decay_drawing(64, 13, FULL, 0.5, 1.5, 0.5, -12.0)
    plot = Plot(sheet, FULL, 0.0, 2.0, -60.0, 0.0)
    assert curve_rows(sheet, plot.column(0.25)) == []
    assert plot.row(-30.0) in curve_rows(sheet, plot.column(1.25))
    assert sheet.rows()[plot.row(-12.0)][plot.column(0.5)] == "e"
    assert sheet.rows()[-1].rstrip().endswith("2s")


def test_echoes_stand_at_their_times_and_are_as_high_as_they_are_loud() -> None:
    sheet = echo_drawing(64, 13, FULL, 0.5, 0.5, True)
    end = 4.0
    plot = Plot(sheet, FULL, 0.0, end, -36.0, 0.0)
    for number, (level_db, side) in enumerate(((0.0, "L"), (-6.02, "R"), (-12.04, "L")), start=1):
        column = plot.column(0.5 * number)
        assert sheet.rows()[plot.row(level_db)][column] == side
        assert curve_rows(sheet, column) == list(range(plot.row(level_db) + 1, plot.rows))
    assert len({column for column in range(64) if curve_rows(sheet, column)}) == 6


def test_one_echo_without_feedback() -> None:
    sheet = echo_drawing(64, 10, FULL, 0.1, 0.0, False)
    assert len([column for column in range(64) if curve_rows(sheet, column)]) == 1


@pytest.mark.parametrize("glyphs", SETS)
@pytest.mark.parametrize("size", [(5, 2), (12, 6), (200, 40)])
def test_every_drawing_keeps_to_its_size(glyphs: GlyphSet, size: tuple[int, int]) -> None:
    width, height = size
    drawings = (
        response_drawing(width, height, glyphs, np.zeros_like, ()),
        static_plot(width, height, glyphs, lambda level: level, -60.0).sheet,
        transfer_drawing(width, height, glyphs, lambda x: x, 0.126),
        decay_drawing(width, height, glyphs, 0.0, 0.2, 1.0, -np.inf),
        echo_drawing(width, height, glyphs, 0.001, 0.95, False),
    )
    for sheet in drawings:
        assert (sheet.width, sheet.height) == size
        if glyphs.name == "ascii":
            assert "".join(sheet.rows()).isascii()
