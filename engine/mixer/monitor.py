"""The monitor section: what the ears get of the master, or of the strips that are listened to. Never part of a bounce.

    master ─┬ or ┬→ volume × dim × mute → mono, polarity of one side → ceiling → device
    listen ─┘    ┘

All of it but the ceiling is one gain for each way from a side of a source to an ear, so everything moves smoothly. The
ceiling is a gain that falls at once when a sample would pass it and rises again over 0.2 s: nothing leaves above it,
and what stays below is not touched.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.jit import exact_kernel, kernel
from engine.core.record import STRIPS_PER_RACK
from engine.dsp.smoother import apply_gains, set_target
from engine.mixer.controls import gain_of

DIM_DB = -20.0
RISE_S = 0.2
_WAYS = 4
"""Lanes of each ear: the master's own side, its other side, and the same of the strips that are listened to."""


@exact_kernel
def derive_monitor(engine: Any, jump: bool) -> None:
    """Audio thread. Sends the monitor's gains to where the controls have them."""
    control = engine.controls.monitor
    volume = 0.0 if control.mute else gain_of(np.float64(control.volume_db))
    if control.dim:
        volume *= 10.0 ** (DIM_DB / 20.0)
    engine.ceiling = gain_of(np.float64(control.ceiling_dbfs))
    listening = engine.controls.listening != 0
    near = 0.5 if control.mono else 1.0
    far = 0.5 if control.mono else 0.0
    for side in range(2):
        sign = -1.0 if side and control.invert_right else 1.0
        lane = side * STRIPS_PER_RACK
        master = 0.0 if listening else volume * sign
        heard = volume * sign if listening else 0.0
        set_target(engine.monitor, lane, master * near, jump)
        set_target(engine.monitor, lane + 1, master * far, jump)
        set_target(engine.monitor, lane + 2, heard * near, jump)
        set_target(engine.monitor, lane + 3, heard * far, jump)


@kernel
def run_monitor(engine: Any, total: Any, frames: int) -> None:
    """Audio thread. Fills the monitor's block: the left ear in lane 0, the right one in lane 32."""
    block = engine.monitor_block
    listen = engine.listen_block
    right = STRIPS_PER_RACK
    for t in range(frames):
        block[t, 0] = total[t, 0]
        block[t, 1] = total[t, right]
        block[t, right] = total[t, right]
        block[t, right + 1] = total[t, 0]
        block[t, 2] = listen[t, 0]
        block[t, 3] = listen[t, right]
        block[t, right + 2] = listen[t, right]
        block[t, right + 3] = listen[t, 0]
    apply_gains(engine.monitor, engine.smoothing, block, frames)
    ceiling = engine.ceiling
    gain = engine.ceiling_gain
    rise = 1.0 / (RISE_S * engine.sample_rate_hz)
    for t in range(frames):
        for side in range(2):
            lane = side * STRIPS_PER_RACK
            ear = block[t, lane]
            for way in range(1, _WAYS):
                ear += block[t, lane + way]
            block[t, lane] = ear if math.isfinite(ear) else np.float32(0.0)
        loudest = max(abs(np.float64(block[t, 0])), abs(np.float64(block[t, right])))
        gain = min(1.0, gain + rise)
        if loudest * gain > ceiling:
            gain = ceiling / loudest
        if gain < 1.0:
            limit = np.float32(ceiling)
            for side in range(2):
                lane = side * STRIPS_PER_RACK
                block[t, lane] = min(max(np.float32(block[t, lane] * gain), -limit), limit)
    engine.ceiling_gain = gain
