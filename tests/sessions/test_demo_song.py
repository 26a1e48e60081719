"""The demo as it sounds: a song in time and in tune, the same each time, with five faults and no others."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from engine.offline import render
from sessions.demo import write_demo
from sessions.demo.melody import lead
from sessions.demo.plan import FILE_NAMES, stems
from sessions.demo.score import BEAT_S, BEATS_PER_BAR, CHORUS, DURATION_S, PROGRESSION, chord_at
from sessions.mix import mix_of
from sessions.stems import session_from_folder

Frames = npt.NDArray[np.float64]
pytestmark = pytest.mark.xdist_group("demo")  # made once

RATE = 48_000
STEREO = {"04 Toms.wav", "05 Overheads.wav", "07 Keys.wav", "08 Pad.wav", "12 Backing Vox.wav"}
HEALTHY = set(FILE_NAMES) - {"02 Snare.wav", "07 Keys.wav", "08 Pad.wav", "11 Lead Vox.wav", "12 Backing Vox.wav"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(tmp_path_factory.mktemp("demo"), RATE)


@pytest.fixture(scope="module")
def song(folder: Path) -> dict[str, Frames]:
    """Every stem as it is read back, shape (frames, channels)."""
    return {name: soundfile.read(folder / name, always_2d=True)[0] for name in FILE_NAMES}


def decibels(value: float) -> float:
    return float(20.0 * np.log10(max(value, 1e-12)))


def peak_dbfs(frames: Frames) -> float:
    return decibels(float(np.abs(frames).max()))


def average_dbfs(frames: Frames) -> float:
    """Mathematical, without windows of silence."""
    power = np.array([np.mean(window**2) for window in np.array_split(frames, len(frames) // 20_000)])
    return decibels(float(np.sqrt(power[power > 1e-7].mean())))


def flat_tops(frames: Frames) -> int:
    """Runs of at least three samples in a row at full scale."""
    full = (np.abs(frames[:, 0]) >= 1.0 - 2.0**-23).astype(int)
    return int(np.sum((full[:-3] == 0) & (full[1:-2] == 1) & (full[2:-1] == 1) & (full[3:] == 1)))


def strongest_hz(frames: Frames, low_hz: float, high_hz: float) -> float:
    """Frequency of the strongest partial of a mono piece in a range, between bins."""
    size = 1 << 18
    spectrum = np.abs(np.fft.rfft(frames * np.hanning(len(frames)), size))
    bins = np.fft.rfftfreq(size, 1.0 / RATE)
    spectrum[(bins < low_hz) | (bins > high_hz)] = 0.0
    return float(bins[np.argmax(spectrum)])


def hertz(pitch: int) -> float:
    return 440.0 * 2.0 ** ((pitch - 69) / 12)


def cents(frequency_hz: float, pitch: int) -> float:
    return 1200.0 * np.log2(frequency_hz / hertz(pitch))


# --- files


def test_all_stems_last_as_long_as_the_song(folder: Path) -> None:
    assert 60.0 <= DURATION_S <= 90.0
    assert {soundfile.info(folder / name).duration for name in FILE_NAMES} == {DURATION_S}


def test_formats_differ_as_those_of_a_real_delivery_do(folder: Path) -> None:
    infos: dict[str, Any] = {name: soundfile.info(folder / name) for name in FILE_NAMES}
    assert {name for name, info in infos.items() if info.channels == 2} == STEREO
    assert {name for name, info in infos.items() if info.subtype != "PCM_24"} == {"01 Kick.wav"}
    assert infos["01 Kick.wav"].subtype == "PCM_16"
    assert {name for name, info in infos.items() if info.samplerate != RATE} == {"10 Acoustic.wav"}
    assert infos["10 Acoustic.wav"].samplerate == 44_100


def test_the_folder_opens_as_twelve_strips_with_the_guitars_joined(folder: Path) -> None:
    session, _ = session_from_folder(folder)
    names = [strip.name for strip in session.strips]
    assert len(names) == 12
    assert names.count("Guitar") == 1


def test_a_stem_is_the_same_in_every_run_and_without_the_others(folder: Path) -> None:
    alone = frozenset({"05 Overheads.wav", "06 Bass.wav", "09 Guitar.R.wav", "12 Backing Vox.wav"})
    for stem in stems(RATE, alone):
        stored, _ = soundfile.read(folder / stem.file_name, dtype="int32")
        made = np.clip(np.rint(stem.frames.astype(np.float64) * 2**23), -(2**23), 2**23 - 1).astype(np.int32) << 8
        assert hashlib.sha256(made.tobytes()).digest() == hashlib.sha256(stored.tobytes()).digest(), stem.file_name


@pytest.mark.parametrize(("rate", "other"), [(44_100, 48_000), (96_000, 44_100)])
def test_other_rates_sound_alike(song: dict[str, Frames], rate: int, other: int) -> None:
    kick, acoustic = stems(rate, frozenset({"01 Kick.wav", "10 Acoustic.wav"}))
    assert (kick.sample_rate_hz, acoustic.sample_rate_hz) == (rate, other)
    assert len(kick.frames) == round(DURATION_S * rate)
    # Strokes come at the same times: the envelopes agree.
    envelopes = [
        np.sqrt(np.mean(np.square(frames[: len(frames) // 840 * 840]).reshape(840, -1), axis=1))
        for frames in (kick.frames.astype(float), song["01 Kick.wav"][:, 0])
    ]
    assert np.corrcoef(*envelopes)[0, 1] > 0.99


# --- faults


def test_the_snare_peaks_at_minus_one(song: dict[str, Frames]) -> None:
    assert peak_dbfs(song["02 Snare.wav"]) == pytest.approx(-1.0, abs=0.01)
    assert flat_tops(song["02 Snare.wav"]) == 0


def test_the_keys_average_minus_forty_five(song: dict[str, Frames]) -> None:
    assert average_dbfs(song["07 Keys.wav"]) == pytest.approx(-45.0, abs=0.5)


def test_the_lead_voice_is_clipped_in_many_places(song: dict[str, Frames]) -> None:
    assert flat_tops(song["11 Lead Vox.wav"]) > 1_000


def test_the_pad_has_five_per_cent_of_direct_current(song: dict[str, Frames]) -> None:
    assert song["08 Pad.wav"].mean(axis=0) == pytest.approx([0.05, 0.05], abs=0.001)


def test_the_backing_voices_hiss_and_hum_while_nobody_sings(song: dict[str, Frames]) -> None:
    pause = song["12 Backing Vox.wav"][: 20 * RATE]
    assert -50.0 < average_dbfs(pause) < -44.0
    spectrum = np.abs(np.fft.rfft(pause[: 16 * RATE, 0] * np.hanning(16 * RATE)))
    hum, hiss = spectrum[50 * 16 - 2 : 50 * 16 + 3].max(), np.median(spectrum[2_000 * 16 : 10_000 * 16])
    assert decibels(hum / hiss) > 30.0
    # Hiss, unlike hum, differs between the sides.
    difference = pause[:, 0] - pause[:, 1]
    assert decibels(float(np.sqrt(np.mean(difference**2)))) == pytest.approx(-51.0, abs=0.5)


@pytest.mark.parametrize("name", sorted(HEALTHY))
def test_the_other_stems_are_recorded_well(song: dict[str, Frames], name: str) -> None:
    assert -13.0 < peak_dbfs(song[name]) < -6.0
    assert np.abs(song[name].mean(axis=0)).max() < 0.002
    floor = np.sort([np.sqrt(np.mean(piece**2)) for piece in np.array_split(song[name], 840)])[0]
    assert decibels(float(floor)) < -60.0 or name == "10 Acoustic.wav"


def test_the_faults_are_the_only_ones(song: dict[str, Frames]) -> None:
    assert [name for name in FILE_NAMES if flat_tops(song[name])] == ["11 Lead Vox.wav"]
    assert [name for name in FILE_NAMES if abs(song[name].mean()) > 0.01] == ["08 Pad.wav"]
    assert [name for name in FILE_NAMES if average_dbfs(song[name]) < -35.0] == ["07 Keys.wav"]


def test_with_all_faders_at_unity_the_master_is_over(folder: Path) -> None:
    session, _ = session_from_folder(folder)
    start_s = CHORUS.first_bar * BEATS_PER_BAR * BEAT_S
    report = render(mix_of(session), lambda frames: None, start_s=start_s, end_s=start_s + 5.0)
    assert 2.0 < report.peak_dbfs < 8.0


# --- music


def test_the_kick_lies_on_sixteenths(song: dict[str, Frames]) -> None:
    click = np.abs(np.diff(song["01 Kick.wav"][:, 0], 2))
    hop = RATE // 1_000
    envelope = click[: len(click) // hop * hop].reshape(-1, hop).max(axis=1)
    loud = np.flatnonzero(envelope > 0.05 * envelope.max())
    onsets_s = loud[np.diff(loud, prepend=-100) > 50] / 1_000
    assert len(onsets_s) > 80
    distance_s = np.abs(onsets_s / (BEAT_S / 4) - np.round(onsets_s / (BEAT_S / 4))) * (BEAT_S / 4)
    assert distance_s.max() < 0.03


def test_the_bass_plays_the_root_of_every_chord(song: dict[str, Frames]) -> None:
    bass = song["06 Bass.wav"][:, 0]
    for bar in range(4, len(PROGRESSION)):
        start = round(bar * BEATS_PER_BAR * BEAT_S * RATE)
        root = chord_at(bar * BEATS_PER_BAR).root
        heard_hz = strongest_hz(bass[start + 1_000 : start + 11_000], 0.8 * hertz(root), 1.6 * hertz(root))
        assert abs(cents(heard_hz, root)) < 50.0, f"bar {bar} ({PROGRESSION[bar]})"


def test_the_lead_sings_its_melody_in_tune(song: dict[str, Frames]) -> None:
    voice = song["11 Lead Vox.wav"][:, 0]
    long_notes = [note for note in lead() if note.beats >= 1.0]
    assert len(long_notes) > 30
    for note in long_notes:
        start = round((note.beat * BEAT_S + 0.12) * RATE)
        piece = voice[start : start + round((note.beats * BEAT_S - 0.2) * RATE)]
        heard_hz = strongest_hz(piece, 0.9 * hertz(note.pitch), 1.1 * hertz(note.pitch))
        assert abs(cents(heard_hz, note.pitch)) < 45.0, note


def test_the_chorus_is_louder_than_the_verse(song: dict[str, Frames]) -> None:
    band = sum(song[name][:, 0] for name in FILE_NAMES if name not in ("10 Acoustic.wav", "08 Pad.wav"))
    bar = round(BEATS_PER_BAR * BEAT_S * RATE)
    verse, chorus = band[4 * bar : 12 * bar, None], band[12 * bar : 20 * bar, None]
    assert average_dbfs(chorus) > average_dbfs(verse) + 2.0
