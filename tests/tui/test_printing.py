"""What commands print where nobody reads it, or where it cannot be written."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from engine.offline import write_wav
from tui.printing import put_tables

PROGRAM = [sys.executable, "-m", "tui.cli"]
FULL, CLOSED = "No space left on device", "Bad file descriptor"


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a stem that is too loud: a check has findings."""
    folder = tmp_path_factory.mktemp("Song")
    wave = 0.9 * np.sin(np.arange(48000, dtype=np.float32) * 0.1)
    write_wav(folder / "Vox.wav", np.stack([wave, wave], 1).astype(np.float32), 48000, "PCM_24")
    return folder


def commands(song: Path) -> list[list[str]]:
    return [["--help"], ["--version"], ["measure", str(song)], ["measure", "--json", str(song)], ["check", str(song)]]


def run(
    arguments: Sequence[str], root: Path, redirected: str = "", unbuffered: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run the program with streams redirected as a shell writes it."""
    command = ["sh", "-c", f'exec "$@" {redirected}', "sh", *PROGRAM, *arguments]
    environment = os.environ | {"PYTHONUNBUFFERED": "1" if unbuffered else ""}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_an_output_that_nobody_reads_is_no_fault(song: Path, root: Path) -> None:
    for arguments in commands(song):
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "wb") as output:
            child = subprocess.Popen([*PROGRAM, *arguments], cwd=root, stdout=output, stderr=subprocess.PIPE)
        _, told = child.communicate(timeout=60)
        assert (child.returncode, told) == (0, b""), arguments


@pytest.mark.parametrize(("output", "reason", "unbuffered"), [
    ("/dev/full", FULL, False), ("/dev/full", FULL, True), ("&-", CLOSED, False),
])  # fmt: skip
def test_an_output_that_cannot_be_written_is_said_in_one_line(
    song: Path, root: Path, output: str, reason: str, unbuffered: bool
) -> None:
    for arguments in commands(song):
        done = run(arguments, root, f">{output}", unbuffered)
        assert done.stderr == f"gainstage: the output cannot be written: {reason}\n", arguments
        assert done.returncode == 2, arguments


@pytest.mark.parametrize("output", ["/dev/full", "&-"])
def test_where_no_problem_can_be_said_the_exit_code_says_it(song: Path, root: Path, output: str) -> None:
    for arguments in (["nonsense"], ["measure", "missing.wav"]):
        done = run(arguments, root, f"2>{output}")
        assert (done.returncode, done.stdout) == (2, ""), arguments
    done = run(["check", str(song)], root, f"2>{output}")
    assert done.returncode == 1
    assert "2 warnings" in done.stdout


def test_a_bounce_is_never_taken_for_the_output_that_is_closed(song: Path, root: Path, tmp_path: Path) -> None:
    mixes = [tmp_path / "heard.wav", tmp_path / "unheard.wav"]
    assert run(["bounce", str(song), str(mixes[0])], root).returncode == 0
    assert run(["bounce", str(song), str(mixes[1])], root, "<&- >&- 2>&-").returncode == 2
    assert mixes[0].read_bytes() == mixes[1].read_bytes()


def test_the_mixer_says_that_it_has_no_input(song: Path, root: Path) -> None:
    done = run(["open", str(song)], root, "<&-")
    assert done.returncode == 2
    assert done.stderr == "gainstage: the mixer needs a terminal: its input or output is redirected\n"


def test_names_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    put_tables("Song [bold] :smile:", width=80)
    assert capsys.readouterr().out == "Song [bold] :smile:\n"
