"""What a strip is in a session: its source, its controls, what is in its slots and where it goes."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, get_args

import msgspec

from engine.core.params import FADER, INVERT_LEFT, INVERT_RIGHT, MUTE, PAN, SOLO, STRIP_PARAMS, TRIM
from engine.mix import INSERT_SLOTS, MASTER_ID, SEND_SLOTS, Listen
from sessions.insert import INTENDED_DRIVE, InsertState
from sessions.send import SendState, send_place
from sessions.slots import Slots, at_place, trimmed
from sessions.values import SessionValueError, check_control, check_name, check_time, printable

Kind = Literal["stem", "bus", "return"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""In the order in which the strips of a session lie."""

WORDS: Final[Mapping[str, str]] = MappingProxyType({"stem": "strip", "bus": "bus", "return": "return"})
"""What the kinds are called in messages and in the file."""
NOWHERE: Final = "none"
"""The output of strips that go nowhere, in the file and in messages."""


def _check_path(where: str, path: str) -> None:
    try:
        path.encode()
    except UnicodeEncodeError:
        raise SessionValueError(where, "the path is not UTF-8 text: rename the file", "path") from None
    if "\0" in path:
        raise SessionValueError(where, "the path has a null character in it", "path")
    if not path.startswith("/") or path.startswith("//") or path != posixpath.normpath(path):
        raise SessionValueError(where, "the path is not absolute and in its shortest form", "path")


class SourceRef(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file (or the pair of mono files) a strip plays.

    `path` and `right_path` are absolute. `right_path` joins a second mono file as the right side; `channel` (0-based)
    picks one channel of a file with several. `start_s` is where its first frame lies in the song.
    """

    path: str
    right_path: str | None = None
    channel: int | None = None
    start_s: float = 0.0

    def __post_init__(self) -> None:
        where = f'source "{self.path}"'
        for path in self.paths:
            _check_path(where, path)
        if self.channel is not None and self.channel < 0:
            raise SessionValueError(where, f"channel={self.channel} is below 0", "channel")
        if self.channel is not None and self.right_path is not None:
            raise SessionValueError(where, "a channel and a right_path exclude each other", "channel")
        check_time(where, "start_s", self.start_s)

    @property
    def paths(self) -> tuple[str, ...]:
        """The one or two files that are read."""
        return (self.path,) if self.right_path is None else (self.path, self.right_path)


class StripState(msgspec.Struct, frozen=True, forbid_unknown_fields=True, cache_hash=True):
    """One channel strip: identity (kept through edits), name, source and controls in the order of the signal path.

    A *stem* plays a source, a *bus* or a *return* is a sum of what goes there. `output` is the id of a bus or of the
    master, None is nowhere. Inserts are by slot from 0 and sends from a, empty ones are None. With `intended_drive`
    its level is meant to be as hot (or cold) as it is.
    """

    id: str
    name: str
    source: SourceRef | None = None
    kind: Kind = "stem"
    trim_db: float = TRIM.default
    fader_db: float = FADER.default
    pan_percent: float = PAN.default
    mute: bool = bool(MUTE.default)
    solo: bool = bool(SOLO.default)
    invert_left: bool = bool(INVERT_LEFT.default)
    invert_right: bool = bool(INVERT_RIGHT.default)
    solo_safe: bool = False
    listen: Listen = "off"
    output: str | None = MASTER_ID
    intended_drive: bool = bool(INTENDED_DRIVE.default)
    inserts: Slots[InsertState] = ()
    sends: Slots[SendState] = ()

    def __post_init__(self) -> None:
        where = self.place
        if self.kind not in KINDS:
            raise SessionValueError(where, f'kind="{self.kind}" is not one of {", ".join(KINDS)}')
        reserved = (MASTER_ID,) if self.kind == "stem" else (MASTER_ID, NOWHERE)
        if not self.id or self.id in reserved or not printable(self.id):
            raise SessionValueError(where, f'id="{self.id}" is not a name for a strip', "id")
        check_name(f'{WORDS[self.kind]} with id "{self.id}"', self.name)
        if self.source is not None and self.kind != "stem":
            raise SessionValueError(where, f"a {self.kind} plays no file")
        if self.listen not in get_args(Listen):
            raise SessionValueError(where, f'listen="{self.listen}" is not one of {", ".join(get_args(Listen))}')
        _check_controls(where, self)
        _check_slots(where, self)
        if len(self.sends) > SEND_SLOTS:
            raise SessionValueError(where, f"{len(self.sends)} sends are more than {SEND_SLOTS}")
        msgspec.structs.force_setattr(self, "sends", trimmed(self.sends))

    @property
    def place(self) -> str:
        """The strip in a message."""
        return f'{WORDS.get(self.kind, "strip")} "{self.name}"'

    def insert(self, slot: int) -> InsertState | None:
        """What is in an insert slot, counted from 1."""
        return at_place(self.inserts, slot - 1)

    def send(self, letter: str) -> SendState | None:
        """The send of a letter, None if it goes nowhere."""
        return at_place(self.sends, send_place(letter))


class MasterState(msgspec.Struct, frozen=True, forbid_unknown_fields=True, cache_hash=True):
    """The master: the controls and inserts of a strip, without solo. It goes nowhere but to the monitors."""

    trim_db: float = TRIM.default
    fader_db: float = FADER.default
    pan_percent: float = PAN.default
    mute: bool = bool(MUTE.default)
    invert_left: bool = bool(INVERT_LEFT.default)
    invert_right: bool = bool(INVERT_RIGHT.default)
    intended_drive: bool = bool(INTENDED_DRIVE.default)
    inserts: Slots[InsertState] = ()

    def __post_init__(self) -> None:
        _check_controls(MASTER_ID, self)
        _check_slots(MASTER_ID, self)

    @property
    def id(self) -> str:
        """The master's id."""
        return MASTER_ID

    @property
    def name(self) -> str:
        """The master in a label."""
        return MASTER_ID

    @property
    def place(self) -> str:
        """The master in a message."""
        return MASTER_ID

    def insert(self, slot: int) -> InsertState | None:
        """What is in an insert slot, counted from 1."""
        return at_place(self.inserts, slot - 1)


Channel = StripState | MasterState
"""A strip or the master."""


def _check_controls(where: str, controls: Channel) -> None:
    for control, spec in STRIP_PARAMS.items():
        if spec.taper != "switch":
            check_control(where, spec, getattr(controls, control))


def _check_slots(where: str, channel: Channel) -> None:
    if len(channel.inserts) > INSERT_SLOTS:
        raise SessionValueError(where, f"{len(channel.inserts)} inserts are more than {INSERT_SLOTS}")
    msgspec.structs.force_setattr(channel, "inserts", trimmed(channel.inserts))
