"""A thread of the audio process that fails is heard of, damaged machine code is not met again, processors join late."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from engine.core.machine_code import EngineError
from engine.io import audio_process
from engine.io.audio_process import Control, tell_of_failures
from engine.mixer.planner import Node, PlanError


class Listener:
    """What the interface would hear, and how often the kernels were forgotten."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.forgotten = 0

    def say(self, what: str, **details: Any) -> None:
        self.heard.append((what, details))

    def forget(self) -> None:
        self.forgotten += 1

    def run(self, body: Callable[[], object]) -> None:
        thread = threading.Thread(target=body)
        thread.start()
        thread.join()


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    listener = Listener()
    hook = threading.excepthook
    monkeypatch.setattr(audio_process, "forget", listener.forget)
    monkeypatch.setattr(threading, "__excepthook__", lambda _failure: None)
    tell_of_failures(listener)  # type: ignore[arg-type]
    yield listener
    threading.excepthook = hook


def test_a_thread_that_fails_is_heard_of(listener: Listener) -> None:
    listener.run(lambda: [][0])
    assert listener.heard == [("fault", {"text": "IndexError: list index out of range", "device": None})]
    assert listener.forgotten == 0


def test_machine_code_that_cannot_be_linked_is_forgotten(listener: Listener) -> None:
    def link() -> None:
        raise EngineError("the compiled engine is damaged")

    listener.run(link)
    assert listener.heard == [("fault", {"text": "EngineError: the compiled engine is damaged", "device": None})]
    assert listener.forgotten == 1


def test_a_thread_that_ends_says_nothing(listener: Listener) -> None:
    listener.run(lambda: None)
    assert listener.heard == []


class _Deck:
    """Takes down what it is to connect; one that has no room says so."""

    def __init__(self, *, has_room: bool = True) -> None:
        self.connected: list[tuple[str | None, ...]] = []
        self._has_room = has_room

    def connect(self, nodes: tuple[Node, ...]) -> None:
        if not self._has_room:
            raise PlanError("too much")
        self.connected.append(nodes[0].inserts)


def _waiting(listener: Listener, deck: _Deck, *inserts: str | None) -> Control:
    control = Control(memoryview(bytearray(8)), listener, None)  # type: ignore[arg-type]
    control._deck = deck  # type: ignore[assignment]
    control._nodes = (Node(0, -1, inserts, (), None),)
    return control


def test_processors_join_as_they_become_ready_and_each_time_that_is_said(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready: set[str] = set()
    monkeypatch.setattr(audio_process, "entries_of", lambda nodes: {kind: {kind} for kind in nodes[0].inserts})
    monkeypatch.setattr(audio_process, "are_ready", lambda names: names <= ready)
    deck = _Deck()
    control = _waiting(listener, deck, "gate", "tape")
    for kind in (None, None, "tape", None, "gate", None):
        ready |= {kind} if kind is not None else set()
        control._connect()
    assert deck.connected == [(None, None), (None, "tape"), ("gate", "tape")]
    missing = [details.get("missing") for what, details in listener.heard if what == "processors"]
    assert missing == [2, 1, 0]
    notices = [details["text"] for what, details in listener.heard if what == "notice"]
    assert notices[1:] == ["all processors are ready; what is measured begins anew"]


def test_processors_that_are_ready_at_once_do_not_join_late(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audio_process, "are_ready", lambda _names: True)
    deck = _Deck()
    control = _waiting(listener, deck, "gate")
    control._connect()
    assert deck.connected == [("gate",)]
    assert listener.heard == []


def test_a_plan_without_room_is_told(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audio_process, "are_ready", lambda _names: False)
    control = _waiting(listener, _Deck(has_room=False), "gate")
    control._connect()
    monkeypatch.setattr(audio_process, "are_ready", lambda _names: True)
    control._connect()
    assert [details["text"] for what, details in listener.heard if what == "notice"][1:] == [
        "too much",
        "all processors are ready; what is measured begins anew",
        "too much",
    ]
