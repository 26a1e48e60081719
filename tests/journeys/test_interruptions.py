"""What is not the user's wish: crashes, dropped terminals, signals, suspension, a file that goes."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sessions.file import load
from tests.journeys.terminal import PATIENCE_S, Terminal, children_of, is_running, private_memory_bytes
from tests.journeys.test_mixing import opened, seconds

Start = Callable[..., Terminal]


def gone(pids: list[int]) -> None:
    """Waits until processes have ended."""
    deadline = time.monotonic() + PATIENCE_S
    while any(is_running(pid) for pid in pids):
        assert time.monotonic() < deadline, f"still running: {[pid for pid in pids if is_running(pid)]}"
        time.sleep(0.05)


def edited(start: Start, song: Path) -> tuple[Terminal, list[int]]:
    """A playing mixer with an edit that is not saved, a second ago."""
    terminal = opened(start, song)
    terminal.press(" ")
    terminal.wait_for("PLAY")
    audio = children_of(terminal.pid)
    terminal.press("=-11\r")
    terminal.wait_for(r"Kick +-11\.0 dB")
    terminal.pump(1.1)
    return terminal, audio


def recovered(start: Start, song: Path) -> None:
    """The next start offers the edit, and takes it."""
    terminal = start("open", song, "--device", "none")
    terminal.wait_for("(?i)recover")
    terminal.press("r")
    terminal.wait_for(r"Kick +-11\.0 dB")
    terminal.press("q")
    terminal.wait_for("(?i)save")
    terminal.press("s")
    assert terminal.wait_for_end() == 0
    assert load(song / "Small Song.gainstage").session.strips[0].fader_db == -11.0


def test_after_kill_9_the_next_start_offers_the_edits(start: Start, song: Path) -> None:
    terminal, audio = edited(start, song)
    terminal.signal(signal.SIGKILL)
    assert terminal.wait_for_end() == -signal.SIGKILL
    gone(audio)
    recovered(start, song)


def test_a_dropped_terminal_keeps_the_edits_and_leaves_no_orphan(start: Start, song: Path) -> None:
    terminal, audio = edited(start, song)
    terminal.hang_up()
    deadline = time.monotonic() + PATIENCE_S
    while terminal.running:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert terminal.status == 128 + signal.SIGHUP
    gone(audio)
    recovered(start, song)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order(start: Start, song: Path, number: signal.Signals) -> None:
    terminal, audio = edited(start, song)
    terminal.signal(number)
    assert terminal.wait_for_end() == 128 + number
    gone(audio)
    assert b"\x1b[?1049l" in terminal.received[-4000:]
    recovered(start, song)


def test_a_killed_audio_process_is_replaced_and_the_song_goes_on(start: Start, song: Path) -> None:
    terminal, audio = edited(start, song)
    before = seconds(terminal.text)
    for pid in audio:
        os.kill(pid, signal.SIGKILL)
    terminal.wait_for(lambda text: seconds(text) > before + 1.0, "it plays on")
    assert children_of(terminal.pid) != audio
    terminal.signal(signal.SIGTERM)
    terminal.wait_for_end()


def test_a_stem_that_is_removed_while_playing_gets_one_line(start: Start, song: Path) -> None:
    terminal = opened(start, song)
    terminal.press(" ")
    terminal.wait_for("PLAY")
    (song / "03 Bass.wav").unlink()
    terminal.wait_for(r"03 Bass\.wav")
    before = seconds(terminal.text)
    terminal.wait_for(lambda text: seconds(text) > before + 0.5, "it plays on")
    terminal.press("q")
    assert terminal.wait_for_end() == 0


def test_64_stereo_stems_play_without_underrun_in_less_than_600_mb(start: Start, tmp_path: Path) -> None:
    import numpy as np
    import soundfile

    folder = tmp_path / "Many"
    folder.mkdir()
    noise = np.random.default_rng(1).uniform(-0.01, 0.01, (48000 * 8, 2))
    for number in range(64):
        soundfile.write(folder / f"Stem {number + 1}.wav", np.roll(noise, number * 100), 48000, subtype="PCM_24")
    terminal = start("open", folder, "--device", "none", columns=200, lines=50)
    terminal.wait_for("silent clock")
    terminal.press(" ")
    terminal.wait_for(lambda text: seconds(text) > 5.0, "it plays")
    processes = [terminal.pid, *children_of(terminal.pid)]
    assert len(processes) == 2
    assert sum(private_memory_bytes(pid) for pid in processes) < 600 * 1024 * 1024
    terminal.wait_for("STOP", "the song ends")
    assert re.search(r"xruns +0\b", terminal.text)
    terminal.press("q")
    assert terminal.wait_for_end() == 0
