"""Headers of the RIFF family: WAV, RF64 and BW64 (EBU Tech 3306, ITU-R BS.2088), Sony Wave64.

Only the header is read, by position, and every size in it is checked against the bytes that are really there: a file
may be cut short, never finished by its recorder, or nonsense.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from engine.sources.regular_file import RegularFile

PCM, FLOAT, A_LAW, U_LAW = 0x0001, 0x0003, 0x0006, 0x0007
_EXTENSIBLE = 0xFFFE
_UNKNOWN_TAG = -1

_MAX_CHUNKS = 4096
"""A file of nothing but empty chunks must not keep the reader busy; real files have a few dozen."""

_UNSET_SIZE = 0xFFFFFFFF

_GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")
"""KSDATAFORMAT_SUBTYPE after its first two bytes, which are the format tag."""

_W64_RIFF = b"riff" + bytes.fromhex("2e91cf11a5d628db04c10000")
_W64_TAIL = bytes.fromhex("f3acd3118cd100c04f8edb8a")
_W64_MAGIC_BYTES = 40

_TIME_REFERENCE_OFFSET = 338
"""Of the 64-bit sample count since midnight in a bext chunk (EBU Tech 3285)."""


class RiffError(Exception):
    """What is wrong with a header, to be completed with the file's name."""


@dataclass(frozen=True, slots=True)
class RiffHeader:
    """What a RIFF file says and holds. `frame_bytes` is the size of one frame, `bits` that of one stored sample.

    `format_tag` is resolved from extensible headers; -1 is a format that has no number. `data_bytes` is what is really
    there; `claimed_bytes` what the header says, None where it was never finished.
    """

    container: str
    format_tag: int
    channels: int
    sample_rate_hz: int
    frame_bytes: int
    bits: int
    data_offset: int
    data_bytes: int
    claimed_bytes: int | None
    time_reference_frames: int | None
    channel_mask: int = 0
    """Which speakers the channels belong to (WAVEFORMATEXTENSIBLE); 0 where it is not said."""

    @property
    def frames(self) -> int:
        """Whole frames that are really there."""
        return self.data_bytes // self.frame_bytes if self.frame_bytes else 0

    @property
    def claimed_frames(self) -> int | None:
        """Frames the header speaks of, None where it was never finished."""
        return None if self.claimed_bytes is None or not self.frame_bytes else self.claimed_bytes // self.frame_bytes


@dataclass(slots=True)
class _Format:
    tag: int
    channels: int
    sample_rate_hz: int
    frame_bytes: int
    bits: int
    channel_mask: int


def is_riff(magic: bytes) -> bool:
    """Whether a file that begins with these (at least 40) bytes is for `read_header`."""
    if magic[:4] in (b"RIFF", b"RF64", b"BW64"):
        return magic[8:12] == b"WAVE"
    return magic[:16] == _W64_RIFF and magic[24:40] == b"wave" + _W64_TAIL


def read_header(file: RegularFile) -> RiffHeader:
    """Reads the header. Raises RiffError, or StemError where the disk fails."""
    if file.read_at(0, 4) == b"riff":
        return _Reader(file, "W64").read()
    container = file.read_at(0, 4).decode("ascii")
    return _Reader(file, "WAV" if container == "RIFF" else container).read()


class _Reader:
    """One walk over the chunks of a file."""

    def __init__(self, file: RegularFile, container: str) -> None:
        self._file = file
        self._container = container
        self._is_w64 = container == "W64"
        self._format: _Format | None = None
        self._data: tuple[int, int, int | None] | None = None
        self._long_data_bytes: int | None = None
        self._time_reference: int | None = None

    def read(self) -> RiffHeader:
        offset = _W64_MAGIC_BYTES if self._is_w64 else 12
        for _ in range(_MAX_CHUNKS):
            next_offset = self._read_chunk(offset)
            if next_offset is None:
                break
            offset = next_offset
        if self._data is None:
            raise RiffError("has no sound in it (no data chunk)")
        if self._format is None:
            raise RiffError("does not say what its sound is (no fmt chunk before the data)")
        found, (data_offset, data_bytes, claimed_bytes) = self._format, self._data
        return RiffHeader(
            container=self._container,
            format_tag=found.tag,
            channels=found.channels,
            sample_rate_hz=found.sample_rate_hz,
            frame_bytes=found.frame_bytes,
            bits=found.bits,
            data_offset=data_offset,
            data_bytes=data_bytes,
            claimed_bytes=claimed_bytes,
            time_reference_frames=self._time_reference,
            channel_mask=found.channel_mask,
        )

    def _read_chunk(self, offset: int) -> int | None:
        """Takes in one chunk; returns where the next begins, or None at the end."""
        if self._is_w64:
            head = self._file.read_at(offset, 24)
            if len(head) < 24 or head[4:16] != _W64_TAIL:
                return None
            identity, whole = head[:4], struct.unpack_from("<Q", head, 16)[0]
            if whole < 24:
                return None
            body, size, following = offset + 24, whole - 24, offset + (whole + 7) // 8 * 8
        else:
            head = self._file.read_at(offset, 8)
            if len(head) < 8:
                return None
            identity, size = head[:4], struct.unpack_from("<I", head, 4)[0]
            body, following = offset + 8, offset + 8 + size + size % 2
        if identity == b"data":
            return self._take_data(body, size, following)
        if identity == b"fmt " and self._format is None:
            self._format = _parse_format(self._file.read_at(body, min(size, 40)))
        elif identity == b"ds64":
            sizes = self._file.read_at(body, min(size, 16))
            if len(sizes) == 16:
                self._long_data_bytes = struct.unpack_from("<Q", sizes, 8)[0]
        elif identity == b"bext":
            reference = self._file.read_at(body + _TIME_REFERENCE_OFFSET, 8)
            if size >= _TIME_REFERENCE_OFFSET + 8 and len(reference) == 8:
                self._time_reference = struct.unpack("<Q", reference)[0]
        return following if following <= self._file.size_bytes else None

    def _take_data(self, body: int, size: int, following: int) -> int | None:
        present = max(self._file.size_bytes - body, 0)
        claimed: int | None = size
        if not self._is_w64 and size == _UNSET_SIZE:
            claimed = self._long_data_bytes
            following = body + (claimed or 0) + (claimed or 0) % 2
        if claimed is None or (claimed == 0 and present > 0 and not self._is_chunk_at(following)):
            # A recorder that was stopped hard never wrote the size: everything that follows is sound.
            claimed, held = None, present
        else:
            held = min(claimed, present)
        if self._data is None:
            self._data = (body, held, claimed)
        return following if claimed is not None and following <= self._file.size_bytes else None

    def _is_chunk_at(self, offset: int) -> bool:
        head = self._file.read_at(offset, 8)
        if len(head) < 8 or not (head[:4].isascii() and head[:4].decode("ascii").isprintable()):
            return False
        return offset + 8 + int(struct.unpack_from("<I", head, 4)[0]) <= self._file.size_bytes


def _parse_format(body: bytes) -> _Format:
    if len(body) < 16:
        raise RiffError(f"has a fmt chunk of {len(body)} bytes instead of 16")
    tag, channels, rate_hz, _, frame_bytes, bits = struct.unpack_from("<HHIIHH", body)
    mask = 0
    if tag == _EXTENSIBLE:
        mask = struct.unpack_from("<I", body, 20)[0] if len(body) >= 24 else 0
        known = len(body) >= 40 and body[26:40] == _GUID_TAIL
        tag = struct.unpack_from("<H", body, 24)[0] if known else _UNKNOWN_TAG
    if channels == 0:
        raise RiffError("says it has 0 channels")
    if rate_hz == 0:
        raise RiffError("says its sample rate is 0 Hz")
    if tag in (PCM, FLOAT, A_LAW, U_LAW):
        if frame_bytes == 0:
            frame_bytes = channels * ((bits + 7) // 8)
        if bits == 0 or frame_bytes % channels or frame_bytes // channels < (bits + 7) // 8:
            raise RiffError(f"says that {channels} channels of {bits} bits take {frame_bytes} bytes")
        # Fewer valid bits lie at the top of a larger container: the container is what is decoded.
        bits = 8 * (frame_bytes // channels)
    return _Format(tag, channels, rate_hz, frame_bytes, bits, mask)
