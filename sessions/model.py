"""The session: an immutable value that holds all that is mixed, and that cannot hold an invalid value.

Every struct checks itself when it is made (by hand, by `msgspec.structs.replace` or by decoding), so whoever holds a
session need not ask. Paths are absolute and POSIX in memory, wherever the session is saved; the file makes those below
it relative.
"""

from __future__ import annotations

import math
import posixpath
import unicodedata
from typing import Final, get_args

import msgspec

from engine.core.params import FADER, INVERT_LEFT, INVERT_RIGHT, MONITOR, MUTE, PAN, SOLO, STRIP_PARAMS, TRIM, ParamSpec
from engine.mix import MAX_STRIPS, SAMPLE_RATES_HZ, PanLaw

VERSION: Final = 1
"""Of the session's structure, as the file states it."""
MASTER_ID: Final = "master"
"""Stands for the master where a strip's id is asked for."""


MAX_TIME_S: Final = 1_000_000.0
"""Eleven days: what begins later is a slip, and would be no number of frames that a machine word holds."""
_LONGEST_LINE: Final = 1000


class SessionError(ValueError):
    """Something a user can put right; the text is one line for them, whatever the names and values in it."""

    def __init__(self, text: str) -> None:
        cut = len(text) - _LONGEST_LINE
        if cut > 0:
            text = f"{text[: _LONGEST_LINE // 2]}…{text[_LONGEST_LINE // 2 + cut :]}"
        super().__init__(shown(text))


class SessionValueError(SessionError):
    """A value that a session cannot hold: `where` names the place, `what` the value and its limit."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where = where
        self.what = what


def printable(text: str) -> bool:
    """Whether a text has no control characters, line ends or halves of characters in it."""
    return all(unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp") for character in text)


def shown(text: str) -> str:
    """A text as part of one line: what is not printable is escaped."""
    return "".join(character if printable(character) else ascii(character)[1:-1] for character in text)


def check_control(where: str, spec: ParamSpec, value: float) -> None:
    """Raise a `SessionValueError` if a parameter cannot have this value."""
    if spec.contains(value):
        return
    if math.isnan(value):
        raise SessionValueError(where, f"{spec.id}=nan is not a number")
    side, limit = ("above", spec.maximum) if value > spec.maximum else ("below", spec.minimum)
    off = " (or -inf, which is off)" if spec.off and side == "below" else ""
    raise SessionValueError(where, f"{spec.id}={value:g} is {side} {limit:g}{off}")


def _check_controls(where: str, controls: StripState | MasterState) -> None:
    for control, spec in STRIP_PARAMS.items():
        if spec.taper != "switch":
            check_control(where, spec, getattr(controls, control))


def _check_time(where: str, key: str, time_s: float) -> None:
    if not 0.0 <= time_s <= MAX_TIME_S:
        raise SessionValueError(where, f"{key}={time_s:g} is not a time from 0 to {MAX_TIME_S:.0f} s")


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
        _check_time(where, "start_s", self.start_s)

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


class LoopState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The loop of the transport; an end of None is the end of the song."""

    enabled: bool = False
    start_s: float = 0.0
    end_s: float | None = None

    def __post_init__(self) -> None:
        _check_time("loop", "start_s", self.start_s)
        if self.end_s is None:
            return
        _check_time("loop", "end_s", self.end_s)
        if self.end_s <= self.start_s:
            raise SessionValueError("loop", f"end_s={self.end_s:g} is not after start_s={self.start_s:g}")


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole mix: at most `MAX_STRIPS` strips with ids of their own. Soloing and muting are only stored here."""

    name: str
    strips: tuple[StripState, ...] = ()
    sample_rate_hz: int = 48000
    pan_law: PanLaw = "-3"
    monitor_db: float = MONITOR.default
    loop: LoopState = LoopState()
    master: MasterState = MasterState()
    version: int = VERSION

    def __post_init__(self) -> None:
        if self.version != VERSION:
            raise SessionValueError("session", f"version={self.version} is not {VERSION}")
        if not self.name.strip() or not printable(self.name):
            raise SessionValueError("session", "its name is empty or holds characters that cannot be shown")
        if self.sample_rate_hz not in SAMPLE_RATES_HZ:
            rates = ", ".join(map(str, SAMPLE_RATES_HZ))
            raise SessionValueError("session", f"sample_rate_hz={self.sample_rate_hz} is not one of {rates}")
        if self.pan_law not in get_args(PanLaw):
            raise SessionValueError("session", f'pan_law="{self.pan_law}" is not one of {", ".join(get_args(PanLaw))}')
        check_control("session", MONITOR, self.monitor_db)
        if len(self.strips) > MAX_STRIPS:
            raise SessionValueError("session", f"{len(self.strips)} strips are more than {MAX_STRIPS}")
        if len({strip.id for strip in self.strips}) < len(self.strips):
            seen: set[str] = set()
            for strip in self.strips:
                if strip.id in seen:
                    raise SessionValueError(f'strip "{strip.name}"', f'id="{strip.id}" is taken by another strip')
                seen.add(strip.id)

    def strip(self, strip_id: str) -> StripState:
        """The strip of that id; a `SessionError` if there is none."""
        for strip in self.strips:
            if strip.id == strip_id:
                return strip
        raise SessionError(f'no strip has the id "{strip_id}"')

    def with_strip(self, changed: StripState) -> Session:
        """The session with one strip (found by its id) replaced; the others stay the same objects."""
        self.strip(changed.id)
        strips = tuple(changed if strip.id == changed.id else strip for strip in self.strips)
        return msgspec.structs.replace(self, strips=strips)
