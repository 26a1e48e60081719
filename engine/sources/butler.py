"""The butler: the disk thread that keeps every stem's ring full.

    control thread   set_stem, set_loop, locate, close: orders that return at once
    butler thread    step (or run, which steps until it is closed): opens files, decodes, resamples, fills
    audio thread     reads the rings (engine.sources.ring), and nothing else

One step opens one file or fills one piece of one ring, always of the ring that holds least, so slow files cannot
starve the others. Tests and the offline renderer call `step` themselves.

**Jumps.** `locate` begins a generation: rings are emptied, filled from the new position, and the generation is
published when every active slot holds the preroll. **Loops** are written into the rings: at the loop's end the loop's
start follows, sample by sample; rounds that still lie in the ring are copied, so short loops cost no decoding. How
stems come and go while the rest plays: `engine.sources.slots`.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.mix import Stem
from engine.sources.progress import Progress
from engine.sources.slot import RingSlot
from engine.sources.slots import StemNotice, StemSlots
from engine.sources.timeline import LoopRange, Timeline

CONTINUE, WAIT, END = range(3)
"""What a step has done: something, nothing (ask again in a while), the end."""

READ_FRAMES = 16384
"""The most that is read at a time while playing; at least half of it where there is room."""
PREROLL_FRAMES = 16384
"""What every ring must hold before a jump is over: two of the largest device buffers."""

_IDLE_S = 0.05
"""How long it sleeps when there is nothing to do; the rings hold a multiple of it. Orders wake it at once."""
_DUE_S = 0.007
"""How long, where the audio thread comes to a place at which something is due."""
_LOOK_S = 1.0
"""How often the files' paths are looked at."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """One contiguous piece of one ring to be filled. `back` frames before it lies the same sound, if not 0."""

    slot: RingSlot
    frames: int
    position: int
    back: int


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
        capacity = rings.shape[2]
        self._capacity = capacity
        self._most_frames = min(read_frames, capacity // 2)
        self._least_frames = min(read_frames // 2, capacity // 4)
        self._preroll_frames = min(PREROLL_FRAMES, capacity // 2)
        self._clock = clock
        self._next_look_s = clock() + _LOOK_S
        self._is_closed = False
        self._wake = threading.Event()

        self._progress = Progress(control)
        self._slots = StemSlots(
            rings,
            control,
            sample_rate_hz,
            self._progress,
            sound_frames=self._least_frames,
            margin_frames=min(PREROLL_FRAMES, capacity // 4),
        )
        # Written by the control thread, under the lock.
        self._lock = self._progress.lock
        self._stem_orders: deque[tuple[int, Stem | None]] = deque()
        self._locate_order: tuple[int, int] | None = None
        self._asked_generation = self._progress.generation
        self._loop: LoopRange | None = None

    # Control thread.

    def set_stem(self, slot: int, stem: Stem | None) -> None:
        """Control thread. Puts a stem into a slot, or nothing; while playing, see `engine.sources.slots`."""
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
        return max(self._slots.end_frames, default=0)

    @property
    def sides(self) -> tuple[int, ...]:
        """Any thread. For every slot 1 for a mono stem, 2 for a stereo stem, 0 for none (not open, or not yet)."""
        return tuple(self._slots.sides)

    @property
    def full_scales(self) -> tuple[tuple[float, float], ...]:
        """Any thread. For every slot the highest sample that each side's file of integers holds, 0 for any other."""
        return tuple(self._slots.full_scales)

    @property
    def is_settled(self) -> bool:
        """Any thread. Whether all orders are carried out: stems opened, jumps ready."""
        with self._lock:
            ordered = bool(self._stem_orders) or self._locate_order is not None
            return not ordered and not self._progress.is_filling and self._slots.are_settled

    @property
    def is_due(self) -> bool:
        """Any thread. Whether something is to be done as soon as the audio thread comes to its place."""
        return self._slots.are_due

    def take_notices(self) -> list[StemNotice]:
        """Any one thread. What there is to say since the last call."""
        notices = []
        while self._slots.notices:
            notices.append(self._slots.notices.popleft())
        return notices

    # Butler thread.

    def run(self) -> None:
        """Butler thread. Steps until closed, sleeping when there is nothing to do."""
        read = 0
        while (outcome := self.step()) != END:
            if outcome == WAIT:
                before, read = read, self._progress.consumed()
                self._wake.wait(_DUE_S if self.is_due and read != before else _IDLE_S)
                self._wake.clear()

    def step(self) -> int:
        """Butler thread. Opens one file or fills one piece; `CONTINUE`, `WAIT` or `END`."""
        if self._is_closed:
            self._slots.close()
            return END
        self._take_orders()
        self._look_at_files()
        self._slots.follow()
        if not self._slots.are_settled and (self._progress.is_filling or self._holds_enough()):
            self._slots.open_next()
        elif (piece := self._plan()) is not None:
            self._fill(piece)
        elif not self._progress.is_filling:
            return WAIT
        self._publish_generation()
        return CONTINUE

    def _take_orders(self) -> None:
        with self._lock:
            while self._stem_orders:
                self._slots.put(*self._stem_orders.popleft())
            if self._locate_order is None:
                return
            position, generation = self._locate_order
            self._locate_order = None
            self._progress.begin(generation, position, self._loop)
        self._slots.restart()

    def _plan(self) -> _Piece | None:
        """The next piece of the ring that holds least, None where all are full."""
        if not self._slots.used:
            return None
        slot = min(self._slots.used, key=lambda slot: slot.written)
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
        self._slots.collect(piece.slot)

    def _publish_generation(self) -> None:
        """Ends the filling of a generation when every ring holds the preroll."""
        if not self._progress.is_filling or not self._slots.are_settled:
            return
        if all(slot.written >= self._preroll_frames for slot in self._slots.used):
            self._progress.publish()

    def _holds_enough(self) -> bool:
        """Whether no ring is so low that it must be filled before a file is opened."""
        lowest = min((slot.written for slot in self._slots.used), default=None)
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
        self._slots.look_at_files()
