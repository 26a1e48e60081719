"""The strip view in tests."""

from __future__ import annotations

from textual.pilot import Pilot

from tests.tui.terminal import press
from tui.app import MixerApp
from tui.screens.strip import StripScreen


def strip_scene(app: MixerApp) -> StripScreen:
    """The strip view, which is there, though something may lie over it."""
    assert isinstance(app.scene, StripScreen)
    return app.scene


async def open_view(pilot: Pilot[int], *keys: str) -> None:
    """Open it and press keys in it."""
    await press(pilot, "f3", *keys)
    await pilot.pause(0.2)
