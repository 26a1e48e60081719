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

import tomllib
from collections.abc import Mapping
from typing import Any, Final

from sessions.model import VERSION, LoopState, MasterState, Session
from sessions.strip_tables import strip_text, strips_of
from sessions.tables import DocumentError, changed, check_keys, struct_of, table_as, table_text, toml_fault, value_shown

__all__ = ["DocumentError", "session_from_text", "session_text"]

_HEAD_KEYS: Final = ("version", "name", "sample_rate_hz", "pan_law", "monitor_db")
_TABLES: Final = ("loop", "master", "strip")


def session_text(session: Session, folder: str | None) -> str:
    """The session as TOML. Paths below `folder` (absolute) become relative to it; None keeps all absolute."""
    parts = [table_text(changed(session, _HEAD_KEYS))]
    for key, controls in (("loop", session.loop), ("master", session.master)):
        if table := changed(controls, controls.__struct_fields__):
            parts.append(f"[{key}]\n{table_text(table)}")
    parts += [strip_text(strip, folder) for strip in session.strips]
    return "\n".join(parts)


def session_from_text(text: str, folder: str) -> Session:
    """The session of a TOML text, relative paths taken from `folder` (absolute). Raises `DocumentError`."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DocumentError(toml_fault(str(error), text)) from None
    except (RecursionError, ValueError) as error:  # tables nested without end, numbers of thousands of digits
        raise DocumentError(f"not the TOML of a session ({error})") from None
    _check_version(document)
    check_keys("", document, (*_HEAD_KEYS, *_TABLES))
    head: dict[str, Any] = {key: document[key] for key in _HEAD_KEYS if key in document}
    for key, kind in (("loop", LoopState), ("master", MasterState)):
        if key in document:
            head[key] = table_as(f"[{key}]", document[key], kind)
    head["strips"] = strips_of(document.get("strip", []), folder)
    return struct_of("", Session, head)


def _check_version(document: Mapping[str, Any]) -> None:
    version = document.get("version")
    if version is None:
        raise DocumentError("it has no version, so it is not a session of gainstage")
    if type(version) is not int or version < 1:
        raise DocumentError(f"version={value_shown(version)} should be a whole number from 1 to {VERSION}")
    if version > VERSION:
        newer = f"version {value_shown(version)} is newer than this program reads ({VERSION})"
        raise DocumentError(f"{newer}: update gainstage")
