"""`gainstage measure` in a real terminal: progress while it works, a table that fits, an end at any time."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.journeys.terminal import Terminal

pytestmark = pytest.mark.journeys
Start = Callable[..., Terminal]


def test_an_album_is_measured_with_progress_and_a_table(start: Start, song: Path) -> None:
    (song / "broken.wav").write_bytes(b"RIFF")
    terminal = start("measure", song, columns=80, lines=40)
    assert terminal.wait_for_end() == 2
    assert b"measuring [" in terminal.received
    lines = [line.rstrip() for line in terminal.text.splitlines()]
    assert "measuring [" not in terminal.text
    assert "broken.wav: is not a sound file" in "".join(lines)
    # -20 dBFS at 110 Hz in both channels, K-weighted by about -1 dB.
    values = [line.split()[-9:] for line in lines if "0:30.0" in line]
    assert len(values) == 5
    assert all(columns[4:8] == ["-20.0", "-20.0", "-23.0", "3.0"] for columns in values)
    assert max(map(len, lines)) <= 80


def test_a_first_start_says_what_takes_so_long(start: Start, song: Path, tmp_path: Path) -> None:
    terminal = start("measure", song, columns=100, lines=40, GAINSTAGE_CACHE_DIR=str(tmp_path / "cache"))
    terminal.wait_for("preparing the engine", "the compiler's progress")
    assert terminal.wait_for_end() == 0
    assert b"first start" in terminal.received


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_it_can_be_ended_at_any_time(start: Start, tmp_path: Path, number: signal.Signals, status: int) -> None:
    long = tmp_path / "long.wav"
    with soundfile.SoundFile(long, "w", 48000, 2, subtype="PCM_16", format="RF64") as file:
        for _ in range(20):
            file.write(np.random.default_rng(1).uniform(-0.5, 0.5, (60 * 48000, 2)).astype(np.float32))
    terminal = start("measure", *[long] * 10, columns=100, lines=24)
    terminal.wait_for(r"measuring \[.* [1-9]%")
    terminal.signal(number)
    assert terminal.wait_for_end() == status
    assert "Traceback" not in terminal.text
