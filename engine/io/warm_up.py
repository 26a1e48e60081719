"""Makes the engine's machine code ready: compiled once, in steps that can be shown, and linked ever after."""

from __future__ import annotations

from collections.abc import Callable

from engine.core.jit import IS_PLAIN
from engine.core.machine_code import is_kept
from engine.inserts.catalog import PROCESSORS

ENTRIES = (
    "engine.drive.render_blocks",
    *(processor.entry.name for processor in PROCESSORS.values()),
    "engine.sources.decode.decode",
    "engine.io.callback.stream_callback",
    "engine.io.callback.run_clock",
)
"""What the program calls, the longest to compile first."""


def warm_up(report: Callable[[float | None, str], None] = lambda _share, _text: None) -> None:
    """Has compiled what has not been. Raises EngineError where that is not possible.

    On a first start `report` is told the share done (0 to 1) and a text, and at the end None and an empty text.
    """
    missing = [] if IS_PLAIN else [name for name in ENTRIES if not is_kept(name)]
    if not missing:
        return
    from engine.io.compiler import compile_entries

    compile_entries(missing, lambda share, step: report(share, f"preparing the engine (first start): {step}"))
    report(None, "")
