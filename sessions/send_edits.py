"""Edits of sends; a send is named by its strip and its letter."""
# ruff: noqa: D102  what `apply`, `label` and `merge_key` do is said once, by Edit

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import msgspec

from engine.core.params import ParamSpec
from sessions.edits import Edit
from sessions.model import MASTER_ID, SendState, Session, SessionError, StripState
from sessions.send import SEND_CONTROLS, send_place
from sessions.slots import with_place
from sessions.stored import shown, spec_of, stored, stored_switch


@dataclass(frozen=True, slots=True)
class SetSend(Edit):
    """Let a send go to a bus or return (its id); one that is there keeps its values, else it is a new one."""

    strip_id: str
    letter: str
    to: str

    def apply(self, session: Session) -> Session:
        strip = _sender(session, self.strip_id)
        there = strip.send(self.letter)
        send = SendState(self.to) if there is None else msgspec.structs.replace(there, to=self.to)
        return _with_send(session, strip, self.letter, send)

    def label(self, session: Session) -> str:
        return f"Send {self.letter} of {_sender(session, self.strip_id).name} to {session.strip(self.to).name}"


@dataclass(frozen=True, slots=True)
class RemoveSend(Edit):
    """Take a send away; the others keep their letters."""

    strip_id: str
    letter: str

    def apply(self, session: Session) -> Session:
        strip = _sender(session, self.strip_id)
        _send(strip, self.letter)
        return _with_send(session, strip, self.letter, None)

    def label(self, session: Session) -> str:
        return f"Remove send {self.letter} of {_sender(session, self.strip_id).name}"


@dataclass(frozen=True, slots=True)
class SetSendControl(Edit):
    """Set one value (a key of `SEND_CONTROLS`) of a send; out of range it goes to the nearest valid one."""

    strip_id: str
    letter: str
    control: str
    value: float | bool

    @property
    def merge_key(self) -> Hashable | None:
        spec = SEND_CONTROLS.get(self.control)
        if spec is None or spec.taper == "switch":
            return None
        return ("send", self.strip_id, self.letter, self.control)

    def apply(self, session: Session) -> Session:
        spec = self._spec()
        strip = _sender(session, self.strip_id)
        send = msgspec.structs.replace(_send(strip, self.letter), **{spec.id: stored_switch(spec, self.value)})
        return _with_send(session, strip, self.letter, send)

    def label(self, session: Session) -> str:
        spec = self._spec()
        name = _sender(session, self.strip_id).name
        return f"{spec.label} of send {self.letter} of {name} {shown(spec, stored(spec, self.value))}"

    def _spec(self) -> ParamSpec:
        return spec_of(SEND_CONTROLS, self.control)


def _sender(session: Session, strip_id: str) -> StripState:
    if strip_id == MASTER_ID:
        raise SessionError("the master has no sends")
    return session.strip(strip_id)


def _send(strip: StripState, letter: str) -> SendState:
    send = strip.send(letter)
    if send is None:
        raise SessionError(f"{strip.place}: send {letter} goes nowhere yet, choose a bus or a return first")
    return send


def _with_send(session: Session, strip: StripState, letter: str, send: SendState | None) -> Session:
    sends = with_place(strip.sends, send_place(letter), send)
    return session.with_strip(msgspec.structs.replace(strip, sends=sends))
