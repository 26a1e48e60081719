"""The terminal: Textual's driver for Linux with an output that never waits and a hang-up that is noticed.

Differences from the stock driver: output goes through an `Outlet` instead of a thread behind a short queue (which
freezes the program when the terminal stalls); the mouse reports presses and drags, not every move; the end of the input
ends the program instead of keeping a core busy; suspending is done by the event loop, not within a signal.
"""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import shutil
import signal
import termios
import threading
from codecs import getincrementaldecoder
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.events import CursorPosition, Key
from textual.message import Message

from tui.outlet import Outlet

if TYPE_CHECKING:
    from textual.app import App

RESTORE: Final = (
    "\x1b[?2026l\x1b[?1000l\x1b[?1002l\x1b[?1006l\x1b[?2004l\x1b[?7h\x1b[<u\x1b[0m\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
"""Brings a terminal back from whatever state the program left it in."""
_PAINTING_FROM_CHARACTERS: Final = 256
"""Shorter writes set modes of the terminal and are never dropped."""
_INPUT_BYTES: Final = 4096
_ESCAPE: Final = "escape_key"
"""What the parser does not take for a character that it cannot type."""
_CURSOR_POSITIONS: Final = re.compile(rb"(?:\x1b\[\d+;\d+R)+")
_CURSOR_POSITION: Final = re.compile(rb"(\d+);(\d+)R")
_INPUT_WAIT_S: Final = 0.1


@runtime_checkable
class TerminalOwner(Protocol):
    """What an application that uses this driver is told."""

    terminal: MixerDriver | None

    def terminal_taken(self) -> None:
        """The terminal is in the program's hands; nothing was painted yet."""

    def terminal_hung_up(self) -> None:
        """The terminal is gone."""

    def terminal_blank(self) -> None:
        """The terminal shows something else than it was sent: paint everything anew."""

    def terminal_answered(self, row: int, column: int) -> None:
        """The terminal has said where its cursor is, counted from 0. Any thread."""


class _Parser(XTermParser):
    """Textual's parser types `^` for an escape key that another key follows at once; here it is one."""

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
        for event in super()._sequence_to_key_events(sequence, alt):
            if event.key == "escape":
                event.key = _ESCAPE
            yield event


class MixerDriver(LinuxDriver):
    """Display and input of the mixer."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._owner = app if isinstance(app, TerminalOwner) else None
        self._outlet: Outlet | None = None
        self._gone = threading.Event()
        if self._owner is not None:
            self._owner.terminal = self
        signal.signal(signal.SIGTSTP, lambda *_: self._from_signal(self.suspend_process))
        signal.signal(signal.SIGCONT, lambda *_: self._from_signal(self._continued))

    @property
    def backlog_bytes(self) -> int:
        """What waits for the terminal."""
        return self._outlet.backlog_bytes if self._outlet is not None else 0

    @property
    def is_active(self) -> bool:
        """Whether the terminal is in the program's hands now: not suspended, not gone."""
        return self._outlet is not None and not self._gone.is_set()

    def write(self, data: str) -> None:
        """Send to the terminal; never waits, and does nothing while the terminal is not in the program's hands."""
        if self._outlet is not None:
            self._outlet.write(data, droppable=len(data) >= _PAINTING_FROM_CHARACTERS)

    def paint(self, painting: str) -> None:
        """Send a painting, which may be dropped if the terminal does not listen."""
        if self._outlet is not None:
            self._outlet.write(painting, droppable=True)

    def start_application_mode(self) -> None:
        """Take the terminal."""
        if self._outlet is None:
            self._outlet = Outlet(
                self.fileno, self._loop, on_hangup=self._hung_up, on_recovered=self._owner_call("terminal_blank")
            )
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._writer_thread is not None:  # the stock driver's way out, which nothing is written to
            self._writer_thread.stop()
        self._owner_call("terminal_taken")()

    def _get_terminal_size(self) -> tuple[int, int]:
        return terminal_size(self.fileno)

    def close(self) -> None:
        """Let the terminal go, with what it has not taken yet if it does so soon."""
        super().close()
        if self._outlet is not None:
            self._outlet.close()
            self._outlet = None

    def suspend_process(self) -> None:
        """Give the terminal back and stop the process until it is continued. Called by the event loop."""
        if not self.is_active:
            return
        self.suspend_application_mode()
        os.kill(os.getpid(), signal.SIGSTOP)

    def emergency_restore(self) -> None:
        """Bring the terminal back as far as that goes without waiting, from any thread, whatever state this is in."""
        with contextlib.suppress(Exception):
            if self.attrs_before is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        with contextlib.suppress(Exception):
            terminal = os.open(os.ttyname(self.fileno), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
            os.write(terminal, RESTORE.encode())

    def run_input_thread(self) -> None:
        """Read keys and mouse until told to stop or until the terminal is gone."""
        parser = _Parser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(_INPUT_WAIT_S):
                    try:
                        content = os.read(self.fileno, _INPUT_BYTES)
                    except BlockingIOError:
                        continue
                    except OSError:
                        content = b""
                    if not content:
                        self._loop.call_soon_threadsafe(self._hung_up)
                        return
                    is_between_keys = parser._timeout_time is None
                    if is_between_keys and _CURSOR_POSITIONS.fullmatch(content):
                        self._answered(content)
                    else:
                        for event in parser.feed(decode(content)):
                            self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)

    def process_message(self, message: Message) -> None:
        """Pass an event on; an answer of the terminal that came with other input is one."""
        if isinstance(message, Key) and message.key == _ESCAPE:
            message = Key("escape", "\x1b")
        if isinstance(message, CursorPosition):
            self._owner_call("terminal_answered")(message.y, message.x)
        else:
            super().process_message(message)

    def _answered(self, content: bytes) -> None:
        """Where the terminal's cursor is; there is one answer a frame, and the parser costs as much as half a frame."""
        for row, column in _CURSOR_POSITION.findall(content):
            self._owner_call("terminal_answered")(int(row) - 1, int(column) - 1)

    def _enable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1002h\x1b[?1006h")

    def _disable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1016l\x1b[?1006l\x1b[?1002l\x1b[?1000l")

    def _from_signal(self, what: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the program is ending anyway
            self._loop.call_soon_threadsafe(what)

    def _continued(self) -> None:
        """The process goes on after a stop: its own, or one that it did not hear of."""
        if self._gone.is_set() or self.exit_event.is_set():
            return
        if self.is_active:
            self.suspend_application_mode()
        self.start_application_mode()
        if self._key_thread is None or not self._key_thread.is_alive():
            self.close()  # still in the background: the next SIGCONT tries again
            return
        self._owner_call("terminal_blank")()

    def _hung_up(self) -> None:
        if not self._gone.is_set():
            self._gone.set()
            self._owner_call("terminal_hung_up")()

    def _owner_call(self, name: str) -> Any:
        return getattr(self._owner, name) if self._owner is not None else lambda: None


def terminal_size(descriptor: int = 0) -> tuple[int, int]:
    """Columns and rows by the terminal's own word: COLUMNS and LINES, which shells export, do not follow changes."""
    with contextlib.suppress(OSError):
        width, height = os.get_terminal_size(descriptor)
        if width and height:
            return width, height
    return shutil.get_terminal_size()
