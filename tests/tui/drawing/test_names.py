import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.drawing.names import cut, fit_name, name_lines, shown_text


@pytest.mark.parametrize(
    ("name", "cells", "short"),
    [("Kick", 5, "Kick"), ("Lead Vocal", 5, "LdVcl"), ("Backing Vox 2", 5, "Bckn2"), ("Tom 1", 4, "Tom1"),
     ("Overheads", 5, "Ovrhd"), ("Bass DI", 4, "BssD"), ("12345678", 4, "1234"), ("弦楽", 3, "弦"), ("", 4, "")],
)  # fmt: skip
def test_names_keep_what_tells_them_apart(name: str, cells: int, short: str) -> None:
    assert fit_name(name, cells) == short


@given(st.text(max_size=40), st.integers(1, 12))
def test_a_name_never_takes_more_cells_than_there_are(name: str, cells: int) -> None:
    assert cell_len(fit_name(name, cells)) <= cells
    for lines in (1, 2):
        split = name_lines(name, cells, lines)
        assert len(split) == lines
        assert all(cell_len(line) <= cells for line in split)


def test_long_names_are_broken_between_words() -> None:
    assert name_lines("Backing Vox 1", 7, 2) == ("Backing", "Vox 1")
    assert name_lines("Kick", 7, 2) == ("Kick", "")


@given(st.text(max_size=40))
def test_shown_text_has_nothing_a_terminal_would_act_on(text: str) -> None:
    shown = shown_text(text)
    assert "\x1b" not in shown
    assert shown.isprintable()


def test_a_wide_character_is_not_halved() -> None:
    assert cut("弦楽", 3) == "弦"
