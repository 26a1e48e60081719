from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sessions.controller import Controller
from tests.tui.fake_player import FakePlayer, session_of
from tui.app import AppSettings, MixerApp

MakeMixer = Callable[..., tuple[MixerApp, Controller, FakePlayer]]


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """State and settings of the user who runs the tests stay out of them, and so does their terminal."""
    monkeypatch.setenv("GAINSTAGE_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name in ("NO_COLOR", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL", "TEXTUAL_DRIVER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def make_mixer(tmp_path: Path) -> Iterator[MakeMixer]:
    """Makes applications on a fake player: `make_mixer(strips, frozen_at_s=..., settings=...)`."""
    made: list[Controller] = []

    def make(
        strips: int = 6,
        *,
        frozen_at_s: float | None = 0.5,
        settings: AppSettings | None = None,
        recovery: object = None,
    ) -> tuple[MixerApp, Controller, FakePlayer]:
        stems = tmp_path / "Sunday Service"
        stems.mkdir(exist_ok=True)
        player = FakePlayer(frozen_at_s=frozen_at_s)
        controller = Controller(session_of(strips, stems), stems / "Sunday Service.gainstage", player)
        made.append(controller)
        app = MixerApp(controller, settings or AppSettings(fps=10.0), recovery=recovery)  # type: ignore[arg-type]
        return app, controller, player

    yield make
    for controller in made:
        controller.close(discard=True)
