"""What every value of a session is checked with, and the errors that say what is wrong with it."""

from __future__ import annotations

import difflib
import math
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from engine.core.params import ParamSpec

MAX_TIME_S: Final = 1_000_000.0
"""Eleven days: what begins later is a slip, and would be no number of frames that a machine word holds."""
ID_PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {"stem": "s", "bus": "b", "return": "r", "mute group": "m", "linked group": "l"}
)
"""How the ids begin that the program gives."""
_LONGEST_LINE: Final = 1000
_LONGEST_COMPARED: Final = 40
_MOST_LISTED: Final = 5


class SessionError(ValueError):
    """Something a user can put right; the text is one line for them, whatever the names and values in it."""

    def __init__(self, text: str) -> None:
        cut = len(text) - _LONGEST_LINE
        if cut > 0:
            text = f"{text[: _LONGEST_LINE // 2]}…{text[_LONGEST_LINE // 2 + cut :]}"
        super().__init__(shown(text))


class SessionValueError(SessionError):
    """A value that a session cannot hold: `where` names the place, `what` the value and its limit.

    `key` is the field that holds it, empty where it is no single one.
    """

    def __init__(self, where: str, what: str, key: str = "") -> None:
        super().__init__(f"{where}: {what}")
        self.where = where
        self.what = what
        self.key = key


def printable(text: str) -> bool:
    """Whether a text has no control characters, line ends or halves of characters in it."""
    return all(unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp") for character in text)


def shown(text: str) -> str:
    """A text as part of one line: what is not printable is escaped."""
    return "".join(character if printable(character) else ascii(character)[1:-1] for character in text)


def check_control(where: str, spec: ParamSpec, value: float) -> None:
    """Raise a `SessionValueError` if a parameter cannot have this value."""
    if spec.contains(value):
        if spec.taper in ("switch", "choice") and value != int(value):
            raise SessionValueError(where, f"{spec.id}={value:g} is between two of its choices", spec.id)
        return
    if math.isnan(value):
        raise SessionValueError(where, f"{spec.id}=nan is not a number", spec.id)
    side, limit = ("above", spec.maximum) if value > spec.maximum else ("below", spec.minimum)
    off = " (or -inf, which is off)" if spec.off and side == "below" else ""
    raise SessionValueError(where, f"{spec.id}={value:g} is {side} {limit:g}{off}", spec.id)


def check_time(where: str, key: str, time_s: float) -> None:
    """Raise a `SessionValueError` if a place in the song cannot be at this time."""
    if not 0.0 <= time_s <= MAX_TIME_S:
        raise SessionValueError(where, f"{key}={time_s:g} is not a time from 0 to {MAX_TIME_S:.0f} s", key)


def check_name(where: str, name: str) -> None:
    """Raise a `SessionValueError` for a name that cannot be shown."""
    if not name.strip() or not printable(name):
        raise SessionValueError(where, "its name is empty or holds characters that cannot be shown", "name")


def nearest_hint(given: str, known: Iterable[str]) -> str:
    """The end of a line about something unknown: what it may have been meant for, or all there are."""
    known = tuple(known)
    nearest = difflib.get_close_matches(given[:_LONGEST_COMPARED], known, n=1, cutoff=0.5)
    return f'did you mean "{nearest[0]}"?' if nearest else f"known here are {', '.join(known)}"


def listed(names: Collection[str]) -> str:
    """Names for one line: the first few, and how many more there are."""
    first = ", ".join(shown(name) for name in list(names)[:_MOST_LISTED])
    return first if len(names) <= _MOST_LISTED else f"{first} and {len(names) - _MOST_LISTED} more"
