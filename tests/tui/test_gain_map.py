"""The gain map by keys and mouse: where one is there is what the mixer's keys act on."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from engine.meters.frame import AFTER_FADER, AFTER_INSERT, AFTER_TRIM, AT_SEND, INPUT
from sessions.controller import Controller
from sessions.model import MASTER_ID
from tests.tui.conftest import OpenMixer
from tests.tui.fake_player import console_of, session_of
from tests.tui.measuring_player import MeasuringPlayer
from tests.tui.terminal import drive, press, rows_seen
from tests.tui.test_snapshots import compare
from tui.app import AppSettings, MixerApp
from tui.screens.field_entry import FieldEntry
from tui.screens.gain_map import GainMapScreen
from tui.screens.strip import StripScreen
from tui.screens.value_entry import ValueEntry

SIZE = (100, 30)
Opened = tuple[MixerApp, Controller, MeasuringPlayer]


@pytest.fixture
def opened(tmp_path: Path, open_mixer: OpenMixer) -> Opened:
    player = MeasuringPlayer(frozen_at_s=0.5)
    return (*open_mixer(console_of(session_of(8, tmp_path)), player), player)


def view(app: MixerApp) -> GainMapScreen:
    assert isinstance(app.scene, GainMapScreen)
    return app.scene


def at(app: MixerApp) -> tuple[str, int]:
    return app.mixer.view.selected, view(app).place.stage


def test_scenes_lie_over_each_other_and_each_is_left_for_the_one_below(opened: Opened) -> None:
    app, _, _ = opened

    async def scenario(pilot: Pilot[int]) -> None:
        for leaving in ("escape", "f1", "f2"):
            await press(pilot, "f2")
            assert isinstance(app.screen, GainMapScreen)
            await press(pilot, leaving)
            assert app.screen is app.mixer
        await press(pilot, "f2", "f3")
        assert isinstance(app.screen, StripScreen)
        await press(pilot, "f2")
        assert isinstance(app.screen, GainMapScreen)
        await press(pilot, "f3", "escape")
        assert isinstance(app.screen, GainMapScreen)
        await press(pilot, "f3", "f1")
        assert app.screen is app.mixer
        assert len(app.screen_stack) == 1

    drive(app, SIZE, scenario)


def test_arrows_move_over_strips_and_stages_and_select_in_the_mixer(opened: Opened) -> None:
    app, controller, _ = opened

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "t", "f2")
        assert at(app) == ("s0", AFTER_TRIM)
        before = controller.session
        await press(pilot, "down", "j", "up", "right", "l", "right")
        assert at(app) == ("s1", AFTER_INSERT + 2)
        assert app.mixer.view.slot == 3
        await press(pilot, "right")
        assert at(app) == ("s1", AFTER_FADER)
        assert (app.mixer.view.slot, app.mixer.view.control) == (None, "fader_db")
        await press(pilot, "right", "right", "right", "right")
        assert at(app) == ("s1", AT_SEND + 1)
        assert app.mixer.view.control == "send_b"
        await press(pilot, *["left"] * 9, "h")
        assert at(app) == ("s1", INPUT)
        assert app.mixer.view.control == "trim_db"
        await press(pilot, *["down"] * 20)
        assert app.mixer.view.selected == MASTER_ID
        assert controller.session is before

    drive(app, SIZE, scenario)


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ((50, 16), ["AES-17 -"]),
        ((80, 24), ["AES-17 -", "held "]),
        ((120, 40), ["AES-17 average -", "crest over RMS "]),
    ],
)
def test_an_average_always_says_by_which_convention(opened: Opened, size: tuple[int, int], said: list[str]) -> None:
    app, _, _ = opened

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "f2")
        text = "\n".join(rows_seen(app))
        assert [each for each in said if each not in text] == []

    drive(app, size, scenario)


def test_names_of_controls_slots_and_zones_move_in_the_map_too(opened: Opened) -> None:
    app, _, _ = opened

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "f2", "2")
        assert at(app) == ("s0", AFTER_INSERT + 1)
        await press(pilot, "t")
        assert at(app) == ("s0", AFTER_TRIM)
        await press(pilot, "down", "a")
        assert at(app) == ("s1", AT_SEND)
        await press(pilot, "f", "tab")
        assert at(app) == ("b1", AFTER_FADER)
        await press(pilot, "tab")
        assert at(app) == (MASTER_ID, AFTER_FADER)

    drive(app, SIZE, scenario)


def test_values_are_moved_where_the_cell_is(opened: Opened) -> None:
    app, controller, _ = opened

    async def scenario(pilot: Pilot[int]) -> None:
        strip = lambda: controller.session.strips[1]  # noqa: E731
        await press(pilot, "f2", "down", "t", "plus", "K", "pageup")
        assert strip().trim_db == pytest.approx(3.5 + 0.5 + 0.1 + 6.0)
        await press(pilot, "right", "minus", "minus", "J")
        assert strip().inserts[0].output_db == pytest.approx(-1.1)
        await press(pilot, "0", "y")
        assert (strip().inserts[0].output_db, strip().inserts[0].bypass) == (0.0, True)
        await press(pilot, "a", "plus", "y")
        assert (strip().sends[0].level_db, strip().sends[0].mute) == (-11.5, True)
        await press(pilot, "m", "X")
        assert strip().mute
        assert strip().send("a") is None
        await press(pilot, "escape", "u")
        assert strip().send("a") is not None

    drive(app, SIZE, scenario)


def test_values_are_typed_where_the_cell_is(opened: Opened) -> None:
    app, controller, _ = opened

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "f2", "t", "=")
        assert isinstance(app.screen, ValueEntry)
        await press(pilot, *"-4.5", "enter")
        assert controller.session.strips[0].trim_db == -4.5
        await press(pilot, "2", "=")
        assert isinstance(app.screen, FieldEntry)
        await press(pilot, *"-2", "enter")
        assert controller.session.strips[0].inserts[1].output_db == -2.0  # type: ignore[union-attr]
        await press(pilot, "8", "=", "plus", "0")
        notice = view(app).info_line._notice
        assert notice is not None
        assert "the slot is empty" in notice[1]

    drive(app, SIZE, scenario)


def test_enter_and_two_clicks_open_the_strip_view_at_the_cell(opened: Opened) -> None:
    app, _, _ = opened

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "f2", "down", "2", "enter")
        scene = app.scene
        assert isinstance(scene, StripScreen)
        assert (app.mixer.view.selected, scene.place.element) == ("s1", "2")
        await press(pilot, "right", "escape")
        assert at(app) == ("s2", AFTER_INSERT + 1)
        plan = view(app).map._plan
        x, y = plan.x(AFTER_TRIM) + 2, plan.row(3)
        assert y is not None
        await pilot.click("#gain-map", offset=(x, y))
        assert at(app) == ("s3", AFTER_TRIM)
        await pilot.click("#gain-map", offset=(1, y + 1))
        assert at(app) == ("s4", AFTER_TRIM)
        await pilot.click("#gain-map", offset=(plan.x(AFTER_FADER), y), times=2)
        await pilot.pause()
        scene = app.scene
        assert isinstance(scene, StripScreen)
        assert (app.mixer.view.selected, scene.place.element) == ("s3", "fader")

    drive(app, SIZE, scenario)


def test_v_changes_the_meter_and_shift_v_shows_distances(opened: Opened) -> None:
    app, _, _ = opened

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "f2")
        await pilot.pause(0.4)
        assert "PEAK dBFS" in rows_seen(app)[1]
        await press(pilot, "v")
        await pilot.pause(0.4)
        assert "TP dBTP" in rows_seen(app)[1]
        await press(pilot, "V")
        await pilot.pause(0.4)
        assert "VS TARGET" in rows_seen(app)[1]
        assert any("▾" in row for row in rows_seen(app)[2:-4])

    drive(app, SIZE, scenario)


def test_pages_and_the_wheel_go_through_many_strips(tmp_path: Path, open_mixer: OpenMixer) -> None:
    app, _ = open_mixer(session_of(60, tmp_path), MeasuringPlayer(frozen_at_s=0.5))

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "f2", "]")
        page = view(app).map.page
        assert 10 < page < 25
        assert app.mixer.view.selected == f"s{page}"
        await press(pilot, "[", "[")
        assert app.mixer.view.selected == "s0"
        await pilot._post_mouse_events([_scroll_down()], "#gain-map", offset=(5, 5))
        await pilot.pause()
        assert app.mixer.view.selected == "s1"

    drive(app, (80, 24), scenario)


def _scroll_down() -> type:
    from textual.events import MouseScrollDown

    return MouseScrollDown


@pytest.mark.parametrize(
    ("name", "size", "keys", "ascii_only"),
    [
        ("80x24", (80, 24), ("t",), False),
        ("80x24_ascii", (80, 24), ("V", "2"), True),
        ("50x16", (50, 16), ("t",), False),
        ("120x40", (120, 40), ("V", "2"), False),
        ("200x50", (200, 50), ("V", "down", "1"), False),
    ],
)
def test_the_gain_map_looks_as_it_did(
    tmp_path: Path, open_mixer: OpenMixer, name: str, size: tuple[int, int], keys: tuple[str, ...], ascii_only: bool
) -> None:
    settings = AppSettings(fps=20.0, ascii_only=ascii_only)
    app, _ = open_mixer(console_of(session_of(14, tmp_path)), MeasuringPlayer(frozen_at_s=0.5), settings)

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot.press("f2", *keys)
        await pilot.pause(0.8)
        compare(app, f"gain_map_{name}")

    drive(app, size, scenario)
