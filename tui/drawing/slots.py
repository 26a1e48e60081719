"""Inserts, sends and outputs in the few cells of a strip: texts, without where they stand."""

from __future__ import annotations

from typing import Final

from tui.drawing.facts import SendFacts, SlotFacts, TargetFacts
from tui.drawing.names import cut, fit_name
from tui.drawing.numbers import level_text

MOST_REDUCTION_DB: Final = 99
_LABEL_FROM: Final = 12
_NUMBER_FROM: Final = 6
_NAME_FROM: Final = 11
_TARGET_NUMBER_FROM: Final = 10
BEFORE_FADER: Final = "<"
"""Stands before a send that is taken before the fader, where there is room."""


def slot_texts(slot: SlotFacts, reduction_db: int, cells: int) -> tuple[str, str]:
    """An insert's name, in brackets (or small letters) while it is bypassed, and how much it turns down in dB."""
    number = f"-{min(reduction_db, MOST_REDUCTION_DB)}" if reduction_db > 0 and not slot.bypass else ""
    name = slot.label if cells >= _LABEL_FROM and len(slot.label) <= cells - 4 else slot.short
    if slot.bypass:
        return (f"({name})" if len(name) + 2 <= cells else cut(name.lower(), cells)), ""
    return cut(name, cells - len(number)), number


def mark_texts(slots: tuple[SlotFacts | None, ...], cells: int, empty: str, more: str) -> list[str]:
    """A letter per slot, small while it is bypassed; where not all that are in use fit, the last cell says so."""
    marks = [_mark(slot, empty) for slot in slots]
    if len(marks) > cells:
        return [*marks[: cells - 1], more]
    return marks + [empty] * (cells - len(marks))


def send_texts(send: SendFacts, cells: int, infinity: str) -> tuple[str, str]:
    """Where a send goes and its level, or that it is muted; in less than 6 cells the level alone."""
    level_cells = 5 if cells >= _NAME_FROM else 4
    level = "mute" if send.mute else level_text(send.level_db, level_cells, infinity)
    room = cells - level_cells
    if cells < _NUMBER_FROM:
        return "", level
    before = BEFORE_FADER if send.before_fader and room > len(send.to.number) else ""
    if cells >= _NAME_FROM:
        return before + fit_name(send.to.name, room - 1 - len(before)), level
    return cut(before + send.to.number, room), level


def send_marks(sends: tuple[SendFacts | None, ...], empty: str) -> list[str]:
    """A letter per send that goes somewhere, small while it is muted."""
    marks = []
    for place, letter in enumerate("ABCD"):
        send = sends[place] if place < len(sends) else None
        marks.append(empty if send is None else letter.lower() if send.mute else letter)
    return marks


def target_text(target: TargetFacts | None, cells: int) -> str:
    """Where a strip goes."""
    if target is None:
        return "none"
    if target.number and cells >= _TARGET_NUMBER_FROM:
        return f"{target.number} {fit_name(target.name, cells - len(target.number) - 1)}"
    return fit_name(target.name, cells)


def _mark(slot: SlotFacts | None, empty: str) -> str:
    if slot is None:
        return empty
    return slot.letter.lower() if slot.bypass else slot.letter
