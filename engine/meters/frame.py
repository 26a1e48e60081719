"""One reading of all meters: what the interface gets once per frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

STAGES: Final = ("input", "trim", "fader")
"""Where a strip is metered: at its input, after the trim, after the fader (and pan)."""
INPUT, AFTER_TRIM, AFTER_FADER = range(3)
METER_TYPES: Final = ("peak", "rms", "vu")
VU_REFERENCE_DBFS: Final = -18.0
"""0 VU reads a sine of this peak level."""


@dataclass(frozen=True, slots=True)
class MeterFrame:
    """Levels of every strip, stage and side; arrays are float32 of shape (strips + 1, stages, 2), the master last.

    `peak_dbfs` falls 20 dB in 1.7 s and is never below the highest sample since the previous reading.
    `hold_dbfs` is the highest sample since the holds were cleared. `rms_dbfs` is mathematical (a full-scale sine
    reads -3.01) over 300 ms. `vu_db` is in VU, 0 = a sine of -18 dBFS peak. Silence is -inf.
    `over` (bool) tells that a sample above full scale has passed since the holds were cleared.
    """

    peak_dbfs: FloatArray
    hold_dbfs: FloatArray
    rms_dbfs: FloatArray
    vu_db: FloatArray
    over: npt.NDArray[np.bool_]
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
