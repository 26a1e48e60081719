"""The strip view by keys: through the path, into the editor, and what each key does to the session."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from engine.notice import Notice
from sessions.edits import RenameStrip
from sessions.group_edits import AddLinkGroup
from sessions.model import MASTER_ID
from tests.tui.conftest import ConsoleMixer
from tests.tui.strip_scene import open_view, strip_scene
from tests.tui.terminal import drive, press, rows_seen
from tui.app import MixerApp
from tui.keymap import Keymap, merged
from tui.screens.field_entry import FieldEntry
from tui.screens.help import HelpScreen
from tui.screens.picker import Picker
from tui.screens.strip import StripScreen
from tui.strip_keys import STRIP_KEYS

SIZE = (100, 30)


def said(app: MixerApp) -> str:
    notice = strip_scene(app).info_line._notice
    return notice[1] if notice else ""


def test_it_is_opened_and_left_by_every_key_that_does_so(console_mixer: ConsoleMixer) -> None:
    app, _, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        for opening in ("f3", "enter"):
            for leaving in ("escape", "f1", "f3"):
                await press(pilot, opening)
                assert isinstance(app.screen, StripScreen)
                await press(pilot, leaving)
                assert app.screen is app.mixer
        await pilot.pause(0.3)
        assert any("FADER" in row for row in rows_seen(app))

    drive(app, SIZE, scenario)


def test_up_and_down_go_along_the_path_and_left_and_right_to_the_strips(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, "t")
        before = controller.session
        await press(pilot, "down", "j")
        assert strip_scene(app).place.element == "2"
        await press(pilot, "up", "k", "k", "k", "k", "k")
        assert strip_scene(app).place.element == "input"
        await press(pilot, "right", "l", "h")
        assert app.mixer.view.selected == "s1"
        await press(pilot, *["down"] * 30)
        assert strip_scene(app).place.element == "output"
        await press(pilot, "c", "tab")
        await press(pilot, *["right"] * 6)
        assert app.mixer.view.selected == MASTER_ID
        assert strip_scene(app).place.element == "fader"  # it has no sends
        assert controller.session is before

    drive(app, SIZE, scenario)


def test_names_of_controls_slots_and_sends_select_them(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot)
        before = controller.session
        for key, element in (("f", "fader"), ("t", "trim"), ("p", "pan"), ("4", "4"), ("c", "c")):
            await press(pilot, key)
            assert strip_scene(app).place.element == element
        assert controller.session is before

    drive(app, SIZE, scenario)


def test_values_are_chosen_and_moved_with_and_without_the_editor(console_mixer: ConsoleMixer) -> None:
    app, controller, player = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        def value(param_id: str) -> float:
            insert = controller.session.strips[0].insert(2)
            assert insert is not None
            return insert.value(param_id)

        await open_view(pilot, "2", "plus", "plus", "minus")
        assert value("threshold_db") == -23.5
        await press(pilot, "K", "shift+down", "pagedown")
        assert value("threshold_db") == -29.5
        await press(pilot, "tab", "enter", "up", "k", "down")
        assert value("compression_ratio") == 4.5
        await press(pilot, "0")
        assert value("compression_ratio") == 3.0
        await press(pilot, "tab", "enter")  # a switch
        assert value("limit") == 1.0
        await press(pilot, "down")
        assert value("limit") == 0.0
        await press(pilot, "shift+tab", "shift+tab")
        assert strip_scene(app).path.field().id == "threshold_db"  # type: ignore[union-attr]
        await press(pilot, "escape")
        assert not strip_scene(app).place.entered
        assert player.mix.strips[0].inserts[1].params[0] == -29.5  # type: ignore[union-attr]

    drive(app, SIZE, scenario)


def test_a_frequency_moves_by_intervals(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, "1", "tab", "pageup")
        insert = controller.session.strips[0].insert(1)
        assert insert is not None
        assert insert.value("high_pass_hz") == pytest.approx(90.0)

    drive(app, SIZE, scenario)


def test_moves_of_one_value_are_one_step_of_undo(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        before = controller.session
        await open_view(pilot, "t", "plus", "plus", "plus")
        assert controller.session.strips[0].trim_db == -2.0
        await press(pilot, "2", "y")
        assert controller.session.strips[0].insert(2).bypass  # type: ignore[union-attr]
        await press(pilot, "u")
        assert not controller.session.strips[0].insert(2).bypass  # type: ignore[union-attr]
        await press(pilot, "u")
        assert controller.session == before
        await press(pilot, "U")
        assert controller.session.strips[0].trim_db == -2.0

    drive(app, SIZE, scenario)


def test_every_value_of_every_element_can_be_moved_up_and_down(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot)
        screen = strip_scene(app)
        for element in ("polarity", "trim", "1", "2", "4", "6", "a", "c", "fader", "pan", "output"):
            screen.path.select(element)
            for field in screen.path.fields():
                screen.path.choose(field.id)
                before = controller.session
                screen.perform("more")
                screen.perform("less")
                if controller.session is before:  # at both ends at once: a choice of one
                    assert field.spec.maximum == 0.0 or field.value in (0.0, field.spec.maximum), field
                now = screen.path.field(field.id)
                assert now is not None
                assert now.spec.contains(now.value)

    drive(app, SIZE, scenario)


def test_a_value_is_typed(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, "2", "=")
        assert isinstance(app.screen, FieldEntry)
        await press(pilot, "l", "enter")
        assert isinstance(app.screen, FieldEntry)  # it says what is wrong
        await press(pilot, "ctrl+u", "minus", "1", "2", "enter")
        assert isinstance(app.screen, StripScreen)
        assert controller.session.strips[0].insert(2).value("threshold_db") == -12.0  # type: ignore[union-attr]

    drive(app, SIZE, scenario)


def test_processors_come_go_and_change_places(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        def kinds() -> list[str | None]:
            return [insert.kind if insert else None for insert in controller.session.strips[0].inserts]

        await open_view(pilot, "3", "enter")
        assert isinstance(app.screen, Picker)
        await press(pilot, *"tape", "enter")
        assert kinds()[2] == "tape"
        assert strip_scene(app).place.entered
        await press(pilot, "escape", "{")
        assert kinds()[:3] == ["equaliser", "tape", "compressor"]
        assert strip_scene(app).place.element == "2"
        await press(pilot, "}", "X")
        assert kinds()[:3] == ["equaliser", "compressor", None]
        await press(pilot, "X")
        assert "slot 3 of 1 Kick is empty" in said(app)
        await press(pilot, "1", "E", *"gate", "enter")
        assert kinds()[:3] == ["gate", "compressor", None]
        await press(pilot, "2", "O", *"snare", "enter")
        assert controller.session.strips[1].insert(1).kind == "compressor"  # type: ignore[union-attr]
        await press(pilot, "t", "X", "E", "y")
        assert "no insert slot is selected" in said(app)
        assert kinds()[:3] == ["gate", "compressor", None]

    drive(app, SIZE, scenario)


def test_sends_get_a_destination_and_lose_it(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        def sends() -> list[str | None]:
            return [send.to if send else None for send in controller.session.strips[0].sends]

        await open_view(pilot, "b", "plus")
        assert sends() == ["return1", "return1", "return1"]
        await press(pilot, "y")
        assert controller.session.strips[0].send("b").mute  # type: ignore[union-attr]
        await press(pilot, "X")
        assert sends() == ["return1", None, "return1"]
        await press(pilot, "a", "minus")
        assert controller.session.strips[0].send("a").level_db == -14.5  # type: ignore[union-attr]
        await press(pilot, "<", "z")
        assert controller.session.strips[0].send("a").before_fader  # type: ignore[union-attr]
        assert controller.session.strips[0].send("a").mute  # type: ignore[union-attr]
        await press(pilot, "tab", "tab", "minus")
        assert controller.session.strips[0].send("a").pan_percent == -5.0  # type: ignore[union-attr]
        await press(pilot, "t", "z", "<", "Z")
        assert "no send is the active control" in said(app)
        assert sends() == ["return1", None, "return1"]

    drive(app, SIZE, scenario)


def test_an_empty_send_asks_where_to_as_in_the_mixer(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, "d", "enter")
        assert isinstance(app.screen, Picker)
        await press(pilot, *"new return", "enter")
        assert controller.session.strips[0].send("d").to == "r1"  # type: ignore[union-attr]
        await pilot.pause(0.2)
        assert any("Send d to" in row for row in rows_seen(app))

    drive(app, SIZE, scenario)


def test_actions_by_name_do_what_their_keys_do(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, "1")
        screen = strip_scene(app)
        for action, element in (("slot_4", "4"), ("control_send_c", "c"), ("control_trim", "trim"), ("slot_2", "2")):
            screen.perform(action)
            assert screen.place.element == element
        screen.perform("insert_remove")
        assert [insert and insert.kind for insert in controller.session.strips[0].inserts][:2] == ["equaliser", None]

    drive(app, SIZE, scenario)


def test_the_element_is_what_is_active_in_the_mixer_and_the_reverse(console_mixer: ConsoleMixer) -> None:
    app, _, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot)
        assert strip_scene(app).place.element == "fader"
        await press(pilot, "c", "f1")
        assert (app.mixer.view.slot, app.mixer.view.control) == (None, "send_c")
        await press(pilot, "t", "f3")
        assert strip_scene(app).place.element == "trim"
        await press(pilot, "2", "f1")
        assert (app.mixer.view.slot, app.mixer.view.control) == (2, "trim_db")
        await press(pilot, "f", "f3")
        assert strip_scene(app).place.element == "2"
        await press(pilot, "p", "f1")
        assert (app.mixer.view.slot, app.mixer.view.control) == (None, "pan_percent")

    drive(app, SIZE, scenario)


def test_marked_strips_move_together_here_too(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "*", "right", "*")
        before = [strip.trim_db for strip in controller.session.strips]
        await open_view(pilot, "t", "plus", "plus")
        assert [strip.trim_db for strip in controller.session.strips] == [
            before[0] + 1.0, before[1] + 1.0, *before[2:]
        ]  # fmt: skip
        assert any("2 marked move together" in row for row in rows_seen(app))
        await press(pilot, "u")
        assert [strip.trim_db for strip in controller.session.strips] == before

    drive(app, SIZE, scenario)


def test_buses_and_returns_are_called_what_they_are_called_in_the_mixer(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        controller.edit(RenameStrip("bus1", "master"))
        await open_view(pilot, *["right"] * 3)
        assert any(" B1  master" in row for row in rows_seen(app))
        await press(pilot, "left")
        screen = strip_scene(app)
        screen.path.select("output")
        await press(pilot, "plus")
        assert controller.session.strips[2].output == "bus1"
        assert any("B1 master" in row for row in rows_seen(app))

    drive(app, SIZE, scenario)


def test_what_is_linked_is_said(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        controller.edit(AddLinkGroup("Pair", ("s0", "s1")))
        await open_view(pilot)
        assert any("linked: Pair" in row for row in rows_seen(app))

    drive(app, SIZE, scenario)


def test_a_way_that_would_be_a_circle_is_passed_over(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, "right", "right", "right", "right")  # the return
        assert app.mixer.view.selected == "return1"
        screen = strip_scene(app)
        screen.path.select("output")
        await press(pilot, "plus")
        assert controller.session.channel("return1").output == "bus1"
        await press(pilot, "minus", "minus")
        assert controller.session.channel("return1").output is None
        await press(pilot, "left", "a", "plus")  # the bus sends to the return that goes nowhere
        assert controller.session.channel("bus1").send("a").to == "return1"  # type: ignore[union-attr]
        await press(pilot, "right")
        screen.path.select("output")
        await press(pilot, "plus")
        assert controller.session.channel("return1").output == MASTER_ID
        await press(pilot, "plus")
        assert controller.session.channel("return1").output == MASTER_ID
        assert screen.info_line._notice is not None

    drive(app, SIZE, scenario)


def test_the_keys_of_the_mixer_work_here_too(console_mixer: ConsoleMixer) -> None:
    app, controller, player = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, "m", "s", "i", "space")
        strip = controller.session.strips[0]
        assert (strip.mute, strip.solo, strip.invert_left) == (True, True, True)
        assert player.read().playing
        await press(pilot, "x", "v", "v", "v")
        assert player.holds_cleared == 1
        await pilot.pause(0.4)
        rows = "\n".join(rows_seen(app))
        assert "MUTE" in rows
        assert "VU" in rows
        await press(pilot, "?")
        assert isinstance(app.screen, HelpScreen)
        await press(pilot, "escape")
        assert isinstance(app.screen, StripScreen)
        await press(pilot, ":", *"mixer", "enter")
        assert app.screen is app.mixer

    drive(app, SIZE, scenario)


def test_what_happens_elsewhere_is_told_here(console_mixer: ConsoleMixer) -> None:
    app, _, player = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, "R", *"/nowhere.wav", "enter")
        await pilot.pause(0.2)
        if not isinstance(app.screen, StripScreen):  # it is said in the dialog
            await press(pilot, "escape")
        player.said.append(Notice("error", "the interface is gone"))
        await pilot.pause(0.5)
        assert any("the interface is gone" in row for row in rows_seen(app))
        await press(pilot, "n", "escape")
        assert strip_scene(app).info_line._notice is None

    drive(app, SIZE, scenario)


def test_a_strip_that_goes_away_gives_way(console_mixer: ConsoleMixer) -> None:
    app, controller, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        from sessions.sum_edits import RemoveSum

        await open_view(pilot, "right", "right", "right", "right")
        assert app.mixer.view.selected == "return1"
        controller.edit(RemoveSum("return1"))
        await pilot.pause(0.3)
        assert app.mixer.view.selected == "bus1"

    drive(app, SIZE, scenario)


def test_its_keys_are_its_own_unless_a_user_has_given_them_away() -> None:
    keys = [key for action in STRIP_KEYS.own for key in action.keys]
    assert len(keys) == len(set(keys))
    assert STRIP_KEYS.action(Keymap(), "y", "y") == "bypass"
    assert STRIP_KEYS.action(Keymap(), "up", None) == "increase"
    given = Keymap(*merged({"keys": {"mute": "y", "bypass": "f9"}}))
    assert STRIP_KEYS.action(given, "y", "y") == "mute"
    assert STRIP_KEYS.action(Keymap(), "z", "z") == "send_mute"
