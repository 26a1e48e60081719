"""Where strips go: the graph of a mix, as plain values. For the engine's planner and for whoever edits a mix.

Every strip has one output and up to four sends; sums are buses, returns and the master. A signal never goes in a
circle. Groups (buses and returns) are rendered level by level: a group lies on a level above everything that feeds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from engine.mix import MASTER_ID, Mix

MAX_LEVELS = 6
"""Groups may feed groups that often."""


class RoutingError(ValueError):
    """A route that cannot be, in one clear line."""


class SendLike(Protocol):
    """A send of whatever keeps it."""

    @property
    def to(self) -> str:
        """The id of a bus or return."""


class StripLike(Protocol):
    """A strip of whatever keeps it."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def output(self) -> str | None: ...  # noqa: D102
    @property
    def sends(self) -> Sequence[SendLike | None]: ...  # noqa: D102


def destinations(strip: StripLike) -> Iterator[str]:
    """The ids that a strip feeds, its output first."""
    if strip.output is not None:
        yield strip.output
    for send in strip.sends:
        if send is not None:
            yield send.to


def levels(strips: Iterable[StripLike]) -> dict[str, int]:
    """The level of every bus and return, from 0: one more than the highest of the groups that feed it.

    Raises RoutingError for a route to something that is no sum, for a circle (it names the path) and for groups that
    feed groups more than `MAX_LEVELS` deep.
    """
    known = {strip.id: strip for strip in strips}
    feeders: dict[str, list[str]] = {one.id: [] for one in known.values() if one.kind in ("bus", "return")}
    for strip in known.values():
        for to in destinations(strip):
            if to == MASTER_ID:
                continue
            if to not in feeders:
                what = f'"{known[to].name}" is a stem strip' if to in known else f'there is no strip "{to}"'
                raise RoutingError(f'"{strip.name}" cannot be sent there: {what}')
            if strip.id in feeders:
                feeders[to].append(strip.id)
    found: dict[str, int] = {}
    for group in feeders:
        _level_of(group, feeders, found, [], known)
    for group, level in found.items():
        if level >= MAX_LEVELS:
            raise RoutingError(f'"{known[group].name}" is fed by groups of groups more than {MAX_LEVELS} deep')
    return found


def _level_of(
    group: str,
    feeders: Mapping[str, list[str]],
    found: dict[str, int],
    path: list[str],
    known: Mapping[str, StripLike],
) -> int:
    if group in path:
        circle = [*path[path.index(group) :], group]
        names = " → ".join(f'"{known[one].name}"' for one in reversed(circle))
        raise RoutingError(f"a signal cannot go in a circle: {names}")
    if group not in found:
        path.append(group)
        levels_below = [_level_of(feeder, feeders, found, path, known) for feeder in feeders[group]]
        path.pop()
        found[group] = 1 + max(levels_below, default=-1)
    return found[group]


def _reached(starts: Iterable[str], edges: Mapping[str, Iterable[str]]) -> set[str]:
    reached, waiting = set(), list(starts)
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.add(one)
            waiting += edges.get(one, ())
    return reached


def heard(mix: Mix) -> dict[str, tuple[bool, ...]]:
    """What sounds, by mute and by solo in place: for each strip (master included) its output and each of its sends.

    Strips that are solo or solo-safe are open, and so is all that they feed: the reverb of a solo strip is heard with
    it. What feeds a strip that is solo sounds there, and nowhere else: a solo return is heard without the dry strips. A
    muted strip is never heard.
    """
    everyone = (*mix.strips, mix.master)
    solo = {strip.id for strip in mix.strips if strip.controls.solo}
    forward = {strip.id: list(destinations(strip)) for strip in everyone}
    backward: dict[str, list[str]] = {}
    for one, fed in forward.items():
        for to in fed:
            backward.setdefault(to, []).append(one)
    feeding = _reached(solo, backward)
    open_strips = _reached(solo, forward) | {strip.id for strip in mix.strips if strip.controls.solo_safe} | {MASTER_ID}
    found: dict[str, tuple[bool, ...]] = {}
    for strip in everyone:
        is_open = not solo or strip.id in open_strips
        ways = [strip.output, *(send.to if send is not None else None for send in strip.sends)]
        found[strip.id] = tuple(not strip.controls.mute and (is_open or to in feeding) for to in ways)
    return found
