"""The one way signal code is compiled.

`kernel` compiles a function for the audio thread: no Python lock, no exceptions from division, and only those
fast-math licences that keep results independent of the block size and keep `isnan` working (never `fastmath=True`,
never `reassoc`).

Only the compiler's own processes (`GAINSTAGE_KERNELS=emit`, or `emit_narrow`) and tests (`compile`) import numba. To
everybody else kernels are plain Python, good for layouts and single words; what must be fast is an entry
(`core.entries`), whose machine code is linked. With `NUMBA_DISABLE_JIT=1` entries run as plain Python too, on the same
memory. Tests cache kernels under a folder named after the engine's sources, because numba's cache does not notice a
change in a callee of another file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import platformdirs

_ENGINE_FOLDER = Path(__file__).resolve().parents[1]


def _source_hash() -> str:
    """Sixteen hex digits that change with any source file of the engine."""
    digest = hashlib.sha256()
    for source in sorted(_ENGINE_FOLDER.rglob("*.py")):
        digest.update(source.relative_to(_ENGINE_FOLDER).as_posix().encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def cache_base() -> Path:
    """Where compiled code is kept."""
    base = os.environ.get("GAINSTAGE_CACHE_DIR") or platformdirs.user_cache_dir("gainstage", appauthor=False)
    return Path(base)


def cache_folder() -> Path:
    """Where numba keeps the kernels of this version of the engine, for tests."""
    return cache_base() / "kernels" / _source_hash()


FAST_MATH = frozenset({"nsz", "arcp", "contract", "afn"})
"""No signed zeros, reciprocals, fused multiply-add, approximate functions. Neither `nnan` (non-finite samples must be
found) nor `reassoc` (the order of a sum is part of the result)."""

Function = TypeVar("Function", bound=Callable[..., Any])


def _plain(function: Function) -> Function:
    return function


kernel: Callable[[Function], Function] = _plain
"""Compiles a function of the audio thread."""

exact_kernel: Callable[[Function], Function] = _plain
"""Compiles a function of the audio thread without fast-math: for what is derived once per change, not per sample."""

IS_PLAIN = os.environ.get("NUMBA_DISABLE_JIT", "0") != "0"
"""Whether everything runs as plain Python."""

JIT_ENABLED = False
"""Whether kernels are compiled in this process."""

_mode = "plain" if IS_PLAIN else os.environ.get("GAINSTAGE_KERNELS", "")

IS_NARROW = _mode == "emit_narrow"
"""Whether this process makes the code of narrow units (`core.record`)."""

if _mode in ("compile", "emit", "emit_narrow"):
    # Numba reads its settings when it is first imported: nothing may import it before this module.
    os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder()))
    import numba

    JIT_ENABLED = True
    # The compiler's process needs no functions that Python could call: none may be called while modules are imported.
    _bare = {"cache": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    _settings = {"nogil": True, "error_model": "numpy", **({"cache": True} if _mode == "compile" else _bare)}
    kernel = numba.njit(fastmath=set(FAST_MATH), **_settings)
    # Spelled out, or a function would inherit the licences of whichever kernel calls it first.
    exact_kernel = numba.njit(fastmath=False, **_settings)
