"""What arrives at the interface is the bounce, sample for sample, whatever the device's block size and rate, with an
interface process that never lets go of Python's lock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from engine.mix import MASTER, Mix, Send, Stem, Strip, StripControls
from engine.player import OutputRequest
from tests.devices.audio_servers import JackServer
from tests.devices.mix_player import MixPlayer, Report
from tests.devices.recorders import Frames, JackRecorder
from tests.engine.songs import insert, noise, rendered, strip, write_stem

_LENGTH_S = 1.2


def varied_mix(folder: Path, rate: int) -> Mix:
    """Stereo and mono, of the session's rate and of another, early and late, no control at its default."""
    other = 44100 if rate != 44100 else 48000
    stereo = write_stem(folder / "stereo.wav", noise(_LENGTH_S, 1, rate=rate), rate)
    mono = write_stem(folder / "mono.wav", noise(0.7 * _LENGTH_S, 2, 1, rate=rate), rate)
    resampled = write_stem(folder / "resampled.wav", noise(0.8 * _LENGTH_S, 3, rate=other), other)
    late = Stem(str(write_stem(folder / "late.wav", noise(0.2, 4, 1, rate=other), other).path), start_s=0.3117)
    return Mix(
        rate,
        (
            strip(0, stereo, StripControls(trim_db=-3.3, fader_db=-7.7, pan_percent=30.0)),
            strip(1, mono, StripControls(trim_db=4.0, fader_db=-11.0, pan_percent=-60.0, invert_left=True)),
            strip(2, resampled, StripControls(trim_db=0.5, fader_db=-2.5, invert_right=True)),
            strip(3, late, StripControls(fader_db=1.5, pan_percent=10.0)),
            strip(4, stereo, StripControls(mute=True)),
        ),
        master=replace(MASTER, controls=StripControls(trim_db=-1.5, fader_db=-2.5, pan_percent=-5.0)),
        pan_law="-4.5",
    )


def assert_bounce(recorded: Frames, mix: Mix) -> None:
    """The whole bounce, and silence around it."""
    expected = rendered(mix)
    assert np.abs(expected).max() > 0.05
    assert expected[0].any()
    start = int(np.argmax(recorded.any(axis=1)))
    played: npt.NDArray[np.float32] = recorded[start : start + len(expected)]
    np.testing.assert_array_equal(played, expected)
    assert not recorded[start + len(expected) :].any()


def play_to_the_end(server: JackServer, mix: Mix, request: OutputRequest | None = None, *, hog: bool = False) -> Report:
    """Plays a mix from its beginning to its end, without a complaint and without a word on the terminal."""
    with MixPlayer(server.environment, request, hog=hog) as player:
        player.play(mix)
        ended = player.wait_for(lambda report: report.frame.position_s > 0 and not report.frame.playing, "the end")
        assert ended.status.state == "device"
        assert ended.frame.underruns == 0
        assert ended.frame.position_s == ended.frame.length_s == pytest.approx(_LENGTH_S)
        assert player.said == []
        assert player.close() == ""
    return ended


@pytest.mark.parametrize(
    "jack_server",
    [{"period_frames": 64}, {"period_frames": 100}, {"period_frames": 256}, {"period_frames": 1024}],
    indirect=True,
)
def test_what_reaches_the_interface_is_the_bounce_while_a_thread_hogs_the_lock(
    tmp_path: Path, jack_server: JackServer, jack_recorder: JackRecorder
) -> None:
    mix = varied_mix(tmp_path, jack_server.sample_rate_hz)
    play_to_the_end(jack_server, mix, hog=True)
    assert_bounce(jack_recorder.stop(), mix)


@pytest.mark.parametrize(
    ("jack_server", "buffer_frames"),
    [
        ({"period_frames": 16}, None),
        ({"period_frames": 8192}, None),
        ({"period_frames": 256}, 100),
        ({"period_frames": 64}, 8192),
        ({"period_frames": 128, "sample_rate_hz": 44100}, None),
        ({"period_frames": 256, "sample_rate_hz": 88200}, None),
        ({"period_frames": 512, "sample_rate_hz": 96000}, None),
        ({"period_frames": 1024, "sample_rate_hz": 192000}, None),
    ],
    indirect=["jack_server"],
)
def test_any_block_size_and_rate(
    tmp_path: Path, jack_server: JackServer, jack_recorder: JackRecorder, buffer_frames: int | None
) -> None:
    mix = varied_mix(tmp_path, jack_server.sample_rate_hz)
    play_to_the_end(jack_server, mix, OutputRequest(buffer_frames=buffer_frames))
    assert_bounce(jack_recorder.stop(), mix)


@pytest.mark.parametrize(
    "jack_server", [{"period_frames": 100}, {"period_frames": 256, "sample_rate_hz": 96000}], indirect=True
)
def test_a_console_is_heard_as_it_is_bounced(
    tmp_path: Path, jack_server: JackServer, jack_recorder: JackRecorder
) -> None:
    """Processors (also such as waver), sends, buses, a master chain: late by their latency, and the same to the bit."""
    plain = varied_mix(tmp_path, jack_server.sample_rate_hz)
    first, second, *rest = plain.strips
    first = replace(
        first, inserts=(insert("equaliser", bell_1=1.0, bell_1_gain_db=9.0), insert("saturator")), sends=(Send("fx"),)
    )
    second = replace(second, output="bus", inserts=(None, insert("compressor", threshold_db=-40.0)))
    bus = Strip("bus", "Bus", kind="bus", inserts=(insert("bus_compressor"),), sends=(Send("fx", -6.0),))
    chain = (insert("console"), insert("reverb"), insert("tape", wow_percent=0.3))
    fx = Strip("fx", "Effects", kind="return", inserts=chain)
    master = replace(plain.master, inserts=(insert("limiter", ceiling_dbtp=-12.0),))
    mix = replace(plain, strips=(first, second, *rest, bus, fx), master=master)
    ended = play_to_the_end(jack_server, mix)
    expected, recorded = rendered(mix), jack_recorder.stop()
    assert np.abs(expected).max() > 0.05
    # Before the song there is the filters' early ringing: the place is found by the loudest sample.
    loudest = int(np.argmax(np.abs(expected[:, 0])))
    found = np.flatnonzero(recorded[:, 0] == expected[loudest, 0])
    assert len(found), f"{ended.frame.xruns} xruns; {len(recorded)} frames up to {np.abs(recorded).max(initial=0.0)}"
    start = int(found[0]) - loudest
    np.testing.assert_array_equal(recorded[start : start + len(expected)], expected)


@pytest.mark.parametrize("jack_server", [{"channels": 4}], indirect=True)
def test_channels_3_and_4_of_an_interface(tmp_path: Path, jack_server: JackServer, jack_recorder: JackRecorder) -> None:
    mix = varied_mix(tmp_path, jack_server.sample_rate_hz)
    play_to_the_end(jack_server, mix, OutputRequest(left_channel=3, right_channel=4))
    recorded = jack_recorder.stop()
    assert not recorded[:, :2].any()
    assert_bounce(recorded[:, 2:], mix)


def test_a_pair_that_the_interface_does_not_have_is_said_and_the_first_is_played(
    tmp_path: Path, jack_server: JackServer, jack_recorder: JackRecorder
) -> None:
    mix = varied_mix(tmp_path, jack_server.sample_rate_hz)
    with MixPlayer(jack_server.environment, OutputRequest(left_channel=3, right_channel=4)) as player:
        player.play(mix)
        player.wait_for(lambda report: report.frame.position_s > 0 and not report.frame.playing, "the end")
        assert player.said == ['device "system" has output channels 1 to 2, not 3 and 4: playing on 1 and 2']
        player.close()
    assert_bounce(jack_recorder.stop(), mix)


def test_a_server_of_another_rate_is_played_at_its_own(
    tmp_path: Path, jack_servers: Callable[..., JackServer], record_jack: Callable[[JackServer], JackRecorder]
) -> None:
    server = jack_servers(sample_rate_hz=48000)
    recorder = record_jack(server)
    mix = varied_mix(tmp_path, 44100)
    with MixPlayer(server.environment) as player:
        player.play(mix)
        ended = player.wait_for(lambda report: report.frame.position_s > 0 and not report.frame.playing, "the end")
        assert ended.status.sample_rate_hz == 48000
        assert ended.frame.length_s == pytest.approx(_LENGTH_S, abs=1e-3)
        assert player.said == ['device "system" does not take 44100 Hz: playing at its 48000 Hz, stems are resampled']
        player.close()
    assert_bounce(recorder.stop(), Mix(48000, mix.strips, mix.master, mix.pan_law))
