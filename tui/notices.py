"""Everything that was told, to be read in full and in peace."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

Severity = Literal["info", "warning", "error"]
RANK: Final[dict[Severity, int]] = {"info": 0, "warning": 1, "error": 2}
WORDS: Final[dict[Severity, str]] = {"info": "", "warning": "WARNING", "error": "ERROR"}
"""Severity is said in a word too, not by colour alone."""
_MOST_KEPT: Final = 500


@dataclass(frozen=True, slots=True)
class Told:
    """A notice and when it came."""

    at: datetime
    severity: Severity
    text: str


class NoticeLog:
    """The notices of a session, the latest last, and how many of them have not been seen."""

    def __init__(self) -> None:
        self._told: deque[Told] = deque(maxlen=_MOST_KEPT)
        self.unseen = 0
        """Warnings and errors that came while another notice was shown, or were too long to be read."""

    def add(self, severity: Severity, text: str) -> None:
        """Keep a notice."""
        self._told.append(Told(datetime.now(), severity, text))

    def __iter__(self) -> Iterator[Told]:
        return iter(tuple(self._told))

    def __len__(self) -> int:
        return len(self._told)
