"""Groups of strips: they change what edits do, and are no part of the sound.

A *mute group* has a switch that mutes its members and unmutes them; a strip may be in several. The faders and trims of
*linked* strips move together, by the same dB; a strip is in one linked group at most.
"""

from __future__ import annotations

from typing import ClassVar, Final

import msgspec

from sessions.values import SessionValueError, check_name, printable

MAX_MUTE_GROUPS: Final = 8


class StripGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What both kinds are: an identity, a name and the ids of the strips in it."""

    what: ClassVar[str] = "group"

    id: str
    name: str
    members: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.id or not printable(self.id):
            raise SessionValueError(self.place, f'id="{self.id}" is not a name for a group', "id")
        check_name(f'{self.what} with id "{self.id}"', self.name)
        for place, member in enumerate(self.members):
            if member in self.members[:place]:
                raise SessionValueError(self.place, f'"{member}" is in it twice', "members")

    @property
    def place(self) -> str:
        """The group in a message."""
        return f'{self.what} "{self.name}"'


class MuteGroup(StripGroup, frozen=True, forbid_unknown_fields=True):
    """Strips that are muted and unmuted by one switch; `on` is that switch. Each can still be switched by itself."""

    what: ClassVar[str] = "mute group"

    on: bool = False


class LinkGroup(StripGroup, frozen=True, forbid_unknown_fields=True):
    """Strips whose faders and trims move together."""

    what: ClassVar[str] = "linked group"
