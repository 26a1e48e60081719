"""Stems that are not where the session says, and finding them elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from engine.notice import Notice
from sessions.edits import RelinkStem
from sessions.file import absolute, is_file, is_folder
from sessions.model import Session, SessionError, StripState, shown
from sessions.values import listed

MAX_FILES: Final = 100_000
"""Looked at in one search: more are in no folder of stems, but in one that was meant by mistake."""


def missing_stems(session: Session) -> frozenset[str]:
    """The ids of the strips whose file (or one of whose two) is not there. They stay in the session and are silent."""
    return frozenset(strip.id for strip in session.strips if _is_missing(strip))


def find_relinks(session: Session, folder: Path) -> tuple[list[RelinkStem], list[Notice]]:
    """Edits that link the missing stems to files of the same names in a folder or anywhere below, and a line on others.

    Upper and lower case count as the same only where no name fits exactly. Of several files the one wins whose folders
    agree most with the old path; where that does not decide, none is taken. Raises `SessionError` if it is no folder.
    """
    folder = absolute(folder)
    if not is_folder(folder):
        raise SessionError(f'"{folder}" is no folder')
    missing = [strip for strip in session.strips if _is_missing(strip)]
    wanted = {PurePosixPath(path).name.casefold() for strip in missing for path in _paths(strip)}
    found: dict[str, list[str]] = {}
    notices = []
    for number, path in enumerate(_files_below(folder), start=1):
        if number > MAX_FILES:
            text = f'"{shown(str(folder))}" holds more than {MAX_FILES} files: not all were looked at'
            notices.append(Notice("warning", text))
            break
        if path.name.casefold() in wanted:
            found.setdefault(path.name.casefold(), []).append(path.as_posix())
    edits, absent, ambiguous = [], [], []
    for strip in missing:
        choices = [_closest(path, found.get(PurePosixPath(path).name.casefold(), [])) for path in _paths(strip)]
        if any(len(choice) > 1 for choice in choices):
            ambiguous.append(strip.name)
        elif not all(choices):
            absent.append(strip.name)
        else:
            edits.append(RelinkStem(strip.id, *(choice[0] for choice in choices)))
    if ambiguous:
        notices.append(Notice("warning", f"several files of the same name, relink one by one: {listed(ambiguous)}"))
    if absent:
        notices.append(Notice("warning", f'not found in "{shown(str(folder))}": {listed(absent)}'))
    return edits, notices


def _paths(strip: StripState) -> tuple[str, ...]:
    return strip.source.paths if strip.source else ()


def _is_missing(strip: StripState) -> bool:
    return not all(is_file(Path(path)) for path in _paths(strip))


def _files_below(folder: Path) -> Iterator[PurePosixPath]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            try:
                name.encode()
            except UnicodeEncodeError:
                continue
            yield PurePosixPath(root, name)


def _closest(path: str, candidates: list[str]) -> list[str]:
    """Those of the candidates that agree best with the old path, compared from its end; a file that is there itself."""
    if is_file(Path(path)):
        return [path]
    agreements = {candidate: _agreement(path, candidate) for candidate in candidates}
    best = max(agreements.values(), default=(0, 0))
    return [candidate for candidate in candidates if agreements[candidate] == best]


def _agreement(path: str, candidate: str) -> tuple[int, int]:
    """Whether the name is the same to the letter, and how many folders above it agree."""
    old, new = PurePosixPath(path).parts[::-1], PurePosixPath(candidate).parts[::-1]
    folders = 0
    for one, other in zip(old[1:], new[1:], strict=False):
        if one != other:
            break
        folders += 1
    return int(old[0] == new[0]), folders
