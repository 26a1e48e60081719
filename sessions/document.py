"""The text of a session: TOML, one table per strip, what is at its default left out.

    version = 1
    name = "Song"
    sample_rate_hz = 48000

    [master]
    fader_db = -3.0

    [[strip]]
    id = "s1"
    name = "Kick In"
    path = "Kick In.wav"
    trim_db = -3.5

Paths below the session's folder are relative to it, others absolute; both with forward slashes. A strip's id may be
left out by who writes one by hand.
"""

from __future__ import annotations

import difflib
import functools
import posixpath
import re
import tomllib
import types
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
import tomli_w

from engine.mix import MAX_STRIPS
from sessions.model import (
    VERSION,
    LoopState,
    MasterState,
    Session,
    SessionError,
    SessionValueError,
    SourceRef,
    StripState,
)

_S = TypeVar("_S", bound=msgspec.Struct)

_SOURCE_KEYS: Final = SourceRef.__struct_fields__
_STRIP_KEYS: Final = ("id", "name", *_SOURCE_KEYS, *(key for key in StripState.__struct_fields__[3:]))
_HEAD_KEYS: Final = ("version", "name", "sample_rate_hz", "pan_law", "monitor_db")
_TABLES: Final = ("loop", "master", "strip")
_ALWAYS_WRITTEN: Final = frozenset(("version", "name", "sample_rate_hz", "id"))
_LONGEST_SHOWN: Final = 40


class DocumentError(SessionError):
    """A text that is no session of this program; one line with the place in it."""


def session_text(session: Session, folder: str | None) -> str:
    """The session as TOML. Paths below `folder` (absolute) become relative to it; None keeps all absolute."""
    parts = [_table_text(_changed(session, _HEAD_KEYS))]
    for key, controls in (("loop", session.loop), ("master", session.master)):
        if table := _changed(controls, controls.__struct_fields__):
            parts.append(f"[{key}]\n{_table_text(table)}")
    parts += [_strip_text(strip, folder) for strip in session.strips]
    return "\n".join(parts)


def session_from_text(text: str, folder: str) -> Session:
    """The session of a TOML text, relative paths taken from `folder` (absolute). Raises `DocumentError`."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DocumentError(_toml_fault(str(error), text)) from None
    except (RecursionError, ValueError) as error:  # tables nested without end, numbers of thousands of digits
        raise DocumentError(f"not the TOML of a session ({error})") from None
    _check_version(document)
    _check_keys("", document, (*_HEAD_KEYS, *_TABLES))
    head: dict[str, Any] = {key: document[key] for key in _HEAD_KEYS if key in document}
    for key, kind in (("loop", LoopState), ("master", MasterState)):
        if key in document:
            head[key] = _table(f"[{key}]", document[key], kind)
    head["strips"] = _strips(document.get("strip", []), folder)
    return _struct("", Session, head)


@functools.lru_cache(maxsize=4 * MAX_STRIPS)
def _strip_text(strip: StripState, folder: str | None) -> str:
    # Kept, for the autosave writes the whole session whenever one strip has changed.
    table = _changed(strip, ("id", "name"))
    if strip.source is not None:
        source = _changed(strip.source, _SOURCE_KEYS)
        paths = {key: _written_path(source[key], folder) for key in ("path", "right_path") if key in source}
        table |= source | paths
    table |= _changed(strip, StripState.__struct_fields__[3:])
    return f"[[strip]]\n{_table_text(table)}"


def _changed(struct: msgspec.Struct, keys: Iterable[str]) -> dict[str, Any]:
    """The fields to write: those that differ from their defaults and those without one."""
    defaults = _defaults(type(struct))
    values = {key: getattr(struct, key) for key in keys}
    return {key: value for key, value in values.items() if key in _ALWAYS_WRITTEN or value != defaults[key]}


@functools.cache
def _defaults(kind: type[msgspec.Struct]) -> Mapping[str, Any]:
    return {field.name: field.default for field in msgspec.structs.fields(kind)}


def _table_text(table: Mapping[str, Any]) -> str:
    return tomli_w.dumps(table)


def _written_path(path: str, folder: str | None) -> str:
    if folder is not None and PurePosixPath(path).is_relative_to(folder):
        return PurePosixPath(path).relative_to(folder).as_posix()
    return path


def _check_version(document: Mapping[str, Any]) -> None:
    version = document.get("version")
    if version is None:
        raise DocumentError("it has no version, so it is not a session of gainstage")
    if type(version) is not int or version < 1:
        raise DocumentError(f"version={_value_shown(version)} should be a whole number from 1 to {VERSION}")
    if version > VERSION:
        newer = f"version {_value_shown(version)} is newer than this program reads ({VERSION})"
        raise DocumentError(f"{newer}: update gainstage")


def _strips(tables: Any, folder: str) -> tuple[StripState, ...]:
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise DocumentError("strip should be tables, each headed [[strip]]")
    taken = {table["id"] for table in tables if isinstance(table.get("id"), str)}
    free = (identity for n in range(1, 2 * len(tables) + 1) if (identity := f"s{n}") not in taken)
    strips = []
    for number, table in enumerate(tables, start=1):
        name = table.get("name")
        place = f"strip {number}" + (f" {_value_shown(name)}" if isinstance(name, str) else "")
        _check_keys(place, table, _STRIP_KEYS)
        values = {key: value for key, value in table.items() if key not in _SOURCE_KEYS}
        if "id" not in values:
            values["id"] = next(free)
        source = {key: value for key, value in table.items() if key in _SOURCE_KEYS}
        if source:
            for key in ("path", "right_path"):
                if isinstance(path := source.get(key), str):
                    source[key] = posixpath.normpath(posixpath.join(folder, path))
            values["source"] = _struct(place, SourceRef, source)
        strips.append(_struct(place, StripState, values))
    return tuple(strips)


def _table(place: str, table: Any, kind: type[_S]) -> _S:
    if not isinstance(table, dict):
        raise DocumentError(f"{place} should be a table")
    _check_keys(place, table, kind.__struct_fields__)
    return _struct(place, kind, table)


def _check_keys(place: str, table: Mapping[str, Any], known: Iterable[str]) -> None:
    known = tuple(known)
    for key in table:
        if key not in known:
            nearest = difflib.get_close_matches(key[:_LONGEST_SHOWN], known, n=1, cutoff=0.5)
            hint = f'did you mean "{nearest[0]}"?' if nearest else f"known here are {', '.join(known)}"
            raise DocumentError(_at(place, f"unknown key {_value_shown(key)}, {hint}"))


def _struct(place: str, kind: type[_S], values: dict[str, Any]) -> _S:
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        cause = error.__cause__
        if isinstance(cause, SessionValueError):
            # The struct names itself; the file knows better where it stands, but only the session knows the strip.
            where = cause.where if kind is Session and cause.where != "session" else place
            raise DocumentError(_at(where, cause.what)) from None
        raise DocumentError(_at(place, _type_fault(kind, values, str(error)))) from None


def _type_fault(kind: type[msgspec.Struct], values: Mapping[str, Any], message: str) -> str:
    """What is wrong with the first value that msgspec found at fault, in the words of the file."""
    missing = re.search(r"missing required field `(\w+)`", message)
    if missing:
        return f'the key "{missing[1]}" is missing'
    key = re.search(r"at `\$\.(\w+)", message)
    if key is None or key[1] not in values:
        return message
    return f"{key[1]}={_value_shown(values[key[1]])} should be {_expected(get_type_hints(kind)[key[1]])}"


def _expected(hint: Any) -> str:
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(choice for choice in get_args(hint) if choice is not type(None))
    if get_origin(hint) is Literal:
        return "one of " + ", ".join(f'"{choice}"' for choice in get_args(hint))
    return {float: "a number", int: "a whole number", bool: "true or false", str: "text in quotes"}.get(hint, "a table")


def _value_shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{_cut(value)}"'
    try:
        return _cut(str(value))
    except (RecursionError, ValueError):  # tables nested without end, numbers of thousands of digits
        return "…"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def _toml_fault(message: str, text: str) -> str:
    """`Expected '=' (at line 3, column 5)` as `line 3, column 5: expected '='`."""
    match = re.fullmatch(r"(.*) \(at (.*)\)", message, re.DOTALL)
    fault, where = (match[1], match[2]) if match else (message, "end of document")
    if where == "end of document":
        where = f"line {len(text.splitlines())}, at the end"
    return f"{where}: {fault[:1].lower()}{fault[1:]}"


def _at(place: str, fault: str) -> str:
    return f"{place}: {fault}" if place else fault
