"""The strip view on a terminal: what is painted and what is repainted is the same, and a frame costs a few cells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import OpenMixer
from tests.tui.console_player import ConsolePlayer, console_session
from tests.tui.terminal import RecordingDriver, drive_recorded
from tests.tui.watched import Watched, drive_watched
from tui.app import AppSettings, MixerApp

Make = Callable[..., tuple[MixerApp, ConsolePlayer]]


@pytest.fixture
def make(tmp_path: Path, open_mixer: OpenMixer) -> Make:
    def opened(*, fps: float = 1.0, ascii_only: bool = False) -> tuple[MixerApp, ConsolePlayer]:
        player = ConsolePlayer(frozen_at_s=0.5)
        return open_mixer(console_session(tmp_path), player, AppSettings(fps=fps, ascii_only=ascii_only))[0], player

    return opened


def test_frames_keys_and_the_way_back(make: Make, surroundings: dict[str, str]) -> None:
    app, player = make(ascii_only="ASCII" in surroundings)
    in_the_view = ("down", "tab", "enter", "up", "down", "m", "escape", "2", "right", "C")

    async def scenario(watched: Watched) -> None:
        for keys in (("f3",), in_the_view, ("escape",), ("down", "f3", "4")):
            await watched.press(*keys)
            await watched.check()

    drive_watched(app, player, (120, 40) if not surroundings else (80, 24), scenario)


def test_meters_go_on_around_dialogs_and_after_another_size(make: Make) -> None:
    app, player = make()

    async def scenario(watched: Watched) -> None:
        for keys in (("2", "equals_sign"), ("3", "enter"), ("question_mark",), ("colon",)):
            await watched.check_around("f3", *keys)
            await watched.press("f1")
        await watched.press("f3", "2", "enter")
        await watched.resize(50, 20)
        await watched.press("escape", "enter", "up")
        await watched.check()

    drive_watched(app, player, (80, 24), scenario)


def test_what_stands_still_sends_nothing_and_a_key_costs_a_few_cells(make: Make) -> None:
    app, _ = make(fps=20.0)

    async def scenario(pilot: Pilot[int], driver: RecordingDriver) -> None:
        await pilot.press("f3", "2")
        await pilot.pause(0.8)
        driver.take()
        await pilot.pause(0.4)
        assert driver.take() == ""
        await pilot.press("plus")
        await pilot.pause(0.2)
        assert 0 < len(driver.take().encode()) < 4000

    drive_recorded(app, (120, 40), scenario)


@pytest.mark.parametrize("element", ["t", "2", "4"])
def test_a_frame_costs_some_hundred_bytes(make: Make, element: str) -> None:
    app, player = make()

    async def scenario(watched: Watched) -> None:
        await watched.press("f3", element)
        assert await watched.bytes_a_frame() < 800

    drive_watched(app, player, (120, 40), scenario)
