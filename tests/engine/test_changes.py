"""What is connected anew while the engine plays, at its worst: quickly, often, by the dozen."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from engine.catalog import PROCESSORS
from engine.mix import MASTER_ID, Insert, Mix, Stem, Strip, StripControls
from engine.mixer.controls import kind_word
from engine.mixer.planner import NARROW_COLUMNS
from tests.engine.running import Running
from tests.engine.songs import RATE, insert, noise, rendered, write_stem
from tests.engine.test_console import LATE, clicks_dbfs

SHUT = StripControls(fader_db=-np.inf)
IN_LANES = [kind for kind, processor in PROCESSORS.items() if not processor.is_single]


@pytest.fixture
def sine(tmp_path: Path) -> Stem:
    wave = 0.25 * np.sin(2 * np.pi * 997 * np.arange(8 * RATE) / RATE)
    return write_stem(tmp_path / "sine.wav", np.stack([wave, wave], 1), subtype="FLOAT")


def heard(mixes: Sequence[Mix], gap: int, block: int = 256) -> npt.NDArray[np.float32]:
    """The left side of the first mix, of the others after so many frames each, and of half a second more."""
    running = Running(mix=mixes[0])
    running.locate(0)
    running.deck.play()
    out = [running.play(9600, block, live=False)[4800:]]
    for mix in mixes[1:]:
        running.apply(mix)
        out.append(running.play(gap, block, live=False))
    out.append(running.play(RATE // 2, block, live=False))
    return np.concatenate(out)[:, 0]


def one(stem: Stem, *inserts: Insert | None) -> Mix:
    return Mix(RATE, (Strip("a", "A", stem, inserts=inserts),))


def beside(sine: Stem, *inserts: Insert | None) -> Mix:
    """The sine, and a strip that nobody hears but whose latency it has to wait for."""
    return Mix(RATE, (Strip("a", "A", sine), Strip("b", "B", sine, SHUT, inserts=inserts)))


# --- parameters


def test_no_two_kinds_have_the_same_word() -> None:
    words = {kind_word(kind) for kind in PROCESSORS}
    assert len(words) == len(PROCESSORS)
    assert 0 not in words


@pytest.mark.parametrize("kind", PROCESSORS)
def test_a_processor_that_is_replaced_never_takes_the_other_ones_parameters(sine: Stem, kind: str) -> None:
    """They are written before the plan is changed; 375 ms of a delay's time would be decibels to a gain."""
    sounds = []
    for other in PROCESSORS:
        running = Running(mix=one(sine, insert(kind)))
        running.locate(0)
        running.deck.play()
        running.play(4800, live=False)
        running.play(int(running.engine.meters.tick_left), live=False)
        running.apply(one(sine, insert(other)))
        sounds.append(running.play(480, 480, live=False))
    for sound in sounds:
        np.testing.assert_array_equal(sound, sounds[0])


def test_a_processor_whose_slot_is_another_ones_before_it_came_is_not_heard(sine: Stem) -> None:
    """Its plan is taken when its parameters are gone already: what it would do is anybody's guess."""
    hurried = heard([one(sine), one(sine, insert("delay")), one(sine, insert("utility"))], 0)
    np.testing.assert_allclose(hurried, heard([one(sine)] * 3, 0), atol=1e-6)


# --- clicks


@pytest.mark.parametrize("gap", [480, 960, 1200, 5000])
def test_a_delay_that_changes_again_and_again_does_not_click(sine: Stem, gap: int) -> None:
    mixes = [beside(sine, *(LATE,) * count) for count in (0, 1, 2, 3, 8, 0, 5, 0)]
    assert clicks_dbfs(heard(mixes, gap)) < -100.0


def test_a_strip_that_goes_elsewhere_is_silent_at_the_end_of_its_way_too(sine: Stem) -> None:
    """What lies in the line when it falls silent: 2560 frames, more than it takes to fall."""
    tape = insert("tape")
    through = (Strip("bus", "Bus", kind="bus", controls=SHUT, inserts=(tape,) * 8), Strip("to", "To", kind="bus"))
    late = Strip("b", "B", sine, SHUT, output="bus", inserts=(tape,) * 8)
    mixes = [Mix(RATE, (Strip("a", "A", sine, output=to), late, *through)) for to in (MASTER_ID, "to", None)]
    assert clicks_dbfs(heard(mixes, RATE // 2)) < -100.0


def test_echoes_of_a_delay_that_comes_begin_softly(sine: Stem) -> None:
    echo = insert("delay", time_ms=50.0, feedback_percent=80.0)
    assert clicks_dbfs(heard([one(sine), one(sine, echo)], RATE)) < -100.0


@pytest.mark.parametrize("block", [100, 1024, 8192])
def test_who_comes_in_knows_its_parameters_however_long_a_callback_is(sine: Stem, block: int) -> None:
    mixes = [one(sine), one(sine, insert("utility")), one(sine, None, LATE, insert("utility")), one(sine)]
    sound = heard(mixes, 3 * 8192, block)
    assert clicks_dbfs(sound) < -100.0
    crests = np.abs(sound[: len(sound) // 480 * 480].reshape(-1, 480)).max(axis=1)
    # While a sound and the same 2.2 ms later fade into each other, both are lower by up to 1.2 dB.
    assert crests.min() > 0.2
    assert crests.max() < 0.2501


@pytest.mark.parametrize("kind", IN_LANES)
def test_strips_come_to_a_kind_and_go_while_the_others_play_on(sine: Stem, kind: str) -> None:
    """A narrow unit is filled, a wide one joins it, members of both leave and come again; one strip never notices."""
    stays = Strip("0", "0", sine, inserts=(insert(kind),) * 2)
    silence = [Strip(str(number), str(number), sine, SHUT) for number in range(1, 40)]

    def mix(*columns: int) -> Mix:
        own = (insert(kind), insert(kind))
        others = (replace(strip, inserts=own) if int(strip.id) in columns else strip for strip in silence)
        return Mix(RATE, (stays, *others))

    full = range(1, NARROW_COLUMNS)
    crowds = [(), full, range(1, 40), (3, 20, 35), range(2, 40), ()]
    alone = heard([mix()] * len(crowds), 6000)
    np.testing.assert_array_equal(heard([mix(*crowd) for crowd in crowds], 6000), alone)


# --- much


CHAIN = tuple(insert(kind) for kind in IN_LANES[:8])


def any_mix(stem: Stem, rng: np.random.Generator) -> Mix:
    """Some strips with some processors somewhere, bypassed or not, to the master or by a bus."""
    kinds = [None, None, None, *PROCESSORS]

    def inserts() -> tuple[Insert | None, ...]:
        chosen = [kinds[number] for number in rng.integers(0, len(kinds), 8)]
        return tuple(kind and insert(kind, bypass=bool(rng.integers(2))) for kind in chosen)

    strips = [
        Strip(str(number), str(number), stem, StripControls(fader_db=-30.0), output=MASTER_ID, inserts=inserts())
        for number in range(int(rng.integers(1, 20)))
    ]
    strips = [replace(strip, output=("bus", MASTER_ID)[rng.integers(2)]) for strip in strips]
    return Mix(RATE, (*strips, Strip("bus", "Bus", kind="bus", inserts=inserts()[:3])))


def test_a_change_every_10_ms_ends_where_the_last_one_leads_and_sounds_as_it_is_bounced(tmp_path: Path) -> None:
    stem = write_stem(tmp_path / "noise.wav", noise(0.5, 1), subtype="FLOAT")
    rng = np.random.default_rng(1)
    last = Mix(RATE, tuple(Strip(str(number), str(number), stem, inserts=CHAIN) for number in range(3)))
    running = Running(mix=any_mix(stem, rng))
    running.locate(0)
    running.deck.play()
    for _ in range(150):
        running.apply(any_mix(stem, rng))
        assert np.isfinite(running.play(480, 480)).all()
    running.apply(last)
    running.play(2 * RATE, 480)
    running.locate(0)
    running.deck.play()
    late = running.deck.latency_frames
    again = running.play(RATE, live=False)[late : late + RATE // 2]
    np.testing.assert_array_equal(again, rendered(last))


def any_way(sine: Stem, rng: np.random.Generator) -> Mix:
    """The sine straight or by buses in any order, late or not; beside it strips that nobody hears, with anything."""
    order = [str(name) for name in rng.permutation(["one", "two", "three"])]
    to = [MASTER_ID, *order]

    def inserts(kinds: Sequence[str], often: float) -> tuple[Insert | None, ...]:
        return tuple(
            insert(kind, ceiling_dbtp=0.0) if kind == "limiter" else insert(kind, bypass=bool(rng.integers(2)))
            for kind in rng.choice(list(kinds), 8)
        )[: int(often * 8)]

    def next_of(name: str) -> str:
        later = order[order.index(name) + 1 :]
        return later[0] if later and rng.integers(2) else MASTER_ID

    others = (
        Strip(str(n), str(n), sine, SHUT, output=to[rng.integers(4)], inserts=inserts(list(PROCESSORS), rng.random()))
        for n in range(rng.integers(20))
    )
    buses = (
        Strip(name, name, kind="bus", output=next_of(name), inserts=inserts(["limiter"], rng.random() / 2))
        for name in order
    )
    return Mix(RATE, (Strip("a", "A", sine, output=to[rng.integers(4)]), *others, *buses))


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_connected_anew_does_not_click(sine: Stem, seed: int) -> None:
    rng = np.random.default_rng(seed)
    mixes = [any_way(sine, rng) for _ in range(20)]
    assert clicks_dbfs(heard(mixes, int(rng.integers(100, 3000)), int(rng.integers(64, 1024)))) < -100.0


def test_processors_move_between_slots_while_they_are_bypassed(sine: Stem) -> None:
    moves = [one(sine, *(None,) * slot, replace(LATE, bypass=bool(slot % 2))) for slot in range(8)]
    for gap in (700, 6000):
        assert clicks_dbfs(heard([one(sine), *moves, one(sine)], gap)) < -100.0


def test_128_strips_with_all_kinds_in_all_slots_are_the_same_live_and_bounced(tmp_path: Path) -> None:
    stem = write_stem(tmp_path / "noise.wav", noise(0.1, 1, level=0.02), subtype="FLOAT")
    kinds = itertools.cycle(IN_LANES)
    chains = [tuple(insert(next(kinds)) for _ in range(8)) for _ in range(128)]
    mix = Mix(RATE, tuple(Strip(str(n), str(n), stem, inserts=chain) for n, chain in enumerate(chains)))
    running = Running(mix=replace(mix, strips=tuple(replace(strip, inserts=()) for strip in mix.strips)))
    running.play(4800)
    running.apply(mix)
    running.play(RATE // 2)
    running.locate(0)
    running.deck.play()
    late = running.deck.latency_frames
    np.testing.assert_array_equal(running.play(late + 4800, live=False)[late:], rendered(mix))
