"""Tables of a session file as structs and back, and clear words for what is wrong in them."""

from __future__ import annotations

import functools
import re
import types
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
import tomli_w

from sessions.values import SessionError, SessionValueError, nearest_hint

_S = TypeVar("_S", bound=msgspec.Struct)

_ALWAYS_WRITTEN: Final = frozenset(("version", "name", "sample_rate_hz", "id"))
_LONGEST_SHOWN: Final = 40


class DocumentError(SessionError):
    """A text that is no session of this program; one line with the place in it."""


def changed(struct: msgspec.Struct, keys: Iterable[str]) -> dict[str, Any]:
    """The fields to write: those that differ from their defaults and those without one."""
    defaults = _defaults(type(struct))
    values = {key: getattr(struct, key) for key in keys}
    return {key: value for key, value in values.items() if key in _ALWAYS_WRITTEN or value != defaults[key]}


@functools.cache
def _defaults(kind: type[msgspec.Struct]) -> Mapping[str, Any]:
    return {field.name: field.default for field in msgspec.structs.fields(kind)}


def table_text(table: Mapping[str, Any]) -> str:
    """A table of plain values as TOML, a line for each."""
    return tomli_w.dumps(table)


def table_as(place: str, table: Any, kind: type[_S]) -> _S:
    """A table of the document as a struct. `place` names it in faults."""
    if not isinstance(table, dict):
        raise DocumentError(f"{place} should be a table")
    check_keys(place, table, kind.__struct_fields__)
    return struct_of(place, kind, table)


def check_keys(place: str, table: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raise a `DocumentError` that names the nearest known key for one that is not."""
    known = tuple(known)
    for key in table:
        if key not in known:
            raise DocumentError(at(place, f"unknown key {value_shown(key)}, {nearest_hint(key, known)}"))


def struct_of(place: str, kind: type[_S], values: dict[str, Any]) -> _S:
    """The struct of these values; an empty `place` stands for the whole document. Raises `DocumentError`."""
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        cause = error.__cause__
        if isinstance(cause, SessionValueError):
            # The struct names itself; the file knows better where it stands, but only the session knows the strip.
            where = cause.where if not place and cause.where != "session" else place
            raise DocumentError(at(where, cause.what)) from None
        raise DocumentError(at(place, _type_fault(kind, values, str(error)))) from None


def _type_fault(kind: type[msgspec.Struct], values: Mapping[str, Any], message: str) -> str:
    """What is wrong with the first value that msgspec found at fault, in the words of the file."""
    missing = re.search(r"missing required field `(\w+)`", message)
    if missing:
        return f'the key "{missing[1]}" is missing'
    key = re.search(r"at `\$\.(\w+)", message)
    if key is None or key[1] not in values:
        return message
    return f"{key[1]}={value_shown(values[key[1]])} should be {_expected(get_type_hints(kind)[key[1]])}"


def _expected(hint: Any) -> str:
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(choice for choice in get_args(hint) if choice is not type(None))
    if get_origin(hint) is Literal:
        return "one of " + ", ".join(f'"{choice}"' for choice in get_args(hint))
    if get_origin(hint) is tuple:
        return "a list of texts in quotes"
    return {float: "a number", int: "a whole number", bool: "true or false", str: "text in quotes"}.get(hint, "a table")


def value_shown(value: Any) -> str:
    """A value as the file has it, cut where it is long."""
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


def toml_fault(message: str, text: str) -> str:
    """`Expected '=' (at line 3, column 5)` as `line 3, column 5: expected '='`."""
    match = re.fullmatch(r"(.*) \(at (.*)\)", message, re.DOTALL)
    fault, where = (match[1], match[2]) if match else (message, "end of document")
    if where == "end of document":
        where = f"line {len(text.splitlines())}, at the end"
    return f"{where}: {fault[:1].lower()}{fault[1:]}"


def at(place: str, fault: str) -> str:
    """A fault with its place before it."""
    return f"{place}: {fault}" if place else fault
