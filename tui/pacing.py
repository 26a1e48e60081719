"""How many frames may be under way to a terminal: never more than it can take without lagging behind the keys.

A pseudo-terminal, sshd and the network hold seconds of output that the program cannot see. So each frame ends with a
question (where is the cursor?), and the answers tell how far the terminal is. As many unanswered frames are right as
are sent within one round trip; a terminal that never answers is sent frames without asking. One that has always
answered at once is near, and is asked with some frames only: questions have their price on both sides.

The round trip that counts is that of the way, not of what waits on it: only a frame that was sent while no other was
under way tells it. Where there always is one, a gap is made now and then, for else each frame that waits would make the
way look longer and let one more frame wait.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from dataclasses import dataclass
from typing import Final

QUESTION: Final = "\x1b[6n"
"""Where is the cursor? It is put somewhere else each time, so that each answer tells which question it is for."""
ANSWER_WITHIN_S: Final = 2.0
"""After this time without the first answer the terminal does not answer; later, one more frame is tried."""
MEASURE_EVERY_S: Final = 5.0
"""How often a round trip with nothing else under way is wanted."""
_MOST_UNANSWERED: Final = 12
_PLACES: Final = 9
"""Rows and columns the cursor is put on in turn: 81 questions until the first comes again."""
_ROUND_TRIPS_KEPT: Final = 32
_NEAR_FRAMES: Final = 0.5
_NEAR_EVERY: Final = 4
"""A terminal all of whose last answers took less of a frame's time is asked with each so manyth frame."""
_NEAR_CHARACTERS: Final = 4000
"""And with one that makes so much together with those that did not ask."""


@dataclass(frozen=True, slots=True)
class _Question:
    """A question under way: where the cursor was put, when, and whether no other was under way."""

    place: tuple[int, int]
    at_s: float
    alone: bool


class FramePacer:
    """Counts frames and answers. Times are monotonic seconds. Answers may come from another thread, at any moment."""

    def __init__(self, fps: float) -> None:
        self.fps = fps
        self._lock = threading.Lock()
        self._sent: deque[_Question] = deque(maxlen=_PLACES**2)
        self._round_trips: deque[float] = deque(maxlen=_ROUND_TRIPS_KEPT)
        self._asked = self._unasked = self._unasked_characters = 0
        self._is_near = False
        self._measured_s = -math.inf
        self._asking = True
        self._answered = False

    @property
    def round_trip_s(self) -> float | None:
        """The shortest time an answer took lately with nothing else under way; None before the first one."""
        return min(self._round_trips) if self._round_trips else None

    @property
    def allowed(self) -> int:
        """How many frames may be unanswered."""
        return min(1 + math.floor((self.round_trip_s or 0.0) * self.fps), _MOST_UNANSWERED)

    def may_send(self, now_s: float) -> bool:
        """Whether another frame may be sent."""
        with self._lock:
            return self._may_send(now_s)

    def _may_send(self, now_s: float) -> bool:
        under_way = len(self._sent)
        if not self._asking or not under_way:
            return True
        if under_way < self.allowed and now_s - self._measured_s < MEASURE_EVERY_S:
            return True
        if now_s - self._sent[-1].at_s < ANSWER_WITHIN_S:
            return False
        if not self._answered:
            self._asking = False
        return True

    def question(self, now_s: float, characters: int = 0) -> str:
        """What to end a frame of so many characters with that is sent now."""
        if not self._asking:
            return ""
        self._unasked += 1
        self._unasked_characters += characters
        is_little = self._unasked < _NEAR_EVERY and self._unasked_characters < _NEAR_CHARACTERS
        if self._is_near and not self._sent and is_little:
            return ""
        self._unasked = self._unasked_characters = 0
        self._asked = (self._asked + 1) % _PLACES**2
        row, column = divmod(self._asked, _PLACES)
        with self._lock:
            self._sent.append(_Question((row, column), now_s, alone=not self._sent))
        return f"\x1b[{row + 1};{column + 1}H{QUESTION}"

    def answered(self, row: int, column: int, now_s: float) -> None:
        """The terminal has said where its cursor is, counted from 0: it has taken all frames up to that question."""
        with self._lock:
            self._answered_at((row, column), now_s)

    def _answered_at(self, place: tuple[int, int], now_s: float) -> None:
        index = next((index for index, sent in enumerate(self._sent) if sent.place == place), None)
        if index is None:  # from before a restart
            return
        self._answered = self._asking = True
        question = self._sent[index]
        for _ in range(index + 1):
            self._sent.popleft()
        if question.alone:
            self._round_trips.append(now_s - question.at_s)
            self._is_near = max(self._round_trips) * self.fps < _NEAR_FRAMES
            self._measured_s = now_s

    def restart(self) -> None:
        """Forget what is under way: the terminal may be another one now."""
        with self._lock:
            self._sent.clear()
            self._round_trips.clear()
            self._measured_s = -math.inf
            self._asking = True
            self._answered = self._is_near = False
