import math

import pytest

from tui.drawing.gauges import level_bar, level_gauge, lying_bar, place_bar, reduction_gauge, vu_gauge
from tui.drawing.glyphs import ASCII, FULL, LINUX
from tui.drawing.meter_types import PEAK
from tui.drawing.sheet import Pen, Sheet


@pytest.mark.parametrize(
    ("share", "full", "ascii_only"),
    [(0.0, "    ", "    "), (0.5, "██  ", "##  "), (0.28, "█▏  ", "#   "), (7.0, "████", "####")],
)
def test_a_bar_grows_to_the_right(share: float, full: str, ascii_only: str) -> None:
    assert lying_bar(share, 4, FULL) == full
    assert lying_bar(share, 4, ASCII) == ascii_only


def test_a_vu_gauge_marks_zero_and_says_by_shape_what_is_above() -> None:
    sheet = vu_gauge(43, (-3.0, 1.5), FULL)
    scale, left, right = sheet.rows()
    zero = scale.rindex("0")
    assert sheet.pens[0, zero] == Pen.MARK
    assert left[zero] == "│"
    assert right[zero] == "█"
    assert left.rstrip().endswith("-3.0")
    assert right.rstrip().endswith("+1.5▴")
    assert vu_gauge(43, (-math.inf, -math.inf), ASCII).rows()[1].rstrip().endswith("-inf")


def test_a_reduction_gauge_is_full_at_its_span() -> None:
    assert reduction_gauge(30, -24.0, FULL).rows()[0].count("█") == 18
    assert reduction_gauge(30, -12.0, FULL).rows()[0].count("█") == 9
    assert reduction_gauge(30, 0.0, FULL).rows()[0].split() == ["GR", "0.0"]
    assert reduction_gauge(30, -60.0, FULL).rows()[0].count("█") == 18
    assert "12" in reduction_gauge(30, 0.0, FULL).rows()[1]


def test_a_level_bar_has_the_pens_of_its_zones_and_its_held_mark() -> None:
    sheet = Sheet(20, 1)
    level_bar(sheet, 0, 0, 20, PEAK, (-3.0, -1.0), FULL)
    assert {Pen(pen) for pen in sheet.pens[0].tolist()} >= {Pen.LOW, Pen.TARGET, Pen.HOT}
    assert sheet.rows()[0].endswith("│")
    textured = Sheet(20, 1)
    level_bar(textured, 0, 0, 20, PEAK, (0.0, -math.inf), ASCII, textured=True)
    assert set(textured.rows()[0]) == {"=", "#", "%"}


def test_a_level_gauge_tells_the_held_levels() -> None:
    rows = level_gauge(50, PEAK, ("in", "out"), ((-20.0, -9.5, -9.5), (-21.0, -20.0, -math.inf)), FULL).rows()
    assert "-18" in rows[0]
    assert rows[1].rstrip().endswith("-9.5")
    assert rows[2].rstrip().endswith("-∞")


def test_the_place_of_a_value_in_its_range() -> None:
    assert place_bar(0.0, 0.5, 9, FULL) == "▌───┼────"
    assert place_bar(1.0, 0.0, 9, FULL) == "┼───────▐"
    assert place_bar(0.5, 0.5, 9, FULL) == "────┃────"
    assert place_bar(0.5, 0.0, 9, ASCII) == "+---#----"
    assert place_bar(0.5, 0.0, 9, LINUX).count("│") == 1
    assert place_bar(0.5, 0.5, 0, FULL) == ""
