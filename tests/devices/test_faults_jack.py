"""JACK dies or hangs while it is played to: the interface says so once, goes on with the clock, and comes back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.devices.audio_servers import JackServer
from tests.devices.counted_song import counted_mix, runs_of
from tests.devices.mix_player import MixPlayer, until
from tests.devices.recorders import JackRecorder
from tests.engine.songs import RATE

BACK_S = 60.0
"""A device is looked for ever less often."""
NO_CALL_S = 0.7
LOST = 'audio device "system" lost ({}): silent clock until it is back'
BACK = 'audio device "system" is back: playing on it'


def test_a_killed_jack_is_gone_on_without_and_returned_to(
    tmp_path: Path, jack_servers: Callable[..., JackServer], record_jack: Callable[[JackServer], JackRecorder]
) -> None:
    server = jack_servers()
    with MixPlayer(server.environment) as player:
        player.play(counted_mix(tmp_path))
        player.wait_for_position(0.5)
        server.kill()
        lost = player.wait_for_state("starting")
        assert lost.frame.playing
        assert lost.frame.position_s >= 0.5
        [notice] = player.notices
        assert notice.severity == "warning"
        assert notice.text in (LOST.format("the stream ended"), LOST.format("no callback for 0.5 s"))
        silent = player.wait_for_state("clock")
        assert silent.status.name == "no audio device: silent clock"
        player.wait_for_position(lost.frame.position_s + 0.5)
        recorder = record_jack(jack_servers(instead_of=server))
        back = player.wait_for_state("device", timeout_s=BACK_S)
        left = player.before(back)
        player.wait_for_position(back.frame.position_s + 0.3)
        assert player.said[1:] == [BACK]
        assert player.slowest_call_s < NO_CALL_S
        positions = [report.frame.position_s for report in player.reports]
        assert positions == sorted(positions)
        assert player.close() == ""
    heard = runs_of(recorder.stop())[0][1]
    assert 0 <= heard[0] - round(left.frame.position_s * RATE) < RATE // 4
    assert len(heard) > 0.2 * RATE


def test_a_jack_that_stops_is_gone_on_without_until_it_continues(
    tmp_path: Path, jack_servers: Callable[..., JackServer], record_jack: Callable[[JackServer], JackRecorder]
) -> None:
    # One that does not wait for its clients; one that does waits ten seconds for the client that was killed.
    server = jack_servers(synchronous=False)
    with MixPlayer(server.environment) as player:
        player.play(counted_mix(tmp_path))
        player.wait_for_position(0.5)
        server.stall()
        silent = player.wait_for_state("clock")
        player.wait_for_position(silent.frame.position_s + 0.5)
        assert player.said == [LOST.format("no callback for 0.5 s")]
        server.go_on()
        until(server.answers, "jackd answers again")
        recorder = record_jack(server)
        back = player.wait_for(lambda report: BACK in player.said, "the device is back", BACK_S)
        player.wait_for_position(back.frame.position_s + 0.3)
        assert player.now.status.state == "device"
        assert player.said == [LOST.format("no callback for 0.5 s"), BACK]
        assert player.slowest_call_s < NO_CALL_S
        assert player.close() == ""
    assert len(runs_of(recorder.stop())[0][1])


def test_a_jack_that_does_not_answer_at_the_start_is_waited_for_on_the_clock(
    tmp_path: Path, jack_servers: Callable[..., JackServer]
) -> None:
    server = jack_servers(synchronous=False)
    server.stall()
    with MixPlayer(server.environment) as player:
        player.play(counted_mix(tmp_path))
        assert player.now.status.state == "clock"
        assert player.said == ["the audio system did not answer within 6 s: silent clock until it works"]
        player.wait_for_position(0.3)
        server.go_on()
        player.wait_for_state("device", timeout_s=BACK_S)
        player.wait_for_position(0.5)
        assert player.said[1:] == ['audio device "system" is there now: playing on it']
        assert player.slowest_call_s < NO_CALL_S
        assert player.close() == ""


def test_a_standing_song_stays_where_it_is_when_its_device_dies(
    tmp_path: Path, jack_servers: Callable[..., JackServer]
) -> None:
    server = jack_servers()
    with MixPlayer(server.environment) as player:
        player.call("apply", counted_mix(tmp_path))
        player.call("locate", 12.5)
        player.wait_for_state("device")
        server.kill()
        player.wait_for_state("clock")
        jack_servers(instead_of=server)
        player.wait_for_state("device", timeout_s=BACK_S)
        player.wait_for(lambda report: report.frame.length_s > 0, "the stems")
        assert {report.frame.position_s for report in player.reports[1:]} <= {0.0, 12.5}
        assert player.now.frame.position_s == 12.5
        assert not any(report.frame.playing for report in player.reports)
        # What is changed while nobody is there to hear it counts too.
        player.call("play")
        player.wait_for_position(12.7)
        assert player.close() == ""


def test_what_is_ordered_while_there_is_no_process_counts(
    tmp_path: Path, jack_servers: Callable[..., JackServer]
) -> None:
    server = jack_servers()
    with MixPlayer(server.environment) as player:
        player.play(counted_mix(tmp_path))
        player.wait_for_position(0.2)
        server.kill()
        player.wait_for_state("starting")
        player.call("locate", 40.0)
        player.call("stop")
        player.wait_for_state("clock")
        player.wait_for(lambda report: report.frame.length_s > 0, "the stems")
        assert player.now.frame.position_s == 40.0
        assert not player.now.frame.playing
        assert player.close() == ""


def test_a_stalled_device_does_not_keep_the_program_from_its_end(
    tmp_path: Path, jack_servers: Callable[..., JackServer]
) -> None:
    server = jack_servers()
    with MixPlayer(server.environment) as player:
        player.play(counted_mix(tmp_path))
        player.wait_for_position(0.2)
        server.stall()
        assert player.close() == ""


def test_a_dead_device_does_not_keep_the_program_from_its_end(
    tmp_path: Path, jack_servers: Callable[..., JackServer]
) -> None:
    server = jack_servers()
    with MixPlayer(server.environment) as player:
        player.play(counted_mix(tmp_path))
        player.wait_for_position(0.2)
        server.kill()
        assert player.close() == ""


def test_late_blocks_are_counted(tmp_path: Path, jack_servers: Callable[..., JackServer]) -> None:
    server = jack_servers(synchronous=False)
    with MixPlayer(server.environment) as player:
        player.play(counted_mix(tmp_path))
        before = player.wait_for_position(0.2).frame.xruns
        pid = player.audio_pid()
        os.kill(pid, signal.SIGSTOP)
        time.sleep(0.1)
        os.kill(pid, signal.SIGCONT)
        player.wait_for(lambda report: report.frame.xruns > before, "an xrun")
        assert player.now.status.state == "device"
        assert player.said == []
        assert player.close() == ""
