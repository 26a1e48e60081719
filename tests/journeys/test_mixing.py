"""A user at the mixer: opens, plays, moves, types, undoes, saves, leaves."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from sessions.file import load
from tests.journeys.terminal import Terminal, children_of, is_running

Start = Callable[..., Terminal]
POSITION = r"(\d+):(\d\d\.\d) */"
SIZES = pytest.mark.parametrize(("columns", "lines"), [(80, 24), (200, 50)])


def opened(start: Start, song: Path, columns: int = 120, lines: int = 40) -> Terminal:
    """The mixer on the song, ready to play."""
    terminal = start("open", song, "--device", "none", columns=columns, lines=lines)
    terminal.wait_for(r"Kick[\s\S]*Vox[\s\S]*")
    terminal.wait_for("silent clock")
    return terminal


def seconds(text: str) -> float:
    """The position on the screen."""
    match = re.search(POSITION, text)
    assert match is not None, text
    return 60 * int(match.group(1)) + float(match.group(2))


@SIZES
def test_open_play_move_type_undo_quit(start: Start, song: Path, columns: int, lines: int) -> None:
    terminal = opened(start, song, columns, lines)
    terminal.press(" ")
    terminal.wait_for("PLAY")
    terminal.wait_for(lambda text: seconds(text) > 0.5, "the position moves")
    terminal.wait_for(r"-20\.0", "the meters show the sine's peak")
    audio = children_of(terminal.pid)
    assert audio

    terminal.press("\x1b[A\x1b[A")  # up twice: the fader of the first strip
    terminal.wait_for(r"Kick +\+1\.0 dB")
    terminal.press("l=")  # the next strip, a typed value
    terminal.press("-7.5\r")
    terminal.wait_for(r"Snare +-7\.5 dB")
    terminal.press("t" + "\x1b[5~")  # trim is active, up by 6
    terminal.wait_for(r"Snare +\+6\.0 dB")
    terminal.press("u")
    terminal.wait_for(r"Snare +0\.0 dB")
    terminal.press("u")
    terminal.press("f")
    terminal.wait_for(r"Snare +0\.0 dB")
    terminal.press(" ")
    terminal.wait_for("STOP")

    terminal.press("q")
    terminal.wait_for("(?i)save")
    terminal.press("s")
    assert terminal.wait_for_end() == 0
    assert not any(is_running(pid) for pid in audio)
    session = load(song / "Small Song.gainstage").session
    assert [strip.fader_db for strip in session.strips] == [1.0, 0.0, 0.0, 0.0, 0.0]
    assert [strip.trim_db for strip in session.strips] == [0.0] * 5


@SIZES
def test_a_fader_is_dragged_from_where_it_was_grabbed(start: Start, song: Path, columns: int, lines: int) -> None:
    terminal = opened(start, song, columns, lines)
    terminal.press("ll")
    terminal.wait_for(r"Bass +0\.0 dB")
    column, line = fader_cap(terminal, "Bass")
    terminal.mouse("press", column, line)
    terminal.pump(0.3)
    assert re.search(r"Bass +0\.0 dB", terminal.text), "a click alone moves nothing"
    terminal.mouse("drag", column, line + 1)
    terminal.mouse("drag", column, line + 3)
    terminal.mouse("release", column, line + 3)
    terminal.wait_for(r"Bass +-\d+\.\d dB")
    moved = float(re.search(r"Bass +(-\d+\.\d) dB", terminal.text).group(1))  # type: ignore[union-attr]
    assert -40.0 < moved < -2.0
    terminal.mouse("wheel_up", column, line)
    terminal.wait_for(rf"Bass +{moved + 0.5:.1f} dB")
    terminal.press("u")
    terminal.press("u")
    terminal.wait_for(r"Bass +0\.0 dB")


def fader_cap(terminal: Terminal, name: str) -> tuple[int, int]:
    """The cell of a strip's fader cap: found where the strip's columns show it."""
    column, _ = terminal.find(rf"\b{name}")
    for line, text in enumerate(terminal.text.splitlines()):
        for at in range(max(column - 3, 0), column + 6):
            if text[at : at + 1] in ("▄", "━", "▀") and text[at : at + 3] in ("▄▄▄", "━━━", "▀▀▀"):
                return at + 1, line
    raise AssertionError(f"no fader cap under {name}:\n{terminal.text}")


def test_quitting_untouched_asks_nothing(start: Start, song: Path) -> None:
    terminal = opened(start, song)
    terminal.press("q")
    assert terminal.wait_for_end() == 0
    assert not (song / "Small Song.gainstage").exists()


def test_the_terminal_is_given_back_as_it_was(start: Start, song: Path) -> None:
    terminal = opened(start, song)
    terminal.press("q")
    terminal.wait_for_end()
    tail = terminal.received[-4000:]
    assert tail.rfind(b"\x1b[?1049l") > tail.rfind(b"\x1b[?1049h")
    for mode in (b"1000", b"1002", b"1003", b"1006"):
        assert tail.rfind(b"\x1b[?%sl" % mode) >= tail.rfind(b"\x1b[?%sh" % mode)
    assert tail.rfind(b"\x1b[?25h") > tail.rfind(b"\x1b[?25l")


def test_a_resize_while_playing_draws_the_mixer_anew(start: Start, song: Path) -> None:
    terminal = opened(start, song, 80, 24)
    terminal.press(" ")
    terminal.wait_for("PLAY")
    for columns, lines in ((200, 50), (60, 20), (120, 40), (80, 24)):
        terminal.resize(columns, lines)
        terminal.wait_for(lambda text: "Kick" in text and "PLAY" in text and "quit" in text.splitlines()[-1])
    # A half-drawn screen may be seen first.
    before = seconds(terminal.wait_for(POSITION))
    terminal.wait_for(lambda text: bool(re.search(POSITION, text)) and seconds(text) > before, "it plays on")
    terminal.press("q")
    assert terminal.wait_for_end() == 0


def test_help_shows_the_keys_and_the_mouse(start: Start, song: Path) -> None:
    terminal = opened(start, song)
    terminal.press("?")
    seen = terminal.wait_for("Keys and mouse")
    for _ in range(8):
        terminal.press("\x1b[6~")  # page down
        terminal.pump(0.2)
        seen += terminal.text
    for wanted in ("mute", "polarity", "undo", "loop", "bank", "quit", "drag"):
        assert wanted in seen.lower()
    terminal.press("\x1b")
    terminal.pump(0.5)
    terminal.press("q")
    assert terminal.wait_for_end() == 0


def test_what_is_typed_in_a_burst_arrives_whole_and_in_order(start: Start, song: Path) -> None:
    """Over a slow line a key that opens a dialog and what is typed into it come at once."""
    terminal = opened(start, song)
    for step in range(10):
        terminal.press(f"={-11 - step / 2}\r")
        terminal.wait_for(rf"Kick +{-11 - step / 2:.1f} dB")
        terminal.press("=3x\x7f\r")
        terminal.wait_for(r"Kick +\+3\.0 dB")
    terminal.signal(signal.SIGTERM)
    terminal.wait_for_end()
