from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sessions.controller import Controller
from sessions.model import Session
from tests.tui.console_player import ConsolePlayer, console_session
from tests.tui.fake_player import FakePlayer, session_of
from tui.app import AppSettings, MixerApp

MakeMixer = Callable[..., tuple[MixerApp, Controller, FakePlayer]]
OpenMixer = Callable[..., tuple[MixerApp, Controller]]
ConsoleMixer = tuple[MixerApp, Controller, ConsolePlayer]

SURROUNDINGS = {
    "truecolor": {},
    "256": {"COLORTERM": ""},
    "16": {"COLORTERM": "", "TERM": "xterm"},
    "console": {"COLORTERM": "", "TERM": "linux"},
    "no colour": {"NO_COLOR": "1"},
    "ascii": {"ASCII": "1"},
}
"""Kinds of terminals, by what they say of themselves; `ASCII` is an option of the program."""


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


@pytest.fixture(params=SURROUNDINGS.values(), ids=SURROUNDINGS)
def surroundings(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Each kind of terminal in turn."""
    chosen: dict[str, str] = request.param
    for name, setting in chosen.items():
        monkeypatch.setenv(name, setting)
    return chosen


@pytest.fixture
def open_mixer(tmp_path: Path) -> Iterator[OpenMixer]:
    """Opens a session on a player, and closes it in the end: `open_mixer(session, player, settings, path=...)`."""
    opened: list[Controller] = []

    def opening(
        session: Session,
        player: FakePlayer,
        settings: AppSettings | None = None,
        *,
        path: Path = tmp_path / "song.gainstage",
        recovery: object = None,
    ) -> tuple[MixerApp, Controller]:
        controller = Controller(session, path, player)
        opened.append(controller)
        app = MixerApp(controller, settings or AppSettings(fps=10.0), recovery=recovery)  # type: ignore[arg-type]
        return app, controller

    yield opening
    for controller in opened:
        controller.close(discard=True)


@pytest.fixture
def console_mixer(tmp_path: Path, open_mixer: OpenMixer) -> ConsoleMixer:
    """An application on a session with processors, sends and buses."""
    player = ConsolePlayer(frozen_at_s=0.5)
    return (*open_mixer(console_session(tmp_path), player), player)


@pytest.fixture
def make_mixer(tmp_path: Path, open_mixer: OpenMixer) -> MakeMixer:
    """Makes applications on a fake player: `make_mixer(strips, frozen_at_s=..., settings=...)`."""

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
        path = stems / "Sunday Service.gainstage"
        return (*open_mixer(session_of(strips, stems), player, settings, path=path, recovery=recovery), player)

    return make
