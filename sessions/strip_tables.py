"""Strips as tables of a session file, and back."""

from __future__ import annotations

import functools
import posixpath
from pathlib import PurePosixPath
from typing import Any, Final

from engine.mix import MAX_STRIPS
from sessions.strip import SourceRef, StripState
from sessions.tables import DocumentError, changed, check_keys, struct_of, table_text, value_shown

_SOURCE_KEYS: Final = SourceRef.__struct_fields__
_STRIP_KEYS: Final = ("id", "name", *_SOURCE_KEYS, *(key for key in StripState.__struct_fields__[3:]))


@functools.lru_cache(maxsize=4 * MAX_STRIPS)
def strip_text(strip: StripState, folder: str | None) -> str:
    """A strip as TOML. Paths below `folder` become relative to it."""
    # Kept, for the autosave writes the whole session whenever one strip has changed.
    table = changed(strip, ("id", "name"))
    if strip.source is not None:
        source = changed(strip.source, _SOURCE_KEYS)
        paths = {key: _written_path(source[key], folder) for key in ("path", "right_path") if key in source}
        table |= source | paths
    table |= changed(strip, StripState.__struct_fields__[3:])
    return f"[[strip]]\n{table_text(table)}"


def _written_path(path: str, folder: str | None) -> str:
    if folder is not None and PurePosixPath(path).is_relative_to(folder):
        return PurePosixPath(path).relative_to(folder).as_posix()
    return path


def strips_of(tables: Any, folder: str) -> tuple[StripState, ...]:
    """The strips of their tables, relative paths taken from `folder`. Raises `DocumentError`."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise DocumentError("strip should be tables, each headed [[strip]]")
    taken = {table["id"] for table in tables if isinstance(table.get("id"), str)}
    free = (identity for n in range(1, 2 * len(tables) + 1) if (identity := f"s{n}") not in taken)
    strips = []
    for number, table in enumerate(tables, start=1):
        name = table.get("name")
        place = f"strip {number}" + (f" {value_shown(name)}" if isinstance(name, str) else "")
        check_keys(place, table, _STRIP_KEYS)
        values = {key: value for key, value in table.items() if key not in _SOURCE_KEYS}
        if "id" not in values:
            values["id"] = next(free)
        source = {key: value for key, value in table.items() if key in _SOURCE_KEYS}
        if source:
            for key in ("path", "right_path"):
                if isinstance(path := source.get(key), str):
                    source[key] = posixpath.normpath(posixpath.join(folder, path))
            values["source"] = struct_of(place, SourceRef, source)
        strips.append(struct_of(place, StripState, values))
    return tuple(strips)
