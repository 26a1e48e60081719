"""Makes the engine's machine code ready: compiled once, in steps that can be shown, and linked ever after."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.catalog import PROCESSORS
from engine.core.jit import IS_PLAIN
from engine.core.machine_code import is_kept
from engine.mixer.seat import seat_of_unit

CORE = (
    "engine.drive.render_blocks",
    "engine.drive.render_rack",
    "engine.meters.reading.read_points",
    "engine.sources.decode.decode",
    "engine.meters.gated.average_gated",
    "engine.io.callback.stream_callback",
    "engine.io.callback.run_clock",
)
"""What every mix needs, the longest to compile first."""

MEASURING = (
    "engine.meters.programme_peak.measure_peaks",
    "engine.meters.programme_energy.measure_energy",
    "engine.sources.decode.decode",
)
"""What measures files."""

ENTRIES = (
    *CORE,
    seat_of_unit.narrow.name,
    *(processor.entry.narrow.name for processor in PROCESSORS.values()),
    seat_of_unit.name,
    *(processor.entry.name for processor in PROCESSORS.values() if not processor.is_single),
    *(name for name in MEASURING if name not in CORE),
)
"""All that the program calls, in the order in which it is likely to need it."""


def are_ready(names: Iterable[str]) -> bool:
    """Whether entries can be called at once."""
    return IS_PLAIN or all(map(is_kept, names))


def warm_up(
    report: Callable[[float | None, str], None] = lambda _share, _text: None, names: Iterable[str] = CORE
) -> None:
    """Has compiled what has not been. Raises EngineError where that is not possible.

    On a first start `report` is told the share done (0 to 1) and a text, and at the end None and an empty text.
    """
    missing = [] if IS_PLAIN else [name for name in names if not is_kept(name)]
    if not missing:
        return
    from engine.io.compiler import compile_entries

    compile_entries(missing, lambda share, step: report(share, f"preparing the engine (first start): {step}"))
    report(None, "")
