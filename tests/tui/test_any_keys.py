"""Whatever is pressed, at whatever size: nothing breaks, and undo leads back to where it began."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from textual.pilot import Pilot

from sessions.controller import Controller
from tests.tui.console_player import ConsolePlayer, console_session
from tests.tui.terminal import drive, press
from tui.app import AppSettings, MixerApp
from tui.keymap import DEFAULT_KEYS

SIZES = ((40, 12), (20, 5), (59, 20), (80, 24), (1, 1), (120, 40), (200, 50))
ENDING = frozenset({"quit", "suspend"})
KEYS = [
    *(key for action, keys in DEFAULT_KEYS.items() if action not in ENDING for key in keys),
    *("f2", "f2", "V", "f3", "enter", "escape", "tab", "up", "down", "plus", "1", "3", "a") * 3,
    *("escape", "enter") * 6,  # out of dialogs
]


@pytest.mark.parametrize("seed", [1, 5])
def test_any_keys_at_any_size(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    session = console_session(tmp_path)
    controller = Controller(session, tmp_path / "song.gainstage", ConsolePlayer(frozen_at_s=0.5))
    app = MixerApp(controller, AppSettings(fps=10.0))

    async def scenario(pilot: Pilot[int]) -> None:
        for turn in range(80):
            if turn % 4 == 3:
                await pilot.resize_terminal(*chance.choice(SIZES))
            await press(pilot, chance.choice(KEYS))
            if turn % 8 == 7:  # nobody stays in a dialog that takes all keys as its own
                await press(pilot, "escape", "escape")
        assert app.return_value is None

    drive(app, (80, 24), scenario)
    assert controller.session != session
    while controller.undo() is not None:
        pass
    assert controller.session == session
    controller.close(discard=True)
