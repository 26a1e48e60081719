"""An open sound file as planar float32 at its own rate: what plain and coded files have in common.

A file may change under our hands. Removed or replaced by another: the open descriptor still holds the sound, it plays
on, and a line says so. Rewritten in place: it plays on only while it is still the same kind of sound and not shorter;
anything else could be read as noise at full level, so it fails and the stem goes silent.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.sources.probe import Identity, identify
from engine.sources.regular_file import RegularFile, StemError

FloatArray = npt.NDArray[np.float32]
Report = Callable[[str], None]

SCRATCH_BYTES = 1 << 18
"""Stays in a second-level cache; what is read at a time, live or offline, is one piece up to 32-bit stereo."""


def new_scratch() -> npt.NDArray[np.uint8]:
    """Memory for undecoded samples, shared by all files that one thread reads."""
    return np.empty(SCRATCH_BYTES, np.uint8)


class SampleFile(ABC):
    """One or two channels (`sides`) of an open file. `report` is told, once each, of faults that do not stop it."""

    def __init__(self, file: RegularFile, identity: Identity, sides: tuple[int, ...], report: Report) -> None:
        self.info = identity.info
        self.name = file.name
        self.sides = sides
        self._file = file
        self._identity = identity
        self._report = report
        self._has_reported_samples = False
        self._is_detached = False

    @property
    def frames(self) -> int:
        """Length in frames of the file's own rate."""
        return self.info.frames

    @property
    def sample_rate_hz(self) -> int:
        """The file's own rate."""
        return self.info.sample_rate_hz

    @abstractmethod
    def read_into(self, start_frame: int, outs: tuple[FloatArray, ...]) -> None:
        """Fills an array for each side with the frames from `start_frame`, all of which lie within the file.

        Raises StemError when they can no longer be had.
        """

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def check_unchanged(self) -> None:
        """Raises StemError when somebody has written something else into the open file."""
        version = self._file.read_version()
        if version == self._file.version:
            return
        if version[0] < self._file.size_bytes:
            held = f"{self._file.size_bytes} to {version[0]} bytes"
            raise StemError(f"{self.name}: shrank on disk while open ({held}); silent until it is relinked")
        if not self._is_still_the_same():
            raise StemError(f"{self.name}: was rewritten on disk while open; silent until it is relinked")
        self._file.version = version

    def check_path(self) -> None:
        """Reports once when the path no longer leads to the open file. Raises StemError as `check_unchanged` does."""
        self.check_unchanged()
        if self._is_detached:
            return
        try:
            status = Path(self._file.path).stat()
        except FileNotFoundError:
            fate = "was removed; it plays on while it stays open"
        except OSError:
            return
        else:
            if (status.st_dev, status.st_ino) == self._file.identity:
                return
            fate = "was replaced on disk; the earlier file plays on until it is relinked"
        self._is_detached = True
        self._report(f"{self.name}: {fate}")

    def _is_still_the_same(self) -> bool:
        try:
            with RegularFile(self._file.path) as file:
                if file.identity != self._file.identity:
                    return True  # not what was written into: the path leads elsewhere by now
                now = identify(file)
        except StemError:
            return False
        then = self.info
        same_place = (now.plain is None) == (self._identity.plain is None) and (
            now.plain is None
            or self._identity.plain is None
            or now.plain.data_offset == self._identity.plain.data_offset
        )
        return same_place and now.info.frames >= then.frames and _kind(now.info) == _kind(then)

    def _report_not_finite(self, frame: int) -> None:
        if not self._has_reported_samples:
            self._has_reported_samples = True
            at_s = frame / self.sample_rate_hz
            self._report(f"{self.name}: NaN or infinity at {at_s:.3f} s (frame {frame}); taken as silence")


def _kind(info: Any) -> tuple[str, int, int]:
    return (info.format, info.channels, info.sample_rate_hz)


def advise_sequential(fd: int) -> None:
    """Asks the system to read ahead generously."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_SEQUENTIAL)
