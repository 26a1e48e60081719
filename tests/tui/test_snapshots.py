"""The mixer at three sizes, and its fallbacks, as text: each row of characters, then each row of styles by letter.

`GAINSTAGE_WRITE_SNAPSHOTS=1` writes them anew; the difference is then to be read before it is committed.
"""

import os
import string
from pathlib import Path

import pytest
from textual.pilot import Pilot

from sessions.edits import ExclusiveSolo, SetControl
from sessions.sum_edits import SetListen, SetSoloSafe
from tests.tui.conftest import MakeMixer
from tests.tui.fake_player import CONSOLE
from tests.tui.terminal import drive
from tui.app import AppSettings, MixerApp
from tui.surface import STYLE_SHIFT, runs

FOLDER = Path(__file__).parent / "snapshots"
LETTERS = string.ascii_letters + string.digits + "!#$%&()*+-/:;<=>?@[]^_{|}~" + "".join(map(chr, range(0xC0, 0x180)))


def as_text(app: MixerApp) -> str:
    """What the terminal shows."""
    surface = app._surface
    letters: dict[int, str] = {}
    styles = [
        "".join(letters.setdefault(style, LETTERS[len(letters)]) for style in (row >> STYLE_SHIFT).tolist())
        for row in surface.shown
    ]
    names = {number: f"{ink} on {ground} {look.name or ''}".strip() for (ink, ground, look), number in
             surface.styles._keys.items()}  # fmt: skip
    legend = [f"{letter} {names[number].lower()}" for number, letter in letters.items()]
    rows = ["".join(text for text, _ in runs(row)) for row in surface.shown]
    return "\n".join([*(row.rstrip() for row in rows), "", *styles, "", *legend, ""])


@pytest.mark.parametrize(
    ("name", "size", "strips", "term", "ascii_only"),
    [
        ("80x24", (80, 24), 24, "xterm-256color", False),
        ("120x40", (120, 40), 12, "xterm-256color", False),
        ("200x50", (200, 50), 24, "xterm-256color", False),
        ("80x24_console", (80, 24), 24, "linux", False),
        ("80x24_ascii", (80, 24), 24, "xterm-256color", True),
    ],
)
def test_the_mixer_looks_as_it_did(
    make_mixer: MakeMixer,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    size: tuple[int, int],
    strips: int,
    term: str,
    ascii_only: bool,
) -> None:
    monkeypatch.setenv("TERM", term)
    app, controller, _ = make_mixer(strips, settings=AppSettings(fps=20.0, ascii_only=ascii_only))
    assert controller.session.strips[3].source is not None
    controller.edit(SetControl("s2", "mute", True))
    controller.edit(SetControl("s5", "invert_left", True))
    controller.edit(ExclusiveSolo("s4"))

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot.press("right", "right", "t")
        await pilot.pause(0.5)
        compare(app, f"mixer_{name}")

    drive(app, size, scenario)


@pytest.mark.parametrize(
    ("name", "size", "strips", "ascii_only"),
    [
        ("80x24", (80, 24), 6, False),
        ("80x24_ascii", (80, 24), 6, True),
        ("100x30", (100, 30), 8, False),
        ("120x40", (120, 40), 10, False),
        ("200x50", (200, 50), 16, False),
    ],
)
def test_the_console_looks_as_it_did(
    make_mixer: MakeMixer, name: str, size: tuple[int, int], strips: int, ascii_only: bool
) -> None:
    app, controller, _ = make_mixer(strips, settings=AppSettings(fps=20.0, ascii_only=ascii_only))
    for edit in (*CONSOLE, SetListen("s3", "after"), SetSoloSafe("r1", True), ExclusiveSolo("s1")):
        controller.edit(edit)
    controller.notices()

    async def scenario(pilot: Pilot[int]) -> None:
        app.mixer.view.marked = ("s0", "s1")
        await pilot.press("right", "2", *(() if name == "80x24_ascii" else "a"))
        await pilot.pause(0.5)
        compare(app, f"console_{name}")

    drive(app, size, scenario)


def compare(app: MixerApp, name: str) -> None:
    """What is seen with what was seen."""
    seen = as_text(app)
    file = FOLDER / f"{name}.txt"
    if os.environ.get("GAINSTAGE_WRITE_SNAPSHOTS"):
        FOLDER.mkdir(exist_ok=True)
        file.write_text(seen)
    assert seen == file.read_text()
