from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.sources.probe import StemError, probe
from engine.sources.stem import StemReader
from tests.engine.sources.sounds import FORMATS, noise, without_length, without_xing, write_sound

TEXT = {
    "pcm16.wav": "WAV 16-bit",
    "pcm24.wav": "WAV 24-bit",
    "pcm32.wav": "WAV 32-bit",
    "float.wav": "WAV 32-bit float",
    "double.wav": "WAV 64-bit float",
    "unsigned8.wav": "WAV 8-bit",
    "extensible.wav": "WAV 24-bit",
    "law.wav": "WAV u-law",
    "pcm24.rf64": "RF64 24-bit",
    "float.rf64": "RF64 32-bit float",
    "pcm16.w64": "W64 16-bit",
    "pcm24.w64": "W64 24-bit",
    "float.w64": "W64 32-bit float",
    "pcm16.aiff": "AIFF 16-bit",
    "pcm24.aiff": "AIFF 24-bit",
    "float.aifc": "AIFF 32-bit float",
    "pcm16.flac": "FLAC 16-bit",
    "pcm24.flac": "FLAC 24-bit",
    "vorbis.ogg": "Ogg Vorbis",
    "opus.opus": "Opus",
    "layer3.mp3": "MP3",
}


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_is_described(tmp_path: Path, name: str) -> None:
    path = write_sound(tmp_path / name, noise(30011))
    info = probe(path)
    assert (info.sample_rate_hz, info.channels, info.frames, info.format) == (48000, 2, 30011, TEXT[name])
    assert info.path == str(path)
    assert info.duration_s == 30011 / 48000
    assert info.time_reference_s is None
    assert info.warnings == ()


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_cut_short_is_said_to_be(tmp_path: Path, name: str) -> None:
    path = write_sound(tmp_path / name, noise(100_000))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 6 // 10])
    info = probe(path)
    assert 40_000 < info.frames < 70_000
    assert len(info.warnings) == 1
    assert info.warnings[0].startswith(f"{name}: cut short")
    assert f"file holds {info.duration_s:.1f} s" in info.warnings[0]
    left = np.empty(info.frames, np.float32)
    StemReader(path, rate_out_hz=48000).read_into(left, left.copy())
    assert np.abs(left[-2000:]).max() > 0.1


def test_a_time_stamp_is_told_in_seconds(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "x.wav", noise(100))
    bext = b"bext" + struct.pack("<I", 602) + bytes(338) + struct.pack("<Q", 90 * 48000) + bytes(256)
    path.write_bytes(path.read_bytes() + bext)
    assert probe(path).time_reference_s == 90.0
    path.write_bytes(path.read_bytes()[: -len(bext)] + bext.replace(struct.pack("<Q", 90 * 48000), b"\xff" * 8))
    info = probe(path)
    assert info.time_reference_s is None
    assert "time stamp" in info.warnings[0]


def test_a_recording_never_finished_plays_whole_and_says_so(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "x.wav", noise(48000))
    content = bytearray(path.read_bytes())
    content[40:44] = bytes(4)
    path.write_bytes(content)
    info = probe(path)
    assert info.frames == 48000
    assert info.warnings == ("x.wav: was never finished by its recorder; all 1.0 s are used",)


def test_an_mp3_without_a_length_is_counted(tmp_path: Path) -> None:
    # Silence, then noise: the bit rate of the beginning says nothing of the length.
    frames = np.concatenate([np.zeros((48000, 2), np.float32), noise(192_000)])
    path = write_sound(tmp_path / "layer3.mp3", frames)
    path.write_bytes(without_xing(path.read_bytes()))
    assert abs(probe(path).frames - 240_000) < 4 * 1152
    assert probe(path).warnings == ()


def test_tags_around_an_mp3_are_passed_over(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "layer3.mp3", noise(48000))
    tag = b"ID3\x04\0\0" + bytes([0, 0, 1, 0]) + bytes(128)
    path.write_bytes(tag + path.read_bytes() + b"TAG" + bytes(125))
    assert probe(path).frames == 48000


def test_a_flac_without_a_length_is_measured(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "pcm24.flac", noise(100_003))
    path.write_bytes(without_length(path.read_bytes()))
    info = probe(path)
    assert (info.frames, info.warnings) == (100_003, ())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty (0 bytes)"),
        (b"Dear all, please find the stems\nattached", 'begins with the text "Dear all, please find th"'),
        (b"\0" * 1000, "begins with zeros"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "is not a sound file"),
        (b"RIFF\x24\0\0\0WAVEfmt " + bytes(100), "fmt chunk of 0 bytes"),
        (b"fLaC" + bytes(1000), "cannot be decoded"),
        (b"OggS" + bytes(1000), "cannot be decoded"),
        (b"FORM\0\0\0\x64AIFF" + bytes(100), "cannot be decoded"),
        (b"ID3\x04\0\0\0\0\0\0" + bytes(1000), "cannot be decoded"),
        (b"\xff\xfb\x90\x64" + bytes(1000), "is not a sound file"),
    ],
)
def test_what_is_no_sound_is_refused_in_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "stem.wav"
    path.write_bytes(content)
    with pytest.raises(StemError) as caught:
        probe(path)
    assert str(caught.value).startswith("stem.wav: ")
    assert says in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("channels", "rate_hz", "frames", "says"),
    [
        (65535, 48000, 1, "65535 channels"),
        (2, 1, 10, "1 Hz"),
        (2, 4_000_000_000, 10, "4000000000 Hz"),
        (2, 48000, 0, "0 frames"),
    ],
)
def test_absurd_headers_are_refused(tmp_path: Path, channels: int, rate_hz: int, frames: int, says: str) -> None:
    size = frames * channels * 2
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, channels, rate_hz, 0, 0, 16)
    path = tmp_path / "x.wav"
    path.write_bytes(head + b"data" + struct.pack("<I", size) + bytes(size) + b"LIST" + struct.pack("<I", 0))
    with pytest.raises(StemError, match=says):
        probe(path)


def test_a_huge_size_costs_nothing(tmp_path: Path) -> None:
    ds64 = b"ds64" + struct.pack("<IQQQI", 28, 1 << 62, 1 << 62, 1 << 61, 0)
    form = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 48000, 96000, 2, 16)
    path = tmp_path / "x.wav"
    path.write_bytes(b"RF64\xff\xff\xff\xffWAVE" + ds64 + form + b"data\xff\xff\xff\xff" + bytes(200))
    info = probe(path)
    assert info.frames == 100
    assert "cut short" in info.warnings[0]


def test_what_cannot_be_opened_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StemError, match=r"no such\.wav: not found"):
        probe(tmp_path / "no such.wav")
    with pytest.raises(StemError, match="is a folder"):
        probe(tmp_path)
    with pytest.raises(StemError, match="not a possible path"):
        probe("x\0y.wav")
    path = write_sound(tmp_path / "x.wav", noise(10))

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(StemError, match=r"x\.wav: permission to read it is missing"):
        probe(path)


@pytest.mark.timeout(10)
def test_pipes_devices_and_sockets_are_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.wav"
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket.wav"))
        for path in (pipe, Path("/dev/zero"), tmp_path / "socket.wav"):
            with pytest.raises(StemError, match="is not a regular file"):
                probe(path)


def test_a_name_of_several_lines_stays_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a\nb\x1b[31m.wav"
    path.write_bytes(b"")
    with pytest.raises(StemError) as caught:
        probe(path)
    assert str(caught.value) == "a?b?[31m.wav: is empty (0 bytes)"


def test_probing_and_writing_never_import_the_compiler() -> None:
    code = "import engine.sources.probe, engine.sources.wav, sys; assert 'numba' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def _play(path: Path) -> None:
    """Probes and plays a little, near the beginning and near the end."""
    problem = ""
    try:
        info = probe(path)
        reader = StemReader(path, rate_out_hz=48000, channel=0)
    except StemError as error:
        problem = str(error)
    if problem:
        assert problem.isprintable()
        return
    assert info.frames > 0
    left, right = np.empty(500, np.float32), np.empty(500, np.float32)
    for frame in (0, reader.end_frame - 250, 100):
        reader.seek(frame)
        reader.read_into(left, right)
        assert np.isfinite(left).all()
    reader.close()


MAGICS = [
    b"RIFF\xff\xff\0\0WAVE",
    b"RF64\xff\xff\xff\xffWAVE",
    b"fLaC\0\0\0\x22",
    b"OggS\0\x02",
    b"FORM\0\0\xff\xffAIFFCOMM",
    b"caff\0\1\0\0",
    b".snd\0\0\0\x18",
    b"ID3\x03\0\0\0\0\0\x0a",
    b"\xff\xfb\x90\x64",
    b"",
]


@pytest.mark.timeout(120)
@settings(max_examples=150)
@given(magic=st.sampled_from(MAGICS), rest=st.binary(max_size=600))
def test_random_bytes_are_an_error_or_a_stem(
    tmp_path_factory: pytest.TempPathFactory, magic: bytes, rest: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "random.wav"
    path.write_bytes(magic + rest)
    _play(path)


@pytest.mark.timeout(180)
@settings(max_examples=20)
@given(data=st.data())
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_damaged_files_are_an_error_or_a_stem(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp()
    path = folder / name
    if not (folder / f"whole-{name}").exists():
        write_sound(path, noise(6000)).rename(folder / f"whole-{name}")
    content = bytearray((folder / f"whole-{name}").read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        # Mostly in the header, where it hurts.
        place = data.draw(st.one_of(st.integers(0, min(200, len(content) - 1)), st.integers(0, len(content) - 1)))
        content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(1, len(content)))])
    _play(path)
