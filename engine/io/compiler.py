"""The compiler's own process: `python -m engine.io.compiler` compiles the entries that it is told, one after the other.

Names come in as lines, machine code goes out: a line with its length, then an `ObjectCode` as bytes. What goes wrong is
said in that line instead.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import queue
import subprocess
import threading
from collections.abc import Callable

from engine.core.machine_code import AT_ONCE, NARROW, EngineError, ObjectCode, keep
from engine.io.process import child_command, child_environment

Report = Callable[[float, str], None]
"""Is told the share done (0 to 1) and what is being compiled."""

_MODULE = "engine.io.compiler"

_OF_MANY_PARTS = ("engine.drive.", "engine.mixer.", "engine.io.", "engine.meters.reading.", "engine.meters.gated.")
"""Where entries are made of many small functions: numba, which optimises each by itself and again in each that calls
it, takes longer over them and makes slower code than one pass over all. (For the long loops of processors it is the
other way round.)"""


def compile_entries(names: list[str], report: Report) -> None:
    """Has entries compiled on all processors and keeps their machine code. Raises EngineError."""
    waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    done: queue.SimpleQueue[str | EngineError] = queue.SimpleQueue()
    workers = min(len(names), os.cpu_count() or 1)
    for name in [*names, *[None] * workers]:
        waiting.put(name)
    for _ in range(workers):
        threading.Thread(target=_work, args=(waiting, done), name="compiler", daemon=True).start()
    for count in range(len(names)):
        report(count / len(names), f"{count + 1}/{len(names)}")
        if isinstance(ended := done.get(), EngineError):
            raise ended


def _work(waiting: queue.SimpleQueue[str | None], done: queue.SimpleQueue[str | EngineError]) -> None:
    """Compiles what is waiting, one after the other."""
    process: _Compiler | None = None
    try:
        while (name := waiting.get()) is not None:
            settings = _settings(name)
            if process is None or process.settings != settings:
                if process is not None:
                    process.close()
                process = _Compiler(settings)
            keep(name, process.compile(name))
            done.put(name)
    except EngineError as error:
        done.put(error)
    except Exception as error:
        # Whatever it is: who waits for this thread must hear that it has ended.
        done.put(EngineError(f"the engine cannot be compiled: {error}"))
    finally:
        if process is not None:
            process.close()


def _settings(name: str) -> dict[str, str]:
    """What the process that compiles an entry is told by its environment."""
    return {
        "GAINSTAGE_KERNELS": "emit_narrow" if name.endswith(NARROW) else "emit",
        "NUMBA_OPT": AT_ONCE if name.startswith(_OF_MANY_PARTS) else "3",
    }


class _Compiler:
    """One process that compiles."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.settings = settings
        self._process = subprocess.Popen(
            child_command(_MODULE),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=child_environment() | settings,
        )

    def compile(self, name: str) -> ObjectCode:
        """The machine code of an entry. Raises EngineError."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(name.encode() + b"\n")
        process.stdin.flush()
        head = json.loads(process.stdout.readline() or b"{}")
        if "bytes" not in head:
            raise EngineError(f"the engine cannot be compiled: {head.get('error', 'the compiler ended')}")
        return ObjectCode.unpacked(process.stdout.read(head["bytes"]))

    def close(self) -> None:
        """Ends the process."""
        with contextlib.suppress(OSError):
            self._process.communicate()


def _compiled(name: str) -> bytes:
    module, _, function = name.removesuffix(NARROW).rpartition(".")
    packed: bytes = getattr(importlib.import_module(module), function).compile().packed()
    return packed


def main() -> None:
    """Compiles until the line ends. What libraries print goes where errors go."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with os.fdopen(0) as names:
        for line in names:
            try:
                packed = _compiled(line.strip())
                answer = json.dumps({"bytes": len(packed)}).encode() + b"\n" + packed
            except Exception as error:
                answer = json.dumps({"error": f"{type(error).__name__}: {error}"[:200]}).encode() + b"\n"
            answers.write(answer)
            answers.flush()


if __name__ == "__main__":
    main()
