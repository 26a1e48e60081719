"""What a sound file is, without decoding it: rate, channels, length, time stamp, and what is wrong with it.

WAV, RF64, BW64 and W64 with plain samples and MP3 are read here; everything else is opened by libsndfile (imported
when the first such file is met). Never blocks on pipes or devices and never imports what compiles kernels.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.sources.flac_tags import read_channel_mask
from engine.sources.mpeg import CorrectedStream, MpegStream, read_stream
from engine.sources.mpeg import parse_packet_header as parse_mpeg_header
from engine.sources.regular_file import RegularFile, StemError, printable
from engine.sources.riff import A_LAW, FLOAT, PCM, U_LAW, RiffError, RiffHeader, is_riff, read_header
from engine.sources.speakers import VORBIS_ORDERS, speakers_of_mask

__all__ = ["Identity", "StemError", "StemInfo", "identify", "open_codec", "probe"]

MAX_CHANNELS = 1024
"""More than any file holds; libsndfile's limit too."""
MIN_SAMPLE_RATE_HZ, MAX_SAMPLE_RATE_HZ = 1000, 768000

_MAX_TIME_REFERENCE_S = 7 * 24 * 3600
"""A time stamp counts from midnight; what lies beyond a week is a recorder's rubbish."""

_UNKNOWN_FRAMES = 1 << 62
"""libsndfile's length of a stream that does not say it."""

_FIRST_STEP_FRAMES = 1 << 16

_CODEC_MAGICS = (b"RIFX", b"FORM", b"fLaC", b"OggS", b"caff", b".snd", b"ID3")
_CONTAINER_NAMES = {"WAVEX": "WAV", "OGG": "Ogg"}
_SUBTYPE_NAMES = {
    "PCM_S8": "8-bit",
    "PCM_U8": "8-bit",
    "PCM_16": "16-bit",
    "PCM_24": "24-bit",
    "PCM_32": "32-bit",
    "FLOAT": "32-bit float",
    "DOUBLE": "64-bit float",
    "ULAW": "u-law",
    "ALAW": "A-law",
    "VORBIS": "Vorbis",
}
_RIFF_KINDS = {
    (PCM, 8): "8-bit",
    (PCM, 16): "16-bit",
    (PCM, 24): "24-bit",
    (PCM, 32): "32-bit",
    (FLOAT, 32): "32-bit float",
    (FLOAT, 64): "64-bit float",
    (A_LAW, 8): "A-law",
    (U_LAW, 8): "u-law",
}
"""Formats of constant size, whose length the header alone tells."""
_PLAIN = frozenset({(PCM, 16), (PCM, 24), (PCM, 32), (FLOAT, 32)})
"""Those that are decoded here."""
_SUPPORTED_CONTAINERS = frozenset({"WAV", "WAVEX", "RF64", "W64", "AIFF", "AU", "CAF", "FLAC", "OGG", "MP3"})


@dataclass(frozen=True, slots=True)
class StemInfo:
    """A sound file. Frames are samples per channel that are really there.

    `time_reference_s` is the BWF time stamp (seconds since midnight), None where there is none. `warnings` are clear
    lines about files that play but are not whole. `speakers` names the speaker of each channel (`sources.speakers`),
    None where the file does not say.
    """

    path: str
    sample_rate_hz: int
    channels: int
    frames: int
    time_reference_s: float | None
    format: str
    warnings: tuple[str, ...] = ()
    speakers: tuple[str, ...] | None = None

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.frames / self.sample_rate_hz

    @property
    def full_scale(self) -> float:
        """The highest sample that a file of integers holds; 0 where there is no highest one."""
        bits, _, kind = self.format.rpartition(" ")[2].partition("-")
        return 1.0 - 2.0 ** (1 - int(bits)) if kind == "bit" else 0.0


@dataclass(frozen=True, slots=True)
class Identity:
    """A stem's description and what its decoder needs: the header of plain samples, or the MPEG stream."""

    info: StemInfo
    plain: RiffHeader | None
    mpeg: MpegStream | None


def probe(path: str | Path) -> StemInfo:
    """Describes a sound file. Raises StemError with one clear line."""
    with RegularFile(path) as file:
        return identify(file).info


def identify(file: RegularFile) -> Identity:
    """Describes an open file and finds its decoder. Raises StemError."""
    if file.size_bytes == 0:
        raise StemError(f"{file.name}: is empty (0 bytes)")
    magic = file.read_at(0, 40)
    if is_riff(magic):
        identity = _identify_riff(file)
    elif magic[:3] == b"ID3" or parse_mpeg_header(magic) is not None:
        identity = _identify_mpeg(file, magic)
    elif magic.startswith(_CODEC_MAGICS):
        identity = Identity(_describe_codec(file), None, None)
    else:
        raise StemError(f"{file.name}: is not a sound file ({_beginning(magic)})")
    _check(file.name, identity.info)
    return identity


def open_codec(file: RegularFile, mpeg: MpegStream | None = None) -> Any:
    """A `soundfile.SoundFile` over an open file, which stays open when it is closed. Raises StemError."""
    try:
        import soundfile
    except (ImportError, OSError) as error:
        raise StemError(f"{file.name}: needs libsndfile, which cannot be loaded ({printable(str(error))})") from error
    try:
        if mpeg is not None and mpeg.corrected is not None:
            sound = soundfile.SoundFile(CorrectedStream(file, mpeg))
        else:
            os.lseek(file.fd, 0, os.SEEK_SET)
            sound = soundfile.SoundFile(file.fd, closefd=False)
    except soundfile.LibsndfileError as error:
        said = printable(error.error_string).rstrip(".") or f"libsndfile error {error.code}"
        raise StemError(f"{file.name}: cannot be decoded ({said[:1].lower()}{said[1:]})") from error
    except (OSError, RuntimeError, TypeError, ValueError) as error:
        raise StemError(f"{file.name}: cannot be decoded ({printable(str(error))})") from error
    # soundfile seeks to where it is after every read of a seekable file. That costs time, fails at the end of streams
    # without a length, and lands elsewhere in the last packet of an Ogg file. `seek` itself goes on working.
    sound.seekable = lambda: False
    return sound


def read_codec(sound: Any, start_frame: int | None, block: npt.NDArray[np.float32]) -> int:
    """Reads frames into a block (n, channels) from a start (None: where the last read ended); how many there were.

    Where the decoder fails inside the block, the samples that have arrived before count. Raises StemError when none
    have, with what libsndfile says.
    """
    import soundfile

    block.fill(np.nan)
    try:
        if start_frame is not None:
            sound.seek(start_frame)
        return len(sound.read(out=block, fill_value=None))
    except (soundfile.SoundFileError, OSError, RuntimeError, ValueError) as error:
        missing = np.flatnonzero(np.isnan(block[:, 0]))
        frames = int(missing[0]) if len(missing) else len(block)
        if frames == 0:
            raise StemError(printable(str(error)).rstrip(".")) from error
        return frames


def _beginning(magic: bytes) -> str:
    text = magic[:24].decode("utf-8", "replace").replace("\n", " ").replace("\ufffd", "?")
    if magic.strip(b"\0") == b"":
        return "it begins with zeros"
    if sum(character.isprintable() and character != "?" for character in text) >= 0.9 * len(text):
        return f'it begins with the text "{printable(text).strip()}"'
    return f"it begins with the bytes {magic[:8].hex(' ')}"


def _check(name: str, info: StemInfo) -> None:
    if not 1 <= info.channels <= MAX_CHANNELS:
        raise StemError(f"{name}: has {info.channels} channels; 1 to {MAX_CHANNELS} are possible")
    if not MIN_SAMPLE_RATE_HZ <= info.sample_rate_hz <= MAX_SAMPLE_RATE_HZ:
        allowed = f"{MIN_SAMPLE_RATE_HZ} to {MAX_SAMPLE_RATE_HZ} Hz are possible"
        raise StemError(f"{name}: says its sample rate is {info.sample_rate_hz} Hz; {allowed}")
    if info.frames <= 0:
        raise StemError(f"{name}: holds no sound (0 frames)")


def _cut_short(name: str, claimed_frames: int, frames: int, rate_hz: int) -> str:
    claimed_s, held_s = claimed_frames / rate_hz, frames / rate_hz
    return f"{name}: cut short: header says {claimed_s:.1f} s, file holds {held_s:.1f} s"


def _identify_riff(file: RegularFile) -> Identity:
    try:
        header = read_header(file)
    except RiffError as error:
        raise StemError(f"{file.name}: {error}") from error
    kind = _RIFF_KINDS.get((header.format_tag, header.bits))
    if kind is None:
        return Identity(_describe_codec(file), None, None)
    warnings = []
    rate_hz = header.sample_rate_hz
    claimed = header.claimed_frames
    if claimed is None:
        held_s = header.frames / rate_hz
        warnings.append(f"{file.name}: was never finished by its recorder; all {held_s:.1f} s are used")
    elif claimed > header.frames:
        warnings.append(_cut_short(file.name, claimed, header.frames, rate_hz))
    time_reference_s = None
    if header.time_reference_frames is not None:
        time_reference_s = header.time_reference_frames / rate_hz
        if time_reference_s > _MAX_TIME_REFERENCE_S:
            warnings.append(f"{file.name}: its time stamp ({time_reference_s:.0f} s after midnight) is ignored")
            time_reference_s = None
    text = f"{header.container} {kind}"
    speakers = speakers_of_mask(header.channel_mask, header.channels)
    info = StemInfo(
        file.path, rate_hz, header.channels, header.frames, time_reference_s, text, tuple(warnings), speakers
    )
    return Identity(info, header if (header.format_tag, header.bits) in _PLAIN else None, None)


def _identify_mpeg(file: RegularFile, magic: bytes) -> Identity:
    stream = read_stream(file)
    if stream is None:
        if magic[:3] == b"ID3":  # FLAC and others with a tag in front
            return Identity(_describe_codec(file), None, None)
        raise StemError(f"{file.name}: is not a sound file ({_beginning(magic)})")
    rate_hz = stream.sample_rate_hz
    warnings: tuple[str, ...] = ()
    if stream.cut_short_frames is not None:
        warnings = (_cut_short(file.name, stream.cut_short_frames, stream.frames, rate_hz),)
    info = StemInfo(file.path, rate_hz, stream.channels, stream.frames, None, f"MP{stream.layer}", warnings)
    return Identity(info, None, stream)


def _describe_codec(file: RegularFile) -> StemInfo:
    sound = open_codec(file)
    try:
        container, subtype, rate_hz = sound.format, sound.subtype, sound.samplerate
        if container not in _SUPPORTED_CONTAINERS:
            raise StemError(f"{file.name}: {container} files are not supported")
        frames = claimed = sound.frames
        if rate_hz > 0 and container == "FLAC":
            frames = _readable_frames(file, claimed)
            claimed = frames if claimed >= _UNKNOWN_FRAMES else claimed
        elif container == "AIFF":
            claimed = max(_aiff_frames(file), frames)
        warnings = []
        if rate_hz > 0 and claimed > frames:
            warnings.append(_cut_short(file.name, claimed, frames, rate_hz))
        elif container == "OGG" and not _ogg_is_finished(file):
            warnings.append(f"{file.name}: cut short: its end is missing, file holds {frames / max(rate_hz, 1):.1f} s")
        kind = _SUBTYPE_NAMES.get(subtype, subtype.replace("_", " "))
        name = "Opus" if subtype == "OPUS" else f"{_CONTAINER_NAMES.get(container, container)} {kind}"
        speakers = VORBIS_ORDERS.get(sound.channels) if subtype in ("VORBIS", "OPUS") else None
        if container == "FLAC":
            speakers = speakers_of_mask(read_channel_mask(file), sound.channels)
        return StemInfo(file.path, rate_hz, sound.channels, frames, None, name, tuple(warnings), speakers)
    finally:
        sound.close()


def _readable_frames(file: RegularFile, claimed: int) -> int:
    """Frames of a FLAC stream that can be reached, found by seeking where its header says nothing or too much."""
    if 0 < claimed < _UNKNOWN_FRAMES and _can_reach(file, claimed - 1):
        return claimed
    if not _can_reach(file, 0):
        return 0
    reached, step = 0, _FIRST_STEP_FRAMES
    while reached + step < claimed and _can_reach(file, reached + step):
        reached += step
        step *= 2
    beyond = min(reached + step, claimed)
    while beyond - reached > 1:
        middle = (reached + beyond) // 2
        if _can_reach(file, middle):
            reached = middle
        else:
            beyond = middle
    return reached + 1


def _can_reach(file: RegularFile, frame: int) -> bool:
    """Whether a frame can be sought and read; a decoder that failed once goes on failing, so each try has its own."""
    sound = open_codec(file)
    try:
        return read_codec(sound, frame, np.empty((1, sound.channels), np.float32)) == 1
    except StemError:
        return False
    finally:
        sound.close()


def _aiff_frames(file: RegularFile) -> int:
    """What the COMM chunk of an AIFF or AIFC file says its length is, 0 where there is none."""
    offset = 12
    for _ in range(256):
        head = file.read_at(offset, 18)
        if len(head) < 8:
            break
        size = struct.unpack_from(">I", head, 4)[0]
        if head[:4] == b"COMM" and len(head) >= 14:
            return int(struct.unpack_from(">I", head, 10)[0])
        offset += 8 + size + size % 2
    return 0


def _ogg_is_finished(file: RegularFile) -> bool:
    """Whether the last page of an Ogg file is marked as the end of its stream."""
    tail = file.read_at(max(file.size_bytes - (1 << 17), 0), 1 << 17)
    page = tail.rfind(b"OggS\0")
    return page < 0 or page + 5 >= len(tail) or bool(tail[page + 5] & 4)
