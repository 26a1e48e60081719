"""Actions on strips, controls, switches, meters and transport, asked for by their keys in the running application."""

import math

import pytest
from textual.pilot import Pilot

from sessions.edits import SetControl, SetMonitor
from sessions.model import MASTER_ID
from tests.tui.conftest import MakeMixer
from tests.tui.terminal import drive, press
from tui.actions import ACTIONS
from tui.keymap import DEFAULT_KEYS

SIZE = (100, 30)


def test_selecting_strips(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer(20)

    async def scenario(pilot: Pilot[int]) -> None:
        view = app.mixer.view
        assert view.selected == "s0"
        await press(pilot, "right", "l")
        assert view.selected == "s2"
        await press(pilot, "left", "h", "h")
        assert view.selected == "s0"
        visible = app.visible_strips
        assert visible < 20
        await press(pilot, "]")
        assert view.first > 0
        assert view.order.index(view.selected) >= view.first
        await press(pilot, "[", "[")
        assert view.first == 0
        await press(pilot, "tab")
        assert view.selected == MASTER_ID
        await press(pilot, "shift+tab")
        assert view.selected != MASTER_ID

    drive(app, SIZE, scenario)


def test_the_active_control_is_what_up_and_down_move(make_mixer: MakeMixer) -> None:
    app, controller, player = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        strip = lambda: controller.session.strips[0]  # noqa: E731
        await press(pilot, "up", "k")
        assert strip().fader_db == -5.0
        await press(pilot, "shift+up", "K", "down")
        assert strip().fader_db == pytest.approx(-5.3)
        await press(pilot, "t", "pagedown")
        assert (strip().trim_db, strip().fader_db) == (-6.0, pytest.approx(-5.3))
        await press(pilot, "J", "shift+down", "j", "pageup")
        assert strip().trim_db == pytest.approx(-0.7)
        await press(pilot, "0")
        assert strip().trim_db == 0.0
        await press(pilot, "p", "down")
        assert strip().pan_percent == -5.0
        await press(pilot, "K")
        assert strip().pan_percent == -4.0
        await press(pilot, "f")
        assert app.mixer.view.control == "fader_db"
        assert player.mix.strips[0].controls.fader_db == strip().fader_db

    drive(app, SIZE, scenario)


def test_a_fader_goes_off_below_its_lowest_and_comes_back(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        controller.edit(SetControl("s0", "fader_db", -89.8))
        await press(pilot, "down")
        assert controller.session.strips[0].fader_db == -math.inf
        await press(pilot, "down")
        assert controller.session.strips[0].fader_db == -math.inf
        await press(pilot, "up")
        assert controller.session.strips[0].fader_db == -90.0

    drive(app, SIZE, scenario)


def test_switches(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "m", "s", "i")
        strip = controller.session.strips[0]
        assert (strip.mute, strip.solo, strip.invert_left, strip.invert_right) == (True, True, True, True)
        await press(pilot, "i", "right", "S")
        assert [strip.solo for strip in controller.session.strips[:3]] == [False, True, False]
        assert not controller.session.strips[0].invert_left
        await press(pilot, "S")
        assert not any(strip.solo for strip in controller.session.strips)
        await press(pilot, "tab", "m", "s")
        assert controller.session.master.mute
        assert "master has no solo" in app.mixer.info_line._notice[1]

    drive(app, SIZE, scenario)


def test_meters(make_mixer: MakeMixer) -> None:
    app, _, player = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        view = app.mixer.view
        start = view.stage_view
        await press(pilot, "v")
        assert view.meter_id == "true_peak"
        await press(pilot, "V")
        assert view.stage_view != start
        await press(pilot, "x")
        assert player.holds_cleared == 1

    drive(app, SIZE, scenario)


def test_transport(make_mixer: MakeMixer) -> None:
    app, controller, player = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "space")
        assert player.read().playing
        await press(pilot, "space")
        assert not player.read().playing
        player.locate(60.0)
        controller.read()
        await press(pilot, ",")
        assert player.read().position_s == pytest.approx(55.0, abs=0.5)
        await press(pilot, ".", ".")
        assert player.read().position_s == pytest.approx(65.0, abs=0.5)
        await press(pilot, "home")
        assert player.read().position_s == 0.0
        await press(pilot, "L")
        assert controller.session.loop.enabled
        await press(pilot, "(", "(", ")")
        assert controller.session.monitor_db == -1.0
        await press(pilot, ")", ")", ")")
        assert controller.session.monitor_db == 0.0

    drive(app, SIZE, scenario)


def test_the_keys_never_make_the_monitors_louder_than_the_mix(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        controller.edit(SetMonitor(4.0))
        await press(pilot, ")")
        assert controller.session.monitor_db == 4.0
        await press(pilot, "(")
        assert controller.session.monitor_db == 3.0

    drive(app, SIZE, scenario)


def test_each_declared_action_is_performed(make_mixer: MakeMixer) -> None:
    """No action is declared that nothing answers to."""
    app, _, _ = make_mixer()
    performed = set(app.mixer.operations._actions)
    scenes = {"mixer", "gain_map", "strip", "loudness"}
    app_wide = {*scenes, "help", "notices", "palette", "colours", "redraw", "suspend", "quit"}
    assert performed | app_wide == {action.id for action in ACTIONS} == set(DEFAULT_KEYS)
    assert not performed & app_wide
