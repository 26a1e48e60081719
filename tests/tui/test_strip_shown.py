"""What is seen of the strip view: levels, and as much of it as the terminal has room for."""

from __future__ import annotations

import math

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import ConsoleMixer
from tests.tui.strip_scene import open_view
from tests.tui.terminal import drive, press, rows_seen

SIZE = (100, 30)


def test_what_is_metered_is_seen(console_mixer: ConsoleMixer) -> None:
    app, _, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, "4")
        await pilot.pause(0.5)
        rows = rows_seen(app)
        assert any("GR -4.2" in row for row in rows)  # the compressor in slot 2
        assert any("VU +1.2" in row for row in rows)  # the louder side of the saturator
        assert any(row.rstrip().endswith("+1.2▴") for row in rows)  # its gauge
        assert any("-3.5" in row and "TRIM" in row for row in rows)
        assert any("+4.5  =-1.0" in row for row in rows)  # what the compressor adds, and all so far

    drive(app, SIZE, scenario)


def test_silence_and_a_shut_fader_are_shown_as_such(console_mixer: ConsoleMixer) -> None:
    app, controller, player = console_mixer
    player._frozen_at_s = None

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, "f", "minus")
        for _ in range(20):
            await press(pilot, "pagedown")
        assert controller.session.strips[0].fader_db == -math.inf
        await pilot.pause(0.4)
        assert any("FADER" in row and "-∞" in row for row in rows_seen(app))

    drive(app, SIZE, scenario)


@pytest.mark.parametrize("size", [(40, 12), (50, 20), (80, 24), (300, 80)])
def test_any_size_will_do(console_mixer: ConsoleMixer, size: tuple[int, int]) -> None:
    app, _, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, "2", "enter", "tab")
        assert any("Ratio" in row for row in rows_seen(app))
        await press(pilot, "escape")
        await pilot.pause(0.3)
        assert any("Compressor" in row for row in rows_seen(app))
        await pilot.resize_terminal(100, 30)
        await pilot.pause(0.3)
        assert any("INPUT" in row for row in rows_seen(app))

    drive(app, size, scenario)


def test_in_a_small_terminal_only_one_half_is_drawn(console_mixer: ConsoleMixer) -> None:
    app, _, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, "2")
        await pilot.pause(0.4)
        assert any(row.rstrip().endswith("=-9.0") for row in rows_seen(app)), rows_seen(app)
        await press(pilot, "enter")
        await pilot.pause(0.4)
        assert any(row.startswith(" 2 Compressor") and row.rstrip().endswith("EDIT") for row in rows_seen(app))
        assert not any("=+1.5" in row for row in rows_seen(app))

    drive(app, (44, 20), scenario)


@pytest.mark.parametrize("keys", [("t",), ("2", "enter")])
def test_a_terminal_that_shrinks_to_nothing_and_grows_again(console_mixer: ConsoleMixer, keys: tuple[str, ...]) -> None:
    app, _, _ = console_mixer

    async def scenario(pilot: Pilot[int]) -> None:
        await open_view(pilot, *keys)
        for size in ((300, 80), (59, 20), (39, 11), (1, 1), (20, 5), (59, 20)):
            await pilot.resize_terminal(*size)
            await pilot.pause(0.2)
            await press(pilot, "right", "left")
            assert any("too small" in row for row in rows_seen(app)) is (size in ((39, 11), (20, 5))), size
        await pilot.resize_terminal(100, 30)
        await pilot.pause(0.3)
        assert any("INPUT" in row for row in rows_seen(app))

    drive(app, SIZE, scenario)
