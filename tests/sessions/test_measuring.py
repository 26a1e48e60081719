"""Many files measured at once: their order, their faults, and what ends it."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from engine.offline import write_wav
from sessions.measuring import FileProblem, measure_files


def tone(path: Path, level: float = 0.1, seconds: float = 4.0, channels: int = 1) -> Path:
    wave = level * np.sin(np.arange(round(seconds * 48000)) * 0.1)
    write_wav(path, np.stack([wave] * channels, 1).astype(np.float32), 48000, "PCM_16")
    return path


def test_files_come_back_in_their_order_whichever_is_done_first(tmp_path: Path) -> None:
    paths = [tone(tmp_path / f"{n}.wav", seconds=20.0 if n == 0 else 0.5) for n in range(8)]
    measured = measure_files([*paths, paths[0]])
    assert [one.path for one in measured.measurements] == [*paths, paths[0]]
    assert (measured.problems, measured.is_complete) == ((), True)


def test_what_is_wrong_with_a_file_is_said_and_the_rest_is_measured(tmp_path: Path) -> None:
    good, text, missing = tone(tmp_path / "good.wav"), tmp_path / "text.wav", tmp_path / "sub" / "missing.wav"
    text.write_text("no sound")
    measured = measure_files([missing, good, text])
    assert [one.path for one in measured.measurements] == [good]
    assert measured.problems == (
        FileProblem(missing, "not found"),
        FileProblem(text, 'is not a sound file (it begins with the text "no sound")'),
    )
    assert not measured.is_complete


def test_a_damaged_file_is_measured_as_far_as_it_goes_and_said(tmp_path: Path) -> None:
    path = tone(tmp_path / "cut.wav")
    path.write_bytes(path.read_bytes()[:200_044])
    measured = measure_files([path])
    assert measured.measurements[0].duration_s == pytest.approx(2.083, abs=0.001)
    assert measured.problems == (FileProblem(path, "cut short: header says 4.0 s, file holds 2.1 s", True),)
    assert measured.is_complete


def test_a_folder_stands_for_the_sound_files_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "album"
    (folder / "more").mkdir(parents=True)
    for name in ("10 last.wav", "2 second.wav", "more/other.wav", ".hidden.wav"):
        tone(folder / name, seconds=0.5)
    (folder / "cover.txt").write_text("a picture")
    measured = measure_files([folder])
    assert [one.path.name for one in measured.measurements] == ["2 second.wav", "10 last.wav"]
    assert measured.problems == ()


def test_a_folder_without_sound_is_a_mistake(tmp_path: Path) -> None:
    measured = measure_files([tmp_path])
    said = "is a folder without sound files (WAV, RF64, W64, AIFF, FLAC, Ogg, Opus, MP3)"
    assert measured.problems == (FileProblem(tmp_path, said),)
    assert not measured.is_complete


def test_progress_goes_by_size_and_never_back(tmp_path: Path) -> None:
    long, short = tone(tmp_path / "long.wav", seconds=60.0), tone(tmp_path / "short.wav", seconds=1.0)
    shares: list[float] = []
    measure_files([short, long], lambda share, _what: shares.append(share))
    assert shares == sorted(shares)
    assert all(0.0 <= share <= 1.0 for share in shares)


def test_what_ends_it_ends_its_threads(tmp_path: Path) -> None:
    paths = [tone(tmp_path / f"{n}.wav", seconds=120.0, channels=2) for n in range(4)]

    def interrupt(_share: float, what: str) -> None:
        if what == "1/4":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure_files(paths, interrupt)
    assert [thread for thread in threading.enumerate() if thread.name.startswith("measuring")] == []
