"""Writing a file whole or not at all: who reads it, at any time and after any crash, finds the old or the new text."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path

_TEMPORARY_NAME_BYTES = 200
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


def write_atomically(path: Path, content: bytes, *, durable: bool = True, private: bool = False) -> None:
    """Replace the content of `path` by way of a temporary file in the same folder; the file's mode stays.

    `durable` returns only when the disk holds it, so that a power cut cannot take it back; without it only the death
    of the process is provided for. `private` makes the file readable for its owner alone. A symbolic link stays, and
    what it points to is replaced. Raises `OSError` and leaves the old content if it cannot be written, or must not be:
    a rename would not ask whether the file is read-only.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
    # A name has 255 bytes at most; a character that is cut through harms nobody.
    beginning = os.fsdecode(os.fsencode(target.name)[:_TEMPORARY_NAME_BYTES])
    temporary = target.with_name(f".{beginning}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, _NEW_FILE, 0o600 if private else 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with contextlib.suppress(OSError):  # a new file, or a file system without modes
                os.fchmod(descriptor, stat.S_IMODE(target.stat().st_mode))
            file.write(content)
            file.flush()
            if durable:
                os.fsync(descriptor)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    if durable:
        sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Let the disk hold the folder's entries too. Some file systems cannot: the entry is then written in their time."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
