"""Memory that a child process maps too, without a name that could be left behind."""

from __future__ import annotations

import mmap
import os
import tempfile


class SharedMemory:
    """Zeroed memory that a child process can map by an inherited file descriptor; gone when both have closed it."""

    def __init__(self, size_bytes: int) -> None:
        if hasattr(os, "memfd_create"):
            self.descriptor = os.memfd_create("gainstage")
        else:
            with tempfile.TemporaryFile() as file:
                self.descriptor = os.dup(file.fileno())
        os.ftruncate(self.descriptor, size_bytes)
        self._map = mmap.mmap(self.descriptor, size_bytes)
        self.buffer = memoryview(self._map)

    def close(self) -> None:
        """Gives the descriptor back; the mapping goes with the last array over it."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1
