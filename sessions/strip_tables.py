"""Strips, buses and returns as tables of a session file, and back."""

from __future__ import annotations

import functools
import posixpath
from pathlib import PurePosixPath
from typing import Any, Final

from engine.mix import MAX_GROUPS, MAX_STRIPS
from sessions.insert_tables import inserts_of, sends_of, slots_text
from sessions.strip import NOWHERE, WORDS, Kind, SourceRef, StripState
from sessions.tables import DocumentError, Place, changed, check_keys, struct_of, table_text, value_shown
from sessions.values import ID_PREFIXES

_SOURCE_KEYS: Final = SourceRef.__struct_fields__
_SLOT_KEYS: Final = ("insert", "send")
_CONTROL_KEYS: Final = tuple(
    key for key in StripState.__struct_fields__ if key not in ("id", "name", "source", "kind", "inserts", "sends")
)


@functools.lru_cache(maxsize=4 * (MAX_STRIPS + MAX_GROUPS))
def strip_text(strip: StripState, folder: str | None) -> str:
    """A strip as TOML. Paths below `folder` become relative to it."""
    # Kept, for the autosave writes the whole session whenever one strip has changed.
    table = changed(strip, ("id", "name"))
    if strip.source is not None:
        source = changed(strip.source, _SOURCE_KEYS)
        paths = {key: _written_path(source[key], folder) for key in ("path", "right_path") if key in source}
        table |= source | paths
    table |= changed(strip, _CONTROL_KEYS)
    if strip.output is None:
        table["output"] = NOWHERE
    head = WORDS[strip.kind]
    return "\n".join([f"[[{head}]]\n{table_text(table)}", *slots_text(head, strip.inserts, strip.sends)])


def strips_of(kind: Kind, tables: Any, folder: str) -> tuple[StripState, ...]:
    """The strips of a kind of their tables, relative paths taken from `folder`. Raises `DocumentError`."""
    head = WORDS[kind]
    keys = ("id", "name", *(_SOURCE_KEYS if kind == "stem" else ()), *_CONTROL_KEYS, *_SLOT_KEYS)
    strips = []
    for place, table in named_tables(head, ID_PREFIXES[kind], tables):
        check_keys(place, table, keys)
        values = {key: value for key, value in table.items() if key not in (*_SOURCE_KEYS, *_SLOT_KEYS)}
        values["kind"] = kind
        values["inserts"] = inserts_of(place, head, table.get("insert", {}))
        values["sends"] = sends_of(place, head, table.get("send", {}))
        if values.get("output") == NOWHERE:
            values["output"] = None
        source = {key: value for key, value in table.items() if key in _SOURCE_KEYS}
        if source:
            for key in ("path", "right_path"):
                if isinstance(path := source.get(key), str):
                    source[key] = posixpath.normpath(posixpath.join(folder, path))
            values["source"] = struct_of(place, SourceRef, source)
        strips.append(struct_of(place, StripState, values))
    return tuple(strips)


def named_tables(head: str, prefix: str, tables: Any) -> list[tuple[Place, dict[str, Any]]]:
    """Tables of one heading with the words for their places; those without an id get one that begins with `prefix`."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise DocumentError(f"{head} should be tables, each headed [[{head}]]")
    taken = {table["id"] for table in tables if isinstance(table.get("id"), str)}
    free = (identity for n in range(1, 2 * len(tables) + 1) if (identity := f"{prefix}{n}") not in taken)
    found = []
    for number, table in enumerate(tables, start=1):
        name = table.get("name")
        words = f"{head} {number}" + (f" {value_shown(name)}" if isinstance(name, str) else "")
        found.append((Place(words, (head, number - 1)), table if "id" in table else {**table, "id": next(free)}))
    return found


def _written_path(path: str, folder: str | None) -> str:
    if folder is not None and PurePosixPath(path).is_relative_to(folder):
        return PurePosixPath(path).relative_to(folder).as_posix()
    return path
