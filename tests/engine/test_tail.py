"""What still rings when the song ends: live, and in a bounce."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.mix import MASTER_ID, Mix, Send, Stem, Strip
from engine.offline import LONGEST_TAIL_S, render
from tests.engine.running import Running
from tests.engine.songs import RATE, gain, insert, noise, rendered, write_stem

SONG = RATE // 2
ECHO_MS = 400.0
ECHO = round(ECHO_MS / 1000.0 * RATE)


@pytest.fixture
def stem(tmp_path: Path) -> Stem:
    return write_stem(tmp_path / "noise.wav", noise(0.5, 1, level=0.2), subtype="FLOAT")


@pytest.fixture
def click(tmp_path: Path) -> Stem:
    """Half a second of silence whose last frame sounds."""
    sound = np.zeros((SONG, 2))
    sound[-1] = 0.5
    return write_stem(tmp_path / "click.wav", sound, subtype="FLOAT")


def echo(feedback_percent: float = 0.0, time_ms: float = ECHO_MS) -> Strip:
    """A return with a delay."""
    wide = {"low_cut_hz": 20.0, "high_cut_hz": 20000.0}
    delay = insert("delay", time_ms=time_ms, feedback_percent=feedback_percent, **wide)
    return Strip("fx", "Echo", kind="return", inserts=(delay,), output=MASTER_ID)


def mix_of(stem: Stem, *returns: Strip, **given: object) -> Mix:
    sends = tuple(Send(one.id) for one in returns)
    return Mix(RATE, (Strip("a", "A", stem, sends=sends, **given), *returns))  # type: ignore[arg-type]


LATE = {"inserts": (insert("limiter", ceiling_dbtp=0.0),)}
"""Passes what is quiet bit for bit, later."""


@pytest.mark.parametrize("given", [{}, LATE])
def test_without_a_tail_a_bounce_is_as_long_as_the_song(stem: Stem, given: dict[str, object]) -> None:
    mix = mix_of(stem, echo(50.0), **given)
    assert len(rendered(mix)) == SONG
    assert (rendered(mix, tail=1.0)[:SONG] == rendered(mix)).all()


@pytest.mark.parametrize("given", [{}, LATE])
def test_the_tail_is_what_the_live_master_gives_after_the_end(stem: Stem, given: dict[str, object]) -> None:
    mix = mix_of(stem, echo(50.0), **given)
    running = Running(mix=mix)
    running.locate(0)
    running.deck.play(soft=False)
    late = running.deck.latency_frames
    live = running.play(SONG + RATE + late, live=False)[late:]
    assert running.deck.position_frames == SONG
    assert np.abs(live[SONG + ECHO // 2 :]).max() > 0.01
    assert (rendered(mix, tail=1.0) == live).all()


def test_the_monitors_hear_the_tail_after_the_song_has_stopped(stem: Stem) -> None:
    running = Running(mix=mix_of(stem, echo()))
    running.locate(0)
    running.deck.play()
    running.play(SONG + 4800)
    assert not running.engine.transport.want_playing
    assert np.abs(running.play(ECHO - 9600)).max() > 0.01


def test_an_automatic_tail_ends_with_the_last_that_is_heard(click: Stem) -> None:
    for time_ms in (ECHO_MS, 2000.0):
        quiet = rendered(mix_of(click, echo(time_ms=time_ms)), tail="auto")
        # The delay's filters lower the click a little, and smear it over some frames.
        assert abs(len(quiet) - (SONG + round(time_ms / 1000.0 * RATE))) < RATE // 100
        assert np.abs(quiet[-1]).max() > gain(-90.0)


def test_an_automatic_tail_waits_through_the_silence_between_echoes(click: Stem) -> None:
    mix = mix_of(click, echo(30.0, time_ms=2000.0))
    sound, whole = rendered(mix, tail="auto"), rendered(mix, tail=25.0)
    assert len(sound) > SONG + 3 * 2 * RATE
    assert (whole[: len(sound)] == sound).all()
    assert np.abs(whole[len(sound) :]).max() <= gain(-90.0)


def test_nothing_that_rings_is_no_tail(stem: Stem) -> None:
    assert len(rendered(mix_of(stem), tail="auto")) == SONG


def test_what_does_not_die_down_is_cut_off_and_told(stem: Stem) -> None:
    chunks: list[int] = []
    report = render(mix_of(stem, echo(95.0, 2000.0)), lambda chunk: chunks.append(len(chunk)), tail="auto")
    assert sum(chunks) == report.frames == SONG + report.tail_frames
    assert LONGEST_TAIL_S - 3.0 < report.tail_frames / RATE <= LONGEST_TAIL_S
    assert report.problems == ("after 30 s the tail still rings: it is cut off there",)


@pytest.mark.parametrize("given", [{}, LATE])
@pytest.mark.parametrize("end_s", [0.001, 0.25])
def test_where_the_end_lies_within_the_song_only_what_rings_goes_on(
    stem: Stem, end_s: float, given: dict[str, object]
) -> None:
    end = round(end_s * RATE)
    dry = rendered(mix_of(stem, **given), end_s=end_s, tail=0.1)
    assert len(dry) == end + RATE // 10
    fade = RATE // 100
    assert dry[end : end + fade // 2].any()
    assert not dry[end + fade :].any()
    wet = rendered(mix_of(stem, echo(), **given), end_s=end_s, tail=0.5)
    assert not wet[end + fade : ECHO - 100].any()
    assert wet[ECHO + 10 : end + ECHO].any()


def test_a_tail_beyond_an_end_after_the_song_is_counted_from_that_end(stem: Stem) -> None:
    mix = mix_of(stem, echo(50.0))
    assert (rendered(mix, end_s=1.0, tail=0.5) == rendered(mix, tail=1.0)).all()


@pytest.mark.parametrize("block_frames", [63, 1000, 1 << 20])
def test_a_tail_is_bit_identical_for_any_block_size(stem: Stem, block_frames: int) -> None:
    mix = mix_of(stem, echo(30.0), **LATE)
    for tail in (0.3, "auto"):
        for end_s in (None, 0.2):
            given = {"tail": tail, "end_s": end_s}
            assert rendered(mix, block_frames=block_frames, **given).tobytes() == rendered(mix, **given).tobytes()


def test_a_mix_without_sound_has_no_tail() -> None:
    report = render(Mix(RATE, (Strip("a", "A", Stem(None)),)), lambda chunk: None, tail="auto")
    assert (report.frames, report.tail_frames, report.problems) == (0, 0, ())


@pytest.mark.parametrize("tail", [0.7, "auto"])
def test_progress_ends_at_one(stem: Stem, tail: float | str) -> None:
    shares: list[float] = []
    render(mix_of(stem, echo(50.0)), lambda chunk: None, tail=tail, progress=shares.append)  # type: ignore[arg-type]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert (len([share for share in shares if share == 1.0]) == 1) == (tail != "auto")
