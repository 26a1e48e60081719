"""A session file with faults: all of it that is right, and a line for each thing that is not.

The reader itself (`sessions.document`) is strict. What it finds at fault is taken out of the document, or set to its
default, and the rest is read again, until it is a session. What does not fit together then (ids, routes, groups) is for
`sessions.fitting`. The file is not touched: whoever saves keeps it beside the new one (`sessions.file`).
"""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

from sessions.document import DocumentError, parsed, parts_of, session_of
from sessions.fitting import fitted
from sessions.model import Session, SourceRef
from sessions.tables import Key, UnknownKeyError

MOST_FAULTS: Final = 100
"""A file with more is taken for one that was not meant to be a session."""
_SOURCE_KEYS: Final = SourceRef.__struct_fields__
_SLOTS: Final = {"insert": "the slot stays empty", "send": "the send is left out"}
_WHAT_A_SLOT_NEEDS: Final = {"insert": "kind", "send": "to"}
_TWICE: Final = re.compile(r"Cannot declare \('\w+', '(?:insert|send)', '\w+'\) twice \(at line (\d+), ")


def salvaged(text: str, folder: str) -> tuple[Session, tuple[str, ...]]:
    """The session of a TOML text, relative paths taken from `folder` (absolute), and what was wrong and left out.

    Raises `DocumentError` where it is no session at all: no TOML, another version, or too many faults.
    """
    text, said = _without_repeated_slots(text)
    document = parsed(text)
    while True:
        try:
            parts, more = fitted(parts_of(document, folder))
            return session_of(parts), (*said, *more)
        except DocumentError as error:
            if not error.names:
                raise
            if len(said) == MOST_FAULTS:
                raise DocumentError(f"more than {MOST_FAULTS} faults, the first: {said[0]}") from None
            said.append(f"{error}: {_put_right(document, error)}")


def _put_right(document: dict[str, Any], error: DocumentError) -> str:
    """Takes what is at fault out of the document; says what that means."""
    keys, name = error.keys, error.names[0]
    if len(keys) > 1 and _WHAT_A_SLOT_NEEDS.get(str(keys[-2])) == name and not isinstance(error, UnknownKeyError):
        keys, name = keys[:-1], str(keys[-1])
    table = _table_at(document, keys)
    last = keys[-1] if keys else ""
    if isinstance(error, UnknownKeyError):
        del table[name]
        return "left out"
    if last in _SLOTS:
        del table[name]
        return _SLOTS[str(last)]
    if name == "name":
        table[name] = _plain_name(keys)
        return f'it is called "{table[name]}"'
    if name == "path":
        for key in _SOURCE_KEYS:
            table.pop(key, None)
        return "it opens without its stem, relink it"
    if name == "members" and isinstance(table[name], list):
        table[name] = list(dict.fromkeys(member for member in table[name] if isinstance(member, str)))
        return "the other members stay"
    if name not in table:
        raise error
    is_table = isinstance(table.pop(name), dict) or name in (
        "master",
        "loop",
        "monitor",
        "meters",
        "insert",
        "send",
        "params",
    )
    if name == "id":
        return "it gets another one"
    return "left out" if is_table else "its default is used"


def _plain_name(keys: tuple[Key, ...]) -> str:
    """The name of what has none that can be shown: by its place in the file."""
    if not keys:
        return "Session"
    head, number = keys
    return f"{str(head).replace('_', ' ').capitalize()} {int(number) + 1}"


def _table_at(document: dict[str, Any], keys: tuple[Key, ...]) -> dict[str, Any]:
    found: Any = document
    for key in keys:
        found = found[key]
    table: dict[str, Any] = found
    return table


def _without_repeated_slots(text: str) -> tuple[str, list[str]]:
    """The text without tables of slots that there is a table for already, which TOML does not allow."""
    said: list[str] = []
    while len(said) < MOST_FAULTS:
        try:
            tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            twice = _TWICE.match(str(error))
            if twice is None:
                break
            lines = text.split("\n")
            first = int(twice[1]) - 1
            said.append(f"line {first + 1}: {lines[first].strip()} is there twice: the second one is left out")
            lines[first] = ""
            for line in range(first + 1, len(lines)):
                if lines[line].lstrip().startswith("["):
                    break
                lines[line] = ""  # what follows keeps its number
            text = "\n".join(lines)
        except (RecursionError, ValueError):
            break
        else:
            break
    return text, said
