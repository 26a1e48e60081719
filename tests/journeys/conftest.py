"""The program in a real terminal, on a small song, playing to the silent clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.journeys.terminal import Terminal

RATE = 48000
NAMES = ("Kick", "Snare", "Bass", "Keys", "Vox")


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """A folder of five stereo stems of 30 s."""
    folder = tmp_path / "Small Song"
    folder.mkdir()
    n = np.arange(30 * RATE)
    for number, name in enumerate(NAMES):
        wave = 0.1 * np.sin(2 * np.pi * 110 * (number + 1) * n / RATE)
        soundfile.write(folder / f"{number + 1:02} {name}.wav", np.stack([wave, wave], 1), RATE, subtype="PCM_16")
    return folder


@pytest.fixture
def start() -> Iterator[Callable[..., Terminal]]:
    """Starts the program in a terminal; what is left of it is ended after the test."""
    terminals: list[Terminal] = []

    def run(*arguments: object, columns: int = 120, lines: int = 40, **environment: str) -> Terminal:
        terminals.append(Terminal([str(a) for a in arguments], columns=columns, lines=lines, environment=environment))
        return terminals[-1]

    yield run
    for terminal in terminals:
        terminal.close()
