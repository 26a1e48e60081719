"""What there is to tell the user: one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell the user, in one line; `strip_id` names the strip it is about."""

    severity: Literal["info", "warning", "error"]
    text: str
    strip_id: str | None = None
