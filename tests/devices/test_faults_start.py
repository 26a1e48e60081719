"""No device at the start, none of that name, no library, a library that aborts, hangs or floods, and a device without a
clock: the song plays to the silent clock, and what is wrong is said in one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.player import OutputRequest
from tests.devices.audio_servers import JackServer
from tests.devices.counted_song import counted_mix
from tests.devices.mix_player import MixPlayer
from tests.devices.recorders import JackRecorder

ALSA = Path("/usr/share/alsa/alsa.conf")
NO_CALL_S = 0.7


def play_on_the_clock(
    folder: Path, environment: dict[str, str], said: str, request: OutputRequest | None = None
) -> None:
    """Plays some of a song, at its pace, with nothing said but one line."""
    with MixPlayer(environment, request) as player:
        player.play(counted_mix(folder, length_s=2.0))
        status = player.now.status
        assert (status.state, status.name) == ("clock", "no audio device: silent clock")
        first = player.wait_for_position(0.2)
        last = player.wait_for_position(1.2)
        assert last.at_s - first.at_s == pytest.approx(last.frame.position_s - first.frame.position_s, abs=0.4)
        ended = player.wait_for(lambda report: not report.frame.playing, "the end")
        assert ended.frame.position_s == ended.frame.length_s == 2.0
        assert player.said == [said]
        assert player.notices[0].severity == "warning"
        assert player.slowest_call_s < NO_CALL_S
        assert player.close() == ""


def python_path(folder: Path, name: str, text: str) -> dict[str, str]:
    """An environment in which Python finds another module of that name first."""
    (folder / "modules").mkdir()
    (folder / "modules" / f"{name}.py").write_text(text)
    return {"PYTHONPATH": str(folder / "modules")}


def test_no_device_at_all(tmp_path: Path) -> None:
    play_on_the_clock(tmp_path, {}, "no audio device: silent clock until there is one")


def test_no_device_of_that_name(tmp_path: Path, jack_server: JackServer) -> None:
    said = 'no audio device matches "Babyface"; there are "system": silent clock until there is one'
    play_on_the_clock(tmp_path, jack_server.environment, said, OutputRequest("Babyface"))


def test_no_device_is_asked_for(tmp_path: Path, jack_server: JackServer, jack_recorder: JackRecorder) -> None:
    with MixPlayer(jack_server.environment, OutputRequest("none")) as player:
        player.play(counted_mix(tmp_path))
        player.wait_for_position(0.3)
        assert player.now.status.state == "clock"
        assert player.said == []
        player.close()
    assert not jack_recorder.stop().any()


def test_no_portaudio_library(tmp_path: Path) -> None:
    environment = python_path(
        tmp_path, "sitecustomize", "import ctypes.util\nctypes.util.find_library = lambda name: None\n"
    )
    said = "the PortAudio library is missing (on Debian/Ubuntu: sudo apt-get install libportaudio2): silent clock"
    play_on_the_clock(tmp_path, environment, said)


def test_a_library_that_aborts(tmp_path: Path) -> None:
    with MixPlayer({"ALSA_CONFIG_PATH": "/dev/null"}) as player:
        player.play(counted_mix(tmp_path))
        player.wait_for_position(0.3)
        assert player.now.status.state == "clock"
        [said] = player.said
        assert said.startswith("the audio system crashed (SIGABRT) at its start: silent clock until it works (see /")
        assert player.slowest_call_s < NO_CALL_S
        assert player.close() == ""


def test_a_broken_alsa_configuration(tmp_path: Path) -> None:
    (tmp_path / "alsa.conf").write_text("pcm.{")
    said = (
        "the audio system does not start: Error initializing PortAudio: Unanticipated host error: "
        "silent clock until there is one"
    )
    play_on_the_clock(tmp_path, {"ALSA_CONFIG_PATH": str(tmp_path / "alsa.conf")}, said)


def test_a_library_that_floods_the_terminal(tmp_path: Path) -> None:
    flood = (
        "import os, threading\n"
        "def flood():\n"
        "    while True:\n"
        "        os.write(2, b'Expression failed in pa_linux_alsa.c\\n' * 100)\n"
        "threading.Thread(target=flood, daemon=True).start()\n"
        "raise RuntimeError('nothing works')\n"
    )
    environment = python_path(tmp_path, "sounddevice", flood) | {"GAINSTAGE_STATE_DIR": str(tmp_path / "state")}
    play_on_the_clock(
        tmp_path,
        environment,
        "the audio system does not start: nothing works: silent clock until there is one",
    )
    log = (tmp_path / "state" / "audio.log").read_bytes()
    assert b"Expression failed" in log
    assert len(log) < 1_000_000


@pytest.mark.skipif(not ALSA.exists(), reason="ALSA is not installed: type  sudo apt-get install libasound2-data")
def test_a_device_without_a_clock_is_refused(tmp_path: Path) -> None:
    (tmp_path / "alsa.conf").write_text(
        f'<{ALSA}>\npcm.mixnull {{ type null hint {{ show on description "clockless" }} }}\n'
    )
    with MixPlayer({"ALSA_CONFIG_PATH": str(tmp_path / "alsa.conf")}) as player:
        player.play(counted_mix(tmp_path))
        player.wait_for_position(0.3)
        assert player.now.status.state == "clock"
        [said] = player.said
        assert said.startswith('audio device "mixnull" refused: it takes sound ')
        assert said.endswith(' times faster than real time; silent clock ("gainstage devices" lists what there is)')
        # The engine has raced, the song has not.
        assert player.reports[-1].frame.position_s < 1.0
        assert player.slowest_call_s < NO_CALL_S
        assert player.close() == ""


def test_a_device_that_appears_later_is_played_on_from_there(
    tmp_path: Path, jack_servers: Callable[..., JackServer]
) -> None:
    server = jack_servers()
    server.kill()
    with MixPlayer(server.environment) as player:
        player.play(counted_mix(tmp_path))
        player.wait_for_position(0.3)
        assert player.said == ["no audio device: silent clock until there is one"]
        jack_servers(instead_of=server)
        back = player.wait_for_state("device", timeout_s=60.0)
        assert back.frame.position_s > 0.3
        player.wait_for_position(back.frame.position_s + 0.2)
        assert player.said[1:] == ['audio device "system" is there now: playing on it']
        assert player.close() == ""


def test_a_first_start_shows_how_the_engine_is_prepared(tmp_path: Path) -> None:
    # The kernels themselves are not compiled again: only what says that they are all there is missing.
    environment = {"GAINSTAGE_CACHE_DIR": str(tmp_path / "cache")}
    with MixPlayer(environment, OutputRequest("none")) as player:
        player.play(counted_mix(tmp_path))
        preparing = [report.status for report in player.reports if report.status.progress is not None]
        steps = [status.progress for status in preparing]
        assert steps == sorted(steps)
        assert steps
        assert all(status.state == "starting" for status in preparing)
        assert all(status.detail.startswith("preparing the engine (first start): ") for status in preparing)
        assert player.now.status.progress is None
        player.wait_for_position(0.2)
        assert player.said == []
        assert player.close() == ""
