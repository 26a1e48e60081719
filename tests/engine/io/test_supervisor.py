"""Whatever happens to the audio process or its device, another one goes on, and what is said of it is said once."""

from __future__ import annotations

import pytest

from engine.io import supervisor as supervisor_module
from engine.io.status import NO_DEVICE, OutputRequest
from tests.engine.io.supervised import JACK, FakeProcess, Scene


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    scene = Scene(monkeypatch)
    scene.supervisor.open()
    return scene


def test_a_process_comes_up_before_there_is_something_to_play(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(monkeypatch)
    scene.supervisor.order("play")
    scene.supervisor.send("loop")
    scene.processes[0].say("progress", progress=0.4, detail="preparing")
    scene.turn()
    assert scene.processes[0].sent == []
    assert scene.supervisor.status.progress == 0.4
    assert scene.heartbeat.calls == []
    scene.supervisor.open()
    assert [order["do"] for order in scene.processes[0].sent] == ["open"]
    assert scene.supervisor.orders == 0


def test_a_process_is_told_everything_at_once(scene: Scene) -> None:
    assert scene.opened["request"] == {
        "device": None,
        "buffer_frames": None,
        "left_channel": 3,
        "right_channel": 4,
    }
    assert scene.opened["host"] is None
    assert scene.opened["position_s"] == 0.0


def test_the_heartbeat_is_told_how_far_the_process_is(scene: Scene) -> None:
    scene.processes[0].say("progress", progress=0.4, detail="preparing")
    scene.turn()
    scene.play()
    assert scene.heartbeat.calls == ["start", "start", "open", "expect 256 at 48000"]
    assert scene.supervisor.status.progress is None


def test_orders_are_counted_for_each_process(scene: Scene) -> None:
    scene.supervisor.order("play")
    scene.supervisor.order("locate", position_s=3.0)
    scene.supervisor.send("loop", enabled=True)
    assert scene.processes[0].sent[1:] == [
        {"do": "play", "number": 1},
        {"do": "locate", "number": 2, "position_s": 3.0},
        {"do": "loop", "enabled": True},
    ]
    scene.play()
    scene.die()
    assert scene.supervisor.orders == 0


def test_a_lost_device_is_followed_by_the_clock_and_looked_for(scene: Scene) -> None:
    scene.play()
    scene.position_s = 7.5
    scene.fail("no callback for 0.5 s")
    assert scene.processes[0].is_killed
    assert scene.state == "starting"
    assert scene.opened["request"]["device"] == NO_DEVICE
    assert scene.opened["position_s"] == 7.5
    assert (scene.watches[0].wanted, scene.watches[0].host) == ("system", JACK)
    scene.play("clock")
    assert scene.said == ['audio device "system" lost (no callback for 0.5 s): silent clock until it is back']


def test_a_stream_that_ended_is_a_lost_device(scene: Scene) -> None:
    scene.play()
    scene.processes[0].say("fault", text="the stream ended", device="system")
    scene.turn()
    assert scene.said == ['audio device "system" lost (the stream ended): silent clock until it is back']
    assert len(scene.watches) == 1


def test_a_device_that_is_back_takes_over_from_the_clock(scene: Scene) -> None:
    scene.play()
    scene.fail("no callback for 0.5 s")
    scene.play("clock")
    clock = scene.processes[-1]
    scene.watches[0].is_there = True
    scene.turn()
    assert clock.is_asked_to_leave
    assert not clock.is_killed
    assert scene.state == "starting"
    # Nothing is sent to a process that leaves: the next one is told everything.
    scene.supervisor.order("play")
    scene.turn()
    assert len(scene.processes) == 2
    scene.position_s = 11.0
    clock.ended = True
    scene.turn()
    assert (scene.opened["request"]["device"], scene.opened["host"]) == ("system", JACK)
    assert scene.opened["position_s"] == 11.0
    assert len(scene.said) == 1
    scene.play()
    assert scene.said[1:] == ['audio device "system" is back: playing on it']
    assert len(scene.watches) == 1


def test_a_process_that_does_not_leave_is_killed(scene: Scene) -> None:
    scene.play()
    scene.supervisor.restart()
    scene.turn()
    assert len(scene.processes) == 1
    scene.now_s += 2.0
    scene.turn()
    assert scene.processes[0].is_killed
    assert len(scene.processes) == 2


def test_a_device_is_called_back_only_when_it_plays(scene: Scene) -> None:
    scene.play()
    scene.fail("no callback for 0.5 s")
    scene.play("clock")
    scene.watches[0].is_there = True
    scene.turn()
    scene.processes[-1].ended = True
    scene.turn()
    scene.processes[-1].say("notice", severity="warning", text="busy: silent clock", strip_id=None)
    scene.play("clock", searching=True)
    assert scene.said[1:] == ["busy: silent clock"]
    assert (scene.watches[1].wanted, scene.watches[1].host) == ("system", JACK)


def test_a_device_that_was_never_there_is_looked_for_as_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(monkeypatch, OutputRequest("usb"))
    scene.supervisor.open()
    scene.play("clock", searching=True)
    assert (scene.watches[0].wanted, scene.watches[0].host) == ("usb", None)
    scene.watches[0].is_there = True
    scene.turn()
    scene.processes[-1].ended = True
    scene.turn()
    assert scene.opened["request"]["device"] == "usb"
    scene.play(name="Babyface Pro: USB", host="ALSA")
    assert scene.said == ['audio device "Babyface Pro: USB" is there now: playing on it']


def test_a_device_that_comes_and_goes_is_looked_for_ever_less_often(scene: Scene) -> None:
    scene.play()
    waits = []
    for _ in range(3):
        scene.now_s += 1.0
        scene.fail("no callback for 0.5 s")
        scene.play("clock")
        watch = scene.watches[-1]
        waits.append(watch.wait_s)
        watch.wait_s *= 1.5
        watch.is_there = True
        scene.turn()
        scene.processes[-1].ended = True
        scene.turn()
        scene.play()
    assert waits == sorted(set(waits))
    scene.now_s += 100.0
    scene.fail("no callback for 0.5 s")
    assert scene.watches[-1].wait_s == waits[0]


def test_a_refused_device_is_not_looked_for(scene: Scene) -> None:
    scene.processes[0].say("opening")
    scene.processes[0].say("fault", text="it takes sound 355 times faster than real time", device="null")
    scene.turn()
    scene.play("clock")
    assert scene.said == [
        'audio device "null" refused: it takes sound 355 times faster than real time; silent clock '
        '("gainstage devices" lists what there is)'
    ]
    assert scene.watches == []


def test_an_audio_system_that_hangs_is_done_without(scene: Scene) -> None:
    scene.processes[0].say("opening")
    scene.turn()
    scene.fail("the audio system did not answer within 6 s")
    assert scene.opened["request"]["device"] == NO_DEVICE
    assert scene.said == ["the audio system did not answer within 6 s: silent clock until it works"]
    assert (scene.watches[0].wanted, scene.watches[0].host) == (None, None)


def test_an_audio_system_that_crashes_is_done_without(scene: Scene) -> None:
    scene.processes[0].say("opening")
    scene.die()
    assert scene.opened["request"]["device"] == NO_DEVICE
    [said] = scene.said
    assert said.startswith("the audio system crashed (SIGSEGV) at its start: silent clock until it works (see ")
    assert len(scene.watches) == 1


def test_a_process_that_dies_on_a_device_is_followed_by_another_on_that_device(scene: Scene) -> None:
    scene.play()
    scene.die()
    assert (scene.opened["request"]["device"], scene.opened["host"]) == ("system", JACK)
    assert scene.said == ["the audio process ended (SIGSEGV): the engine was started again"]
    assert scene.watches == []


def test_a_second_death_on_a_device_leads_to_the_clock(scene: Scene) -> None:
    scene.play()
    scene.die()
    scene.play()
    scene.die()
    assert scene.opened["request"]["device"] == NO_DEVICE
    assert (scene.watches[0].wanted, scene.watches[0].host) == ("system", JACK)


def test_a_third_death_within_a_minute_is_the_end_until_a_retry(scene: Scene) -> None:
    scene.play("clock")
    for _ in range(3):
        scene.die()
    assert scene.state == "lost"
    assert scene.supervisor.status.detail == "the audio process ended (SIGSEGV)"
    assert scene.said[2].startswith("the engine does not run: the audio process ended (SIGSEGV); play tries again")
    assert scene.supervisor.notices[2].severity == "error"
    assert len(scene.processes) == 3
    for _ in range(10):
        scene.turn()
    scene.supervisor.order("stop")
    scene.supervisor.send("loop")
    scene.supervisor.restart()
    assert len(scene.said) == 3
    assert scene.state == "lost"
    scene.supervisor.retry()
    assert scene.state == "starting"
    assert scene.opened["request"]["device"] is None
    scene.play()


def test_deaths_that_are_far_apart_do_not_add_up(scene: Scene) -> None:
    for _ in range(10):
        scene.play("clock")
        scene.now_s += 40.0
        scene.die()
    assert scene.state == "starting"


def test_an_engine_that_fails_by_itself_is_started_again(scene: Scene) -> None:
    scene.play("clock")
    scene.processes[0].say("fault", text="ValueError: never", device=None)
    scene.turn()
    assert scene.said == ["ValueError: never: the engine was started again"]
    assert len(scene.processes) == 2


def test_a_clock_without_callbacks_is_started_again(scene: Scene) -> None:
    scene.play("clock")
    scene.fail("no callback for 0.5 s")
    assert scene.said == ["no callback for 0.5 s: the engine was started again"]
    assert scene.watches == []


def test_a_process_that_never_begins_is_started_again_and_then_given_up(scene: Scene) -> None:
    for _ in range(3):
        scene.fail("the engine did not start within 60 s")
        scene.now_s += 10.0
    assert scene.state == "lost"


def test_last_words_are_heard(scene: Scene) -> None:
    scene.play()
    scene.processes[0].say("notice", severity="error", text="a stem is gone", strip_id="x")
    scene.processes[0].say("notice", severity="error", text="another too", strip_id="y")
    scene.die()
    assert scene.said[:2] == ["a stem is gone", "another too"]


def test_how_many_processors_are_missing_is_known_before_and_after_it_plays(scene: Scene) -> None:
    scene.processes[0].say("processors", missing=3)
    scene.turn()
    assert scene.supervisor.status.missing_processors == 3
    scene.play()
    assert (scene.state, scene.supervisor.status.missing_processors) == ("device", 3)
    scene.processes[0].say("processors", missing=0)
    scene.turn()
    assert scene.supervisor.status.missing_processors == 0
    assert scene.said == []


def test_what_a_process_says_after_its_fault_is_not_heard(scene: Scene) -> None:
    scene.play()
    scene.processes[0].say("fault", text="the stream ended", device="system")
    scene.processes[0].say("notice", severity="error", text="too late", strip_id=None)
    scene.turn()
    scene.turn()
    assert "too late" not in scene.said


def test_a_restart_keeps_the_device(scene: Scene) -> None:
    scene.play()
    scene.supervisor.restart()
    scene.processes[0].ended = True
    scene.turn()
    assert scene.opened["request"]["device"] is None
    assert scene.opened["request"]["left_channel"] == 3
    assert scene.said == []


def test_a_restart_on_the_clock_goes_on_looking(scene: Scene) -> None:
    scene.play()
    scene.fail("no callback for 0.5 s")
    scene.play("clock")
    scene.supervisor.restart()
    scene.processes[-1].ended = True
    scene.turn()
    assert scene.opened["request"]["device"] == NO_DEVICE
    scene.play("clock")
    assert not scene.watches[0].is_cancelled
    scene.watches[0].is_there = True
    scene.turn()
    assert scene.processes[-1].is_asked_to_leave


def test_a_process_that_cannot_be_started_is_the_end_until_a_retry(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_memory: object) -> FakeProcess:
        raise OSError("Cannot allocate memory")

    scene.play()
    monkeypatch.setattr(supervisor_module, "AudioProcess", fail)
    scene.die()
    assert scene.state == "lost"
    assert "the audio process cannot be started: Cannot allocate memory" in scene.said[-1]
    scene.turn()
    scene.supervisor.close()
    monkeypatch.setattr(supervisor_module, "AudioProcess", scene.process)
    scene.supervisor.retry()
    assert scene.state == "starting"


def test_orders_to_a_process_that_just_died_are_not_obeyed(scene: Scene) -> None:
    scene.play()
    scene.processes[0].gone = True
    scene.supervisor.order("locate", position_s=3.0)
    assert scene.supervisor.orders == 1
    assert len(scene.processes[0].sent) == 1


def test_closing_ends_the_process_and_the_search(scene: Scene) -> None:
    scene.play("clock", searching=True)
    scene.supervisor.close()
    assert scene.processes[0].has_quit
    assert scene.watches[0].is_cancelled
