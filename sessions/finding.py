"""One thing that a check has found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
"""The most important first."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be; a note is meant to be so, and counts for nothing.

    `value` is what was found, in `unit`; `target` says what it should be; `off_db` how far off it is.
    """

    rule: str
    severity: Severity
    strip: str
    stage: str
    value: float | None
    unit: str
    target: str
    cause: str
    fix: str
    off_db: float = 0.0
