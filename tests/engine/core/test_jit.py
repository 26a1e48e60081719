"""Compiled code is found again, never when it is stale, and not needed by the interface."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path


def folder_of(engine: Path, **environment: str) -> str:
    """The cache folder that a copy of the engine names."""
    result = subprocess.run(
        [sys.executable, "-c", "from engine.core.jit import cache_folder; print(cache_folder())"],
        cwd=engine.parent,
        env=os.environ | {"GAINSTAGE_KERNELS": "", "PYTHONPATH": str(engine.parent)} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout.strip()


def test_any_change_of_the_engine_names_another_cache_folder(tmp_path: Path, root: Path) -> None:
    copy = tmp_path / "engine"
    shutil.copytree(root / "engine", copy, ignore=shutil.ignore_patterns("__pycache__"))
    before = folder_of(copy)
    assert folder_of(copy) == before
    changed = copy / "dsp" / "smoother.py"
    changed.write_text(changed.read_text() + "\n# changed\n")
    assert folder_of(copy) != before


def test_the_cache_can_be_put_elsewhere(tmp_path: Path, root: Path) -> None:
    assert folder_of(root / "engine", GAINSTAGE_CACHE_DIR=str(tmp_path)).startswith(str(tmp_path))


def test_the_live_door_needs_neither_numba_nor_soundfile_nor_a_device(root: Path) -> None:
    heavy = "[name for name in ('numba', 'soundfile', 'soxr', 'sounddevice', 'scipy') if name in sys.modules]"
    result = subprocess.run(
        [sys.executable, "-c", f"import sys, engine.player; print({heavy})"],
        env=os.environ | {"GAINSTAGE_KERNELS": "", "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == "[]"
