"""Running programs side by side: what each costs, taken from the system when the process has ended.

Other work on the machine moves every figure, so jobs are run in turn (A B C, A B C, ...), what is compared is compared
within one round, and medians are told.
"""

from __future__ import annotations

import os
import shlex
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = shlex.split(os.environ.get("GAINSTAGE_PROGRAM", "")) or [sys.executable, "-m", "tui.cli"]
"""The program itself, as its console script starts it; GAINSTAGE_PROGRAM names another one to measure instead."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What one process, with the children it has waited for, has cost. `peak_mb` is the largest resident set."""

    cpu_s: float
    wall_s: float
    peak_mb: float


def environment(**settings: str) -> dict[str, str]:
    """The environment of a measured process: the project is importable, and Python keeps its compiled modules."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": os.pathsep.join(paths), **settings}


def run(command: Sequence[str | Path], **settings: str) -> Usage:
    """Runs a command to its end, silently; an exit status other than 0 is an error. `settings` join its environment."""
    words = [str(word) for word in command]
    begun_s = time.perf_counter()
    pid = os.posix_spawnp(
        words[0],
        words,
        environment(**settings),
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        ],
    )
    _, status, used = os.wait4(pid, 0)
    wall_s = time.perf_counter() - begun_s
    if status:
        raise RuntimeError(f"exit status {os.waitstatus_to_exitcode(status)}: {' '.join(words)[:300]}")
    return Usage(used.ru_utime + used.ru_stime, wall_s, used.ru_maxrss / 1024)


def interleaved(
    jobs: Mapping[str, Sequence[str | Path]], rounds: int, outs: Path, warm_ups: int = 1
) -> dict[str, list[Usage]]:
    """Runs every job once a round, in turn, after rounds that only warm caches; results in the order of the rounds.

    Before each job its `OUTS/<name>.wav` is removed, so nobody pays for the file of the round before.
    """
    measured: dict[str, list[Usage]] = {name: [] for name in jobs}
    for number in range(-warm_ups, rounds):
        for name, command in jobs.items():
            (outs / f"{name}.wav").unlink(missing_ok=True)
            usage = run(command)
            if number >= 0:
                measured[name].append(usage)
    return measured


def median(usages: Sequence[Usage]) -> Usage:
    """The median of each figure by itself."""
    return Usage(
        statistics.median(usage.cpu_s for usage in usages),
        statistics.median(usage.wall_s for usage in usages),
        statistics.median(usage.peak_mb for usage in usages),
    )


def cpu_ratio(usages: Sequence[Usage], others: Sequence[Usage]) -> float:
    """The median over the rounds of how much CPU one job took of what the other did in the same round."""
    return statistics.median(one.cpu_s / other.cpu_s for one, other in zip(usages, others, strict=True))
