"""What leaves the master, for its loudness: one energy for every 10 ms, kept for ten minutes.

A tick counts while the transport runs, and after it as long as what rings is above the absolute gate of loudness. So
neither I nor the loudness range knows how long the song stood still.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.jit import kernel
from engine.core.record import STRIPS_PER_RACK
from engine.meters.gated import GATES_DB, LOUDNESS
from engine.meters.k_weighting import LOUDNESS_OFFSET_DB
from engine.meters.stage import ROWS

PROGRAMME_TICKS = 65536
NOT_MEASURED = -1.0

PROGRAMME_FIELDS = [("sounded", np.int64), ("closed_sounded", np.int64), ("programme", np.float64, (PROGRAMME_TICKS,))]
"""`programme` holds the sum of the K-weighted squares of both sides of each tick, or `NOT_MEASURED`; `sounded` tells
that stems have played in the tick under way, `closed_sounded` the same of the tick before until that is filed."""

_GATE = 10.0 ** ((GATES_DB[LOUDNESS] - LOUDNESS_OFFSET_DB) / 10.0)


@kernel
def file_programme(meters: Any, stage: Any) -> None:
    """Audio thread, when the master's last stage has filed a tick."""
    tick = meters.ticks[0]
    energy = 0.0
    for side in range(2):
        lane = side * STRIPS_PER_RACK
        before = stage.k_energy[(tick - 1) % ROWS, lane] if tick else 0.0
        energy += stage.k_energy[tick % ROWS, lane] - before
    rings = energy > _GATE * meters.tick_frames
    meters.programme[tick % PROGRAMME_TICKS] = energy if meters.closed_sounded or rings else NOT_MEASURED
