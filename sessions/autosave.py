"""The autosave: keeps the unsaved edits in a recovery file, so that a killed program loses at most a second of them.

Writing is done by a thread of its own, because a disk may take its time and the interface may not; a thread also does
it when the interface itself stands still, as it does before a terminal that has gone. The latest state wins, and one
thread writes all of them, so an older one never follows a newer. What survives the death of the process is in place
once the file is renamed; that the disk holds it, for a power cut, is seen to by a second thread.
"""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from engine.notice import Notice
from sessions.atomic_file import sync_folder, write_atomically
from sessions.file import reason
from sessions.model import Session
from sessions.recovery import SLOTS, recovery_content, recovery_folder, recovery_path, remove

DELAY_S: Final = 0.25
"""From an edit to its writing: lets a sweep pass, and leaves most of a second to the disk."""
CLOSE_TIMEOUT_S: Final = 2.0
SECURE_TIMEOUT_S: Final = 1.0
"""A disk that hangs holds a save up for no longer."""


class Autosave:
    """Keeps the unsaved state of one session. All calls but `flush` and `close` return at once."""

    def __init__(self, session_path: Path, *, delay_s: float = DELAY_S) -> None:
        self._session_path = session_path
        self._delay_s = delay_s
        self._condition = threading.Condition()
        # Under the condition: what the files should hold (None: there should be none), and how far that is done.
        self._wanted: tuple[Session, int] | None = None
        self._pending = self._writing = self._hurry = self._closing = self._durable = False
        self._superseded: list[Path] = []
        self._notices: list[Notice] = []
        self._failing = False
        # The writing thread's own.
        self._generation = 0
        self._thread: threading.Thread | None = None
        self._to_sync: queue.SimpleQueue[Path | None] = queue.SimpleQueue()

    def keep(self, session: Session, edits: int, supersedes: Iterable[Path] = ()) -> None:
        """Keep this state, of so many unsaved edits, from within a second on.

        `supersedes` are recovery files whose edits are part of it: they are removed as soon as it is written. After
        `close` nothing is kept any more.
        """
        with self._condition:
            if self._closing:
                return
            self._wanted = (session, edits)
            self._superseded += supersedes
            self._order()

    def clear(self) -> None:
        """Nothing is unsaved any more: remove the files."""
        with self._condition:
            if self._wanted is not None and not self._closing:
                self._wanted = None
                self._order()

    def retry(self) -> None:
        """Try again what failed, if anything did."""
        with self._condition:
            if self._failing and not self._closing:
                self._order()

    def flush(self, timeout_s: float = CLOSE_TIMEOUT_S) -> bool:
        """Wait until the last state is written; False if that takes longer than the time-out or fails."""
        self.retry()
        with self._condition:
            self._hurry = True
            self._condition.notify_all()
            done = self._condition.wait_for(lambda: not (self._pending or self._writing), timeout_s)
            self._hurry = False
            return done and not self._failing

    def secure(self, timeout_s: float = SECURE_TIMEOUT_S) -> bool:
        """Let the disk hold the last state before it is saved; False if that takes longer than the time-out or fails.

        Whoever then finds the file next to what was saved, because the program was killed before it was removed, sees
        that they are the same, and no older state is taken for edits that were lost.
        """
        with self._condition:
            if self._wanted is None or self._closing:
                return True
            self._durable = True
            self._order()
        return self.flush(timeout_s)

    def close(self, *, keep: bool, timeout_s: float = CLOSE_TIMEOUT_S) -> bool:
        """End; unsaved edits stay in their file if `keep`, else it goes. False if the disk did not do it in time."""
        if not keep:
            self.clear()
        done = self.flush(timeout_s)
        with self._condition:
            self._closing = True
            self._condition.notify_all()
        self._to_sync.put(None)
        if done and self._thread is not None:
            self._thread.join(timeout_s)
        return done

    def notices(self) -> list[Notice]:
        """What there is to tell since the last call: that keeping fails, or works again."""
        with self._condition:
            notices, self._notices = self._notices, []
            return notices

    def _order(self) -> None:
        self._pending = True
        if self._thread is None:
            thread = threading.Thread(target=self._write_loop, name="autosave", daemon=True)
            try:
                thread.start()
            except RuntimeError as error:
                self._report(str(error))
                return
            self._thread = thread
        self._condition.notify_all()

    def _write_loop(self) -> None:
        with contextlib.suppress(RuntimeError):  # no more threads: the system writes in its own time
            threading.Thread(target=self._sync_loop, name="autosave sync", daemon=True).start()
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._pending or self._closing)
                if not self._pending:
                    return
                if self._wanted is not None:
                    self._condition.wait_for(
                        lambda: self._hurry or self._closing or self._wanted is None, self._delay_s
                    )
                wanted, superseded = self._wanted, self._superseded
                # What the state takes the place of is on the disk: so must it be.
                durable = self._durable or bool(superseded)
                self._pending, self._writing, self._superseded, self._durable = False, True, [], False
            fault = self._write(wanted, superseded, durable)
            with self._condition:
                self._writing = False
                self._report(fault)
                if fault is not None:
                    self._superseded += superseded
                self._condition.notify_all()

    def _write(self, wanted: tuple[Session, int] | None, superseded: list[Path], durable: bool) -> str | None:
        """Bring the files to the wanted state; says what went wrong."""
        if wanted is None:
            # The latest last: where the program is killed in between, it is what was saved, and no offer.
            slots = range(self._generation + 1, self._generation + 1 + SLOTS)
            remove([*superseded, *(recovery_path(self._session_path, slot) for slot in slots)])
            return None
        self._generation += 1
        path = recovery_path(self._session_path, self._generation)
        try:
            recovery_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
            content = recovery_content(self._session_path, *wanted, self._generation)
            write_atomically(path, content, durable=durable, private=True)
        except OSError as error:
            return f'"{error.filename or path}": {reason(error)}'
        remove(superseded)
        self._to_sync.put(path)
        return None

    def _report(self, fault: str | None) -> None:
        if fault is not None and not self._failing:
            text = f"unsaved edits cannot be kept for a restart, save soon: {fault}"
            self._notices.append(Notice("error", text))
        elif fault is None and self._failing:
            self._notices.append(Notice("info", "unsaved edits are kept for a restart again"))
        self._failing = fault is not None

    def _sync_loop(self) -> None:
        while (path := self._to_sync.get()) is not None:
            # The file may have been replaced or removed meanwhile; then there is nothing to wait for.
            with contextlib.suppress(OSError):
                descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
                try:
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
                sync_folder(path.parent)
