"""Taps of two delay lines, one per side, whose delay changes without a click: the tap at the new delay is faded in.

The lines are rings (`dsp.ring`). While a tap fades, what is heard is `a + w (b - a)`, `w = 3 x^2 - 2 x^3`, `x` from 0
to 1 in `FADE_S`: never louder than the louder of both, and smooth at both ends. A delay that is set during a fade waits
for its end; of several that are set, the last one counts.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.jit import kernel
from engine.core.record import record

FADE_S = 0.05

TAPS = record(
    [
        ("near", np.int64, (2,)),
        ("coming", np.int64, (2,)),
        ("wanted", np.int64, (2,)),
        ("remaining", np.int64, (2,)),
        ("fade_frames", np.int64),
    ]
)
"""All in frames."""


@kernel
def set_tap(taps: Any, side: int, delay_frames: int, sample_rate_hz: float, jump: bool) -> None:
    """Audio thread. Sends a tap to a delay; `jump` (while nothing sounds) goes there at once."""
    taps.fade_frames = round(FADE_S * sample_rate_hz)
    taps.wanted[side] = delay_frames
    if jump:
        land_tap(taps, side)


@kernel
def land_tap(taps: Any, side: int) -> None:
    """Audio thread. Ends a fade at once."""
    taps.near[side] = taps.wanted[side]
    taps.remaining[side] = 0


@kernel
def read_tap(taps: Any, side: int, ring: Any, mask: int, clock: int, heard: int) -> Any:
    """Audio thread. The tap at frame `clock`, read once per frame; what is older than `heard` frames is silence."""
    if taps.remaining[side] == 0 and taps.wanted[side] != taps.near[side]:
        taps.coming[side] = taps.wanted[side]
        taps.remaining[side] = taps.fade_frames
    near = taps.near[side]
    sample = ring[(clock - near) & mask] if near <= heard else np.float32(0.0)
    if taps.remaining[side] == 0:
        return sample
    coming = taps.coming[side]
    other = ring[(clock - coming) & mask] if coming <= heard else np.float32(0.0)
    taps.remaining[side] -= 1
    if taps.remaining[side] == 0:
        taps.near[side] = coming
    x = np.float32(1.0) - np.float32(taps.remaining[side]) / np.float32(taps.fade_frames)
    return sample + x * x * (np.float32(3.0) - np.float32(2.0) * x) * (other - sample)
