"""The demo on disk: a folder of stems with a session, written once, with a note of the stems that were written.

Only stems that the note names are ever replaced or removed. The session belongs to the user as soon as it is written:
it is made where the folder has none, and touched by nobody after that.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from engine.mix import SAMPLE_RATES_HZ
from engine.offline import WavError, write_wav
from sessions.demo.mix import demo_session
from sessions.demo.plan import FILE_NAMES, VERSION, stems
from sessions.document import session_text
from sessions.file import SUFFIX, FileError, absolute, save

NOTE_NAME = ".gainstage-demo.json"


class DemoError(Exception):
    """The demo cannot be written there; the text is one line for the user."""


class _Note(msgspec.Struct, forbid_unknown_fields=True):
    """What was written: which demo, at which rate, and each finished file with its size in bytes."""

    version: int
    sample_rate_hz: int
    file_bytes: dict[str, int]


def write_demo(
    folder: Path, sample_rate_hz: int = 48_000, progress: Callable[[float, str], None] | None = None
) -> Path:
    """Writes the stems that are missing in the folder (or all, if they come from another version or rate); returns it.

    Where the folder holds no session, the mix is written as one. `progress` is called with the share that is done, 0 to
    1, and the file that comes next ("" at the end). Nothing is written and `progress` is not called when all is there.
    Each file appears whole or not at all, so an interrupted run is continued by the next.

    Raises:
        DemoError: the folder holds files of the same names that the demo did not write, or cannot be written.
    """
    if sample_rate_hz not in SAMPLE_RATES_HZ:
        rates = ", ".join(str(rate) for rate in SAMPLE_RATES_HZ)
        raise DemoError(f"sample_rate_hz={sample_rate_hz} is not one of {rates}")
    try:
        _write(folder, sample_rate_hz, progress or (lambda done, file_name: None))
        _write_session(folder, sample_rate_hz)
    except (WavError, FileError) as error:
        raise DemoError(str(error)) from error
    except OSError as error:
        raise DemoError(f"{folder}: the demo could not be written: {error.strerror or error}") from error
    return folder


def _write(folder: Path, sample_rate_hz: int, progress: Callable[[float, str], None]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    note = _read_note(folder)
    if note is None:
        _refuse_foreign_files(folder)
        note = _Note(VERSION, sample_rate_hz, {})
    elif (note.version, note.sample_rate_hz) != (VERSION, sample_rate_hz):
        _remove_stems_of(folder, note)
        _remove_untouched_session(folder, note.sample_rate_hz)
        note = _Note(VERSION, sample_rate_hz, {})
    # One that is there without a note was whole before a run was ended, or is somebody's own by now.
    missing = [name for name in FILE_NAMES if not (folder / name).exists()]
    if not missing:
        return
    _write_note(folder, note)
    progress(0.0, missing[0])
    for done, stem in enumerate(stems(sample_rate_hz, frozenset(missing)), 1):
        path = folder / stem.file_name
        write_wav(path, stem.frames, stem.sample_rate_hz, stem.subtype)
        note.file_bytes[stem.file_name] = path.stat().st_size
        _write_note(folder, note)
        progress(done / len(missing), missing[done] if done < len(missing) else "")


def _write_session(folder: Path, sample_rate_hz: int) -> None:
    """Writes the mix, unless there is any session: also one under another name is what the user wants to find."""
    if any(folder.glob(f"*{SUFFIX}")):
        return
    save(demo_session(absolute(folder), sample_rate_hz), _session_path(folder))


def _session_path(folder: Path) -> Path:
    """Named like the folder, so that opening the folder opens it."""
    folder = absolute(folder)
    return folder / f"{folder.name or 'Session'}{SUFFIX}"


def _remove_untouched_session(folder: Path, sample_rate_hz: int) -> None:
    """Removes the mix that belongs to stems of another rate, where it is to the letter what was written with them."""
    path = _session_path(folder)
    written = session_text(demo_session(absolute(folder), sample_rate_hz), str(path.parent))
    if path.is_file() and path.read_bytes() == written.encode():
        path.unlink()


def _is_changed(path: Path, size_bytes: int, noted_ns: int) -> bool:
    """Whether a file is not the one of which a note was made after it was written."""
    if not path.is_file():
        return False
    status = path.stat()
    return status.st_size != size_bytes or status.st_mtime_ns > noted_ns


def _read_note(folder: Path) -> _Note | None:
    try:
        return msgspec.json.decode((folder / NOTE_NAME).read_bytes(), type=_Note)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _write_note(folder: Path, note: _Note) -> None:
    unfinished = folder / f"{NOTE_NAME}.new"
    unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(note)))
    unfinished.replace(folder / NOTE_NAME)


def _refuse_foreign_files(folder: Path) -> None:
    for name in FILE_NAMES:
        if (folder / name).exists():
            raise DemoError(f"{folder / name} exists and was not written by the demo: choose another folder")


def _remove_stems_of(folder: Path, note: _Note) -> None:
    """Removes an older demo's stems, but none that somebody has changed since (then the folder is refused)."""
    noted_ns = (folder / NOTE_NAME).stat().st_mtime_ns
    for name, size_bytes in note.file_bytes.items():
        path = folder / Path(name).name
        if _is_changed(path, size_bytes, noted_ns):
            raise DemoError(f"{path} has been changed since the demo wrote it: move it away or choose another folder")
    for name in note.file_bytes:
        (folder / Path(name).name).unlink(missing_ok=True)
