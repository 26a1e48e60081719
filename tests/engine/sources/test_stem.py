from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.sources import sample_file
from engine.sources.plain_file import PlainFile
from engine.sources.regular_file import StemError
from engine.sources.stem import StemReader
from tests.engine.sources.sounds import (
    FORMATS,
    Floats,
    decoded,
    noise,
    without_length,
    without_xing,
    write_sound,
)

FRAMES = 30011


def read(reader: StemReader, frame: int, frames: int) -> Floats:
    """Frames from one of the song on, as (2, frames)."""
    sound = np.full((2, frames), np.nan, np.float32)
    reader.seek(frame)
    reader.read_into(sound[0], sound[1])
    return sound


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_reads_as_soundfile_reads_it(tmp_path: Path, name: str) -> None:
    path = write_sound(tmp_path / name, noise(FRAMES))
    reader = StemReader(path, rate_out_hz=48000)
    np.testing.assert_array_equal(read(reader, 0, FRAMES), decoded(path).T)
    assert reader.end_frame == FRAMES
    assert not reader.is_mono
    assert reader.take_problems() == []


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_reads_the_same_after_a_jump(tmp_path: Path, name: str) -> None:
    path = write_sound(tmp_path / name, noise(120_000))
    reader = StemReader(path, rate_out_hz=48000)
    whole = read(reader, 0, 120_000)
    for frame in (100_001, 3, 0, 50_000, 119_990, 30_003, 20_000):
        np.testing.assert_array_equal(read(reader, frame, 5000)[:, : 120_000 - frame], whole[:, frame : frame + 5000])


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_mono_files_fill_both_sides(tmp_path: Path, name: str) -> None:
    path = write_sound(tmp_path / name, noise(FRAMES, 1))
    reader = StemReader(path, rate_out_hz=48000)
    sound = read(reader, 0, FRAMES)
    assert reader.is_mono
    np.testing.assert_array_equal(sound[0], decoded(path)[:, 0])
    np.testing.assert_array_equal(sound[1], sound[0])


@pytest.mark.parametrize("name", ["pcm24.wav", "float.w64", "pcm16.flac"])
def test_one_channel_of_many(tmp_path: Path, name: str) -> None:
    path = write_sound(tmp_path / name, noise(FRAMES, 6))
    reader = StemReader(path, rate_out_hz=48000, channel=4)
    assert reader.is_mono
    np.testing.assert_array_equal(read(reader, 100, 1000), np.tile(decoded(path)[100:1100, 4], (2, 1)))
    with pytest.raises(StemError, match="has no channel 7, only 6"):
        StemReader(path, rate_out_hz=48000, channel=6)
    with pytest.raises(StemError, match="has 6 channels"):
        StemReader(path, rate_out_hz=48000)


def test_two_mono_files_are_one_stereo_stem(tmp_path: Path) -> None:
    left = write_sound(tmp_path / "x.L.wav", noise(20_000, 1, seed=2))
    right = write_sound(tmp_path / "pcm24.flac", noise(30_000, 1, seed=3))
    reader = StemReader(left, rate_out_hz=48000, right_path=right)
    assert not reader.is_mono
    assert reader.end_frame == 30_000
    sound = read(reader, 0, 30_000)
    np.testing.assert_array_equal(sound[0, :20_000], decoded(left)[:, 0])
    assert not sound[0, 20_000:].any()
    np.testing.assert_array_equal(sound[1], decoded(right)[:, 0])
    stereo = write_sound(tmp_path / "stereo.wav", noise(100))
    with pytest.raises(StemError, match="one side of a stereo pair must be mono"):
        StemReader(left, rate_out_hz=48000, right_path=stereo)


@pytest.mark.parametrize("rate_hz", [48000, 44100])
@pytest.mark.parametrize("start_frame", [0, 1000, -700])
def test_silence_before_the_start_and_after_the_end(tmp_path: Path, rate_hz: int, start_frame: int) -> None:
    path = write_sound(tmp_path / "x.wav", noise(4000), rate_hz)
    reader = StemReader(path, rate_out_hz=48000, start_frame=start_frame)
    at_zero = read(StemReader(path, rate_out_hz=48000), 0, 6000)
    frames = reader.end_frame - start_frame
    assert frames == -(-4000 * 48000 // rate_hz)
    sound = read(reader, start_frame - 500, frames + 1000)
    assert not sound[:, :500].any()
    assert not sound[:, 500 + frames :].any()
    np.testing.assert_array_equal(sound[:, 500 : 500 + frames], at_zero[:, :frames])
    assert not read(reader, start_frame + 1_000_000, 100).any()
    assert not read(reader, start_frame - 1_000_000, 100).any()


@pytest.mark.parametrize(
    ("rate_in", "rate_out"),
    [(44100, 48000), (48000, 44100), (48000, 96000), (96000, 48000), (192000, 44100), (44100, 192000), (8000, 48000)],
)
def test_another_rate_keeps_a_tone_pure(tmp_path: Path, rate_in: int, rate_out: int) -> None:
    seconds, frequency_hz = 0.5, 997.0
    tone = 0.5 * np.sin(2 * np.pi * frequency_hz * np.arange(round(seconds * rate_in)) / rate_in)
    path = write_sound(tmp_path / "float.wav", tone[:, None].astype(np.float32), rate_in)
    reader = StemReader(path, rate_out_hz=rate_out)
    assert reader.end_frame == round(seconds * rate_out)
    frames = reader.end_frame
    sound = read(reader, 0, frames)[0]
    expected = 0.5 * np.sin(2 * np.pi * frequency_hz * np.arange(frames) / rate_out)
    middle = slice(frames // 4, 3 * frames // 4)
    assert 20 * np.log10(np.abs(sound[middle] - expected[middle]).max()) < -130


@pytest.mark.parametrize(
    ("rate_in", "rate_out"),
    [(44100, 48000), (48000, 44100), (48000, 96000), (96000, 48000), (192000, 44100), (44100, 192000), (48048, 48000)],
)
def test_a_jump_at_another_rate_hears_what_a_stream_would(tmp_path: Path, rate_in: int, rate_out: int) -> None:
    path = write_sound(tmp_path / "float.wav", noise(60_000), rate_in)
    reader = StemReader(path, rate_out_hz=rate_out)
    whole = read(reader, 0, reader.end_frame)
    for share in (0.9, 0.0, 0.31, 0.62, 0.002):
        frame = int(share * reader.end_frame)
        expected = whole[:, frame : frame + 3000]
        difference = np.abs(read(reader, frame, 3000)[:, : expected.shape[1]] - expected).max()
        assert 20 * np.log10(difference + 1e-30) < -120


def test_a_jump_at_another_rate_decodes_only_what_leads_up_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_sound(tmp_path / "float.wav", noise(200_000), 44100)
    reader = StemReader(path, rate_out_hz=48000)
    decoded_frames: list[int] = []
    original = PlainFile.read_into

    def count(file: PlainFile, start_frame: int, outs: tuple[Floats, ...]) -> None:
        decoded_frames.append(len(outs[0]))
        original(file, start_frame, outs)

    monkeypatch.setattr(PlainFile, "read_into", count)
    read(reader, 190_000, 100)
    assert sum(decoded_frames) <= 16_384


@pytest.mark.parametrize(("name", "rate_hz"), [("pcm24.wav", 48000), ("pcm24.wav", 44100), ("vorbis.ogg", 48000)])
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.integers(1, 12_000), min_size=1, max_size=12))
def test_the_size_of_reads_changes_nothing(tmp_path: Path, name: str, rate_hz: int, sizes: list[int]) -> None:
    path = tmp_path / name
    if not path.exists():
        write_sound(path, noise(40_000), rate_hz)
    whole = read(StemReader(path, rate_out_hz=48000, start_frame=77), 0, sum(sizes))
    reader = StemReader(path, rate_out_hz=48000, start_frame=77)
    parts = [np.empty((2, size), np.float32) for size in sizes]
    for part in parts:
        reader.read_into(part[0], part[1])
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), whole)


def test_nan_and_infinity_are_silence_and_reported_once_with_their_place(tmp_path: Path) -> None:
    frames = noise(60_000)
    frames[24_000, 0] = np.nan
    frames[24_001, 1] = np.inf
    frames[50_000] = -np.inf
    for name in ("float.wav", "float.aifc", "double.wav"):
        path = write_sound(tmp_path / name, frames)
        reader = StemReader(path, rate_out_hz=48000)
        sound = read(reader, 0, 60_000)
        np.testing.assert_array_equal(sound, np.where(np.isfinite(frames), frames, np.float32(0.0)).T)
        assert reader.take_problems() == [f"{name}: NaN or infinity at 0.500 s (frame 24000); taken as silence"]
        read(reader, 0, 60_000)
        assert reader.take_problems() == []
        assert not reader.has_failed


def test_nan_does_not_poison_another_rate(tmp_path: Path) -> None:
    frames = noise(60_000)
    frames[30_000] = np.nan
    reader = StemReader(write_sound(tmp_path / "float.wav", frames, 44100), rate_out_hz=48000)
    assert np.isfinite(read(reader, 0, reader.end_frame)).all()


def test_denormals_stay_as_they_are(tmp_path: Path) -> None:
    frames = np.full((100, 2), 1e-41, np.float32)
    reader = StemReader(write_sound(tmp_path / "float.wav", frames), rate_out_hz=48000)
    assert read(reader, 0, 100).tobytes() == frames.T.tobytes()


def test_a_cut_file_says_so_when_it_is_opened_and_plays_what_is_there(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "x.wav", noise(96_000))
    os.truncate(path, path.stat().st_size // 2)
    reader = StemReader(path, rate_out_hz=48000)
    assert reader.take_problems() == ["x.wav: cut short: header says 2.0 s, file holds 1.0 s"]
    sound = read(reader, 0, 96_000)
    assert sound[:, 47_000:47_900].any()
    assert not sound[:, 48_000:].any()
    assert reader.take_problems() == []


def test_an_mp3_whose_length_nobody_wrote_plays_to_its_end(tmp_path: Path) -> None:
    frames = np.concatenate([np.zeros((48000, 2), np.float32), noise(192_000)])
    path = write_sound(tmp_path / "layer3.mp3", frames)
    path.write_bytes(without_xing(path.read_bytes()))
    reader = StemReader(path, rate_out_hz=48000)
    assert np.abs(read(reader, 235_000, 1000)).max() > 0.1
    assert reader.take_problems() == []


@pytest.mark.parametrize("share", [0.6, 1.0])
def test_an_mp3_keeps_its_place_when_its_header_is_corrected(tmp_path: Path, share: float) -> None:
    path = write_sound(tmp_path / "layer3.mp3", noise(96_000))
    whole = decoded(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    reader = StemReader(path, rate_out_hz=48000)
    frames = reader.end_frame - 3000
    np.testing.assert_array_equal(read(reader, 0, frames), whole.T[:, :frames])
    assert read(reader, frames, 3000)[:, -100:].any()
    assert len(reader.take_problems()) == (0 if share == 1.0 else 1)


def test_a_flac_without_a_length_plays_to_its_last_frame(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "pcm24.flac", noise(100_003))
    expected = decoded(path).T
    path.write_bytes(without_length(path.read_bytes()))
    reader = StemReader(path, rate_out_hz=48000)
    np.testing.assert_array_equal(read(reader, 0, 100_003), expected)
    np.testing.assert_array_equal(read(reader, 100_000, 3), expected[:, -3:])
    assert reader.take_problems() == []


def test_a_corrupt_place_is_a_hole_not_an_end(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "pcm24.flac", noise(300_000))
    expected = decoded(path).T
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 2000] = bytes(2000)
    path.write_bytes(content)
    reader = StemReader(path, rate_out_hz=48000)
    sound = np.concatenate([read(reader, frame, 10_000) for frame in range(0, 300_000, 10_000)], axis=1)
    is_hole = (sound != expected).any(axis=0)
    assert 0 < np.count_nonzero(is_hole) < 30_000
    problems = reader.take_problems()
    assert len(problems) == 1
    assert problems[0].startswith("pcm24.flac: is corrupt or ends early at ")
    assert not reader.has_failed


@pytest.mark.parametrize("name", ["pcm24.wav", "pcm24.flac"])
def test_a_removed_file_plays_on_and_a_line_says_so(tmp_path: Path, name: str) -> None:
    path = write_sound(tmp_path / name, noise(60_000))
    expected = decoded(path).T
    reader = StemReader(path, rate_out_hz=48000)
    read(reader, 0, 1000)
    path.unlink()
    reader.check_path()
    reader.check_path()
    np.testing.assert_array_equal(read(reader, 1000, 59_000), expected[:, 1000:])
    assert reader.take_problems() == [f"{name}: was removed; it plays on while it stays open"]
    assert not reader.has_failed


def test_a_replaced_file_plays_on_as_it_was(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "x.wav", noise(60_000))
    expected = decoded(path).T
    reader = StemReader(path, rate_out_hz=48000)
    write_sound(tmp_path / "y.wav", noise(1000)).rename(path)
    reader.check_path()
    np.testing.assert_array_equal(read(reader, 0, 60_000), expected)
    problems = reader.take_problems()
    assert problems == ["x.wav: was replaced on disk; the earlier file plays on until it is relinked"]


@pytest.mark.parametrize("name", ["pcm24.wav", "pcm24.flac", "vorbis.ogg"])
@pytest.mark.parametrize("looks", [True, False])
def test_a_file_that_shrinks_goes_silent_with_one_line(tmp_path: Path, name: str, looks: bool) -> None:
    path = write_sound(tmp_path / name, noise(60_000))
    reader = StemReader(path, rate_out_hz=48000)
    assert read(reader, 0, 1000).any()
    os.truncate(path, 2000)
    if looks:
        reader.check_path()
    assert not read(reader, 1000, 59_000).any()
    assert not read(reader, 0, 1000).any()
    reader.check_path()
    problems = reader.take_problems()
    assert len(problems) == 1
    assert problems[0].startswith(f"{name}: shrank on disk while open")
    assert reader.has_failed


def test_a_file_rewritten_as_something_else_is_never_played_as_noise(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "x.wav", noise(60_000))
    reader = StemReader(path, rate_out_hz=48000)
    read(reader, 0, 1000)
    # As large as before, in place, but of 16 bits: decoded as 24 it would roar.
    size = path.stat().st_size
    other = write_sound(tmp_path / "pcm16.wav", noise(90_000)).read_bytes()[:size].ljust(size, b"\0")
    with path.open("r+b") as file:
        file.write(other)
    assert not read(reader, 1000, 1000).any()
    assert reader.take_problems() == ["x.wav: was rewritten on disk while open; silent until it is relinked"]


def test_a_file_touched_or_rendered_again_plays_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_sound(tmp_path / "x.wav", noise(60_000))
    reader = StemReader(path, rate_out_hz=48000)
    read(reader, 0, 1000)
    changed = write_sound(tmp_path / "y.wav", noise(60_000, seed=9))
    with path.open("r+b") as file:
        file.write(changed.read_bytes())
    os.utime(path, ns=(1, 1))
    looks: list[str] = []
    original = sample_file.identify
    monkeypatch.setattr(sample_file, "identify", lambda file: looks.append(file.path) or original(file))
    np.testing.assert_array_equal(read(reader, 1000, 1000), decoded(changed).T[:, 1000:2000])
    read(reader, 2000, 1000)
    reader.check_path()
    assert reader.take_problems() == []
    assert looks == [str(path)]


def test_a_disk_that_fails_silences_one_stem_with_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = StemReader(write_sound(tmp_path / "x.wav", noise(60_000)), rate_out_hz=48000)

    def fail(*_: object) -> int:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "preadv", fail)
    assert not read(reader, 24_000, 1000).any()
    assert not read(reader, 25_000, 1000).any()
    assert reader.take_problems() == ["x.wav: cannot be read at 0.5 s (input/output error)"]


def test_files_are_closed(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "x.wav", noise(100))
    text = tmp_path / "text.wav"
    text.write_text("hello")
    before = len(list(Path("/proc/self/fd").iterdir()))
    reader = StemReader(path, rate_out_hz=48000)
    with pytest.raises(StemError):
        StemReader(path, rate_out_hz=48000, right_path=text)
    with pytest.raises(StemError):
        StemReader(text, rate_out_hz=48000)
    reader.close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
