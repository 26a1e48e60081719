"""What the actions of the meters do, in the mixer and in the strip view."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from textual.pilot import Pilot

from engine.meters.frame import AFTER_FADER, AFTER_TRIM, INPUT, Evidence, MeterFrame
from engine.meters.reader import silent_frame
from sessions.meters import MeterState
from sessions.model import MASTER_ID
from tests.tui.conftest import MakeMixer
from tests.tui.terminal import drive
from tui.app import MixerApp
from tui.overs import Overs, overs_of
from tui.screens.mixer import MixerScreen
from tui.surface import runs

SIZE = (120, 40)


def rows(app: MixerApp) -> list[str]:
    return ["".join(text for text, _ in runs(row)) for row in app._surface.shown]


async def press(pilot: Pilot[int], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause(0.05)


def with_overs(frame: MeterFrame, row: int, stage: int, count: int, first_s: float) -> MeterFrame:
    overs, first, over = frame.overs.copy(), frame.first_over_s.copy(), frame.over.copy()
    overs[row, stage], first[row, stage], over[row, stage] = count, first_s, True
    return replace(frame, overs=overs, first_over_s=first, over=over)


def test_a_type_is_chosen_by_a_part_of_its_name(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "/", *"mom", "enter")
        assert app.mixer.view.meter_id == "lufs_m"
        assert "LUFS momentary in LUFS (0 LU = -23 LUFS)" in app.mixer.info_line._notice[1]
        await pilot.pause(0.4)
        assert any(row.startswith("OUT LU-M") for row in rows(app))

    drive(app, SIZE, scenario)


def test_a_stage_is_chosen_from_all_that_can_be(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "|", *"insert 3", "enter")
        assert app.mixer.view.stage_view == "insert 3"
        assert any("INS 3  L" in row for row in rows(app))
        await press(pilot, "V")  # no strip has a later insert, or a send
        assert app.mixer.view.stage_view == "fader"

    drive(app, SIZE, scenario)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
def test_one_strip_is_metered_by_its_own_type_until_it_is_as_all_others(
    make_mixer: MakeMixer, size: tuple[int, int]
) -> None:
    app, _, _ = make_mixer(12)

    async def scenario(pilot: Pilot[int]) -> None:
        view = app.mixer.view
        await press(pilot, "right", "'", *"BBC", "enter")
        await pilot.pause(0.4)
        assert (view.own_meters, view.meter_id) == ({"s1": "ppm_bbc"}, "peak")
        assert any("BBC" in row for row in rows(app)[:-4])
        await press(pilot, "v")
        assert (view.own_meters, view.meter_id) == ({"s1": "ppm_bbc"}, "true_peak")
        await press(pilot, "'", *"as all", "enter")
        await pilot.pause(0.4)
        assert not view.own_meters
        assert not any("BBC" in row for row in rows(app))

    drive(app, size, scenario)


def test_one_strip_is_metered_at_its_own_stage(make_mixer: MakeMixer) -> None:
    app, _, player = make_mixer(4)

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, '"', *"input", "enter")
        await pilot.pause(0.4)
        assert app.mixer.view.own_stages == {"s0": "input"}
        desk = app.mixer.desk
        assert desk._content.view_of(desk._content.strips[0]) == "input"
        held = float(player.read().hold_dbfs[0, 0].max())
        assert desk._levels[0][0].level == pytest.approx(held, abs=0.051)
        await press(pilot, '"', *"as all", "enter")
        assert not app.mixer.view.own_stages

    drive(app, SIZE, scenario)


def test_switching_the_type_forgets_nothing(make_mixer: MakeMixer) -> None:
    app, _, player = make_mixer(4, frozen_at_s=None)

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "space")
        await pilot.pause(0.5)
        before = app.mixer.shared.holds.frame.maxima.points.copy()
        await press(pilot, "v", "v", "v", "V", "'", *"k-20", "enter")
        after = app.mixer.shared.holds.frame.maxima.points
        assert player.holds_cleared == 0
        assert (after >= before).all()

    drive(app, SIZE, scenario)


def test_holds_of_one_strip_are_cleared(make_mixer: MakeMixer) -> None:
    app, _, player = make_mixer(4)

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "right", ";")
        assert (player.holds_cleared, player.cleared) == (1, "s1")
        await press(pilot, "x")
        assert (player.holds_cleared, player.cleared) == (2, None)

    drive(app, SIZE, scenario)


def test_one_meter_is_cleared_where_it_is_seen(make_mixer: MakeMixer) -> None:
    app, controller, player = make_mixer(4)
    cleared: list[tuple[str | None, int | None]] = []
    player.clear_holds = lambda strip_id=None, stage=None: cleared.append((strip_id, stage))  # type: ignore[method-assign]

    async def scenario(pilot: Pilot[int]) -> None:
        app.mixer.view.stage_view = "all"
        await press(pilot, "right", "$")
        app.mixer.view.stage_view = "trim"
        await press(pilot, "$")
        assert "trim are cleared" in rows(app)[-2]
        app.mixer.view.own_stages["s1"] = "fader"
        await press(pilot, "$")
        await press(pilot, "f2", "left", "left", "$")  # the fader's cell comes first
        await press(pilot, "f3", "$", "f1")
        assert cleared == [
            ("s1", None), ("s1", AFTER_TRIM), ("s1", AFTER_FADER), ("s1", INPUT), ("s1", AFTER_TRIM),
        ]  # fmt: skip
        assert controller.flags is not None

    drive(app, SIZE, scenario)


def test_the_first_over_is_where_the_song_goes(make_mixer: MakeMixer) -> None:
    app, _, player = make_mixer(4)
    read = player.read
    player.read = lambda: with_overs(read(), 1, AFTER_TRIM, 12, 83.4)  # type: ignore[method-assign]

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "P")
        assert "1 Kick: no over since" in app.mixer.info_line._notice[1]
        await press(pilot, "right")
        await pilot.pause(0.4)
        assert any("! 12 overs, after trim, first at 01:23.4" in row for row in rows(app))
        await press(pilot, "P")
        assert player.read().position_s == pytest.approx(82.4)
        await press(pilot, "home", "f3")
        await pilot.pause(0.4)
        row = rows(app)[1]
        assert "! 12 overs, after trim, first at 01:23.4" in row
        await pilot.click(offset=(row.index("12 overs"), 1))
        await pilot.pause(0.1)
        assert player.read().position_s == pytest.approx(82.4)

    drive(app, SIZE, scenario)


def test_a_click_on_an_over_mark_goes_there(make_mixer: MakeMixer) -> None:
    app, _, player = make_mixer(4)
    read = player.read
    player.read = lambda: with_overs(read(), 2, AFTER_FADER, 1, 10.0)  # type: ignore[method-assign]

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot.pause(0.5)
        desk = app.mixer.desk
        x, y = desk._columns.strip_x(2) + 2, desk._rows.rows["output"]
        await pilot.click(desk, offset=(x, y))
        await pilot.pause(0.1)
        assert app.mixer.view.selected == "s2"
        assert player.read().position_s == pytest.approx(9.0)

    drive(app, SIZE, scenario)


def test_a_click_with_control_clears_what_the_level_is_of(make_mixer: MakeMixer) -> None:
    app, _, player = make_mixer(4)
    cleared: list[tuple[str | None, int | None]] = []
    player.clear_holds = lambda strip_id=None, stage=None: cleared.append((strip_id, stage))  # type: ignore[method-assign]

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot.pause(0.1)
        desk = app.mixer.desk
        x, y = desk._columns.strip_x(2) + 2, desk._rows.rows["after_trim"]
        await pilot.click(desk, offset=(x, y), control=True)
        await pilot.pause(0.1)
        assert app.mixer.view.selected == "s2"
        assert cleared == [("s2", AFTER_TRIM)]
        assert player.read().position_s == 0.0

    drive(app, SIZE, scenario)


def test_a_click_on_the_scale_asks_for_the_type(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer(4)

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot.pause(0.1)
        desk = app.mixer.desk
        await pilot.click(desk, offset=(2, desk._rows.meter_top + 3))
        await pilot.pause(0.1)
        assert not isinstance(app.screen, MixerScreen)
        await press(pilot, *"k-14", "enter")
        assert app.mixer.view.meter_id == "k_14"

    drive(app, SIZE, scenario)


def test_options_are_edits_with_undo(make_mixer: MakeMixer) -> None:
    app, controller, player = make_mixer(4)

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "_", *"0 VU", "enter", *"-20", "enter")
        assert controller.session.meters == MeterState(vu_reference_dbfs=-20.0)
        assert player.mix.meters.vu_reference_dbfs == -20.0
        await press(pilot, "_", *"marks", "enter", *"until", "enter")
        assert math.isinf(controller.session.meters.hold_s)
        await press(pilot, "u", "u")
        assert controller.session.meters == MeterState()

    drive(app, SIZE, scenario)


def test_overs_are_told_where_they_began() -> None:
    frame = silent_frame(2)
    assert overs_of(frame, 0) is None
    frame = with_overs(with_overs(frame, 0, AFTER_FADER, 3, 20.0), 0, AFTER_TRIM, 1, 20.0)
    assert overs_of(frame, 0) == Overs(1, "trim", 20.0)
    assert overs_of(with_overs(frame, 0, AFTER_FADER, 3, 4.0), 0) == Overs(3, "fader", 4.0)
    assert Overs(1, "trim", 20.0).text == "1 over, after trim, at 00:20.0"
    seen = frame.over.copy()
    seen[1, AFTER_FADER] = True
    unknown = overs_of(replace(frame, over=seen), 1)
    assert unknown == Overs(0, "fader", None)
    assert unknown.text == "over, output"


def test_an_insert_is_told_by_what_it_does_to_the_level(make_mixer: MakeMixer) -> None:
    from sessions.insert_edits import AddInsert

    app, controller, player = make_mixer(4)
    controller.edit(AddInsert("s0", "compressor"))
    read = player.read

    def heard() -> MeterFrame:
        frame = read()
        average = np.full(frame.evidence.average_dbfs.shape, -20.0, np.float32)
        average[0, AFTER_TRIM + 1 :] = -16.9
        return replace(frame, evidence=Evidence(average, average, np.full(average.shape, 9.0, np.float32)))

    player.read = heard  # type: ignore[method-assign]

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "f3", "1")
        await pilot.pause(0.5)
        line = next(row for row in rows(app) if row.startswith("▸1 Compressor"))
        assert line[:50].split()[-2:] == ["+3.1", "=+3.1"]
        assert any(row.lstrip().startswith("post 1") for row in rows(app))
        assert any(" in " in row and row.rstrip()[-1].isdigit() for row in rows(app))

    drive(app, SIZE, scenario)


def test_the_master_has_meters_of_its_own_too(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer(4)

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "tab", "'", *"true", "enter")
        assert app.mixer.view.own_meters == {MASTER_ID: "true_peak"}
        assert app.mixer.desk._content.master.own_meter.id == "true_peak"

    drive(app, SIZE, scenario)
