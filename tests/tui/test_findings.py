"""What a check has found, for people and for programs."""

import io
import json
from dataclasses import replace

import pytest

from sessions.checking import Checked, Finding
from sessions.profiles import PREMASTER
from tui.findings import document, print_table

HOT = Finding(
    "S5", "warning", "Lead [Vox]", "3 Saturator", -8.04, "dBFS", "average -18",
    "HOT by 10.0 dB: 2 Compressor adds 6.0 dB", "Lead [Vox]: output of 2 Compressor -10.0 dB, to -10.0", 9.96,
)  # fmt: skip
LIMITER = Finding(
    "S10", "warning", "Master", "1 Limiter", None, "", "no limiter", "a cause", "Master: bypass 1 Limiter"
)
NOTE = Finding("S5", "note", "Bass", "1 Tape", -6.0, "dBFS", "average -18", "HOT by 12.0 dB", "meant to be so")

AVERAGES = "RMS by AES-17 (a sine reads its peak), of what sounds (gated)"


def checked(*findings, problems=()):
    return Checked("Song", PREMASTER, 3, 63.25, findings, problems)


def test_the_document_has_the_keys_that_programs_rely_on_and_none_for_what_is_undefined():
    made = json.loads(json.dumps(document(checked(HOT, LIMITER, problems=("lost.wav: gone",))), allow_nan=False))
    assert set(made["findings"][0]) == {"rule", "severity", "strip", "stage", "value", "unit", "target", "cause", "fix"}
    assert made["findings"][0]["value"] == -8.04
    assert made["findings"][1]["value"] is None
    assert made["profile"] == {"id": "premaster", "source": PREMASTER.source, "status": "house rule", "date": "2026"}
    assert made["problems"] == ["lost.wav: gone"]
    assert made["averages"] == AVERAGES


def test_the_table_says_where_how_much_why_and_what_to_do(capsys):
    print_table(checked(HOT, LIMITER))
    printed = capsys.readouterr().out
    for part in ("S5", "Lead [Vox]", "3 Saturator", "-8.0 dBFS", "average -18", "HOT by 10.0 dB", "to -10.0"):
        assert part in printed
    assert "Song: 3 strips, 1:03.2: 2 warnings; profile Premaster" in " ".join(printed.split())


def test_a_clean_mix_says_so(capsys):
    print_table(checked())
    printed = capsys.readouterr().out
    assert "nothing to put right" in printed
    assert printed.endswith(f"\naverages are {AVERAGES}\n")


@pytest.mark.parametrize(("findings", "clean"), [((), True), ((NOTE,), True), ((NOTE, HOT), False)])
def test_notes_are_no_findings(findings, clean):
    assert checked(*findings).is_clean is clean


def test_one_strip_is_not_several(capsys):
    print_table(replace(checked(), strips=1))
    assert "Song: 1 strip, " in capsys.readouterr().out


@pytest.mark.parametrize(("encoding", "arrow"), [("utf-8", "→"), ("latin-1", "->"), ("ascii", "->")])
def test_the_table_can_be_written_in_the_letters_there_are(encoding, arrow, monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding, write_through=True))
    print_table(checked(HOT))
    assert f"{arrow} Lead [Vox]: output" in written.getvalue().decode(encoding)


@pytest.mark.parametrize("columns", [46, 60, 80, 109])
def test_in_a_narrow_terminal_words_have_the_whole_width(columns, capsys, monkeypatch):
    monkeypatch.setattr("tui.findings.terminal_columns", lambda: columns)
    print_table(checked(HOT, LIMITER, NOTE))
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert max(map(len, lines)) <= columns
    assert "S5    Lead [Vox], 3 Saturator: -8.0 dBFS, should be: average -18" in " ".join(lines)
    assert "HOT by 10.0 dB: 2 Compressor adds 6.0 dB" in lines
    assert "S10   Master, 1 Limiter: should be: no limiter" in lines


@pytest.mark.parametrize("columns", [32, 40])
def test_in_a_very_narrow_terminal_lines_end_between_words(columns, capsys, monkeypatch):
    monkeypatch.setattr("tui.findings.terminal_columns", lambda: columns)
    print_table(checked(HOT, LIMITER, NOTE))
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= columns
    words = {word for line in lines for word in line.split()}
    said = " ".join(filter(None, (getattr(HOT, key) for key in ("strip", "stage", "target", "cause", "fix"))))
    assert {word.rstrip(",:;") for word in said.split()} <= {word.rstrip(",:;") for word in words}


@pytest.mark.parametrize("columns", [80, 140])
def test_an_error_is_known_without_its_colour(columns, capsys, monkeypatch):
    monkeypatch.setattr("tui.findings.terminal_columns", lambda: columns)
    print_table(checked(replace(HOT, severity="error"), LIMITER))
    printed = capsys.readouterr().out
    assert "S5  !" in printed
    assert printed.count("!") == 2
    assert "1 error (!), 1 warning;" in " ".join(printed.split())
