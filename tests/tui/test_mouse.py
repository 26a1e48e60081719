"""The mouse: what is grabbed moves from where it was, never jumps; every gesture has a key."""

import pytest
from textual.events import MouseMove, MouseScrollDown, MouseScrollUp
from textual.pilot import Pilot

from engine.core.params import STRIP_PARAMS
from sessions.controller import Controller
from tests.tui.conftest import MakeMixer
from tests.tui.fake_player import CONSOLE
from tests.tui.terminal import drive
from tui.app import MixerApp
from tui.drawing.facts import ControlId
from tui.screens.choice import ChoiceDialog
from tui.screens.picker import Picker
from tui.screens.value_entry import ValueEntry
from tui.widgets import desk
from tui.widgets.drag import Drag

SIZE = (100, 30)
APART_S = 0.15
"""More than what makes two clicks one, here."""


@pytest.fixture(autouse=True)
def _quick_clicks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MixerApp, "CLICK_CHAIN_TIME_THRESHOLD", 0.1)
    monkeypatch.setattr(desk, "_TYPE_AFTER_S", 0.05)


def at(app: MixerApp, part: str | int, strip: int = 0) -> tuple[int, int]:
    """A cell of the desk where a part of a strip is."""
    shown = app.mixer.desk
    for y in range(shown.size.height):
        for x in range(shown.size.width):
            found = shown.hit(x, y)
            on_travel = part != "fader_db" or shown._rows.kind_at(y) == "meter"
            if found is not None and on_travel and (found[0].strip_id, found[1]) == (f"s{strip}", part):
                return x, y
    raise AssertionError(part)


def number_at(app: MixerApp, control: str, strip: int = 0) -> tuple[int, int]:
    """The cell of a control's number."""
    kind = {"fader_db": "fader", "trim_db": "trim", "pan_percent": "pan"}[control]
    x, _ = at(app, control, strip)
    return x, app.mixer.desk._rows.rows[kind]  # type: ignore[index]


async def drag(pilot: Pilot[int], start: tuple[int, int], end: tuple[int, int], control: bool = False) -> None:
    await pilot.mouse_down("#desk", offset=start, control=control)
    await _move(pilot, end, control)
    await pilot.mouse_up("#desk", offset=end)
    await pilot.pause()


async def _move(pilot: Pilot[int], to: tuple[int, int], control: bool = False) -> None:
    await pilot._post_mouse_events([MouseMove], "#desk", to, button=1, control=control)
    await pilot.pause()


def value(controller: Controller, control: str, strip: int = 0) -> float:
    found: float = getattr(controller.session.strips[strip], control)
    return found


def test_a_click_selects_and_moves_nothing(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        before = controller.session
        for part in ("fader_db", "trim_db", "pan_percent", "name"):
            await pilot.click("#desk", offset=at(app, part, 2))
            await pilot.pause(APART_S)  # two clicks in a row would be a double click
        assert app.mixer.view.selected == "s2"
        assert app.mixer.view.control == "pan_percent"
        assert controller.session is before

    drive(app, SIZE, scenario)


def test_a_fader_is_dragged_relative_to_where_it_was_grabbed(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        x, y = at(app, "fader_db")
        await drag(pilot, (x, y), (x, y))
        assert value(controller, "fader_db") == -6.0
        await drag(pilot, (x, y + 8), (x, y + 7))
        assert -5.0 < value(controller, "fader_db") < 0.0
        assert app.mouse_captured is None

    drive(app, SIZE, scenario)


def test_a_drag_goes_on_beside_the_strip_and_fine_with_control(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        x, y = at(app, "trim_db", 0)
        await drag(pilot, (x, y + 0), (x + 30, y + 4))
        assert value(controller, "trim_db") == -4.0
        await pilot.pause(APART_S)
        await drag(pilot, (x, y), (x, y + 4), control=True)
        assert value(controller, "trim_db") == pytest.approx(-4.4)

    drive(app, SIZE, scenario)


def test_pan_is_dragged_sideways(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        x, y = at(app, "pan_percent")
        await drag(pilot, (x, y), (x + 6, y + 3))
        assert value(controller, "pan_percent") == 30.0

    drive(app, SIZE, scenario)


def test_a_release_that_was_lost_ends_the_drag(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        x, y = at(app, "trim_db")
        await pilot.mouse_down("#desk", offset=(x, y))
        await pilot.hover("#desk", offset=(x, y + 5))
        await pilot.pause()
        assert app.mouse_captured is None
        await _move(pilot, (x, y + 9))
        assert value(controller, "trim_db") == 0.0

    drive(app, SIZE, scenario)


def test_escape_ends_a_drag(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot.mouse_down("#desk", offset=at(app, "trim_db"))
        assert app.mouse_captured is app.mixer.desk
        await pilot.press("escape")
        await pilot.pause()
        assert app.mouse_captured is None

    drive(app, SIZE, scenario)


def test_the_wheel_steps_what_is_under_it(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot._post_mouse_events([MouseScrollUp], "#desk", at(app, "fader_db", 1), button=0)
        await pilot.pause()
        assert value(controller, "fader_db", 1) == 0.5
        await pilot._post_mouse_events([MouseScrollDown], "#desk", at(app, "trim_db", 1), button=0, control=True)
        await pilot.pause()
        assert value(controller, "trim_db", 1) == pytest.approx(3.4)
        assert (app.mixer.view.selected, app.mixer.view.control) == ("s1", "trim_db")
        before = controller.session
        await pilot._post_mouse_events([MouseScrollUp], "#desk", at(app, "name", 1), button=0)
        await pilot.pause()
        assert controller.session is before

    drive(app, SIZE, scenario)


def test_two_clicks_reset(make_mixer: MakeMixer, monkeypatch: pytest.MonkeyPatch) -> None:
    app, controller, _ = make_mixer()
    monkeypatch.setattr(MixerApp, "CLICK_CHAIN_TIME_THRESHOLD", 10.0)
    monkeypatch.setattr(desk, "_TYPE_AFTER_S", 5.0)

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot.double_click("#desk", offset=number_at(app, "fader_db", 2))
        await pilot.pause(APART_S)
        assert value(controller, "fader_db", 2) == 0.0
        assert app.screen is app.mixer

    drive(app, SIZE, scenario)


def test_a_click_on_an_active_number_lets_a_value_be_typed(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot.click("#desk", offset=number_at(app, "trim_db", 1))
        await pilot.pause(APART_S)
        assert app.screen is app.mixer
        await pilot.click("#desk", offset=number_at(app, "trim_db", 1))
        await pilot.pause(APART_S)
        assert isinstance(app.screen, ValueEntry)

    drive(app, SIZE, scenario)


def test_a_value_is_not_asked_for_where_something_else_is_asked_by_now(
    make_mixer: MakeMixer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "_TYPE_AFTER_S", 0.3)
    app, _, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot.click("#desk", offset=number_at(app, "trim_db", 1))
        await pilot.pause(APART_S)
        await pilot.click("#desk", offset=number_at(app, "trim_db", 1))
        await pilot.press("m", "q")
        await pilot.pause(0.5)
        assert isinstance(app.screen, ChoiceDialog)
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert app.screen is app.mixer

    drive(app, SIZE, scenario)


def test_switches_are_pressed(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        for switch in ("mute", "solo", "polarity"):
            await pilot.click("#desk", offset=at(app, switch, 3))
        strip = controller.session.strips[3]
        assert (strip.mute, strip.solo, strip.invert_left) == (True, True, True)
        await pilot.click("#desk", offset=at(app, "solo", 4), control=True)
        await pilot.pause()
        assert [strip.solo for strip in controller.session.strips] == [False, False, False, False, True, False]

    drive(app, SIZE, scenario)


def test_captions_path_bar_and_hints_are_clicked(make_mixer: MakeMixer) -> None:
    app, _, player = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot.click("#desk", offset=(2, app.mixer.desk._rows.rows["trim"]))
        await pilot.pause()
        assert app.mixer.view.control == "trim_db"
        first, _, control = app.mixer.gain_path._controls[1]
        await pilot.click("#gain-path", offset=(first, 1))
        await pilot.pause()
        assert app.mixer.view.control == control == "fader_db"
        await pilot.click("#top-bar", offset=(2, 0))
        await pilot.pause()
        assert player.read().playing
        hint = next(target for target in app.mixer.key_hints._targets if target[2] == "mute")
        await pilot.click("#key-hints", offset=(hint[0], 0))
        await pilot.pause()
        assert player.mix.strips[0].controls.mute

    drive(app, SIZE, scenario)


def test_slots_sends_and_outputs_are_clicked(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()
    for edit in CONSOLE:
        controller.edit(edit)

    async def scenario(pilot: Pilot[int]) -> None:
        show = app.mixer.show_session
        show()
        await pilot.click("#desk", offset=at(app, 4, 1))
        assert (app.mixer.view.selected, app.mixer.view.slot) == ("s1", 4)
        await pilot.pause(APART_S)
        await pilot.click("#desk", offset=at(app, 4, 1))
        await pilot.pause()
        assert isinstance(app.screen, Picker)
        await pilot.press("escape")
        await pilot.pause(APART_S)
        await pilot.click("#desk", offset=at(app, "send_a", 1))
        await pilot.pause(APART_S)
        assert app.mixer.view.control == "send_a"
        x, y = at(app, "send_a", 1)
        await drag(pilot, (x, y), (x, y + 2))
        send = controller.session.strips[1].send("a")
        assert send is not None
        assert send.level_db == -14.0
        await pilot._post_mouse_events([MouseScrollUp], "#desk", at(app, "send_a", 1), button=0)
        await pilot.pause(APART_S)
        assert controller.session.strips[1].send("a").level_db == -13.5  # type: ignore[union-attr]
        for _ in range(2):  # the first selects it, the second asks
            await pilot.click("#desk", offset=at(app, "send_c", 2))
            await pilot.pause(APART_S)
        assert isinstance(app.screen, Picker)
        await pilot.press("escape")
        await pilot.pause(APART_S)
        await pilot.click("#desk", offset=at(app, "route", 2))
        await pilot.pause()
        assert isinstance(app.screen, Picker)

    drive(app, (120, 40), scenario)


def test_what_the_path_says_is_clicked(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()
    for edit in CONSOLE:
        controller.edit(edit)

    async def scenario(pilot: Pilot[int]) -> None:
        app.mixer.view.select("s1")
        app.mixer.show_session()
        targets = {action: first for first, _, action in app.mixer.gain_path._targets}
        await pilot.click("#gain-path", offset=(targets["slot_2"], 0))
        await pilot.pause(APART_S)
        assert app.mixer.view.slot == 2
        targets = {action: first for first, _, action in app.mixer.gain_path._targets}
        await pilot.click("#gain-path", offset=(targets["control_send_a"], 0))
        await pilot.pause(APART_S)
        assert app.mixer.view.control == "send_a"
        targets = {action: first for first, _, action in app.mixer.gain_path._targets}
        await pilot.click("#gain-path", offset=(targets["output"], 0))
        await pilot.pause()
        assert isinstance(app.screen, Picker)

    drive(app, (120, 40), scenario)


@pytest.mark.parametrize("control", ["fader_db", "trim_db", "pan_percent"])
def test_a_drag_never_leaves_the_range_and_comes_back(control: ControlId) -> None:
    spec = STRIP_PARAMS[control]
    drag = Drag("s0", control, spec.default, 10.0, 10.0, rows=20)
    for x, y in ((500.0, -500.0), (-500.0, 500.0)):
        assert spec.contains(drag.to(x, y, fine=False))
    assert drag.to(10.0, 10.0, fine=False) == spec.default


def test_changing_to_fine_within_a_drag_does_not_jump() -> None:
    drag = Drag("s0", "trim_db", 0.0, 0.0, 20.0, rows=20)
    assert drag.to(0.0, 10.0, fine=False) == 10.0
    assert drag.to(0.0, 10.0, fine=True) == 10.0
    assert drag.to(0.0, 9.0, fine=True) == pytest.approx(10.1)
    assert drag.to(0.0, 9.0, fine=False) == pytest.approx(10.1)
