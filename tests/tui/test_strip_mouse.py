"""The strip view by mouse: what is pressed is selected, what is dragged moves from where it was."""

from __future__ import annotations

import pytest
from textual.events import MouseMove, MouseScrollDown, MouseScrollUp
from textual.pilot import Pilot

from sessions.controller import Controller
from sessions.model import InsertState
from tests.tui.conftest import ConsoleMixer
from tests.tui.strip_scene import strip_scene
from tests.tui.terminal import drive, press
from tui.app import MixerApp
from tui.screens.picker import Picker

SIZE = (120, 40)
APART_S = 0.15


@pytest.fixture(autouse=True)
def _quick_clicks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MixerApp, "CLICK_CHAIN_TIME_THRESHOLD", 0.1)


def row_of(app: MixerApp, element: str) -> tuple[int, int]:
    row = strip_scene(app).chain.row_of(element)
    assert row is not None
    return 5, row


def value_of(app: MixerApp, field_id: str) -> tuple[int, int]:
    """A cell of a field's value."""
    cell = strip_scene(app).editor.cell_of(field_id)
    assert cell is not None
    return cell[0] + 30, cell[1]


def insert(controller: Controller, slot: int = 2) -> InsertState:
    found = controller.session.strips[0].insert(slot)
    assert found is not None
    return found


async def move(pilot: Pilot[int], to: tuple[int, int], *, button: int = 1, control: bool = False) -> None:
    await pilot._post_mouse_events([MouseMove], "#editor", to, button=button, control=control)
    await pilot.pause()


async def open_view(pilot: Pilot[int], *keys: str) -> None:
    await press(pilot, "f3", *keys)
    await pilot.pause(0.2)


def test_a_click_selects_an_element_and_two_open_it(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot)
        before = controller.session
        await pilot.click("#chain", offset=row_of(app, "2"))
        assert (strip_scene(app).place.element, strip_scene(app).place.entered) == ("2", False)
        await pilot.pause(APART_S)
        await pilot.click("#chain", offset=row_of(app, "4"), times=2)
        await pilot.pause()
        assert (strip_scene(app).place.element, strip_scene(app).place.entered) == ("4", True)
        assert controller.session is before
        await pilot.pause(APART_S)
        await pilot.click("#chain", offset=row_of(app, "8"), times=2)
        await pilot.pause()
        assert isinstance(app.screen, Picker)
        await press(pilot, *"gate", "enter")
        assert insert(controller, 8).kind == "gate"

    drive(app, SIZE, scenario)


def test_the_wheel_moves_what_is_under_it(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot)
        await pilot._post_mouse_events([MouseScrollUp], "#chain", row_of(app, "fader"))
        await pilot.pause()
        assert controller.session.strips[0].fader_db == -5.5
        await pilot._post_mouse_events([MouseScrollDown], "#chain", row_of(app, "a"), control=True)
        await pilot.pause()
        assert controller.session.strips[0].send("a").level_db == -14.1  # type: ignore[union-attr]
        await pilot._post_mouse_events([MouseScrollDown], "#chain", row_of(app, "2"))
        await press(pilot, "2")
        await pilot._post_mouse_events([MouseScrollUp], "#editor", value_of(app, "make_up_db"))
        await pilot.pause()
        assert insert(controller).value("make_up_db") == 5.5
        await pilot._post_mouse_events([MouseScrollUp], "#editor", (4, 0))  # no value there
        await pilot.pause()
        assert insert(controller).value("make_up_db") == 5.5

    drive(app, SIZE, scenario)


@pytest.mark.parametrize("key", ["4", "right"])
def test_a_drag_ends_when_another_thing_is_edited(console_mixer: ConsoleMixer, key: str) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, "2")
        before = controller.session
        x, y = value_of(app, "slot mix_percent")
        await pilot.mouse_down("#editor", offset=(x, y))
        await press(pilot, key)
        field = strip_scene(app).path.field("slot mix_percent")
        await move(pilot, (x - 20, y))
        await move(pilot, (x - 25, y))
        assert strip_scene(app).path.field("slot mix_percent") == field
        assert controller.session is before

    drive(app, SIZE, scenario)


def test_a_press_chooses_a_value_and_never_moves_it(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, "2")
        before = controller.session
        for field_id in ("threshold_db", "release_ms", "make_up_db", "slot mix_percent"):
            await pilot.click("#editor", offset=value_of(app, field_id))
            await pilot.pause(APART_S)
            assert strip_scene(app).path.field().id == field_id  # type: ignore[union-attr]
        assert controller.session is before

    drive(app, SIZE, scenario)


def test_a_drag_is_relative_and_ends_where_the_button_does(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, "2")
        x, y = value_of(app, "threshold_db")
        await pilot.mouse_down("#editor", offset=(x, y))
        await move(pilot, (x + 6, y))
        assert insert(controller).value("threshold_db") == -18.0  # a tenth of 60 dB
        await move(pilot, (x, y))
        assert insert(controller).value("threshold_db") == -24.0  # and back to where it was
        await move(pilot, (x - 60, y + 5))
        assert insert(controller).value("threshold_db") == -60.0 or x < 60
        await pilot.mouse_up("#editor", offset=(x, y))
        before = controller.session
        await move(pilot, (x + 20, y), button=0)
        assert controller.session is before
        assert app.mouse_captured is None

    drive(app, SIZE, scenario)


def test_a_drag_with_control_is_ten_times_as_fine(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, "2")
        x, y = value_of(app, "threshold_db")
        await pilot.mouse_down("#editor", offset=(x, y), control=True)
        await move(pilot, (x + 6, y), control=True)
        assert insert(controller).value("threshold_db") == pytest.approx(-23.4)
        await move(pilot, (x + 12, y), button=0)  # the release was lost
        assert app.mouse_captured is None
        assert insert(controller).value("threshold_db") == pytest.approx(-23.4)

    drive(app, SIZE, scenario)


def test_switches_and_choices_are_pressed(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, "2")
        await pilot.click("#editor", offset=value_of(app, "limit"))
        await pilot.pause(APART_S)
        assert insert(controller).value("limit") == 1.0
        for expected in (1.0, 0.0):  # round and round
            await pilot.click("#editor", offset=value_of(app, "detector"))
            await pilot.pause(APART_S)
            assert insert(controller).value("detector") == expected
        await pilot.click("#editor", offset=value_of(app, "slot bypass"))
        await pilot.pause(APART_S)
        assert insert(controller).bypass

    drive(app, SIZE, scenario)


def test_two_presses_give_the_default(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, "2")
        await pilot.click("#editor", offset=value_of(app, "threshold_db"), times=2)
        await pilot.pause()
        assert insert(controller).value("threshold_db") == -18.0

    drive(app, SIZE, scenario)


def test_hints_are_places_to_click(console_mixer: ConsoleMixer) -> None:
    app, _, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, "2")
        targets = {action: first for first, _, action in strip_scene(app).key_hints._targets}
        await pilot.click("#key-hints", offset=(targets["enter"], 0))
        await pilot.pause()
        assert strip_scene(app).place.entered
        await pilot.click("#key-hints", offset=(targets["mixer"], 0))
        await pilot.pause()
        assert app.screen is app.mixer

    drive(app, SIZE, scenario)
