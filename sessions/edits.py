"""Edits: each is a small immutable value that makes the next session from this one."""
# ruff: noqa: D102  what `apply`, `label` and `merge_key` do is said once, by Edit

from __future__ import annotations

import math
import posixpath
from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass

import msgspec

from engine.core.params import MONITOR, SOLO, STRIP_PARAMS, ParamSpec
from engine.mix import PanLaw
from engine.notice import Notice
from sessions.linking import LINKED_CONTROLS, linked_with, moved
from sessions.model import MASTER_ID, LoopState, Session, SessionError, SourceRef
from sessions.monitor import MONITOR_CONTROLS, VOLUME
from sessions.stored import shown, spec_of, stored, stored_switch


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

    def notices(self, session: Session) -> tuple[Notice, ...]:
        """What the user has to be told that its label does not say; `session` is the one it is applied to."""
        return ()


@dataclass(frozen=True, slots=True)
class SetControl(Edit):
    """Set one control (a key of `STRIP_PARAMS`) of a strip or, by `MASTER_ID`, of the master, to an absolute value.

    A value out of range goes to the nearest valid one. The trim and the fader of a linked strip take the others of its
    group with them by the same dB, unless `alone` (where the value of each strip is computed). The move ends where
    the first of them has reached an end of its range. A fader that is shut (or opened again) is so by itself, for there
    is no dB between it and the others.
    """

    strip_id: str
    control: str
    value: float | bool
    alone: bool = False

    @property
    def merge_key(self) -> Hashable | None:
        """A switch is pressed, not swept: each press is a step."""
        spec = STRIP_PARAMS.get(self.control)
        return None if spec is None or spec.taper == "switch" else ("control", self.strip_id, self.control)

    def apply(self, session: Session) -> Session:
        spec = self._spec()
        channel = session.channel(self.strip_id)
        value = stored_switch(spec, self.value)
        if spec.id in LINKED_CONTROLS and not self.alone:
            linked, now = linked_with(session, (self.strip_id,)), getattr(channel, spec.id)
            if len(linked) > 1 and math.isfinite(self.value) and math.isfinite(now):
                # Below the fader's range is off for one strip; for several it is as low as they go together.
                return moved(session, linked, spec, max(value, spec.minimum) - now)
        return session.with_channels((msgspec.structs.replace(channel, **{spec.id: value}),))

    def label(self, session: Session) -> str:
        spec = self._spec()
        after = self.apply(session).channel(self.strip_id)
        return f"{spec.label} {after.name} {shown(spec, getattr(after, spec.id))}"

    def _spec(self) -> ParamSpec:
        spec = spec_of(STRIP_PARAMS, self.control)
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
    """Set a value of the monitor section (a key of `MONITOR_CONTROLS`), the volume if none is named.

    The mix itself does not change.
    """

    value: float | bool
    control: str = VOLUME.id

    @property
    def merge_key(self) -> Hashable | None:
        spec = MONITOR_CONTROLS.get(self.control)
        return None if spec is None or spec.taper == "switch" else ("monitor", self.control)

    def apply(self, session: Session) -> Session:
        spec = spec_of(MONITOR_CONTROLS, self.control)
        monitor = msgspec.structs.replace(session.monitor, **{spec.id: stored_switch(spec, self.value)})
        return msgspec.structs.replace(session, monitor=monitor)

    def label(self, session: Session) -> str:
        spec = spec_of(MONITOR_CONTROLS, self.control)
        name = MONITOR.label if spec is VOLUME else f"{MONITOR.label} {spec.label.lower()}"
        return f"{name} {shown(spec, stored(spec, self.value))}"


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

    def notices(self, session: Session) -> tuple[Notice, ...]:
        found: list[Notice] = []
        for edit in self.edits:
            found += edit.notices(session)
            session = edit.apply(session)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class ReplaceSession(Edit):
    """Put another session in the place of this one, such as one recovered after a crash; undo brings this one back."""

    replacement: Session
    title: str

    def apply(self, session: Session) -> Session:
        return self.replacement

    def label(self, session: Session) -> str:
        return self.title
