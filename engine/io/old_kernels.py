"""Compiled kernels of other versions of the engine: each leaves some megabytes in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import time

from engine.core.jit import cache_folder

_KEPT_S = 30 * 24 * 3600.0
"""A version that has not been started for so long is not coming back."""
_HASH = re.compile(r"[0-9a-f]{16}")


def remove_old_kernels() -> None:
    """Marks this version's folder as in use and removes those of versions long unused. Never fails."""
    own = cache_folder()
    with contextlib.suppress(OSError):
        os.utime(own)
    with contextlib.suppress(OSError), os.scandir(own.parent) as entries:
        for entry in entries:
            if entry.name == own.name or not _HASH.fullmatch(entry.name) or not entry.is_dir(follow_symlinks=False):
                continue
            with contextlib.suppress(OSError):
                if time.time() - entry.stat(follow_symlinks=False).st_mtime > _KEPT_S:
                    shutil.rmtree(entry, ignore_errors=True)
