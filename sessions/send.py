"""A send: a part of a strip that also goes to a bus or a return."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from engine.core.params import PAN, ParamSpec, switch
from engine.mix import MASTER_ID, SEND_SLOTS
from sessions.insert import INTENDED_DRIVE
from sessions.values import SessionValueError, check_control

SEND_LETTERS: Final = "abcdefgh"[:SEND_SLOTS]
"""What the sends of a strip are called, in their order."""

SEND_LEVEL: Final = ParamSpec("level_db", "Level", "dB", -90.0, 6.0, 0.0, 0.5, 0.1, 6.0, taper="fader", off=True)
SEND_MUTE: Final = switch("mute", "Mute")
BEFORE_FADER: Final = switch("before_fader", "Before the fader")

SEND_CONTROLS: Final[Mapping[str, ParamSpec]] = MappingProxyType(
    {spec.id: spec for spec in (SEND_LEVEL, PAN, SEND_MUTE, BEFORE_FADER, INTENDED_DRIVE)}
)


class SendState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A send to a bus or return (`to` is its id), taken after the fader or before it."""

    to: str
    level_db: float = SEND_LEVEL.default
    pan_percent: float = PAN.default
    mute: bool = bool(SEND_MUTE.default)
    before_fader: bool = bool(BEFORE_FADER.default)
    intended_drive: bool = bool(INTENDED_DRIVE.default)

    def __post_init__(self) -> None:
        where = f'send to "{self.to}"'
        if self.to == MASTER_ID:
            what = "a send goes to a bus or a return, what goes to the master is the output"
            raise SessionValueError(where, what, "to")
        check_control(where, SEND_LEVEL, self.level_db)
        check_control(where, PAN, self.pan_percent)


def send_place(letter: str) -> int:
    """The place of a send among those of its strip."""
    if len(letter) != 1 or letter not in SEND_LETTERS:
        raise SessionValueError("send", f'"{letter}" is no send: there are {", ".join(SEND_LETTERS)}')
    return SEND_LETTERS.index(letter)
