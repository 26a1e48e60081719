from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from engine.sources import wav
from engine.sources.probe import probe
from engine.sources.stem import StemReader
from engine.sources.wav import WavError, WavWriter, write_wav
from tests.engine.sources.sounds import Floats, noise

Subtype = Literal["PCM_16", "PCM_24", "PCM_32", "FLOAT"]
SUBTYPES: tuple[Subtype, ...] = ("PCM_16", "PCM_24", "PCM_32", "FLOAT")
BITS = {"PCM_16": 16, "PCM_24": 24, "PCM_32": 32}


def stored_integers(path: Path, bits: int) -> np.ndarray:
    """The integers in a file, as soundfile reads them."""
    values, _ = soundfile.read(path, dtype="int32", always_2d=True)
    return np.asarray(values >> (32 - bits), np.int64)


@pytest.mark.parametrize("subtype", SUBTYPES)
@pytest.mark.parametrize("channels", [1, 2, 5])
@pytest.mark.parametrize("frames", [0, 1, 40_001])
def test_what_is_written_is_read_back(tmp_path: Path, subtype: Subtype, channels: int, frames: int) -> None:
    path = tmp_path / "x.wav"
    sound = noise(frames, channels)
    assert write_wav(path, sound, 88200, subtype) == 0
    info = soundfile.info(path)
    assert (info.samplerate, info.channels, info.frames) == (88200, channels, frames)
    assert (info.format, info.subtype) == ("WAV", subtype)
    read, _ = soundfile.read(path, dtype="float32", always_2d=True)
    step = 0.0 if subtype == "FLOAT" else 2.0 ** -(BITS[subtype] - 1)
    assert np.abs(read - sound).max(initial=0.0) <= max(step / 2, 0.0 if step == 0.0 else 2.0**-25)
    if frames:
        assert probe(path).warnings == ()
        assert probe(path).frames == frames
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "PCM_32"])
@given(st.lists(st.floats(-1.5, 1.5, width=32) | st.sampled_from([-1.0, 1.0, 0.0, -0.0, 0.5]), min_size=1, max_size=50))
def test_integers_are_rounded_to_the_nearest_and_clips_are_counted(
    tmp_path_factory: pytest.TempPathFactory, subtype: Subtype, samples: list[float]
) -> None:
    path = tmp_path_factory.getbasetemp() / "rounded.wav"
    clipped = write_wav(path, np.array(samples, np.float32), 48000, subtype)
    full = 2 ** (BITS[subtype] - 1)
    rounded = [round(float(np.float32(sample)) * full) for sample in samples]
    assert stored_integers(path, BITS[subtype])[:, 0].tolist() == [min(max(v, -full), full - 1) for v in rounded]
    assert clipped == sum(not -full <= v <= full - 1 for v in rounded)


def test_floats_are_stored_bit_for_bit(tmp_path: Path) -> None:
    values = np.array([1e-42, -0.0, np.inf, -np.inf, 3e38, 1.0000001, -1.5], np.float32)
    assert write_wav(tmp_path / "x.wav", values, 48000, "FLOAT") == 0
    read, _ = soundfile.read(tmp_path / "x.wav", dtype="float32")
    assert read.tobytes() == values.tobytes()


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "PCM_32"])
def test_what_is_no_number_is_silent_and_counted(tmp_path: Path, subtype: Subtype) -> None:
    values = np.array([0.25, np.nan, np.inf, -np.inf, -0.25], np.float32)
    assert write_wav(tmp_path / "x.wav", values, 48000, subtype) == 3
    full = 2 ** (BITS[subtype] - 1)
    expected = [full // 4, 0, full - 1, -full, -full // 4]
    assert stored_integers(tmp_path / "x.wav", BITS[subtype])[:, 0].tolist() == expected


def test_a_unity_copy_of_a_stem_keeps_its_bits(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "stem.wav", noise(50_000), 48000, subtype="PCM_24")
    reader = StemReader(tmp_path / "stem.wav", rate_out_hz=48000)
    sound = np.empty((2, 50_000), np.float32)
    reader.read_into(sound[0], sound[1])
    write_wav(tmp_path / "copy.wav", sound.T, 48000, "PCM_24")
    np.testing.assert_array_equal(
        stored_integers(tmp_path / "copy.wav", 24), stored_integers(tmp_path / "stem.wav", 24)
    )


def test_the_size_of_writes_changes_nothing_and_the_same_samples_give_the_same_bytes(tmp_path: Path) -> None:
    sound = noise(100_000)
    write_wav(tmp_path / "whole.wav", sound, 48000)
    with WavWriter(tmp_path / "parts.wav", 48000, 2) as writer:
        for part in np.array_split(sound, [1, 2, 500, 70_000]):
            writer.write(part)
    assert writer.frames == 100_000
    assert (tmp_path / "parts.wav").read_bytes() == (tmp_path / "whole.wav").read_bytes()


def test_odd_sizes_are_padded(tmp_path: Path) -> None:
    write_wav(tmp_path / "x.wav", noise(3, 1), 48000, "PCM_24")
    content = (tmp_path / "x.wav").read_bytes()
    assert len(content) % 2 == 0
    assert int.from_bytes(content[4:8], "little") == len(content) - 8


@pytest.mark.parametrize("subtype", SUBTYPES)
def test_a_long_file_becomes_rf64(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, subtype: Subtype) -> None:
    monkeypatch.setattr(wav, "_LONGEST_RIFF_BYTES", 1000)
    sound = noise(3001, 1)
    write_wav(tmp_path / "x.wav", sound, 48000, subtype)
    assert (tmp_path / "x.wav").read_bytes()[:4] == b"RF64"
    info = soundfile.info(tmp_path / "x.wav")
    assert (info.format, info.frames) == ("RF64", 3001)
    described = probe(tmp_path / "x.wav")
    assert (described.format[:4], described.frames, described.warnings) == ("RF64", 3001, ())
    short = noise(10, 1)
    write_wav(tmp_path / "x.wav", short, 48000, subtype)
    assert (tmp_path / "x.wav").read_bytes()[:4] == b"RIFF"


def test_the_header_of_more_than_four_gigabytes() -> None:
    writer = WavWriter("x.wav", 192_000, 2, "FLOAT")
    writer._data_bytes = 5 << 30
    header = writer._header()
    assert header[:4] == b"RF64"
    assert header[4:8] == b"\xff" * 4
    assert int.from_bytes(header[20:28], "little") == len(header) + (5 << 30) - 8
    assert int.from_bytes(header[28:36], "little") == 5 << 30
    assert int.from_bytes(header[36:44], "little") == (5 << 30) // 8
    writer._data_bytes = 1 << 20
    assert len(writer._header()) == len(header)


def fail_writes_after(monkeypatch: pytest.MonkeyPatch, count: int, number: int) -> None:
    """Makes `os.write` fail with an error number from the n-th call on."""
    calls = iter(range(1_000_000))
    original = os.write

    def write(fd: int, content: bytes) -> int:
        if next(calls) >= count:
            raise OSError(number, os.strerror(number))
        return original(fd, content)

    monkeypatch.setattr(os, "write", write)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_full_disk_is_one_line_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    fail_writes_after(monkeypatch, count, errno.ENOSPC)
    with pytest.raises(WavError, match=r"^mix\.wav: the disk is full \(.*\); .* MB were written and removed again$"):
        write_wav(tmp_path / "mix.wav", noise(100_000), 48000)
    assert list(tmp_path.iterdir()) == []


def test_what_was_there_survives_every_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "mix.wav"
    target.write_bytes(b"the mix of yesterday")

    def write_half() -> None:
        with WavWriter(target, 48000, 2) as writer:
            writer.write(noise(1000))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    with monkeypatch.context() as patch:
        fail_writes_after(patch, 2, errno.EIO)
        with pytest.raises(WavError, match=r"^mix\.wav: cannot be written \(input/output error\)$"):
            write_wav(target, noise(1000), 48000)
    with monkeypatch.context() as patch:

        def refuse(*_: object) -> None:
            raise OSError(errno.EACCES, "Permission denied")

        patch.setattr(os, "replace", refuse)
        with pytest.raises(WavError, match="permission"):
            write_wav(target, noise(1000), 48000)
    assert target.read_bytes() == b"the mix of yesterday"
    assert list(tmp_path.iterdir()) == [target]


def test_impossible_targets_are_named(tmp_path: Path) -> None:
    with pytest.raises(WavError, match=r"no folder: no such folder; x\.wav was not written"):
        write_wav(tmp_path / "no folder" / "x.wav", noise(10), 48000)
    with pytest.raises(WavError, match="is there already and is not a file"):
        write_wav(tmp_path, noise(10), 48000)
    with pytest.raises(WavError, match="is there already and is not a file"):
        write_wav("/dev/null", noise(10), 48000)
    with pytest.raises(ValueError, match="subtype 'MP3'"):
        WavWriter(tmp_path / "x.wav", 48000, 2, "MP3")  # type: ignore[arg-type]


def test_a_file_that_is_read_only_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "mix.wav"
    target.write_bytes(b"the mix of yesterday")
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)  # as it is for all but the administrator
    with pytest.raises(WavError, match=r"^mix\.wav: is there already and is read-only; nothing was written$"):
        write_wav(target, noise(10), 48000)
    assert target.read_bytes() == b"the mix of yesterday"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("end", ["moved", "removed", "replaced"])
def test_a_folder_that_goes_while_a_file_is_written_is_one_line_and_holds_nothing(tmp_path: Path, end: str) -> None:
    folder, elsewhere = tmp_path / "mixes", tmp_path / "elsewhere"
    folder.mkdir()
    descriptors = len(list(Path("/proc/self/fd").iterdir()))

    def write() -> None:
        with WavWriter(folder / "mix.wav", 48000, 2) as writer:
            writer.write(noise(1000))
            folder.rename(elsewhere)
            if end == "removed":
                shutil.rmtree(elsewhere)
            elif end == "replaced":
                folder.mkdir()

    said = "somebody removed" if end == "replaced" else r"mixes: no such folder; mix\.wav was not written$"
    with pytest.raises(WavError, match=said):
        write()
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors


def test_a_file_that_somebody_removes_while_it_is_written_is_told(tmp_path: Path) -> None:
    def write() -> None:
        with WavWriter(tmp_path / "mix.wav", 48000, 2) as writer:
            [temporary] = tmp_path.iterdir()
            temporary.unlink()
            writer.write(noise(1000))

    with pytest.raises(WavError, match=r"^mix\.wav: somebody removed \.mix\.wav\..*\.part while it was written$"):
        write()


@pytest.mark.parametrize("name", ["音" * 83 + ".wav", os.fsdecode(b"\xff" * 251 + b".wav"), "two\nlines.wav"])
def test_every_name_that_a_file_may_have_is_written(tmp_path: Path, name: str) -> None:
    write_wav(tmp_path / name, noise(10), 48000)
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_links_and_permissions_are_kept(tmp_path: Path) -> None:
    target = tmp_path / "real.wav"
    target.write_bytes(b"")
    target.chmod(0o640)
    link = tmp_path / "link.wav"
    link.symlink_to(target)
    write_wav(link, noise(10), 48000)
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert soundfile.info(target).frames == 10
    write_wav(tmp_path / "new.wav", noise(10), 48000)
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "new.wav").stat().st_mode & 0o777 == 0o666 & ~mask


def test_long_names_and_strided_samples(tmp_path: Path) -> None:
    sound: Floats = noise(1000, 4)[::2, 1:3]
    path = tmp_path / ("n" * 240 + ".wav")
    write_wav(path, sound, 48000, "FLOAT")
    read, _ = soundfile.read(path, dtype="float32")
    np.testing.assert_array_equal(read, sound)
