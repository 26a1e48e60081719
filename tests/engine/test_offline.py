"""The offline door: exact, independent of blocks, clear about bad stems."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.mix import MASTER, Loop, Mix, Monitor, Stem, Strip, StripControls
from engine.offline import WavError, bounce, render
from tests.engine.songs import RATE, noise, reference, rendered, strip, write_stem


def busy_mix(folder: Path, rate: int = RATE) -> Mix:
    """Mono and stereo, late and early, every control off its default."""
    strips = [
        strip(0, write_stem(folder / "a.wav", noise(0.7, 1, rate=rate), rate), StripControls(-3.3, -7.7, 30.0)),
        strip(1, write_stem(folder / "b.wav", noise(0.5, 2, 1, rate=rate), rate), StripControls(4.0, -11.0, -60.0)),
        strip(2, write_stem(folder / "c.wav", noise(0.9, 3, rate=rate), rate), StripControls(mute=True)),
        strip(3, write_stem(folder / "d.wav", noise(0.4, 4, rate=rate), rate), StripControls(invert_right=True)),
    ]
    late = Stem(str(folder / "b.wav"), start_s=0.31)
    strips.append(strip(4, late, StripControls(fader_db=-20.0, invert_left=True)))
    # One on the second rack, and one in its last lane.
    strips += [Strip(f"empty{n}", f"Empty {n}", Stem(None)) for n in range(58)]
    strips.append(strip(99, Stem(str(folder / "a.wav"), start_s=0.05), StripControls(fader_db=-6.0)))
    return Mix(rate, tuple(strips), master=replace(MASTER, controls=StripControls(trim_db=-1.5, fader_db=-2.5)))


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
def test_the_unity_path_copies_a_stereo_stem_bit_for_bit(tmp_path: Path, subtype: str) -> None:
    stem = write_stem(tmp_path / "stem.wav", noise(1.3, 5), subtype=subtype)
    expected = soundfile.read(stem.path, dtype="float32")[0]
    assert (rendered(Mix(RATE, (strip(0, stem),))) == expected).all()


@pytest.mark.parametrize("rate", [44100, 48000, 88200, 96000, 176400, 192000])
def test_the_linear_path_is_within_minus_130_dbfs_of_double_precision(tmp_path: Path, rate: int) -> None:
    mix = busy_mix(tmp_path, rate)
    result = rendered(mix)
    difference = np.abs(result - reference(mix, len(result))).max()
    assert len(result) == round(0.9 * rate)
    assert np.abs(result).max() > 0.05
    assert 20 * np.log10(difference) < -130.0


def test_solo_is_heard_alone(tmp_path: Path) -> None:
    mix = busy_mix(tmp_path)
    strips = list(mix.strips)
    strips[3] = strip(3, strips[3].stem, StripControls(solo=True))
    mix = Mix(RATE, tuple(strips))
    result = rendered(mix)
    assert np.abs(result - reference(mix, len(result))).max() < 1e-6
    assert result.any()


@pytest.mark.parametrize("block_frames", [1, 16, 63, 64, 100, 441, 1024, 5000, 1 << 20])
def test_a_bounce_is_bit_identical_for_any_block_size(tmp_path: Path, block_frames: int) -> None:
    mix = busy_mix(tmp_path)
    end_s = 0.05 if block_frames == 1 else 3.0
    assert rendered(mix, block_frames=block_frames, end_s=end_s).tobytes() == rendered(mix, end_s=end_s).tobytes()


def test_a_part_is_the_part_of_the_whole(tmp_path: Path) -> None:
    mix = busy_mix(tmp_path)
    whole = rendered(mix)
    part = rendered(mix, start_s=0.2, end_s=0.5)
    assert (part == whole[round(0.2 * RATE) : round(0.5 * RATE)]).all()


def test_beyond_the_end_there_is_silence(tmp_path: Path) -> None:
    mix = busy_mix(tmp_path)
    result = rendered(mix, end_s=1.5)
    assert len(result) == round(1.5 * RATE)
    assert not result[round(0.9 * RATE) :].any()


def test_the_loop_and_the_monitor_are_not_part_of_a_bounce(tmp_path: Path) -> None:
    mix = busy_mix(tmp_path)
    other = Mix(RATE, mix.strips, mix.master, monitor=Monitor(-20.0), loop=Loop(True, 0.1, 0.2))
    assert rendered(other).tobytes() == rendered(mix).tobytes()


def test_a_mix_without_sound_is_empty() -> None:
    report = render(Mix(RATE, (Strip("a", "A", Stem(None)),)), lambda chunk: None)
    assert report.frames == 0
    assert report.peak_dbfs == -np.inf


def test_what_cannot_be_played_is_named_and_the_rest_plays(tmp_path: Path) -> None:
    good = write_stem(tmp_path / "good.wav", noise(0.3, 7))
    (tmp_path / "empty.wav").touch()
    (tmp_path / "text.wav").write_text("not a sound")
    whole = write_stem(tmp_path / "cut.wav", noise(0.3, 8))
    Path(str(whole.path)).write_bytes(Path(str(whole.path)).read_bytes()[:20000])
    broken = noise(0.3, 9)
    broken[100:103] = [[np.nan, 0], [np.inf, 0], [0, -np.inf]]
    floats = write_stem(tmp_path / "floats.wav", broken, subtype="FLOAT")
    stems = [good, Stem(str(tmp_path / "empty.wav")), Stem(str(tmp_path / "text.wav")), whole, floats]
    stems.append(Stem(str(tmp_path / "gone.wav")))
    chunks: list[np.ndarray] = []
    mix = Mix(RATE, tuple(strip(n, stem) for n, stem in enumerate(stems)))
    report = render(mix, lambda chunk: chunks.append(chunk.copy()))
    result = np.concatenate(chunks)
    assert np.isfinite(result).all()
    assert len(result) == round(0.3 * RATE)
    assert result[-1000:].any()
    for number in (1, 2, 3, 4, 5):
        lines = [line for line in report.problems if line.startswith(f'strip "Strip {number}": ')]
        assert len(lines) == 1, report.problems
        assert "\n" not in lines[0]
    assert not any('"Strip 0"' in line for line in report.problems)


@pytest.mark.parametrize(("bits", "subtype"), [("16", "PCM_16"), ("24", "PCM_24"), ("32f", "FLOAT")])
def test_a_bounce_is_written_in_the_wanted_format(tmp_path: Path, bits: str, subtype: str) -> None:
    mix = busy_mix(tmp_path)
    shares: list[float] = []
    report = bounce(mix, tmp_path / "out.wav", bits=bits, progress=shares.append)  # type: ignore[arg-type]
    info = soundfile.info(tmp_path / "out.wav")
    assert (info.subtype, info.samplerate, info.frames, info.channels) == (subtype, RATE, report.frames, 2)
    result = rendered(mix)
    written = soundfile.read(tmp_path / "out.wav", dtype="float32")[0]
    step = {"16": 2.0**-15, "24": 2.0**-23, "32f": 0.0}[bits]
    assert np.abs(written.astype(float) - result).max() <= step / 2 + 1e-12
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert report.peak_dbfs == pytest.approx(20 * np.log10(np.abs(result).max()), abs=1e-6)


def test_what_does_not_fit_integers_is_counted(tmp_path: Path) -> None:
    hot = write_stem(tmp_path / "hot.wav", np.full((1000, 2), 0.9))
    mix = Mix(RATE, (strip(0, hot, StripControls(trim_db=6.0)),))
    assert bounce(mix, tmp_path / "out.wav", bits="24").clipped == 2000
    assert bounce(mix, tmp_path / "out.wav", bits="32f").clipped == 0


def test_a_bounce_that_cannot_be_written_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(WavError, match="nowhere"):
        bounce(busy_mix(tmp_path), tmp_path / "nowhere" / "out.wav")
    before = sorted(tmp_path.iterdir())
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(WavError):
        bounce(busy_mix(tmp_path), tmp_path / "folder.wav")
    assert sorted(tmp_path.iterdir()) == sorted([*before, tmp_path / "folder.wav"])
