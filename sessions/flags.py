"""Hot and cold flags: the level at every insert input, strip input and send, against what is made for it.

A place is judged by what has sounded there (`engine.meters.frame.Evidence`): by its average, gated, **and** by its
peaks, because an average under-reads what is short. With the operating level T of the processor, all in dBFS:

* OVER: a sample was above full scale
* HOT: the average is more than `hot_db` above T, or the peaks are more than `peak_hot_db` above T + `crest_db`
* COLD: the average is more than `cold_db` below T, and so are the peaks below T + `crest_db`

A state that is reached is left `HYSTERESIS_DB` later, and less than `LEAST_S` of sound says nothing; that it is cold,
less than `LEAST_COLD_S` while a song plays: it may be the noise that is heard before the first note. Sends, returns and
what is on returns are never cold: a little of something is what they are for. What is muted is not judged, nor is what
is made to be driven (a limiter).

What is recorded is judged by the first insert it drives; where there is none, by the window of rule S2 (-18 to -12,
peaks at most -6), after the trim, which is what puts it right. The master as a whole is judged by what leaves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from engine.meters.frame import AFTER_INSERT, AFTER_TRIM, AT_SEND, INPUT, MeterFrame
from sessions.insert import processor
from sessions.model import MASTER_ID, Channel, Session, StripState

State = Literal["quiet", "cold", "ok", "hot", "over"]
"""Nothing has sounded, below the operating level, at it, above it, above full scale."""
Where = Literal["input", "insert", "send"]

TARGET_DBFS: Final = -18.0
"""The average that a strip, a sum or a send should have."""
HYSTERESIS_DB: Final = 0.3
"""Little, because averages of all that has sounded move slowly."""
LEAST_S: Final = 1.0
LEAST_COLD_S: Final = 30.0
"""What has sounded for less (of a short song: a quarter of it) may be what is heard between the notes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a level may lie from the operating level; peaks are allowed to be `crest_db` above it."""

    hot_db: float = 4.0
    cold_db: float = 6.0
    crest_db: float = 12.0
    peak_hot_db: float = 3.0
    is_ever_cold: bool = True


DRIVEN: Final = Limits()
RECORDED: Final = Limits(hot_db=6.0, peak_hot_db=0.05)
"""Peaks are at most what they may be, as it is read in tenths."""
ADDED: Final = Limits(is_ever_cold=False)
"""Of sends and returns."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place that is judged: the input of a strip, an insert (`place` is its slot from 1) or a send (from 0)."""

    strip_id: str
    where: Where
    place: int = 0

    @property
    def stage(self) -> int:
        """The send itself, or the stage after a strip's input; for inserts see `stage_before`."""
        return AT_SEND + self.place if self.where == "send" else AFTER_TRIM


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a point. `by_db` is how far it lies from its target: above it where it is hot, below where cold;
    where it is over, above full scale.
    """

    point: Point
    state: State
    by_db: float
    target_dbfs: float
    average_dbfs: float
    peak_dbfs: float
    by_peaks: bool = False
    """Whether the peaks are what is too high, and not the average."""
    hot_db: float = DRIVEN.hot_db
    """How far above the target the average is hot."""
    is_intended: bool = False
    """Whether somebody has said that it is meant to be so."""
    is_stale: bool = False
    """Whether something before it was changed, and it has not sounded for long enough since."""

    @property
    def is_clipped(self) -> bool:
        """Whether it is over because the file is: no level puts that right."""
        return self.state == "over" and self.by_db <= 0.0

    @property
    def is_hot_too(self) -> bool:
        """Whether the average of what is over is hot as well, which is another thing."""
        return self.state == "over" and self.average_dbfs > self.target_dbfs + self.hot_db

    @property
    def is_about_peaks(self) -> bool:
        """Whether it is the peaks that are wrong, and the average is as it should be."""
        return self.by_peaks or (self.state == "over" and not self.is_hot_too)

    @property
    def words(self) -> str:
        """`HOT by 10.0 dB`, `peaks HOT by 3.0 dB`, `OVER by 1.5 dB, HOT by 10.0 dB`."""
        said = "CLIPPED" if self.is_clipped else f"{self.state.upper()} by {self.by_db:.1f} dB"
        if self.is_hot_too:
            return f"{said}, HOT by {self.average_dbfs - self.target_dbfs:.1f} dB"
        return f"peaks {said}" if self.by_peaks else said

    @property
    def brief(self) -> str:
        """The same where there is little room: `HOT +10.0`, `peaks HOT +3.0`, `OVER +1.5, HOT +10.0`."""
        by_db = -self.by_db if self.state == "cold" else self.by_db
        said = "CLIPPED" if self.is_clipped else f"{self.state.upper()} {by_db:+.1f}"
        if self.is_hot_too:
            return f"{said}, HOT {self.average_dbfs - self.target_dbfs:+.1f}"
        return f"peaks {said}" if self.by_peaks else said

    def now(self, is_intended: bool, is_stale: bool) -> Verdict:
        """The same as it is said now."""
        if (self.is_intended, self.is_stale) == (is_intended, is_stale):
            return self
        return replace(self, is_intended=is_intended, is_stale=is_stale)

    @property
    def is_raised(self) -> bool:
        """Whether there is something to look at."""
        return self.state in ("cold", "hot", "over") and not self.is_intended

    @property
    def is_note(self) -> bool:
        """Whether there would be, if it were not meant to be so."""
        return self.state in ("cold", "hot", "over") and self.is_intended


def points_of(session: Session) -> Iterator[Point]:
    """All that is judged, strip by strip in the order of its path, the master last; what is muted is no part of it."""
    for channel in channels_of(session):
        if channel.mute:
            continue
        yield Point(channel.id, "input")
        for slot in judged_slots(channel):
            yield Point(channel.id, "insert", slot)
        if isinstance(channel, StripState):
            for place, send in enumerate(channel.sends):
                if send is not None and not send.mute:
                    yield Point(channel.id, "send", place)


def channels_of(session: Session) -> tuple[Channel, ...]:
    """The strips and the master, in the order of the rows of a meter frame."""
    return (*session.strips, session.master)


def is_sum(channel: Channel) -> bool:
    """Whether it is a bus, a return or the master."""
    return not isinstance(channel, StripState) or channel.kind != "stem"


def stage_before(channel: Channel, point: Point) -> int:
    """The stage whose level is judged: for an insert, after the insert before it that is not bypassed."""
    if point.where != "insert":
        return point.stage
    before = [slot for slot in active_slots(channel) if slot < point.place]
    return AFTER_INSERT + before[-1] - 1 if before else AFTER_TRIM


def active_slots(channel: Channel) -> list[int]:
    """The slots (from 1) of inserts that are not bypassed."""
    return [slot for slot, insert in enumerate(channel.inserts, start=1) if insert is not None and not insert.bypass]


def judged_slots(channel: Channel) -> list[int]:
    """Those of them whose input is judged."""
    return [slot for slot in active_slots(channel) if not _takes_any_level(channel, slot)]


def _takes_any_level(channel: Channel, slot: int) -> bool:
    insert = channel.insert(slot)
    return insert is not None and processor(insert.kind).takes_any_level


def target_of(channel: Channel, point: Point) -> float:
    """The average that a point should have, in dBFS."""
    insert = channel.insert(point.place) if point.where == "insert" else None
    return TARGET_DBFS if insert is None else processor(insert.kind).operating_level_dbfs


def is_intended(channel: Channel, point: Point) -> bool:
    """Whether somebody has said that this level is meant to be what it is."""
    if point.where == "insert":
        insert = channel.insert(point.place)
        return insert is not None and insert.intended_drive
    if point.where == "send" and isinstance(channel, StripState):
        send = channel.sends[point.place]
        return send is not None and send.intended_drive
    return channel.intended_drive


def limits_of(channel: Channel, point: Point) -> Limits:
    """How far a point may lie from its target."""
    if point.where == "send" or (isinstance(channel, StripState) and channel.kind == "return"):
        return ADDED
    return RECORDED if point.where == "input" and isinstance(channel, StripState) and channel.kind == "stem" else DRIVEN


def judge(
    session: Session, frame: MeterFrame, before: Mapping[Point, Verdict], *, is_whole: bool = False
) -> dict[Point, Verdict]:
    """What is to be said of all points now; `before` is what was said last, and what stays said of those that have not
    sounded for long enough since. `is_whole`: the song has sounded to its end, so nothing else can come.
    """
    evidence = frame.evidence
    rows = {channel.id: (row, channel) for row, channel in enumerate(channels_of(session))}
    verdicts: dict[Point, Verdict] = {}
    least_cold_s = LEAST_S if is_whole else max(min(LEAST_COLD_S, frame.length_s / 4.0), LEAST_S)
    for point in points_of(session):
        row, channel = rows[point.strip_id]
        stage = stage_before(channel, point)
        known = before.get(point)
        intended = is_intended(channel, point)
        if evidence.sounding_s[row, stage] < LEAST_S:
            if known is not None:
                verdicts[point] = known.now(intended, is_stale=True)
            continue
        average, peak = float(evidence.average_dbfs[row, stage]), float(evidence.peak_dbfs[row, stage])
        verdict = verdict_of(channel, point, average, peak, known.state if known is not None else "quiet")
        if point.where == "input" and verdict.state != "over" and _is_clipped(frame, row):
            verdict = replace(verdict, state="over", by_db=0.0, by_peaks=False)
        elif verdict.state == "cold" and evidence.sounding_s[row, stage] < least_cold_s:
            if known is None:
                continue
            verdict = known.now(intended, is_stale=True) if known.state == "cold" else replace(verdict, state="ok")
        verdicts[point] = replace(verdict, is_intended=intended) if intended else verdict
    return verdicts


def _is_clipped(frame: MeterFrame, row: int) -> bool:
    """Whether a file of integers stood at full scale. What was above it in one of floats, the trim may put right."""
    return bool(frame.overs[row, INPUT] > 0 and frame.maxima.at("peak_dbfs", row, INPUT).max() <= 0.0)


def verdict_of(channel: Channel, point: Point, average: float, peak: float, was: State = "quiet") -> Verdict:
    """What is to be said of levels at a point where something `was` said before."""
    target, limits = target_of(channel, point), limits_of(channel, point)
    above, peaks_above = average - target, peak - (target + limits.crest_db)
    slack = HYSTERESIS_DB if was == "hot" else 0.0
    is_hot, has_hot_peaks = above > limits.hot_db - slack, peaks_above > limits.peak_hot_db - slack
    slack = HYSTERESIS_DB if was == "cold" else 0.0
    is_cold = limits.is_ever_cold and max(above, peaks_above) < slack - limits.cold_db
    state: State = "ok"
    by_db, by_peaks = above, False
    if point.where == "input" and judged_slots(channel):
        pass  # its first insert says what there is to say
    elif peak > 0.0:
        state, by_db = "over", peak
    elif point == Point(MASTER_ID, "input"):
        pass  # a mix as a whole is judged by what leaves it
    elif is_hot:
        state = "hot"
    elif has_hot_peaks:
        state, by_db, by_peaks = "hot", peaks_above, True
    elif is_cold:
        state, by_db = "cold", -max(above, peaks_above)
    return Verdict(point, state, by_db, target, average, peak, by_peaks, limits.hot_db)
