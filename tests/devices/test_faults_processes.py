"""Either of the two processes dies: nothing is left of the other, or a new one goes on."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from engine.player import OutputRequest
from tests.devices.audio_servers import JackServer
from tests.devices.counted_song import counted_mix, runs_of
from tests.devices.mix_player import MixPlayer
from tests.devices.recorders import JackRecorder
from tests.engine.songs import RATE

AGAIN = "the audio process ended (SIGKILL): the engine was started again"


def test_nothing_is_left_of_a_killed_interface(tmp_path: Path, jack_server: JackServer) -> None:
    with MixPlayer(jack_server.environment) as player:
        player.play(counted_mix(tmp_path))
        player.wait_for_position(0.3)
        player.process.kill()
        player.wait_for_the_end(timeout_s=1.0)


def test_nothing_is_left_of_an_interface_that_is_killed_while_its_device_hangs(
    tmp_path: Path, jack_server: JackServer
) -> None:
    with MixPlayer(jack_server.environment) as player:
        player.play(counted_mix(tmp_path))
        player.wait_for_position(0.3)
        jack_server.stall()
        player.process.kill()
        player.wait_for_the_end(timeout_s=3.0)


def test_nothing_is_left_of_an_interface_that_is_killed_while_the_engine_starts(tmp_path: Path) -> None:
    with MixPlayer({}, OutputRequest("none")) as player:
        player.call("apply", counted_mix(tmp_path))
        player.wait_for(lambda report: player.audio_pids(), "an audio process")
        player.process.kill()
        player.wait_for_the_end()


def test_the_sound_goes_on_while_the_interface_is_suspended(
    tmp_path: Path, jack_server: JackServer, jack_recorder: JackRecorder
) -> None:
    with MixPlayer(jack_server.environment) as player:
        player.play(counted_mix(tmp_path))
        position_s = player.wait_for_position(0.3).frame.position_s
        player.process.send_signal(signal.SIGSTOP)
        before = len(jack_recorder.frames())
        jack_recorder.wait_for(before + 2 * RATE)
        player.process.send_signal(signal.SIGCONT)
        player.wait_for_position(position_s + 2.0)
        assert player.now.status.state == "device"
        assert player.said == []
        assert player.close() == ""
    assert len(runs_of(jack_recorder.stop())) == 1


def test_a_killed_audio_process_is_followed_by_another_on_the_same_device(
    tmp_path: Path, jack_servers: Callable[..., JackServer]
) -> None:
    server = jack_servers(synchronous=False)
    with MixPlayer(server.environment) as player:
        player.play(counted_mix(tmp_path))
        lived = player.wait_for_position(0.5)
        os.kill(player.audio_pid(), signal.SIGKILL)
        player.wait_for_state("starting")
        again = player.wait_for_state("device")
        assert 0.5 <= again.frame.position_s < lived.frame.position_s + 1.0
        player.wait_for_position(again.frame.position_s + 0.3)
        assert player.said == [AGAIN]
        assert player.close() == ""


def test_an_engine_that_dies_again_and_again_is_given_up_until_play_is_pressed(tmp_path: Path) -> None:
    with MixPlayer({}, OutputRequest("none")) as player:
        player.play(counted_mix(tmp_path))
        for _ in range(3):
            player.wait_for_state("clock")
            os.kill(player.audio_pid(), signal.SIGKILL)
            player.wait_for(lambda report: report.status.state != "clock", "another state")
        lost = player.wait_for_state("lost")
        assert lost.status.detail == "the audio process ended (SIGKILL)"
        assert player.said[:2] == [AGAIN, AGAIN]
        assert player.said[2].startswith(
            "the engine does not run: the audio process ended (SIGKILL); play tries again (see /"
        )
        assert [notice.severity for notice in player.notices] == ["warning", "warning", "error"]
        position_s = lost.frame.position_s
        assert not player.audio_pids()
        # Given up is quiet, and takes no harm from what it is told.
        player.call("stop")
        player.call("locate", 3.0)
        player.call("apply", counted_mix(tmp_path, length_s=50.0))
        player.wait_for(lambda report: report.frame.position_s == 3.0 != position_s, "the new place")
        assert len(player.said) == 3
        player.call("play")
        player.wait_for_state("clock")
        player.wait_for_position(3.2)
        assert player.close() == ""
