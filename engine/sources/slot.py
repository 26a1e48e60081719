"""One slot of the rings: a stem, how far its ring is written, and how sound gets into it. Butler thread only."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.atomics import store_release
from engine.sources.sample_file import FloatArray
from engine.sources.stem import StemReader


class Silence:
    """What follows a stem that was removed, until the audio thread has passed the place."""

    position = 0
    has_failed = False

    def seek(self, frame: int) -> None:
        """Moves, which changes nothing."""
        self.position = frame

    def read_into(self, left: FloatArray, right: FloatArray) -> None:
        """Fills both sides with zeros."""
        left.fill(0.0)
        right.fill(0.0)
        self.position += len(left)

    def take_problems(self) -> list[str]:
        """None."""
        return []

    def check_path(self) -> None:
        """There is none."""

    def close(self) -> None:
        """There is nothing to close."""


class RingSlot:
    """A stem's ring (2, capacity) float32 and its words `active` and `written` in the control block.

    `written` counts frames since the generation began. `fits_from` is the count from which the ring holds this stem
    as the timeline says; `retires_at` the count after which a slot that was silenced is no longer active.
    """

    def __init__(self, index: int, ring: FloatArray, control: Any) -> None:
        self.index = index
        self.reader: StemReader | Silence | None = None
        self.written = 0
        self.fits_from = 0
        self.retires_at = 0
        self._ring = ring
        self._mask = ring.shape[1] - 1
        self._active_words: npt.NDArray[np.int64] = control["active"]
        self._written_words: npt.NDArray[np.int64] = control["written"]

    def occupy(self, reader: StemReader | None) -> None:
        """Takes a stem (or none) whose ring is still empty."""
        self.close_reader()
        self.reader = reader
        self.restart()
        store_release(self._active_words, self.index, 0 if reader is None else 1)

    def restart(self) -> None:
        """Empties the ring for a new generation; the audio thread must not be reading."""
        self.fits_from = 0
        self._publish(0)

    def vacate(self) -> None:
        """Gives the stem back; the slot is not read any more."""
        store_release(self._active_words, self.index, 0)
        self.close_reader()

    def close_reader(self) -> None:
        """Closes the stem's files."""
        if self.reader is not None:
            self.reader.close()
            self.reader = None

    def contiguous(self, at: int) -> int:
        """Frames from a count to the place where the ring wraps around."""
        return self._mask + 1 - (at & self._mask)

    def fill(self, position: int, frames: int) -> None:
        """Writes the next frames (no more than are contiguous) from a position of the song."""
        reader = self.reader
        assert reader is not None
        if reader.position != position:
            reader.seek(position)
        start = self.written & self._mask
        reader.read_into(self._ring[0, start : start + frames], self._ring[1, start : start + frames])
        self._publish(self.written + frames)

    def repeat(self, back: int, frames: int) -> None:
        """Writes the next frames (no more than are contiguous) by copying what lies `back` frames before them."""
        target = self.written & self._mask
        done = 0
        while done < frames:
            source = (self.written - back + done) & self._mask
            count = min(frames - done, self._mask + 1 - source)
            self._ring[:, target + done : target + done + count] = self._ring[:, source : source + count]
            done += count
        self._publish(self.written + frames)

    def exchange(
        self, reader: StemReader | Silence, at: int, sound: FloatArray, read: int, fade_in: FloatArray
    ) -> None:
        """Lays the first sound (2, frames) of another stem over the present one from a count on, with a crossfade.

        `read` is how far the audio thread is; an empty slot's ring is silent between there and the new sound.
        """
        silent_from = read if self.reader is None else self.written
        if silent_from < at:
            self._ring[:, np.arange(silent_from, at) & self._mask] = 0.0
        places = np.arange(at, at + sound.shape[1]) & self._mask
        fade_frames = len(fade_in)
        sound[:, :fade_frames] *= fade_in
        if self.reader is not None and self.written >= at + fade_frames:
            sound[:, :fade_frames] += self._ring[:, places[:fade_frames]] * (1.0 - fade_in)
        self._ring[:, places] = sound
        self.close_reader()
        self.reader = reader
        self.fits_from = at + fade_frames
        self.retires_at = at + sound.shape[1]
        self._publish(at + sound.shape[1])
        store_release(self._active_words, self.index, 1)

    def _publish(self, written: int) -> None:
        self.written = written
        store_release(self._written_words, self.index, written)
