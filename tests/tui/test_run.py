"""From start to end: what is told after the terminal is the shell's again."""

from __future__ import annotations

import pytest

from sessions.controller import Controller
from tests.tui.conftest import MakeMixer
from tui.app import AppSettings, MixerApp
from tui.run import run_mixer


@pytest.mark.parametrize("kept", [True, False])
def test_changes_that_could_not_be_kept_are_told_of(
    make_mixer: MakeMixer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kept: bool
) -> None:
    _, controller, _ = make_mixer()
    monkeypatch.setattr(MixerApp, "run", lambda app, **_: 143)
    close = Controller.close

    def closed(self: Controller, *, discard: bool = False) -> bool:
        close(self, discard=True)
        return kept

    monkeypatch.setattr(Controller, "close", closed)
    assert run_mixer(controller, AppSettings()) == 143
    assert ('"Sunday Service" could not be kept' in capsys.readouterr().err) == (not kept)
