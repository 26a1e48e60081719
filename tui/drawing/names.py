"""Names in few cells: what is left of a strip's name when there is no room for it."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rich.cells import cell_len

_VOWELS = frozenset("aeiou")


def shown_text(text: str) -> str:
    """A text without what no cell can show: composed, without marks that stay apart, controls and zero-width signs."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(character for character in composed if character.isprintable() and cell_len(character) > 0)


def cut(text: str, cells: int) -> str:
    """The beginning of a text that fits into a number of cells; a wide character is never halved."""
    width = 0
    for index, character in enumerate(text):
        width += cell_len(character)
        if width > cells:
            return text[:index]
    return text


@lru_cache(maxsize=1024)
def fit_name(name: str, cells: int) -> str:
    """A name in at most `cells` cells, as legible as may be: whole, without spaces, without small vowels, cut.

    A number at its end is kept, for it is often all that tells two strips apart.
    """
    name = shown_text(name).strip()
    if cell_len(name) <= cells:
        return name
    joined = "".join(word[:1].upper() + word[1:] for word in name.replace("_", " ").replace("-", " ").split())
    digits = joined[len(joined.rstrip("0123456789")) :]
    stem = joined[: len(joined) - len(digits)]
    if not stem or len(digits) >= cells:
        return cut(joined, cells)
    room = cells - len(digits)
    for index in range(len(stem) - 1, 0, -1):
        if cell_len(stem) <= room:
            break
        if stem[index] in _VOWELS:
            stem = stem[:index] + stem[index + 1 :]
    return cut(stem, room) + digits


@lru_cache(maxsize=1024)
def name_lines(name: str, cells: int, lines: int) -> tuple[str, ...]:
    """A name on exactly `lines` lines of at most `cells` cells, broken between words, each fitted; empty lines last."""
    whole = shown_text(name).strip()
    if lines == 1 or cell_len(whole) <= cells:
        return (fit_name(whole, cells), *("",) * (lines - 1))
    words = whole.replace("_", " ").split()
    filled: list[str] = []
    while words and len(filled) < lines - 1:
        line = words.pop(0)
        while words and cell_len(f"{line} {words[0]}") <= cells:
            line = f"{line} {words.pop(0)}"
        filled.append(fit_name(line, cells))
    if words:
        filled.append(fit_name(" ".join(words), cells))
    return (*filled, *("",) * (lines - len(filled)))
