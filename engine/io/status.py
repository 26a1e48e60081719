"""What the live door is asked and what it says of its output: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NO_DEVICE = "none"
"""The device request that asks for the silent clock."""


@dataclass(frozen=True, slots=True)
class OutputRequest:
    """Where to play: a device (None is the system's default, "none" the silent clock), its buffer, its channel pair."""

    device: str | None = None
    buffer_frames: int | None = None
    left_channel: int = 1
    right_channel: int = 2


@dataclass(frozen=True, slots=True)
class OutputStatus:
    """Where the sound goes now. `progress` (0 to 1) is set while the engine compiles itself on a first start.

    `missing_processors` are the kinds that the mix plays without, because they are still being compiled.
    """

    state: Literal["starting", "device", "clock", "lost"]
    name: str = ""
    host: str = ""
    sample_rate_hz: int = 0
    buffer_frames: int = 0
    latency_s: float | None = None
    progress: float | None = None
    detail: str = ""
    missing_processors: int = 0
