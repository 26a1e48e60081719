"""Edits that say that a level is meant to be what it is: its flag becomes a note."""
# ruff: noqa: D102  what `apply` and `label` do is said once, by Edit

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from sessions.edits import Edit
from sessions.flags import Point
from sessions.insert import INTENDED_DRIVE
from sessions.insert_edits import SetInsertControl
from sessions.model import Session
from sessions.send import SEND_LETTERS
from sessions.send_edits import SetSendControl


@dataclass(frozen=True, slots=True)
class SetIntendedDrive(Edit):
    """Say that the input of a strip or the master is meant to be as hot or cold as it is, or no longer."""

    strip_id: str
    on: bool

    def apply(self, session: Session) -> Session:
        channel = session.channel(self.strip_id)
        return session.with_channels((msgspec.structs.replace(channel, intended_drive=bool(self.on)),))

    def label(self, session: Session) -> str:
        return f"{INTENDED_DRIVE.label} {session.channel(self.strip_id).name} {'on' if self.on else 'off'}"


def intend(point: Point, on: bool) -> Edit:
    """The edit that says so, or no longer, of a point that is judged."""
    if point.where == "insert":
        return SetInsertControl(point.strip_id, point.place, INTENDED_DRIVE.id, on)
    if point.where == "send":
        return SetSendControl(point.strip_id, SEND_LETTERS[point.place], INTENDED_DRIVE.id, on)
    return SetIntendedDrive(point.strip_id, on)
