"""The loudness view by keys and mouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from sessions.controller import Controller
from sessions.meters import MeterState
from tests.tui.conftest import OpenMixer
from tests.tui.fake_player import console_of, session_of
from tests.tui.measuring_player import MeasuringPlayer
from tests.tui.terminal import drive, press, rows_seen
from tests.tui.test_snapshots import compare
from tui.app import AppSettings, MixerApp
from tui.loudness_keys import LOUDNESS_KEYS
from tui.screens.help import HelpScreen, help_text
from tui.screens.loudness import LoudnessScreen

Opened = tuple[MixerApp, Controller, MeasuringPlayer]
SIZE = (120, 30)


@pytest.fixture
def opened(tmp_path: Path, open_mixer: OpenMixer) -> Opened:
    player = MeasuringPlayer(frozen_at_s=95.3)
    return (*open_mixer(console_of(session_of(6, tmp_path)), player), player)


def view(app: MixerApp) -> LoudnessScreen:
    assert isinstance(app.scene, LoudnessScreen)
    return app.scene


def seen(app: MixerApp) -> str:
    return "\n".join(rows_seen(app))


async def shown(pilot: Pilot[int], *keys: str) -> str:
    await press(pilot, *keys)
    await pilot.pause(0.5)
    assert isinstance(pilot.app, MixerApp)
    return seen(pilot.app)


def test_it_is_opened_by_f4_and_left_for_what_was_there(opened: Opened) -> None:
    app, _, _ = opened

    async def scenario(pilot: Pilot[int]) -> None:
        for leaving in ("escape", "f4", "f1"):
            await press(pilot, "f4")
            assert isinstance(app.screen, LoudnessScreen)
            await press(pilot, leaving)
            assert app.screen is app.mixer
        await press(pilot, "f3", "f4", "escape")
        assert app.scene.NAME == "strip"

    drive(app, SIZE, scenario)


def test_scale_target_and_past_are_chosen_by_keys(opened: Opened) -> None:
    app, controller, _ = opened

    async def scenario(pilot: Pilot[int]) -> None:
        text = await shown(pilot, "f4")
        assert "EBU +9 LUFS  target -23 LUFS (EBU R 128)   measured 01:35   all of it" in text
        assert "+5.3 from target" in text
        text = await shown(pilot, "v", "T", "T", "T", "T", "minus")
        assert "EBU +18 LUFS  target -14 LUFS   measured 01:35   last 30 min" in text
        assert "-3.7 from target" in text
        text = await shown(pilot, "V", "T", "minus", "minus", "minus")
        assert "EBU +18 LU  target -23" in text
        assert "last 1 min" in text
        text = await shown(pilot, *["plus"] * 5)
        assert "all of it" in text
        assert controller.session.meters == MeterState(loudness_scale="EBU +18")  # of the session, with undo
        assert "EBU +18 LU  target -14" in await shown(pilot, "u")

    drive(app, SIZE, scenario)


def test_peaks_and_stereo_are_of_the_master_or_the_monitor(opened: Opened) -> None:
    app, _, _ = opened

    async def scenario(pilot: Pilot[int]) -> None:
        assert "of the master" in await shown(pilot, "f4")
        text = await shown(pilot, "tab")
        assert "of the monitor" in text
        assert "PLR" not in text  # of a whole song it is known of the master alone
        await pilot.click("#loudness-figures", offset=(5, 3))
        assert "of the master" in await shown(pilot)

    drive(app, SIZE, scenario)


def test_the_measurement_is_paused_and_reset_from_here_and_from_the_mixer(opened: Opened) -> None:
    app, _, player = opened

    async def scenario(pilot: Pilot[int]) -> None:
        assert "PAUSED" in await shown(pilot, "f4", "P")
        assert "PAUSED" not in await shown(pilot, "P")
        text = await shown(pilot, "R")
        assert "measured 00:00" in text
        assert "stable from 60 s" in text
        assert player.holds_cleared == 1  # the true peak begins anew as well
        await press(pilot, "escape", "f7", "f8")
        pauses = [("pause loudness", True), ("pause loudness", False)]
        loudness = [told for told in player.told if "loudness" in str(told)]
        assert loudness == [*pauses, "reset loudness", pauses[0], "reset loudness"]

    drive(app, SIZE, scenario)


def test_the_mixers_keys_act_on_what_is_selected_there(opened: Opened) -> None:
    app, controller, _ = opened

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "right", "f4", "up", "m", "right")
        assert controller.session.strips[1].fader_db == 0.5
        assert controller.session.strips[1].mute
        assert app.mixer.view.selected == "s2"

    drive(app, SIZE, scenario)


def test_it_is_in_the_help(opened: Opened) -> None:
    app, _, _ = opened
    text = str(help_text(app._settings.keymap, "keys.toml", False, 100))
    for part in ("In the gain map", "In the loudness view", "Measure anew", "F4"):
        assert part in text
    assert text.index("In the loudness view") > text.index("Strips\n")


def test_the_help_begins_with_the_keys_of_what_is_seen(opened: Opened) -> None:
    app, _, _ = opened
    text = str(help_text(app._settings.keymap, "keys.toml", False, 100, LOUDNESS_KEYS))
    assert text.strip().startswith("In the loudness view")
    assert text.count("In the loudness view") == 1
    assert text.index("In the gain map") > text.index("Strips\n")

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "f4", "?")
        help_screen = app.screen
        assert isinstance(help_screen, HelpScreen)
        assert help_screen._seen is LOUDNESS_KEYS

    drive(app, SIZE, scenario)


@pytest.mark.parametrize(
    ("name", "size", "keys", "term", "ascii_only"),
    [
        ("80x24", (80, 24), "", "xterm-256color", False),
        ("80x24_ascii", (80, 24), "V", "xterm-256color", True),
        ("80x24_console", (80, 24), "v", "linux", False),
        ("40x12", (40, 12), "", "xterm-256color", False),
        ("120x40", (120, 40), "TTT-", "xterm-256color", False),
        ("200x50", (200, 50), "VTTT", "xterm-256color", False),
    ],
)
def test_the_loudness_view_looks_as_it_did(
    tmp_path: Path, open_mixer: OpenMixer, monkeypatch: pytest.MonkeyPatch, name: str, size: tuple[int, int], keys: str,
    term: str, ascii_only: bool,
) -> None:  # fmt: skip
    monkeypatch.setenv("TERM", term)
    settings = AppSettings(fps=20.0, ascii_only=ascii_only)
    app, _ = open_mixer(console_of(session_of(6, tmp_path)), MeasuringPlayer(frozen_at_s=95.3), settings)

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "f4", *keys)
        await pilot.pause(0.8)
        compare(app, f"loudness_{name}")

    drive(app, size, scenario)
