"""Where the cells of the gain map stand and what is written in them."""

from __future__ import annotations

import math

import pytest

from tui.drawing.gain_map import EMPTY, MapCell, caption_x, cell_text, plan_map, stage_caption
from tui.drawing.glyphs import ASCII, FULL

STEMS = [("stem", f"Strip {number}") for number in range(30)]
CONSOLE = [("stem", "Kick"), ("stem", "Snare"), ("bus", "Drums"), ("return", "Plate"), ("master", "Master")]
MASTER = ("master", "Master")
STAGES = (0, 1, 2, 3, 4, 10, 11, 12)


def written(cell: MapCell, width: int, **settings: object) -> str:
    text = "".join(cell_text(cell, width, FULL, **settings))  # type: ignore[arg-type]
    assert len(text) == width
    return text


@pytest.mark.parametrize(
    ("cell", "width", "text"),
    [
        (MapCell(-18.3, "target"), 6, "-18.3 "),
        (MapCell(10.2, "hot"), 6, "+10.2▴"),
        (MapCell(-12.0, "cold"), 8, "  -12.0▾"),
        (MapCell(-18.3, "cold"), 5, " -18▾"),
        (MapCell(-3.1, "hot"), 5, "-3.1▴"),
        (MapCell(0.4, "over"), 6, " +0.4!"),
        (MapCell(-math.inf, "low"), 6, "   -∞ "),
        (MapCell(math.nan, "low"), 6, " --.- "),
        (EMPTY, 6, "    · "),
    ],
)
def test_a_cell_has_its_value_and_a_mark(cell: MapCell, width: int, text: str) -> None:
    assert written(cell, width) == text


def test_where_there_is_room_marks_are_words_and_processors_have_names() -> None:
    hot = MapCell(10.2, "hot")
    assert written(hot, 11, words=True) == " +10.2 HOT "
    assert written(hot, 17, words=True, short="Comp") == " Comp  +10.2 HOT "
    assert written(hot, 16, words=True, short="Comp") == "      +10.2 HOT "
    assert written(hot, 13, short="Comp") == " Comp  +10.2▴"
    assert written(MapCell(-9.0, "intended"), 11, words=True) == "  -9.0 note"
    assert written(EMPTY, 11, words=True) == "     ·     "
    for width in range(5, 19):
        for words in (False, True):
            assert caption_x(width, words) == width - (5 if words and width >= 11 else 1)


def test_marks_can_be_told_apart_without_colour_or_unicode() -> None:
    marks = {"".join(cell_text(MapCell(7.0, mark), 6, ASCII)) for mark in ("target", "hot", "cold", "over", "intended")}  # type: ignore[arg-type]
    assert len(marks) == 5
    assert all(text.isascii() for text in marks)
    assert cell_text(MapCell(7.0, "loud"), 6, ASCII) == cell_text(MapCell(7.0, "hot"), 6, ASCII)


def test_captions_are_as_long_as_there_is_room() -> None:
    assert [stage_caption(stage, 6) for stage in (0, 1, 2, 9, 10, 11, 14)] == [
        "input", "trim", "1", "8", "fader", "a", "d"
    ]  # fmt: skip
    assert [stage_caption(stage, 8) for stage in (2, 10, 14)] == ["slot 1", "fader", "send d"]


def test_with_room_kinds_stand_apart_and_without_it_the_master_is_the_last_row() -> None:
    plan = plan_map(80, 20, CONSOLE, STAGES, (0, 1))
    assert plan.rows == {1: 0, 2: 1, 4: 2, 6: 3, 8: 4}
    assert plan_map(80, 6, CONSOLE, STAGES, (0, 1)).rows == {1: 0, 2: 1, 3: 2, 4: 3, 5: 4}
    assert plan_map(80, 4, CONSOLE, STAGES, (3, 1)).rows == {1: 2, 2: 3, 3: 4}


@pytest.mark.parametrize("width", [40, 59, 80, 120, 200])
@pytest.mark.parametrize("height", [5, 12, 18, 44])
def test_the_selected_cell_is_always_seen(width: int, height: int) -> None:
    strips = [*STEMS, MASTER]
    first = 0
    for strip in (0, 5, 29, 30, 12, 3):
        for stage in STAGES:
            plan = plan_map(width, height, strips, STAGES, (strip, stage), first)
            row = plan.row(strip)
            assert row is not None
            assert row < height
            assert plan.x(stage) + plan.cell <= width
            assert plan.stage_at(plan.x(stage)) == stage
            assert plan.row(30) is not None  # the master
            first = min(plan.rows.values())


def test_the_first_strip_stays_while_the_selected_one_is_seen() -> None:
    strips = [*STEMS, MASTER]
    first = min(plan_map(80, 12, strips, STAGES, (20, 1)).rows.values())
    assert first == 11
    for strip in (15, 11, 19, 30):
        assert min(plan_map(80, 12, strips, STAGES, (strip, 1), first).rows.values()) == first
    assert min(plan_map(80, 12, strips, STAGES, (10, 1), first).rows.values()) == 10


def test_eighty_columns_hold_a_usual_console_and_more_is_scrolled() -> None:
    plan = plan_map(80, 18, CONSOLE, STAGES, (0, 1))
    assert (plan.stages, plan.more_left, plan.more_right) == (STAGES, False, False)
    assert plan.cell >= 6
    plan = plan_map(40, 18, CONSOLE, tuple(range(15)), (0, 14))
    assert plan.stages[-1] == 14
    assert plan.more_left
    assert not plan.more_right
