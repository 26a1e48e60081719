"""What is asked, and what becomes of the answers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np
import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from engine.offline import write_wav
from sessions.edits import SetControl
from sessions.recovery import Recovery
from tests.tui.conftest import MakeMixer
from tests.tui.terminal import drive
from tui.screens.choice import ChoiceDialog, _AnswerLine, replace_dialog
from tui.screens.relink import RelinkDialog, stem_path

SIZE = (80, 24)


def make_stem(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_wav(path, np.zeros((480, 1), np.float32), 48000, "PCM_16")
    return path


async def type_path(pilot: Pilot[int], path: Path) -> None:
    """Type into a dialog as fast as a test may."""
    from textual.widgets import Input

    pilot.app.screen.query_one(Input).value = str(path)
    await pilot.press("enter")
    await pilot.pause()


def test_a_missing_stem_gets_another_file(make_mixer: MakeMixer, tmp_path: Path) -> None:
    app, controller, player = make_mixer()
    lost = controller.session.strips[1].source
    assert lost is not None
    Path(lost.path).unlink()
    controller.edit(SetControl("s0", "mute", True))
    found = make_stem(tmp_path / "elsewhere" / "other.wav")

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot.press("right", "R")
        await pilot.pause()
        assert isinstance(app.screen, RelinkDialog)
        text = tmp_path / "notes.wav"
        text.write_text("no sound")
        await type_path(pilot, text)
        assert isinstance(app.screen, RelinkDialog)
        assert "notes.wav" in str(app.screen.query_one("#said").render())
        await type_path(pilot, found)
        assert app.screen is app.mixer
        source = controller.session.strips[1].source
        assert source is not None
        assert source.path == str(found)
        assert player.mix.strips[1].stem.path == str(found)

    drive(app, SIZE, scenario)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("~nobody-of-that-name/kick.wav", "home"),
        ("k" * 3000 + ".wav", "^.{0,40}too long"),
        ("a\0b.wav", "a"),
        ("nowhere.wav", "nowhere.wav"),
    ],
    ids=["nobody's home", "too long", "no name", "not there"],
)
def test_of_a_path_that_leads_nowhere_it_is_said_why(tmp_path: Path, typed: str, why: str) -> None:
    from sessions.doors import stem_fault

    with pytest.raises(ValueError, match=why) as said:
        stem_path(typed, tmp_path, stem_fault)
    assert "\n" not in str(said.value)


def test_missing_stems_are_found_in_a_folder(make_mixer: MakeMixer, tmp_path: Path) -> None:
    app, controller, _ = make_mixer()
    moved = tmp_path / "moved"
    for strip in controller.session.strips[:3]:
        assert strip.source is not None
        Path(strip.source.path).unlink()
        make_stem(moved / "deep" / Path(strip.source.path).name)

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot.press("R")
        await pilot.pause()
        await type_path(pilot, moved)
        paths = [strip.source.path for strip in controller.session.strips if strip.source]
        assert [path.startswith(str(moved)) for path in paths] == [True] * 3 + [False] * 3
        assert not controller.missing
        await pilot.press("u")
        await pilot.pause()
        assert len(controller.missing) == 3

    drive(app, SIZE, scenario)


@pytest.mark.parametrize(
    ("answer", "recovered", "kept"),
    [("r", True, False), ("d", False, False), ("l", False, True), ("escape", False, True)],
)
def test_unsaved_changes_of_another_run_are_offered(
    make_mixer: MakeMixer, tmp_path: Path, answer: str, recovered: bool, kept: bool
) -> None:
    file = tmp_path / "left.recovery"
    file.touch()
    app, controller, _ = make_mixer()
    strips = controller.session.strips
    changed = msgspec.structs.replace(
        controller.session, strips=(msgspec.structs.replace(strips[0], mute=True), *strips[1:])
    )
    app._recovery = Recovery(changed, 3, datetime.now().astimezone(), (file,))

    async def scenario(pilot: Pilot[int]) -> None:
        assert isinstance(app.screen, ChoiceDialog)
        await pilot.press(answer)
        await pilot.pause(0.5)
        assert app.screen is app.mixer
        assert controller.session.strips[0].mute == recovered
        assert file.exists() == kept
        if recovered:
            await pilot.press("u")
            await pilot.pause()
            assert not controller.session.strips[0].mute

    drive(app, SIZE, scenario)


@pytest.mark.parametrize("hostile", ["So\x1b[31mng\n.wav", "So\u200d[31mng.wav"])
def test_a_file_name_cannot_draw_beside_its_place(make_mixer: MakeMixer, hostile: str, tmp_path: Path) -> None:
    """Codes of the terminal and signs of no width come with the names of files."""
    app, _, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        for dialog in (RelinkDialog("1 Kick", hostile, tmp_path, lambda _: hostile), replace_dialog(hostile)):
            await app.push_screen(dialog)
            if isinstance(dialog, RelinkDialog):
                await type_path(pilot, tmp_path / "x.wav")
            shown = [str(line.render()) for line in dialog.query(Static)]
            assert "So[31mng.wav" in " ".join(shown)
            assert not any(set(text) & {"\x1b", "\u200d"} for text in shown)
            await pilot.press("escape")

    drive(app, SIZE, scenario)


def test_an_answer_can_be_clicked(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()
    controller.edit(SetControl("s0", "mute", True))

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot.press("q")
        await pilot.pause()
        lines = list(app.screen.query("_AnswerLine"))
        await pilot.click(lines[1])
        await pilot.pause()
        assert app.return_value == 0
        assert app.discard_on_close

    drive(app, SIZE, scenario)


def test_an_answer_clicked_twice_in_a_burst_is_one_answer(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()
    controller.edit(SetControl("s0", "mute", True))

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot.press("q")
        await pilot.pause()
        cancel = app.screen.query("_AnswerLine").last(_AnswerLine)
        cancel.on_click()
        cancel.on_click()
        await pilot.pause()
        assert app.screen is app.mixer

    drive(app, SIZE, scenario)


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (20, 5)])
def test_dialogs_open_in_whatever_terminal(make_mixer: MakeMixer, size: tuple[int, int]) -> None:
    app, controller, _ = make_mixer()
    controller.edit(SetControl("s0", "mute", True))

    async def scenario(pilot: Pilot[int]) -> None:
        for opener in ("question_mark", "n", "colon", "equals_sign", "R", "q"):
            await pilot.press(opener)
            await pilot.pause()
            assert app.screen is not app.mixer
            await pilot.press("escape")
            await pilot.pause()
            assert app.screen is app.mixer

    drive(app, size, scenario)


@pytest.mark.parametrize(("answer", "replaced"), [("r", True), ("c", False)])
def test_a_file_that_somebody_else_changed_is_not_replaced_unasked(
    make_mixer: MakeMixer, answer: str, replaced: bool
) -> None:
    app, controller, _ = make_mixer()
    assert controller.path is not None
    controller.path.write_text("somebody's work")

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot.press("m", "W")
        await pilot.pause()
        assert isinstance(app.screen, ChoiceDialog)
        await pilot.press(answer)
        await pilot.pause()
        assert app.screen is app.mixer
        assert controller.path is not None
        assert (controller.path.read_text() != "somebody's work") == replaced
        assert controller.dirty != replaced

    drive(app, SIZE, scenario)


def test_a_strip_that_is_gone_is_told_and_nothing_else(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer()
    app.mixer.operations.step("gone", "fader_db", 1, "normal")
    app.mixer.operations.press("gone", "mute")
    assert ['"gone"' in told.text for told in app.mixer.shared.notices] == [True, True]


def test_a_save_that_fails_does_not_end_the_program(make_mixer: MakeMixer) -> None:
    app, controller, _ = make_mixer()
    assert controller.path is not None
    controller.path.mkdir()

    async def scenario(pilot: Pilot[int]) -> None:
        await pilot.press("m", "q", "s")
        await pilot.pause()
        assert app.screen is app.mixer
        assert app.return_value is None
        assert "Sunday Service.gainstage" in list(app.mixer.shared.notices)[-1].text
        assert controller.dirty

    drive(app, SIZE, scenario)
