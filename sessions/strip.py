"""What a strip is in a session: its source, its controls, what is in its slots and where it goes."""

from __future__ import annotations

import posixpath
from typing import Final

import msgspec

from engine.core.params import FADER, INVERT_LEFT, INVERT_RIGHT, MUTE, PAN, SOLO, STRIP_PARAMS, TRIM
from sessions.values import SessionValueError, check_control, check_time, printable

MASTER_ID: Final = "master"
"""Stands for the master where a strip's id is asked for."""


def _check_path(where: str, path: str) -> None:
    try:
        path.encode()
    except UnicodeEncodeError:
        raise SessionValueError(where, "the path is not UTF-8 text: rename the file") from None
    if "\0" in path:
        raise SessionValueError(where, "the path has a null character in it")
    if not path.startswith("/") or path.startswith("//") or path != posixpath.normpath(path):
        raise SessionValueError(where, "the path is not absolute and in its shortest form")


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
            raise SessionValueError(where, f"channel={self.channel} is below 0")
        if self.channel is not None and self.right_path is not None:
            raise SessionValueError(where, "a channel and a right_path exclude each other")
        check_time(where, "start_s", self.start_s)

    @property
    def paths(self) -> tuple[str, ...]:
        """The one or two files that are read."""
        return (self.path,) if self.right_path is None else (self.path, self.right_path)


class StripState(msgspec.Struct, frozen=True, forbid_unknown_fields=True, cache_hash=True):
    """One channel strip: identity (kept through edits), name, source and controls in the order of the signal path."""

    id: str
    name: str
    source: SourceRef | None = None
    trim_db: float = TRIM.default
    fader_db: float = FADER.default
    pan_percent: float = PAN.default
    mute: bool = bool(MUTE.default)
    solo: bool = bool(SOLO.default)
    invert_left: bool = bool(INVERT_LEFT.default)
    invert_right: bool = bool(INVERT_RIGHT.default)

    def __post_init__(self) -> None:
        where = f'strip "{self.name}"'
        if not self.id or self.id == MASTER_ID or not printable(self.id):
            raise SessionValueError(where, f'id="{self.id}" is not a name for a strip')
        if not self.name.strip() or not printable(self.name):
            raise SessionValueError(
                f'strip with id "{self.id}"', "its name is empty or holds characters that cannot be shown"
            )
        _check_controls(where, self)


class MasterState(msgspec.Struct, frozen=True, forbid_unknown_fields=True, cache_hash=True):
    """The master: the controls of a strip, without solo."""

    trim_db: float = TRIM.default
    fader_db: float = FADER.default
    pan_percent: float = PAN.default
    mute: bool = bool(MUTE.default)
    invert_left: bool = bool(INVERT_LEFT.default)
    invert_right: bool = bool(INVERT_RIGHT.default)

    def __post_init__(self) -> None:
        _check_controls(MASTER_ID, self)


def _check_controls(where: str, controls: StripState | MasterState) -> None:
    for control, spec in STRIP_PARAMS.items():
        if spec.taper != "switch":
            check_control(where, spec, getattr(controls, control))
