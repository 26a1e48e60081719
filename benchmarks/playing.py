"""The program open on a folder in a pseudo-terminal, apart from the user's own settings and sound devices."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Generator
from pathlib import Path

from benchmarks.children import PROGRAM
from benchmarks.terminal import Terminal
from benchmarks.watching import audio_process, shared_engine

_START_S = 60.0
"""A first start compiles the engine."""


@contextlib.contextmanager
def opened(folder: Path, columns: int = 200, rows: int = 50, **settings: str) -> Generator[Terminal]:
    """`gainstage open FOLDER --device none` with a home of its own; `settings` join the environment."""
    with tempfile.TemporaryDirectory(prefix="gainstage-home-") as home:
        own = {f"XDG_{name}_HOME": f"{home}/{name.lower()}" for name in ("CONFIG", "DATA", "STATE")}
        command = [*PROGRAM, "open", folder, "--device", "none"]
        with Terminal(command, columns, rows, **own, **settings) as terminal:
            yield terminal


def is_complete(screen: str) -> bool:
    """Whether a screen shows the whole mixer: it is painted from top to bottom, and its last row names the keys."""
    return "MASTER" in screen and "quit" in screen.rpartition("\n")[2]


def first_callback(terminal: Terminal) -> float:
    """Waits until the engine has rendered its first block; returns when, in seconds after the start."""
    audio_process(terminal.pid, _START_S)
    engine = shared_engine(terminal.pid)
    while int(engine.status.callbacks[0]) == 0:
        if terminal.now_s > _START_S:
            raise TimeoutError(f"no sound within {_START_S:.0f} s")
        terminal.pause()
    return terminal.now_s
