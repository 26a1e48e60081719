"""Looking at the running program from outside, through /proc and the memory its two processes share. Linux only."""

from __future__ import annotations

import mmap
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.core.record import allocate
from engine.memory import ENGINE

_PROC = Path("/proc")
_SHARED_NAME = "memfd:gainstage"
_AUDIO_MODULE = b"engine.io.audio_process"
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_PARENT, _USER_TICKS, _SYSTEM_TICKS = 1, 11, 12
"""Fields of /proc/PID/stat after the command's name (proc_pid_stat(5), numbers 4, 14 and 15)."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes: `resident` counts shared pages in full, `proportional` by the share of each process."""

    resident_mb: float
    proportional_mb: float


def cpu_s(pid: int) -> float:
    """CPU seconds a process has used so far, all threads, user and system."""
    fields = _stat(pid)
    return (int(fields[_USER_TICKS]) + int(fields[_SYSTEM_TICKS])) / _TICKS_PER_S


def memory(pid: int) -> Memory:
    """What a process holds now."""
    lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()[1:]
    kilobytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    return Memory(kilobytes["Rss"] / 1024, kilobytes["Pss"] / 1024)


def audio_process(interface_pid: int, within_s: float) -> int:
    """The audio process that an interface process has started."""
    until_s = time.monotonic() + within_s
    while time.monotonic() < until_s:
        for pid in _children(interface_pid):
            if _AUDIO_MODULE in (_PROC / str(pid) / "cmdline").read_bytes():
                return pid
        time.sleep(0.002)
    raise TimeoutError(f"no audio process within {within_s:.0f} s")


def shared_engine(pid: int) -> Any:
    """The engine's record (`engine.memory.ENGINE`) of a running program, mapped from the process that made it."""
    for link in (_PROC / str(pid) / "fd").iterdir():
        if _SHARED_NAME in str(link.readlink()):
            with link.open("r+b") as file:
                return allocate(ENGINE, memoryview(mmap.mmap(file.fileno(), ENGINE.itemsize)))
    raise LookupError(f"process {pid} shares no memory")


def _children(parent: int) -> Iterator[int]:
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            try:
                if int(_stat(int(folder.name))[_PARENT]) == parent:
                    yield int(folder.name)
            except (FileNotFoundError, ProcessLookupError):
                continue


def _stat(pid: int) -> list[str]:
    # The command's name is in parentheses and may hold spaces and parentheses itself.
    return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
