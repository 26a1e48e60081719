"""A supervisor among fakes: processes, devices and a clock in the test's hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from engine.io import supervisor as supervisor_module
from engine.io.status import OutputRequest
from engine.io.supervisor import Supervisor

JACK = "JACK Audio Connection Kit"


class FakeProcess:
    """A process whose end of the line is in the test's hand."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []
        self.gone = self.ended = self.is_killed = self.is_asked_to_leave = self.has_quit = False
        self.pid = 1

    def send(self, do: str, **details: Any) -> None:
        assert not self.gone
        self.sent.append({"do": do, **details})

    def receive(self) -> list[dict[str, Any]]:
        answers, self.answers = self.answers, []
        return answers

    def leave(self) -> None:
        self.is_asked_to_leave = True

    def quit(self) -> None:
        self.has_quit = True

    def kill(self) -> None:
        self.is_killed = self.gone = self.ended = True

    def ending(self) -> str:
        return "SIGSEGV"

    def say(self, what: str, **details: Any) -> None:
        self.answers.append({"say": what, **details})


class FakeWatch:
    """A watch that finds its device when the test says so."""

    def __init__(self, wanted: str | None, host: str | None, *, wait_s: float) -> None:
        self.wanted, self.host, self.wait_s = wanted, host, wait_s
        self.is_there = self.is_cancelled = False

    def found(self) -> bool:
        return self.is_there

    def cancel(self) -> None:
        self.is_cancelled = True


class FakeHeartbeat:
    """A heartbeat that fails when the test says so."""

    def __init__(self, _status: object) -> None:
        self.text: str | None = None
        self.calls: list[str] = []

    def start(self) -> None:
        self.calls.append("start")
        self.text = None

    def open(self) -> None:
        self.calls.append("open")

    def expect(self, buffer_frames: int, sample_rate_hz: int) -> None:
        self.calls.append(f"expect {buffer_frames} at {sample_rate_hz}")

    def fault(self) -> str | None:
        return self.text


class Scene:
    """A supervisor among fakes, and a clock in the test's hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, request: OutputRequest | None = None) -> None:
        self.now_s = 1000.0
        self.processes: list[FakeProcess] = []
        self.watches: list[FakeWatch] = []
        self.position_s = 0.0
        monkeypatch.setattr(supervisor_module, "AudioProcess", self.process)
        monkeypatch.setattr(supervisor_module, "DeviceWatch", self.watch)
        monkeypatch.setattr(supervisor_module, "Heartbeat", FakeHeartbeat)
        monkeypatch.setattr(supervisor_module, "time", SimpleNamespace(monotonic=lambda: self.now_s))
        self.supervisor = Supervisor(
            None,  # type: ignore[arg-type]
            None,
            request or OutputRequest(left_channel=3, right_channel=4),
            lambda: {"position_s": self.position_s},
        )

    def process(self, _memory: object) -> FakeProcess:
        self.processes.append(FakeProcess())
        return self.processes[-1]

    def watch(self, *wanted: Any, wait_s: float) -> FakeWatch:
        self.watches.append(FakeWatch(*wanted, wait_s=wait_s))
        return self.watches[-1]

    @property
    def heartbeat(self) -> FakeHeartbeat:
        return self.supervisor._heartbeat  # type: ignore[return-value]

    @property
    def said(self) -> list[str]:
        return [notice.text for notice in self.supervisor.notices]

    @property
    def state(self) -> str:
        return self.supervisor.status.state

    @property
    def opened(self) -> dict[str, Any]:
        """What the present process was asked to open."""
        assert self.processes[-1].sent[0]["do"] == "open"
        return self.processes[-1].sent[0]

    def turn(self) -> None:
        self.supervisor.turn()

    def play(self, state: str = "device", *, searching: bool = False, name: str = "system", host: str = JACK) -> None:
        """The present process opens its output."""
        process = self.processes[-1]
        process.say("opening")
        process.say(
            "output",
            state=state,
            name=name if state == "device" else "no audio device: silent clock",
            host=host if state == "device" else "",
            sample_rate_hz=48000,
            buffer_frames=256,
            latency_s=0.01,
            searching=searching,
        )
        self.turn()
        assert self.state == state

    def fail(self, text: str) -> None:
        self.heartbeat.text = text
        self.turn()

    def die(self) -> None:
        self.processes[-1].gone = True
        self.turn()
