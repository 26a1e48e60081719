"""Actions on the session and the view: undo, save, typed values, help, palette, quit."""

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, Static

from sessions.controller import Controller
from sessions.opening import open_path
from tests.tui.conftest import MakeMixer
from tests.tui.fake_player import FakePlayer
from tests.tui.terminal import drive, press
from tui.app import AppSettings, MixerApp
from tui.screens.choice import ChoiceDialog
from tui.screens.help import HelpScreen
from tui.screens.palette import ActionPalette
from tui.screens.relink import RelinkDialog
from tui.screens.value_entry import ValueEntry

SIZE = (100, 30)


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
        assert isinstance(app.screen, ActionPalette)
        await press(pilot, "escape")
        assert app.screen is app.mixer

    drive(app, SIZE, scenario)


def test_a_strip_gets_another_name_and_its_old_one_back(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "r", *" in", "enter")
        assert controller.session.strips[0].name == "Kick in"
        await press(pilot, "r", "ctrl+u", "space", "enter")
        assert controller.session.strips[0].name == "Kick in"
        await press(pilot, "u")
        assert controller.session.strips[0].name == "Kick"
        await press(pilot, "tab", "r")
        assert app.screen is app.mixer
        assert "master keeps its name" in app.mixer.info_line._notice[1]

    drive(app, SIZE, scenario)


def test_a_fault_is_said_when_the_whole_text_comes_in_a_burst(make_mixer: MakeMixer) -> None:
    """The input's own news of each letter comes after Enter then."""
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "=")
        assert isinstance(app.screen, ValueEntry)
        for key in (*"nan", "enter"):
            app.screen.take_key(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        said = app.screen.query_one("#said")
        assert '"nan" is no fader value' in str(said.render())
        app.screen.query_one(Input).post_message(events.Paste("-3"))
        await pilot.pause()
        assert "no fader value" not in str(said.render())
        assert controller.session.strips[0].fader_db == -6.0

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


def test_who_leaves_a_file_with_faults_is_told_what_it_is_kept_as(make_mixer: MakeMixer) -> None:
    _, controller, _ = make_mixer()
    assert controller.path is not None
    controller.path.write_text('version = 2\nname = "Song"\nfuzz = 1\n')
    spoilt = Controller.of(open_path(controller.path), FakePlayer())
    app = MixerApp(spoilt, AppSettings(fps=10.0))

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "q")
        assert isinstance(app.screen, ChoiceDialog)
        told = " ".join(str(line.render()) for line in app.screen.query(".line").results(Static))
        assert 'keeps the file as it is now, with its faults, as "Sunday Service.gainstage.bak".' in told
        await press(pilot, "c")

    drive(app, SIZE, scenario)
    spoilt.close(discard=True)


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
