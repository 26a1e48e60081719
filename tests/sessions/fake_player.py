"""A player that notes what it is told, a clock that stands, and a small session, for tests of what drives a player."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from engine.meters.frame import INPUT, MeterFrame
from engine.meters.reader import silent_frame as no_frame
from engine.mix import Mix
from engine.notice import Notice
from engine.player import OutputStatus
from sessions.edits import SetControl
from sessions.model import Session, StripState

SESSION = Session("Song", (StripState("s1", "Vox"), StripState("s2", "Kick")))


def fader(value: float) -> SetControl:
    """An edit of the strip that SESSION begins with."""
    return SetControl("s1", "fader_db", value)


def silent_frame(strips: int = 0, **values) -> MeterFrame:
    return replace(no_frame(strips), **({"length_s": 60.0} | values))


@dataclass
class FakePlayer:
    frame: MeterFrame = field(default_factory=silent_frame)
    status: OutputStatus = field(default_factory=lambda: OutputStatus("device", "fake", 48000, 256))
    mixes: list[Mix] = field(default_factory=list)
    told: list[object] = field(default_factory=list)
    to_say: list[Notice] = field(default_factory=list)
    evidence_begun: list[tuple[tuple[str, ...], int]] = field(default_factory=list)

    def apply(self, mix: Mix) -> None:
        self.mixes.append(mix)

    def play(self) -> None:
        self.told.append("play")

    def stop(self) -> None:
        self.told.append("stop")

    def locate(self, position_s: float) -> None:
        self.told.append(position_s)

    def clear_holds(self, strip_id: str | None = None, stage: int | None = None) -> None:
        self.told.append("clear holds" if stage is None else ("clear holds", strip_id, stage))

    def reset_loudness(self) -> None:
        self.told.append("reset loudness")

    def pause_loudness(self, paused: bool) -> None:
        self.told.append(("pause loudness", paused))

    def begin_evidence(self, strip_ids: Iterable[str], first_stage: int = INPUT) -> None:
        self.evidence_begun.append((tuple(strip_ids), first_stage))

    def read(self) -> MeterFrame:
        return self.frame

    def notices(self) -> list[Notice]:
        said, self.to_say = self.to_say, []
        return said

    def close(self) -> None:
        self.told.append("close")


class Clock:
    """Seconds that pass when a test says so."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s
