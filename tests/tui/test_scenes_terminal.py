"""Gain map and loudness on a terminal: what is painted and repainted is the same, and a frame costs a few cells."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import OpenMixer
from tests.tui.fake_player import console_of, session_of
from tests.tui.measuring_player import MeasuringPlayer
from tests.tui.terminal import RecordingDriver, drive_recorded
from tests.tui.watched import Watched, drive_watched
from tui.app import AppSettings, MixerApp
from tui.keymap import DEFAULT_KEYS

Make = Callable[..., tuple[MixerApp, MeasuringPlayer]]
ENDING = ("quit", "suspend")
KEYS = [
    *(key for action, keys in DEFAULT_KEYS.items() if action not in ENDING for key in keys),
    *("f2", "f3", "f4", "f1", "escape", "V", "T", "plus", "minus", "tab", "up", "down", "left", "right") * 4,
]
SIZES = ((40, 12), (20, 5), (71, 20), (80, 24), (1, 1), (72, 19), (120, 40), (200, 50))


@pytest.fixture
def make(tmp_path: Path, open_mixer: OpenMixer) -> Make:
    def opened(*, strips: int = 12, fps: float = 1.0, ascii_only: bool = False) -> tuple[MixerApp, MeasuringPlayer]:
        player = MeasuringPlayer(frozen_at_s=50.5)
        session = console_of(session_of(strips, tmp_path))
        return open_mixer(session, player, AppSettings(fps=fps, ascii_only=ascii_only))[0], player

    return opened


def test_frames_keys_and_the_ways_between_scenes(make: Make, surroundings: dict[str, str]) -> None:
    app, player = make(ascii_only="ASCII" in surroundings)

    async def scenario(watched: Watched) -> None:
        for keys in (("f2",), ("V", "down", "right", "2"), ("f4",), ("v", "T", "C"), ("f3",), ("f2",), ("f1",)):
            await watched.press(*keys)
            await watched.check()

    drive_watched(app, player, (120, 40) if not surroundings else (80, 24), scenario)


def test_scenes_go_on_around_dialogs_and_after_another_size(make: Make) -> None:
    app, player = make()

    async def scenario(watched: Watched) -> None:
        for scene in ("f2", "f4"):
            for key in ("equals_sign", "question_mark", "colon"):
                await watched.check_around(scene, key)
                await watched.press("f1")

    drive_watched(app, player, (80, 24), scenario)


@pytest.mark.parametrize("scene", ["f2", "f4"])
def test_what_stands_still_sends_nothing(make: Make, scene: str) -> None:
    app, _ = make(fps=20.0)

    async def scenario(pilot: Pilot[int], driver: RecordingDriver) -> None:
        await pilot.press(scene)
        await pilot.pause(0.8)
        driver.take()
        await pilot.pause(0.4)
        assert driver.take() == ""

    drive_recorded(app, (120, 40), scenario)


@pytest.mark.parametrize(("scene", "most"), [("f2", 2500), ("f4", 700)])
def test_a_frame_costs_some_hundred_bytes(make: Make, scene: str, most: int) -> None:
    """Numbers with each frame here; on the clock they are shown with every fourth."""
    app, player = make(strips=24)

    async def scenario(watched: Watched) -> None:
        await watched.press(scene)
        assert await watched.bytes_a_frame() < most

    drive_watched(app, player, (120, 40), scenario)


@pytest.mark.parametrize("seed", [3, 8])
def test_any_keys_at_any_size(make: Make, seed: int) -> None:
    app, player = make()
    chance = random.Random(seed)

    async def scenario(watched: Watched) -> None:
        for turn in range(80):
            if turn % 4 == 3:
                await watched.resize(*chance.choice(SIZES))
            await watched.press(chance.choice(KEYS))
            if turn % 7 == 0:
                await watched.frames(1)
        assert app.return_value is None

    drive_watched(app, player, (80, 24), scenario)
