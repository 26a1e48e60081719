"""What is played on, of the devices that there are, and what is said when it is not what was asked for."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from engine.core.record import allocate
from engine.io import output as output_module
from engine.io.device import MISSING_LIBRARY, Device, DeviceError, choose_device
from engine.io.output import CLOCK_NAME, Output, choose_output
from engine.io.status import OutputRequest
from engine.memory import ENGINE

SPEAKERS = Device(0, "Speakers", "ALSA", 2, 48000, 0.01, False)
BABYFACE = Device(1, "Babyface Pro: USB", "ALSA", 12, 44100, 0.01, True)
SYSTEM = Device(2, "system", "JACK Audio Connection Kit", 4, 96000, 0.005, False)
BUZZER = Device(3, "Buzzer", "ALSA", 1, 48000, 0.01, False)
DEVICES = [SPEAKERS, BABYFACE, SYSTEM, BUZZER]


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, int]]:
    """What devices take, as (name, rate); all that there are by default."""
    pairs = {(device.name, rate) for device in DEVICES for rate in (44100, 48000, 96000)}
    monkeypatch.setattr(output_module, "list_devices", lambda: DEVICES)
    monkeypatch.setattr(output_module, "accepts", lambda device, rate, channels: (device.name, rate) in pairs)
    return pairs


def choose(device: str | None = None, host: str | None = None, rate: int = 48000, **request: Any) -> Output:
    return choose_output(OutputRequest(device, **request), host, rate)


@pytest.mark.parametrize(
    ("wanted", "host", "expected"),
    [
        (None, None, BABYFACE),
        ("0", None, SPEAKERS),
        ("speakers", None, SPEAKERS),
        ("usb", None, BABYFACE),
        ("jack", None, SYSTEM),
        ("system", "JACK Audio Connection Kit", SYSTEM),
        (None, "JACK Audio Connection Kit", SYSTEM),
    ],
)
def test_a_device_is_chosen_by_index_name_or_system(wanted: str | None, host: str | None, expected: Device) -> None:
    assert choose_device(DEVICES, wanted, host) == expected


def test_an_exact_name_comes_before_a_part_of_one() -> None:
    other = replace(SPEAKERS, index=9, name="Speakers (rear)")
    assert choose_device([other, SPEAKERS], "Speakers") == SPEAKERS


def test_without_a_default_the_first_is_taken() -> None:
    assert choose_device([SPEAKERS, SYSTEM], None) == SPEAKERS


@pytest.mark.parametrize(
    ("devices", "wanted", "host", "said"),
    [
        ([], None, None, "no audio device"),
        ([], "usb", None, 'no audio device "usb"'),
        ([SPEAKERS], "usb", None, 'no audio device matches "usb"; there are "Speakers"'),
        ([SPEAKERS], "Speakers", "JACK Audio Connection Kit", 'no audio device "Speakers"'),
    ],
)
def test_what_there_is_is_said_when_nothing_matches(
    devices: list[Device], wanted: str | None, host: str | None, said: str
) -> None:
    with pytest.raises(DeviceError) as raised:
        choose_device(devices, wanted, host)
    assert str(raised.value) == said


def test_the_device_is_played_on_at_the_rate_of_the_mix(taken: set[tuple[str, int]]) -> None:
    output = choose(left_channel=3, right_channel=4, buffer_frames=64)
    assert (output.name, output.sample_rate_hz, output.buffer_frames) == ("Babyface Pro: USB", 48000, 64)
    assert output.channels == (3, 4)
    assert output.remarks == []
    assert not output.searching


def test_no_device_is_a_wish(taken: set[tuple[str, int]]) -> None:
    output = choose("none")
    assert (output.name, output.remarks, output.searching) == (CLOCK_NAME, [], False)


def test_a_device_that_has_but_its_own_rate_is_played_at_that(taken: set[tuple[str, int]]) -> None:
    taken.discard(("system", 48000))
    output = choose("system")
    assert output.sample_rate_hz == 96000
    [said] = output.remarks
    assert said == 'device "system" does not take 48000 Hz: playing at its 96000 Hz, stems are resampled'


def test_a_device_that_takes_nothing_is_looked_for(taken: set[tuple[str, int]]) -> None:
    taken.clear()
    output = choose("system")
    assert (output.name, output.searching) == (CLOCK_NAME, True)
    assert output.remarks == ['device "system" takes neither 48000 Hz nor its own 96000 Hz: silent clock until it does']


@pytest.mark.parametrize("channels", [(13, 14), (0, 1), (12, 13)])
def test_channels_that_are_not_there_become_the_first_two(
    taken: set[tuple[str, int]], channels: tuple[int, int]
) -> None:
    output = choose(left_channel=channels[0], right_channel=channels[1])
    assert output.channels == (1, 2)
    assert output.remarks == [
        f'device "Babyface Pro: USB" has output channels 1 to 12, not {channels[0]} and {channels[1]}: '
        "playing on 1 and 2"
    ]


def test_one_channel_is_not_enough(taken: set[tuple[str, int]]) -> None:
    output = choose("Buzzer")
    assert (output.name, output.searching) == (CLOCK_NAME, False)
    assert output.remarks == ['device "Buzzer" has one output channel, two are needed: silent clock']


@pytest.mark.parametrize(("error", "searching"), [("no audio device", True), (MISSING_LIBRARY, False)])
def test_what_may_come_is_looked_for(monkeypatch: pytest.MonkeyPatch, error: str, searching: bool) -> None:
    def fail() -> list[Device]:
        raise DeviceError(error)

    monkeypatch.setattr(output_module, "list_devices", fail)
    output = choose()
    assert output.searching is searching
    assert output.remarks[0].startswith(f"{error}: silent clock")


class FakeStream:
    """A stream that calls nobody; `frames` are counted as its callbacks would once it starts."""

    def __init__(self, engine: Any, frames: int, latency: float = 0.01) -> None:
        self._status = engine.status
        self._frames = frames
        self.latency = latency
        self.active = False

    def start(self) -> None:
        self.active = True
        self._status.largest_block = 256


@pytest.fixture
def engine() -> Any:
    engine = allocate(ENGINE)
    engine.sample_rate_hz = 48000
    return engine


def start(monkeypatch: pytest.MonkeyPatch, engine: Any, stream: Any, passed: tuple[int, float]) -> Output:
    """Starts an output on a stream that counts so many frames in so many seconds while it is measured."""
    output = Output(48000, None)
    output.device = SPEAKERS
    output.channels = (2, 1)
    times = iter([0.0, passed[1]])
    sleeps = iter([0, passed[0]])

    def sleep(_seconds: float) -> None:
        engine.status.frames += next(sleeps)

    monkeypatch.setattr(output_module, "open_stream", lambda *_arguments: stream)
    monkeypatch.setattr(output_module, "time", SimpleNamespace(sleep=sleep, monotonic=lambda: next(times)))
    output.start(engine, 0)
    return output


@pytest.mark.parametrize("frames", [0, 256, 9600, 14000])
def test_a_device_that_paces_is_kept(monkeypatch: pytest.MonkeyPatch, engine: Any, frames: int) -> None:
    output = start(monkeypatch, engine, FakeStream(engine, frames), (frames, 0.2))
    assert output.device is SPEAKERS
    assert (output.buffer_frames, output.latency_s) == (256, 0.01)
    assert (engine.output.channels, engine.output.left, engine.output.right) == (2, 1, 0)
    assert output.fault() is None


def test_a_device_that_does_not_pace_is_refused(monkeypatch: pytest.MonkeyPatch, engine: Any) -> None:
    with pytest.raises(DeviceError, match="it takes sound 5 times faster than real time"):
        start(monkeypatch, engine, FakeStream(engine, 48000), (48000, 0.2))


@pytest.mark.parametrize("latency_s", [0.0, 89478.48, np.inf, -1.0])
def test_a_latency_that_cannot_be_is_unknown(monkeypatch: pytest.MonkeyPatch, engine: Any, latency_s: float) -> None:
    output = start(monkeypatch, engine, FakeStream(engine, 9600, latency_s), (9600, 0.2))
    assert output.latency_s is None


def test_a_stream_that_ended_by_itself_is_a_fault(monkeypatch: pytest.MonkeyPatch, engine: Any) -> None:
    output = start(monkeypatch, engine, FakeStream(engine, 9600), (9600, 0.2))
    output.stream.active = False
    assert output.fault() == "the stream ended"


def test_a_stream_that_cannot_tell_is_a_fault(monkeypatch: pytest.MonkeyPatch, engine: Any) -> None:
    output = start(monkeypatch, engine, FakeStream(engine, 9600), (9600, 0.2))
    output.stream = object()
    assert "active" in str(output.fault())


def test_a_device_that_refuses_the_stream_is_replaced_by_the_clock_and_looked_for(
    monkeypatch: pytest.MonkeyPatch, engine: Any
) -> None:
    def refuse(*_arguments: object) -> None:
        raise DeviceError('device "Speakers" refuses 48000 Hz, 2 channels, its own frames: Device unavailable')

    clocks: list[tuple[int, int, int]] = []
    monkeypatch.setattr(output_module, "open_stream", refuse)
    monkeypatch.setattr("engine.io.callback.run_clock", lambda *words: clocks.append(words))
    output = Output(48000, 64)
    output.device = SPEAKERS
    output.start(engine, 77)
    assert (output.name, output.buffer_frames, output.searching) == (CLOCK_NAME, 512, True)
    assert output.remarks == [
        'device "Speakers" refuses 48000 Hz, 2 channels, its own frames: Device unavailable: '
        "silent clock until it does not"
    ]
    assert (engine.output.channels, engine.output.left, engine.output.right) == (2, 0, 1)
    [(address, _, frames)] = clocks
    assert (address, frames) == (77, 512)
