"""Numbered places, of which any may be empty: a tuple whose end is never None, so that equal ones compare equal."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")

Slots = tuple[T | None, ...]
"""What is in the slots, by place from 0; slots beyond the end are empty."""


def trimmed(slots: Slots[T]) -> Slots[T]:
    """The slots without empty ones at the end."""
    end = len(slots)
    while end and slots[end - 1] is None:
        end -= 1
    return slots[:end]


def at_place(slots: Slots[T], place: int) -> T | None:
    """What is in the slot at a place, None if it is empty."""
    return slots[place] if 0 <= place < len(slots) else None


def with_place(slots: Slots[T], place: int, content: T | None) -> Slots[T]:
    """The slots with another content at a place."""
    filled = [*slots, *[None] * (place + 1 - len(slots))]
    filled[place] = content
    return trimmed(tuple(filled))
