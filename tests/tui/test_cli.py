"""The command line: what it prints where, and its exit codes."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from rich.cells import cell_len

from engine.offline import write_wav
from sessions import doors
from sessions.doors import BenchLoad, Bounced, ConsoleLoad, MetersLoad
from tui.arguments import COLOURS, make_parser, seconds
from tui.cli import main
from tui.drawing.palette import PALETTES
from tui.progress import ProgressLine

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """A folder with two short stems."""
    folder = tmp_path / "Song"
    folder.mkdir()
    sine = 0.5 * np.sin(np.arange(4800, dtype=np.float32) * 0.1)
    for name in ("01 Kick.wav", "02 Bass.wav"):
        write_wav(folder / name, sine[:, None].astype(np.float32), 48000, "PCM_24")
    return folder


def test_alone_it_prints_help(capsys: Capture) -> None:
    assert main([]) == 0
    out = capsys.readouterr().out
    for command in ("open", "demo", "bounce", "measure", "devices", "bench"):
        assert f"    {command} " in out


def test_its_version(capsys: Capture) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("gainstage ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "invalid choice: 'nonsense'"),
        (["open"], "the following arguments are required: PATH"),
        (["open", "x", "--fps", "0"], "0 is not within 1 to 60 frames per second"),
        (["open", "x", "--buffer", "7"], "7 is not a number of frames within 16 to 8192"),
        (["open", "x", "--outputs", "2-2"], '"2-2" is no pair of output channels'),
        (["open", "x", "--outputs", "left"], '"left" is no pair of output channels'),
        (["measure"], "the following arguments are required: FILE"),
        (["bounce", "x", "y", "--from", "soon"], '"soon" is no time'),
        (["bounce", "x", "y", "--bits", "8"], "invalid choice: '8'"),
        (["bounce", "x", "y", "--tail", "long"], '"long" is no time'),
        (["bounce", "x", "y", "--from", "nan"], '"nan" is no time'),
        (["bounce", "x", "y", "--from", "-1"], '"-1" is no time'),
        (["bounce", "x", "y", "--to", "1e9"], '"1e9" is no time'),
        (["bounce", "x", "y", "--to", "24:00:00.1"], '"24:00:00.1" is longer than a day'),
        (["bounce", "x", "y", "--tail", "9" * 5000], f'"{"9" * 40}..." is longer than a day'),
        (["bounce", "x", "y", "--tail", "9" * 5000 + ":00"], f'"{"9" * 40}..." is longer than a day'),
    ],
)
def test_wrong_use_is_told_in_one_line(capsys: Capture, arguments: list[str], said: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    seen = capsys.readouterr()
    assert seen.out == ""
    assert seen.err.startswith("gainstage: ")
    assert said in seen.err
    assert seen.err.count("\n") == 1


@pytest.mark.parametrize(("text", "value"), [("90", 90.0), ("1:30", 90.0), ("1:02:03.5", 3723.5), ("0.25", 0.25)])
def test_times(text: str, value: float) -> None:
    assert seconds(text) == value


def test_options_reach_their_command() -> None:
    options = make_parser().parse_args(
        ["open", "song", "--device", "none", "--buffer", "128", "--outputs", "3-4", "--fps", "12", "--ascii", "--split"]
    )
    assert (options.device, options.buffer, options.outputs) == ("none", 128, (3, 4))
    assert (options.fps, options.ascii, options.split) == (12.0, True, True)


def test_every_palette_can_be_asked_for() -> None:
    assert tuple(PALETTES) == COLOURS
    assert make_parser().parse_args(["open", "song", "--colours", "cvd"]).colours == "cvd"


def test_the_mixer_wants_a_terminal(song: Path, capsys: Capture) -> None:
    for arguments in (["open", str(song)], ["demo", str(song)]):
        assert main(arguments) == 2
        assert capsys.readouterr().err == "gainstage: the mixer needs a terminal: its input or output is redirected\n"


def test_bounce_renders_what_is_there(song: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "mix.wav"
    assert main(["bounce", str(song), str(out), "--bits", "16", "--json"]) == 0
    seen = capsys.readouterr()
    document = json.loads(seen.out)
    assert seen.err == ""
    assert document["path"] == str(out)
    assert document["frames"] == 4800
    assert document["duration_s"] == pytest.approx(0.1)
    assert document["sample_rate_hz"] == 48000
    assert document["bits"] == "16"
    assert out.stat().st_size > 4800 * 2 * 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing", "out.wav"], "missing"),
        (["SONG", "SONG/01 Kick.wav"], "is a stem of the session"),
        (["SONG", "SONG/new.gainstage"], "is the name of a session"),
        (["SONG", "SONG"], "is a folder"),
        (["SONG", "nowhere/deep/out.wav"], "nowhere"),
        (["SONG", "out.wav", "--from", "5"], "the song ends at 0.1 s"),
        (["SONG", "out.wav", "--from", "2", "--to", "1"], "--to 1 s is not after --from 2 s"),
        (["SONG", "out.wav", "--from", "0.01", "--to", "0.010001"], "nothing lies between the start at 0.01 s"),
        (["SONG", "no\nsuch/out.wav"], "no?such: no such folder; out.wav was not written"),
    ],
)
def test_a_bounce_that_cannot_be_says_why(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = (song / "01 Kick.wav").read_bytes()
    assert main(["bounce", *(argument.replace("SONG", str(song)) for argument in arguments)]) == 2
    seen = capsys.readouterr()
    assert seen.out == ""
    assert seen.err.startswith("gainstage: ")
    assert seen.err.count("\n") == 1
    assert said in seen.err
    assert (song / "01 Kick.wav").read_bytes() == before
    assert not (tmp_path / "out.wav").exists()


def test_samples_that_were_cut_off_are_told(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    done = Bounced(Path("mix.wav"), "Song", 48000, 96000, 2.5, 17, ("stem x is damaged",))
    monkeypatch.setattr(doors, "bounce", lambda *_, **__: done)
    assert main(["bounce", "Song", "mix.wav"]) == 0
    seen = capsys.readouterr()
    assert seen.out == "mix.wav: 2.0 s, 48000 Hz, 24 bit, peak +2.5 dBFS\n"
    assert "stem x is damaged" in seen.err
    assert "17 samples were above full scale" in seen.err


def test_a_tail_is_asked_for_and_told(song: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "mix.wav"
    assert main(["bounce", str(song), str(out), "--tail", "0.2", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["frames"], document["tail_s"]) == (4800 + 9600, pytest.approx(0.2))
    assert main(["bounce", str(song), str(out), "--tail", "0.2"]) == 0
    assert capsys.readouterr().out == f"{out}: 0.3 s (0.2 s of it tail), 48000 Hz, 24 bit, peak -3.0 dBFS\n"
    assert main(["bounce", str(song), str(out), "--tail", "auto"]) == 0
    assert capsys.readouterr().out.startswith(f"{out}: 0.1 s, 48000 Hz")


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("two\nlines.wav", r"two\nlines.wav"),
        ("\x1b[31mred.wav", r"\x1b[31mred.wav"),
        (os.fsdecode(b"\xff.wav"), r"\udcff.wav"),
    ],
)
def test_an_odd_name_is_printed_in_one_line_and_is_itself_in_json(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, printed: str
) -> None:
    out = tmp_path / name
    for arguments in ([], ["--json"]):
        # As strict as a terminal's is in most languages.
        printing = io.TextIOWrapper(io.BytesIO(), "utf-8", "strict")
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", printing)
            assert main(["bounce", str(song), str(out), *arguments]) == 0
        printing.seek(0)
        told = printing.read()
        if arguments:
            assert json.loads(told)["path"] == str(out)
        else:
            assert told.startswith(f"{tmp_path}/{printed}: 0.1 s")
            assert told.count("\n") == 1
    assert out.is_file()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_bounce_that_is_ended_leaves_nothing(song: Path, tmp_path: Path, number: signal.Signals) -> None:
    script = "import sys; from tui.cli import main; sys.exit(main(sys.argv[1:]))"
    folder = tmp_path / "mixes"
    folder.mkdir()
    command = [sys.executable, "-c", script, "bounce", str(song), str(folder / "mix.wav"), "--tail", "23:00:00"]
    child = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        while not list(folder.iterdir()):
            assert child.poll() is None
            time.sleep(0.01)
        child.send_signal(number)
        _, told = child.communicate(timeout=60)
    finally:
        child.kill()
    assert list(folder.iterdir()) == []
    assert child.returncode == 128 + number
    assert told == (b"gainstage: interrupted\n" if number == signal.SIGINT else b"")


def test_silence_has_no_level_in_json(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    done = Bounced(Path("mix.wav"), "Song", 48000, 480, float("-inf"), 0, ())
    monkeypatch.setattr(doors, "bounce", lambda *_, **__: done)
    assert main(["bounce", "Song", "mix.wav", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["peak_dbfs"] is None


def test_devices(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    from engine.player import Device

    found = [Device(3, "HDA Intel", "ALSA", 2, 48000, 0.0107, True), Device(5, "USB", "ALSA", 8, 96000, 0.005, False)]
    monkeypatch.setattr(doors, "devices", lambda: found)
    assert main(["devices"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert " 3* HDA Intel" in lines[1]
    assert main(["devices", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["devices"][1] == {
        "index": 5, "name": "USB", "host": "ALSA", "output_channels": 8, "sample_rate_hz": 96000, "latency_s": 0.005,
        "default": False,
    }  # fmt: skip
    monkeypatch.setattr(doors, "devices", list)
    assert main(["devices"]) == 0
    assert capsys.readouterr().out == "no audio device: the mixer plays to a silent clock\n"


def test_bench(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    loads = [BenchLoad(strips, frames, 48000, strips / frames) for strips in (8, 64) for frames in (64, 128)]
    meters = MetersLoad(64, 11, 5.5, 2.25, 0.5)
    monkeypatch.setattr(doors, "bench_runs", lambda: [(8, 64)] * 4)
    monkeypatch.setattr(doors, "bench", lambda: iter(loads))
    monkeypatch.setattr(doors, "bench_console", lambda: ConsoleLoad(64, 64, 8.0, 3.0, (("Gate", 32, 0.25),), meters))
    assert main(["bench"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["strips", "64", "128"]
    assert lines[3].split() == ["64", "1.0%", "0.5%"]
    assert lines[-4].startswith("all meters at 11 stages of 64 strips: 5.5% (2.2% of it are true peaks), 0.50% for")
    assert lines[-6].endswith("at 64 frames: 8.0% of one core, 0.12% a strip; 3.0% of it are meters")
    assert lines[-1].split() == ["Gate", "0.25%", "32"]
    assert main(["bench", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["loads"][0]["core_percent"] == 0.125
    assert told["console"]["core_percent"] == 8.0
    assert told["console"]["meters"]["true_peak_percent"] == 2.25
    assert told["console"]["processors"] == [{"label": "Gate", "strips": 32, "core_percent": 0.25}]


def test_help_of_the_program_loads_nothing_heavy() -> None:
    script = (
        "import sys; from tui.cli import main; main([]); "
        "print([name for name in ('numpy', 'textual', 'numba', 'soundfile', 'rich', 'msgspec') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_interface_compiles_and_decodes_nothing() -> None:
    names = "('soundfile', 'soxr', 'sounddevice')"
    script = f"import sys; import tui.run; print([name for name in {names} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.splitlines()[-1] == "[]"


class Stream:
    """An output that says whether it is a terminal."""

    def __init__(self, terminal: bool) -> None:
        self.terminal = terminal
        self.written = ""

    def isatty(self) -> bool:
        return self.terminal

    def write(self, text: str) -> None:
        self.written += text

    def flush(self) -> None:
        """Nothing is kept back."""

    def fileno(self) -> int:
        raise io.UnsupportedOperation


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_shown_on_a_terminal_only(terminal: bool) -> None:
    stream = Stream(terminal)
    make: Callable[..., ProgressLine] = ProgressLine
    with make("bouncing", stream) as progress:
        progress(0.5, "02 Bass.wav")
    assert ("bouncing [############............]  50% 02 Bass.wav" in stream.written) == terminal
    assert stream.written.endswith("\r\x1b[K") == terminal


def test_progress_never_takes_a_second_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.progress.terminal_columns", lambda _: 40)
    stream = Stream(terminal=True)
    make: Callable[..., ProgressLine] = ProgressLine
    with make("bouncing to mix.wav", stream) as progress:
        progress(0.5, "02 Bass.wav")
    shown = stream.written.split("\x1b[K")[0].lstrip("\r")
    assert shown == "bouncing to mix.wav [############......"
    with make("bouncing to \u6f22\u5b57\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57.wav", stream) as progress:
        progress(0.5)
    assert cell_len(stream.written.split("\x1b[K")[-3].lstrip("\r")) <= 39
