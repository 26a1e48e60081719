"""How many frames may be under way to a terminal: never more than it can take without lagging behind the keys.

A pseudo-terminal, sshd and the network hold seconds of output that the program cannot see. So each frame ends with a
question (where is the cursor?), and the answers tell how far the terminal is. The round trip decides how many
unanswered frames are right for the frame rate; a terminal that never answers is sent frames without asking.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Final

QUESTION: Final = "\x1b[6n"
ANSWER_WITHIN_S: Final = 2.0
"""After this time without the first answer the terminal does not answer; later, one more frame is tried."""
_MOST_UNANSWERED: Final = 12
_ROUND_TRIPS_KEPT: Final = 64


class FramePacer:
    """Counts frames and answers. Times are monotonic seconds."""

    def __init__(self, fps: float) -> None:
        self.fps = fps
        self._sent: deque[float] = deque()
        self._round_trips: deque[float] = deque(maxlen=_ROUND_TRIPS_KEPT)
        self._answered = False
        self._asking = True

    @property
    def round_trip_s(self) -> float | None:
        """The shortest time an answer took lately; None before the first one."""
        return min(self._round_trips) if self._round_trips else None

    @property
    def allowed(self) -> int:
        """How many frames may be unanswered."""
        return min(1 + math.ceil((self.round_trip_s or 0.0) * self.fps), _MOST_UNANSWERED)

    def may_send(self, now_s: float) -> bool:
        """Whether another frame may be sent."""
        if not self._asking or len(self._sent) < self.allowed:
            return True
        if now_s - self._sent[-1] < ANSWER_WITHIN_S:
            return False
        if not self._answered:
            self._asking = False
        self._sent.clear()
        return True

    def question(self, now_s: float) -> str:
        """What to end a frame with that is sent now."""
        if not self._asking:
            return ""
        self._sent.append(now_s)
        return QUESTION

    def answered(self, now_s: float) -> None:
        """The terminal has answered the oldest question."""
        self._answered = self._asking = True
        if self._sent:
            self._round_trips.append(now_s - self._sent.popleft())

    def restart(self) -> None:
        """Forget what is under way: the terminal may be another one now."""
        self._sent.clear()
        self._round_trips.clear()
        self._asking = True
        self._answered = False
