"""The mix of the demo as it is bounced: finished enough to be listened to, and with the faults README.md tells."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from engine.offline import render
from sessions.demo import write_demo
from sessions.demo.melody import lead
from sessions.demo.mix import demo_session
from sessions.demo.score import BEAT_S, BEATS_PER_BAR, CHORUS, DURATION_S
from sessions.mix import mix_of
from sessions.model import MasterState, Session

Frames = npt.NDArray[np.float64]
pytestmark = pytest.mark.xdist_group("demo")  # made once

RATE = 48_000
CHORUS_S = CHORUS.first_bar * BEATS_PER_BAR * BEAT_S
OPERATING_DBFS = -18.0


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return demo_session(write_demo(tmp_path_factory.mktemp("demo"), RATE), RATE)


@pytest.fixture(scope="module")
def song(session: Session) -> Frames:
    return bounced(session)


def bounced(session: Session, start_s: float = 0.0, end_s: float | None = None) -> Frames:
    blocks: list[npt.NDArray[np.float32]] = []
    report = render(mix_of(session), lambda frames: blocks.append(frames.copy()), start_s=start_s, end_s=end_s)
    assert report.problems == ()
    return np.concatenate(blocks).astype(np.float64)


def decibels(value: float) -> float:
    return float(20.0 * np.log10(max(value, 1e-9)))


def average_dbfs(frames: Frames) -> float:
    """Mathematical, of windows of 0.4 s above -70 dBFS."""
    power = (frames[: len(frames) // 19_200 * 19_200] ** 2).reshape(-1, 19_200 * frames.shape[1]).mean(axis=1)
    return float(10.0 * np.log10(power[power > 1e-7].mean()))


def loudness_lufs(frames: Frames) -> float:
    """ITU-R BS.1770-5 at 48 kHz: K-weighting (tables 1 and 2) by its frequency response, and both gates."""
    size = 1 << (len(frames) + RATE).bit_length()
    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1.0 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high_pass = (1.0 - z) ** 2 / (1.0 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    weighted = np.fft.irfft(np.fft.rfft(frames, size, axis=0) * (shelf * high_pass)[:, None], size, axis=0)
    tenth = RATE // 10
    energy = (weighted[: len(frames) // tenth * tenth] ** 2).reshape(-1, tenth, 2).mean(axis=1).sum(axis=1)
    blocks = np.convolve(energy, np.full(4, 0.25), "valid")
    level = -0.691 + 10.0 * np.log10(np.maximum(blocks, 1e-12))
    gate = -0.691 + 10.0 * np.log10(blocks[level > -70.0].mean()) - 10.0
    return float(-0.691 + 10.0 * np.log10(blocks[(level > -70.0) & (level > gate)].mean()))


def true_peak_dbtp(frames: Frames) -> float:
    """Of eight times the rate, by spectra filled up with zeros; their edges, where a piece is cut, are not counted."""
    size, edge, highest = 1 << 15, 512, 0.0
    for start in range(0, len(frames), size - 2 * edge):
        piece = frames[start : start + size]
        if np.abs(piece).max() > 0.5:
            spectrum = np.fft.rfft(piece, axis=0)
            between = 8.0 * np.fft.irfft(spectrum, 8 * len(piece), axis=0)
            highest = max(highest, float(np.abs(between[8 * edge : -8 * edge]).max()))
    return decibels(highest)


def with_strips(session: Session, heard: Iterable[str] | None = None, **changes: object) -> Session:
    """The session with all stems muted but some, and without what is on the master."""
    strips = tuple(
        msgspec.structs.replace(strip, **(changes | {"mute": heard is not None and strip.id not in heard}))
        if strip.kind == "stem"
        else strip
        for strip in session.strips
    )
    return msgspec.structs.replace(session, strips=strips, master=MasterState())


def into_insert(session: Session, name: str, slot: int) -> Frames:
    """What comes into an insert of a stem in the chorus: its left side, at the level it has there."""
    strip = next(strip for strip in session.stems if strip.name == name)
    before = strip.inserts[: slot - 1]
    # Panned to one side, a strip has its own level there.
    alone = msgspec.structs.replace(strip, fader_db=0.0, pan_percent=-100.0, output="master", inserts=before, sends=())
    bare = msgspec.structs.replace(session, strips=(alone,), master=MasterState())
    return bounced(bare, CHORUS_S, CHORUS_S + 8.0)[:, :1]


def into_bus(session: Session, name: str) -> Frames:
    bus = next(strip for strip in session.buses if strip.name == name)
    plain = msgspec.structs.replace(bus, fader_db=0.0, inserts=())
    members = tuple(msgspec.structs.replace(one, sends=()) for one in session.stems if one.output == bus.id)
    bare = msgspec.structs.replace(session, strips=(*members, plain), master=MasterState())
    return bounced(bare, CHORUS_S, CHORUS_S + 8.0)


# --- the bounce


def test_the_bounce_is_whole(song: Frames) -> None:
    assert len(song) == round(DURATION_S * RATE)
    assert np.isfinite(song).all()
    silent = [bool(np.abs(second).max() < 1e-3) for second in np.array_split(song, 84)]
    assert not any(silent)


def test_its_loudness_is_that_of_a_song_for_streaming(song: Frames) -> None:
    assert -16.0 < loudness_lufs(song) < -14.0


def test_no_peak_is_above_the_ceiling_of_its_limiter(song: Frames) -> None:
    assert decibels(float(np.abs(song).max())) < -0.9
    assert true_peak_dbtp(song) < -0.9


def test_the_limiter_takes_the_highest_peaks_and_no_more(song: Frames, session: Session) -> None:
    assert true_peak_dbtp(song) > -1.2
    without = msgspec.structs.replace(session.master, inserts=session.master.inserts[:2])
    before = bounced(msgspec.structs.replace(session, master=without), CHORUS_S, CHORUS_S + 8.0)
    gain_db = session.master.inserts[2].value("input_gain_db")
    assert decibels(float(np.abs(before).max())) + gain_db < 3.0


def test_left_and_right_are_balanced(song: Frames) -> None:
    left, right = np.sqrt(np.mean(song**2, axis=0))
    assert abs(decibels(left / right)) < 2.0
    assert 0.2 < np.corrcoef(song.T)[0, 1] < 0.98


def test_the_sections_differ(song: Frames) -> None:
    bar = round(BEATS_PER_BAR * BEAT_S * RATE)
    intro, verse, chorus = (song[first * bar : last * bar] for first, last in ((0, 4), (4, 12), (12, 20)))
    assert loudness_lufs(intro) + 2.0 < loudness_lufs(verse) < loudness_lufs(chorus) - 0.5


def test_lows_middle_and_highs_are_all_there(song: Frames) -> None:
    spectrum = np.abs(np.fft.rfft(song.mean(axis=1)[30 * RATE : 46 * RATE])) ** 2
    hertz = np.fft.rfftfreq(16 * RATE, 1.0 / RATE)
    whole = spectrum.sum()
    share = [
        10.0 * np.log10(spectrum[(hertz > low) & (hertz < high)].sum() / whole)
        for low, high in ((30, 150), (150, 600), (600, 3_000), (3_000, 15_000))
    ]
    assert min(share[:3]) > -10.0
    assert share[3] > -22.0
    assert max(share) < -1.0


def test_reverb_and_echo_are_heard_after_the_voice_has_stopped_and_die_away(session: Session) -> None:
    voice = next(strip for strip in session.stems if strip.name == "Lead Vox")
    last = max(lead(), key=lambda note: note.beat + note.beats)
    stops_s = (last.beat + last.beats) * BEAT_S
    # Two seconds before, so that there is something to ring on.
    wet, dry = (
        bounced(with_strips(session, {voice.id}, **changes), stops_s - 2.0, min(stops_s + 4.0, DURATION_S))
        for changes in ({}, {"sends": ()})
    )

    def level_dbfs(frames: Frames, after_s: float) -> float:
        piece = frames[round((2.0 + after_s) * RATE) : round((2.4 + after_s) * RATE)]
        return decibels(float(np.sqrt(np.mean(piece**2))))

    assert -55.0 < level_dbfs(wet, 0.8) < -30.0
    assert level_dbfs(dry, 0.8) < level_dbfs(wet, 0.8) - 15.0
    assert level_dbfs(wet, 2.4) < level_dbfs(wet, 0.8) - 15.0


# --- the faults of the mix


def test_the_lead_voice_drives_its_compressor_ten_decibels_hot(session: Session) -> None:
    into = into_insert(session, "Lead Vox", 2)
    assert average_dbfs(into) == pytest.approx(OPERATING_DBFS + 10.0, abs=2.0)
    assert next(strip for strip in session.stems if strip.name == "Lead Vox").trim_db == 0.0


def test_the_boosts_of_the_bass_add_up(session: Session) -> None:
    levels = [average_dbfs(into_insert(session, "Bass", slot)) for slot in (1, 2, 3)]
    assert levels[0] == pytest.approx(OPERATING_DBFS, abs=1.5)
    assert levels[1] > levels[0] + 2.0
    assert levels[2] > levels[1] + 4.0
    assert levels[2] == pytest.approx(OPERATING_DBFS + 10.0, abs=1.5)


def test_the_drum_bus_comes_in_hot_and_over(session: Session) -> None:
    into = into_bus(session, "Drums")
    assert average_dbfs(into) == pytest.approx(-14.0, abs=1.0)
    assert decibels(float(np.abs(into).max())) == pytest.approx(4.0, abs=1.0)
    drums = next(strip for strip in session.buses if strip.name == "Drums")
    assert drums.trim_db == 0.0


def test_the_backing_voices_are_louder_in_the_reverb_than_dry(session: Session) -> None:
    backing = next(strip for strip in session.stems if strip.name == "Backing Vox")
    wet = bounced(with_strips(session, {backing.id}, output=None), CHORUS_S, CHORUS_S + 8.0)
    dry = bounced(with_strips(session, {backing.id}, sends=()), CHORUS_S, CHORUS_S + 8.0)
    assert loudness_lufs(wet) > loudness_lufs(dry)


# --- the faults of the stems, as the mix meets them


def test_the_keys_never_reach_the_threshold_of_their_compressor(session: Session) -> None:
    keys = next(strip for strip in session.stems if strip.name == "Keys")
    threshold_db = keys.inserts[0].value("threshold_db")
    assert decibels(float(np.abs(into_insert(session, "Keys", 1)).max())) < threshold_db - 3.0
    assert keys.fader_db == 6.0


def test_the_gate_of_the_backing_voices_lies_below_their_noise_and_would_hold_it_if_raised(session: Session) -> None:
    backing = next(strip for strip in session.stems if strip.name == "Backing Vox")
    raised = msgspec.structs.replace(
        backing, inserts=(backing.inserts[0].with_value("threshold_db", -30.0), *backing.inserts[1:])
    )
    pause = [bounced(with_strips(session.with_strip(strip), {backing.id}), 10.0, 14.0) for strip in (backing, raised)]
    assert average_dbfs(pause[0]) > -60.0
    closed = pause[1][2 * RATE :]  # a gate begins open
    assert decibels(float(np.abs(closed).max())) < -70.0


def test_the_high_pass_of_the_pad_would_take_its_direct_current_away(session: Session) -> None:
    assert into_insert(session, "Pad", 2).mean() == pytest.approx(0.05 * 10.0 ** (3.0 / 20.0), rel=0.05)
    pad = next(strip for strip in session.stems if strip.name == "Pad")
    filtered = msgspec.structs.replace(pad, inserts=(pad.inserts[0].with_value("high_pass", 1.0), *pad.inserts[1:]))
    assert abs(into_insert(session.with_strip(filtered), "Pad", 2).mean()) < 1e-3
