"""Strips that are marked move together; groups are made of them."""

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import MakeMixer
from tests.tui.terminal import drive, press
from tests.tui.test_snapshots import as_text

SIZE = (100, 30)


def test_marked_strips_move_by_the_same(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        faders = lambda: [strip.fader_db for strip in controller.session.strips[:4]]  # noqa: E731
        await press(pilot, "*", "right", "right", "*")
        assert app.mixer.view.marked == ("s0", "s2")
        facts = app.mixer.desk._content.strips
        assert [strip.marked for strip in facts[:3]] == [True, False, True]
        await press(pilot, "down", "down")
        assert faders() == [-7.0, 0.0, -13.5, -3.0]
        await press(pilot, "=", *"-10.5", "enter")
        assert faders() == [-4.0, 0.0, -10.5, -3.0]
        await press(pilot, "left", "down")
        assert faders() == [-4.0, -0.5, -10.5, -3.0]
        await press(pilot, "right", "t", "up")
        assert [strip.trim_db for strip in controller.session.strips[:3]] == [0.5, 3.5, -5.5]
        await press(pilot, "p", "up")
        assert controller.session.strips[0].pan_percent == 0.0
        await press(pilot, "*")
        assert app.mixer.view.marked == ("s0",)
        await press(pilot, "~")
        assert app.mixer.view.marked == ()

    drive(app, SIZE, scenario)


def test_a_strip_is_marked_by_the_mouse(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        x = app.mixer.desk._columns.strip_x(2)
        await pilot.click("#desk", offset=(x, app.mixer.desk._rows.rows["number"]), control=True)
        await pilot.pause()
        assert app.mixer.view.marked == ("s2",)

    drive(app, SIZE, scenario)


def test_marks_and_listening_are_seen_where_there_is_no_room_for_numbers(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "*", "w")
        assert "number" not in app.mixer.desk._rows.rows
        assert "*LKick" in as_text(app).splitlines()[1]

    drive(app, (60, 16), scenario)


def test_a_drag_takes_marked_strips_along(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "*", "right", "*")
        app.mixer.operations.set_value("s1", "fader_db", -3.0)
        assert [strip.fader_db for strip in controller.session.strips[:2]] == [-9.0, -3.0]
        app.mixer.operations.set_value("s1", "fader_db", float("-inf"))
        assert [strip.fader_db for strip in controller.session.strips[:2]] == [-9.0, float("-inf")]

    drive(app, SIZE, scenario)


def test_groups_are_made_switched_and_dissolved(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "G")
        assert "no strips are marked" in app.mixer.info_line._notice[1]
        await press(pilot, "M")
        assert "no such group" in app.mixer.info_line._notice[1]
        await press(pilot, "*", "right", "*", "G", *"Drums", "enter")
        assert controller.session.mute_groups[0].members == ("s0", "s1")
        await press(pilot, "M")
        assert [strip.mute for strip in controller.session.strips[:3]] == [True, True, False]
        await press(pilot, "#", *"Pair", "enter", "~", "down")
        assert controller.session.strips[0].fader_db == pytest.approx(-6.5)
        assert [strip.linked for strip in app.mixer.desk._content.strips[:3]] == ["Pair", "Pair", ""]
        await press(pilot, "%", *"pair", "enter")
        assert not controller.session.link_groups
        await press(pilot, "M")
        assert not any(strip.mute for strip in controller.session.strips)

    drive(app, SIZE, scenario)
