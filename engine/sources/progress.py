"""How far the audio thread has read, and which frames of the song lie in the rings: known to both other threads."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.atomics import load_acquire, store_release
from engine.sources.timeline import LoopRange, Timeline


class Progress:
    """The present generation: its timeline, what of it is written or about to be, what of it has been read.

    `lock` guards it and the orders of the control thread; it is never held while a file is read.
    """

    def __init__(self, control: Any) -> None:
        self.lock = threading.Lock()
        self.timeline: Timeline | None = None
        self.is_filling = False
        """Between the beginning of a generation and its publication; the audio thread stands still."""
        self.generation = int(control["generation"][0])
        self._generation_word: npt.NDArray[np.int64] = control["generation"]
        self._read_word: npt.NDArray[np.int64] = control["read_frames"]
        self._planned_frames = 0
        self._read_before = 0
        self._is_adopted = False

    def begin(self, generation: int, position: int, loop: LoopRange | None) -> None:
        """Butler thread, under the lock. Starts a generation at a position of the song."""
        self.generation = generation
        self.timeline = Timeline(0, position, loop)
        self.is_filling = True
        self._planned_frames = 0
        self._read_before = int(load_acquire(self._read_word, 0))
        self._is_adopted = False

    def publish(self) -> None:
        """Butler thread. Lets the audio thread begin to read."""
        with self.lock:
            self.is_filling = False
        store_release(self._generation_word, 0, self.generation)

    def consumed(self) -> int:
        """Frames of this generation that the audio thread has read, or fewer.

        Until the audio thread has begun the generation its word still counts the one before; it stands still then, so
        the first change shows that the word is about ours.
        """
        if self.is_filling:
            return 0
        read = int(load_acquire(self._read_word, 0))
        if not self._is_adopted:
            if read == self._read_before:
                return 0
            self._is_adopted = True
        return read

    def reserve(self, end: int) -> None:
        """Butler thread, under the lock. Says that rings will hold what the timeline has up to a count."""
        self._planned_frames = max(self._planned_frames, end)

    def change_loop(self, loop: LoopRange | None) -> bool:
        """Control thread, under the lock. Changes the timeline from here on; False where the rings contradict it."""
        if self.timeline is None:
            return True
        read = self.consumed()
        changed = Timeline(read, self.timeline.run(read)[0], loop)
        if not changed.agrees(self.timeline, read, self._planned_frames):
            return False
        self.timeline = changed
        return True
