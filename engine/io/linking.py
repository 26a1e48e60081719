"""Links entries into a process whose own thread has better things to do: an interface that is being painted."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from engine.core.entries import Entry
from engine.core.machine_code import EngineError, drop
from engine.io.warm_up import warm_up


class Linking:
    """Makes entries ready to be called. What was compiled elsewhere is linked; what cannot be is compiled here."""

    def __init__(self, *entries: Entry) -> None:
        self._entries = entries
        self._thread: threading.Thread | None = None
        self.is_done = all(entry.is_linked for entry in entries)
        """Whether all may be called."""
        self.fault = ""
        """Why it is not possible, "" as long as it may be."""

    def begin(self) -> None:
        """Begins, if that has not been done."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._link, name="linking", daemon=True)
            self._thread.start()

    def _link(self) -> None:
        """Linking thread."""
        try:
            try:
                link_all(self._entries)
            except EngineError:
                for entry in self._entries:
                    drop(entry.name)
                link_all(self._entries)
            self.is_done = True
        except Exception as error:
            # Whatever it is: who waits for this thread must hear that it has ended.
            self.fault = str(error)


def link_all(entries: Sequence[Entry]) -> None:
    """Links entries now, and has those compiled before that have not been. Raises EngineError."""
    warm_up(names=[entry.name for entry in entries])
    for entry in entries:
        entry.link()
