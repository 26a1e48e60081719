"""The one who is told what the user wants: edits, transport, saving. Drives the engine and keeps the autosave fed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, Self

from engine.meters.frame import MeterFrame
from engine.notice import Notice
from engine.player import OutputStatus
from sessions.autosave import Autosave
from sessions.edits import Edit, ReplaceSession, SetLoop, Together
from sessions.file import SUFFIX, FileStamp, absolute, free_backup, is_file, is_folder, save
from sessions.flag_watch import FlagWatch
from sessions.flags import Point, Verdict, channels_of
from sessions.history import History
from sessions.mix import mix_of
from sessions.model import Session, SessionError
from sessions.opening import Opened
from sessions.player_like import PlayerLike
from sessions.recovery import Recovery, remove
from sessions.relink import find_relinks, missing_stems

RETRY_S: Final = 5.0
"""Between two attempts of an autosave that fails; each edit is an attempt too."""


class Controller:
    """A session being worked on. All calls come from one thread and, `save` and `close` excepted, return at once.

    `path` is where `save` writes; `stamp` is of the file there as it was loaded, None if there is none.
    `autosave=False` keeps nothing for a restart. `clock` counts seconds and never goes back.
    """

    def __init__(
        self,
        session: Session,
        path: Path | None,
        player: PlayerLike,
        *,
        stamp: FileStamp | None = None,
        autosave: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.player = player
        self._path = path
        self._stamp = stamp
        self._clock = clock
        self._history = History(session)
        self._saved: Session | None = session
        """None where the file holds something else than any session: what was wrong in it was left out."""
        self._saved_position = 0
        self._recovered_edits = 0
        self._missing = missing_stems(session)
        self._autosave = Autosave(path) if autosave and path is not None else None
        self._keeps = autosave
        self._retry_s = clock() + RETRY_S
        self._notices: list[Notice] = []
        self._frame: MeterFrame | None = None
        self._watch = FlagWatch()
        player.apply(mix_of(session))

    @classmethod
    def of(cls, opened: Opened, player: PlayerLike) -> Self:
        """A controller of what `open_path` returned, with its notices; its recovery is for the user to decide."""
        controller = cls(opened.session, opened.path, player, stamp=opened.stamp)
        controller._notices += opened.notices
        if opened.salvaged:
            controller._saved = None
        return controller

    # The session

    @property
    def session(self) -> Session:
        """The session as it is now."""
        return self._history.session

    @property
    def path(self) -> Path | None:
        """Where `save` writes, whether or not the file is there yet; None if a name is still wanted."""
        return self._path

    @property
    def backup(self) -> Path | None:
        """Where the next save keeps the file as it is, because something is wrong in it; None if nothing is."""
        return free_backup(self._path) if self._saved is None and self._path is not None else None

    @property
    def dirty(self) -> bool:
        """Whether there are edits that are not saved."""
        return self.session != self._saved

    @property
    def unsaved_edits(self) -> int:
        """How many steps of undo lie between what is saved and now."""
        if not self.dirty:
            return 0
        return self._recovered_edits + max(1, abs(self._history.position - self._saved_position))

    @property
    def missing(self) -> frozenset[str]:
        """Ids of the strips whose stem is not there, as of the last change of a stem or notice about one."""
        return self._missing

    @property
    def undo_label(self) -> str | None:
        """What `undo` would take back."""
        return self._history.undo_label

    @property
    def redo_label(self) -> str | None:
        """What `redo` would do again."""
        return self._history.redo_label

    def edit(self, edit: Edit) -> None:
        """Do an edit; it is heard at once. Raises `SessionError`, and nothing changes, if it cannot be done.

        What its label does not say is among the `notices`.
        """
        before = self.session
        if self._history.do(edit, self._clock()):
            self._notices += edit.notices(before)
            self._changed(before)

    def undo(self) -> str | None:
        """Take the last step back; returns what it was. The transport goes on where it is."""
        before = self.session
        label = self._history.undo()
        if label is not None:
            self._changed(before)
        return label

    def redo(self) -> str | None:
        """Do the last undone step again; returns what it is."""
        before = self.session
        label = self._history.redo()
        if label is not None:
            self._changed(before)
        return label

    def relink_from(self, folder: Path) -> int:
        """Relink all missing stems that are found by name in a folder or below, as one step; how many those are."""
        edits, notices = find_relinks(self.session, folder)
        self._notices += notices
        if edits:
            what = "1 stem" if len(edits) == 1 else f"{len(edits)} stems"
            self.edit(Together(f"Relink {what}", tuple(edits)))
        return len(edits)

    def recover(self, recovery: Recovery) -> None:
        """Take over the unsaved edits of a program that was killed, as a step that can be undone."""
        self._recovered_edits = recovery.edits - 1
        self.edit(ReplaceSession(recovery.session, "Recovered edits"))
        if self._autosave is not None and self.dirty:
            self._autosave.keep(self.session, self.unsaved_edits, supersedes=recovery.files)
        else:
            remove(recovery.files)

    def discard(self, recovery: Recovery) -> None:
        """Throw the unsaved edits of a program that was killed away."""
        remove(recovery.files)

    # The transport

    def play_stop(self) -> None:
        """Start the transport or stop it."""
        frame = self.frame
        (self.stop if frame.playing else self.play)()

    def play(self) -> None:
        """Start the transport."""
        self.player.play()
        self._expect(playing=True)

    def stop(self) -> None:
        """Stop the transport where it is."""
        self.player.stop()
        self._expect(playing=False)

    def locate(self, position_s: float) -> None:
        """Move the transport to a time within the song."""
        frame = self.frame
        position_s = max(position_s, 0.0)
        if frame.length_s > 0.0:  # 0 as long as the stems are not open
            position_s = min(position_s, frame.length_s)
        self.player.locate(position_s)
        self._expect(position_s=position_s)

    def seek(self, delta_s: float) -> None:
        """Move the transport forth or back from where it is (or will be, after a call before)."""
        frame = self.frame
        self.locate(frame.position_s + delta_s)

    def toggle_loop(self) -> None:
        """Switch the loop on or off; its range stays."""
        loop = self.session.loop
        self.edit(SetLoop(not loop.enabled, loop.start_s, loop.end_s))

    def clear_holds(self, strip_id: str | None = None, stage: int | None = None) -> None:
        """Clear peak holds, over marks and counts: of all, of one strip, or at one stage (`STAGES`) of it.

        Strips are judged anew then; one stage that is cleared is judged by what has been.
        """
        self.player.clear_holds(strip_id, stage)
        if stage is not None:
            return
        self._watch.clear(strip_id)
        self.player.begin_evidence([strip_id] if strip_id else [channel.id for channel in channels_of(self.session)])

    def reset_loudness(self) -> None:
        """Start the loudness of the programme and the integrated loudness of all strips anew."""
        self.player.reset_loudness()

    def pause_loudness(self, paused: bool) -> None:
        """Leave out of both what comes, or go on."""
        self.player.pause_loudness(paused)

    # What comes back

    def read(self) -> MeterFrame:
        """All meters and the transport now; rows in the order of the session's strips, the master last."""
        self._frame = self.player.read()
        self._watch.take(self.session, self._frame, self._clock())
        return self._frame

    @property
    def frame(self) -> MeterFrame:
        """The last reading; its rows are those of the session as it is."""
        return self._frame or self.read()

    @property
    def flags(self) -> Mapping[Point, Verdict]:
        """What is said of the level at every insert input, strip input and send, as of the last reading."""
        return self._watch.verdicts

    def notices(self) -> list[Notice]:
        """What there is to tell since the last call, of the files, the autosave and the engine."""
        notices, self._notices = self._notices, []
        if self._autosave is not None:
            notices += self._autosave.notices()
        said = self.player.notices()
        if any(notice.strip_id is not None for notice in said):  # a stem may have gone while it was played
            self._missing = missing_stems(self.session)
        return notices + said

    @property
    def status(self) -> OutputStatus:
        """Where the sound goes."""
        return self.player.status

    def tick(self) -> None:
        """To be called a few times a second: tries again to keep unsaved edits where that failed."""
        if self._autosave is not None and self._clock() >= self._retry_s:
            self._retry_s = self._clock() + RETRY_S
            self._autosave.retry()

    # Files

    def save(self, path: Path | None = None, *, force: bool = False) -> Path:
        """Save, under another name if one is given; returns where to. A relative name starts in the session's folder.

        Raises `SaveConflictError` if somebody else changed or made the file (then `force` replaces it), `FileError` if
        it cannot be written.
        """
        target = self._path if path is None else self._target(path)
        if target is None:
            raise SessionError("the session has no file yet: save it under a name")
        moved = target != self._path
        keep = None if moved else self.backup
        if self._autosave is not None and not moved:
            self._autosave.secure()
        self._stamp = save(self.session, target, expected=None if moved else self._stamp, force=force, keep=keep)
        if keep is not None and is_file(keep):
            self._notices.append(Notice("info", f'the file as it was is kept as "{keep}"'))
        self._saved = self.session
        self._history.end_sweep()
        self._saved_position = self._history.position
        self._recovered_edits = 0
        if moved:
            self._path = target
            if self._autosave is not None:
                self._autosave.close(keep=False)
            self._autosave = Autosave(target) if self._keeps else None
        elif self._autosave is not None:
            self._autosave.clear()
        return target

    def close(self, *, discard: bool = False) -> bool:
        """End, within a few seconds. Unsaved edits are kept for the next start, unless the user wants to discard them.

        False if they should have been kept and could not be.
        """
        keep = self.dirty and not discard
        kept = self._autosave.close(keep=keep) if self._autosave is not None else False
        self.player.close()
        return kept or not keep

    def _target(self, path: Path) -> Path:
        folder = self._path.parent if self._path is not None else Path.cwd()
        target = absolute(path, folder)
        if is_folder(target):
            target = target / (target.name or "Session")
        return target if target.suffix == SUFFIX else target.with_name(target.name + SUFFIX)

    def _changed(self, before: Session) -> None:
        session = self.session
        if [strip.source for strip in before.strips] != [strip.source for strip in session.strips]:
            self._missing = missing_stems(session)
        self.player.apply(mix_of(session))
        if [strip.id for strip in before.strips] != [strip.id for strip in session.strips]:
            self._frame = None  # its rows are those of other strips
        for first_stage, strip_ids in self._watch.follow(before, session).items():
            self.player.begin_evidence(strip_ids, first_stage)
        if self._autosave is not None:
            if self.dirty:
                self._autosave.keep(session, self.unsaved_edits)
            else:
                self._autosave.clear()

    def _expect(self, *, playing: bool | None = None, position_s: float | None = None) -> None:
        """What the next reading will say, for orders that follow each other faster than the readings."""
        if self._frame is not None:
            self._frame = replace(
                self._frame,
                playing=self._frame.playing if playing is None else playing,
                position_s=self._frame.position_s if position_s is None else position_s,
            )
