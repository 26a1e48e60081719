"""Strips that are metered by different types and stages side by side, as text: see `test_snapshots`."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from engine.meters.frame import MeterFrame
from sessions.controller import Controller
from tests.frames import changed
from tests.tui.fake_player import FakePlayer, session_of
from tests.tui.terminal import drive
from tests.tui.test_snapshots import compare
from tui.app import AppSettings, MixerApp
from tui.drawing.meter_types import METERS


class MeteredPlayer(FakePlayer):
    """Every type of meter reads something."""

    def frame(self) -> MeterFrame:
        frame = super().frame()
        peak, average = frame.peak_dbfs, frame.rms_dbfs
        return changed(
            frame,
            ppm_1_dbfs=peak - 2.0,
            ppm_2_dbfs=peak - 3.0,
            k_system_dbfs=average + 3.0,
            momentary_lufs=average.max(axis=2) + 1.0,
            short_term_lufs=average.max(axis=2),
            integrated_lufs=average.max(axis=2) - 1.0,
        )


@pytest.mark.parametrize(
    ("name", "size", "strips", "ascii_only", "stage"),
    [
        ("80x24", (80, 24), 13, False, "fader"),
        ("80x24_ascii", (80, 24), 13, True, "fader"),
        ("120x40", (120, 40), 13, False, "fader"),
        ("120x40_all", (120, 40), 13, False, "all"),
        ("200x50", (200, 50), 13, False, "input"),
    ],
)
def test_meters_side_by_side_look_as_they_did(
    tmp_path: Path, name: str, size: tuple[int, int], strips: int, ascii_only: bool, stage: str
) -> None:
    player = MeteredPlayer(frozen_at_s=0.5)
    controller = Controller(session_of(strips, tmp_path), tmp_path / "song.gainstage", player, autosave=False)
    app = MixerApp(controller, AppSettings(fps=20.0, ascii_only=ascii_only))
    first, *others = METERS

    async def scenario(pilot: Pilot[int]) -> None:
        view = app.mixer.view
        view.meter_id, view.stage_view = first, stage
        view.own_meters = dict(zip(view.order, others, strict=True))
        view.own_stages = {"s2": "input", "s5": "insert 2"}
        await pilot.press("right", "right")
        await pilot.pause(0.6)
        compare(app, f"meters_{name}")

    drive(app, size, scenario)
    controller.close(discard=True)
