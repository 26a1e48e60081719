"""Which frame of the song lies at which place of the rings: a straight run, or rounds of a loop."""

from __future__ import annotations

from dataclasses import dataclass

NEVER = 1 << 62


@dataclass(frozen=True, slots=True)
class LoopRange:
    """A loop in frames of the song; the end is the first frame that is not played. An empty one does not loop."""

    start_frame: int
    end_frame: int

    @property
    def frames(self) -> int:
        """Length of one round, 0 for a range that cannot loop."""
        return max(self.end_frame - self.start_frame, 0)


@dataclass(frozen=True, slots=True)
class Timeline:
    """From `anchor` (a count of ring frames) on, the song is at `position`.

    It loops while it is before the loop's end; from the end or behind it, it plays on without looping.
    """

    anchor: int
    position: int
    loop: LoopRange | None = None

    @property
    def _first_seam(self) -> int:
        """The count at which the loop's start follows its end for the first time."""
        loop = self.loop
        if loop is None or loop.frames == 0 or self.position >= loop.end_frame:
            return NEVER
        return self.anchor + loop.end_frame - self.position

    @property
    def rounds_from(self) -> int:
        """The count from which one round of the loop follows another, `NEVER` without a loop ahead."""
        if self.loop is None or self._first_seam == NEVER:
            return NEVER
        return self.anchor + max(self.loop.start_frame - self.position, 0)

    def run(self, count: int) -> tuple[int, int]:
        """The frame of the song at a count (not before the anchor), and how many frames follow it without a jump."""
        seam = self._first_seam
        if count < seam or self.loop is None:
            return self.position + count - self.anchor, seam - count
        inside = (count - seam) % self.loop.frames
        return self.loop.start_frame + inside, self.loop.frames - inside

    def agrees(self, other: Timeline, first: int, end: int) -> bool:
        """Whether both say the same for all counts from `first` up to `end`."""
        while first < end:
            position, run = self.run(first)
            other_position, other_run = other.run(first)
            if position != other_position:
                return False
            first += min(run, other_run)
        return True
