"""What commands print: texts and tables to the output, problems to the error output.

All of it goes through here, so that an output that nobody reads or that cannot be written is dealt with in one place,
`main`. Tables are made with rich, which is loaded only for them.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Literal, TextIO

if TYPE_CHECKING:
    from rich.console import RenderableType

_PIPE_COLUMNS: Final = 10_000


class OutputError(Exception):
    """The output cannot be written, for another reason than that its reader has gone (a `BrokenPipeError`)."""


def prepare_streams() -> None:
    """See to it that all three standard streams are there, and that any name can be written to the output.

    Closed ones are opened on the null device: what the program opened next (a bounce, perhaps) would be the output
    otherwise. The output is opened for reading, so that writing it fails as if it were closed.
    """
    if sys.stdin is None:
        sys.stdin = _null_device(os.O_RDONLY, "r")
    if sys.stdout is None:
        sys.stdout = _null_device(os.O_RDONLY, "w")
    if sys.stderr is None:
        sys.stderr = _null_device(os.O_WRONLY, "w")
    if isinstance(sys.stdout, io.TextIOWrapper):  # names may have letters that this terminal or file has not
        sys.stdout.reconfigure(errors="backslashreplace")


def _null_device(flags: int, mode: Literal["r", "w"]) -> TextIO:
    descriptor = os.open(os.devnull, flags)  # the lowest that is free: that of the stream that is closed
    return os.fdopen(descriptor, mode, encoding="utf-8")


def put(text: str, *, end: str = "\n") -> None:
    """Write a text to the output at once. Raises `BrokenPipeError` or `OutputError`."""
    with _errors_named():
        sys.stdout.write(text + end)
        sys.stdout.flush()


@contextmanager
def _errors_named() -> Generator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"the output cannot be written: {error.strerror}") from error


def put_json(document: dict[str, Any]) -> None:
    """Write a document for programs to the output."""
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    try:
        text.encode(output_encoding())
    except UnicodeEncodeError:  # names that are no text, or not in the letters of this terminal
        text = json.dumps(document, indent=2, allow_nan=False)
    put(text)


def put_tables(*tables: RenderableType, width: int) -> None:
    """Write tables and lines to the output, folded at a width in cells, coloured where that is a terminal."""
    from rich.console import Console

    class OutputConsole(Console):
        def on_broken_pipe(self) -> None:
            """Leave it to `main`: rich itself ends the program, with the exit code of findings."""
            raise  # rich calls this while it handles the error

    console = OutputConsole(highlight=False, markup=False, emoji=False, width=width)
    with _errors_named():
        for table in tables:
            console.print(table)


def complain(problem: str) -> None:
    """Write a line about a problem to the error output. Nothing can be said where that cannot be written."""
    try:
        print(f"gainstage: {problem}", file=sys.stderr, flush=True)
    except OSError:
        give_up(sys.stderr)


def give_up(stream: TextIO) -> None:
    """Let go what could not be written: Python would try once more when it ends, complain, and end with 120."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def output_encoding() -> str:
    """The encoding of the output."""
    return sys.stdout.encoding or "utf-8"


def terminal_columns(stream: TextIO | None = None) -> int:
    """How wide the terminal behind a stream (the output) is; what the environment says may be of another moment.

    A pipe folds nothing.
    """
    try:
        return os.get_terminal_size((stream or sys.stdout).fileno()).columns or _PIPE_COLUMNS
    except (OSError, ValueError):
        return _PIPE_COLUMNS
