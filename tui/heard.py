"""What a solo leaves to be heard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sessions.model import Session, StripState


def heard_with_solo(session: Session) -> frozenset[str]:
    """The strips that sound: all, or with a solo those that are solo (or safe from it), what they feed and what feeds
    them.
    """
    every = frozenset(strip.id for strip in session.strips)
    solo = [strip.id for strip in session.strips if strip.solo]
    if not solo:
        return every
    forward = {strip.id: _fed_by(strip) for strip in session.strips}
    backward: dict[str, list[str]] = defaultdict(list)
    for strip_id, fed in forward.items():
        for other in fed:
            backward[other].append(strip_id)
    safe = {strip.id for strip in session.strips if strip.solo_safe}
    return every & (_reached(solo, forward) | _reached(solo, backward) | safe)


def _fed_by(strip: StripState) -> list[str]:
    outputs = [] if strip.output is None else [strip.output]
    return outputs + [send.to for send in strip.sends if send is not None]


def _reached(start: Iterable[str], ways: Mapping[str, list[str]]) -> set[str]:
    reached, ahead = set(start), list(start)
    while ahead:
        for strip_id in ways.get(ahead.pop(), ()):
            if strip_id not in reached:
                reached.add(strip_id)
                ahead.append(strip_id)
    return reached
