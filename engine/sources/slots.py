"""Which stem is in which slot of the rings, and how stems come and go. Butler thread, unless said otherwise.

**A stem exchanged while the rest plays** is opened while the old one goes on, decoded for a place a little ahead of the
audio thread, and laid over the old one there with a short crossfade; the slot's `written` falls back to that place and
catches up. An added stem enters the same way out of silence, and becomes active when it is there; a removed one goes
into silence and becomes inactive then. Nobody ever waits for the exchanged slot. While the transport stands still an
exchange should be followed by a jump, or the old stem is heard for that moment when it starts.
"""

from __future__ import annotations

import contextlib
import resource
from collections import deque
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from engine.core.units import frames_from_seconds
from engine.mix import Stem
from engine.sources.progress import Progress
from engine.sources.regular_file import StemError
from engine.sources.sample_file import FloatArray, new_scratch
from engine.sources.slot import RingSlot, Silence
from engine.sources.stem import StemReader

_CROSSFADE_S = 0.01


@dataclass(frozen=True, slots=True)
class StemNotice:
    """A clear line about the stem in a slot. Errors leave it silent, warnings do not."""

    slot: int
    severity: Literal["warning", "error"]
    text: str


def raise_descriptor_limit() -> None:
    """Lets the process open as many files as it may: 128 pairs need more than the usual 256 to 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class StemSlots:
    """The slots of `rings` (slots, 2, capacity) with their stems, at the engine's rate.

    An exchanged stem is read `margin_frames` ahead of the audio thread, `sound_frames` of it at once.
    """

    def __init__(
        self,
        rings: npt.NDArray[np.float32],
        control: Any,
        sample_rate_hz: int,
        progress: Progress,
        *,
        sound_frames: int,
        margin_frames: int,
    ) -> None:
        raise_descriptor_limit()
        slots, _, self._capacity = rings.shape
        self.used: list[RingSlot] = []
        """Those with a stem, or with the silence that follows one."""
        self.sides = [0] * slots
        """Any thread may read it. For every slot 1 for a mono stem, 2 for a stereo stem, 0 for none."""
        self.full_scales = [(0.0, 0.0)] * slots
        """The same of the highest sample that each side's file holds (`StemReader.full_scales`)."""
        self.end_frames = [0] * slots
        """Any thread may read it. Where the stem of every slot ends."""
        self.notices: deque[StemNotice] = deque()
        """Any one thread may take from it."""
        self._sample_rate_hz = sample_rate_hz
        self._progress = progress
        self._sound_frames = sound_frames
        self._margin_frames = margin_frames
        self._scratch = new_scratch()
        fade = np.arange(min(round(_CROSSFADE_S * sample_rate_hz), sound_frames))
        self._fade_in = (0.5 - 0.5 * np.cos(np.pi * (fade + 0.5) / len(fade))).astype(np.float32)
        self._slots = [RingSlot(index, rings[index], control) for index in range(slots)]
        self._to_open: dict[int, Stem | None] = {}
        self._sides_due: dict[int, tuple[int, int, tuple[float, float]]] = {}
        """By slot the count from which an exchanged stem is heard, its sides and their full scales from then on."""

    @property
    def are_settled(self) -> bool:
        """Whether every stem that was put into a slot has been opened."""
        return not self._to_open

    @property
    def are_due(self) -> bool:
        """Whether something waits for the audio thread to pass a place: an exchanged stem, or a removed one's end."""
        return bool(self._sides_due) or any(isinstance(slot.reader, Silence) for slot in self.used)

    def put(self, index: int, stem: Stem | None) -> None:
        """Puts a stem (or nothing) into a slot, to be opened when its turn comes."""
        self._to_open[index] = stem

    def restart(self) -> None:
        """Empties all rings for a new generation; the audio thread must not be reading."""
        for slot in self.used:
            slot.restart()
            if isinstance(slot.reader, Silence):
                slot.vacate()
        self._count_used()

    def follow(self) -> None:
        """Does what is due where the audio thread has come to."""
        self._change_sides()
        self._retire_silences()

    def look_at_files(self) -> None:
        """Looks whether the files are still there and as they were."""
        for slot in self.used:
            if slot.reader is not None:
                slot.reader.check_path()
                self.collect(slot)

    def collect(self, slot: RingSlot) -> None:
        """Takes what there is to say of the stem in a slot."""
        self._tell(slot.index, slot.reader)

    def close(self) -> None:
        """Closes all files."""
        for slot in self._slots:
            slot.close_reader()

    def open_next(self) -> None:
        """Opens the stem that waits for longest, and lets it be heard."""
        index = next(iter(self._to_open))
        slot, reader = self._slots[index], self._open(index, self._to_open[index])
        sides = 0 if reader is None else 1 if reader.is_mono else 2
        full_scales = (0.0, 0.0) if reader is None else reader.full_scales
        was_heard = slot.reader is not None and not isinstance(slot.reader, Silence)
        self._sides_due.pop(index, None)
        if self._progress.timeline is None or self._progress.is_filling:
            slot.occupy(reader)
        elif reader is not None or slot.reader is not None:
            self._exchange(slot, reader or Silence())
        if was_heard and not self._progress.is_filling and self._progress.timeline is not None:
            self._sides_due[index] = (slot.fits_from, sides, full_scales)
        else:
            self.sides[index], self.full_scales[index] = sides, full_scales
        self.end_frames[index] = 0 if reader is None else reader.end_frame
        self._count_used()
        # Last: who asks whether stems are settled finds them so when all about them is known.
        del self._to_open[index]

    def _tell(self, index: int, reader: StemReader | Silence | None) -> None:
        if reader is None:
            return
        for problem in reader.take_problems():
            self.notices.append(StemNotice(index, "error" if reader.has_failed else "warning", problem))

    def _change_sides(self) -> None:
        """A stem that replaces another is panned as what it is from where it is heard, not from where it is opened."""
        for index, (count, sides, full_scales) in list(self._sides_due.items()):
            if self._progress.is_filling or self._progress.consumed() >= count:
                self.sides[index], self.full_scales[index] = sides, full_scales
                del self._sides_due[index]

    def _retire_silences(self) -> None:
        if self._progress.is_filling:
            return
        silent = [slot for slot in self.used if isinstance(slot.reader, Silence)]
        if silent:
            read = self._progress.consumed()
            for slot in silent:
                if read >= slot.retires_at:
                    slot.vacate()
            self._count_used()

    def _count_used(self) -> None:
        self.used = [slot for slot in self._slots if slot.reader is not None]

    def _open(self, index: int, stem: Stem | None) -> StemReader | None:
        if stem is None or stem.path is None:
            return None
        try:
            reader = StemReader(
                stem.path,
                rate_out_hz=self._sample_rate_hz,
                channel=stem.channel,
                right_path=stem.right_path,
                start_frame=frames_from_seconds(stem.start_s, self._sample_rate_hz),
                scratch=self._scratch,
            )
        except StemError as error:
            self.notices.append(StemNotice(index, "error", str(error)))
            return None
        self._tell(index, reader)
        return reader

    def _exchange(self, slot: RingSlot, reader: StemReader | Silence) -> None:
        """Lays a stem over the present one, a little ahead of the audio thread."""
        sound = np.empty((2, self._sound_frames), np.float32)
        margin = self._margin_frames
        while True:
            at = self._read_ahead(reader, margin, sound)
            # A slow file or a large device buffer may have let the audio thread come too near.
            if at - self._progress.consumed() >= margin // 2 or margin >= self._capacity // 2:
                break
            margin *= 2
        self._tell(slot.index, reader)
        slot.exchange(reader, at, sound, self._progress.consumed(), self._fade_in)

    def _read_ahead(self, reader: StemReader | Silence, margin: int, sound: FloatArray) -> int:
        """Reads what a stem sounds like a margin ahead of the audio thread; returns the count of that place."""
        frames = sound.shape[1]
        with self._progress.lock:
            timeline = self._progress.timeline
            at = self._progress.consumed() + margin
            self._progress.reserve(at + frames)
        assert timeline is not None
        done = 0
        while done < frames:
            position, run = timeline.run(at + done)
            count = min(run, frames - done)
            reader.seek(position)
            reader.read_into(sound[0, done : done + count], sound[1, done : done + count])
            done += count
        return at
