"""The selected strip's path as facts: what each line of the chain shows, and the gain set so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from engine.core.units import OFF_DB
from engine.meters.frame import AFTER_FADER, AFTER_INSERT, AFTER_TRIM, AT_SEND, INPUT
from engine.mix import INSERT_SLOTS
from sessions.curves import set_gain_db
from sessions.insert import processor
from sessions.model import MASTER_ID, Channel, Session, StripState
from tui.content import strip_numbers
from tui.drawing.numbers import level_text, pan_text
from tui.elements import SENDS, SLOTS, elements_of, insert_at, send_at
from tui.summaries import summary

State = Literal["on", "off", "empty"]


@dataclass(frozen=True, slots=True)
class ElementFacts:
    """One element: its name, what it says of itself, the gain it is set to (None: none of its own) and the sum so far.

    `state` is off for what is bypassed, muted or shut, and empty for a slot without anything. `stage` is the place at
    which the levels behind it are metered, None where that tells nothing new. `reading` tells which meter of a
    processor there is, `detail` what it is set to.
    """

    element: str
    tag: str
    name: str
    text: str
    gain_db: float | None = None
    total_db: float | None = None
    state: State = "on"
    stage: int | None = None
    reading: Literal["", "reduction", "vu"] = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PathFacts:
    """A strip's path. `row` is its row in the frames of meters."""

    strip_id: str
    number: str
    name: str
    source: str
    chips: tuple[str, ...]
    row: int
    elements: tuple[ElementFacts, ...]
    total_db: float
    stages: Mapping[str, tuple[int, int]]
    """At which stages what enters each element is metered, and what leaves it."""

    def element(self, name: str) -> ElementFacts:
        """The facts of one element."""
        return next((facts for facts in self.elements if facts.element == name), self.elements[0])


_BEFORE_FADER: Final = AFTER_INSERT + INSERT_SLOTS - 1


def stages_of(session: Session, strip_id: str, element: str) -> tuple[int, int]:
    """The stages at which what enters an element is metered, and what leaves it."""
    if element in SLOTS:
        after = AFTER_INSERT + SLOTS.index(element)
        return (AFTER_TRIM if after == AFTER_INSERT else after - 1), after
    if element in SENDS:
        send = send_at(session.channel(strip_id), element)
        taken = _BEFORE_FADER if send is not None and send.before_fader else AFTER_FADER
        return taken, AT_SEND + SENDS.index(element)
    return {
        "input": (INPUT, INPUT),
        "polarity": (INPUT, INPUT),
        "trim": (INPUT, AFTER_TRIM),
        "output": (AFTER_FADER, AFTER_FADER),
    }.get(element, (_BEFORE_FADER, AFTER_FADER))


def path_facts(session: Session, strip_id: str, source: str, missing: bool, marked: int) -> PathFacts:
    """The facts of a strip, or of the master; `marked` are the strips that are marked, if it is one of them."""
    channel = session.channel(strip_id)
    ids = [strip.id for strip in session.strips]
    row = ids.index(strip_id) if strip_id in ids else len(ids)
    total, facts = 0.0, []
    for element in elements_of(strip_id):
        made = _element(session, channel, element, total)
        total = made.total_db if made.total_db is not None else total
        facts.append(made)
    is_master = strip_id == MASTER_ID
    return PathFacts(
        strip_id,
        "MASTER" if is_master else strip_numbers(session)[strip_id],
        "" if is_master else channel.name,
        source,
        _chips(session, channel, missing, marked),
        row,
        tuple(facts),
        total,
        {element: stages_of(session, strip_id, element) for element in elements_of(strip_id)},
    )


def _chips(session: Session, channel: Channel, missing: bool, marked: int) -> tuple[str, ...]:
    chips = ["MUTE"] if channel.mute else []
    if isinstance(channel, StripState):
        if channel.kind != "stem":
            chips.insert(0, channel.kind.upper())
        if channel.solo:
            chips.append("SOLO")
        elif any(strip.solo for strip in session.strips) and not channel.mute:
            chips.append("silent: another strip is soloed")
    chips += [f"linked: {group.name}" for group in session.link_groups if channel.id in group.members]
    if marked > 1:
        chips.append(f"{marked} marked move together")
    return (*chips, "FILE MISSING") if missing else tuple(chips)


def _element(session: Session, channel: Channel, element: str, total_db: float) -> ElementFacts:
    if element in SLOTS:
        return _insert(channel, element, total_db)
    if element in SENDS:
        return _send(session, channel, element)
    match element:
        case "input":
            is_stem = isinstance(channel, StripState) and channel.kind == "stem"
            return ElementFacts(element, "", "INPUT", "stem" if is_stem else "sum", stage=INPUT)
        case "polarity":
            sides = "L" * channel.invert_left + "R" * channel.invert_right
            text = {"": "normal", "LR": "inverted L+R"}.get(sides, f"inverted {sides}")
            return ElementFacts(element, "", "Polarity", text)
        case "trim":
            gain = channel.trim_db
            return ElementFacts(element, "", "TRIM", "", gain, total_db + gain, stage=AFTER_TRIM)
        case "fader":
            gain = channel.fader_db
            state: State = "off" if channel.mute or gain == OFF_DB else "on"
            text = "muted" if channel.mute else ""
            return ElementFacts(element, "", "FADER", text, gain, total_db + gain, state)
        case "pan":
            return ElementFacts(element, "", "Pan", pan_text(channel.pan_percent), stage=AFTER_FADER)
        case _:
            return ElementFacts(element, "", "OUTPUT", _where(session, channel))


def _insert(channel: Channel, element: str, total_db: float) -> ElementFacts:
    insert = insert_at(channel, element)
    if insert is None:
        return ElementFacts(element, element, "", "", state="empty")
    gain = set_gain_db(insert)
    kind = processor(insert.kind)
    reads = kind.reads_reduction or kind.reads_vu
    text = "" if reads or insert.mix_percent == 100.0 else f"mix {insert.mix_percent:.0f}"
    return ElementFacts(
        element,
        element,
        insert.label,
        "bypassed" if insert.bypass else text,
        gain,
        total_db + gain,
        "off" if insert.bypass else "on",
        AFTER_INSERT + SLOTS.index(element),
        reading="reduction" if kind.reads_reduction else "vu" if kind.reads_vu else "",
        detail=summary(insert),
    )


def _send(session: Session, channel: Channel, element: str) -> ElementFacts:
    send = send_at(channel, element)
    if send is None:
        return ElementFacts(element, element, "", "", state="empty")
    name = session.strip(send.to).name
    text = "muted" if send.mute else f"{level_text(send.level_db)} {'pre' if send.before_fader else 'post'}"
    state: State = "off" if send.mute else "on"
    return ElementFacts(element, element, name, text, state=state, stage=AT_SEND + SENDS.index(element))


def _where(session: Session, channel: Channel) -> str:
    if not isinstance(channel, StripState):
        return "monitors, bounce"
    if channel.output is None:
        return "nowhere"
    return "master" if channel.output == MASTER_ID else session.strip(channel.output).name
