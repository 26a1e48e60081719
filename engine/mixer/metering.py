"""What the audio thread is told of meters: how fast peaks fall, and what stems' files can hold at most."""

from __future__ import annotations

from typing import Any

from engine.core.jit import kernel
from engine.core.record import STRIPS_PER_RACK
from engine.meters.ballistics import derive_peak_fall
from engine.meters.clips import set_full_scale
from engine.mix import MAX_STRIPS


@kernel
def derive_meters(engine: Any) -> None:
    """Audio thread. Takes what has changed."""
    derive_peak_fall(engine.meters.ballistics, engine.controls.peak_fall_db_per_s, engine.sample_rate_hz)
    for slot in range(MAX_STRIPS):
        clips = engine.racks[slot // STRIPS_PER_RACK].clips
        if slot % STRIPS_PER_RACK == 0:
            clips.is_any = 0
        for side in range(2):
            lane = slot % STRIPS_PER_RACK + side * STRIPS_PER_RACK
            set_full_scale(clips, lane, engine.full_scales[slot, side])
