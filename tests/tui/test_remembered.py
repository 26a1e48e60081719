"""The colours that were chosen last are there at the next start."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import MakeMixer
from tests.tui.terminal import drive, press
from tui.app import AppSettings
from tui.drawing.palette import CLASSIC, CVD, PALETTES
from tui.remembered import FILE_NAME, RememberedPalette

SIZE = (80, 24)


def test_what_is_chosen_with_the_key_is_kept(make_mixer: MakeMixer, tmp_path: Path) -> None:
    remembered = RememberedPalette(tmp_path / "state")
    assert remembered.load() is None
    app, _, _ = make_mixer(settings=AppSettings(fps=10.0, remembered=remembered))

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "C")
        assert remembered.load() is CVD
        await press(pilot, "C", "C", "C")
        assert remembered.load() is CLASSIC

    drive(app, SIZE, scenario)


def test_without_colours_the_choice_of_other_terminals_stays(
    make_mixer: MakeMixer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    remembered = RememberedPalette(tmp_path)
    remembered.keep(CVD)
    app, _, _ = make_mixer(settings=AppSettings(fps=10.0, palette=CVD, remembered=remembered))

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "C")
        assert remembered.load() is CVD

    drive(app, SIZE, scenario)


def test_where_nothing_can_be_kept_it_is_said(make_mixer: MakeMixer, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    app, _, _ = make_mixer(settings=AppSettings(fps=10.0, remembered=RememberedPalette(tmp_path / "file")))

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "C")
        assert "not kept" in app.mixer.info_line._notice[1]
        assert app.theme == f"gainstage-{CVD.name}-rgb"

    drive(app, SIZE, scenario)


@pytest.mark.parametrize("content", [b"", b"beige\n", b"\xff\xfe", b"cvd"])
def test_a_damaged_file_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    assert RememberedPalette(tmp_path).load() is PALETTES.get(content.decode(errors="replace"))
