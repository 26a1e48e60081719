"""Whatever is ordered in whatever order, at any block size: no click, no number gone wrong, no wait without end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.mix import Loop, Stem, StripControls
from tests.engine.songs import RATE, write_stem
from tests.engine.test_running_engine import Running

FREQUENCY = 100
PERIOD = RATE // FREQUENCY
SONG_PERIODS = 60
STEEPEST = 0.02
"""The sine itself climbs by 0.0065 a sample; a cut would step by up to 0.5."""

positions = st.integers(0, 2 * SONG_PERIODS).map(lambda periods: periods * PERIOD)
orders = st.one_of(
    st.tuples(st.just("play")),
    st.tuples(st.just("stop")),
    st.tuples(st.just("locate"), positions),
    st.tuples(st.just("loop"), st.booleans(), positions, positions),
    st.tuples(st.just("gain"), st.sampled_from([-np.inf, -12.0, 0.0])),
    st.tuples(st.just("mute"), st.booleans()),
    st.tuples(st.just("stem"), st.booleans()),
)
steps = st.lists(st.tuples(orders, st.integers(0, 5000), st.sampled_from([16, 64, 100, 480, 1024, 8192])), max_size=12)


def obey(running: Running, order: tuple, longer: Stem) -> None:  # type: ignore[type-arg]
    """Does what a user would through the deck and the controls."""
    deck = running.deck
    match order:
        case ("play",):
            deck.play()
        case ("stop",):
            deck.stop()
        case ("locate", position):
            deck.locate(position)
        case ("loop", enabled, start, end):
            deck.set_loop(Loop(enabled, start / RATE, end / RATE))
        case ("gain", fader_db):
            running.set(0, StripControls(fader_db=fader_db))
        case ("mute", mute):
            running.set(0, StripControls(mute=mute))
        case ("stem", present):
            deck.set_stem(1, longer if present else None, "Other")


def whole_periods(folder: Path, periods: int, *, sides: int) -> Stem:
    """A stem that begins and ends where the sine crosses zero."""
    path = folder / f"{periods}-periods.wav"
    if not path.exists():
        wave = 0.25 * np.sin(2 * np.pi * np.arange(periods * PERIOD) / PERIOD)
        write_stem(path, np.stack([wave] * sides, 1), subtype="FLOAT")
    return Stem(str(path))


@settings(max_examples=60)
@given(steps=steps)
def test_no_order_makes_a_click_or_an_end(tmp_path_factory, steps) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.getbasetemp()
    stem, longer = (whole_periods(folder, SONG_PERIODS, sides=2), whole_periods(folder, 3 * SONG_PERIODS, sides=1))
    running = Running(stem)
    running.locate(0)
    heard = [running.play(1000)]
    for order, frames, block in steps:
        obey(running, order, longer)
        heard.append(running.play(frames, block))
        frame = running.frame()
        assert 0.0 <= frame.position_s <= frame.length_s
    # Left alone, every jump arrives, and a song that is started from its beginning is heard.
    running.set(0, StripControls())
    running.deck.set_loop(Loop())
    running.deck.stop()
    heard.append(running.play(4800))
    running.deck.locate(0)
    heard.append(running.play(9600))
    assert not running.deck.is_jumping
    running.deck.play()
    last = running.play(4800)
    heard.append(last)
    out = np.concatenate(heard)
    assert np.isfinite(out).all()
    assert np.abs(last[2000:]).max() > 0.2
    assert np.abs(np.diff(out, axis=0)).max() < STEEPEST
