"""The butler: the disk thread that keeps every stem's ring full.

    control thread   set_stem, set_loop, locate, close: orders that return at once
    butler thread    step (or run, which steps until it is closed): opens files, decodes, resamples, fills
    audio thread     reads the rings (engine.sources.ring), and nothing else

One step opens one file or fills one piece of one ring, always of the ring that holds least, so slow files cannot
starve the others. Tests and the offline renderer call `step` themselves.

**Jumps.** `locate` begins a generation: rings are emptied, filled from the new position, and the generation is
published when every active slot holds the preroll. **Loops** are written into the rings: at the loop's end the loop's
start follows, sample by sample; rounds that still lie in the ring are copied, so short loops cost no decoding.
**A stem exchanged while the rest plays** is opened while the old one goes on, decoded for a place a little ahead of the
audio thread, and laid over the old one there with a short crossfade; the slot's `written` falls back to that place and
catches up. An added stem enters the same way out of silence, and becomes active when it is there; a removed one goes
into silence and becomes inactive then. Nobody ever waits for the exchanged slot. While the transport stands still an
exchange should be followed by a `locate`, or the old stem is heard for that moment when it starts.
"""

from __future__ import annotations

import contextlib
import resource
import threading
import time
from collections import deque
from collections.abc import Callable
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
from engine.sources.timeline import LoopRange, Timeline

CONTINUE, WAIT, END = range(3)
"""What a step has done: something, nothing (ask again in a few milliseconds), the end."""

READ_FRAMES = 16384
"""The most that is read at a time while playing; at least half of it where there is room."""
OFFLINE_READ_FRAMES = 65536
PREROLL_FRAMES = 16384
"""What every ring must hold before a jump is over: two of the largest device buffers."""

_CROSSFADE_S = 0.01
_IDLE_S = 0.007
_LOOK_S = 1.0
"""How often the files' paths are looked at."""


@dataclass(frozen=True, slots=True)
class StemNotice:
    """A clear line about the stem in a slot. Errors leave it silent, warnings do not."""

    slot: int
    severity: Literal["warning", "error"]
    text: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """One contiguous piece of one ring to be filled. `back` frames before it lies the same sound, if not 0."""

    slot: RingSlot
    frames: int
    position: int
    back: int


def raise_descriptor_limit() -> None:
    """Lets the process open as many files as it may: 128 pairs need more than the usual 256 to 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Butler:
    """Fills `rings` (slots, 2, capacity) float32 through `control` (a `RING_CONTROL` record) at the engine's rate."""

    def __init__(
        self,
        rings: npt.NDArray[np.float32],
        control: Any,
        sample_rate_hz: int,
        *,
        read_frames: int = READ_FRAMES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        raise_descriptor_limit()
        slots, _, capacity = rings.shape
        self.sample_rate_hz = sample_rate_hz
        self._capacity = capacity
        self._most_frames = min(read_frames, capacity // 2)
        self._least_frames = min(read_frames // 2, capacity // 4)
        self._preroll_frames = min(PREROLL_FRAMES, capacity // 2)
        self._margin_frames = min(PREROLL_FRAMES, capacity // 4)
        self._clock = clock
        self._next_look_s = clock() + _LOOK_S
        self._scratch = new_scratch()
        fade = np.arange(min(round(_CROSSFADE_S * sample_rate_hz), self._least_frames))
        self._fade_in = (0.5 - 0.5 * np.cos(np.pi * (fade + 0.5) / len(fade))).astype(np.float32)

        self._slots = [RingSlot(index, rings[index], control) for index in range(slots)]
        self._used: list[RingSlot] = []
        self._to_open: dict[int, Stem | None] = {}
        self._is_closed = False
        self._sides = [0] * slots
        self._sides_due: dict[int, tuple[int, int]] = {}
        """By slot the count from which an exchanged stem is heard, and its sides from then on."""
        self._end_frames = [0] * slots
        self._notices: deque[StemNotice] = deque()
        self._wake = threading.Event()

        self._progress = Progress(control)
        # Written by the control thread, under the lock.
        self._lock = self._progress.lock
        self._stem_orders: deque[tuple[int, Stem | None]] = deque()
        self._locate_order: tuple[int, int] | None = None
        self._asked_generation = self._progress.generation
        self._loop: LoopRange | None = None

    # Control thread.

    def set_stem(self, slot: int, stem: Stem | None) -> None:
        """Control thread. Puts a stem into a slot, or nothing; see the module's text on exchanges while playing."""
        with self._lock:
            self._stem_orders.append((slot, stem))
        self._wake.set()

    def locate(self, position_frames: int, generation: int | None = None) -> int:
        """Control thread. Refills all rings from a position; the audio thread must have stopped reading.

        Returns the generation that is published when they are ready: the one given (higher than any before), or the
        next. Stems set before it are part of it; a later jump replaces one that is not ready yet.
        """
        with self._lock:
            self._asked_generation = self._asked_generation + 1 if generation is None else generation
            self._locate_order = (position_frames, self._asked_generation)
            asked = self._asked_generation
        self._wake.set()
        return asked

    def set_loop(self, loop: LoopRange | None) -> bool:
        """Control thread. Loops a range from now on, or no longer.

        True when the rings already hold material that the new loop makes wrong: it then takes effect with the next
        `locate`, which the caller does at once at the present position. False when it is in effect.
        """
        with self._lock:
            self._loop = loop
            return self._locate_order is None and not self._progress.change_loop(loop)

    def close(self) -> None:
        """Control thread. Makes the next step close all files and answer `END`."""
        self._is_closed = True
        self._wake.set()

    @property
    def length_frames(self) -> int:
        """Any thread. Where the last of the stems that could be opened ends."""
        return max(self._end_frames, default=0)

    @property
    def sides(self) -> tuple[int, ...]:
        """Any thread. For every slot 1 for a mono stem, 2 for a stereo stem, 0 for none (not open, or not yet)."""
        return tuple(self._sides)

    def take_notices(self) -> list[StemNotice]:
        """Any one thread. What there is to say since the last call."""
        notices = []
        while self._notices:
            notices.append(self._notices.popleft())
        return notices

    # Butler thread.

    def run(self) -> None:
        """Butler thread. Steps until closed, sleeping a few milliseconds when there is nothing to do."""
        while (outcome := self.step()) != END:
            if outcome == WAIT:
                self._wake.wait(_IDLE_S)
                self._wake.clear()

    def step(self) -> int:
        """Butler thread. Opens one file or fills one piece; `CONTINUE`, `WAIT` or `END`."""
        if self._is_closed:
            for slot in self._slots:
                slot.close_reader()
            return END
        self._take_orders()
        self._look_at_files()
        self._change_sides()
        self._retire_silences()
        if self._to_open and (self._progress.is_filling or self._holds_enough()):
            self._open_next()
        elif (piece := self._plan()) is not None:
            self._fill(piece)
        elif not self._progress.is_filling:
            return WAIT
        self._publish_generation()
        return CONTINUE

    def _take_orders(self) -> None:
        with self._lock:
            while self._stem_orders:
                index, stem = self._stem_orders.popleft()
                self._to_open[index] = stem
            if self._locate_order is None:
                return
            position, generation = self._locate_order
            self._locate_order = None
            self._progress.begin(generation, position, self._loop)
        for slot in self._used:
            slot.restart()
            if isinstance(slot.reader, Silence):
                slot.vacate()
        self._count_used()

    def _plan(self) -> _Piece | None:
        """The next piece of the ring that holds least, None where all are full."""
        if not self._used:
            return None
        slot = min(self._used, key=lambda slot: slot.written)
        at = slot.written
        with self._lock:
            timeline = self._progress.timeline
            room = self._capacity - (at - self._progress.consumed())
            if timeline is None or room < self._least_frames:
                return None
            frames = min(room, self._most_frames, slot.contiguous(at))
            position, run = timeline.run(at)
            back = self._rounds_before(slot, timeline)
            frames = min(frames, back or run)
            self._progress.reserve(at + frames)
        return _Piece(slot, frames, position, back)

    def _rounds_before(self, slot: RingSlot, timeline: Timeline) -> int:
        """Whole rounds of the loop, in frames, that lie in the ring just before the next place; else 0."""
        if timeline.loop is None:
            return 0
        at = slot.written
        oldest = max(slot.fits_from, timeline.rounds_from, at + self._most_frames - self._capacity)
        return max(at - oldest, 0) // timeline.loop.frames * timeline.loop.frames if timeline.loop.frames else 0

    def _fill(self, piece: _Piece) -> None:
        if piece.back:
            piece.slot.repeat(piece.back, piece.frames)
            return
        piece.slot.fill(piece.position, piece.frames)
        self._collect(piece.slot.index, piece.slot.reader)

    def _collect(self, index: int, reader: StemReader | Silence | None) -> None:
        if reader is None:
            return
        for problem in reader.take_problems():
            self._notices.append(StemNotice(index, "error" if reader.has_failed else "warning", problem))

    def _publish_generation(self) -> None:
        """Ends the filling of a generation when every ring holds the preroll."""
        if not self._progress.is_filling or self._to_open:
            return
        if all(slot.written >= self._preroll_frames for slot in self._used):
            self._progress.publish()

    def _holds_enough(self) -> bool:
        """Whether no ring is so low that it must be filled before a file is opened."""
        lowest = min((slot.written for slot in self._used), default=None)
        return (
            self._progress.timeline is None
            or lowest is None
            or lowest - self._progress.consumed() >= self._preroll_frames
        )

    def _look_at_files(self) -> None:
        now = self._clock()
        if now < self._next_look_s:
            return
        self._next_look_s = now + _LOOK_S
        for slot in self._used:
            if slot.reader is not None:
                slot.reader.check_path()
                self._collect(slot.index, slot.reader)

    def _change_sides(self) -> None:
        """A stem that replaces another is panned as what it is from where it is heard, not from where it is opened."""
        for index, (count, sides) in list(self._sides_due.items()):
            if self._progress.is_filling or self._progress.consumed() >= count:
                self._sides[index] = sides
                del self._sides_due[index]

    def _retire_silences(self) -> None:
        if self._progress.is_filling:
            return
        silent = [slot for slot in self._used if isinstance(slot.reader, Silence)]
        if silent:
            read = self._progress.consumed()
            for slot in silent:
                if read >= slot.retires_at:
                    slot.vacate()
            self._count_used()

    def _count_used(self) -> None:
        self._used = [slot for slot in self._slots if slot.reader is not None]

    # Stems come and go.

    def _open_next(self) -> None:
        index = next(iter(self._to_open))
        slot, reader = self._slots[index], self._open(index, self._to_open.pop(index))
        sides = 0 if reader is None else 1 if reader.is_mono else 2
        was_heard = slot.reader is not None and not isinstance(slot.reader, Silence)
        self._sides_due.pop(index, None)
        if self._progress.timeline is None or self._progress.is_filling:
            slot.occupy(reader)
        elif reader is not None or slot.reader is not None:
            self._exchange(slot, reader or Silence())
        if was_heard and not self._progress.is_filling and self._progress.timeline is not None:
            self._sides_due[index] = (slot.fits_from, sides)
        else:
            self._sides[index] = sides
        self._end_frames[index] = 0 if reader is None else reader.end_frame
        self._count_used()

    def _open(self, index: int, stem: Stem | None) -> StemReader | None:
        if stem is None or stem.path is None:
            return None
        try:
            reader = StemReader(
                stem.path,
                rate_out_hz=self.sample_rate_hz,
                channel=stem.channel,
                right_path=stem.right_path,
                start_frame=frames_from_seconds(stem.start_s, self.sample_rate_hz),
                scratch=self._scratch,
            )
        except StemError as error:
            self._notices.append(StemNotice(index, "error", str(error)))
            return None
        self._collect(index, reader)
        return reader

    def _exchange(self, slot: RingSlot, reader: StemReader | Silence) -> None:
        """Lays a stem over the present one, a little ahead of the audio thread."""
        sound = np.empty((2, self._least_frames), np.float32)
        margin = self._margin_frames
        while True:
            at = self._read_ahead(reader, margin, sound)
            # A slow file or a large device buffer may have let the audio thread come too near.
            if at - self._progress.consumed() >= margin // 2 or margin >= self._capacity // 2:
                break
            margin *= 2
        self._collect(slot.index, reader)
        slot.exchange(reader, at, sound, self._progress.consumed(), self._fade_in)

    def _read_ahead(self, reader: StemReader | Silence, margin: int, sound: FloatArray) -> int:
        """Reads what a stem sounds like a margin ahead of the audio thread; returns the count of that place."""
        frames = sound.shape[1]
        with self._lock:
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
