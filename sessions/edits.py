"""Edits: each is a small immutable value that makes the next session from this one."""
# ruff: noqa: D102  what `apply`, `label` and `merge_key` do is said once, by Edit

from __future__ import annotations

import posixpath
from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

import msgspec

from engine.core.params import MONITOR, PAN, SOLO, STRIP_PARAMS, ParamSpec
from engine.core.units import OFF_DB
from engine.mix import PanLaw
from sessions.model import MASTER_ID, LoopState, Session, SessionError, SourceRef

STORED_DECIMALS: Final = 3
"""Digits kept of a control's value: finer than anybody hears, and short in the file."""


class Edit(ABC):
    """What can be done to a session, undone and done again."""

    __slots__ = ()

    @property
    def merge_key(self) -> Hashable | None:
        """Consecutive edits of the same key in quick succession are one step of undo; None never merges."""
        return None

    @abstractmethod
    def apply(self, session: Session) -> Session:
        """The session after the edit. Raises `SessionError` when it cannot be done."""

    @abstractmethod
    def label(self, session: Session) -> str:
        """What it does, for messages; `session` is the one it is applied to."""


@dataclass(frozen=True, slots=True)
class SetControl(Edit):
    """Set one control (a key of `STRIP_PARAMS`) of a strip or, by `MASTER_ID`, of the master, to an absolute value.

    A value out of range goes to the nearest valid one.
    """

    strip_id: str
    control: str
    value: float | bool

    @property
    def merge_key(self) -> Hashable | None:
        """A switch is pressed, not swept: each press is a step."""
        spec = STRIP_PARAMS.get(self.control)
        return None if spec is None or spec.taper == "switch" else ("control", self.strip_id, self.control)

    def apply(self, session: Session) -> Session:
        spec = self._spec()
        value: float | bool = stored(spec, self.value)
        if spec.taper == "switch":
            value = bool(value)
        if self.strip_id == MASTER_ID:
            return msgspec.structs.replace(session, master=msgspec.structs.replace(session.master, **{spec.id: value}))
        return session.with_strip(msgspec.structs.replace(session.strip(self.strip_id), **{spec.id: value}))

    def label(self, session: Session) -> str:
        spec = self._spec()
        name = "master" if self.strip_id == MASTER_ID else session.strip(self.strip_id).name
        return f"{spec.label} {name} {shown(spec, stored(spec, self.value))}"

    def _spec(self) -> ParamSpec:
        spec = STRIP_PARAMS.get(self.control)
        if spec is None:
            raise SessionError(f'no control is called "{self.control}": there are {", ".join(STRIP_PARAMS)}')
        if self.strip_id == MASTER_ID and spec is SOLO:
            raise SessionError("the master has no solo")
        return spec


@dataclass(frozen=True, slots=True)
class ExclusiveSolo(Edit):
    """Solo one strip alone; where it is soloed alone already, nothing is soloed any more."""

    strip_id: str

    def apply(self, session: Session) -> Session:
        chosen = session.strip(self.strip_id)
        alone = chosen.solo and sum(strip.solo for strip in session.strips) == 1
        strips = tuple(
            strip if strip.solo is wanted else msgspec.structs.replace(strip, solo=wanted)
            for strip in session.strips
            for wanted in [strip is chosen and not alone]
        )
        return msgspec.structs.replace(session, strips=strips)

    def label(self, session: Session) -> str:
        return f"Exclusive solo {session.strip(self.strip_id).name}"


@dataclass(frozen=True, slots=True)
class SetMonitor(Edit):
    """Set the monitor volume in dB; the mix itself does not change."""

    value: float

    @property
    def merge_key(self) -> Hashable | None:
        return "monitor"

    def apply(self, session: Session) -> Session:
        return msgspec.structs.replace(session, monitor_db=stored(MONITOR, self.value))

    def label(self, session: Session) -> str:
        return f"{MONITOR.label} {shown(MONITOR, stored(MONITOR, self.value))}"


@dataclass(frozen=True, slots=True)
class SetLoop(Edit):
    """Set the transport's loop; an end of None is the end of the song."""

    enabled: bool
    start_s: float = 0.0
    end_s: float | None = None

    def apply(self, session: Session) -> Session:
        return msgspec.structs.replace(session, loop=LoopState(self.enabled, self.start_s, self.end_s))

    def label(self, session: Session) -> str:
        if not self.enabled:
            return "Loop off"
        end = "the end" if self.end_s is None else f"{self.end_s:.1f} s"
        return f"Loop {self.start_s:.1f} s to {end}"


@dataclass(frozen=True, slots=True)
class SetPanLaw(Edit):
    """Set the pan law of the mono strips."""

    law: PanLaw

    def apply(self, session: Session) -> Session:
        return msgspec.structs.replace(session, pan_law=self.law)

    def label(self, session: Session) -> str:
        return f"Pan law {self.law} dB"


@dataclass(frozen=True, slots=True)
class RenameStrip(Edit):
    """Give a strip another name; runs of spaces become one."""

    strip_id: str
    name: str

    def apply(self, session: Session) -> Session:
        strip = session.strip(self.strip_id)
        name = " ".join(self.name.split())
        if not name:
            raise SessionError(f'strip "{strip.name}": its name cannot be empty')
        return session.with_strip(msgspec.structs.replace(strip, name=name))

    def label(self, session: Session) -> str:
        return f'Rename "{session.strip(self.strip_id).name}" to "{" ".join(self.name.split())}"'


@dataclass(frozen=True, slots=True)
class RelinkStem(Edit):
    """Let a strip play another file (or pair of mono files); where it starts and which channel it takes stay.

    Paths are absolute. A pair that is relinked to one file takes both sides from it.
    """

    strip_id: str
    path: str
    right_path: str | None = None

    def apply(self, session: Session) -> Session:
        strip = session.strip(self.strip_id)
        channel = strip.source.channel if strip.source and self.right_path is None else None
        start_s = strip.source.start_s if strip.source else 0.0
        right_path = None if self.right_path is None else posixpath.normpath(self.right_path)
        source = SourceRef(posixpath.normpath(self.path), right_path, channel, start_s)
        return session.with_strip(msgspec.structs.replace(strip, source=source))

    def label(self, session: Session) -> str:
        return f"Relink {session.strip(self.strip_id).name}"


@dataclass(frozen=True, slots=True)
class Together(Edit):
    """Several edits as one step, in their order: all are done or none is."""

    title: str
    edits: tuple[Edit, ...]
    key: Hashable | None = None

    @property
    def merge_key(self) -> Hashable | None:
        return None if self.key is None else ("together", self.key)

    def apply(self, session: Session) -> Session:
        for edit in self.edits:
            session = edit.apply(session)
        return session

    def label(self, session: Session) -> str:
        return self.title


@dataclass(frozen=True, slots=True)
class ReplaceSession(Edit):
    """Put another session in the place of this one, such as one recovered after a crash; undo brings this one back."""

    replacement: Session
    title: str

    def apply(self, session: Session) -> Session:
        return self.replacement

    def label(self, session: Session) -> str:
        return self.title


def stored(spec: ParamSpec, value: float) -> float:
    """A control's value as a session keeps it: within its range, of `STORED_DECIMALS` digits, never -0.0."""
    if value != value:
        raise SessionError(f"{spec.id}=nan is not a number")
    # Rounded before it is clamped: the range's ends are short numbers, and a rounded value might lie outside them.
    return spec.clamp(round(value, STORED_DECIMALS) if abs(value) < float("inf") else value) + 0.0


def shown(spec: ParamSpec, value: float) -> str:
    """A control's value for people: `-6.0 dB`, `off`, `30 % left`, `on`."""
    if spec.taper == "switch":
        return "on" if value else "off"
    if value == OFF_DB:
        return "off"
    if spec is PAN:
        return "centre" if value == 0.0 else f"{abs(value):g} % {'left' if value < 0 else 'right'}"
    return f"{value:+.1f} {spec.unit}" if round(value, 1) else f"0.0 {spec.unit}"
