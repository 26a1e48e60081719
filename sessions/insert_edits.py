"""Edits of inserts, on strips and on the master (by `MASTER_ID`); slots are counted from 1."""
# ruff: noqa: D102  what `apply`, `label` and `merge_key` do is said once, by Edit

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import msgspec

from engine.core.params import ParamSpec
from engine.mix import INSERT_SLOTS
from sessions.edits import Edit
from sessions.insert import INSERT_CONTROLS, processor
from sessions.model import Channel, InsertState, Session, SessionError, SessionValueError
from sessions.slots import with_place
from sessions.stored import shown, spec_of, stored, stored_switch


@dataclass(frozen=True, slots=True)
class AddInsert(Edit):
    """Put a processor (its kind) with its default parameters into an empty slot, by default the first one."""

    strip_id: str
    kind: str
    slot: int | None = None

    def apply(self, session: Session) -> Session:
        channel = session.channel(self.strip_id)
        return _with_insert(session, channel, self._slot(channel), InsertState(self.kind))

    def label(self, session: Session) -> str:
        channel = session.channel(self.strip_id)
        return f"Add {processor(self.kind).label} to {channel.name}, slot {self._slot(channel)}"

    def _slot(self, channel: Channel) -> int:
        return _empty_slot(channel) if self.slot is None else _must_be_empty(channel, self.slot)


@dataclass(frozen=True, slots=True)
class RemoveInsert(Edit):
    """Empty a slot; the others keep their places."""

    strip_id: str
    slot: int

    def apply(self, session: Session) -> Session:
        channel = session.channel(self.strip_id)
        _insert(channel, self.slot)
        return _with_insert(session, channel, self.slot, None)

    def label(self, session: Session) -> str:
        channel = session.channel(self.strip_id)
        return f"Remove {_insert(channel, self.slot).label} from {channel.name}"


@dataclass(frozen=True, slots=True)
class ReplaceInsert(Edit):
    """Put another processor with its default parameters into a slot that holds one; it is not bypassed."""

    strip_id: str
    slot: int
    kind: str

    def apply(self, session: Session) -> Session:
        channel = session.channel(self.strip_id)
        _insert(channel, self.slot)
        return _with_insert(session, channel, self.slot, InsertState(self.kind))

    def label(self, session: Session) -> str:
        channel = session.channel(self.strip_id)
        return f"Replace {_insert(channel, self.slot).label} of {channel.name} by {processor(self.kind).label}"


@dataclass(frozen=True, slots=True)
class MoveInsert(Edit):
    """Move an insert to another slot of its strip; what is there comes to where it was."""

    strip_id: str
    slot: int
    to_slot: int

    def apply(self, session: Session) -> Session:
        channel = session.channel(self.strip_id)
        moved, there = _insert(channel, self.slot), channel.insert(_slot(channel, self.to_slot))
        inserts = with_place(with_place(channel.inserts, self.slot - 1, there), self.to_slot - 1, moved)
        return session.with_channels((msgspec.structs.replace(channel, inserts=inserts),))

    def label(self, session: Session) -> str:
        channel = session.channel(self.strip_id)
        return f"Move {_insert(channel, self.slot).label} of {channel.name} to slot {self.to_slot}"


@dataclass(frozen=True, slots=True)
class CopyInsert(Edit):
    """Copy an insert with all its values to an empty slot of another strip or the same, by default the first one."""

    strip_id: str
    slot: int
    to_strip_id: str
    to_slot: int | None = None

    def apply(self, session: Session) -> Session:
        copied = _insert(session.channel(self.strip_id), self.slot)
        target = session.channel(self.to_strip_id)
        slot = _empty_slot(target) if self.to_slot is None else _must_be_empty(target, self.to_slot)
        return _with_insert(session, target, slot, copied)

    def label(self, session: Session) -> str:
        channel, target = session.channel(self.strip_id), session.channel(self.to_strip_id)
        return f"Copy {_insert(channel, self.slot).label} from {channel.name} to {target.name}"


@dataclass(frozen=True, slots=True)
class SetInsertControl(Edit):
    """Set what every insert has (a key of `INSERT_CONTROLS`): bypass, mix or output trim."""

    strip_id: str
    slot: int
    control: str
    value: float | bool

    @property
    def merge_key(self) -> Hashable | None:
        spec = INSERT_CONTROLS.get(self.control)
        if spec is None or spec.taper == "switch":
            return None
        return ("insert control", self.strip_id, self.slot, self.control)

    def apply(self, session: Session) -> Session:
        spec = spec_of(INSERT_CONTROLS, self.control)
        channel = session.channel(self.strip_id)
        changed = {spec.id: stored_switch(spec, self.value)}
        return _with_insert(
            session, channel, self.slot, msgspec.structs.replace(_insert(channel, self.slot), **changed)
        )

    def label(self, session: Session) -> str:
        spec = spec_of(INSERT_CONTROLS, self.control)
        return _value_label(session, self.strip_id, self.slot, spec, stored(spec, self.value))


@dataclass(frozen=True, slots=True)
class SetInsertParam(Edit):
    """Set a parameter (by its id) of the processor in a slot; out of range it goes to the nearest valid value.

    A choice may be given by its name or its place.
    """

    strip_id: str
    slot: int
    param_id: str
    value: float | bool | str

    @property
    def merge_key(self) -> Hashable | None:
        """What kind of parameter it is, only the session knows: `False` and `True` are presses of a switch."""
        if isinstance(self.value, bool):
            return None
        return ("insert parameter", self.strip_id, self.slot, self.param_id)

    def apply(self, session: Session) -> Session:
        channel = session.channel(self.strip_id)
        insert = _insert(channel, self.slot)
        value = self._value(channel, insert.spec(self.param_id))
        return _with_insert(session, channel, self.slot, insert.with_value(self.param_id, value))

    def label(self, session: Session) -> str:
        channel = session.channel(self.strip_id)
        spec = _insert(channel, self.slot).spec(self.param_id)
        return _value_label(session, self.strip_id, self.slot, spec, self._value(channel, spec))

    def _value(self, channel: Channel, spec: ParamSpec) -> float:
        if not isinstance(self.value, str):
            return stored(spec, self.value)
        if self.value not in spec.choices:
            what = f'{spec.id}="{self.value}" is not one of {", ".join(spec.choices) or "its values"}'
            raise SessionValueError(f"{channel.place}, insert {self.slot}", what)
        return float(spec.choices.index(self.value))


def _slot(channel: Channel, slot: int) -> int:
    if not 1 <= slot <= INSERT_SLOTS:
        raise SessionError(f"{channel.place}: there is no insert slot {slot}, only 1 to {INSERT_SLOTS}")
    return slot


def _insert(channel: Channel, slot: int) -> InsertState:
    insert = channel.insert(_slot(channel, slot))
    if insert is None:
        raise SessionError(f"{channel.place}: insert slot {slot} is empty")
    return insert


def _must_be_empty(channel: Channel, slot: int) -> int:
    there = channel.insert(_slot(channel, slot))
    if there is not None:
        raise SessionError(f"{channel.place}: insert slot {slot} holds {there.label}, replace or remove it first")
    return slot


def _empty_slot(channel: Channel) -> int:
    for slot in range(1, INSERT_SLOTS + 1):
        if channel.insert(slot) is None:
            return slot
    raise SessionError(f"{channel.place}: all {INSERT_SLOTS} insert slots are taken, remove an insert first")


def _with_insert(session: Session, channel: Channel, slot: int, insert: InsertState | None) -> Session:
    inserts = with_place(channel.inserts, slot - 1, insert)
    return session.with_channels((msgspec.structs.replace(channel, inserts=inserts),))


def _value_label(session: Session, strip_id: str, slot: int, spec: ParamSpec, value: float) -> str:
    channel = session.channel(strip_id)
    return f"{_insert(channel, slot).label} {spec.label} {channel.name} {shown(spec, value)}"
