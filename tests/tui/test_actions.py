"""Every action, asked for by its key in the running application."""

import math

import pytest
from textual.command import CommandPalette
from textual.pilot import Pilot

from sessions.edits import SetControl, SetMonitor
from sessions.model import MASTER_ID
from tests.tui.conftest import MakeMixer
from tests.tui.terminal import drive
from tui.actions import ACTIONS
from tui.keymap import DEFAULT_KEYS
from tui.screens.choice import ChoiceDialog
from tui.screens.help import HelpScreen
from tui.screens.relink import RelinkDialog
from tui.screens.value_entry import ValueEntry

SIZE = (100, 30)


def names(*keys: str) -> list[str]:
    """Keys as the pilot wants them."""
    words = {
        "[": "left_square_bracket",
        "]": "right_square_bracket",
        "=": "equals_sign",
        ",": "comma",
        ".": "full_stop",
        "(": "left_parenthesis",
        ")": "right_parenthesis",
        ":": "colon",
        "?": "question_mark",
    }
    return [words.get(key, key) for key in keys]


async def press(pilot: Pilot[int], *keys: str) -> None:
    await pilot.press(*names(*keys))
    await pilot.pause()


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
        assert view.meter_id == "rms"
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


def test_undo_redo_and_save(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "up")
        assert controller.dirty
        await press(pilot, "u")
        assert controller.session.strips[0].fader_db == -6.0
        await press(pilot, "U")
        assert controller.session.strips[0].fader_db == -5.5
        await press(pilot, "u", "u")
        assert app.mixer.info_line._notice[1] == "nothing to undo"
        await press(pilot, "m", "W")
        assert not controller.dirty
        assert controller.path is not None
        assert controller.path.exists()

    drive(app, SIZE, scenario)


def test_typed_values(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "=")
        assert isinstance(app.screen, ValueEntry)
        await pilot.press("x", "enter")
        await pilot.pause()
        assert isinstance(app.screen, ValueEntry)
        said = app.screen.query_one("#said")
        assert '"x" is no fader value' in str(said.render())
        await pilot.press("backspace", "minus", "1", "2", "full_stop", "5", "enter")
        await pilot.pause()
        assert app.screen is app.mixer
        assert controller.session.strips[0].fader_db == -12.5
        await press(pilot, "p", "=")
        await pilot.press("L", "3", "0", "enter")
        await pilot.pause()
        assert controller.session.strips[0].pan_percent == -30.0
        await press(pilot, "=", "escape")
        assert app.screen is app.mixer
        assert controller.session.strips[0].pan_percent == -30.0

    drive(app, SIZE, scenario)


def test_help_and_palette_open_and_close(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "?")
        assert isinstance(app.screen, HelpScreen)
        await press(pilot, "pagedown", "?")
        assert app.screen is app.mixer
        await press(pilot, "?", "f1")
        assert app.screen is app.mixer
        await press(pilot, ":")
        assert isinstance(app.screen, CommandPalette)
        await press(pilot, "escape")
        assert app.screen is app.mixer

    drive(app, SIZE, scenario)


def test_the_palette_knows_every_action(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        commands = {command.title: command.callback for command in app.get_system_commands(app.screen)}
        assert set(commands) == {action.label for action in ACTIONS if action.id != "palette"}
        commands["Mute"]()
        assert controller.session.strips[0].mute
        await pilot.pause()

    drive(app, SIZE, scenario)


def test_colours_come_round(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        seen = []
        for _ in range(4):
            await press(pilot, "C")
            seen.append(app.theme)
        assert len(set(seen)) == 4

    drive(app, SIZE, scenario)


@pytest.mark.parametrize(
    ("answer", "exits", "saved", "discards"),
    [("s", True, True, False), ("d", True, False, True), ("c", False, False, False), ("escape", False, False, False)],
)
def test_quit_asks_when_something_would_be_lost(
    make_mixer: MakeMixer, answer: str, exits: bool, saved: bool, discards: bool
) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "m", "q")
        assert isinstance(app.screen, ChoiceDialog)
        await pilot.press(answer)
        await pilot.pause()
        assert (app.return_value == 0) == exits
        assert controller.dirty != saved
        assert app.discard_on_close == discards

    drive(app, SIZE, scenario)


def test_quit_does_not_ask_when_nothing_is_lost(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "q")
        assert app.return_value == 0

    drive(app, SIZE, scenario)


def test_a_missing_stem_is_marked_and_relinked(make_mixer: MakeMixer, tmp_path: object) -> None:
    app, controller, _ = make_mixer()
    source = controller.session.strips[1].source
    assert source is not None

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "R")
        assert isinstance(app.screen, RelinkDialog)
        await pilot.press(*"nowhere.wav", "enter")
        await pilot.pause()
        assert isinstance(app.screen, RelinkDialog)
        assert "nowhere.wav" in str(app.screen.query_one("#said").render())
        await press(pilot, "escape", "tab", "R")
        assert app.screen is app.mixer

    drive(app, SIZE, scenario)


def test_each_declared_action_is_performed(make_mixer: MakeMixer) -> None:
    """No action is declared that nothing answers to."""
    app, _, _ = make_mixer()
    performed = set(app.mixer.operations._actions)
    app_wide = {"help", "notices", "palette", "colours", "mixer", "redraw", "suspend", "quit"}
    assert performed | app_wide == {action.id for action in ACTIONS} == set(DEFAULT_KEYS)
    assert not performed & app_wide
