"""The demo on disk: written once, continued, renewed, and never over what belongs to somebody else."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sessions.demo import DemoError, write_demo
from sessions.demo import folder as demo_folder
from sessions.demo.plan import Stem

_NAMES = ("01 One.wav", "02 Two.wav", "03 Three.wav")


class _Studio:
    """Stands for the plan: three short stems, and which of them have been made."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.level = 0.25
        self.breaks_at = ""

    def stems(self, sample_rate_hz: int, wanted: frozenset[str]) -> Iterator[Stem]:
        for name in _NAMES:
            if name == self.breaks_at:
                raise KeyboardInterrupt
            if name in wanted:
                self.made.append(name)
                yield Stem(name, sample_rate_hz, "PCM_24", np.full(100, self.level, np.float32))


@pytest.fixture
def studio(monkeypatch: pytest.MonkeyPatch) -> _Studio:
    studio = _Studio()
    monkeypatch.setattr(demo_folder, "stems", studio.stems)
    monkeypatch.setattr(demo_folder, "FILE_NAMES", _NAMES)
    return studio


def _level(path: Path) -> float:
    return float(soundfile.read(path)[0][0])


def test_the_first_run_writes_all_stems_and_tells_how_far_it_is(studio: _Studio, tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []
    folder = write_demo(tmp_path / "new" / "demo", progress=lambda done, name: told.append((done, name)))
    assert folder == tmp_path / "new" / "demo"
    assert [path.name for path in sorted(folder.glob("*.wav"))] == list(_NAMES)
    assert [name for _, name in told] == [*_NAMES, ""]
    assert [done for done, _ in told] == pytest.approx([0.0, 1 / 3, 2 / 3, 1.0])


def test_what_is_there_is_not_made_again(studio: _Studio, tmp_path: Path) -> None:
    write_demo(tmp_path)
    studio.made.clear()
    write_demo(tmp_path, progress=lambda done, name: pytest.fail("nothing to do"))
    assert studio.made == []


def test_a_missing_stem_is_made_again_alone(studio: _Studio, tmp_path: Path) -> None:
    write_demo(tmp_path)
    studio.made.clear()
    (tmp_path / _NAMES[1]).unlink()
    write_demo(tmp_path)
    assert studio.made == [_NAMES[1]]
    assert (tmp_path / _NAMES[1]).exists()


def test_an_interrupted_run_leaves_whole_stems_and_is_continued(studio: _Studio, tmp_path: Path) -> None:
    studio.breaks_at = _NAMES[2]
    with pytest.raises(KeyboardInterrupt):
        write_demo(tmp_path)
    assert [len(soundfile.read(path)[0]) for path in sorted(tmp_path.glob("*.wav"))] == [100, 100]
    studio.breaks_at = ""
    studio.made.clear()
    write_demo(tmp_path)
    assert studio.made == [_NAMES[2]]


def test_another_version_replaces_the_stems_and_nothing_else(
    studio: _Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_demo(tmp_path)
    (tmp_path / "demo.gainstage.toml").write_text("the user's")
    monkeypatch.setattr(demo_folder, "VERSION", 1_000)
    monkeypatch.setattr(demo_folder, "FILE_NAMES", _NAMES[:2])
    studio.level = 0.5
    write_demo(tmp_path)
    assert _level(tmp_path / _NAMES[0]) == 0.5
    assert not (tmp_path / _NAMES[2]).exists()
    assert (tmp_path / "demo.gainstage.toml").read_text() == "the user's"


def test_another_rate_replaces_the_stems(studio: _Studio, tmp_path: Path) -> None:
    write_demo(tmp_path, 48_000)
    write_demo(tmp_path, 96_000)
    assert {soundfile.info(path).samplerate for path in tmp_path.glob("*.wav")} == {96_000}


def test_a_stem_that_somebody_changed_is_kept(studio: _Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_demo(tmp_path)
    changed = tmp_path / _NAMES[0]
    soundfile.write(changed, np.full(50, 0.75), 48_000)
    write_demo(tmp_path)
    assert _level(changed) == pytest.approx(0.75, abs=1e-4)
    monkeypatch.setattr(demo_folder, "VERSION", 1_000)
    with pytest.raises(DemoError, match=f"{_NAMES[0]} has been changed .* choose another folder"):
        write_demo(tmp_path)
    assert all((tmp_path / name).exists() for name in _NAMES)


def test_a_stem_that_somebody_changed_in_place_is_kept(
    studio: _Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_demo(tmp_path)
    changed = tmp_path / _NAMES[0]
    content = bytes(reversed(changed.read_bytes()))
    changed.write_bytes(content)
    later_s = time.time() + 1.0
    os.utime(changed, (later_s, later_s))
    monkeypatch.setattr(demo_folder, "VERSION", 1_000)
    with pytest.raises(DemoError, match=f"{_NAMES[0]} has been changed"):
        write_demo(tmp_path)
    assert changed.read_bytes() == content


def test_a_file_of_somebody_else_in_an_interrupted_demo_is_kept(studio: _Studio, tmp_path: Path) -> None:
    studio.breaks_at = _NAMES[1]
    with pytest.raises(KeyboardInterrupt):
        write_demo(tmp_path)
    (tmp_path / _NAMES[1]).write_bytes(b"somebody's")
    studio.breaks_at = ""
    write_demo(tmp_path)
    assert (tmp_path / _NAMES[1]).read_bytes() == b"somebody's"
    assert (tmp_path / _NAMES[2]).exists()


def test_files_of_somebody_else_are_never_overwritten(studio: _Studio, tmp_path: Path) -> None:
    soundfile.write(tmp_path / _NAMES[1], np.full(50, 0.75), 48_000)
    with pytest.raises(DemoError, match=f"{_NAMES[1]} exists and was not written by the demo"):
        write_demo(tmp_path)
    assert studio.made == []
    assert list(tmp_path.iterdir()) == [tmp_path / _NAMES[1]]


def test_a_folder_that_cannot_be_is_one_clear_line(studio: _Studio, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DemoError) as raised:
        write_demo(tmp_path / "file" / "demo")
    assert str(raised.value) == f"{tmp_path / 'file' / 'demo'}: the demo could not be written: Not a directory"


def test_a_rate_the_engine_does_not_know_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="sample_rate_hz=22050 is not one of 44100, 48000"):
        write_demo(tmp_path, 22_050)
    assert list(tmp_path.iterdir()) == []
