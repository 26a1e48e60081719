from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.sources.regular_file import RegularFile
from engine.sources.riff import FLOAT, PCM, RiffError, RiffHeader, is_riff, read_header

GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")


def chunk(identity: bytes, body: bytes, size: int | None = None) -> bytes:
    return identity + struct.pack("<I", len(body) if size is None else size) + body + b"\0" * (len(body) % 2)


def form(
    tag: int = 1, channels: int = 2, rate_hz: int = 48000, bits: int = 24, frame_bytes: int | None = None
) -> bytes:
    frame_bytes = channels * bits // 8 if frame_bytes is None else frame_bytes
    return struct.pack("<HHIIHH", tag, channels, rate_hz, (rate_hz * frame_bytes) & 0xFFFFFFFF, frame_bytes, bits)


def riff(*chunks: bytes, identity: bytes = b"RIFF") -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return identity + struct.pack("<I", len(body)) + body


def header_of(tmp_path: Path, content: bytes) -> RiffHeader:
    path = tmp_path / "x.wav"
    path.write_bytes(content)
    assert is_riff(content[:40])
    with RegularFile(path) as file:
        return read_header(file)


def test_plain_header_is_read(tmp_path: Path) -> None:
    header = header_of(tmp_path, riff(chunk(b"fmt ", form()), chunk(b"data", bytes(60))))
    assert (header.container, header.format_tag, header.channels, header.sample_rate_hz) == ("WAV", PCM, 2, 48000)
    assert (header.bits, header.frame_bytes, header.frames, header.claimed_frames) == (24, 6, 10, 10)
    assert header.data_offset == 44


@pytest.mark.parametrize(("container", "name"), [("WAV", "WAV"), ("RF64", "RF64"), ("W64", "W64"), ("WAVEX", "WAV")])
@pytest.mark.parametrize(("subtype", "bits"), [("PCM_16", 16), ("PCM_24", 24), ("PCM_32", 32), ("FLOAT", 32)])
def test_headers_of_libsndfile(tmp_path: Path, container: str, name: str, subtype: str, bits: int) -> None:
    path = tmp_path / "x"
    soundfile.write(path, np.zeros((1001, 3)), 88200, format=container, subtype=subtype)
    with RegularFile(path) as file:
        header = read_header(file)
    assert (header.container, header.channels, header.sample_rate_hz) == (name, 3, 88200)
    assert (header.bits, header.frames, header.claimed_frames) == (bits, 1001, 1001)
    assert header.format_tag == (FLOAT if subtype == "FLOAT" else PCM)
    assert path.stat().st_size - header.data_offset - header.data_bytes in range(32)


def test_chunks_of_odd_size_are_padded(tmp_path: Path) -> None:
    content = riff(chunk(b"LIST", b"odd"), chunk(b"fmt ", form()), chunk(b"note", b"x"), chunk(b"data", bytes(12)))
    assert header_of(tmp_path, content).frames == 2


def test_extensible_names_its_format_and_container(tmp_path: Path) -> None:
    # 20 valid bits in three bytes: they lie at the top, so 24 bits are decoded.
    extension = struct.pack("<HHIH", 22, 20, 3, 1) + GUID_TAIL
    header = header_of(tmp_path, riff(chunk(b"fmt ", form(tag=0xFFFE, bits=24) + extension), chunk(b"data", bytes(12))))
    assert (header.format_tag, header.bits, header.frames) == (PCM, 24, 2)


def test_extensible_of_an_unknown_kind_is_no_pcm(tmp_path: Path) -> None:
    extension = struct.pack("<HHIH", 22, 24, 3, 1) + b"something else"
    header = header_of(tmp_path, riff(chunk(b"fmt ", form(tag=0xFFFE) + extension), chunk(b"data", bytes(12))))
    assert header.format_tag not in (PCM, FLOAT)


@pytest.mark.parametrize("identity", [b"RF64", b"BW64"])
def test_long_sizes_come_from_ds64(tmp_path: Path, identity: bytes) -> None:
    ds64 = chunk(b"ds64", struct.pack("<QQQI", 1 << 33, 18, 3, 0))
    content = riff(ds64, chunk(b"fmt ", form()), chunk(b"data", bytes(18), size=0xFFFFFFFF), identity=identity)
    header = header_of(tmp_path, content + b"\0" * 7)
    assert (header.container, header.frames, header.claimed_frames) == (identity.decode(), 3, 3)


def test_a_cut_file_counts_what_is_there(tmp_path: Path) -> None:
    header = header_of(tmp_path, riff(chunk(b"fmt ", form()), chunk(b"data", bytes(62), size=600)))
    assert (header.frames, header.claimed_frames) == (10, 100)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
def test_a_size_never_written_takes_all_that_follows(tmp_path: Path, size: int) -> None:
    header = header_of(tmp_path, riff(chunk(b"fmt ", form()), chunk(b"data", bytes(60), size=size)))
    assert (header.frames, header.claimed_frames) == (10, None)


def test_no_sound_before_another_chunk_stays_no_sound(tmp_path: Path) -> None:
    header = header_of(tmp_path, riff(chunk(b"fmt ", form()), chunk(b"data", b""), chunk(b"LIST", bytes(60))))
    assert (header.frames, header.claimed_frames) == (0, 0)


@pytest.mark.parametrize("is_before", [True, False])
def test_time_reference_of_a_broadcast_wave(tmp_path: Path, is_before: bool) -> None:
    bext = chunk(b"bext", bytes(338) + struct.pack("<Q", 3600 * 48000) + bytes(256))
    data = chunk(b"data", bytes(60))
    content = riff(chunk(b"fmt ", form()), *([bext, data] if is_before else [data, bext]))
    assert header_of(tmp_path, content).time_reference_frames == 3600 * 48000


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (riff(chunk(b"fmt ", form())), "no data chunk"),
        (riff(chunk(b"data", bytes(8))), "no fmt chunk"),
        (riff(chunk(b"fmt ", b"short"), chunk(b"data", bytes(8))), "5 bytes"),
        (riff(chunk(b"fmt ", form(channels=0)), chunk(b"data", bytes(8))), "0 channels"),
        (riff(chunk(b"fmt ", form(rate_hz=0)), chunk(b"data", bytes(8))), "0 Hz"),
        (riff(chunk(b"fmt ", form(frame_bytes=5)), chunk(b"data", bytes(8))), "take 5 bytes"),
        (riff(chunk(b"fmt ", form(bits=0, frame_bytes=4)), chunk(b"data", bytes(8))), "0 bits"),
        (riff(), "no data chunk"),
        (riff(chunk(b"JUNK", b"", size=0xFFFFFFF0)), "no data chunk"),
    ],
)
def test_nonsense_is_named(tmp_path: Path, content: bytes, says: str) -> None:
    content = content.ljust(40, b"\0")
    with pytest.raises(RiffError, match=says):
        header_of(tmp_path, content)


def test_a_frame_size_left_out_is_worked_out(tmp_path: Path) -> None:
    header = header_of(tmp_path, riff(chunk(b"fmt ", form(frame_bytes=0)), chunk(b"data", bytes(12))))
    assert (header.frame_bytes, header.frames) == (6, 2)


def test_a_file_of_empty_chunks_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(RiffError, match="no data chunk"):
        header_of(tmp_path, riff(chunk(b"none", b"") * 200_000))


def test_a_wave64_chunk_smaller_than_its_head_ends_the_walk(tmp_path: Path) -> None:
    path = tmp_path / "x.w64"
    soundfile.write(path, np.zeros((100, 2)), 48000, format="W64", subtype="PCM_16")
    content = bytearray(path.read_bytes())
    content[56:64] = struct.pack("<Q", 3)
    with pytest.raises(RiffError, match="no data chunk"):
        header_of(tmp_path, bytes(content))
