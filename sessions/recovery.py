"""Recovery files: the unsaved edits of a session, as the autosave left them when the program was killed.

They lie in the user's state folder, named by the session they belong to and by the process that wrote them. A process
writes two in turns, so that an older one is whole on the disk while the newer is still on its way there. The first line
holds the digest of the rest: a torn or damaged file is known as such. Where a whole file holds something that the
program does not know (a processor of another version), the rest is offered and the file kept aside.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
import platformdirs
import tomli_w

from engine.notice import Notice
from sessions.atomic_file import write_atomically
from sessions.document import DocumentError, session_text
from sessions.file import absolute, reason
from sessions.model import Session, shown
from sessions.process import ProcessMark, is_running, own_mark
from sessions.salvage import salvaged

STATE_VARIABLE: Final = "GAINSTAGE_STATE_DIR"
"""Environment variable that names another state folder than the user's usual one."""
SLOTS: Final = 2
_SUFFIX: Final = ".recovery"
_ASIDE: Final = ".damaged"
_ASIDE_DAYS: Final = 30
_FIRST_LINE: Final = "# gainstage recovery, sha256 of what follows: "


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    session_path: str
    pid: int
    process_started: str
    written_at: datetime
    generation: int
    edits: int
    session: str


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    record: _Record
    session: Session
    faults: tuple[str, ...]
    """What of the record is not in the session."""

    @property
    def writer(self) -> ProcessMark:
        return ProcessMark(self.record.pid, self.record.process_started)


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a program left that ended without saving: its session with so many unsaved edits, when, in which files."""

    session: Session
    edits: int
    written_at: datetime
    files: tuple[Path, ...]


def state_folder() -> Path:
    """Where the program keeps what it must not lose, and that is no setting."""
    named = os.environ.get(STATE_VARIABLE)
    return absolute(Path(named)) if named else platformdirs.user_state_path("gainstage", appauthor=False)


def recovery_folder() -> Path:
    """Where the recovery files of all sessions lie."""
    return state_folder() / "recovery"


def recovery_path(session_path: Path, generation: int) -> Path:
    """The file in which this process, and no later one of the same number, keeps the unsaved edits of a session."""
    mark = own_mark()
    began = hashlib.sha256(mark.started.encode()).hexdigest()[:8]
    return recovery_folder() / f"{_stem(session_path)}.{mark.pid}-{began}.{generation % SLOTS}{_SUFFIX}"


def recovery_content(session_path: Path, session: Session, edits: int, generation: int) -> bytes:
    """What a recovery file holds; a higher generation is a later state."""
    mark = own_mark()
    record = {
        "session_path": shown(str(session_path)),
        "pid": mark.pid,
        "process_started": mark.started,
        "written_at": datetime.now().astimezone(),
        "generation": generation,
        "edits": edits,
        "session": session_text(session, None),
    }
    body = tomli_w.dumps(record, multiline_strings=True).encode()
    return f"{_FIRST_LINE}{hashlib.sha256(body).hexdigest()}\n".encode() + body


def find_recovery(session_path: Path) -> tuple[Recovery | None, list[Notice]]:
    """The latest unsaved edits of a session whose program no longer runs, and what there is to say of others.

    A damaged file is set aside and told, never fatal; files of a program that still runs are left alone. What is wrong
    in the edits that are found is told, and a copy of their file set aside.
    """
    notices: list[Notice] = []
    every: list[_Found] = []
    running: set[int] = set()
    for path in _files_of(session_path):
        try:
            found = _read(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            notices.append(Notice("warning", f'cannot read the recovery file "{path}": {reason(error)}'))
            continue
        except ValueError:
            notices.append(_set_aside(path))
            continue
        if is_running(found.writer):
            running.add(found.record.pid)
        else:
            every.append(found)
    notices += [
        Notice("warning", f"this session is open with unsaved edits in another gainstage (process {pid})")
        for pid in sorted(running - {os.getpid()})
    ]
    if not every:
        return None, notices
    # Generations first: the clock may have gone back between the two files of a process.
    last = {found.writer: found for found in sorted(every, key=lambda found: found.record.generation)}
    latest = max(last.values(), key=lambda found: found.record.written_at)
    # Who took these edits over and was killed before the older files were gone has left them twice.
    writers = {writer for writer, found in last.items() if found.session == latest.session}
    files = tuple(found.path for found in every if found.writer in writers)
    if latest.faults:
        notices += [Notice("warning", f"unsaved edits: {fault}") for fault in latest.faults]
        notices.append(_keep_aside(latest.path))
    return Recovery(latest.session, latest.record.edits, latest.record.written_at, files), notices


def remove(files: Iterable[Path]) -> None:
    """Delete recovery files whose edits are saved, recovered or not wanted."""
    for path in files:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _stem(session_path: Path) -> str:
    real = os.path.realpath(session_path)
    readable = re.sub(r"[^\w-]+", "-", session_path.stem)[:40]
    return f"{readable}-{hashlib.sha256(os.fsencode(real)).hexdigest()[:16]}"


def _files_of(session_path: Path) -> list[Path]:
    """The recovery files of a session; on the way, litter of long ago is cleared out of the folder."""
    folder, stem = recovery_folder(), _stem(session_path)
    files = []
    paths: list[Path] = []
    with contextlib.suppress(OSError):
        paths += sorted(folder.iterdir())
    for path in paths:
        if path.name.endswith(_SUFFIX) and path.name.startswith(f"{stem}."):
            files.append(path)
        elif path.suffix in (_ASIDE, ".tmp"):
            with contextlib.suppress(OSError):  # another program may have finished with it just now
                if time.time() - path.stat().st_mtime > _ASIDE_DAYS * 86400:
                    path.unlink()
    return files


def _read(path: Path) -> _Found:
    """Raises `OSError` if the file cannot be read and `ValueError` if it is not what was written."""
    first, _, body = path.read_bytes().partition(b"\n")
    if first.decode() != f"{_FIRST_LINE}{hashlib.sha256(body).hexdigest()}":
        raise DocumentError("the digest does not match")
    record = msgspec.convert(tomllib.loads(body.decode()), _Record)
    return _Found(path, record, *salvaged(record.session, "/"))


def _keep_aside(path: Path) -> Notice:
    """Who takes the edits over removes the file they came from."""
    aside = path.with_name(path.name + _ASIDE)
    try:
        write_atomically(aside, path.read_bytes(), private=True)
    except OSError as error:
        return Notice("warning", f'the recovery file "{path}" cannot be kept: {reason(error)}')
    return Notice("info", f'all else of the unsaved edits can be recovered; their file is kept as "{aside}"')


def _set_aside(path: Path) -> Notice:
    aside = path.with_name(path.name + _ASIDE)
    try:
        path.replace(aside)
    except OSError as error:
        return Notice("warning", f'the recovery file "{path}" is damaged and cannot be set aside: {reason(error)}')
    return Notice("warning", f'unsaved edits could not be read back (damaged file, set aside as "{aside}")')
