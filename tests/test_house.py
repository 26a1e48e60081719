"""The house rules that no other tool sees: what is imported where, what is shipped, and kernels as plain Python."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import packages_distributions
from pathlib import Path

import numpy as np
import pytest

from engine.mix import MASTER, Mix, Stem, Strip, StripControls
from engine.offline import render, write_wav

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("tui", "sessions", "engine")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=150.0,
        check=False,
    )


def imported(path: Path) -> Iterator[str]:
    """Top-level names of all modules that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def foreign(paths: list[Path]) -> set[str]:
    """Libraries that files import: what is neither Python's own nor ours."""
    names = {name for path in paths for name in imported(path)}
    return names - set(sys.stdlib_module_names) - set(PACKAGES)


def distribution(requirement: str) -> str:
    """The normalised name of a requirement."""
    return re.match(r"[A-Za-z0-9_.-]+", requirement)[0].lower().replace("_", "-")  # type: ignore[index]


# --- imports


def test_import_contracts_hold() -> None:
    checked = run("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-logo")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_signal_code_needs_numpy_and_numba_only() -> None:
    signal_code = [path for room in ("dsp", "meters", "mixer") for path in (ROOT / "engine" / room).rglob("*.py")]
    assert foreign(signal_code) <= {"numpy"}


def test_every_library_is_declared_and_every_declared_one_is_used() -> None:
    declared = {distribution(requirement) for requirement in PROJECT["dependencies"]}
    known = packages_distributions()
    used = {known[name][0].lower().replace("_", "-") for name in foreign(SOURCES)}
    assert used == declared


def test_every_dependency_is_bounded_on_both_sides() -> None:
    requirements = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]
    assert [requirement for requirement in requirements if not re.search(r">=[\d.]+,<[\d.]+$", requirement)] == []


@pytest.mark.parametrize("module", ["sessions.controller", "sessions.demo", "sessions.stems", "engine.offline"])
def test_what_only_describes_a_mix_starts_without_the_compiler_and_the_sound_card(module: str) -> None:
    heavy = ("numba", "scipy", "sounddevice", "soundfile", "soxr", "textual")
    program = f"import {module}, sys; print([name for name in {heavy} if name in sys.modules])"
    told = run("-c", program, GAINSTAGE_KERNELS="")
    assert told.stdout == "[]\n", told.stdout + told.stderr


# --- files


def test_files_stay_readable() -> None:
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in long.items() if lines > 400} == {}


def test_modules_are_named_for_what_they_hold() -> None:
    vague = {"common", "data", "helper", "helpers", "manager", "misc", "util", "utils"}
    assert [str(path) for path in SOURCES if path.stem in vague or path.parent.name in vague] == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    built = run("-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    assert built.returncode == 0, built.stderr
    return zipfile.ZipFile(next(folder.glob("gainstage-*.whl")))


def test_the_wheel_holds_the_program_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    shipped = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in shipped} == set(PACKAGES)
    ours = {path.relative_to(ROOT).as_posix() for path in SOURCES}
    ours |= {path.relative_to(ROOT).as_posix() for package in PACKAGES for path in (ROOT / package).rglob("*.tcss")}
    assert shipped == ours


def test_the_wheel_installs_the_command(wheel: zipfile.ZipFile) -> None:
    name = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "gainstage = tui.cli:main" in wheel.read(name).decode().splitlines()


# --- kernels

_AS_PLAIN_PYTHON = """
import sys
import numpy as np
from engine.core.jit import JIT_ENABLED
from tests.test_house import rendered
assert not JIT_ENABLED
np.save(sys.argv[1], rendered(sys.argv[2]))
"""


def rendered(stem: str) -> np.ndarray:
    """A short mix with every control in use: about two blocks of 10 ms."""
    controls = StripControls(trim_db=-3.0, fader_db=2.0, pan_percent=-40.0, invert_right=True)
    strips = (Strip("a", "A", Stem(stem), controls), Strip("b", "B", Stem(stem), StripControls(fader_db=-12.0)))
    blocks: list[np.ndarray] = []
    mix = Mix(44_100, strips, replace(MASTER, controls=StripControls(trim_db=-1.5)))
    render(mix, lambda frames: blocks.append(frames.copy()))
    return np.concatenate(blocks)


def test_kernels_run_as_plain_python(tmp_path: Path) -> None:
    stem, out = tmp_path / "stem.wav", tmp_path / "plain.npy"
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (900, 2)).astype(np.float32)
    write_wav(stem, noise, 44_100, "FLOAT")
    done = run("-c", _AS_PLAIN_PYTHON, out, stem, NUMBA_DISABLE_JIT="1")
    assert done.returncode == 0, done.stderr
    compiled = rendered(str(stem))
    assert np.abs(compiled).max() > 0.1
    assert np.abs(np.load(out) - compiled).max() < 10.0 ** (-130.0 / 20.0)
