"""Names of strips from names of files: in natural order, without the song's name and the numbering in front.

    Song_01_Kick In, Song_02_Kick Out  →  Kick In, Kick Out
    01 Vox, 02 Vox, 03 808             →  01 Vox, 02 Vox, 808
    Gtr 1, Gtr 2                       →  Gtr 1, Gtr 2

What is common to all names is taken away only where it says nothing of the sound and where what is left still stands on
its own; a name is never left empty, and no two names are the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

_DRUM_MACHINES: Final = frozenset("303 505 606 626 707 727 808 909".split())
"""Instruments known by a number, which therefore is no numbering."""

_POSITIONS: Final = frozenset(
    "l r left right lt rt c mid m side s stereo mono in out inside outside top bottom btm bot under over front back "
    "rear close near far room rooms amb amp cab di mic line dry wet fx send return hi high lo low sub up down lead "
    "main bg bv bgv dbl double alt a b x y xy ms ab".split()
)
"""Say where or how something was taken: a name of these alone says nothing."""

_SOUNDS: Final = frozenset(
    "kick kik bd snare sn sd tom toms rack floor hat hats hihat hh ride crash cymbal cym oh overhead drum drums kit "
    "perc percussion conga bongo shaker tamb tambourine clap claps snap cowbell loop beat bass gtr guitar gt git ac "
    "acoustic acc el elec electric eg ag rhythm rhy solo clean dist vox vocal vocals voc voice vo choir backing "
    "harmony harm key keys piano pno rhodes wurli organ synth syn pad arp pluck strings string violin viola cello "
    "brass horn horns trumpet trombone sax flute clarinet oboe harp mandolin banjo ukulele uke accordion harmonica "
    "sfx noise riser click mix bus master".split()
)
"""Say what sounds: where all names share one of these, it stays."""

_NUMBER: Final = re.compile(r"#?(\d{1,3})[.):]?")
_SIDE: Final = re.compile(r"^(?P<base>.*[^._\- ])(?P<separator>[._\- ])(?P<side>l|r|left|right)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a pair: what it shares with the other, and which it is."""

    base: str
    key: tuple[str, str, int]
    left: bool


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    separator: str
    """What follows it."""


_Name = tuple[_Word, ...]


def natural_key(name: str) -> tuple[tuple[int | str, ...], str]:
    """Sorts "Gtr 2" before "Gtr 10", and upper and lower case alike."""
    parts = re.split(r"(\d+)", unicodedata.normalize("NFC", name).casefold())
    return tuple(int(part) if index % 2 else part for index, part in enumerate(parts)), name


def side_of(name: str) -> Side | None:
    """The side that a file's name (without its suffix) ends with: `.L`, `_R`, `-left`, ` Right`, in any case."""
    match = _SIDE.fullmatch(name)
    if match is None:
        return None
    side = match["side"].casefold()
    return Side(match["base"], (match["base"], match["separator"], len(side) > 1), side[0] == "l")


def clean_names(names: Sequence[str]) -> list[str]:
    """Names of strips for the names of one folder's files (without suffixes), in the same order, all different."""
    split = [_words(name) for name in names]
    for step in (_without_prefix, _without_numbers, _without_prefix):
        split = step(split)
    return distinct_names([_joined(words) or "Stem" for words in split])


def distinct_names(names: Sequence[str], taken: Collection[str] = ()) -> list[str]:
    """The names, numbered where one would be the same (but for upper and lower case) as another or one `taken`."""
    used = {name.casefold() for name in taken}
    distinct = []
    for name in names:
        number, chosen = 1, name
        while chosen.casefold() in used:
            number += 1
            chosen = f"{name} ({number})"
        used.add(chosen.casefold())
        distinct.append(chosen)
    return distinct


def _words(name: str) -> _Name:
    text = unicodedata.normalize("NFC", name)
    text = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in text)
    text = _SIDE.sub(r"\g<base> \g<side>", text)
    return tuple(_Word(word, separator) for word, separator in re.findall(r"([^\s_\-]+)([\s_\-]*)", text))


def _joined(words: _Name) -> str:
    parts = []
    for word in words:
        bare = word.separator.strip(" _")
        parts += [word.text, " " if not bare else "-" if word.separator == "-" else " - "]
    return "".join(parts[:-1])


def _without_prefix(names: list[_Name]) -> list[_Name]:
    """Take away the longest beginning that all names share, that names no sound, and that no name needs."""
    if len(names) < 2:
        return names
    shared = 0
    while all(len(words) > shared + 1 for words in names) and len({_folded(words[shared]) for words in names}) == 1:
        if _says_what_sounds(names[0][shared]):
            break
        shared += 1
    for count in range(shared, 0, -1):
        rest = [words[count:] for words in names]
        if _all_differ(rest) and all(_stands_alone(words) for words in rest):
            return rest
    return names


def _without_numbers(names: list[_Name]) -> list[_Name]:
    """Take away the numbers in front if the names are numbered, save where a name needs its number to be told apart."""
    numbers = [_number(words) for words in names]
    given = [number for number in numbers if number is not None]
    numbered = len(given) > 1 or (len(names) == 1 and given and given[0].startswith("0"))
    if not numbered or 2 * len(given) <= len(names) or len(set(map(int, given))) < len(given):
        return names
    shorter = [words if number is None else words[1:] for words, number in zip(names, numbers, strict=True)]
    count = Counter(_joined(words).casefold() for words in shorter)
    return [
        new if _stands_alone(new, needless=frozenset()) and count[_joined(new).casefold()] == 1 else old
        for old, new in zip(names, shorter, strict=True)
    ]


def _number(words: _Name) -> str | None:
    """The number in front of a name of several words, unless it is an instrument's."""
    match = _NUMBER.fullmatch(words[0].text) if len(words) > 1 else None
    return match[1] if match and match[1] not in _DRUM_MACHINES else None


def _folded(word: _Word) -> str:
    return word.text.casefold()


def _meaning(word: _Word) -> str:
    """The word without the number it may carry: Gtr1 is a Gtr."""
    return word.text.casefold().strip("0123456789.()[]#")


def _says_what_sounds(word: _Word) -> bool:
    return _meaning(word) in _SOUNDS | _POSITIONS or word.text in _DRUM_MACHINES


def _stands_alone(words: _Name, needless: frozenset[str] = _POSITIONS) -> bool:
    """Whether a name says more than a number, a letter or words that say nothing without what stood before them."""
    meanings = {_meaning(word) for word in words} - needless
    return any(len(meaning) > 1 for meaning in meanings) or any(word.text in _DRUM_MACHINES for word in words)


def _all_differ(names: list[_Name]) -> bool:
    return len({_joined(words).casefold() for words in names}) == len(names)
