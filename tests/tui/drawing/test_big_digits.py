"""Numbers three rows high."""

from __future__ import annotations

import pytest

from tui.drawing.big_digits import big_text
from tui.drawing.glyphs import ASCII, FULL, LINUX


def test_a_number_is_three_rows_of_its_characters() -> None:
    assert big_text("-23.1", FULL) == (
        "   ▀▀█ ▀▀█   ▀█ ",
        "▀▀ █▀▀  ▀█    █ ",
        "   ▀▀▀ ▀▀▀ ▀ ▀▀▀",
    )
    assert big_text("-23.1", ASCII) == (
        "    _   _       ",
        "__  _|  _|     |",
        "   |_   _| .   |",
    )


@pytest.mark.parametrize("glyphs", [FULL, LINUX, ASCII], ids=lambda glyphs: glyphs.name)
def test_every_character_is_another_one_and_as_wide_on_all_rows(glyphs) -> None:  # type: ignore[no-untyped-def]
    drawn = {character: big_text(character, glyphs) for character in "0123456789-+."}
    assert len(set(drawn.values())) == len(drawn)
    for rows in drawn.values():
        assert len({len(row) for row in rows}) == 1
    if glyphs is ASCII:
        assert all(row.isascii() for rows in drawn.values() for row in rows)


def test_what_is_not_defined_can_be_drawn() -> None:
    assert len(set(map(len, big_text("--.-", FULL)))) == 1
