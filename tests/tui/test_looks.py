"""What is written can be read and told apart where there is little room and where there are few colours."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.geometry import Region
from textual.pilot import Pilot

from engine.core.params import STRIP_PARAMS
from engine.meters.frame import AFTER_FADER
from sessions.edits import SetControl
from tests.tui.conftest import MakeMixer
from tests.tui.terminal import drive
from tui.app import MixerApp
from tui.controls import control_hints
from tui.drawing.facts import LevelFact, StripFacts
from tui.drawing.glyphs import FULL
from tui.drawing.meter_types import VU
from tui.drawing.palette import BLACK, PALETTES, Palette
from tui.styles import Look, Styles
from tui.surface import Surface, runs
from tui.widgets.gain_path import GainPath, PathFacts


def rows(app: MixerApp) -> list[str]:
    return ["".join(text for text, _ in runs(row)) for row in app._surface.shown]


def test_the_longest_values_of_the_path_stand_apart(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer(6)
    for control in ("trim_db", "fader_db"):
        controller.edit(SetControl("s0", control, max(STRIP_PARAMS[control].minimum, -99.5)))
    controller.edit(SetControl("s0", "pan_percent", -100.0))

    async def scenario(pilot: Pilot[int]) -> None:
        path = next(row for row in rows(app) if "AFTER TRIM" in row)
        assert " PAN L100 " in path
        assert path.endswith("OUTPUT      ")

    drive(app, (80, 24), scenario)


@pytest.mark.parametrize("width", [62, 70, 79, 80, 100])
def test_the_level_at_the_output_is_seen_in_a_narrow_terminal(make_mixer: MakeMixer, width: int) -> None:
    app, _, player = make_mixer(6)

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot.pause(0.5)
        shown = rows(app)
        place = next(y for y, row in enumerate(shown) if "OUT" in row and "FADER" in row and "TRIM" in row)
        at = shown[place].index("OUT")
        louder = float(player.read().peak_dbfs[0, AFTER_FADER].max())
        assert f"{louder:.1f}" in shown[place + 1][at:]

    drive(app, (width, 24), scenario)


@pytest.mark.parametrize("size", [(80, 24), (120, 24), (60, 45), (120, 40)])
def test_the_bank_is_told_once_at_any_size(make_mixer: MakeMixer, size: tuple[int, int]) -> None:
    app, _, _ = make_mixer(100)

    async def scenario(pilot: Pilot[int]) -> None:
        assert sum(row.lstrip().startswith("1-") for row in rows(app)) == 1

    drive(app, size, scenario)


@pytest.mark.parametrize(("size", "word"), [((80, 24), "lost"), ((120, 24), "no file"), ((120, 40), "no file")])
def test_a_strip_without_its_file_says_so_in_words(make_mixer: MakeMixer, size: tuple[int, int], word: str) -> None:
    app, controller, _ = make_mixer(12)
    source = controller.session.strips[3].source
    assert source is not None
    Path(source.path).unlink()
    controller.edit(SetControl("s0", "mute", True))
    controller._missing = frozenset({"s3"})

    async def scenario(pilot: Pilot[int]) -> None:
        app.mixer.show_session()
        await pilot.pause(0.4)
        assert sum(word in row for row in rows(app)) == 1

    drive(app, size, scenario)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_black_is_never_bold_where_that_makes_it_grey(palette: Palette) -> None:
    styles = Styles(palette, "basic")
    for foreground, ink in palette.inks.items():
        style = styles.rich(styles.id(foreground, "accent", Look.BOLD))
        assert bool(style.bold) == (ink.basic != BLACK), foreground


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.name)
def test_nothing_is_written_on_its_own_colour_in_8_of_them(palette: Palette) -> None:
    styles = Styles(palette, "basic")
    for foreground in ("text", "dim", "faint", "accent", "low", "target", "hot", "over"):
        for ground in ("desk", "strip", "strip_selected", "panel", "chip", "bar"):
            style = styles.rich(styles.id(foreground, ground))  # type: ignore[arg-type]
            assert style.color != style.bgcolor, (foreground, ground)


def test_keys_that_are_words_stand_apart() -> None:
    arrows = {"increase": "↑", "decrease": "↓"}
    words = {"increase": "Up", "decrease": "Down"}
    for shown, hint in ((arrows, "↑↓"), (words, "Up/Down"), ({"increase": "F5"}, "F5")):
        assert control_hints("fader_db", lambda action, keys=shown: keys.get(action, ""))[0][0] == hint


def test_left_and_right_stand_apart_where_both_are_over() -> None:
    surface = Surface(Styles())
    path = GainPath(surface, FULL, StripFacts("s0", "1", "Kick", 0.0, 0.0, 0.0, False, False, False, False))
    over = (LevelFact(25.5, "over"), LevelFact(25.5, "over"))
    path._path = PathFacts("", ((VU, (over, over, over)),))
    path._meter_id = "vu"
    surface.resize(81, 3)
    path._draw_levels(surface.canvas(Region(0, 0, 81, 3)))
    row = "".join(text for text, _ in runs(surface.wanted[2]))
    assert row.split() == ["VU", *["+25.5!"] * 6]
