"""Loops, jumps, stops and the end of the song, as they are heard: sample for sample what the song holds, with fades of
10 ms where it is torn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from engine.mix import MASTER, Loop, Monitor, StripControls
from tests.devices.audio_servers import JackServer
from tests.devices.counted_song import counted_mix, places, runs_of, sound_of
from tests.devices.mix_player import MixPlayer
from tests.devices.recorders import Frames, JackRecorder
from tests.devices.test_live_content import varied_mix
from tests.engine.songs import RATE, rendered

FADE = round(0.01 * RATE)
RISE = 0.5 - 0.5 * np.cos(np.pi * np.arange(FADE + 1) / FADE)


def assert_fades_out(recorded: Frames, last: int, place: int) -> None:
    """From the last whole frame on it falls to exact silence."""
    expected = sound_of(place + np.arange(FADE + 1)) * RISE[::-1]
    np.testing.assert_allclose(recorded[last : last + FADE + 1, 0], expected, atol=1e-7)
    assert recorded[last + FADE, 0] == 0.0


def assert_fades_in(recorded: Frames, first: int, place: int) -> None:
    """Up to the first whole frame it rises from silence."""
    expected = sound_of(place - np.arange(FADE, -1, -1)) * RISE
    np.testing.assert_allclose(recorded[first - FADE : first + 1, 0], expected, atol=1e-7)
    assert recorded[first - FADE, 0] == 0.0


def whole_runs(recorded: Frames, number: int) -> list[tuple[int, npt.NDArray[np.int64]]]:
    """As many runs as there must be."""
    runs = runs_of(recorded)
    assert len(runs) == number, [(begin, run[0], run[-1]) for begin, run in runs]
    return runs


@pytest.mark.parametrize("jack_server", [{"period_frames": 100}, {"period_frames": 1024}], indirect=True)
def test_a_loop_is_the_loop_of_the_bounce(tmp_path: Path, jack_server: JackServer, jack_recorder: JackRecorder) -> None:
    mix = varied_mix(tmp_path, RATE)
    start, end = 0.21, 0.4701
    looped = replace(mix, loop=Loop(True, start, end))
    with MixPlayer(jack_server.environment) as player:
        player.play(looped)
        begun = player.now.at_s
        player.wait_for(lambda report: report.at_s > begun + 1.5, "some rounds")
        assert start - 0.01 <= player.now.frame.position_s <= end
        assert player.now.frame.loop_enabled
        assert player.said == []
        assert player.close() == ""
    recorded = jack_recorder.stop()
    bounce = rendered(mix)
    first, last = round(start * RATE), round(end * RATE)
    expected = np.concatenate([bounce[:last], *[bounce[first:last]] * 10])
    begin = int(np.argmax(recorded.any(axis=1)))
    heard = recorded[begin:]
    # What was heard before the fade at the end.
    frames = int(np.argmax(~heard.any(axis=1)) or len(heard)) - 2 * FADE
    assert frames > last + 2 * (last - first)
    np.testing.assert_array_equal(heard[:frames], expected[:frames])


def test_a_loop_is_switched_on_and_off_while_it_plays(
    tmp_path: Path, jack_server: JackServer, jack_recorder: JackRecorder
) -> None:
    with MixPlayer(jack_server.environment) as player:
        mix = counted_mix(tmp_path)
        player.play(mix)
        player.wait_for_position(0.2)
        # The seam is far ahead of what the rings hold, both times: a loaded machine may take a second or two to obey.
        player.call("apply", replace(mix, loop=Loop(True, 0.1, 4.0)))
        player.wait_for_position(3.8)
        player.wait_for(lambda report: report.frame.position_s < 0.5, "another round")
        player.call("apply", mix)
        player.wait_for_position(4.3)
        assert player.said == []
        assert player.close() == ""
    heard = places(jack_recorder.stop())
    steps = np.diff(heard[int(np.argmax(heard == 0.0)) :])
    steps = steps[: int(np.argmax(steps != np.round(steps)))]
    assert set(steps) <= {1.0, 0.1 * RATE - 4.0 * RATE + 1.0}
    assert (steps != 1.0).sum() == 1


def test_a_jump_fades_out_and_in(tmp_path: Path, jack_server: JackServer, jack_recorder: JackRecorder) -> None:
    with MixPlayer(jack_server.environment) as player:
        player.play(counted_mix(tmp_path))
        player.wait_for_position(1.5)
        player.call("locate", 60.0)
        player.wait_for_position(60.3)
        player.call("locate", 5.0)
        player.wait_for(lambda report: 5.3 < report.frame.position_s < 60.0, "the earlier place")
        # Each shows where it goes at once, and nothing else until it is there.
        positions = np.array([report.frame.position_s for report in player.reports])
        assert (np.diff(positions) < 0.0).sum() == 1
        assert (np.diff(positions) > 1.0).sum() == 1
        assert player.said == []
        assert player.close() == ""
    recorded = jack_recorder.stop()
    assert np.abs(np.diff(recorded[:, 0])).max() < 0.002
    runs = whole_runs(recorded, 3)
    for (begin, run), target in zip(runs[1:], (60.0, 5.0), strict=True):
        assert run[0] == target * RATE + FADE
        assert_fades_in(recorded, begin, int(run[0]))
    for begin, run in runs[:2]:
        assert_fades_out(recorded, begin + len(run) - 1, int(run[-1]))


def test_stop_is_exact_silence_and_play_goes_on_from_there(
    tmp_path: Path, jack_server: JackServer, jack_recorder: JackRecorder
) -> None:
    with MixPlayer(jack_server.environment) as player:
        player.play(counted_mix(tmp_path), 1.5)
        player.wait_for_position(1.8)
        player.call("stop")
        stopped = player.wait_for(lambda report: not report.frame.playing, "the stop")
        stood = player.wait_for(lambda report: report.at_s > stopped.at_s + 0.3, "a while")
        player.call("play")
        player.wait_for_position(stood.frame.position_s + 0.3)
        assert player.said == []
        assert player.close() == ""
    recorded = jack_recorder.stop()
    (first, before), (second, after) = whole_runs(recorded, 2)
    assert before[0] == 1.5 * RATE + FADE
    assert_fades_in(recorded, first, int(before[0]))
    assert_fades_out(recorded, first + len(before) - 1, int(before[-1]))
    assert not recorded[first + len(before) + FADE : second - FADE].any()
    assert stood.frame.position_s * RATE == pytest.approx(before[-1] + FADE)
    assert after[0] == before[-1] + FADE + FADE
    assert_fades_in(recorded, second, int(after[0]))


def test_the_song_stops_at_its_end_and_plays_from_its_beginning(
    tmp_path: Path, jack_server: JackServer, jack_recorder: JackRecorder
) -> None:
    with MixPlayer(jack_server.environment) as player:
        player.play(counted_mix(tmp_path, length_s=0.5))
        ended = player.wait_for(lambda report: report.frame.position_s > 0 and not report.frame.playing, "the end")
        assert ended.frame.position_s == ended.frame.length_s == 0.5
        player.call("play")
        player.wait_for(lambda report: report.frame.playing, "the second time")
        again = player.wait_for(lambda report: not report.frame.playing, "its end")
        assert again.frame.position_s == 0.5
        assert player.said == []
        assert player.close() == ""
    recorded = jack_recorder.stop()
    (first, one), (second, two) = whole_runs(recorded, 2)
    song = np.arange(RATE // 2)
    assert (one == song).all()
    assert (two == song).all()
    assert not recorded[first + len(song) : second].any()


def test_the_monitor_volume_changes_what_is_heard_and_not_what_the_master_measures(
    tmp_path: Path, jack_server: JackServer, jack_recorder: JackRecorder
) -> None:
    mix = counted_mix(tmp_path)
    quiet = replace(mix, monitor=Monitor(-20.0))
    with MixPlayer(jack_server.environment) as player:
        player.play(quiet, 50.0)
        peak_dbfs = player.wait_for_position(50.3).frame.peak_dbfs
        assert player.said == []
        assert player.close() == ""
    heard = np.abs(jack_recorder.stop()).max()
    assert heard == pytest.approx(0.1 * sound_of(np.array([50.4 * RATE]))[0], rel=0.02)
    of_master, of_monitor = peak_dbfs[-2].max(), peak_dbfs[-1].max()
    assert of_master == pytest.approx(20 * np.log10(10 * heard), abs=0.2)
    assert of_monitor == pytest.approx(of_master - 20.0, abs=0.1)


def test_a_fader_moved_while_it_plays_leaves_no_step(
    tmp_path: Path, jack_server: JackServer, jack_recorder: JackRecorder
) -> None:
    mix = counted_mix(tmp_path)
    with MixPlayer(jack_server.environment) as player:
        player.play(mix, 50.0)
        player.wait_for_position(50.2)
        for fader_db in (-6.0, -90.0, 0.0):
            player.call("apply", replace(mix, master=replace(MASTER, controls=StripControls(fader_db=fader_db))))
            player.wait_for_position(player.now.frame.position_s + 0.2)
        assert player.said == []
        assert player.close() == ""
    recorded = jack_recorder.stop()
    assert np.abs(np.diff(recorded[:, 0])).max() < 0.002
    assert len(runs_of(recorded)) >= 2
