"""What the README promises exists: keys, commands and rules of the Makefile."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tui.actions import ACTIONS
from tui.keymap import DEFAULT_KEYS, Keymap

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
KEYS = README.split("| keys |")[1].split("\n\n")[0]


def test_every_key_in_the_table_is_bound() -> None:
    shown = {Keymap().shown(action.id) for action in ACTIONS} | {key for keys in DEFAULT_KEYS.values() for key in keys}
    cells = [line.split("|")[1] for line in KEYS.splitlines()[2:]]
    named = {key for cell in cells for key in re.findall(r"`([^`]+)`", cell)}
    assert named - shown == set()
    assert len(named) > 25


def test_every_make_rule_exists() -> None:
    rules = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:`|^    )make ([a-z-]+)", README, re.MULTILINE))
    assert {"demo", "test", "check"} <= named <= rules


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`gainstage ([a-z]+)", README))))
def test_every_command_exists(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    from tui.cli import main

    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert not ended.value.code
    assert command in capsys.readouterr().out


def test_every_file_it_links_to_exists() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
