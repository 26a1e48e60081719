"""What is painted and what is repainted is the same, cell by cell, whatever lies over it and has happened before."""

from __future__ import annotations

import random
import re
from contextlib import nullcontext

import pytest
from textual.events import AppBlur, AppFocus, Resize
from textual.geometry import Size
from textual.pilot import Pilot

from tests.tui.conftest import MakeMixer
from tests.tui.terminal import RecordingDriver, drive_recorded
from tests.tui.watched import Watched, drive_watched, stop_beats
from tui import beats
from tui.app import AppSettings


def test_frames_and_keys(make_mixer: MakeMixer, surroundings: dict[str, str]) -> None:
    app, _, player = make_mixer(24, settings=AppSettings(fps=1.0, ascii_only="ASCII" in surroundings))

    async def scenario(watched: Watched) -> None:
        await watched.check(6)
        await watched.press("right", "t", "up", "m", "tab", "p", "right_square_bracket", "v", "V", "space")
        await watched.check()
        await watched.press("C", "V", "v")
        await watched.check()

    drive_watched(app, player, (100, 32) if not surroundings else (80, 24), scenario)


@pytest.mark.parametrize("keys", ["equals_sign", "question_mark", "colon", "m,q", "R"])
def test_meters_go_on_around_dialogs(make_mixer: MakeMixer, keys: str) -> None:
    app, _, player = make_mixer(12, settings=AppSettings(fps=1.0))

    async def scenario(watched: Watched) -> None:
        await watched.press(*keys.split(","))
        await watched.pilot.pause(0.1)
        assert app.screen is not app.mixer
        await watched.check(6)
        await watched.press("x", "y")
        await watched.check(6)
        await watched.press("escape")
        await watched.check(6)

    drive_watched(app, player, (80, 24), scenario)


def test_any_sequence_of_sizes_and_dialogs(make_mixer: MakeMixer) -> None:
    app, _, player = make_mixer(24, settings=AppSettings(fps=1.0))
    choose = random.Random(7)

    async def scenario(watched: Watched) -> None:
        for _ in range(12):
            what = choose.choice(["size", "size", "dialog", "keys"])
            if what == "size":
                await watched.resize(choose.randrange(30, 130), choose.randrange(8, 40))
            elif what == "dialog":
                await watched.press(choose.choice(["equals_sign", "question_mark", "escape"]))
            else:
                await watched.press(choose.choice(["right", "t", "V", "v", "C", "escape"]), "up")
            await watched.check(2)

    drive_watched(app, player, (120, 40), scenario)


@pytest.mark.parametrize("opened", ["", "question_mark", "colon"], ids=["mixer", "help", "palette"])
@pytest.mark.parametrize("batched", [False, True], ids=["", "batched"])
def test_of_several_sizes_the_terminals_own_wins(make_mixer: MakeMixer, opened: str, batched: bool) -> None:
    app, _, player = make_mixer(12, settings=AppSettings(fps=1.0))
    old, new = Size(80, 30), Size(90, 28)

    async def scenario(watched: Watched) -> None:
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
            await watched.pilot.pause(0.2)
        await watched.pilot.pause(0.1)
        assert screen._compositor.size == new

    drive_watched(app, player, (80, 24), scenario)


def test_what_was_lost_while_updates_were_batched_is_painted_afterwards(make_mixer: MakeMixer) -> None:
    app, _, player = make_mixer(12, settings=AppSettings(fps=1.0))

    async def scenario(watched: Watched) -> None:
        await watched.check()
        watched.screen.reset()
        with app.batch_update():
            app.mixer._compositor._dirty_regions.add(app.size.region)
            app.mixer._compositor_refresh()
            assert watched.driver.take() == ""
        await watched.check(6)

    drive_watched(app, player, (80, 24), scenario)


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

    async def scenario(watched: Watched) -> None:
        watched.driver.take()
        app._sync_available = True
        await watched.frames(1)
        painting = next(text for text in watched.driver.written if "\x1b[6n" in text)
        assert painting.startswith("\x1b[?2026h")
        assert re.search(r"\x1b\[\?2026l\x1b\[\d;\dH\x1b\[6n$", painting)

    drive_watched(app, player, (120, 40), scenario)


def test_frames_wait_for_answers_but_keys_do_not(make_mixer: MakeMixer) -> None:
    app, _, player = make_mixer(24, settings=AppSettings(fps=1.0))

    async def scenario(watched: Watched) -> None:
        stop_beats(app)
        await watched.frames(1)
        places = re.findall(r"\x1b\[(\d);(\d)H\x1b\[6n", watched.driver.take())
        player._frozen_at_s = 9.0
        app._beat()
        assert watched.driver.take() == ""
        app.terminal_answered(int(places[-1][0]) - 1, int(places[-1][1]) - 1)
        app._beat()
        assert watched.driver.take() != ""
        await watched.press("down")
        assert watched.driver.take() != ""

    drive_watched(app, player, (120, 40), scenario)


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

    async def scenario(_: Watched) -> None:
        stop_beats(app)
        app._beat()
        app.do("flush")
        assert not app._surface.touched
        app.mixer.show_numbers()
        app.mixer.take_frame(app._controller.read())
        assert not app._surface.touched

    drive_watched(app, player, (120, 40), scenario)
