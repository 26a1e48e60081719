"""The control side knows when nothing is under way, so that its thread may sleep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.deck import Deck
from engine.memory import new_engine
from engine.mix import Stem
from tests.engine.running import Running
from tests.engine.songs import RATE, insert, noise, write_stem

_MOST_S = 2


@pytest.fixture
def stems(tmp_path: Path) -> tuple[Stem, ...]:
    """A mono one and a stereo one."""
    return tuple(
        write_stem(tmp_path / f"{channels}.wav", noise(4.0, channels, channels), subtype="FLOAT") for channels in (1, 2)
    )


def _jumps(running: Running, _other: Stem) -> None:
    running.deck.locate(RATE)


def _loses_its_stem(running: Running, _other: Stem) -> None:
    running.deck.set_stem(0, None, "")


def _gets_another_stem(running: Running, other: Stem) -> None:
    running.deck.set_stem(0, other, "Strip 0")


def _gets_an_insert(running: Running, _other: Stem) -> None:
    (strip,) = running.mix.strips
    running.apply(replace(running.mix, strips=(replace(strip, inserts=(insert("utility"),)),)))


@pytest.mark.parametrize("playing", [False, True])
@pytest.mark.parametrize("changes", [_jumps, _loses_its_stem, _gets_another_stem, _gets_an_insert])
def test_a_change_ends_the_rest_and_rest_comes_when_it_has_been_made(
    stems: tuple[Stem, ...], changes: Callable[[Running, Stem], None], playing: bool
) -> None:
    running = Running(stems[0])
    running.locate(0)
    if playing:
        running.deck.play()
    running.play(RATE // 10)
    assert running.deck.is_at_rest
    changes(running, stems[1])
    assert not running.deck.is_at_rest
    for _ in range(_MOST_S * 10):
        running.play(RATE // 10)
    assert running.deck.is_at_rest


def test_there_is_no_rest_before_the_audio_thread_has_been_told_how_a_new_stem_is_panned(
    stems: tuple[Stem, ...],
) -> None:
    running = Running(stems[0])
    running.locate(0)
    running.deck.play()
    running.play(RATE // 10)
    running.deck.set_stem(0, stems[1], "Strip 0")
    for _ in range(_MOST_S * 10):
        running.play(RATE // 10)
        if running.deck.is_at_rest:
            break
    assert running.engine.sides[0] == 2


def test_orders_that_the_audio_thread_has_no_room_for_are_looked_after() -> None:
    deck = Deck(new_engine(RATE))
    for _ in range(100):
        deck.stop()
    assert not deck.is_at_rest
