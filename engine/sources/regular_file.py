"""A file opened for reading without ever waiting for it, and the one error of everything that reads stems."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Self


class StemError(Exception):
    """A stem that cannot be played. The text is one clear line: which file, what is wrong, the value."""


def printable(text: str) -> str:
    """Text for one line of a message: control characters and bytes that are no text become question marks."""
    return "".join(character if character.isprintable() else "?" for character in text)


class RegularFile:
    """An open regular file: `fd`, its size and identity when opened.

    Pipes, devices and folders are refused before they are opened, so nothing ever blocks. Reads are positional
    (`pread`), several readers may share one descriptor.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = os.fspath(path)
        self.name = printable(Path(self.path).name or self.path)
        """The file's name, fit for messages."""
        self.fd = _open(self.path, self.name)
        status = os.fstat(self.fd)
        if not stat.S_ISREG(status.st_mode):
            self.close()
            raise StemError(f"{self.name}: is not a regular file")
        self.size_bytes = status.st_size
        self.identity = (status.st_dev, status.st_ino)
        self.version = (status.st_size, status.st_mtime_ns)
        """Changes when somebody writes into the file."""

    def read_at(self, offset: int, count: int) -> bytes:
        """Up to `count` bytes from `offset`; fewer only at the end of the file. Raises StemError."""
        parts = []
        while count > 0:
            try:
                part = os.pread(self.fd, count, offset)
            except OSError as error:
                raise StemError(f"{self.name}: cannot be read ({reason(error)})") from error
            if not part:
                break
            parts.append(part)
            offset += len(part)
            count -= len(part)
        return b"".join(parts)

    def read_version(self) -> tuple[int, int]:
        """Size and modification time now, to be compared with `version`."""
        status = os.fstat(self.fd)
        return (status.st_size, status.st_mtime_ns)

    def close(self) -> None:
        """Closes the descriptor; may be called twice."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def reason(error: OSError) -> str:
    """What the system says of an error, in lower case and without its number."""
    return (error.strerror or str(error)).lower()


def _open(path: str, name: str) -> int:
    try:
        mode = Path(path).stat().st_mode
        if stat.S_ISDIR(mode):
            raise StemError(f"{name}: is a folder, not a sound file")
        if not stat.S_ISREG(mode):
            raise StemError(f"{name}: is not a regular file")
        # A pipe put there since the look above must not block the open either.
        return os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except FileNotFoundError as error:
        raise StemError(f"{printable(path)}: not found") from error
    except PermissionError as error:
        raise StemError(f"{printable(path)}: permission to read it is missing") from error
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            raise StemError(f"{name}: too many files are open; raise the limit with `ulimit -n`") from error
        raise StemError(f"{printable(path)}: cannot be opened ({reason(error)})") from error
    except ValueError as error:  # a zero byte in the path
        raise StemError(f"{printable(path)}: is not a possible path") from error
