"""Edits of mute groups and linked groups, and of several strips at once. Groups of both kinds are named by their id."""
# ruff: noqa: D102  what `apply`, `label` and `merge_key` do is said once, by Edit

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import msgspec

from engine.core.params import ParamSpec
from sessions.edits import Edit
from sessions.linking import LINKED_CONTROLS, linked_with, moved
from sessions.model import LinkGroup, MuteGroup, Session, SessionError


@dataclass(frozen=True, slots=True)
class AddMuteGroup(Edit):
    """Add a mute group with these strips, switched off; no strip changes. Its id is `Session.free_id("mute group")`."""

    name: str
    members: tuple[str, ...] = ()

    def apply(self, session: Session) -> Session:
        group = MuteGroup(session.free_id(MuteGroup.what), _tidy(self.name), self.members)
        return msgspec.structs.replace(session, mute_groups=(*session.mute_groups, group))

    def label(self, session: Session) -> str:
        return f'Add mute group "{_tidy(self.name)}"'


@dataclass(frozen=True, slots=True)
class AddLinkGroup(Edit):
    """Link strips: their faders and trims move together. The id is `Session.free_id("linked group")`."""

    name: str
    members: tuple[str, ...] = ()

    def apply(self, session: Session) -> Session:
        group = LinkGroup(session.free_id(LinkGroup.what), _tidy(self.name), self.members)
        return msgspec.structs.replace(session, link_groups=(*session.link_groups, group))

    def label(self, session: Session) -> str:
        return f'Add linked group "{_tidy(self.name)}"'


@dataclass(frozen=True, slots=True)
class RemoveStripGroup(Edit):
    """Remove a mute group or a linked group; its strips stay as they are, muted ones muted."""

    group_id: str

    def apply(self, session: Session) -> Session:
        removed = session.group(self.group_id)
        return msgspec.structs.replace(
            session,
            mute_groups=tuple(group for group in session.mute_groups if group is not removed),
            link_groups=tuple(group for group in session.link_groups if group is not removed),
        )

    def label(self, session: Session) -> str:
        return f"Remove {session.group(self.group_id).place}"


@dataclass(frozen=True, slots=True)
class RenameStripGroup(Edit):
    """Give a group another name; runs of spaces become one."""

    group_id: str
    name: str

    def apply(self, session: Session) -> Session:
        return _with_group(session, self.group_id, name=_tidy(self.name))

    def label(self, session: Session) -> str:
        return f'Rename {session.group(self.group_id).place} to "{_tidy(self.name)}"'


@dataclass(frozen=True, slots=True)
class SetMembers(Edit):
    """Let other strips be in a group. No strip changes by it, also while a mute group is on."""

    group_id: str
    members: tuple[str, ...]

    def apply(self, session: Session) -> Session:
        return _with_group(session, self.group_id, members=self.members)

    def label(self, session: Session) -> str:
        return f"Strips of {session.group(self.group_id).place}"


@dataclass(frozen=True, slots=True)
class SwitchMuteGroup(Edit):
    """Mute all strips of a group, or unmute them; those that another group mutes stay muted."""

    group_id: str
    on: bool

    def apply(self, session: Session) -> Session:
        group = self._group(session)
        held = {member for other in session.mute_groups if other.on and other is not group for member in other.members}
        strips = tuple(
            msgspec.structs.replace(strip, mute=self.on or strip.id in held) if strip.id in group.members else strip
            for strip in session.strips
        )
        # Strips that are as they should be stay the same objects.
        strips = tuple(old if old == new else new for old, new in zip(session.strips, strips, strict=True))
        return _with_group(msgspec.structs.replace(session, strips=strips), self.group_id, on=bool(self.on))

    def label(self, session: Session) -> str:
        return f"Mute group {self._group(session).name} {'on' if self.on else 'off'}"

    def _group(self, session: Session) -> MuteGroup:
        group = session.group(self.group_id)
        if not isinstance(group, MuteGroup):
            raise SessionError(f"{group.place}: only mute groups have a switch")
        return group


@dataclass(frozen=True, slots=True)
class MoveLinked(Edit):
    """Move the trims or the faders of strips (by `MASTER_ID`, of the master too) by the same dB.

    Strips that are linked with them come along. All stop where the first one has reached an end of its range; faders
    that are off stay off.
    """

    strip_ids: tuple[str, ...]
    control: str
    delta_db: float

    @property
    def merge_key(self) -> Hashable | None:
        return ("linked", self.strip_ids, self.control)

    def apply(self, session: Session) -> Session:
        spec = self._spec()
        if not self.strip_ids:
            raise SessionError("no strips are chosen to be moved")
        return moved(session, linked_with(session, self.strip_ids), spec, self.delta_db)

    def label(self, session: Session) -> str:
        names = [session.channel(strip_id).name for strip_id in linked_with(session, self.strip_ids)]
        return f"{self._spec().label} {names[0]}" if len(names) == 1 else f"{self._spec().label} of {len(names)} strips"

    def _spec(self) -> ParamSpec:
        spec = LINKED_CONTROLS.get(self.control)
        if spec is None:
            raise SessionError(f'"{self.control}" does not move together: {" and ".join(LINKED_CONTROLS)} do')
        return spec


def _tidy(name: str) -> str:
    return " ".join(name.split())


def _with_group(session: Session, group_id: str, **changed: Any) -> Session:
    group = session.group(group_id)
    new = msgspec.structs.replace(group, **changed)
    return msgspec.structs.replace(
        session,
        mute_groups=tuple(new if one is group else one for one in session.mute_groups),
        link_groups=tuple(new if one is group else one for one in session.link_groups),
    )
