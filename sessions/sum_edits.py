"""Edits of the console's shape: buses and returns come and go, strips change places, and where each of them goes."""
# ruff: noqa: D102  what `apply`, `label`, `merge_key` and `notices` do is said once, by Edit

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeVar

import msgspec

from engine.mix import MASTER_ID, Listen
from engine.notice import Notice
from sessions.edits import Edit
from sessions.model import LinkGroup, MuteGroup, Session, SessionError, StripState
from sessions.slots import trimmed
from sessions.values import listed

_Group = TypeVar("_Group", MuteGroup, LinkGroup)

_LISTENED: Final = {"off": "off", "before": "before the fader", "after": "after the fader"}


@dataclass(frozen=True, slots=True)
class AddSum(Edit):
    """Add a bus or a return after those there are; without a name it is numbered. Its id is `Session.free_id(kind)`."""

    kind: Literal["bus", "return"]
    name: str | None = None
    output: str | None = MASTER_ID

    def apply(self, session: Session) -> Session:
        if self.kind not in ("bus", "return"):
            raise SessionError(f'a "{self.kind}" cannot be added, only a bus or a return: stems come from files')
        added = StripState(session.free_id(self.kind), self._name(session), kind=self.kind, output=self.output)
        return msgspec.structs.replace(session, strips=(*session.strips, added))

    def label(self, session: Session) -> str:
        return f'Add {self.kind} "{self._name(session)}"'

    def _name(self, session: Session) -> str:
        if self.name is not None:
            return " ".join(self.name.split())
        taken = {strip.name for strip in session.strips}
        number = 1
        while (name := f"{self.kind.capitalize()} {number}") in taken:
            number += 1
        return name


@dataclass(frozen=True, slots=True)
class RemoveSum(Edit):
    """Remove a bus or a return: what went there goes where it went, and the sends to it go with it."""

    strip_id: str

    def apply(self, session: Session) -> Session:
        removed = self._removed(session)
        strips = tuple(self._without(strip, removed) for strip in session.strips if strip is not removed)
        return msgspec.structs.replace(
            session,
            strips=strips,
            mute_groups=tuple(self._left(group) for group in session.mute_groups),
            link_groups=tuple(self._left(group) for group in session.link_groups),
        )

    def label(self, session: Session) -> str:
        removed = self._removed(session)
        return f'Remove {removed.kind} "{removed.name}"'

    def notices(self, session: Session) -> tuple[Notice, ...]:
        removed = self._removed(session)
        others = [strip for strip in session.strips if strip is not removed]
        fed = [strip.name for strip in others if strip.output == removed.id]
        sent = [strip.name for strip in others if any(send and send.to == removed.id for send in strip.sends)]
        said = []
        if fed:
            said.append(f"{listed(fed)} now {_goes(len(fed))} {_where(session, removed.output)}")
        if sent:
            said.append(f"without the sends to it of {listed(sent)}")
        text = f"{removed.place} is removed: {', '.join(said)}"
        return (Notice("info", text),) if said else ()

    def _removed(self, session: Session) -> StripState:
        strip = session.strip(self.strip_id)
        if strip.kind == "stem":
            raise SessionError(f"{strip.place}: it is a stem, only buses and returns can be removed")
        return strip

    def _without(self, strip: StripState, removed: StripState) -> StripState:
        sends = trimmed(tuple(None if send and send.to == removed.id else send for send in strip.sends))
        output = removed.output if strip.output == removed.id else strip.output
        if (sends, output) == (strip.sends, strip.output):
            return strip
        return msgspec.structs.replace(strip, sends=sends, output=output)

    def _left(self, group: _Group) -> _Group:
        if self.strip_id not in group.members:
            return group
        members = tuple(member for member in group.members if member != self.strip_id)
        return msgspec.structs.replace(group, members=members)


@dataclass(frozen=True, slots=True)
class MoveStrip(Edit):
    """Move a strip to another place (from 0) among those of its kind; beyond the end is the end."""

    strip_id: str
    place: int

    def apply(self, session: Session) -> Session:
        moved = session.strip(self.strip_id)
        others = [strip for strip in session.of_kind(moved.kind) if strip is not moved]
        others.insert(max(self.place, 0), moved)
        rest = tuple(strip for strip in session.strips if strip.kind != moved.kind)
        return msgspec.structs.replace(session, strips=(*rest, *others))

    def label(self, session: Session) -> str:
        return f"Move {session.strip(self.strip_id).name}"


@dataclass(frozen=True, slots=True)
class SetOutput(Edit):
    """Let a strip go to a bus (its id), to the master (`MASTER_ID`) or nowhere (None)."""

    strip_id: str
    output: str | None

    def apply(self, session: Session) -> Session:
        return session.with_strip(msgspec.structs.replace(session.strip(self.strip_id), output=self.output))

    def label(self, session: Session) -> str:
        return f"Output {session.strip(self.strip_id).name} {_where(session, self.output)}"


@dataclass(frozen=True, slots=True)
class SetSoloSafe(Edit):
    """Let a strip be heard whatever is solo, or not."""

    strip_id: str
    on: bool

    def apply(self, session: Session) -> Session:
        return session.with_strip(msgspec.structs.replace(session.strip(self.strip_id), solo_safe=bool(self.on)))

    def label(self, session: Session) -> str:
        return f"Solo safe {session.strip(self.strip_id).name} {'on' if self.on else 'off'}"


@dataclass(frozen=True, slots=True)
class SetListen(Edit):
    """Listen to a strip on the monitors, before its fader or after it, or no longer."""

    strip_id: str
    listen: Listen

    def apply(self, session: Session) -> Session:
        return session.with_strip(msgspec.structs.replace(session.strip(self.strip_id), listen=self.listen))

    def label(self, session: Session) -> str:
        return f"Listen {session.strip(self.strip_id).name} {_LISTENED[self.listen]}"


def _goes(count: int) -> str:
    return "goes" if count == 1 else "go"


def _where(session: Session, output: str | None) -> str:
    if output is None:
        return "nowhere"
    return "to the master" if output == MASTER_ID else f"to {session.strip(output).name}"
