"""Sound files for the tests of the sources: written by soundfile, so that nothing is compared with itself."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

FORMATS = {
    "pcm16.wav": ("WAV", "PCM_16"),
    "pcm24.wav": ("WAV", "PCM_24"),
    "pcm32.wav": ("WAV", "PCM_32"),
    "float.wav": ("WAV", "FLOAT"),
    "double.wav": ("WAV", "DOUBLE"),
    "unsigned8.wav": ("WAV", "PCM_U8"),
    "extensible.wav": ("WAVEX", "PCM_24"),
    "law.wav": ("WAV", "ULAW"),
    "pcm24.rf64": ("RF64", "PCM_24"),
    "float.rf64": ("RF64", "FLOAT"),
    "pcm16.w64": ("W64", "PCM_16"),
    "pcm24.w64": ("W64", "PCM_24"),
    "float.w64": ("W64", "FLOAT"),
    "pcm16.aiff": ("AIFF", "PCM_16"),
    "pcm24.aiff": ("AIFF", "PCM_24"),
    "float.aifc": ("AIFF", "FLOAT"),
    "pcm16.flac": ("FLAC", "PCM_16"),
    "pcm24.flac": ("FLAC", "PCM_24"),
    "vorbis.ogg": ("OGG", "VORBIS"),
    "opus.opus": ("OGG", "OPUS"),
    "layer3.mp3": ("MP3", "MPEG_LAYER_III"),
}
"""File name to libsndfile's container and subtype."""

LOSSY = ("law.wav", "unsigned8.wav", "vorbis.ogg", "opus.opus", "layer3.mp3")

Floats = npt.NDArray[np.float32]


def noise(frames: int, channels: int = 2, seed: int = 1) -> Floats:
    """Deterministic noise over a tone, well below full scale."""
    random = np.random.default_rng(seed)
    tone = 0.4 * np.sin(np.arange(frames) * 0.05)[:, None] * np.linspace(1.0, 0.5, channels)
    return (tone + 0.05 * random.standard_normal((frames, channels))).clip(-0.9, 0.9).astype(np.float32)


def write_sound(path: Path, frames: Floats, rate_hz: int = 48000, kind: tuple[str, str] | None = None) -> Path:
    """Writes frames (n, channels) in the format that `FORMATS` has for the file's name, or 24-bit WAV."""
    container, subtype = kind or FORMATS.get(path.name, ("WAV", "PCM_24"))
    with soundfile.SoundFile(path, "w", rate_hz, frames.shape[1], format=container, subtype=subtype) as file:
        for start in range(0, len(frames), 20000):  # libsndfile's Vorbis encoder cannot take long writes
            file.write(frames[start : start + 20000])
    return path


def decoded(path: Path) -> Floats:
    """What soundfile reads in one go, as (n, channels)."""
    frames, _ = soundfile.read(path, dtype="float32", always_2d=True)
    return np.asarray(frames, np.float32)


def without_xing(mp3: bytes) -> bytes:
    """An MP3 of libsndfile without its first packet, which holds the length."""
    assert b"Xing" in mp3[:200] or b"Info" in mp3[:200]
    kbps = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)[mp3[2] >> 4]
    rate_hz = (44100, 48000, 32000)[(mp3[2] >> 2) & 3]
    return mp3[144000 * kbps // rate_hz + ((mp3[2] >> 1) & 1) :]


def without_length(flac: bytes) -> bytes:
    """A FLAC stream whose header does not know how long it is, as an encoder writes it into a pipe."""
    assert flac[:4] == b"fLaC"
    # STREAMINFO: 36 bits of total samples behind rate, channels and bits.
    packed = struct.unpack_from(">Q", flac, 18)[0] >> 36 << 36
    return flac[:18] + struct.pack(">Q", packed) + flac[26:]
