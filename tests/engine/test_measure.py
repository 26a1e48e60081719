"""Files measured: formats, channels, rates, and what is wrong with some."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from engine.measure import Measurement, StemError, measure
from tests.engine.sources.sounds import FORMATS, LOSSY, decoded, write_sound

Floats = npt.NDArray[np.float32]


def sine(seconds: float, level_dbfs: float, rate: int = 48000, hertz: float = 997.0) -> Floats:
    n = np.arange(round(seconds * rate))
    return (10.0 ** (level_dbfs / 20.0) * np.sin(2.0 * np.pi * hertz * n / rate)).astype(np.float32)


def of(path: Path, *channels: Floats, rate: int = 48000, kind: tuple[str, str] = ("WAV", "FLOAT")) -> Measurement:
    return measure(write_sound(path, np.stack(channels, 1), rate, kind))


def test_a_sine_reads_what_it_is(tmp_path: Path) -> None:
    tone = sine(10.0, -23.0)
    got = of(tmp_path / "tone.wav", tone, tone)
    assert (got.sample_rate_hz, got.channels, got.duration_s) == (48000, 2, 10.0)
    for loudness in (got.integrated_lufs, got.max_momentary_lufs, got.max_short_term_lufs):
        assert loudness == pytest.approx(-23.0, abs=0.01)
    assert got.sample_peak_dbfs == pytest.approx(-23.0, abs=0.01)
    assert got.true_peak_dbtp == pytest.approx(-23.0, abs=0.01)
    assert got.rms_dbfs == pytest.approx(-26.01, abs=0.01)
    assert got.crest_db == pytest.approx(3.01, abs=0.01)
    assert got.plr_db == pytest.approx(0.0, abs=0.01)
    assert got.problems == ()


def test_one_channel_counts_once(tmp_path: Path) -> None:
    assert of(tmp_path / "mono.wav", sine(5.0, -23.0)).integrated_lufs == pytest.approx(-26.01, abs=0.01)


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"opus.opus"}))
def test_every_format_is_measured(tmp_path: Path, name: str) -> None:
    tone = sine(4.0, -20.0, 44100)
    path = write_sound(tmp_path / name, np.stack([tone, 0.5 * tone], 1), 44100)
    got = measure(path)
    tolerance = 0.1 if name in LOSSY else 0.001
    reference = of(tmp_path / "reference.wav", tone, 0.5 * tone, rate=44100)
    assert (got.sample_rate_hz, got.channels) == (44100, 2)
    assert got.integrated_lufs == pytest.approx(reference.integrated_lufs, abs=tolerance)
    assert got.rms_dbfs == pytest.approx(reference.rms_dbfs, abs=tolerance)
    samples = decoded(path).astype(np.float64)
    assert got.sample_peak_dbfs == pytest.approx(20.0 * math.log10(np.abs(samples).max()), abs=1e-6)
    assert got.rms_dbfs == pytest.approx(10.0 * math.log10(np.mean(samples**2)), abs=1e-6)


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 32000, 44056, 44100, 88200, 96000, 176400, 192000, 384000])
def test_every_rate_reads_the_same(tmp_path: Path, rate: int) -> None:
    got = of(tmp_path / "tone.wav", sine(5.0, -23.0, rate), sine(5.0, -23.0, rate), rate=rate)
    assert got.integrated_lufs == pytest.approx(-23.0, abs=0.01)
    assert got.true_peak_dbtp == pytest.approx(-23.0, abs=0.1)


def surround(order: str, level_dbfs: float) -> list[Floats]:
    """Channels in an order, in each 3 s of a tone of its own level, one after the other."""
    names = order.split()
    levels = {"L": 0, "R": -1, "C": -2, "LFE": 6, "Ls": -3, "Rs": -4}
    return [sine(3.0, level_dbfs + levels[name]) for name in names]


def test_the_effects_channel_is_left_out_wherever_a_format_has_it(tmp_path: Path) -> None:
    in_wav = of(tmp_path / "six.wav", *surround("L R C LFE Ls Rs", -30.0))
    in_flac = of(tmp_path / "pcm24.flac", *surround("L R C LFE Ls Rs", -30.0), kind=("FLAC", "PCM_24"))
    in_vorbis = of(tmp_path / "vorbis.ogg", *surround("L C R Ls Rs LFE", -30.0), kind=("OGG", "VORBIS"))
    without = of(tmp_path / "five.wav", *surround("L R C Ls Rs", -30.0))
    assert without.channels == 5
    assert in_wav.integrated_lufs == without.integrated_lufs
    assert in_flac.integrated_lufs == pytest.approx(without.integrated_lufs, abs=0.001)
    assert in_vorbis.integrated_lufs == pytest.approx(without.integrated_lufs, abs=0.2)
    # Levels and peaks are of all channels.
    assert in_wav.sample_peak_dbfs == pytest.approx(-24.0, abs=0.01)


def test_channels_of_no_known_layout_have_levels_but_no_loudness(tmp_path: Path) -> None:
    got = of(tmp_path / "many.wav", *[sine(4.0, -20.0)] * 16)
    assert (got.integrated_lufs, got.max_momentary_lufs, got.loudness_range_lu) == (-math.inf, -math.inf, None)
    assert got.plr_db is None
    assert got.rms_dbfs == pytest.approx(-23.01, abs=0.01)
    assert got.problems == ("many.wav: has 16 channels, and nothing says of which speakers: no loudness",)


def test_what_is_silent_or_too_short_is_undefined(tmp_path: Path) -> None:
    silent = of(tmp_path / "silent.wav", np.zeros(48000 * 5, np.float32))
    assert (silent.integrated_lufs, silent.true_peak_dbtp, silent.rms_dbfs) == (-math.inf,) * 3
    assert (silent.loudness_range_lu, silent.crest_db, silent.plr_db) == (None, None, None)
    short = of(tmp_path / "short.wav", sine(0.399, -20.0))
    assert (short.integrated_lufs, short.max_momentary_lufs) == (-math.inf, -math.inf)
    assert short.sample_peak_dbfs == pytest.approx(-20.0, abs=0.01)
    one = of(tmp_path / "one.wav", np.array([-0.5], np.float32))
    assert one.sample_peak_dbfs == pytest.approx(-6.02, abs=0.01)


def test_threads_change_nothing(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    path = write_sound(tmp_path / "noise.wav", (0.1 * random.standard_normal((48000 * 40, 2))).astype(np.float32))
    assert measure(path, threads=2) == measure(path)


def test_progress_is_told_and_may_end_it(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "long.wav", np.zeros((48000 * 60, 1), np.float32))
    shares: list[float] = []
    measure(path, shares.append)
    assert shares == sorted(shares)
    assert 0.0 <= shares[0] < 0.1 < 0.9 < shares[-1] <= 1.0

    def stop(share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure(path, stop)


def test_samples_that_are_no_numbers_are_silence_and_said(tmp_path: Path) -> None:
    tone = sine(5.0, -20.0)
    spoilt = tone.copy()
    spoilt[24000] = np.nan
    spoilt[30000] = np.inf
    got = of(tmp_path / "spoilt.wav", spoilt)
    assert got.integrated_lufs == pytest.approx(of(tmp_path / "whole.wav", tone).integrated_lufs, abs=0.01)
    assert got.problems == ("spoilt.wav: NaN or infinity at 0.500 s (frame 24000); taken as silence",)


def test_a_file_that_is_cut_short_is_measured_as_far_as_it_goes(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "cut.wav", np.stack([sine(10.0, -23.0)] * 2, 1))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    got = measure(path)
    assert got.duration_s == pytest.approx(5.0, abs=0.01)
    assert got.integrated_lufs == pytest.approx(-23.0, abs=0.01)
    assert got.problems == ("cut.wav: cut short: header says 10.0 s, file holds 5.0 s",)


def test_a_corrupt_place_is_said_and_the_rest_is_measured(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    path = write_sound(tmp_path / "pcm24.flac", (0.1 * random.standard_normal((48000 * 10, 2))).astype(np.float32))
    whole = measure(path)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 5000] = bytes(5000)
    path.write_bytes(content)
    got = measure(path)
    assert got.integrated_lufs == pytest.approx(whole.integrated_lufs, abs=0.3)
    assert len(got.problems) == 1
    assert "pcm24.flac: is corrupt or ends early at" in got.problems[0]


def test_what_is_no_sound_file_is_said_in_one_line(tmp_path: Path) -> None:
    text = tmp_path / "notes.wav"
    text.write_text("these are notes")
    for path, said in (
        (text, 'notes.wav: is not a sound file (it begins with the text "these are notes")'),
        (tmp_path / "none.wav", "not found"),
        (tmp_path, "is a folder, not a sound file"),
    ):
        with pytest.raises(StemError, match=r"^[^\n]*$") as caught:
            measure(path)
        assert said in str(caught.value)


def test_a_file_that_shrinks_while_it_is_read_is_an_error(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "long.wav", np.zeros((48000 * 60, 2), np.float32))

    def cut(share: float) -> None:
        if share > 0.2:
            with path.open("r+b") as file:
                file.truncate(1000)

    with pytest.raises(StemError, match=r"^long.wav: shrank on disk while open \(17280044 to 1000 bytes\)$"):
        measure(path, cut)
