"""Starts the mixer on the fake player.

`python -m tests.tui.try_it [strips] [fps] [--play] [--ascii] [--missing] [--console]`
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from sessions.controller import Controller
from sessions.opening import Opened
from sessions.recovery import find_recovery
from tests.tui.fake_player import FakePlayer, console_of, session_of
from tui.app import AppSettings
from tui.run import run_mixer


def main() -> int:
    """Run it; `--folder=PATH` keeps the session there."""
    numbers = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    folders = [Path(argument.partition("=")[2]) for argument in sys.argv[1:] if argument.startswith("--folder=")]
    strips = int(numbers[0]) if numbers else 12
    fps = float(numbers[1]) if len(numbers) > 1 else 20.0
    with tempfile.TemporaryDirectory() as temporary:
        folder = folders[0] if folders else Path(temporary)
        session = session_of(strips, folder)
        if "--console" in sys.argv:
            session = console_of(session)
        if "--missing" in sys.argv:
            (folder / "04 Tom 1.wav").unlink()
        path = folder / "Sunday Service.gainstage"
        player = FakePlayer()
        controller = Controller.of(Opened(session, path, folder, recovery=find_recovery(path)[0]), player)
        if "--play" in sys.argv:
            player.play()
        settings = AppSettings(fps=fps, ascii_only="--ascii" in sys.argv)
        return run_mixer(controller, settings, find_recovery(path)[0])


if __name__ == "__main__":
    sys.exit(main())
