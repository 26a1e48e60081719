"""Moves of several strips together: by the same dB each, so that the differences between them stay.

The whole move ends where the first strip has reached an end of its range: the others wait for it there, and no
difference is lost. A fader that is off has no difference to the others; it stays off and holds nobody up.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from engine.core.params import FADER, TRIM, ParamSpec
from sessions.model import Session
from sessions.stored import stored
from sessions.values import SessionError

LINKED_CONTROLS: Final[Mapping[str, ParamSpec]] = MappingProxyType({spec.id: spec for spec in (TRIM, FADER)})
"""What moves together."""


def linked_with(session: Session, strip_ids: Collection[str]) -> tuple[str, ...]:
    """These strips and all that are in a linked group with one of them."""
    found = dict.fromkeys(strip_ids)
    for group in session.link_groups:
        if not found.keys().isdisjoint(group.members):
            found |= dict.fromkeys(group.members)
    return tuple(found)


def moved(session: Session, strip_ids: Collection[str], spec: ParamSpec, delta_db: float) -> Session:
    """The session with a control of these strips moved by the same dB, as far as all of them can go."""
    if math.isnan(delta_db):
        raise SessionError("delta_db=nan is not a number")
    channels = [session.channel(strip_id) for strip_id in strip_ids]
    values = {channel.id: getattr(channel, spec.id) for channel in channels}
    moving = [value for value in values.values() if math.isfinite(value)]
    if not moving:
        return session
    delta_db = max(min(delta_db, spec.maximum - max(moving)), spec.minimum - min(moving))
    return session.with_channels(
        msgspec.structs.replace(channel, **{spec.id: stored(spec, values[channel.id] + delta_db)})
        for channel in channels
        if math.isfinite(values[channel.id])
    )
