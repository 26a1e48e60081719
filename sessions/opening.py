"""Opening what a user names: a session file, or a folder of stems with or without one.

A folder's session lies in the folder and is called like it (`Song/Song.gainstage`). It is the one that is opened when
the folder is, with strips added for stems that came since. Where there is none of that name but one other session, that
one is meant, for folders get renamed. Opening a session file itself adds nothing. The first save of a folder without a
session makes that file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from engine.notice import Notice
from engine.offline import probe as probe_file
from sessions.file import SUFFIX, FileStamp, Loaded, absolute, free_backup, is_file, is_folder, load
from sessions.model import Session, SessionError
from sessions.recovery import Recovery, find_recovery, remove
from sessions.relink import missing_stems
from sessions.stem_files import SOUND_SUFFIXES, Probe
from sessions.stems import session_from_folder, with_new_stems
from sessions.values import listed


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened. `path` is where it is saved to, whether or not the file exists yet; `stamp` is None if not.

    `salvaged` tells that the file has faults, which are among the notices: the session is without what they are about,
    and the file has to be kept when it is saved. `recovery` holds unsaved edits of a program that was killed; they are
    an offer, `session` is without them.
    """

    session: Session
    path: Path
    folder: Path
    stamp: FileStamp | None = None
    notices: tuple[Notice, ...] = ()
    recovery: Recovery | None = None
    salvaged: bool = False


def open_path(path: Path, *, split: bool = False, probe: Probe = probe_file) -> Opened:
    """Open a session file or a folder of stems. Raises `SessionError` with one line if that is not possible.

    With `split`, files of more than two channels become a mono strip per channel, where stems are new.
    """
    path = absolute(path)
    if is_folder(path):
        return _open_folder(path, split=split, probe=probe)
    if path.suffix.lower() in SOUND_SUFFIXES:
        raise SessionError(f'"{path}" is one stem: open its folder, "{path.parent}"')
    loaded = load(path)
    notices = (*_faults(loaded, path), *_missing(loaded.session))
    opened = Opened(loaded.session, path, path.parent, loaded.stamp, notices, salvaged=bool(loaded.faults))
    return _with_recovery(opened, loaded.session)


def _open_folder(folder: Path, *, split: bool, probe: Probe) -> Opened:
    own = folder / f"{folder.name or 'Session'}{SUFFIX}"
    sessions = sorted(path for path in folder.glob(f"[!.]*{SUFFIX}") if is_file(path))
    if own not in sessions and len(sessions) != 1:
        session, notices = session_from_folder(folder, split=split, probe=probe)
        if sessions:
            names = listed([path.name for path in sessions])
            notices.append(Notice("info", f"a new session of the folder; it also holds {names}: open one by its name"))
        return _with_recovery(Opened(session, own, folder, None, tuple(notices)), session)
    path = own if own in sessions else sessions[0]
    loaded = load(path)
    session, notices = with_new_stems(loaded.session, folder, split=split, probe=probe)
    said = (*_faults(loaded, path), *_missing(session), *notices)
    opened = Opened(session, path, folder, loaded.stamp, said, salvaged=bool(loaded.faults))
    return _with_recovery(opened, loaded.session)


def _faults(loaded: Loaded, path: Path) -> tuple[Notice, ...]:
    """What is wrong in the file, a line each, and that nothing of it is lost."""
    if not loaded.faults:
        return ()
    text = f"all else is open. Saving keeps the file as it is now, as {free_backup(path).name}"
    return (*(Notice("warning", fault) for fault in loaded.faults), Notice("info", text))


def _missing(session: Session) -> tuple[Notice, ...]:
    missing = missing_stems(session)
    names = {strip.id: strip.name for strip in session.strips if strip.id in missing}
    if not names:
        return ()
    what = "1 stem is" if len(names) == 1 else f"{len(names)} stems are"
    text = f"{what} missing and silent until relinked: {listed(list(names.values()))}"
    return (Notice("warning", text, next(iter(names)) if len(names) == 1 else None),)


def _with_recovery(opened: Opened, saved: Session) -> Opened:
    """With the offer of unsaved edits, unless they are what the file holds: killed after they were saved."""
    recovery, notices = find_recovery(opened.path)
    if recovery is not None and recovery.session == saved:
        remove(recovery.files)
        recovery = None
    return replace(opened, notices=(*opened.notices, *notices), recovery=recovery)
