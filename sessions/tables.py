"""Tables of a session file as structs and back, and clear words for what is wrong in them."""

from __future__ import annotations

import functools
import re
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
import tomli_w

from sessions.values import SessionError, SessionValueError, nearest_hint

_S = TypeVar("_S", bound=msgspec.Struct)

_ALWAYS_WRITTEN: Final = frozenset(("version", "name", "sample_rate_hz", "id"))
_LONGEST_SHOWN: Final = 40


Key = str | int
"""What leads on in a document: the key of a table, the place in a list."""


class DocumentError(SessionError):
    """A text that is no session of this program; one line with the place in it.

    `keys` lead to the table that is at fault and `names` are the keys of it that are; without any it is all of it.
    """

    def __init__(self, text: str, keys: tuple[Key, ...] = (), names: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.keys = keys
        self.names = names


class UnknownKeyError(DocumentError):
    """A key that means nothing where it stands."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a document: in words for people, and by the keys that lead there."""

    words: str = ""
    keys: tuple[Key, ...] = ()

    def inner(self, words: str, *keys: Key) -> Place:
        """A place in this one."""
        return Place(f"{self.words}: {words}" if self.words else words, (*self.keys, *keys))

    def fault(self, what: str, *names: str) -> DocumentError:
        """What is wrong here, and the keys of the table that are to be left out to have it right."""
        return DocumentError(f"{self.words}: {what}" if self.words else what, self.keys, names)

    def unknown(self, what: str, name: str) -> UnknownKeyError:
        """That a key here means nothing."""
        return UnknownKeyError(f"{self.words}: {what}" if self.words else what, self.keys, (name,))

    def is_no_table(self) -> DocumentError:
        """That here is something else than a table."""
        *above, last = self.keys
        return DocumentError(f"{self.words} should be a table", tuple(above), (str(last),))


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


def table_as(place: Place, table: Any, kind: type[_S]) -> _S:
    """A table of the document as a struct."""
    if not isinstance(table, dict):
        raise place.is_no_table()
    check_keys(place, table, kind.__struct_fields__)
    return struct_of(place, kind, table)


def check_keys(place: Place, table: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raise a `DocumentError` that names the nearest known key for one that is not."""
    known = tuple(known)
    for key in table:
        if key not in known:
            raise place.unknown(f"unknown key {value_shown(key)}, {nearest_hint(key, known)}", key)


def struct_of(place: Place, kind: type[_S], values: dict[str, Any]) -> _S:
    """The struct of these values. Raises `DocumentError`."""
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        cause = error.__cause__
        if isinstance(cause, SessionValueError):
            # The struct names itself; the file knows better where it stands, but only the session knows the strip.
            where = cause.where if not place.words and cause.where != "session" else place.words
            raise Place(where, place.keys).fault(cause.what, *filter(None, (cause.key,))) from None
        raise place.fault(*_type_fault(kind, values, str(error))) from None


def _type_fault(kind: type[msgspec.Struct], values: Mapping[str, Any], message: str) -> tuple[str, ...]:
    """What is wrong with the first value that msgspec found at fault, in the words of the file, and its key."""
    missing = re.search(r"missing required field `(\w+)`", message)
    if missing:
        return f'the key "{missing[1]}" is missing', missing[1]
    key = re.search(r"at `\$\.(\w+)", message)
    if key is None or key[1] not in values:
        return (message,)
    return f"{key[1]}={value_shown(values[key[1]])} should be {_expected(get_type_hints(kind)[key[1]])}", key[1]


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
