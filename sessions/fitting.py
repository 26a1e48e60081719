"""Parts of a session, each right by itself, made to fit together: ids, numbers, routes and groups.

What does not fit is left out, the later before the earlier, and said in a line each.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from engine.mix import MASTER_ID, MAX_GROUPS, MAX_STRIPS
from engine.routing import RoutingError, levels
from sessions.model import LinkGroup, MuteGroup, SendState, SessionError, StripState
from sessions.send import SEND_LETTERS
from sessions.slots import Slots, trimmed
from sessions.strip_groups import MAX_MUTE_GROUPS
from sessions.values import ID_PREFIXES, listed

_G = TypeVar("_G", MuteGroup, LinkGroup)


def fitted(parts: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The parts of a session (fields of `Session`) that fit together, and a line for each thing that does not."""
    said: list[str] = []
    strips: list[StripState] = list(parts["strips"])
    strips = _no_more_than(MAX_STRIPS, "strips", strips, ("stem",), said)
    strips = _no_more_than(MAX_GROUPS, "buses and returns", strips, ("bus", "return"), said)
    strips = _with_own_ids(strips, said)
    strips = _with_routes(strips, said)
    ids = {strip.id: strip.name for strip in strips}
    taken: set[str] = set()
    mute_groups: tuple[MuteGroup, ...] = parts["mute_groups"]
    if len(mute_groups) > MAX_MUTE_GROUPS:
        left_out = listed([group.name for group in mute_groups[MAX_MUTE_GROUPS:]])
        said.append(_line(f"{len(mute_groups)} mute groups are more than {MAX_MUTE_GROUPS}: left out {left_out}"))
    mute_groups = tuple(_with_members(mute_groups[:MAX_MUTE_GROUPS], ids, taken, said))
    link_groups = tuple(_linked_once(_with_members(parts["link_groups"], ids, taken, said), ids, said))
    return parts | {"strips": tuple(strips), "mute_groups": mute_groups, "link_groups": link_groups}, said


def _line(text: str) -> str:
    """A text as one line of bearable length."""
    return str(SessionError(text))


def _no_more_than(
    limit: int, what: str, strips: list[StripState], kinds: tuple[str, ...], said: list[str]
) -> list[StripState]:
    of_kind = [strip for strip in strips if strip.kind in kinds]
    if len(of_kind) <= limit:
        return strips
    left_out = of_kind[limit:]
    said.append(_line(f"{len(of_kind)} {what} are more than {limit}: left out {listed([s.name for s in left_out])}"))
    return [strip for strip in strips if not any(strip is one for one in left_out)]


def _with_own_ids(strips: list[StripState], said: list[str]) -> list[StripState]:
    """Of several strips with one id the first keeps it, and is meant by routes and groups."""
    given = {strip.id for strip in strips}
    seen: set[str] = set()
    kept = []
    for strip in strips:
        if strip.id in seen:
            free = _free_id(ID_PREFIXES[strip.kind], given)
            said.append(_line(f'{strip.place}: id="{strip.id}" is taken by another strip: it becomes "{free}"'))
            strip = msgspec.structs.replace(strip, id=free)
            given.add(free)
        seen.add(strip.id)
        kept.append(strip)
    return kept


def _free_id(prefix: str, taken: set[str]) -> str:
    number = 1
    while f"{prefix}{number}" in taken:
        number += 1
    return f"{prefix}{number}"


def _with_routes(strips: list[StripState], said: list[str]) -> list[StripState]:
    """Strips with the routes that can be; outputs come before sends, so that a circle loses a send first."""
    known = {strip.id: strip for strip in strips}
    # Buses and returns with the routes that are accepted so far.
    sums = {strip.id: msgspec.structs.replace(strip, output=None, sends=()) for strip in strips if strip.kind != "stem"}
    outputs: dict[str, str | None] = {}
    for strip in strips:
        outputs[strip.id] = strip.output
        fault = None if strip.output in (None, MASTER_ID) else _output_fault(strip, str(strip.output), known, sums)
        if fault is not None:
            said.append(_line(f"{strip.place}: {fault}: it goes to the master"))
            outputs[strip.id] = MASTER_ID
        if strip.id in sums:
            sums[strip.id] = msgspec.structs.replace(sums[strip.id], output=outputs[strip.id])
    kept = []
    for strip in strips:
        sends: Slots[SendState] = ()
        for letter, send in zip(SEND_LETTERS, strip.sends, strict=False):
            fault = None if send is None else _send_fault(strip, send, known, sums)
            if fault is not None:
                said.append(_line(f"{strip.place}: send {letter}: {fault}: the send is left out"))
            sends = (*sends, send if fault is None else None)
            if strip.id in sums:
                sums[strip.id] = msgspec.structs.replace(sums[strip.id], sends=trimmed(sends))
        new = msgspec.structs.replace(strip, output=outputs[strip.id], sends=trimmed(sends))
        kept.append(strip if new == strip else new)
    return kept


def _output_fault(strip: StripState, to: str, known: dict[str, StripState], sums: dict[str, StripState]) -> str | None:
    if to in known and known[to].kind == "return":
        return f'its output cannot be the return "{known[to].name}", that is what sends are for'
    if to not in sums:
        return f'output="{to}": {_missing(to, known, "bus")}'
    return _circle(msgspec.structs.replace(strip, output=to, sends=()), to, sums)


def _send_fault(
    strip: StripState, send: SendState, known: dict[str, StripState], sums: dict[str, StripState]
) -> str | None:
    if send.to not in sums:
        return f'to="{send.to}": {_missing(send.to, known, "bus or return")}'
    so_far = sums.get(strip.id, strip)
    return _circle(msgspec.structs.replace(so_far, sends=(*so_far.sends, send)[-4:]), send.to, sums)


def _missing(to: str, known: dict[str, StripState], what: str) -> str:
    return f'"{known[to].name}" is a stem strip' if to in known else f"there is no {what} with that id"


def _circle(strip: StripState, to: str, sums: dict[str, StripState]) -> str | None:
    """Why a bus or return cannot go where it would; stems can, for nothing goes into them."""
    if strip.id not in sums:
        return None
    if to == strip.id:
        return "it would go to itself"
    try:
        levels((sums | {strip.id: strip}).values())
    except RoutingError as error:
        return str(error)
    return None


def _with_members(groups: tuple[_G, ...], ids: dict[str, str], taken: set[str], said: list[str]) -> Iterator[_G]:
    """Groups whose members are there, with ids of their own."""
    for group in groups:
        identity = group.id
        if identity in taken:
            identity = _free_id(ID_PREFIXES[group.what], taken | {one.id for one in groups})
            said.append(_line(f'{group.place}: id="{group.id}" is taken by another group: it becomes "{identity}"'))
        taken.add(identity)
        said += [
            _line(f'{group.place}: there is no strip "{member}": the other members stay')
            for member in group.members
            if member not in ids
        ]
        members = tuple(member for member in group.members if member in ids)
        yield msgspec.structs.replace(group, id=identity, members=members)


def _linked_once(groups: Iterator[LinkGroup], ids: dict[str, str], said: list[str]) -> Iterator[LinkGroup]:
    linked: dict[str, str] = {}
    for group in groups:
        said += [
            _line(f'{group.place}: "{ids[one]}" is in the linked group "{linked[one]}" already: it stays in that one')
            for one in group.members
            if one in linked
        ]
        members = tuple(member for member in group.members if member not in linked)
        linked |= dict.fromkeys(members, group.name)
        yield msgspec.structs.replace(group, members=members)
