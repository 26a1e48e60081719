"""Every byte shared with the audio thread, and who writes it.

| part | written by | read by |
|---|---|---|
| `controls` | interface process | audio thread |
| `meters.wanted` | interface process | audio thread |
| `transport`: orders, `orders_written`, `length_frames`, `ready` | control thread | audio thread |
| `transport.obeyed` | control thread | interface process |
| `sides*`, `full_scales`, `metered`, `output`, `next_plan`, addresses | control thread | audio thread |
| everything else | audio thread | interface and control thread |

The record lies in memory that the interface process and the audio process map together; it holds no Python object and
no pointer that the interface would follow. Source rings are private to the audio process and reached by address.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.record import BLOCK_FRAMES, LANES, allocate, allocate_bytes, record
from engine.dsp.smoother import SMOOTHED_GAINS, smoothing_coefficient
from engine.meters.ballistics import BALLISTICS, PEAK_FALL_DB_PER_S, TICKS_PER_SECOND, set_ballistics
from engine.meters.output_peak import OUTPUT_PEAK
from engine.meters.programme_ring import PROGRAMME_FIELDS
from engine.mix import MAX_STRIPS
from engine.mixer.controls import CONTROLS, PAN_LAW_EXPONENTS, RACKS, SLOTS
from engine.mixer.strip import RACK
from engine.mixer.transport import TRANSPORT, set_fade

METERS = record(
    [
        ("wanted", np.int64, (1,)),
        ("handed", np.int64, (1,)),
        ("ticks", np.int64, (1,)),
        ("tick_frames", np.int64),
        ("tick_left", np.int64),
        ("unfiled", np.int64),
        ("ballistics", BALLISTICS),
        *PROGRAMME_FIELDS,
    ]
)
"""`wanted` and `handed` number the hand-overs of maxima; `ticks` counts the 10 ms since the engine started
that are over and filed, `unfiled` the steps of filing the last one that are left (`mixer.filing`)."""

STATUS = record(
    [
        ("callbacks", np.int64, (1,)),
        ("frames", np.int64),
        ("xruns", np.int64),
        ("load", np.float64),
        ("peak_load", np.float64),
        ("handed_peak_load", np.float64),
        ("largest_block", np.int64),
        ("thread", np.int64),
        ("time", np.int64, (2,)),
    ]
)
"""The heartbeat (`callbacks`, moved by every callback) and how hard the engine works: share of a block's time."""

OUTPUT = record([("channels", np.int64), ("left", np.int64), ("right", np.int64)])
"""The device's channels per frame and the 0-based pair the monitor goes to."""

_BLOCK = np.float32
"""The element of scratch blocks: one block's signal on its way."""

ENGINE = record(
    [
        ("sample_rate_hz", np.int64),
        ("controls", CONTROLS),
        ("meters", METERS),
        ("transport", TRANSPORT),
        ("status", STATUS),
        ("output", OUTPUT),
        ("sides", np.int32, (SLOTS,)),
        ("full_scales", np.float32, (MAX_STRIPS, 2)),
        ("sides_version", np.int64, (1,)),
        ("metered", np.int64),
        ("live", np.int64),
        ("own_address", np.int64),
        ("render_address", np.int64),
        ("rack_address", np.int64),
        ("rings_address", np.int64),
        ("rings_capacity", np.int64),
        ("ring_control_address", np.int64),
        ("seen_controls", np.int64),
        ("seen_sides", np.int64),
        ("seen", np.int64, (SLOTS,)),
        ("plan_address", np.int64),
        ("next_plan", np.int64, (1,)),
        ("plan_number", np.int64, (1,)),
        ("places", np.int32, (SLOTS,)),
        ("latency_frames", np.int64),
        ("changing", np.int64),
        ("silent_frames", np.int64),
        ("dips", np.int32, (SLOTS,)),
        ("smoothing", np.float64),
        ("racks", RACK, (RACKS,)),
        ("output_peak", OUTPUT_PEAK),
        ("listening", np.int64),
        ("monitor", SMOOTHED_GAINS),
        ("ceiling", np.float64),
        ("ceiling_gain", np.float64),
        ("total_block", _BLOCK, (BLOCK_FRAMES, LANES)),
        ("listen_block", _BLOCK, (BLOCK_FRAMES, LANES)),
        ("monitor_block", _BLOCK, (BLOCK_FRAMES, LANES)),
        ("way_block", _BLOCK, (BLOCK_FRAMES, LANES)),
        ("late_block", _BLOCK, (BLOCK_FRAMES, LANES)),
    ]
)


def new_engine(sample_rate_hz: int, buffer: memoryview | None = None) -> Any:
    """An engine at rest, in fresh memory or over a shared buffer of at least `ENGINE.itemsize` bytes.

    Over a buffer the interface's own words (`controls`, `meters.wanted`) stay as they are and all else starts anew, so
    an audio process that was replaced goes on with the controls as they stand.
    """
    # Fresh memory is not touched before it is used: it is large, and few strips use little of it.
    engine = allocate(ENGINE, allocate_bytes(ENGINE.itemsize).data if buffer is None else buffer)
    if buffer is not None:
        _clear(engine, left=("controls", "meters", "racks"))
        _clear(engine["racks"], left=("stages",))
        # What is kept of every 10 ms is large, and never read before it is written.
        _clear(engine["racks"]["stages"], left=("energy", "k_energy", "histograms"))
    engine.sample_rate_hz = sample_rate_hz
    engine.metered = 1
    engine.smoothing = smoothing_coefficient(sample_rate_hz)
    engine.output.channels = 2
    engine.output.right = 1
    engine.meters.ticks[0] = engine.meters.sounded = engine.meters.unfiled = 0
    engine.meters.handed[0] = engine.meters.wanted[0]
    engine.meters.tick_frames = engine.meters.tick_left = sample_rate_hz // TICKS_PER_SECOND
    set_ballistics(engine.meters.ballistics, sample_rate_hz)
    set_fade(engine.transport, sample_rate_hz)
    engine.seen_controls = engine.seen_sides = -1
    engine.seen[:] = -1
    engine.places[:] = -1
    engine.ceiling = engine.ceiling_gain = 1.0
    if engine.controls.pan_law_exponent == 0.0:
        engine.controls.peak_fall_db_per_s = PEAK_FALL_DB_PER_S
        engine.controls.pan_law_exponent = PAN_LAW_EXPONENTS["-3"]
    return engine


def _clear(records: Any, left: tuple[str, ...]) -> None:
    for name in records.dtype.names:
        if name not in left:
            records[name] = np.zeros((), records.dtype[name].base)
