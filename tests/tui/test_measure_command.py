"""`gainstage measure`: what it prints where, and its exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.offline import write_wav
from tui.cli import main
from tui.measurements import length

Capture = pytest.CaptureFixture[str]

KEYS = [
    "path",
    "sample_rate_hz",
    "channels",
    "duration_s",
    "integrated_lufs",
    "loudness_range_lu",
    "max_momentary_lufs",
    "max_short_term_lufs",
    "true_peak_dbtp",
    "sample_peak_dbfs",
    "rms_dbfs",
    "crest_db",
    "plr_db",
]


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """A minute of stereo at -18 dBFS."""
    path = tmp_path / "tone.wav"
    wave = 10.0 ** (-18.0 / 20.0) * np.sin(2.0 * np.pi * 997.0 * np.arange(60 * 48000) / 48000)
    write_wav(path, np.stack([wave, wave], 1).astype(np.float32), 48000, "PCM_24")
    return path


@pytest.fixture
def silence(tmp_path: Path) -> Path:
    path = tmp_path / "silence.wav"
    write_wav(path, np.zeros((4800, 1), np.float32), 44100, "PCM_16")
    return path


def test_a_table_with_a_line_for_each_file(tone: Path, silence: Path, capsys: Capture) -> None:
    assert main(["measure", str(tone), str(silence)]) == 0
    seen = capsys.readouterr()
    assert seen.err == ""
    lines = seen.out.splitlines()
    assert lines[0].split() == ["I", "LRA", "max", "M", "max", "S", "true", "peak", "RMS", "crest", "PLR"]
    assert lines[1].split() == ["file", "length", "LUFS", "LU", "LUFS", "LUFS", "dBTP", "dBFS", "dBFS", "dB", "dB"]
    assert lines[3].split() == [
        str(tone), "1:00.0", "-18.0", "0.0", "-18.0", "-18.0", "-18.0", "-18.0", "-21.0", "3.0", "0.0",
    ]  # fmt: skip
    assert lines[4].split() == [str(silence), "0:00.1", *["--.-"] * 9]
    assert len(lines) == 5


def test_rms_by_aes17_is_called_so(tone: Path, silence: Path, capsys: Capture) -> None:
    assert main(["measure", "--aes17", str(tone), str(silence)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[-3:] == ["AES17", "crest", "PLR"]
    assert lines[3].split()[-3:] == ["-18.0", "3.0", "0.0"]
    assert lines[4].split()[-3:] == ["--.-"] * 3
    assert main(["measure", "--aes17", "--json", str(tone)]) == 0
    told = json.loads(capsys.readouterr().out)["files"][0]
    assert told["rms_aes17_dbfs"] == pytest.approx(-18.0, abs=0.01)
    assert "rms_dbfs" not in told


@pytest.mark.parametrize("columns", [32, 40, 60])
def test_in_a_terminal_that_is_narrower_than_the_table_each_value_has_a_line(
    columns: int, tone: Path, silence: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.measurements.terminal_columns", lambda: columns)
    assert main(["measure", str(tone), str(silence)]) == 0
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert max(map(len, lines)) <= columns
    assert lines[0].endswith("tone.wav")
    assert [line.split() for line in lines[1:5]] == [
        ["length", "1:00.0"], ["I", "-18.0", "LUFS"], ["LRA", "0.0", "LU"], ["max", "M", "-18.0", "LUFS"],
    ]  # fmt: skip
    assert lines[11].endswith("silence.wav")
    assert lines[-1].split() == ["PLR", "--.-", "dB"]
    assert len(lines) == 2 * 11


def test_eighty_columns_are_enough_for_the_table(tone: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.measurements.terminal_columns", lambda: 80)
    assert main(["measure", str(tone)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) == 4


def test_a_short_range_is_marked(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "short.wav"
    write_wav(path, np.full((48000 * 5, 1), 0.1, np.float32), 48000, "PCM_16")
    assert main(["measure", str(path)]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[-1] == "* of less than 60 s: not stable"


def test_a_document_with_the_keys_that_are_promised(tone: Path, silence: Path, capsys: Capture) -> None:
    assert main(["measure", "--json", str(tone), str(silence)]) == 0
    seen = capsys.readouterr()
    assert seen.err == ""
    told = json.loads(seen.out)
    assert list(told) == ["files", "errors"]
    assert told["errors"] == []
    assert [list(file) for file in told["files"]] == [KEYS, KEYS]
    first, second = told["files"]
    assert (first["path"], first["sample_rate_hz"], first["channels"], first["duration_s"]) == (str(tone), 48000, 2, 60)
    assert first["integrated_lufs"] == pytest.approx(-18.0, abs=0.01)
    assert first["rms_dbfs"] == pytest.approx(-21.01, abs=0.01)
    assert second["sample_rate_hz"] == 44100
    assert [second[key] for key in KEYS[4:]] == [None] * 9


def test_damaged_files_are_named_and_the_rest_is_measured(tone: Path, tmp_path: Path, capsys: Capture) -> None:
    text = tmp_path / "te\nxt.wav"
    text.write_text("words")
    missing = tmp_path / "missing.wav"
    assert main(["measure", str(text), str(tone), str(missing)]) == 2
    seen = capsys.readouterr()
    shown = str(text).replace("\n", r"\n")
    assert seen.err.splitlines() == [
        f'gainstage: {shown}: is not a sound file (it begins with the text "words")',
        f"gainstage: {missing}: not found",
    ]
    assert str(tone) in seen.out
    assert main(["measure", "--json", str(text), str(tone), str(missing)]) == 2
    seen = capsys.readouterr()
    told = json.loads(seen.out)
    assert [file["path"] for file in told["files"]] == [str(tone)]
    assert told["errors"] == [
        {"path": str(text), "message": 'is not a sound file (it begins with the text "words")'},
        {"path": str(missing), "message": "not found"},
    ]
    assert seen.err == ""


def test_what_was_measured_as_far_as_it_goes_is_no_failure(tone: Path, capsys: Capture) -> None:
    tone.write_bytes(tone.read_bytes()[:1_000_000])
    assert main(["measure", str(tone)]) == 0
    assert capsys.readouterr().err.startswith(f"gainstage: {tone}: cut short: header says 60.0 s, file holds 3.5 s")
    assert main(["measure", "--json", str(tone)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [file["duration_s"] for file in told["files"]] == [pytest.approx(3.47, abs=0.01)]
    assert told["errors"][0]["message"].startswith("cut short")


def test_in_a_pipe_there_is_nothing_but_the_table(tone: Path, root: Path) -> None:
    command = [sys.executable, "-m", "tui.cli", "measure", str(tone)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    assert str(tone) in done.stdout


def test_neither_a_compiler_nor_a_decoder_that_is_not_needed_is_loaded(tone: Path, root: Path) -> None:
    names = "('numba', 'textual', 'soundfile', 'soxr', 'sounddevice', 'rich')"
    script = (
        "import sys; from tui.cli import main; "
        f"main(sys.argv[1:]); print([name for name in {names} if name in sys.modules])"
    )
    command = [sys.executable, "-c", script, "measure", "--json", str(tone)]
    environment = os.environ | {"GAINSTAGE_KERNELS": ""}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.04, "0:00.0"), (59.96, "1:00.0"), (61.25, "1:01.2"), (3599.9, "59:59.9"), (3661.0, "1:01:01")],
)
def test_lengths(seconds: float, shown: str) -> None:
    assert length(seconds) == shown
