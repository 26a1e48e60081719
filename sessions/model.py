"""The session: an immutable value that holds all that is mixed, and that cannot hold an invalid value.

Every struct checks itself when it is made (by hand, by `msgspec.structs.replace` or by decoding), so whoever holds a
session need not ask. Paths are absolute and POSIX in memory, wherever the session is saved; the file makes those below
it relative.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import get_args

import msgspec

from engine.mix import MASTER_ID, MAX_GROUPS, MAX_STRIPS, SAMPLE_RATES_HZ, PanLaw
from engine.routing import RoutingError, levels
from sessions.insert import InsertState
from sessions.meters import MeterState
from sessions.monitor import MonitorState
from sessions.send import SendState
from sessions.strip import KINDS, Channel, Kind, MasterState, SourceRef, StripState
from sessions.strip_groups import MAX_MUTE_GROUPS, LinkGroup, MuteGroup
from sessions.values import (
    ID_PREFIXES,
    MAX_TIME_S,
    SessionError,
    SessionValueError,
    check_control,
    check_name,
    check_time,
    printable,
    shown,
)

__all__ = [
    "MASTER_ID",
    "MAX_TIME_S",
    "Channel",
    "InsertState",
    "Kind",
    "LinkGroup",
    "LoopState",
    "MasterState",
    "MeterState",
    "MonitorState",
    "MuteGroup",
    "SendState",
    "Session",
    "SessionError",
    "SessionValueError",
    "SourceRef",
    "StripState",
    "check_control",
    "printable",
    "shown",
]


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
            raise SessionValueError("loop", f"end_s={self.end_s:g} is not after start_s={self.start_s:g}", "end_s")


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole mix: at most `MAX_STRIPS` stems, and `MAX_GROUPS` buses and returns, with ids of their own.

    The strips lie in the order stems, buses, returns, in whichever order they are given. Their routes have no circles.
    Soloing and muting are only stored here.
    """

    name: str
    strips: tuple[StripState, ...] = ()
    sample_rate_hz: int = 48000
    pan_law: PanLaw = "-3"
    monitor: MonitorState = MonitorState()
    meters: MeterState = MeterState()
    loop: LoopState = LoopState()
    master: MasterState = MasterState()
    mute_groups: tuple[MuteGroup, ...] = ()
    link_groups: tuple[LinkGroup, ...] = ()

    def __post_init__(self) -> None:
        check_name("session", self.name)
        if self.sample_rate_hz not in SAMPLE_RATES_HZ:
            rates = ", ".join(map(str, SAMPLE_RATES_HZ))
            what = f"sample_rate_hz={self.sample_rate_hz} is not one of {rates}"
            raise SessionValueError("session", what, "sample_rate_hz")
        if self.pan_law not in get_args(PanLaw):
            what = f'pan_law="{self.pan_law}" is not one of {", ".join(get_args(PanLaw))}'
            raise SessionValueError("session", what, "pan_law")
        order = [KINDS.index(strip.kind) for strip in self.strips]
        if order != sorted(order):
            strips = tuple(sorted(self.strips, key=lambda strip: KINDS.index(strip.kind)))
            msgspec.structs.force_setattr(self, "strips", strips)
        _check_counts(self)
        _check_ids(self)
        _check_routes(self)
        _check_groups(self)

    @property
    def stems(self) -> tuple[StripState, ...]:
        """The strips that play a source."""
        return self.of_kind("stem")

    @property
    def buses(self) -> tuple[StripState, ...]:
        """The buses, in their order."""
        return self.of_kind("bus")

    @property
    def returns(self) -> tuple[StripState, ...]:
        """The returns, in their order."""
        return self.of_kind("return")

    @property
    def monitor_db(self) -> float:
        """The monitor volume."""
        return self.monitor.volume_db

    @property
    def groups(self) -> tuple[MuteGroup | LinkGroup, ...]:
        """The mute groups and the linked groups."""
        return (*self.mute_groups, *self.link_groups)

    def of_kind(self, kind: Kind) -> tuple[StripState, ...]:
        """The strips of a kind, in their order."""
        return tuple(strip for strip in self.strips if strip.kind == kind)

    def strip(self, strip_id: str) -> StripState:
        """The strip of that id; a `SessionError` if there is none."""
        for strip in self.strips:
            if strip.id == strip_id:
                return strip
        raise SessionError(f'no strip has the id "{strip_id}"')

    def channel(self, strip_id: str) -> Channel:
        """The strip of that id, or the master."""
        return self.master if strip_id == MASTER_ID else self.strip(strip_id)

    def with_strip(self, changed: StripState) -> Session:
        """The session with one strip (found by its id) replaced; the others stay the same objects."""
        self.strip(changed.id)
        return self.with_channels((changed,))

    def with_channels(self, changed: Iterable[Channel]) -> Session:
        """The session with strips (found by their ids), the master or both replaced."""
        by_id = {channel.id: channel for channel in changed}
        master = by_id.get(MASTER_ID, self.master)
        strips = tuple(by_id.get(strip.id, strip) for strip in self.strips)
        return msgspec.structs.replace(self, strips=strips, master=master)

    def group(self, group_id: str) -> MuteGroup | LinkGroup:
        """The mute group or linked group of that id; a `SessionError` if there is none."""
        for group in self.groups:
            if group.id == group_id:
                return group
        raise SessionError(f'no group has the id "{group_id}"')

    def free_id(self, what: str) -> str:
        """The id that a new strip of a kind, or a new "mute group" or "linked group", gets."""
        taken = {strip.id for strip in self.strips} | {group.id for group in self.groups}
        number = 1
        while (identity := f"{ID_PREFIXES[what]}{number}") in taken:
            number += 1
        return identity


def _check_counts(session: Session) -> None:
    count = Counter(strip.kind for strip in session.strips)
    sums = count["bus"] + count["return"]
    for number, limit, what in (
        (count["stem"], MAX_STRIPS, "strips"),
        (sums, MAX_GROUPS, "buses and returns"),
        (len(session.mute_groups), MAX_MUTE_GROUPS, "mute groups"),
    ):
        if number > limit:
            raise SessionValueError("session", f"{number} {what} are more than {limit}")


def _check_ids(session: Session) -> None:
    for owners, what in ((session.strips, "strip"), (session.groups, "group")):
        seen: set[str] = set()
        for owner in owners:
            if owner.id in seen:
                raise SessionValueError(owner.place, f'id="{owner.id}" is taken by another {what}')
            seen.add(owner.id)


def _check_routes(session: Session) -> None:
    try:
        levels(session.strips)
    except RoutingError as error:
        raise SessionValueError("routes", str(error)) from None
    returns = {strip.id: strip.name for strip in session.returns}
    for strip in session.strips:
        if strip.output in returns:
            what = f'its output cannot be the return "{returns[strip.output]}": that is what sends are for'
            raise SessionValueError(strip.place, what)


def _check_groups(session: Session) -> None:
    ids = {strip.id for strip in session.strips}
    linked: dict[str, str] = {}
    for each in session.groups:
        for member in each.members:
            if member not in ids:
                raise SessionValueError(each.place, f'there is no strip "{member}"')
    for group in session.link_groups:
        for member in group.members:
            if member in linked:
                what = f'strip "{session.strip(member).name}" is in the linked group "{linked[member]}" already'
                raise SessionValueError(group.place, what)
            linked[member] = group.name
