"""The session: an immutable value that holds all that is mixed, and that cannot hold an invalid value.

Every struct checks itself when it is made (by hand, by `msgspec.structs.replace` or by decoding), so whoever holds a
session need not ask. Paths are absolute and POSIX in memory, wherever the session is saved; the file makes those below
it relative.
"""

from __future__ import annotations

from typing import Final, get_args

import msgspec

from engine.core.params import MONITOR
from engine.mix import MAX_STRIPS, SAMPLE_RATES_HZ, PanLaw
from sessions.strip import MASTER_ID, MasterState, SourceRef, StripState
from sessions.values import (
    MAX_TIME_S,
    SessionError,
    SessionValueError,
    check_control,
    check_time,
    printable,
    shown,
)

__all__ = [
    "MASTER_ID",
    "MAX_TIME_S",
    "VERSION",
    "LoopState",
    "MasterState",
    "Session",
    "SessionError",
    "SessionValueError",
    "SourceRef",
    "StripState",
    "check_control",
    "printable",
    "shown",
]

VERSION: Final = 1
"""Of the session's structure, as the file states it."""


class LoopState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The loop of the transport; an end of None is the end of the song."""

    enabled: bool = False
    start_s: float = 0.0
    end_s: float | None = None

    def __post_init__(self) -> None:
        check_time("loop", "start_s", self.start_s)
        if self.end_s is None:
            return
        check_time("loop", "end_s", self.end_s)
        if self.end_s <= self.start_s:
            raise SessionValueError("loop", f"end_s={self.end_s:g} is not after start_s={self.start_s:g}")


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole mix: at most `MAX_STRIPS` strips with ids of their own. Soloing and muting are only stored here."""

    name: str
    strips: tuple[StripState, ...] = ()
    sample_rate_hz: int = 48000
    pan_law: PanLaw = "-3"
    monitor_db: float = MONITOR.default
    loop: LoopState = LoopState()
    master: MasterState = MasterState()
    version: int = VERSION

    def __post_init__(self) -> None:
        if self.version != VERSION:
            raise SessionValueError("session", f"version={self.version} is not {VERSION}")
        if not self.name.strip() or not printable(self.name):
            raise SessionValueError("session", "its name is empty or holds characters that cannot be shown")
        if self.sample_rate_hz not in SAMPLE_RATES_HZ:
            rates = ", ".join(map(str, SAMPLE_RATES_HZ))
            raise SessionValueError("session", f"sample_rate_hz={self.sample_rate_hz} is not one of {rates}")
        if self.pan_law not in get_args(PanLaw):
            raise SessionValueError("session", f'pan_law="{self.pan_law}" is not one of {", ".join(get_args(PanLaw))}')
        check_control("session", MONITOR, self.monitor_db)
        if len(self.strips) > MAX_STRIPS:
            raise SessionValueError("session", f"{len(self.strips)} strips are more than {MAX_STRIPS}")
        if len({strip.id for strip in self.strips}) < len(self.strips):
            seen: set[str] = set()
            for strip in self.strips:
                if strip.id in seen:
                    raise SessionValueError(f'strip "{strip.name}"', f'id="{strip.id}" is taken by another strip')
                seen.add(strip.id)

    def strip(self, strip_id: str) -> StripState:
        """The strip of that id; a `SessionError` if there is none."""
        for strip in self.strips:
            if strip.id == strip_id:
                return strip
        raise SessionError(f'no strip has the id "{strip_id}"')

    def with_strip(self, changed: StripState) -> Session:
        """The session with one strip (found by its id) replaced; the others stay the same objects."""
        self.strip(changed.id)
        strips = tuple(changed if strip.id == changed.id else strip for strip in self.strips)
        return msgspec.structs.replace(self, strips=strips)
