"""The palette of actions: what is typed finds them, in whatever terminal."""

from __future__ import annotations

import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from tests.tui.conftest import MakeMixer
from tests.tui.terminal import drive, press
from tui.actions import ACTIONS
from tui.screens.palette import ActionPalette, found_actions

SIZE = (80, 24)
TERMINALS = [
    {"TERM": "xterm-256color"},
    {"TERM": "linux", "COLORTERM": ""},
    {"NO_COLOR": "1"},
]


def test_the_palette_knows_every_action(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        found = {action.id for action in found_actions("")}
        assert found == {action.id for action in ACTIONS} - {"palette"}
        await press(pilot, ":", *"mute", "enter")
        assert app.screen is app.mixer
        assert controller.session.strips[0].mute

    drive(app, SIZE, scenario)


def test_what_is_typed_finds_actions_by_name_and_then_by_what_they_do() -> None:
    assert [action.id for action in found_actions("solo")][:3] == ["solo", "solo_safe", "solo_exclusive"]
    assert found_actions("  hear ALONE")[0].id == "solo_exclusive"
    assert found_actions("drum machine") == []


def test_a_burst_of_keys_acts_in_its_order(make_mixer: MakeMixer) -> None:
    """Enter takes what the letters before it have found, a second one has nothing to end, the next key is the
    mixer's."""
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, ":", *"polarity", "enter", "f1", "t")
        assert app.screen is app.mixer
        assert controller.session.strips[0].invert_left
        assert app.mixer.view.control == "trim_db"
        await press(pilot, ":", "down", "down", "up", "up", "down", "enter")
        assert app.mixer.view.selected == "s1"
        await press(pilot, ":", *"zzz", "enter")
        assert isinstance(app.screen, ActionPalette)

    drive(app, SIZE, scenario)


@pytest.mark.parametrize("size", [SIZE, (20, 5), (1, 1)])
@pytest.mark.parametrize("opening", [":", "o"])
def test_the_mark_moves_by_pages_in_lists_that_are_not_drawn_yet(
    make_mixer: MakeMixer, size: tuple[int, int], opening: str
) -> None:
    app, _, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        for key in (opening, "pagedown", "e", "pagedown", "pageup", "pageup"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        await press(pilot, "pagedown", "down")
        assert app.screen.query_one(OptionList).highlighted is not None

    drive(app, size, scenario)


@pytest.mark.parametrize("environment", TERMINALS, ids=["256", "16", "none"])
def test_the_marked_action_and_the_cursor_are_seen(
    make_mixer: MakeMixer, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    app, _, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, ":")
        found = app.screen.query_one(OptionList)
        marked, other = (found.render_line(row)._segments[0].style for row in (0, 1))
        assert marked is not None
        assert other is not None
        assert marked.bold or marked.underline
        if "NO_COLOR" in environment:
            assert marked.underline
        else:
            assert marked.bgcolor != other.bgcolor
        cursor = app.screen.query_one(Input).get_component_rich_style("input--cursor")
        ground = cursor.color if cursor.reverse else cursor.bgcolor
        assert ground is not None
        assert ground.number != 0 or "NO_COLOR" in environment

    drive(app, SIZE, scenario)
