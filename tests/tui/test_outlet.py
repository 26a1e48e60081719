"""Output that never waits, on a real pseudo-terminal."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
import tty
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from tests.tui.terminal import run
from tui.outlet import LIMIT_BYTES, Outlet


@pytest.fixture
def pair() -> Iterator[tuple[int, int]]:
    """The two ends of a pseudo-terminal: who reads, and what the program writes to."""
    reader, terminal = os.openpty()
    tty.setraw(terminal)
    os.set_blocking(reader, False)
    yield reader, terminal
    for end in (reader, terminal):
        with contextlib.suppress(OSError):
            os.close(end)


class Said:
    """What the outlet has told."""

    def __init__(self) -> None:
        self.hangups = 0
        self.recovered = 0


@asynccontextmanager
async def outlet_on(terminal: int) -> AsyncIterator[tuple[Outlet, Said]]:
    said = Said()

    def hangup() -> None:
        said.hangups += 1

    def recovered() -> None:
        said.recovered += 1

    outlet = Outlet(terminal, asyncio.get_running_loop(), on_hangup=hangup, on_recovered=recovered)
    try:
        yield outlet, said
    finally:
        outlet.close(0.0)


async def read_all(reader: int, pause_s: float = 0.05) -> bytes:
    """Everything the terminal is sent until nothing comes any more."""
    content = b""
    quiet_until = time.monotonic() + pause_s
    while time.monotonic() < quiet_until:
        try:
            content += os.read(reader, 65536)
            quiet_until = time.monotonic() + pause_s
        except BlockingIOError:
            await asyncio.sleep(0.002)
    return content


def test_everything_arrives_in_order_however_slow_the_terminal(pair: tuple[int, int]) -> None:
    reader, terminal = pair
    texts = [f"{number}:" + "x" * 900 + "\n" for number in range(200)]

    async def scenario() -> None:
        async with outlet_on(terminal) as (outlet, said):
            for text in texts:
                outlet.write(text)
            assert outlet.backlog_bytes > 0
            assert await read_all(reader) == "".join(texts).encode()
            assert outlet.backlog_bytes == 0
            assert said.recovered == 0

    run(scenario)


def test_a_stalled_terminal_loses_paintings_only_and_is_painted_anew(pair: tuple[int, int]) -> None:
    reader, terminal = pair

    async def scenario() -> None:
        async with outlet_on(terminal) as (outlet, said):
            for number in range(800):
                outlet.write(f"<{number}>" + "p" * 1000, droppable=True)
                outlet.write(f"[mode {number}]")
            assert outlet.backlog_bytes <= LIMIT_BYTES + 2000
            received = (await read_all(reader)).decode()
            assert said.recovered == 1
            for number in range(800):
                assert f"[mode {number}]" in received
            assert received.count("<") < 800
            # Whatever painting arrived, arrived whole.
            assert all(part.count("p") == 1000 for part in received.split("<")[1:] for part in [part.split("[")[0]])
            outlet.write("afterwards", droppable=True)
            assert (await read_all(reader)).endswith(b"afterwards")

    run(scenario)


def test_a_painting_larger_than_the_limit_passes_when_nothing_waits(pair: tuple[int, int]) -> None:
    reader, terminal = pair

    async def scenario() -> None:
        async with outlet_on(terminal) as (outlet, said):
            outlet.write("y" * (LIMIT_BYTES + 5000), droppable=True)
            assert len(await read_all(reader)) == LIMIT_BYTES + 5000
            assert said.recovered == 0

    run(scenario)


def test_writing_never_waits_and_closing_not_for_long(pair: tuple[int, int]) -> None:
    _, terminal = pair

    async def scenario() -> None:
        async with outlet_on(terminal) as (outlet, _):
            begun = time.monotonic()
            for _ in range(100):
                outlet.write("z" * 5000)
            assert time.monotonic() - begun < 1.0
            begun = time.monotonic()
            outlet.close(0.2)
            assert time.monotonic() - begun < 1.0

    run(scenario)


def test_a_terminal_that_goes_is_told_once(pair: tuple[int, int]) -> None:
    reader, terminal = pair

    async def scenario() -> None:
        async with outlet_on(terminal) as (outlet, said):
            os.close(reader)
            for _ in range(3):
                outlet.write("nobody reads this")
            await asyncio.sleep(0.01)
            assert said.hangups == 1

    run(scenario)


def test_the_shells_terminal_stays_blocking(pair: tuple[int, int]) -> None:
    _, terminal = pair

    async def scenario() -> None:
        async with outlet_on(terminal) as (outlet, _):
            outlet.write("x")
            assert os.get_blocking(terminal)

    run(scenario)


def test_writes_from_another_thread_arrive(pair: tuple[int, int]) -> None:
    reader, terminal = pair

    async def scenario() -> None:
        async with outlet_on(terminal) as (outlet, _):
            await asyncio.to_thread(lambda: [outlet.write("t" * 3000) for _ in range(20)])
            assert len(await read_all(reader)) == 60000

    run(scenario)
