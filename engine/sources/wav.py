"""WAV out: streamed, exact, and whole or not at all.

The file is written under a temporary name beside its target, synced and renamed; whatever goes wrong, the target is
as it was. Integers are rounded to the nearest (ties to even) and clipped at full scale, and every clipped sample is
counted; 32-bit floats are written bit for bit. The header leaves room (JUNK) for the sizes of RF64 (EBU Tech 3306),
which a file of more than 4 GB turns into as it is closed. The same samples always give the same bytes.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import struct
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import numpy as np
import numpy.typing as npt

from engine.sources.regular_file import printable, reason

Subtype = Literal["PCM_16", "PCM_24", "PCM_32", "FLOAT"]

_BITS = {"PCM_16": 16, "PCM_24": 24, "PCM_32": 32, "FLOAT": 32}
_LONGEST_RIFF_BYTES = 0xFFFFFFFF
_DS64_BYTES = 28
_TEMPORARY_NAME_BYTES = 200
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC
_BLOCK_SAMPLES = 1 << 15
"""Converted at a time: stays in the cache."""


class WavError(Exception):
    """A file that could not be written, in one clear line."""


def write_wav(
    path: str | Path, frames: npt.NDArray[np.float32], sample_rate_hz: int, subtype: Subtype = "PCM_24"
) -> int:
    """Writes frames (n, channels), or (n,) for mono; returns how many samples were clipped. Raises WavError."""
    frames = np.asarray(frames, np.float32)
    channels = 1 if frames.ndim == 1 else frames.shape[1]
    with WavWriter(path, sample_rate_hz, channels, subtype) as writer:
        writer.write(frames)
    return writer.clipped_samples


class WavWriter:
    """Writes one file as a context manager: leaving it normally puts the file in place, an exception leaves nothing."""

    def __init__(self, path: str | Path, sample_rate_hz: int, channels: int, subtype: Subtype = "PCM_24") -> None:
        if subtype not in _BITS:
            raise ValueError(f"subtype {subtype!r} is not one of {', '.join(_BITS)}")
        if not 1 <= channels <= 65535 or not 1 <= sample_rate_hz < 1 << 32:
            raise ValueError(f"{channels} channels at {sample_rate_hz} Hz cannot be written")
        # Through a symbolic link to the file it names: the link stays a link.
        self.path = Path(os.path.realpath(path))
        self.clipped_samples = 0
        """Samples outside of full scale so far, NaN included (written as silence)."""
        self.frames = 0
        self._name = printable(self.path.name)
        self._subtype = subtype
        self._channels = channels
        self._sample_rate_hz = sample_rate_hz
        self._frame_bytes = channels * _BITS[subtype] // 8
        self._data_bytes = 0
        self._fd = -1
        self._folder_fd = -1
        """Of the folder, wherever it is moved to meanwhile: what is written can be removed again."""
        self._is_there = False
        # A name has 255 bytes at most; a character that is cut through harms nobody.
        beginning = os.fsdecode(os.fsencode(self.path.name)[:_TEMPORARY_NAME_BYTES])
        self._temporary = self.path.with_name(f".{beginning}.{os.urandom(4).hex()}.part")

    def __enter__(self) -> Self:
        try:
            mode = self._mode_of_target()
            self._folder_fd = os.open(self.path.parent, _FOLDER)
            # Said before, because a signal may end this line right after the file has been made.
            self._is_there = True
            self._fd = os.open(self._temporary.name, _NEW_FILE, 0o666, dir_fd=self._folder_fd)
            if mode is not None:
                os.fchmod(self._fd, mode)
            self._write(self._header())
        except OSError as error:
            self._discard()
            raise self._error(error) from error
        except BaseException:
            self._discard()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._discard()
            return
        try:
            if self._data_bytes % 2:
                self._write(b"\0")
            os.lseek(self._fd, 0, os.SEEK_SET)
            self._write(self._header())
            os.fsync(self._fd)
            os.close(self._fd)
            self._fd = -1
            os.replace(self._temporary, self.path)  # noqa: PTH105 - beside os.open and os.fsync
            self._is_there = False
            self._close_folder()
            self._sync_folder()
        except OSError as failure:
            told = self._error(failure)
            self._discard()
            raise told from failure
        except BaseException:
            self._discard()
            raise

    def write(self, frames: npt.NDArray[np.float32]) -> None:
        """Appends frames (n, channels), or (n,) for mono. Raises WavError; the file is then not put in place."""
        samples = np.ascontiguousarray(frames, np.float32).reshape(-1)
        if len(samples) % self._channels:
            raise ValueError(f"{len(samples)} samples are no whole frames of {self._channels} channels")
        for start in range(0, len(samples), _BLOCK_SAMPLES):
            stored = self._store(samples[start : start + _BLOCK_SAMPLES])
            self._write(stored)
            self._data_bytes += len(stored)
        self.frames += len(samples) // self._channels

    def _store(self, samples: npt.NDArray[np.float32]) -> memoryview:
        """The samples as they lie in the file."""
        if self._subtype == "FLOAT":
            return samples.astype("<f4", copy=False).data.cast("B")
        bits = _BITS[self._subtype]
        # A product with a power of two is exact, and so are the limits of 16 and 24 bits in float32.
        wide = samples.astype(np.float64) if bits == 32 else samples
        full_scale = wide.dtype.type(2.0 ** (bits - 1))
        rounded = np.rint(wide * full_scale)
        low, high = -full_scale, full_scale - 1
        is_clipped = ~((rounded >= low) & (rounded <= high))
        clipped = int(np.count_nonzero(is_clipped))
        if clipped:
            self.clipped_samples += clipped
            np.clip(rounded, low, high, out=rounded)
            np.nan_to_num(rounded, copy=False, nan=0.0)
        if bits == 16:
            return rounded.astype("<i2").data.cast("B")
        integers = rounded.astype("<i4")
        if bits == 32:
            return integers.data.cast("B")
        return np.ascontiguousarray(integers.view(np.uint8).reshape(-1, 4)[:, :3]).reshape(-1).data

    def _header(self) -> bytes:
        """Everything before the samples, with the sizes as they are now."""
        is_float = self._subtype == "FLOAT"
        bits = _BITS[self._subtype]
        frames = self._data_bytes // self._frame_bytes
        form = struct.pack(
            "<HHIIHH",
            3 if is_float else 1,
            self._channels,
            self._sample_rate_hz,
            min(self._sample_rate_hz * self._frame_bytes, 0xFFFFFFFF),
            self._frame_bytes,
            bits,
        )
        chunks = b"fmt " + struct.pack("<I", len(form)) + form
        if is_float:
            chunks += b"fact" + struct.pack("<II", 4, min(frames, 0xFFFFFFFF))
        padded = self._data_bytes + self._data_bytes % 2
        riff_bytes = 4 + 8 + _DS64_BYTES + len(chunks) + 8 + padded
        if riff_bytes <= _LONGEST_RIFF_BYTES:
            room = b"JUNK" + struct.pack("<I", _DS64_BYTES) + bytes(_DS64_BYTES)
            return (
                b"RIFF"
                + struct.pack("<I", riff_bytes)
                + b"WAVE"
                + room
                + chunks
                + b"data"
                + struct.pack("<I", self._data_bytes)
            )
        sizes = b"ds64" + struct.pack("<IQQQI", _DS64_BYTES, riff_bytes, self._data_bytes, frames, 0)
        unset = struct.pack("<I", 0xFFFFFFFF)
        return b"RF64" + unset + b"WAVE" + sizes + chunks + b"data" + unset

    def _write(self, content: bytes | memoryview) -> None:
        view = memoryview(content)
        try:
            while view:
                view = view[os.write(self._fd, view) :]
        except OSError as error:
            raise self._error(error) from error

    def _mode_of_target(self) -> int | None:
        """The permissions of the file to be replaced. Only regular files are replaced."""
        try:
            mode = self.path.stat().st_mode
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(mode):
            raise WavError(f"{self._name}: is there already and is not a file; nothing was written")
        if not os.access(self.path, os.W_OK):
            # A rename would not ask.
            raise WavError(f"{self._name}: is there already and is read-only; nothing was written")
        return stat.S_IMODE(mode)

    def _sync_folder(self) -> None:
        # Not every file system lets a folder be synced; the file itself is safe.
        with contextlib.suppress(OSError):
            folder = os.open(self.path.parent, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def _discard(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
        if self._is_there:
            self._is_there = False
            with contextlib.suppress(OSError):
                os.unlink(self._temporary.name, dir_fd=self._folder_fd)
        self._close_folder()

    def _close_folder(self) -> None:
        if self._folder_fd >= 0:
            os.close(self._folder_fd)
            self._folder_fd = -1

    def _error(self, error: OSError) -> WavError:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            written = f"{self._data_bytes / 1e6:.1f} MB were written and removed again"
            return WavError(f"{self._name}: the disk is full ({printable(str(self.path.parent))}); {written}")
        if isinstance(error, FileNotFoundError) and self._is_there and self.path.parent.is_dir():
            return WavError(f"{self._name}: somebody removed {printable(self._temporary.name)} while it was written")
        if isinstance(error, FileNotFoundError):
            return WavError(f"{printable(str(self.path.parent))}: no such folder; {self._name} was not written")
        if isinstance(error, PermissionError):
            return WavError(f"{printable(str(self.path.parent))}: permission to write {self._name} there is missing")
        return WavError(f"{self._name}: cannot be written ({reason(error)})")
