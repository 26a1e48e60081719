"""Session files: read with clear words for what is wrong, written whole or not at all, never over somebody's change.

The suffix is `.gainstage`. The text inside is TOML, but a suffix of its own makes a session findable in a folder of
stems, lets a desktop open it with this program, and keeps "everything before the last dot" the session's name.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sessions.atomic_file import write_atomically
from sessions.document import DocumentError, session_text
from sessions.model import Session, SessionError
from sessions.salvage import salvaged

SUFFIX: Final = ".gainstage"
MAX_BYTES: Final = 16 * 2**20
"""No session comes near it; who opens a recording by mistake is told at once."""
_ENCODING: Final = "utf-8-sig"
"""Some editors put a byte order mark in front."""


class FileError(SessionError):
    """A session file that cannot be read or written; one line that names it."""


class SaveConflictError(FileError):
    """The file is not the one that was loaded or saved last: saving would take somebody's change away."""


@dataclass(frozen=True, slots=True)
class FileStamp:
    """Which content a file had: its digest, for times and sizes may be equal or change without reason."""

    sha256: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A session and the stamp of the file it came from, to be given to `save`.

    `faults` are lines about what in the file is not right, and is not in the session.
    """

    session: Session
    stamp: FileStamp
    faults: tuple[str, ...] = ()


def load(path: Path) -> Loaded:
    """Read a session file, all of it that is right.

    Raises `FileError` with one line that names the file, the place and the fault where it is no session.
    """
    path = absolute(path)
    try:
        content = _read(path)
    except OSError as error:
        raise FileError(f'cannot read "{path}": {reason(error)}') from None
    if len(content) > MAX_BYTES:
        raise FileError(f'"{path}": larger than {MAX_BYTES // 2**20} MB, so it is not a session')
    try:
        session, faults = salvaged(content.decode(_ENCODING), str(path.parent))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileError(f'"{path}": line {line}: not UTF-8 text, so it is not a session') from None
    except DocumentError as error:
        raise FileError(f'"{path}": {error}') from None
    return Loaded(session, _stamp(content), faults)


def save(
    session: Session, path: Path, *, expected: FileStamp | None = None, force: bool = False, keep: Path | None = None
) -> FileStamp:
    """Write a session file atomically and durably; returns the stamp for the next save.

    `expected` is the stamp of the content that is to be replaced, None where no file is expected. If the file has
    another content (or is there unexpectedly), `SaveConflictError` is raised and nothing is written, unless `force`.
    `keep` is where what is replaced is kept (see `free_backup`). Raises `FileError` if it cannot be written; the file
    is then what it was.
    """
    path = absolute(path)
    content = session_text(session, str(path.parent)).encode()
    try:
        found = _read_if_there(path) if keep is not None or not force else None
        if not force and found is not None and found != content and _stamp(found) != expected:
            why = "exists already" if expected is None else "was changed by somebody else since it was opened"
            raise SaveConflictError(f'"{path}" {why}: save under another name, or force it to be replaced')
        if keep is not None and found is not None:
            write_atomically(keep, found)
        write_atomically(path, content)
    except OSError as error:
        raise FileError(f'cannot save "{path}": {reason(error)}; the file on disk is unchanged') from None
    return _stamp(content)


def free_backup(path: Path) -> Path:
    """Where a session file can be kept as it was: `Song.gainstage.bak`, or the next name that is not taken."""
    number = 1
    while os.path.lexists(kept := path.with_name(f"{path.name}.bak{number if number > 1 else ''}")):
        number += 1
    return kept


def absolute(path: str | Path, folder: Path = Path()) -> Path:
    """A path from the root, without `..` and with the user's folder for `~`; symbolic links stay.

    A relative one starts in `folder`, by default in the current one.
    """
    # pathlib either follows symbolic links or keeps the `..`, and fails on the `~` of a user it does not know.
    try:
        path = os.path.abspath(folder / os.path.expanduser(path))  # noqa: PTH100, PTH111
    except FileNotFoundError:
        raise FileError(f'"{path}": the current folder is gone, give the path from the root') from None
    if "\0" in path:
        raise FileError(f'"{path}": a path has no null character in it')
    return Path("/" + path.lstrip("/"))  # two slashes in front would have a meaning of their own


def is_folder(path: Path) -> bool:
    """Whether a folder is there and may be looked at."""
    return os.path.isdir(path)  # noqa: PTH112  pathlib raises where the path is too long or a folder above is closed


def is_file(path: Path) -> bool:
    """Whether a regular file is there and may be looked at."""
    return os.path.isfile(path)  # noqa: PTH113  as above


def reason(error: OSError) -> str:
    """What the system says of a failed access, as part of a sentence."""
    text = error.strerror or str(error)
    return f"{text[:1].lower()}{text[1:]}"


def _read(path: Path) -> bytes:
    """The content of a file, or more than a session may have of it. A pipe is not waited for."""
    with open(path, "rb", opener=_open_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError("not a regular file")
        return file.read(MAX_BYTES + 1)


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def _read_if_there(path: Path) -> bytes | None:
    try:
        return _read(path)
    except FileNotFoundError:
        return None


def _stamp(content: bytes) -> FileStamp:
    return FileStamp(hashlib.sha256(content).hexdigest())
