"""Hot, cold and over in the mixer: where they are marked, what is told, and the keys that deal with them."""

import numpy as np
import pytest

from engine.meters.frame import INPUT
from sessions.flags import Point
from sessions.sum_edits import AddSum
from tests.frames import changed
from tests.tui.fake_player import console_of, session_of
from tests.tui.flagged_player import FlaggedPlayer
from tests.tui.terminal import drive, press

SIZES = [(80, 24), (120, 40), (200, 50)]


@pytest.fixture
def flagged(tmp_path, open_mixer, request):
    player = FlaggedPlayer(frozen_at_s=0.5, has_faults=getattr(request, "param", True))
    return open_mixer(console_of(session_of(6, tmp_path)), player)


def rows(app):
    """The characters that the mixer wants to be seen, row by row."""
    surface = app.mixer.desk.surface
    return ["".join(chr(cell & 0x1FFFFF) if cell & 0x1FFFFF else "" for cell in row) for row in surface.wanted.tolist()]


async def settled(pilot):
    for _ in range(6):
        await pilot.pause(0.1)


def test_what_was_read_has_the_rows_of_the_session_whenever_strips_come_or_go(flagged):
    _, controller = flagged
    rows_before = len(controller.read().evidence.peak_dbfs)
    controller.edit(AddSum("bus", "Drums"))
    assert len(controller.frame.evidence.peak_dbfs) == rows_before + 1
    controller.undo()
    assert len(controller.frame.evidence.peak_dbfs) == rows_before


@pytest.mark.parametrize("size", SIZES)
def test_marks_stand_at_inserts_sends_and_inputs(flagged, size):
    app, _ = flagged

    async def scenario(pilot):
        await settled(pilot)
        text = "\n".join(rows(app))
        assert "▴" in text
        assert "▾" in text
        assert "flags" in rows(app)[0]

    drive(app, size, scenario)


def test_the_next_flag_is_selected_and_told(flagged):
    app, _ = flagged

    async def scenario(pilot):
        await settled(pilot)
        await press(pilot, "!")
        assert app.mixer.operations.flags.point == Point("s1", "insert", 2)
        line = rows(app)[-2]
        assert "HOT by 5.0 dB" in line
        assert "1 Equaliser adds 5.0 dB" in line
        assert "output of 1 Equaliser -5.0 dB, to -5.0" in line

    drive(app, (200, 50), scenario)


def test_going_on_comes_round_past_every_flag(flagged):
    app, _ = flagged

    async def scenario(pilot):
        await settled(pilot)
        flags = app.mixer.operations.flags
        raised = [verdict.point for verdict in flags.raised]
        assert len(raised) >= 4
        seen = []
        for _ in raised:
            await press(pilot, "!")
            seen.append(flags.point)
        assert seen == raised
        await press(pilot, "!")
        assert flags.point == raised[0]

    drive(app, (120, 40), scenario)


def test_a_key_does_what_the_flag_says_and_can_be_undone(flagged):
    app, controller = flagged

    async def scenario(pilot):
        await settled(pilot)
        await press(pilot, "!", "F")
        assert controller.session.strip("s1").insert(1).output_db == -5.0
        await press(pilot, "u")
        assert controller.session.strip("s1").insert(1).output_db == 0.0

    drive(app, (120, 40), scenario)


def test_a_fix_is_not_made_twice_before_it_is_heard(flagged):
    app, controller = flagged

    async def scenario(pilot):
        await settled(pilot)
        await press(pilot, "!")
        app.mixer.perform("flag_fix")
        app.mixer.perform("flag_fix")
        assert controller.session.strip("s1").insert(1).output_db == -5.0
        assert "to be heard again: play it first" in rows(app)[-2]

    drive(app, (120, 40), scenario)


def test_what_is_to_be_heard_again_comes_after_what_can_be_put_right(flagged):
    app, _ = flagged

    async def scenario(pilot):
        await settled(pilot)
        flags = app.mixer.operations.flags
        for action in ("flag_next", "flag_fix"):
            app.mixer.perform(action)
        fresh = [verdict.point for verdict in flags.raised if not verdict.is_stale]
        assert Point("s1", "send", 0) not in fresh
        assert any(verdict.is_stale for verdict in flags.raised)
        for point in (*fresh, fresh[0]):
            app.mixer.perform("flag_next")
            assert flags.point == point

    drive(app, (120, 40), scenario)


def test_what_a_fix_takes_from_the_mix_is_said(flagged):
    app, _ = flagged

    async def scenario(pilot):
        await settled(pilot)
        app.mixer.perform("flag_next")
        app.mixer.perform("flag_fix")
        said = rows(app)[-2]
        assert "output of 1 Equaliser -5.0 dB, to -5.0; what the mix lost, the fader brings back" in said

    drive(app, (120, 40), scenario)


@pytest.mark.parametrize("size", SIZES)
def test_the_line_says_by_how_much_what_to_do_and_why_at_every_size(flagged, size):
    app, _ = flagged

    async def scenario(pilot):
        await settled(pilot)
        await press(pilot, "!")
        line = rows(app)[-2]
        for said in (
            "HOT",
            "5.0",
            "output of 1 Equaliser -5.0",
            "1 Equaliser adds 5.0" if size[0] > 80 else "1 Equaliser +5.0",
        ):
            assert said in line

    drive(app, size, scenario)


@pytest.mark.parametrize("flagged", [False], indirect=True)
@pytest.mark.parametrize(("size", "advice"), [
    ((80, 24), "record it again with less gain  at full scale"),
    ((200, 50), "record it again with less gain: what is cut off stays cut off  the file stands at full scale"),
])  # fmt: skip
def test_where_no_change_helps_the_line_says_what_does(flagged, size, advice):
    app, controller = flagged
    read = controller.player.read

    def clipped():
        frame = read()
        overs, hold = frame.overs.copy(), np.minimum(frame.hold_dbfs, -0.1)
        overs[5, INPUT] = 9
        return changed(frame, overs=overs, hold_dbfs=hold)

    controller.player.read = clipped

    async def scenario(pilot):
        await settled(pilot)
        await press(pilot, "!")
        line = rows(app)[-2]
        assert app.mixer.operations.flags.point == Point("s5", "input")
        assert "CLIPPED" in line
        assert advice in line

    drive(app, size, scenario)


def test_intended_drive_makes_a_note_of_a_flag(flagged):
    app, controller = flagged

    async def scenario(pilot):
        await settled(pilot)
        before = len(app.mixer.operations.flags.raised)
        await press(pilot, "!", "H")
        await settled(pilot)
        assert controller.session.strip("s1").insert(2).intended_drive
        assert len(app.mixer.operations.flags.raised) == before - 1
        await press(pilot, "escape")
        assert "meant to be" in rows(app)[-2]
        await press(pilot, "H")
        assert not controller.session.strip("s1").insert(2).intended_drive

    drive(app, (120, 40), scenario)


@pytest.mark.parametrize("flagged", [False], indirect=True)
def test_without_flags_the_keys_say_so(flagged):
    app, _ = flagged

    async def scenario(pilot):
        await settled(pilot)
        await press(pilot, "!")
        assert "no flags" in rows(app)[-2]
        await press(pilot, "F")
        assert "there is no flag here" in rows(app)[-2]

    drive(app, (120, 40), scenario)
