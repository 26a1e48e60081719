"""The survey: a mix that is played to its meters offline, against what the same sounds must read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.measure import measure
from engine.meters.frame import AFTER_FADER, AFTER_TRIM, INPUT, MeterFrame
from engine.mix import Mix, Stem, Strip, StripControls
from engine.offline import bounce, survey
from tests.engine.songs import RATE, insert, noise, strip, write_stem

MASTER = -2


def loud_and_quiet(rate: int = RATE) -> np.ndarray:
    """Ten seconds of noise at three levels, with silence between them."""
    levels = np.repeat([0.2, 0.0, 0.02, 0.1, 0.0], 2 * rate)[:, None]
    return np.random.default_rng(5).uniform(-1.0, 1.0, (10 * rate, 2)) * levels


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_loudness_is_that_of_the_bounced_file(tmp_path: Path, rate: int) -> None:
    stem = write_stem(tmp_path / "a.wav", loud_and_quiet(rate), rate)
    mix = Mix(rate, (strip(0, stem, StripControls(trim_db=3.0)), strip(1, stem, StripControls(fader_db=-10.0))))
    found = survey(mix)
    bounce(mix, tmp_path / "out.wav", bits="32f")
    file = measure(tmp_path / "out.wav")
    programme = found.frame.programme
    assert programme.integrated_lufs == pytest.approx(file.integrated_lufs, abs=0.01)
    assert programme.loudness_range_lu == pytest.approx(file.loudness_range_lu, abs=0.01)
    assert programme.max_momentary_lufs == pytest.approx(file.max_momentary_lufs, abs=0.01)
    assert programme.max_short_term_lufs == pytest.approx(file.max_short_term_lufs, abs=0.01)
    assert programme.measured_s == pytest.approx(10.0, abs=0.03)
    assert found.length_s == pytest.approx(10.0)
    assert found.frame.integrated_lufs[MASTER, AFTER_FADER] == pytest.approx(file.integrated_lufs, abs=0.05)
    assert found.frame.true_hold_dbtp[MASTER, AFTER_FADER].max() == pytest.approx(file.true_peak_dbtp, abs=0.01)
    assert found.frame.hold_dbfs[MASTER, AFTER_FADER].max() == pytest.approx(file.sample_peak_dbfs, abs=0.001)


def test_integrated_loudness_of_a_stem_is_that_of_its_file(tmp_path: Path) -> None:
    stereo = write_stem(tmp_path / "stereo.wav", loud_and_quiet())
    mono = write_stem(tmp_path / "mono.wav", loud_and_quiet()[:, 0])
    frame = survey(Mix(RATE, (strip(0, stereo, StripControls(trim_db=-6.0)), strip(1, mono)))).frame
    for row, name in enumerate(("stereo.wav", "mono.wav")):
        expected = measure(tmp_path / name).integrated_lufs
        assert frame.integrated_lufs[row, INPUT] == pytest.approx(expected, abs=0.05)
    assert frame.integrated_lufs[0, AFTER_TRIM] == pytest.approx(frame.integrated_lufs[0, INPUT] - 6.0, abs=0.02)
    # Panned to the middle, it is 3 dB lower on each of two sides.
    assert frame.integrated_lufs[1, AFTER_FADER] == pytest.approx(frame.integrated_lufs[1, INPUT], abs=0.02)


def test_evidence_is_of_what_sounds_and_not_of_silence(tmp_path: Path) -> None:
    tone = np.zeros((10 * RATE, 2))
    tone[2 * RATE : 7 * RATE, 1] = 0.1 * np.sin(2.0 * np.pi * 1000.0 / RATE * np.arange(5 * RATE))
    frame = survey(Mix(RATE, (strip(0, write_stem(tmp_path / "a.wav", tone)),))).frame
    evidence = frame.evidence
    assert evidence.average_dbfs[0, INPUT] == pytest.approx(-20.0, abs=0.3)  # first and last blocks are not full
    assert evidence.peak_dbfs[0, INPUT] == pytest.approx(-20.0, abs=0.01)
    assert evidence.sounding_s[0, INPUT] == pytest.approx(5.0, abs=0.5)
    assert evidence.average_dbfs[-1, AFTER_FADER] == -np.inf


def test_a_survey_of_a_part_hears_that_part_only(tmp_path: Path) -> None:
    sound = np.concatenate([noise(2.0, 1, level=0.5), noise(2.0, 2, level=0.05), noise(2.0, 3, level=0.5)])
    mix = Mix(RATE, (strip(0, write_stem(tmp_path / "a.wav", sound)),))
    found = survey(mix, start_s=2.0, end_s=4.0)
    assert found.length_s == pytest.approx(2.0)
    assert found.frame.hold_dbfs[0, INPUT].max() == pytest.approx(20.0 * np.log10(0.05), abs=0.1)


def test_what_is_wrong_with_stems_is_told_and_the_rest_is_measured(tmp_path: Path) -> None:
    mix = Mix(RATE, (strip(0, Stem(str(tmp_path / "none.wav"))), strip(1, write_stem(tmp_path / "a.wav", noise(1, 1)))))
    found = survey(mix)
    assert len(found.problems) == 1
    assert "none.wav" in found.problems[0]
    assert (found.frame.hold_dbfs[0, INPUT] == -np.inf).all()
    assert (found.frame.hold_dbfs[1, INPUT] > -20.0).all()


def test_nothing_to_play_reads_as_silence() -> None:
    found = survey(Mix(RATE, (Strip("a", "A"),)))
    assert found.length_s == 0.0
    assert (found.frame.peak_dbfs == -np.inf).all()
    assert found.frame.peak_dbfs.shape[0] == 3


def test_a_survey_is_the_same_every_time(tmp_path: Path) -> None:
    mix = Mix(RATE, (Strip("a", "A", write_stem(tmp_path / "a.wav", noise(3, 1)), inserts=(insert("compressor"),)),))

    def told(frame: MeterFrame) -> list[bytes]:
        arrays = (frame.true_hold_dbtp, frame.integrated_lufs, frame.evidence.average_dbfs, frame.evidence.peak_dbfs)
        return [array.tobytes() for array in arrays]

    assert told(survey(mix).frame) == told(survey(mix).frame)


def test_a_survey_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[float] = []
    survey(Mix(RATE, (strip(0, write_stem(tmp_path / "a.wav", noise(2, 1))),)), progress=told.append)
    assert told == sorted(told)
    assert 0.0 < told[0] < 1.0
    assert told[-1] == 1.0
