"""A terminal without a terminal: what the driver is told, and what an emulator makes of it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pyte
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size
from textual.pilot import Pilot

from tui.app import MixerApp

_UNKNOWN_TO_PYTE = re.compile(r"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9]+\$p|\x1b\[6n")
Result = TypeVar("Result")
Cell = tuple[str, str, str, bool, bool, bool]


class RecordingDriver(Driver):
    """Keeps what the application writes; never behind."""

    backlog_bytes = 0
    is_active = True

    def __init__(self, app: App[Any], **settings: Any) -> None:
        super().__init__(app, **settings)
        self.written: list[str] = []
        if isinstance(app, MixerApp):
            app.terminal = self  # type: ignore[assignment]

    def write(self, data: str) -> None:
        self.written.append(data)

    paint = write

    def take(self) -> str:
        """What was written since the last time."""
        written, self.written = self.written, []
        return "".join(written)

    def start_application_mode(self) -> None:
        """Tell the size."""
        from textual.events import Resize

        size = Size(*(self._size or (80, 24)))
        self.send_message(Resize(size, size))

    def disable_input(self) -> None:
        """There is none."""

    def stop_application_mode(self) -> None:
        """There is nothing to restore."""


def cells(screen: pyte.Screen) -> list[list[Cell]]:
    """What is seen in each cell: of a blank only its ground."""
    return [[_seen(screen.buffer[y][x]) for x in range(screen.columns)] for y in range(screen.lines)]


def _seen(char: pyte.screens.Char) -> Cell:
    if char.data in (" ", "") and not char.reverse and not char.underscore:
        return (" ", "", char.bg, False, False, False)
    return (char.data, char.fg, char.bg, char.bold, char.reverse, char.underscore)


def feed(screen: pyte.Screen, written: str) -> None:
    """Show what was written."""
    pyte.Stream(screen).feed(_UNKNOWN_TO_PYTE.sub("", written))


def run(scenario: Callable[[], Awaitable[Result]], timeout_s: float = 30.0) -> Result:
    """Run a coroutine to its end."""

    async def bounded() -> Result:
        async with asyncio.timeout(timeout_s):
            return await scenario()

    return asyncio.run(bounded())


def drive(app: MixerApp, size: tuple[int, int], scenario: Callable[[Pilot[int]], Awaitable[None]]) -> None:
    """Run an application without output and do something to it."""

    async def headless() -> None:
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            await scenario(pilot)

    run(headless)


def drive_recorded(
    app: MixerApp, size: tuple[int, int], scenario: Callable[[Pilot[int], RecordingDriver], Awaitable[None]]
) -> None:
    """Run an application that writes to a recording driver and do something to it."""
    app.driver_class = RecordingDriver
    failed: list[BaseException] = []
    finished: list[bool] = []

    async def pilot_it(pilot: Pilot[int]) -> None:
        try:
            await settle(pilot)
            assert isinstance(app.terminal, RecordingDriver)
            await scenario(pilot, app.terminal)
            finished.append(True)
        except BaseException as error:
            failed.append(error)
        finally:
            app.exit(0)

    async def recorded() -> None:
        await app.run_async(size=size, auto_pilot=pilot_it)

    run(recorded)
    if app._exception is not None:
        raise app._exception
    if failed:
        raise failed[0]
    assert finished, "the application ended before the scenario did"


def rows_seen(app: MixerApp) -> list[str]:
    """The characters of each row as they were sent last."""
    return ["".join(chr(cell & 0x1FFFFF) for cell in row) for row in app._surface.shown.tolist()]


async def settle(pilot: Pilot[int]) -> None:
    """Wait until the first layouts are painted and everything asked for is done."""
    await pilot.pause()
    while pilot.app._batch_count:
        await pilot.pause(0.02)
    await pilot.pause(0.05)


def names(*keys: str) -> list[str]:
    """Keys as the pilot wants them."""
    words = {
        "[": "left_square_bracket",
        "]": "right_square_bracket",
        "=": "equals_sign",
        ",": "comma",
        ".": "full_stop",
        "(": "left_parenthesis",
        ")": "right_parenthesis",
        ":": "colon",
        "?": "question_mark",
        "{": "left_curly_bracket",
        "}": "right_curly_bracket",
        "<": "less_than_sign",
        ">": "greater_than_sign",
        "@": "at",
        "&": "ampersand",
        "\\": "backslash",
        "^": "circumflex_accent",
        "*": "asterisk",
        "~": "tilde",
        "#": "number_sign",
        "%": "percent_sign",
        "-": "minus",
        " ": "space",
    }
    return [words.get(key, key) for key in keys]


async def press(pilot: Pilot[int], *keys: str) -> None:
    await pilot.press(*names(*keys))
    await pilot.pause()
