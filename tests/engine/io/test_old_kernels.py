"""What other versions compiled goes when nobody has used it for long, and nothing else does."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from engine.core.jit import cache_folder
from engine.io.old_kernels import remove_old_kernels

DAY_S = 24 * 3600


@pytest.fixture
def kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GAINSTAGE_CACHE_DIR", str(tmp_path))
    return tmp_path / "kernels"


def compiled(folder: Path, days_ago: float) -> Path:
    """A folder of kernels last used so long ago."""
    (folder / "dsp").mkdir(parents=True)
    (folder / "dsp" / "smoother.nbc").touch()
    used_s = time.time() - days_ago * DAY_S
    os.utime(folder, (used_s, used_s))
    return folder


def test_what_nobody_has_used_for_a_month_goes(kernels: Path) -> None:
    old, recent = compiled(kernels / ("a" * 16), 31), compiled(kernels / ("b" * 16), 29)
    remove_old_kernels()
    assert not old.exists()
    assert recent.exists()


def test_the_version_that_runs_stays_and_is_marked_as_in_use(kernels: Path) -> None:
    own = compiled(cache_folder(), 400)
    remove_old_kernels()
    assert (own / "dsp" / "smoother.nbc").exists()
    assert time.time() - own.stat().st_mtime < DAY_S


def test_what_is_no_folder_of_kernels_is_left_alone(kernels: Path, tmp_path: Path) -> None:
    other = compiled(kernels / "songs", 400)
    elsewhere = compiled(tmp_path / "elsewhere", 400)
    (kernels / ("c" * 16)).symlink_to(elsewhere)
    (kernels / ("d" * 16)).touch()
    os.utime(kernels / ("d" * 16), (0, 0))
    remove_old_kernels()
    assert other.exists()
    assert (elsewhere / "dsp" / "smoother.nbc").exists()
    assert (kernels / ("d" * 16)).exists()


def test_nothing_to_remove_and_nothing_to_look_at_are_no_fault(kernels: Path) -> None:
    remove_old_kernels()
    kernels.write_text("no folder")
    remove_old_kernels()


def test_warming_up_removes_them(kernels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.io import warm_up

    old = compiled(kernels / ("a" * 16), 31)
    monkeypatch.setattr(warm_up, "is_kept", lambda _name: True)
    warm_up.warm_up()
    assert not old.exists()
