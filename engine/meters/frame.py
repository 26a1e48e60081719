"""One reading of all meters: what the interface gets once per frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.mix import INSERT_SLOTS

FloatArray = npt.NDArray[np.float32]

STAGES: Final = (
    "input",
    "trim",
    *(f"insert {n + 1}" for n in range(INSERT_SLOTS)),
    "fader",
    "send a",
    "send b",
    "send c",
    "send d",
)
"""Where a strip is metered: at its input, after the trim, after each insert slot, after the fader (and pan), and at
each send. After a slot that no strip beside it uses it is what it was before."""
INPUT, AFTER_TRIM, AFTER_INSERT = range(3)
AFTER_FADER = AFTER_INSERT + INSERT_SLOTS
AT_SEND = AFTER_FADER + 1
OVERVIEW: Final = (INPUT, AFTER_TRIM, AFTER_FADER)
"""The stages that stand side by side where all of a strip is shown at once."""
VU_REFERENCE_DBFS: Final = -18.0
"""0 VU reads a sine of this peak level."""


@dataclass(frozen=True, slots=True)
class MeterFrame:
    """Levels of every strip, stage and side; arrays are float32 of shape (strips + 1, stages, 2), the master last.

    Silence, and a stage that is not there, is -inf. What is held is the highest since the holds were cleared.
    """

    peak_dbfs: FloatArray
    """Falls 20 dB in 1.7 s; never below the highest sample since the previous reading."""
    hold_dbfs: FloatArray
    true_peak_dbtp: FloatArray
    """As `peak_dbfs`, between samples too; never below it."""
    true_hold_dbtp: FloatArray
    rms_dbfs: FloatArray
    """Mathematical (a full-scale sine reads -3.01), over 300 ms."""
    vu_db: FloatArray
    """In VU, 0 = a sine of -18 dBFS peak."""
    ppm_1_dbfs: FloatArray
    """PPM type I (DIN, Nordic): a steady sine reads its peak level; the highest since the previous reading."""
    ppm_2_dbfs: FloatArray
    """PPM type II (BBC, EBU)."""
    k_system_dbfs: FloatArray
    """The average of the K-System: AES-17 (a full-scale sine reads 0), 99 % of the amplitude in 600 ms."""
    momentary_lufs: FloatArray
    """Of both sides together, (strips + 1, stages): over 400 ms, on a grid of 10 ms."""
    short_term_lufs: FloatArray
    """The same over 3 s."""
    over: npt.NDArray[np.bool_]
    """Whether a sample above full scale has passed since the holds were cleared."""
    reduction_db: FloatArray
    """Gain reduction (0 or negative) of the processors, (strips + 1, insert slots, 2)."""
    unit_vu_db: FloatArray
    """What the processors' own VU meters read, of the same shape, in VU."""
    playing: bool
    position_s: float
    length_s: float
    loop_enabled: bool
    load_percent: float
    """Share of the block's time that the audio callback took, smoothed over about a second."""
    peak_load_percent: float
    """The worst block since the previous reading."""
    xruns: int
    """Blocks the device reported as late, since the device was opened."""
    underruns: int
    """Blocks that waited for the disk, since the mix was loaded."""
    latency_s: float
    """How late the master is, by the processors on the way to it."""
