"""What holds for all tests: nothing of the user's is read or written, no sound reaches a loudspeaker, no test is
skipped unseen on a build machine."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Tests look into kernels one by one, so here they are compiled. Entries are linked, as they are for a user.
os.environ.setdefault("GAINSTAGE_KERNELS", "compile")

settings.register_profile("gainstage", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("build", settings.get_profile("gainstage"), derandomize=True)

ON_BUILD_MACHINE = os.environ.get("CI", "").lower() in ("1", "true", "yes")
settings.load_profile("build" if ON_BUILD_MACHINE else "gainstage")

SILENT = {
    "JACK_DEFAULT_SERVER": "gainstage-tests-use-none",
    "JACK_NO_START_SERVER": "1",
    "PIPEWIRE_REMOTE": "gainstage-tests-use-none",
    "PULSE_SERVER": "unix:/nonexistent/gainstage-tests-use-none",
}
"""An environment in which no audio server is found: with no sound card, there is no device at all."""


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compiles the engine once, on all processors, before anybody waits for it."""
    if not hasattr(session.config, "workerinput") and not session.config.option.collectonly:
        from engine.io.warm_up import ENTRIES, warm_up

        warm_up(names=ENTRIES)


@pytest.fixture(autouse=True)
def _apart_from_the_user(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, sessions and logs go to a scratch home; compiled kernels stay shared (their folder is a hash)."""
    home = tmp_path_factory.mktemp("home")
    for name, folder in (("CONFIG", "config"), ("DATA", "data"), ("STATE", "state")):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / folder))
        monkeypatch.delenv(f"GAINSTAGE_{name}_DIR", raising=False)
    for name, value in SILENT.items():
        monkeypatch.setenv(name, value)


def _told(report: pytest.TestReport | pytest.CollectReport) -> str:
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """On a build machine everything a test needs is there: a test that skips itself there has failed."""
    report = yield
    if ON_BUILD_MACHINE and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped on a build machine: {_told(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for whole files."""
    report = yield
    if ON_BUILD_MACHINE and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped on a build machine: {_told(report)}"
    return report


@pytest.fixture
def root() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parents[1]
