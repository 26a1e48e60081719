"""Loudness against time as a drawing."""

from __future__ import annotations

import numpy as np
import pytest

from tui.drawing.glyphs import ASCII, FULL, LINUX
from tui.drawing.history import BARS_CELLS, FloatArray, bars_drawing, highest, history_drawing, time_ticks, window_of
from tui.drawing.loudness_scale import LoudnessScale
from tui.drawing.sheet import Pen

NONE: FloatArray = np.zeros(0, np.float32)


def constant(lufs: float, seconds: float) -> FloatArray:
    return np.full(int(seconds * 10), lufs, np.float32)


def test_a_picture_of_everything_is_compressed_by_a_third_at_a_time() -> None:
    assert (window_of(0, 40, None).first, window_of(0, 40, None).points) == (0, 5)
    assert window_of(200, 40, None).points == 5
    assert window_of(201, 40, None).points == 7
    for count in (300, 3000, 36000, 200_000):
        window = window_of(count, 60, None)
        assert 0.6 * window.points * 60 <= count <= window.points * 60


def test_the_last_minutes_move_on_by_a_quarter() -> None:
    windows = [window_of(count, 40, 60.0) for count in range(0, 3000, 7)]
    assert {window.points for window in windows} == {15}
    assert {window.first % (15 * 10) for window in windows} == {0}
    for count, window in zip(range(0, 3000, 7), windows, strict=True):
        seen = count - window.first
        assert seen <= 600
        assert window.first == 0 or seen >= 450


@pytest.mark.parametrize("span_s", [None, 60.0])
def test_one_more_point_changes_one_column(span_s: float | None) -> None:
    rng = np.random.default_rng(1)
    values = rng.uniform(-30.0, -15.0, 3000).astype(np.float32)
    still = 0
    for count in range(500, 1500):
        before, after = window_of(count, 40, span_s), window_of(count + 1, 40, span_s)
        if before == after:
            one, other = highest(values[:count], before), highest(values[: count + 1], after)
            assert np.count_nonzero(~((one == other) | (np.isnan(one) & np.isnan(other)))) <= 1
            still += 1
    assert still > 980


def test_a_column_is_the_highest_of_its_points_and_empty_where_there_are_none() -> None:
    window = window_of(12, 4, None)
    levels = highest(np.array([-30, -20, -25, -31, -32, -10, -11], np.float32), window)
    assert levels[:2].tolist() == [-20.0, -10.0]
    assert np.isnan(levels[2:]).all()


def test_short_term_is_an_area_momentary_are_marks_and_the_target_a_line() -> None:
    scale = LoudnessScale()
    history = np.concatenate([constant(-32.0, 5.0), constant(-20.0, 5.0)])
    sheet = history_drawing(24, 10, FULL, scale, history + 4.0, history, None)
    rows = sheet.rows()
    assert rows[-1].split() == ["00:00", "00:05", "00:10"]
    target = next(row for row in rows if row.startswith("-23"))
    assert target == "-23 " + "─" * 20  # through the area as well
    area = [row[14:24] for row in rows[:-1]]
    assert area[-1] == "█" * 10
    assert "█" not in area[0]
    quiet = [row[4:14] for row in rows[:-1]]
    assert quiet[-1] == "█" * 10
    assert sum("█" in row for row in quiet) < sum("█" in row for row in area)
    assert any(set(row) <= set("▁─▔") for row in quiet[:6])  # momentary, 4 LU above


def test_what_lies_above_the_target_is_told_by_colour_and_without_it_by_its_filling() -> None:
    history = constant(-17.0, 20.0)
    sheet = history_drawing(24, 10, FULL, LoudnessScale(), history, history, None)
    pens = [int(pen) for pen in sheet.pens[:-1, 6]]
    assert pens.index(Pen.HOT) < pens.index(Pen.LOW)
    assert set(pens) >= {Pen.HOT, Pen.LOW, Pen.AXIS}
    textured = history_drawing(24, 10, ASCII, LoudnessScale(), history, history, None, True).rows()
    assert {row[6] for row in textured[:-1]} >= {"%", "=", "-"}
    assert all(row.isascii() for row in textured)


def test_what_has_not_been_heard_yet_is_not_drawn() -> None:
    silent = np.full(50, -np.inf, np.float32)
    for history in (NONE, silent):
        sheet = history_drawing(40, 12, FULL, LoudnessScale(), history, history, None)
        assert not set("".join(sheet.rows()[:-1])) & set("▁▂▃▄▅▆▇█▔")


@pytest.mark.parametrize("size", [(0, 0), (3, 1), (6, 2), (9, 3), (200, 60)])
@pytest.mark.parametrize("glyphs", [FULL, LINUX, ASCII], ids=lambda glyphs: glyphs.name)
def test_any_size_can_be_drawn(size: tuple[int, int], glyphs) -> None:  # type: ignore[no-untyped-def]
    history = np.linspace(-80.0, 5.0, 4000, dtype=np.float32)
    for relative in (False, True):
        scale = LoudnessScale(-16.0, is_relative=relative)
        sheet = history_drawing(*size, glyphs, scale, history, history, 60.0)
        assert (sheet.width, sheet.height) == size
        bars = bars_drawing(size[1], glyphs, scale, -20.0, -100.0, 90.0)
        assert (bars.width, bars.height) == (BARS_CELLS, size[1])


def test_bars_stand_on_the_same_rows_with_a_mark_at_the_integrated_loudness() -> None:
    rows = bars_drawing(10, FULL, LoudnessScale(), -14.0, -32.0, -23.0).rows()
    assert rows[-1] == " M  S    "
    assert [row[1:3] for row in rows[:-1]] == ["██"] * 9
    assert [row[4:6] for row in rows[:-1]] == ["  "] * 6 + ["██"] * 3
    assert [row[7:].strip() for row in rows[:-1]].index("◀I") == 3
    silent = bars_drawing(10, FULL, LoudnessScale(), -np.inf, -np.inf, -np.inf).rows()
    assert "".join(silent[:-1]).strip() == ""


def test_the_time_axis_is_of_the_measured_time() -> None:
    ticks = time_ticks(window_of(36000, 60, None))
    assert ticks[0] == (0.0, "00:00")
    assert len(ticks) >= 4
    assert all(text == f"{int(at) // 60:02d}:{int(at) % 60:02d}" for at, text in ticks if at < 3600.0)
    late = window_of(3000, 40, 60.0)
    assert all(late.start_s <= at <= late.end_s for at, _ in time_ticks(late))
