"""The session of the demo on disk: there from the first run on, and from then on its user's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sessions.demo import DemoError, write_demo
from sessions.demo import folder as demo_folder
from sessions.demo.mix import demo_session
from sessions.demo.plan import FILE_NAMES, Stem
from sessions.file import load, save
from sessions.model import Session
from sessions.opening import open_path


def _short_stems(sample_rate_hz: int, wanted: frozenset[str]) -> Iterator[Stem]:
    for name in FILE_NAMES:
        if name in wanted:
            yield Stem(name, sample_rate_hz, "PCM_24", np.full(100, 0.25, np.float32))


@pytest.fixture(autouse=True)
def _studio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_folder, "stems", _short_stems)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "demo"


def _as_written_before(folder: Path) -> None:
    """The folder as the program made it that wrote stems only."""
    write_demo(folder)
    (folder / "demo.gainstage").unlink()


def test_the_folder_opens_as_the_mix_and_nothing_is_missing_or_new(folder: Path) -> None:
    opened = open_path(write_demo(folder))
    assert opened.path == folder / "demo.gainstage"
    assert opened.session == demo_session(folder, 48_000)
    assert opened.notices == ()


def test_every_stem_is_played_by_the_mix(folder: Path) -> None:
    played = [Path(path).name for strip in demo_session(folder, 48_000).stems for path in strip.source.paths]
    assert tuple(played) == FILE_NAMES


def test_a_relative_folder_is_named_by_where_it_lies(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    monkeypatch.chdir(folder)
    write_demo(Path())
    assert load(folder / "demo.gainstage").session == demo_session(folder, 48_000)


def test_a_folder_of_stems_written_before_gets_the_mix(folder: Path) -> None:
    _as_written_before(folder)
    stems = {path: path.stat().st_mtime_ns for path in folder.glob("*.wav")}
    write_demo(folder, progress=lambda done, name: pytest.fail("no stem is to be made"))
    assert load(folder / "demo.gainstage").session == demo_session(folder, 48_000)
    assert {path: path.stat().st_mtime_ns for path in folder.glob("*.wav")} == stems


@pytest.mark.parametrize("name", ["demo.gainstage", "my own.gainstage"])
@pytest.mark.parametrize("text", ["", 'version = 1\nname = "Mine"\n'])
def test_a_session_of_the_user_is_left_alone_and_the_only_one(folder: Path, name: str, text: str) -> None:
    _as_written_before(folder)
    (folder / name).write_text(text)
    write_demo(folder)
    assert [(path.name, path.read_text()) for path in folder.glob("*.gainstage")] == [(name, text)]


def test_edits_saved_in_the_mix_stay(folder: Path) -> None:
    write_demo(folder)
    save(Session("Mine"), folder / "demo.gainstage", force=True)
    write_demo(folder)
    write_demo(folder, 96_000)
    assert load(folder / "demo.gainstage").session == Session("Mine")


def test_a_mix_that_was_removed_comes_back_as_it_was(folder: Path) -> None:
    first = (write_demo(folder) / "demo.gainstage").read_bytes()
    (folder / "demo.gainstage").unlink()
    assert (write_demo(folder) / "demo.gainstage").read_bytes() == first


def test_another_rate_of_the_stems_is_that_of_an_untouched_mix(folder: Path) -> None:
    write_demo(folder)
    write_demo(folder, 96_000)
    assert load(folder / "demo.gainstage").session.sample_rate_hz == 96_000


def test_a_mix_that_cannot_be_written_is_one_clear_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sessions.file.write_atomically", refuse)
    with pytest.raises(DemoError, match=r'^cannot save ".*demo.gainstage": no space left on device'):
        write_demo(folder)
