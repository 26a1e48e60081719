"""Who wrote a file: a process, told apart from a later one that got the same number."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PROC = Path("/proc")
_STATE, _START_TICKS = 0, 19
"""Fields of /proc/PID/stat after the command's name (proc_pid_stat(5), where they are numbers 3 and 22)."""


@dataclass(frozen=True, slots=True)
class ProcessMark:
    """A process number and when that process began, in a form that only serves to be compared."""

    pid: int
    started: str


def own_mark() -> ProcessMark:
    """The mark of this process."""
    return _mark_of(os.getpid())


@cache
def _mark_of(pid: int) -> ProcessMark:
    return ProcessMark(pid, _started(pid) or "")


def is_running(mark: ProcessMark) -> bool:
    """Whether the marked process still runs on this machine since the same start of the system.

    A suspended process runs, one that was killed and only waits to be collected does not.
    """
    return bool(mark.started) and _started(mark.pid) == mark.started


def _started(pid: int) -> str | None:
    """When a process began, or None if it does not run."""
    return _started_by_proc(pid) if _PROC.is_dir() else _started_by_ps(pid)


def _started_by_proc(pid: int) -> str | None:
    try:
        # The command's name is in parentheses and may hold spaces and parentheses itself.
        fields = (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:  # hidden in some containers
        boot = ""
    return None if fields[_STATE] in "ZX" else f"{boot} {fields[_START_TICKS]}"


def _started_by_ps(pid: int) -> str | None:
    """For systems without /proc."""
    try:
        listed = subprocess.run(
            ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, timeout=5
        )
    except (OSError, subprocess.SubprocessError):
        return None
    state, _, started = listed.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else started.strip()
