"""What there is to draw of a processor: pure functions of its parameters. The door of the interface to these curves."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.inserts import bus_compressor, compressor, console, equaliser, gate, saturator, tape
from sessions.insert import InsertState

FloatArray = npt.NDArray[np.float64]

_STATIC: Final[Mapping[str, Callable[[tuple[float, ...], npt.ArrayLike], FloatArray]]] = {
    "compressor": compressor.curve_db,
    "bus_compressor": bus_compressor.curve_db,
    "gate": gate.curve_db,
}
_TRANSFER: Final[Mapping[str, Callable[[tuple[float, ...], npt.ArrayLike], FloatArray]]] = {
    "saturator": saturator.curve,
    "console": console.curve,
    "tape": tape.curve,
}
_GAINS: Final[Mapping[str, tuple[str, ...]]] = {
    "utility": ("gain_db",),
    "compressor": ("make_up_db",),
    "bus_compressor": ("make_up_db",),
    "saturator": ("drive_db", "output_db"),
    "tape": ("drive_db",),
    "console": ("drive_db",),
    "limiter": ("input_gain_db",),
}
"""The parameters that are plain gains, to a sound so quiet that nothing else is done to it."""

_LONGEST_ECHO_S: Final = 2.0
_DOTTED, _TRIPLET = 1.5, 2.0 / 3.0


def response_db(insert: InsertState, frequencies_hz: npt.ArrayLike, sample_rate_hz: float) -> FloatArray | None:
    """What an equaliser does to frequencies below half the sample rate; None for other processors."""
    if insert.kind != "equaliser":
        return None
    return equaliser.response_db(insert.params, frequencies_hz, sample_rate_hz)


def static_db(insert: InsertState, input_dbfs: npt.ArrayLike) -> FloatArray | None:
    """The output levels of steady input levels, of what works on levels; None for other processors."""
    if insert.kind == "limiter":
        driven = np.asarray(input_dbfs, np.float64) + insert.value("input_gain_db")
        return np.minimum(driven, insert.value("ceiling_dbtp"))
    curve = _STATIC.get(insert.kind)
    return None if curve is None else curve(insert.params, input_dbfs)


def transfer(insert: InsertState, samples: npt.ArrayLike) -> FloatArray | None:
    """What becomes of (linear) samples, of what bends the wave (tape: from rest); None for other processors."""
    curve = _TRANSFER.get(insert.kind)
    return None if curve is None else curve(insert.params, samples)


def set_gain_db(insert: InsertState) -> float:
    """The gain a slot is set to: its plain gains and its output, as a quiet sound hears them; none when bypassed.

    Frequencies that an equaliser lifts or cuts, and what is reduced, are not in it: they depend on the sound.
    """
    if insert.bypass:
        return 0.0
    gain_db = sum(insert.value(param_id) for param_id in _GAINS.get(insert.kind, ()))
    share = insert.mix_percent / 100.0
    blended = (1.0 - share) + share * 10.0 ** (gain_db / 20.0)
    return 20.0 * math.log10(max(blended, 1e-9)) + insert.output_db


def echo_s(insert: InsertState) -> float:
    """The time between two echoes of a delay, by its notes or its milliseconds."""
    if not insert.value("sync"):
        return insert.value("time_ms") / 1000.0
    note = insert.spec("note").choices[int(insert.value("note"))]
    share = {"D": _DOTTED, "T": _TRIPLET}.get(note[-1], 1.0)
    seconds = 4.0 / float(note.rstrip("DT").split("/")[1]) * share * 60.0 / insert.value("tempo_bpm")
    while seconds > _LONGEST_ECHO_S:
        seconds /= 2.0
    return seconds
