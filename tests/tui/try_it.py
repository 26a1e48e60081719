"""Starts the mixer on the fake player: `python -m tests.tui.try_it [strips] [fps] [--play] [--ascii] [--missing]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from sessions.controller import Controller
from tests.tui.fake_player import FakePlayer, session_of
from tui.app import AppSettings, MixerApp


def main() -> int:
    """Run it."""
    numbers = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    strips = int(numbers[0]) if numbers else 12
    fps = float(numbers[1]) if len(numbers) > 1 else 20.0
    player = FakePlayer()
    with tempfile.TemporaryDirectory() as folder:
        session = session_of(strips, Path(folder))
        if "--missing" in sys.argv:
            Path(session.strips[3].source.path).unlink()
        controller = Controller(session, Path(folder) / "Sunday Service.gainstage", player)
        if "--play" in sys.argv:
            player.play()
        app = MixerApp(controller, AppSettings(fps=fps, ascii_only="--ascii" in sys.argv))
        try:
            return app.run() or app.return_code or 0
        finally:
            controller.close(discard=app.discard_on_close)


if __name__ == "__main__":
    sys.exit(main())
