"""Compiles the engine once, in steps that can be shown; later starts load it from the cache in half a second."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable

from engine.core.jit import cache_folder

_DONE_MARK = "complete"


def is_cold() -> bool:
    """Whether this version of the engine has never been compiled on this machine."""
    return not (cache_folder() / _DONE_MARK).exists()


def forget_kernels() -> None:
    """Removes what was compiled of this version of the engine."""
    shutil.rmtree(cache_folder(), ignore_errors=True)


def warm_up(report: Callable[[float | None, str], None]) -> None:
    """Compiles or loads every kernel of the live engine.

    On a first start `report` is called before each step with the share done (0 to 1) and a text, and at the end with
    None and an empty text.
    """
    if not is_cold():
        _callback()
        return
    for index, (step, compile_step) in enumerate(_STEPS.items()):
        report(index / len(_STEPS), f"preparing the engine (first start): {step} {index + 1}/{len(_STEPS)}")
        compile_step()
    report(None, "")
    # Without a place to keep it, the next start compiles again.
    with contextlib.suppress(OSError):
        cache_folder().mkdir(parents=True, exist_ok=True)
        (cache_folder() / _DONE_MARK).touch()


def _sources() -> None:
    from engine.sources.decode import compile_kernels

    compile_kernels()


def _controls() -> None:
    from engine.memory import new_engine
    from engine.mixer.controls import derive_gains
    from engine.mixer.transport import arrive, take_orders

    engine = new_engine(48000)
    derive_gains(engine.controls, engine.racks, engine.sides, engine.seen, True)
    take_orders(engine.transport)
    arrive(engine.transport)


def _strips() -> None:
    from engine.memory import new_engine
    from engine.mixer.strip import clear_rack_meters, end_rack_tick, process_rack

    engine = new_engine(48000)
    process_rack(engine.racks[0], engine.meters.ballistics, engine.smoothing, 1, True)
    end_rack_tick(engine.racks[0], 0, True)
    clear_rack_meters(engine.racks[0])


def _mixer() -> None:
    import numpy as np

    from engine.memory import new_engine
    from engine.mixer.render import render
    from engine.sources.ring import new_ring_control, new_rings

    render(new_engine(48000), new_rings(64), new_ring_control(), np.zeros((1, 2), np.float32), False)


def _callback() -> None:
    from engine.io import callback

    assert callback.stream_callback.address


_STEPS = {"sources": _sources, "controls": _controls, "strips": _strips, "mixer": _mixer, "callback": _callback}
