"""PulseAudio, through ALSA: what it plays is the bounce; it dies politely and comes back."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from tests.devices.audio_servers import PulseServer, start_pulse
from tests.devices.counted_song import counted_mix, places, runs_of
from tests.devices.mix_player import MixPlayer
from tests.devices.recorders import PulseRecorder
from tests.engine.songs import RATE

NO_CALL_S = 0.7


def test_what_reaches_pulseaudio_is_the_song(
    tmp_path: Path, pulse_server: PulseServer, pulse_recorder: PulseRecorder
) -> None:
    with MixPlayer(pulse_server.environment) as player:
        player.play(counted_mix(tmp_path, length_s=1.0))
        ended = player.wait_for(lambda report: report.frame.position_s > 0 and not report.frame.playing, "the end")
        assert (ended.status.state, ended.status.name, ended.status.host) == ("device", "default", "ALSA")
        assert ended.status.sample_rate_hz == RATE
        # The server may drop what it still holds when a stream ends.
        player.wait_for(lambda report: report.at_s > ended.at_s + 0.5, "the last of it")
        xruns = player.now.frame.xruns
        assert player.said == []
        assert player.close() == ""
    recorded = pulse_recorder.stop()
    if not xruns:
        assert (runs_of(recorded)[0][1] == np.arange(RATE)).all()
    assert np.nanmax(places(recorded)) == RATE - 1


def test_a_killed_pulseaudio_is_gone_on_without_and_returned_to(tmp_path: Path, pulse_server: PulseServer) -> None:
    with MixPlayer(pulse_server.environment) as player:
        player.play(counted_mix(tmp_path))
        player.wait_for_position(0.5)
        pulse_server.kill()
        silent = player.wait_for_state("clock")
        assert silent.frame.position_s >= 0.5
        [notice] = player.notices
        assert notice.severity == "warning"
        assert notice.text.startswith('audio device "default" lost (')
        assert notice.text.endswith("): silent clock until it is back")
        player.wait_for_position(silent.frame.position_s + 0.5)
        again = start_pulse(pulse_server.socket.parent)
        try:
            recorder = PulseRecorder(again, tmp_path / "again.f32")
            back = player.wait_for_state("device", timeout_s=60.0)
            left = player.before(back)
            player.wait_for_position(back.frame.position_s + 0.5)
            assert player.said[1:] == ['audio device "default" is back: playing on it']
            assert player.slowest_call_s < NO_CALL_S
            recorded = recorder.stop()
            assert player.close() == ""
        finally:
            again.close()
    assert 0 <= runs_of(recorded)[0][1][0] - round(left.frame.position_s * RATE) < RATE // 4


def test_a_pulseaudio_that_stops_is_gone_on_without_until_it_continues(
    tmp_path: Path, pulse_server: PulseServer
) -> None:
    with MixPlayer(pulse_server.environment) as player:
        player.play(counted_mix(tmp_path))
        player.wait_for_position(0.5)
        pulse_server.stall()
        player.wait_for_state("clock")
        assert player.said == ['audio device "default" lost (no callback for 0.5 s): silent clock until it is back']
        pulse_server.go_on()
        player.wait_for_state("device", timeout_s=60.0)
        assert player.said[1:] == ['audio device "default" is back: playing on it']
        assert player.slowest_call_s < NO_CALL_S
        assert player.close() == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="real-time priority is a right of root's here")
def test_the_audio_thread_has_real_time_priority(tmp_path: Path, pulse_server: PulseServer) -> None:
    with MixPlayer(pulse_server.environment) as player:
        player.play(counted_mix(tmp_path))
        player.wait_for_position(0.2)
        threads = [int(folder.name) for folder in Path(f"/proc/{player.audio_pid()}/task").iterdir()]
        assert [os.sched_getscheduler(thread) for thread in threads].count(os.SCHED_FIFO) == 1
        assert player.close() == ""
