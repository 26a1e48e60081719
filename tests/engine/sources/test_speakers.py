"""Which speaker a channel belongs to, by mask and by format."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from engine.sources.flac_tags import read_channel_mask
from engine.sources.probe import probe
from engine.sources.regular_file import RegularFile
from engine.sources.speakers import speakers_of_mask
from tests.engine.sources.sounds import write_sound


@pytest.mark.parametrize(
    ("mask", "speakers"),
    [
        (0x3, ("L", "R")),
        (0xB, ("L", "R", "LFE")),
        (0x33, ("L", "R", "Ls", "Rs")),
        (0x37, ("L", "R", "C", "Ls", "Rs")),
        (0x3F, ("L", "R", "C", "LFE", "Ls", "Rs")),
        (0x60F, ("L", "R", "C", "LFE", "Ls", "Rs")),
        (0x63F, ("L", "R", "C", "LFE", "Lb", "Rb", "Ls", "Rs")),
    ],
)
def test_masks_name_speakers_in_the_order_of_their_bits(mask: int, speakers: tuple[str, ...]) -> None:
    assert speakers_of_mask(mask, len(speakers)) == speakers


def test_a_mask_of_other_channels_says_nothing() -> None:
    assert speakers_of_mask(0x3, 6) is None
    assert speakers_of_mask(0, 1) is None


def test_the_mask_of_a_wav_is_read(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "six.wav", np.zeros((100, 6), np.float32), kind=("WAVEX", "PCM_24"))
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, content.index(b"fmt ") + 8 + 20, 0x60F)
    path.write_bytes(content)
    assert probe(path).speakers == ("L", "R", "C", "LFE", "Ls", "Rs")


def tagged(flac: bytes, *tags: bytes) -> bytes:
    """A FLAC file with these tags, in a block of their own before all others but the first."""
    texts = [struct.pack("<I", len(text)) + text for text in (b"encoder", *tags)]
    block = texts[0] + struct.pack("<I", len(tags)) + b"".join(texts[1:])
    first = 4 + 4 + int.from_bytes(flac[5:8], "big")
    return flac[:first] + bytes([4]) + len(block).to_bytes(3, "big") + block + flac[first:]


def test_the_mask_among_the_tags_of_a_flac_is_read(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "pcm24.flac", np.zeros((4800, 3), np.float32))
    plain = path.read_bytes()
    path.write_bytes(tagged(plain, b"TITLE=x", b"waveformatextensible_channel_mask=0xB"))
    assert probe(path).speakers == ("L", "R", "LFE")
    for broken in (b"WAVEFORMATEXTENSIBLE_CHANNEL_MASK=stereo", b"WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0x3", b"TITLE=x"):
        path.write_bytes(tagged(plain, broken))
        assert probe(path).speakers is None


def test_tags_that_are_nonsense_say_nothing(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "pcm24.flac", np.zeros((4800, 3), np.float32))
    whole = tagged(path.read_bytes(), b"TITLE=x", b"WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0xB")
    at = whole.index(b"encoder")
    for place in (at - 4, at + 11):  # the length of the encoder's name, and of the first tag
        path.write_bytes(whole[:place] + b"\xff\xff\xff\x7f" + whole[place + 4 :])
        with RegularFile(path) as file:
            assert read_channel_mask(file) == 0


def test_vorbis_and_opus_have_an_order_of_their_own(tmp_path: Path) -> None:
    six = np.zeros((4800, 6), np.float32)
    for name in ("vorbis.ogg", "opus.opus"):
        assert probe(write_sound(tmp_path / name, six)).speakers == ("L", "C", "R", "Ls", "Rs", "LFE")
    assert probe(write_sound(tmp_path / "pcm24.flac", six)).speakers is None
