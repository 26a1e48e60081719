"""The compiler's own process: `python -m engine.io.compiler` compiles the entries that it is told, one after the other.

Names come in as lines, machine code goes out: a line with its length, then an `ObjectCode` as bytes. What goes wrong is
said in that line instead.
"""

from __future__ import annotations

import importlib
import json
import os
import queue
import subprocess
import threading
from collections.abc import Callable

from engine.core.machine_code import EngineError, ObjectCode, keep
from engine.io.process import child_command, child_environment

Report = Callable[[float, str], None]
"""Is told the share done (0 to 1) and what is being compiled."""

_MODULE = "engine.io.compiler"


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
    """Feeds one process until nothing is waiting."""
    try:
        with subprocess.Popen(
            child_command(_MODULE),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=child_environment() | {"GAINSTAGE_KERNELS": "emit"},
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            while (name := waiting.get()) is not None:
                process.stdin.write(name.encode() + b"\n")
                process.stdin.flush()
                head = json.loads(process.stdout.readline() or b"{}")
                if "bytes" not in head:
                    raise EngineError(f"the engine cannot be compiled: {head.get('error', 'the compiler ended')}")
                keep(name, ObjectCode.unpacked(process.stdout.read(head["bytes"])))
                done.put(name)
            process.stdin.close()
    except (OSError, ValueError) as error:
        done.put(EngineError(f"the engine cannot be compiled: {error}"))
    except EngineError as error:
        done.put(error)


def _compiled(name: str) -> bytes:
    module, _, function = name.rpartition(".")
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
