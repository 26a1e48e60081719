"""A thread of the audio process that fails is heard of, and damaged machine code is not met again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from engine.core.machine_code import EngineError
from engine.io import audio_process
from engine.io.audio_process import tell_of_failures


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
