"""`gainstage check` and the flags, through the engine: what it finds in real sound, what it prints, its exit codes."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

from engine.offline import write_wav
from sessions.checking import check
from sessions.file import save
from sessions.flag_edits import intend
from sessions.flags import Point
from sessions.insert import InsertState
from sessions.model import MASTER_ID
from sessions.profiles import PROFILES
from sessions.stems import session_from_folder
from tui.cli import main

RATE = 48000
SECONDS = 6


def sine(level_dbfs, seconds=SECONDS):
    return 10.0 ** (level_dbfs / 20.0) * np.sin(2.0 * np.pi * 997.0 * np.arange(round(seconds * RATE)) / RATE)


def kick():
    """A hit every half second: peaks at -1 dBFS, an average of about -24."""
    hits = np.zeros(SECONDS * RATE)
    time_s = np.arange(RATE // 4) / RATE
    hit = np.sin(2.0 * np.pi * 60.0 * time_s) * np.exp(-time_s / 0.018)
    for start in range(0, len(hits), RATE // 2):
        hits[start : start + len(hit)] += hit[: len(hits) - start]
    return 10.0 ** (-1.0 / 20.0) * hits / np.abs(hits).max()


def sparse_vocal():
    """Sings at -18 for 30 % of the time."""
    voice = sine(-18.0)
    voice[round(0.3 * len(voice)) :] = 0.0
    return voice


def folder_of(path, **stems):
    folder = path / "Song"
    folder.mkdir()
    for name, wave in stems.items():
        write_wav(folder / f"{name}.wav", np.stack([wave, wave], 1).astype(np.float32), RATE, "PCM_24")
    return folder


def session_of(folder, *inserts, master=()):
    """The session of a folder, with inserts on its first strip."""
    session = session_from_folder(folder)[0]
    first, *others = session.strips
    strips = (msgspec.structs.replace(first, inserts=inserts), *others)
    return msgspec.structs.replace(
        session, strips=strips, master=msgspec.structs.replace(session.master, inserts=master)
    )


def saved(session, folder):
    path = folder / "Song.gainstage"
    save(session, path, expected=None)
    return path


def flags(checked):
    """What is found by stage, without what is said of the delivery."""
    return {finding.stage: finding for finding in checked.findings if finding.rule in ("S2", "S5", "S7", "S9")}


def test_boosts_along_a_chain_make_the_saturator_hot_by_their_sum_and_both_are_named(tmp_path):
    folder = folder_of(tmp_path, Vox=sine(-18.0))
    equaliser = InsertState("equaliser", output_db=4.0)
    compressor = InsertState("compressor", output_db=6.0).with_value("threshold_db", 0.0)
    path = saved(session_of(folder, equaliser, compressor, InsertState("saturator")), folder)
    found = flags(check(path))["3 Saturator"]
    assert found.cause == "HOT by 10.0 dB: 2 Compressor adds 6.0 dB, 1 Equaliser adds 4.0 dB"
    assert found.fix == "Vox: output of 2 Compressor -10.0 dB, to -4.0"


def test_a_sine_at_the_operating_level_is_right_everywhere(tmp_path):
    folder = folder_of(tmp_path, Tone=sine(-18.0))
    kinds = ("equaliser", "gate", "utility", "compressor")
    inserts = [InsertState(kind) for kind in kinds]
    inserts[3] = inserts[3].with_value("threshold_db", 0.0)
    path = saved(session_of(folder, *inserts, master=(InsertState("equaliser"),)), folder)
    assert flags(check(path)) == {}


def test_a_kick_of_high_peaks_and_a_low_average_is_not_cold(tmp_path):
    folder = folder_of(tmp_path, Kick=kick())
    path = saved(session_of(folder, InsertState("compressor")), folder)
    found = flags(check(path))
    assert not [finding for finding in found.values() if "COLD" in finding.cause]
    assert "HOT by 5.0 dB" in found["1 Compressor"].cause


def test_a_vocal_with_much_silence_is_judged_by_what_sounds(tmp_path):
    folder = folder_of(tmp_path, Vox=sparse_vocal())
    path = saved(session_of(folder, InsertState("compressor").with_value("threshold_db", 0.0)), folder)
    assert flags(check(path)) == {}


@pytest.mark.parametrize("rate", [44100, 96000])
def test_levels_are_the_same_at_any_rate(tmp_path, rate):
    folder = folder_of(tmp_path, Vox=sine(-8.0))
    session = msgspec.structs.replace(session_of(folder, InsertState("equaliser")), sample_rate_hz=rate)
    assert flags(check(saved(session, folder)))["1 Equaliser"].cause.startswith("HOT by 10.0 dB")


def test_the_document_and_the_exit_codes(tmp_path, capsys):
    folder = folder_of(tmp_path, Vox=sine(-5.0), Bass=sine(-18.0))
    assert main(["check", str(folder), "--json"]) == 1
    seen = capsys.readouterr()
    found = json.loads(seen.out)
    assert seen.err == ""
    assert (found["strips"], found["duration_s"]) == (2, SECONDS)
    vox = next(finding for finding in found["findings"] if finding["rule"] == "S2")
    assert (vox["strip"], vox["stage"], vox["unit"]) == ("Vox", "input", "dBFS")
    assert vox["value"] == pytest.approx(-5.0, abs=0.05)
    assert vox["fix"] == "Vox: trim -13.0 dB, to -13.0"


def test_a_mix_that_is_as_its_profile_wants_it_is_fine(tmp_path, capsys):
    profile = PROFILES["r128"]
    assert profile.lowest_lufs <= -23.0 <= profile.highest_lufs
    folder = folder_of(tmp_path, Tone=sine(-23.0))
    assert main(["check", str(folder), "--profile", "r128"]) == 0
    assert "nothing to put right" in capsys.readouterr().out


def test_what_is_meant_to_be_so_counts_for_nothing(tmp_path, capsys):
    folder = folder_of(tmp_path, Tone=sine(-13.0))
    session = session_of(folder, InsertState("equaliser"))
    meant = intend(Point(session.strips[0].id, "insert", 1), True).apply(session)
    quiet = msgspec.structs.replace(meant, master=msgspec.structs.replace(meant.master, fader_db=-10.0))
    assert main(["check", str(saved(quiet, folder)), "--profile", "r128"]) == 0
    assert "meant to be so" in capsys.readouterr().out


def test_what_cannot_be_checked_is_one_line(tmp_path, capsys):
    assert main(["check", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    with pytest.raises(SystemExit) as ended:
        main(["check", str(tmp_path), "--profile", "loud"])
    assert ended.value.code == 2
    assert "loud" in capsys.readouterr().err


def test_a_stem_that_is_gone_is_said_and_the_rest_is_checked(tmp_path, capsys):
    folder = folder_of(tmp_path, Vox=sine(-5.0), Bass=sine(-18.0))
    path = saved(session_of(folder), folder)
    Path(folder / "Bass.wav").unlink()
    assert main(["check", str(path)]) == 1
    seen = capsys.readouterr()
    assert "Bass" in seen.err
    assert "Vox" in seen.out


def test_a_master_has_no_sends_and_its_limiter_is_named(tmp_path):
    folder = folder_of(tmp_path, Tone=sine(-18.0))
    path = saved(session_of(folder, master=(InsertState("limiter"),)), folder)
    limiters = [finding for finding in check(path).findings if finding.target == "no limiter"]
    assert [finding.fix for finding in limiters] == ["Master: bypass 1 Limiter"]
    assert MASTER_ID not in {finding.strip for finding in limiters}


def test_a_check_says_that_solo_leaves_out_the_rest(tmp_path):
    folder = folder_of(tmp_path, kick=sine(-18.0, 2.0), vox=sine(-18.0, 2.0))
    session = session_from_folder(folder)[0]
    first, second = session.strips
    solo = msgspec.structs.replace(session, strips=(first, msgspec.structs.replace(second, solo=True)))
    assert check(saved(solo, folder)).problems == (
        "solo is on (vox): buses, returns and the master are judged without the rest",
    )
