"""Which speaker a channel belongs to, by mask and by format."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from engine.sources.probe import probe
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


def test_vorbis_and_opus_have_an_order_of_their_own(tmp_path: Path) -> None:
    six = np.zeros((4800, 6), np.float32)
    for name in ("vorbis.ogg", "opus.opus"):
        assert probe(write_sound(tmp_path / name, six)).speakers == ("L", "C", "R", "Ls", "Rs", "LFE")
    assert probe(write_sound(tmp_path / "pcm24.flac", six)).speakers is None
