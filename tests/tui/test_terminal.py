"""What is painted and what is repainted is the same, cell by cell, whatever lies over it and has happened before."""

from __future__ import annotations

import random
import re
from contextlib import nullcontext

import pyte
import pytest
from textual.events import AppBlur, AppFocus, Resize
from textual.geometry import Size
from textual.pilot import Pilot

from tests.tui.conftest import MakeMixer
from tests.tui.fake_player import FakePlayer
from tests.tui.terminal import RecordingDriver, cells, drive_recorded, feed
from tui import beats
from tui.app import AppSettings, MixerApp


class Watched:
    """An application with an emulated terminal that has followed everything it wrote."""

    def __init__(self, app: MixerApp, pilot: Pilot[int], driver: RecordingDriver, player: FakePlayer) -> None:
        self.app, self.pilot, self.driver, self.player = app, pilot, driver, player
        width, height = app.size
        self.screen = pyte.Screen(width, height)

    async def frames(self, count: int = 4) -> None:
        """Let the meters move on for some frames."""
        for _ in range(count):
            assert self.player._frozen_at_s is not None
            self.player._frozen_at_s += 0.07
            self.app.mixer.take_frame(self.app._controller.read())
            self.app.mixer.show_numbers()
            self.app._tick()
            self.app.do("flush")
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def check(self) -> None:
        """Compare with a full repaint; the meters stand still meanwhile."""
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

    async def resize(self, width: int, height: int) -> None:
        feed(self.screen, self.driver.take())
        self.screen.resize(height, width)
        size = Size(width, height)
        self.driver._size = (width, height)
        self.driver.send_message(Resize(size, size))
        await self.pilot.pause(0.15)


async def watch(app: MixerApp, pilot: Pilot[int], driver: RecordingDriver, player: FakePlayer) -> Watched:
    watched = Watched(app, pilot, driver, player)
    driver.take()
    app.screen.refresh()
    await pilot.pause(0.05)
    return watched


SURROUNDINGS = {
    "truecolor": {},
    "256": {"COLORTERM": ""},
    "16": {"COLORTERM": "", "TERM": "xterm"},
    "console": {"COLORTERM": "", "TERM": "linux"},
    "no colour": {"NO_COLOR": "1"},
    "ascii": {"ASCII": "1"},
}


@pytest.mark.parametrize("surroundings", SURROUNDINGS.values(), ids=SURROUNDINGS)
def test_frames_and_keys(make_mixer: MakeMixer, monkeypatch: pytest.MonkeyPatch, surroundings: dict[str, str]) -> None:
    for name, setting in surroundings.items():
        monkeypatch.setenv(name, setting)
    app, _, player = make_mixer(24, settings=AppSettings(fps=1.0, ascii_only="ASCII" in surroundings))

    async def scenario(pilot: Pilot[int], driver: RecordingDriver) -> None:
        watched = await watch(app, pilot, driver, player)
        await watched.frames(6)
        await watched.check()
        await watched.press("right", "t", "up", "m", "tab", "p", "right_square_bracket", "v", "V", "space")
        await watched.frames()
        await watched.check()
        await watched.press("C", "V", "v")
        await watched.frames()
        await watched.check()

    drive_recorded(app, (100, 32) if not surroundings else (80, 24), scenario)


@pytest.mark.parametrize("keys", ["equals_sign", "question_mark", "colon", "m,q", "R"])
def test_meters_go_on_around_dialogs(make_mixer: MakeMixer, keys: str) -> None:
    app, _, player = make_mixer(12, settings=AppSettings(fps=1.0))

    async def scenario(pilot: Pilot[int], driver: RecordingDriver) -> None:
        watched = await watch(app, pilot, driver, player)
        await watched.press(*keys.split(","))
        await pilot.pause(0.1)
        assert app.screen is not app.mixer
        await watched.frames(6)
        await watched.check()
        await watched.press("x", "y")
        await watched.frames(6)
        await watched.check()
        await watched.press("escape")
        await watched.frames(6)
        await watched.check()

    drive_recorded(app, (80, 24), scenario)


def test_any_sequence_of_sizes_and_dialogs(make_mixer: MakeMixer) -> None:
    app, _, player = make_mixer(24, settings=AppSettings(fps=1.0))
    choose = random.Random(7)

    async def scenario(pilot: Pilot[int], driver: RecordingDriver) -> None:
        watched = await watch(app, pilot, driver, player)
        for _ in range(12):
            what = choose.choice(["size", "size", "dialog", "keys"])
            if what == "size":
                await watched.resize(choose.randrange(30, 130), choose.randrange(8, 40))
            elif what == "dialog":
                await watched.press(choose.choice(["equals_sign", "question_mark", "escape"]))
            else:
                await watched.press(choose.choice(["right", "t", "V", "v", "C", "escape"]), "up")
            await watched.frames(2)
            await watched.check()

    drive_recorded(app, (120, 40), scenario)


@pytest.mark.parametrize("opened", ["", "question_mark", "colon"], ids=["mixer", "help", "palette"])
@pytest.mark.parametrize("batched", [False, True], ids=["", "batched"])
def test_of_several_sizes_the_terminals_own_wins(make_mixer: MakeMixer, opened: str, batched: bool) -> None:
    app, _, player = make_mixer(12, settings=AppSettings(fps=1.0))
    old, new = Size(80, 30), Size(90, 28)

    async def scenario(pilot: Pilot[int], driver: RecordingDriver) -> None:
        watched = await watch(app, pilot, driver, player)
        if opened:
            await watched.press(opened)
        screen = app.screen
        lay_out = screen._refresh_layout
        layouts = 0

        def counted(size: Size | None = None, scroll: bool = False) -> None:
            nonlocal layouts
            layouts += 1
            assert layouts < 40, "sizes undo each other for ever"
            lay_out(size, scroll)

        screen._refresh_layout = counted  # type: ignore[method-assign]
        app._size = new
        with app.batch_update() if batched else nullcontext():
            for size in (new, old):
                screen.post_message(Resize(size, size))
                if batched:
                    screen.call_later(lambda: None)  # neighbours are merged into the last of them
            await pilot.pause(0.2)
        await pilot.pause(0.1)
        assert screen._compositor.size == new

    drive_recorded(app, (80, 24), scenario)


def test_what_was_lost_while_updates_were_batched_is_painted_afterwards(make_mixer: MakeMixer) -> None:
    app, _, player = make_mixer(12, settings=AppSettings(fps=1.0))

    async def scenario(pilot: Pilot[int], driver: RecordingDriver) -> None:
        watched = await watch(app, pilot, driver, player)
        await watched.check()
        watched.screen.reset()
        with app.batch_update():
            app.mixer._compositor._dirty_regions.add(app.size.region)
            app.mixer._compositor_refresh()
            assert driver.take() == ""
        await watched.frames(6)
        await watched.check()

    drive_recorded(app, (80, 24), scenario)


def test_nothing_moves_and_nothing_is_sent(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer(24, settings=AppSettings(fps=20.0))

    async def scenario(pilot: Pilot[int], driver: RecordingDriver) -> None:
        await pilot.pause(0.4)
        driver.take()
        await pilot.pause(0.5)
        assert driver.take() == ""

    drive_recorded(app, (200, 50), scenario)


def test_a_key_costs_a_few_cells(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer(24, settings=AppSettings(fps=20.0))

    async def scenario(pilot: Pilot[int], driver: RecordingDriver) -> None:
        await pilot.pause(0.4)
        driver.take()
        await pilot.press("down")
        await pilot.pause(0.2)
        assert 0 < len(driver.take().encode()) < 1000

    drive_recorded(app, (200, 50), scenario)


def test_a_frame_is_one_write_that_ends_with_a_question(make_mixer: MakeMixer) -> None:
    app, _, player = make_mixer(24, settings=AppSettings(fps=1.0))

    async def scenario(pilot: Pilot[int], driver: RecordingDriver) -> None:
        watched = await watch(app, pilot, driver, player)
        driver.take()
        app._sync_available = True
        await watched.frames(1)
        painting = next(text for text in driver.written if "\x1b[6n" in text)
        assert painting.startswith("\x1b[?2026h")
        assert re.search(r"\x1b\[\?2026l\x1b\[\d;\dH\x1b\[6n$", painting)

    drive_recorded(app, (120, 40), scenario)


def test_frames_wait_for_answers_but_keys_do_not(make_mixer: MakeMixer) -> None:
    app, _, player = make_mixer(24, settings=AppSettings(fps=1.0))

    async def scenario(pilot: Pilot[int], driver: RecordingDriver) -> None:
        watched = await watch(app, pilot, driver, player)
        stop_beats(app)
        await watched.frames(1)
        places = re.findall(r"\x1b\[(\d);(\d)H\x1b\[6n", driver.take())
        player._frozen_at_s = 9.0
        app._beat()
        assert driver.take() == ""
        app.terminal_answered(int(places[-1][0]) - 1, int(places[-1][1]) - 1)
        app._beat()
        assert "\x1b[6n" in driver.take()
        await watched.press("down")
        assert driver.take() != ""

    drive_recorded(app, (120, 40), scenario)


def stop_beats(app: MixerApp) -> None:
    """Let nothing be read or sent by itself any more."""
    assert app._beats is not None
    app._beats.stop()


def test_fewer_frames_while_nobody_looks(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer(3, settings=AppSettings(fps=20.0))

    async def scenario(pilot: Pilot[int], driver: RecordingDriver) -> None:
        assert app._beats is not None
        app._beats.wake()
        assert not app._beats.are_slow
        app.post_message(AppBlur())
        await pilot.pause()
        assert app._beats.are_slow
        app.post_message(AppFocus())
        app._beats.wake()
        await pilot.pause()
        assert not app._beats.are_slow

    drive_recorded(app, (80, 24), scenario)


def test_what_stands_still_is_looked_at_seldom(make_mixer: MakeMixer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beats, "REST_AFTER_S", 0.1)
    app, _, player = make_mixer(3, settings=AppSettings(fps=50.0))

    async def scenario(pilot: Pilot[int], driver: RecordingDriver) -> None:
        await pilot.pause(3.0)  # hold marks go after two seconds
        before = player.reads
        await pilot.pause(1.0)
        assert player.reads - before <= 8
        await pilot.press("space")
        before = player.reads
        await pilot.pause(0.6)
        assert player.reads - before >= 12
        await pilot.press("space")
        await pilot.pause(0.4)
        assert app._beats is not None
        assert app._beats.are_slow
        player._frozen_at_s = 1.1  # a level, though nothing was done here
        await pilot.pause(0.3)
        assert driver.take() != ""

    drive_recorded(app, (80, 24), scenario)


def test_numbers_that_stay_what_they_are_cost_no_comparison_of_cells(make_mixer: MakeMixer) -> None:
    app, _, player = make_mixer(6, settings=AppSettings(fps=1.0))

    async def scenario(pilot: Pilot[int], driver: RecordingDriver) -> None:
        await watch(app, pilot, driver, player)
        stop_beats(app)
        app._beat()
        app.do("flush")
        assert not app._surface.touched
        app.mixer.show_numbers()
        app.mixer.take_frame(app._controller.read())
        assert not app._surface.touched

    drive_recorded(app, (120, 40), scenario)
