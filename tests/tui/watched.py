"""An application whose output an emulated terminal follows, so that what was painted can be compared with a repaint."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pyte
from textual.events import Resize
from textual.geometry import Size
from textual.pilot import Pilot

from tests.tui.fake_player import FakePlayer
from tests.tui.terminal import RecordingDriver, cells, drive_recorded, feed
from tui.app import MixerApp


class Watched:
    """An application with an emulated terminal that has followed everything it wrote."""

    def __init__(self, app: MixerApp, pilot: Pilot[int], driver: RecordingDriver, player: FakePlayer) -> None:
        self.app, self.pilot, self.driver, self.player = app, pilot, driver, player
        width, height = app.size
        self.screen = pyte.Screen(width, height)

    async def frames(self, count: int = 4) -> None:
        """Let the meters move on for some frames, each with its numbers."""
        for _ in range(count):
            assert self.player._frozen_at_s is not None
            self.player._frozen_at_s += 0.07
            self.app._beat()
            self.app.scene.show_transport(anew=False)
            self.app.scene.show_numbers()
            self.app._tick()
            self.app.do("flush")
        await self.pilot.pause()

    async def bytes_a_frame(self) -> float:
        """What a frame sends, on average."""
        await self.frames()
        self.driver.take()
        await self.frames(20)
        return len(self.driver.take().encode()) / 20

    async def press(self, *keys: str) -> None:
        """Press keys, by the names that the pilot has for them."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def check(self, frames: int = 4) -> None:
        """Go on for some frames and compare with a full repaint; the meters stand still meanwhile."""
        await self.frames(frames)
        stop_beats(self.app)
        self.app.do("flush")
        await self.pilot.pause(0.05)
        self.app.do("flush")
        feed(self.screen, self.driver.take())
        self.app.screen.refresh()
        await self.pilot.pause(0.05)
        repainted = pyte.Screen(self.screen.columns, self.screen.lines)
        written = self.driver.take()
        assert len(written) > 1000
        feed(repainted, written)
        for y, (seen, expected) in enumerate(zip(cells(self.screen), cells(repainted), strict=True)):
            assert seen == expected, f"row {y}"
        feed(self.screen, written)

    async def check_around(self, *keys: str) -> None:
        """Open something over the scene, give it another size and close it, and compare each time."""
        await self.press(*keys)
        await self.pilot.pause(0.1)
        await self.check()
        await self.resize(*((100, 30) if self.app.size.width == 80 else (80, 24)))
        await self.press("escape")
        await self.check()

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        feed(self.screen, self.driver.take())
        self.screen.resize(height, width)
        size = Size(width, height)
        self.driver._size = (width, height)
        self.driver.send_message(Resize(size, size))
        await self.pilot.pause(0.15)


def drive_watched(
    app: MixerApp, player: FakePlayer, size: tuple[int, int], scenario: Callable[[Watched], Awaitable[None]]
) -> None:
    """Run an application on an emulated terminal and do something to it."""

    async def watch(pilot: Pilot[int], driver: RecordingDriver) -> None:
        watched = Watched(app, pilot, driver, player)
        driver.take()
        app.screen.refresh()
        await pilot.pause(0.05)
        await scenario(watched)

    drive_recorded(app, size, watch)


def stop_beats(app: MixerApp) -> None:
    """Let nothing be read or sent by itself any more."""
    assert app._beats is not None
    app._beats.stop()
