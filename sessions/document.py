"""The text of a session: TOML, one table per strip, slot and group, what is at its default left out.

Read here strictly: the first fault is an error. How a file with faults is opened is in `sessions.salvage`.

    version = 2
    name = "Song"
    sample_rate_hz = 48000

    [meters]
    vu_reference_dbfs = -20.0

    [master]
    fader_db = -3.0

    [[strip]]
    id = "s1"
    name = "Kick In"
    path = "Kick In.wav"
    trim_db = -3.5
    output = "b1"

    [strip.insert.2]
    kind = "utility"
    mix_percent = 80.0
    params.width_percent = 50.0

    [strip.send.a]
    to = "r1"
    level_db = -12.0

    [[bus]]
    id = "b1"
    name = "Drums"

    [[return]]
    id = "r1"
    name = "Room"

    [[mute_group]]
    id = "m1"
    name = "Drums"
    members = ["s1", "b1"]

Paths below the session's folder are relative to it, others absolute; both with forward slashes. An id may be left out
by who writes one by hand.

Version 1 knew strips, the master and the monitor volume (`monitor_db` in the head) only. It is still what is written
where that is all there is: earlier programs open such a session, and it stays the text it was. A session with more is
version 2, so that an earlier program says "update gainstage" and not that a key is unknown.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from engine.core.params import MONITOR
from sessions.insert_tables import inserts_of, slots_text
from sessions.model import LinkGroup, LoopState, MasterState, MeterState, MonitorState, MuteGroup, Session, StripState
from sessions.strip import KINDS, WORDS
from sessions.strip_tables import named_tables, strip_text, strips_of
from sessions.tables import (
    DocumentError,
    Place,
    changed,
    check_keys,
    struct_of,
    table_as,
    table_text,
    toml_fault,
    value_shown,
)
from sessions.values import ID_PREFIXES, check_control

__all__ = ["DocumentError", "parsed", "parts_of", "session_from_text", "session_of", "session_text"]

VERSION: Final = 2
"""The highest that is read."""
PLAIN_VERSION: Final = 1
"""Of sessions that have nothing which that version did not know."""

_HEAD_KEYS: Final = ("version", "name", "sample_rate_hz", "pan_law", MONITOR.id)
_MASTER_KEYS: Final = tuple(key for key in MasterState.__struct_fields__ if key != "inserts")
_GROUPS: Final[Mapping[str, type[MuteGroup | LinkGroup]]] = {"mute_group": MuteGroup, "link_group": LinkGroup}
_TABLES: Final = ("monitor", "meters", "loop", "master", *WORDS.values(), *_GROUPS)
_LATER_STRIP_KEYS: Final = ("kind", "solo_safe", "listen", "output", "intended_drive", "inserts", "sends")


def session_text(session: Session, folder: str | None) -> str:
    """The session as TOML. Paths below `folder` (absolute) become relative to it; None keeps all absolute."""
    plain = _is_plain(session)
    head: dict[str, Any] = {"version": PLAIN_VERSION if plain else VERSION}
    head |= changed(session, ("name", "sample_rate_hz", "pan_law"))
    tables = {"monitor": changed(session.monitor, MonitorState.__struct_fields__)}
    if plain and tables.pop("monitor"):
        head[MONITOR.id] = session.monitor.volume_db
    tables["meters"] = changed(session.meters, MeterState.__struct_fields__)
    tables["loop"] = changed(session.loop, LoopState.__struct_fields__)
    tables["master"] = changed(session.master, _MASTER_KEYS)
    parts = [table_text(head)]
    parts += [f"[{key}]\n{table_text(table)}" for key, table in tables.items() if table]
    parts += slots_text("master", session.master.inserts)
    parts += [strip_text(strip, folder) for strip in session.strips]
    for key, groups in (("mute_group", session.mute_groups), ("link_group", session.link_groups)):
        parts += [f"[[{key}]]\n{table_text(changed(group, group.__struct_fields__))}" for group in groups]
    return "\n".join(parts)


def session_from_text(text: str, folder: str) -> Session:
    """The session of a TOML text, relative paths taken from `folder` (absolute). Raises `DocumentError`."""
    return session_of(parts_of(parsed(text), folder))


def parsed(text: str) -> dict[str, Any]:
    """The tables of a TOML text of a version that this program reads. Raises `DocumentError`."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DocumentError(toml_fault(str(error), text)) from None
    except (RecursionError, ValueError) as error:  # tables nested without end, numbers of thousands of digits
        raise DocumentError(f"not the TOML of a session ({error})") from None
    _check_version(document)
    return document


def parts_of(document: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """The parts of a session, each right by itself. Raises `DocumentError` with the keys of what is not."""
    check_keys(Place(), document, (*_HEAD_KEYS, *_TABLES))
    head: dict[str, Any] = {key: document[key] for key in ("name", "sample_rate_hz", "pan_law") if key in document}
    head["monitor"] = _monitor(document)
    if "loop" in document:
        head["loop"] = table_as(Place("[loop]", ("loop",)), document["loop"], LoopState)
    if "meters" in document:
        head["meters"] = table_as(Place("[meters]", ("meters",)), document["meters"], MeterState)
    if "master" in document:
        head["master"] = _master(document["master"])
    strips: list[StripState] = []
    for kind in KINDS:
        strips += strips_of(kind, document.get(WORDS[kind], []), folder)
    head["strips"] = tuple(strips)
    for key, group in _GROUPS.items():
        tables = named_tables(key, ID_PREFIXES[group.what], document.get(key, []))
        head[f"{key}s"] = tuple(table_as(place, table, group) for place, table in tables)
    return head


def session_of(parts: dict[str, Any]) -> Session:
    """The session of its parts. Raises `DocumentError`."""
    return struct_of(Place(), Session, parts)


def _is_plain(session: Session) -> bool:
    """Whether the first version can hold all of it."""
    return (
        session.monitor == MonitorState(session.monitor.volume_db)
        and session.meters == MeterState()
        and not session.groups
        and not session.master.inserts
        and not session.master.intended_drive
        and not any(changed(strip, _LATER_STRIP_KEYS) for strip in session.strips)
    )


def _monitor(document: Mapping[str, Any]) -> MonitorState:
    place = Place("[monitor]", ("monitor",))
    monitor = table_as(place, document.get("monitor", {}), MonitorState)
    if MONITOR.id not in document:
        return monitor
    if "volume_db" in document.get("monitor", {}):
        raise place.unknown(f"volume_db is given twice, here and as {MONITOR.id}", "volume_db")
    volume = struct_of(Place(), _FirstMonitor, {MONITOR.id: document[MONITOR.id]})
    return msgspec.structs.replace(monitor, volume_db=volume.monitor_db)


class _FirstMonitor(msgspec.Struct, frozen=True):
    """The monitor section of version 1."""

    monitor_db: float

    def __post_init__(self) -> None:
        check_control("session", MONITOR, self.monitor_db)


def _master(table: Any) -> MasterState:
    place = Place("[master]", ("master",))
    if not isinstance(table, dict):
        raise place.is_no_table()
    check_keys(place, table, (*_MASTER_KEYS, "insert"))
    values = {key: value for key, value in table.items() if key != "insert"}
    values["inserts"] = inserts_of(place, "master", table.get("insert", {}))
    return struct_of(place, MasterState, values)


def _check_version(document: Mapping[str, Any]) -> None:
    version = document.get("version")
    if version is None:
        raise DocumentError("it has no version, so it is not a session of gainstage")
    if type(version) is not int or version < 1:
        raise DocumentError(f"version={value_shown(version)} should be a whole number from 1 to {VERSION}")
    if version > VERSION:
        newer = f"version {value_shown(version)} is newer than this program reads ({VERSION})"
        raise DocumentError(f"{newer}: update gainstage")
