"""The strip view at three sizes, and its fallbacks, as text: see `test_snapshots`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual.pilot import Pilot

from sessions.controller import Controller
from tests.tui.console_player import ConsolePlayer, console_session
from tests.tui.terminal import drive
from tests.tui.test_snapshots import FOLDER, as_text
from tui.app import AppSettings, MixerApp


@pytest.mark.parametrize(
    ("name", "size", "keys", "term", "ascii_only"),
    [
        ("80x24", (80, 24), "1", "xterm-256color", False),
        ("80x24_trim", (80, 24), "t", "xterm-256color", False),
        ("80x24_console", (80, 24), "4", "linux", False),
        ("80x24_ascii", (80, 24), "2", "xterm-256color", True),
        ("120x40", (120, 40), "2e", "xterm-256color", False),
        ("200x50", (200, 50), "1", "xterm-256color", False),
    ],
)
def test_the_strip_view_looks_as_it_did(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    size: tuple[int, int],
    keys: str,
    term: str,
    ascii_only: bool,
) -> None:
    monkeypatch.setenv("TERM", term)
    controller = Controller(console_session(tmp_path), tmp_path / "song.gainstage", ConsolePlayer(frozen_at_s=0.5))
    app = MixerApp(controller, AppSettings(fps=20.0, ascii_only=ascii_only))

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot.press("f3", *("enter" if key == "e" else key for key in keys))
        await pilot.pause(0.8)
        seen = as_text(app)
        file = FOLDER / f"strip_{name}.txt"
        if os.environ.get("GAINSTAGE_WRITE_SNAPSHOTS"):
            file.write_text(seen)
        assert seen == file.read_text()

    drive(app, size, scenario)
    controller.close(discard=True)
