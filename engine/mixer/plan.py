"""The plan: what is connected to what, as the audio thread reads it.

A plan is finished when the audio thread first sees it, and never changes. It is made by the control thread
(`mixer.planner`), taken by the audio thread at the end of a 10 ms tick, and given back when the next one is taken.
Memory that lives longer than a plan (units, their seats, delay lines) is reached by address.

Places are `rack x 32 + column`.
"""

from __future__ import annotations

import numpy as np

from engine.core.record import LANES, STRIPS_PER_RACK, record
from engine.meters.frame import STAGES
from engine.mix import INSERT_SLOTS, SEND_SLOTS
from engine.mixer.controls import RACKS, SLOTS
from engine.mixer.seat import UNIT_REF

EDGES = 1 + SEND_SLOTS
"""Ways out of a strip: its output, then its sends."""
OUTPUT = 0

MOST_UNITS = 512

DELAY = record(
    [
        ("line", np.int64),
        ("rows", np.int64),
        ("written", np.int64),
        ("frames", np.int32, (STRIPS_PER_RACK,)),
        ("before", np.int32, (STRIPS_PER_RACK,)),
        ("at", np.int32, (STRIPS_PER_RACK,)),
    ]
)
"""The delay of one way out of a rack: a line of (rows, LANES) float32, and for each column the delay, the one before,
and how far the crossfade between them is (it waits below 0 until the line holds enough)."""

PLAN = record(
    [
        ("number", np.int64),
        ("racks", np.int64),
        ("order", np.int64, (RACKS,)),
        ("places", np.int32, (SLOTS,)),
        ("slots", np.int32, (RACKS, STRIPS_PER_RACK)),
        ("dips", np.int32, (SLOTS,)),
        ("units", UNIT_REF, (MOST_UNITS,)),
        ("unit_count", np.int64),
        ("leaving", UNIT_REF, (MOST_UNITS,)),
        ("leaving_count", np.int64),
        ("is_out", np.int64, (1,)),
        ("first_unit", np.int32, (RACKS, INSERT_SLOTS + 1)),
        ("columns", np.int32, (RACKS,)),
        ("to_master", np.float32, (RACKS, LANES)),
        ("targets", np.int32, (RACKS, EDGES, STRIPS_PER_RACK)),
        ("is_used", np.int32, (RACKS, EDGES)),
        ("delays", np.int64, (RACKS, EDGES)),
        ("delay_frames", np.int32, (RACKS, EDGES, STRIPS_PER_RACK)),
        ("late_frames", np.int32, (RACKS, len(STAGES), STRIPS_PER_RACK)),
        ("latency_frames", np.int64),
    ]
)
"""`order` are the racks in use, feeders first, without the master's. `slots` is the strip at each place (-1: none),
`dips` are the strips that must be silent before this plan is taken. `columns` is how many columns of a rack are in use.
`first_unit[rack, insert]` is where the units of an insert slot begin in `units`; `leaving` are units of the plan before
with the columns that this one takes away from them, which have to be out first (`is_out`: the audio thread's word for
asking). `to_master` is 1.0 in the lanes whose output goes to the master, `targets` is where the others go (-1:
nowhere). `delays` are addresses of `DELAY` (0: none). `late_frames` is how late each stage of a strip is, by processors
before it and by paths that were made to arrive together, `latency_frames` how late the master is."""
