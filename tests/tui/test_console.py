"""The console by its keys: slots, sends, outputs, buses and returns, each a step that undo takes back."""

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from sessions.insert_edits import SetInsertParam
from sessions.model import MASTER_ID
from tests.tui.conftest import MakeMixer
from tests.tui.fake_player import CONSOLE
from tests.tui.terminal import drive, press
from tui.app import MixerApp
from tui.screens.picker import Picker

SIZE = (120, 40)


def said(app: MixerApp) -> str:
    notice = app.mixer.info_line._notice
    return notice[1] if notice else ""


def test_a_slot_is_selected_and_filled_by_a_second_press(make_mixer: MakeMixer) -> None:
    app, controller, player = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "2")
        assert app.mixer.view.slot == 2
        assert app.screen is app.mixer
        await press(pilot, "2")
        assert isinstance(app.screen, Picker)
        await press(pilot, *"comp", "enter")
        assert app.screen is app.mixer
        insert = controller.session.strips[0].insert(2)
        assert insert is not None
        assert insert.kind == "compressor"
        assert said(app) == "Add Compressor to Kick, slot 2"
        assert player.mix.strips[0].inserts[1] is not None
        await press(pilot, "2")
        assert app.screen is app.mixer
        await press(pilot, "u")
        assert controller.session.strips[0].insert(2) is None

    drive(app, SIZE, scenario)


def test_what_is_done_to_an_insert(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        strip = lambda: controller.session.strips[0]  # noqa: E731
        await press(pilot, "y")
        assert "no insert slot is selected" in said(app)
        await press(pilot, "1", "y")
        assert "slot 1 of 1 Kick is empty" in said(app)
        await press(pilot, "escape", "1", *"gate", "enter", "y")
        assert strip().insert(1).bypass  # type: ignore[union-attr]
        await press(pilot, "{")
        assert "first slot" in said(app)
        await press(pilot, "}", "}")
        assert app.mixer.view.slot == 3
        assert strip().insert(3).kind == "gate"  # type: ignore[union-attr]
        await press(pilot, "E", *"tape", "enter")
        assert strip().insert(3).kind == "tape"  # type: ignore[union-attr]
        await press(pilot, "O", *"snare", "enter")
        assert controller.session.strips[1].insert(1).kind == "tape"  # type: ignore[union-attr]
        await press(pilot, "O", *"master", "enter")
        assert controller.session.master.insert(1).kind == "tape"  # type: ignore[union-attr]
        await press(pilot, "X")
        assert strip().insert(3) is None
        await press(pilot, "u")
        assert strip().insert(3) is not None
        await press(pilot, "delete")
        assert strip().insert(3) is None

    drive(app, SIZE, scenario)


def test_a_send_that_goes_nowhere_asks_and_then_moves(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        send = lambda: controller.session.strips[0].send("a")  # noqa: E731
        await press(pilot, "a")
        assert isinstance(app.screen, Picker)
        await press(pilot, *"new return", "enter")
        assert [strip.name for strip in controller.session.returns] == ["Return 1"]
        assert send().to == "r1"
        await press(pilot, "down", "K")
        assert send().level_db == pytest.approx(-0.4)
        await press(pilot, "=", *"-12", "enter")
        assert send().level_db == -12.0
        await press(pilot, "<", "z")
        assert (send().before_fader, send().mute) == (True, True)
        await press(pilot, "0")
        assert send().level_db == 0.0
        await press(pilot, "right")
        assert [does for _, does in app.mixer.info_line._said[3]][:2] == ["choose where to", "fader"]
        await press(pilot, "up")
        assert "send a goes nowhere" in said(app)
        await press(pilot, "left", "Z")
        assert send() is None
        await press(pilot, *"uuuuuuu")
        assert not controller.session.returns
        assert controller.session.strips[0].fader_db == -6.0

    drive(app, SIZE, scenario)


@pytest.mark.parametrize("width", [40, 50, 80])
def test_each_choice_has_one_line(make_mixer: MakeMixer, width: int) -> None:
    app, _, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "3", "3")
        found = app.screen.query_one(OptionList)
        assert found.virtual_size.height == found.option_count

    drive(app, (width, 24), scenario)


def test_a_key_that_does_nothing_says_so(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        before = controller.session
        await press(pilot, "D")
        assert said(app) == '"D" does nothing here: ? shows all keys'
        await press(pilot, "f3", "D")
        assert app.scene.info_line._notice == ("info", '"D" does nothing here: ? shows all keys')
        assert controller.session is before

    drive(app, SIZE, scenario)


def test_the_master_has_no_sends(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        for key in ("a", "o", "w", "A", "@"):
            app.mixer.view.select(MASTER_ID)
            await press(pilot, key)
            assert app.screen is app.mixer
            assert "the master" in said(app)
        assert app.mixer.view.control == "fader_db"

    drive(app, SIZE, scenario)


def test_buses_come_and_go_and_outputs_lead_there(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        strip = lambda: controller.session.strips[0]  # noqa: E731
        await press(pilot, "o", *"new", "enter")
        assert strip().output == "b1"
        await press(pilot, "o", *"nowhere", "enter")
        assert strip().output is None
        await press(pilot, "B")
        assert app.mixer.view.selected == "b2"
        await press(pilot, "o")
        picker = app.screen
        assert isinstance(picker, Picker)
        assert [choice.label for choice in picker._choices] == ["Master", "B1 Bus 1", "new bus", "nowhere"]
        await press(pilot, "down", "enter")
        assert controller.session.strip("b2").output == "b1"
        await press(pilot, "N", "@")
        assert not controller.session.returns
        await press(pilot, "u", "u", "u", "u", "u", "u")
        assert not controller.session.buses
        assert strip().output == MASTER_ID

    drive(app, SIZE, scenario)


def test_what_is_chosen_now_is_where_the_choice_begins(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()
    for edit in CONSOLE:
        controller.edit(edit)

    controller.edit(SetInsertParam("s1", 2, "threshold_db", -33.0))

    async def scenario(pilot: Pilot[int]) -> None:
        before = controller.session
        app.mixer.view.select("s1")
        app.mixer.show_session()
        for keys in ("o", "2E", "a>", "b>"):
            await press(pilot, *keys)
            assert isinstance(app.screen, Picker), keys
            await press(pilot, "enter")
        app.mixer.view.select("s5")
        await press(pilot, "o", "enter")
        assert controller.session == before

    drive(app, SIZE, scenario)


def test_what_removing_a_bus_does_to_others_is_told(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()
    for edit in CONSOLE:
        controller.edit(edit)

    async def scenario(pilot: Pilot[int]) -> None:
        app.mixer.view.select("b1")
        await press(pilot, "@")
        await pilot.pause(0.3)
        assert any("now go to the master" in told.text for told in app.mixer.shared.notices)
        assert controller.session.strips[0].output == MASTER_ID

    drive(app, SIZE, scenario)


def test_tab_goes_through_strips_buses_and_master(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()
    for edit in CONSOLE:
        controller.edit(edit)

    async def scenario(pilot: Pilot[int]) -> None:
        seen = []
        await press(pilot, "right", "tab", "right")
        for _ in range(3):
            await press(pilot, "tab")
            seen.append(app.mixer.view.selected)
        assert seen == [MASTER_ID, "s1", "b2"]
        await press(pilot, "shift+tab")
        assert app.mixer.view.selected == "s1"

    drive(app, SIZE, scenario)


def test_solo_safe_is_shown_and_heard(make_mixer: MakeMixer) -> None:
    app, controller, player = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "A", "right", "s")
        assert controller.session.strips[0].solo_safe
        assert player.mix.strips[0].controls.solo_safe
        facts = app.mixer.desk._content.strips
        assert [strip.silenced for strip in facts[:3]] == [False, False, True]

    drive(app, SIZE, scenario)


def test_enter_on_an_empty_slot_asks_instead_of_opening_it(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "3", "enter")
        assert isinstance(app.screen, Picker)

    drive(app, SIZE, scenario)
