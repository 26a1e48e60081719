"""The servers and recorders themselves: what is played arrives to the bit, and they die and stall when told to."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.devices.audio_servers import AudioServer, JackServer, PulseServer, start_pulse
from tests.devices.recorders import Frames, JackRecorder, PulseRecorder

_PROGRAM = Path(__file__).with_name("play_ramp.py")
_PLAYED_S = 0.6


def play_ramp(server: AudioServer, rate: int, block: int, channels: int = 2) -> int:
    """Plays the ramp in a process of its own; how many frames it had."""
    command = [sys.executable, _PROGRAM, str(_PLAYED_S), str(rate), str(block), str(channels)]
    environment = os.environ | server.environment
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30.0, check=False)
    assert run.returncode == 0, run.stderr
    return int(run.stdout)


def assert_ramp(recorded: Frames, frames: int) -> None:
    """The whole ramp, from its first sample to its last, without a gap; around it silence."""
    ramp = np.arange(1, frames + 1, dtype=np.float32) / np.float32(1 << 24)
    start = int(np.argmax(recorded[:, 0] != 0.0))
    np.testing.assert_array_equal(recorded[start : start + frames, 0], ramp)
    np.testing.assert_array_equal(recorded[start : start + frames, 1], -ramp)
    assert not recorded[:start].any()
    assert not recorded[start + frames :].any()


@pytest.mark.parametrize(
    ("jack_server", "block"),
    [
        ({"period_frames": 64}, 64),
        ({"period_frames": 256}, 100),
        ({"period_frames": 1024}, 0),
        ({"period_frames": 128, "sample_rate_hz": 96_000}, 0),
        ({"period_frames": 256, "channels": 6}, 0),
    ],
    indirect=["jack_server"],
)
def test_what_is_played_to_jack_is_recorded_to_the_bit(
    jack_server: JackServer, jack_recorder: JackRecorder, block: int
) -> None:
    frames = play_ramp(jack_server, jack_server.sample_rate_hz, block, jack_server.channels)
    recorded = jack_recorder.stop()
    assert recorded.shape[1] == jack_server.channels
    assert_ramp(recorded, frames)


def test_what_is_played_to_pulseaudio_is_recorded_to_the_bit(
    pulse_server: PulseServer, pulse_recorder: PulseRecorder
) -> None:
    frames = play_ramp(pulse_server, pulse_server.sample_rate_hz, 0)
    assert_ramp(pulse_recorder.stop(), frames)


def test_a_killed_jack_server_comes_back_under_its_name(
    jack_servers: Callable[..., JackServer], record_jack: Callable[[JackServer], JackRecorder]
) -> None:
    first = jack_servers()
    first.kill()
    assert not first.alive
    assert not first.answers()
    second = jack_servers(instead_of=first)
    recorder = record_jack(second)
    frames = play_ramp(second, 48_000, 0)
    assert_ramp(recorder.stop(), frames)


def test_a_stalled_jack_server_records_nothing_until_it_goes_on(
    jack_server: JackServer, jack_recorder: JackRecorder
) -> None:
    jack_recorder.wait_for(1)
    jack_server.stall()
    time.sleep(0.2)
    before = len(jack_recorder.frames())
    time.sleep(0.3)
    assert len(jack_recorder.frames()) == before
    jack_server.go_on()
    jack_recorder.wait_for(before + 48_000 // 4)


def test_a_killed_pulseaudio_server_comes_back_in_its_place(pulse_server: PulseServer) -> None:
    pulse_server.kill()
    assert not pulse_server.alive
    again = start_pulse(pulse_server.socket.parent)
    try:
        assert play_ramp(again, again.sample_rate_hz, 0) == round(_PLAYED_S * again.sample_rate_hz)
    finally:
        again.close()


def test_two_jack_servers_live_side_by_side(
    jack_servers: Callable[..., JackServer], record_jack: Callable[[JackServer], JackRecorder]
) -> None:
    played, silent = jack_servers(), jack_servers()
    on_played, on_silent = record_jack(played), record_jack(silent)
    frames = play_ramp(played, 48_000, 0)
    assert_ramp(on_played.stop(), frames)
    assert not on_silent.stop().any()
