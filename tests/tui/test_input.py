"""What comes from the terminal: keys, and its answers to where the cursor is."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from textual.app import App
from textual.events import Key
from textual.message import Message

from tui.driver import MixerDriver

_WITHIN_S = 5.0


class _Owner(App[None]):
    """Takes note of what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.terminal: MixerDriver | None = None
        self.answers: list[tuple[int, int]] = []

    def terminal_taken(self) -> None:
        raise AssertionError

    def terminal_hung_up(self) -> None:
        raise AssertionError

    def terminal_blank(self) -> None:
        raise AssertionError

    def terminal_answered(self, row: int, column: int) -> None:
        self.answers.append((row, column))


class _Driver(MixerDriver):
    """Reads a pipe; what an application would be sent is kept."""

    def __init__(self, app: App[Any], descriptor: int) -> None:
        super().__init__(app)
        self.fileno = descriptor
        self.keys: list[str] = []

    def send_message(self, message: Message) -> None:
        if isinstance(message, Key):
            self.keys.append(message.key)


@pytest.fixture(autouse=True)
def signals_as_they_were() -> Iterator[None]:
    were = {number: signal.getsignal(number) for number in (signal.SIGTSTP, signal.SIGCONT)}
    yield
    for number, handler in were.items():
        signal.signal(number, handler)


def _read(reads: list[bytes], keys: int, answers: int) -> tuple[list[str], list[tuple[int, int]]]:
    """The keys and answers that are found when these bytes come one after another, each read by itself."""

    async def scenario() -> tuple[list[str], list[tuple[int, int]]]:
        app = _Owner()
        end, start = os.pipe()
        driver = _Driver(app, end)
        reader = threading.Thread(target=driver.run_input_thread)
        reader.start()
        for content in reads:
            os.write(start, content)
            await asyncio.sleep(0.02)
        until = time.monotonic() + _WITHIN_S
        while (len(driver.keys), len(app.answers)) != (keys, answers) and time.monotonic() < until:
            await asyncio.sleep(0.01)
        driver.exit_event.set()
        reader.join()
        os.close(end)
        os.close(start)
        return driver.keys, app.answers

    return asyncio.run(scenario())


@pytest.mark.parametrize(
    ("reads", "keys", "answers"),
    [
        pytest.param([b"\x1b[3;7R"], [], [(2, 6)], id="an answer"),
        pytest.param([b"\x1b[3;7R\x1b[3;8R"], [], [(2, 6), (2, 7)], id="two at once"),
        pytest.param([b"\x1b[3;7Rj"], ["j"], [(2, 6)], id="before a key"),
        pytest.param([b"j\x1b[3;7R"], ["j"], [(2, 6)], id="after a key"),
        pytest.param([b"\x1b[3", b";7R", b"\x1b[9;9R"], [], [(2, 6), (8, 8)], id="in two parts"),
        pytest.param([b"\x1b[A", b"\x1b[3;7R", b"k"], ["up", "k"], [(2, 6)], id="between keys"),
        pytest.param([b"\x1b", b"\x1b[3;7R", b"k"], ["escape", "k"], [(2, 6)], id="after the escape key"),
        pytest.param([b"\x1b!\x1b[3;7R"], ["escape", "exclamation_mark"], [(2, 6)], id="after two keys at once"),
    ],
)
def test_keys_and_answers(reads: list[bytes], keys: list[str], answers: list[tuple[int, int]]) -> None:
    assert _read(reads, len(keys), len(answers)) == (keys, answers)


def test_the_escape_key_is_one_while_answers_come() -> None:
    """It is told from the beginning of a sequence by what does not follow it."""
    keys, answers = _read([b"\x1b"] + [b"\x1b[3;7R"] * 30, 1, 30)
    assert keys == ["escape"]
    assert len(answers) == 30
