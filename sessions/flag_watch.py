"""The flags of a session that plays: kept up to date from reading to reading.

A change makes what was heard before it worthless for all that lies behind it, so the evidence there begins anew. What
was said stays said until there is new evidence, or until the song has played for a while without any.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from engine.meters.frame import AFTER_FADER, INPUT, Evidence, MeterFrame
from engine.routing import destinations
from sessions.flags import LEAST_S, Point, Verdict, channels_of, is_intended, is_sum, judge, points_of, stage_before
from sessions.model import MASTER_ID, Channel, Session, StripState

_STALE_S: Final = 10.0
_LONGEST_STEP_S: Final = 1.0
_AFTER_INSERTS: Final = ("fader_db", "pan_percent", "mute", "solo", "solo_safe", "output", "sends")
_NOT_HEARD: Final = ("name", "listen", "intended_drive")


class FlagWatch:
    """What is said of every point, in the order of the strips and their paths."""

    def __init__(self) -> None:
        self._verdicts: Mapping[Point, Verdict] = MappingProxyType({})
        self._evidence: Evidence | None = None
        self._taken_s = self._played_s = 0.0
        """When a reading was taken, and for how long the song has played by then."""
        self._changed_s: dict[str, float] = {}
        """For how long it had when something was changed that a strip hears."""

    @property
    def verdicts(self) -> Mapping[Point, Verdict]:
        """By point; one that has never sounded has none. Another object whenever something was judged."""
        return self._verdicts

    def follow(self, before: Session, after: Session) -> dict[int, tuple[str, ...]]:
        """By stage the strips (and the master) whose evidence has to begin anew from there on after a change of the
        session: from the input, or where the inserts hear nothing of it from the fader.
        """
        known = {channel.id: channel for channel in channels_of(before)}
        touched: set[str] = set()
        faded: set[str] = set()
        for channel in channels_of(after):
            old = known.get(channel.id)
            if old is channel:
                continue
            if old is None or _without(old, _AFTER_INSERTS) != _without(channel, _AFTER_INSERTS):
                touched.add(channel.id)
            elif _is_heard(old, channel):
                faded.add(channel.id)
            if old is None or _is_heard(old, channel):
                touched |= behind(after, channel)
                if old is not None:
                    touched |= behind(before, old)
        if before.pan_law != after.pan_law or set(known) - {channel.id for channel in channels_of(after)}:
            touched |= {channel.id for channel in channels_of(after) if is_sum(channel)}
        if before.pan_law != after.pan_law:
            faded |= set(known)
        self.forget(touched | faded)
        kept = _still_true(self._verdicts, before, after)
        self._verdicts = MappingProxyType(
            {
                point: verdict.now(verdict.is_intended, is_stale=True)
                if point.strip_id in touched or (point.where == "send" and point.strip_id in faded)
                else verdict
                for point, verdict in kept.items()
            }
        )
        begun = {INPUT: touched, AFTER_FADER: faded - touched}
        ids = [channel.id for channel in channels_of(after)]
        return {stage: tuple(one for one in ids if one in strip_ids) for stage, strip_ids in begun.items() if strip_ids}

    def forget(self, strip_ids: set[str]) -> None:
        """The evidence of some strips begins anew."""
        self._changed_s |= dict.fromkeys(strip_ids, self._played_s)

    def clear(self, strip_id: str | None = None) -> None:
        """What was over, in a strip or anywhere, is not said any more: it has been seen."""
        left = {
            point: verdict
            for point, verdict in self._verdicts.items()
            if verdict.state != "over" or strip_id not in (None, point.strip_id)
        }
        self._verdicts = MappingProxyType(left)

    def take(self, session: Session, frame: MeterFrame, now_s: float) -> None:
        """Take in a reading at a (monotonic) time."""
        if frame.playing:
            self._played_s += min(now_s - self._taken_s, _LONGEST_STEP_S)
        self._taken_s = now_s
        if frame.evidence is self._evidence or len(frame.evidence.sounding_s) <= len(session.strips):
            return
        self._evidence = frame.evidence
        before = self._verdicts
        rows = {channel.id: (row, channel) for row, channel in enumerate(channels_of(session))}
        has_solo = any(strip.solo for strip in session.strips)
        verdicts: dict[Point, Verdict] = {}
        for point, verdict in judge(session, frame, before).items():
            row, channel = rows[point.strip_id]
            is_heard = frame.evidence.sounding_s[row, stage_before(channel, point)] >= LEAST_S
            if not is_heard and self._played_s - self._changed_s.get(point.strip_id, self._played_s) > _STALE_S:
                continue
            # While something is solo, a sum lacks the rest.
            keeps = has_solo and is_sum(channel)
            verdicts[point] = before.get(point, verdict) if keeps else verdict
        self._verdicts = MappingProxyType(verdicts)


def _still_true(verdicts: Mapping[Point, Verdict], before: Session, after: Session) -> dict[Point, Verdict]:
    """What was said of places that are still there, with what is meant to be so now."""
    old, new = ({channel.id: channel for channel in channels_of(session)} for session in (before, after))
    kept = {}
    for point in points_of(after):
        verdict, was = verdicts.get(point), old.get(point.strip_id)
        if verdict is None or was is None or _occupant(was, point) != _occupant(new[point.strip_id], point):
            continue
        intended = is_intended(new[point.strip_id], point)
        kept[point] = verdict.now(intended, verdict.is_stale)
    return kept


def _occupant(channel: Channel, point: Point) -> str | None:
    """What is at a place: the kind of an insert."""
    insert = channel.insert(point.place) if point.where == "insert" else None
    return insert.kind if insert is not None else None


def _is_heard(old: Channel, new: Channel) -> bool:
    return _without(old, ()) != _without(new, ())


def _without(channel: Channel, fields: tuple[str, ...]) -> tuple[object, ...]:
    left_out = (*_NOT_HEARD, *fields)
    values: dict[str, object] = {key: getattr(channel, key) for key in channel.__struct_fields__ if key not in left_out}
    for key in ("inserts", "sends"):
        if key in values:
            values[key] = tuple(
                None if slot is None else msgspec.structs.replace(slot, intended_drive=False)
                for slot in getattr(channel, key)
            )
    return tuple(values.values())


def behind(session: Session, channel: Channel) -> set[str]:
    """All sums that something of a strip reaches, the master included."""
    if not isinstance(channel, StripState):
        return set()
    strips = {strip.id: strip for strip in session.strips}
    reached: set[str] = {MASTER_ID}
    waiting = list(destinations(channel))
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.add(one)
            waiting += destinations(strips[one]) if one in strips else ()
    return reached
