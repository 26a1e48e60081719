"""The strip view at three sizes, and its fallbacks, as text: see `test_snapshots`."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import OpenMixer
from tests.tui.console_player import ConsolePlayer, console_session
from tests.tui.terminal import drive
from tests.tui.test_snapshots import compare
from tui.app import AppSettings


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
    open_mixer: OpenMixer,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    size: tuple[int, int],
    keys: str,
    term: str,
    ascii_only: bool,
) -> None:
    monkeypatch.setenv("TERM", term)
    settings = AppSettings(fps=20.0, ascii_only=ascii_only)
    app, _ = open_mixer(console_session(tmp_path), ConsolePlayer(frozen_at_s=0.5), settings)

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot.press("f3", *("enter" if key == "e" else key for key in keys))
        await pilot.pause(0.8)
        compare(app, f"strip_{name}")

    drive(app, size, scenario)
