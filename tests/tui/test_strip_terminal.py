"""The strip view on a terminal: what is painted and what is repainted is the same, and a frame costs a few cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from sessions.controller import Controller
from tests.tui.console_player import ConsolePlayer, console_session
from tests.tui.terminal import RecordingDriver, drive_recorded
from tests.tui.test_terminal import SURROUNDINGS, Watched
from tui.app import AppSettings, MixerApp

Make = Callable[..., tuple[MixerApp, ConsolePlayer]]


class WatchedView(Watched):
    """Frames go to whatever is seen."""

    async def frames(self, count: int = 4) -> None:
        for _ in range(count):
            assert self.player._frozen_at_s is not None
            self.player._frozen_at_s += 0.07
            self.app._beat()
            self.app.scene.show_numbers()
            self.app.do("flush")
        await self.pilot.pause()


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Controller] = []

    def opened(*, fps: float = 1.0, ascii_only: bool = False) -> tuple[MixerApp, ConsolePlayer]:
        player = ConsolePlayer(frozen_at_s=0.5)
        controller = Controller(console_session(tmp_path), tmp_path / "song.gainstage", player)
        made.append(controller)
        return MixerApp(controller, AppSettings(fps=fps, ascii_only=ascii_only)), player

    yield opened
    for controller in made:
        controller.close(discard=True)


async def watch(app: MixerApp, pilot: Pilot[int], driver: RecordingDriver, player: ConsolePlayer) -> WatchedView:
    watched = WatchedView(app, pilot, driver, player)
    driver.take()
    app.screen.refresh()
    await pilot.pause(0.05)
    return watched


@pytest.mark.parametrize("surroundings", SURROUNDINGS.values(), ids=SURROUNDINGS)
def test_frames_keys_and_the_way_back(
    make: Make, monkeypatch: pytest.MonkeyPatch, surroundings: dict[str, str]
) -> None:
    for name, setting in surroundings.items():
        monkeypatch.setenv(name, setting)
    app, player = make(ascii_only="ASCII" in surroundings)

    async def scenario(pilot: Pilot[int], driver: RecordingDriver) -> None:
        watched = await watch(app, pilot, driver, player)
        await watched.press("f3")
        await watched.frames()
        await watched.check()
        await watched.press("down", "tab", "enter", "up", "down", "m", "escape", "2", "right", "C")
        await watched.frames()
        await watched.check()
        await watched.press("escape")
        await watched.frames()
        await watched.check()
        await watched.press("down", "f3", "4")
        await watched.frames()
        await watched.check()

    drive_recorded(app, (120, 40) if not surroundings else (80, 24), scenario)


def test_meters_go_on_around_dialogs_and_after_another_size(make: Make) -> None:
    app, player = make()

    async def scenario(pilot: Pilot[int], driver: RecordingDriver) -> None:
        watched = await watch(app, pilot, driver, player)
        for keys in (("2", "equals_sign"), ("3", "enter"), ("question_mark",), ("colon",)):
            await watched.press("f3", *keys)
            await pilot.pause(0.1)
            await watched.frames()
            await watched.check()
            await watched.resize(*((100, 30) if app.size.width == 80 else (80, 24)))
            await watched.press("escape")
            await watched.frames()
            await watched.check()
            await watched.press("f1")
        await watched.press("f3", "2", "enter")
        await watched.resize(50, 20)
        await watched.press("escape", "enter", "up")
        await watched.frames()
        await watched.check()

    drive_recorded(app, (80, 24), scenario)


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

    async def scenario(pilot: Pilot[int], driver: RecordingDriver) -> None:
        watched = await watch(app, pilot, driver, player)
        await watched.press("f3", element)
        await watched.frames()
        driver.take()
        await watched.frames(20)
        assert len(driver.take().encode()) / 20 < 800

    drive_recorded(app, (120, 40), scenario)
