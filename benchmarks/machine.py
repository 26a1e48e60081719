"""What a table of figures must say of the machine it was measured on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

_VECTOR_FLAGS = ("sse2", "avx", "avx2", "fma", "avx512f")
_CPU_INFO = Path("/proc/cpuinfo")


def _cpu_facts() -> dict[str, str]:
    """What the system says of its first processor."""
    facts: dict[str, str] = {}
    for line in _CPU_INFO.read_text().splitlines() if _CPU_INFO.exists() else ():
        name, _, value = line.partition(":")
        facts.setdefault(name.strip(), value.strip())
    return facts


def vector_flags() -> list[str]:
    """The vector instructions there are, of those that matter here."""
    present = _cpu_facts().get("flags", "").split()
    return [flag for flag in _VECTOR_FLAGS if flag in present]


def machine_line() -> str:
    """One line: processor, vector flags, cores, system, versions."""
    facts = _cpu_facts()
    processor = facts.get("model name", platform.machine())
    if "cpu family" in facts:
        processor += f" (family {facts['cpu family']}, model {facts['model']})"
    versions = ", ".join(f"{name} {version(name)}" for name in ("numba", "llvmlite", "numpy"))
    kernel = platform.release().partition("-")[0]
    return (
        f"{processor}, {' '.join(vector_flags())}, {os.cpu_count()} cores, {platform.system()} {kernel}, "
        f"Python {platform.python_version()}, {versions}"
    )
