"""Delay: echoes by milliseconds or by the tempo, with filters in the loop, straight, from side to side or in mono.

    tap = line[t - delay];  line[t] = input + feedback * highpass(lowpass(tap));  output = width(tap)

One line per side. `stereo` feeds each side with its own input and its own tap; `ping-pong` feeds the left line with the
middle (L + R) / 2 and each line with the other's tap, so that echoes alternate, the first on the left; `mono` feeds
both with the middle and their own tap. The first echo is the input as it is (wet only, exact to the sample and, in
stereo, to the bit), each further one passes the filters once more: one-pole filters (trapezoidal, V. Zavalishin, "The
Art of VA Filter Design", 3.10), -3 dB at their corners. They never amplify, so the loop decays at any setting.

By the tempo, the delay is a note value: 60 / tempo seconds for a quarter; dotted (D) is 3/2, a triplet (T) 2/3 of it. A
note that would be longer than 2 s is halved until it fits. `offset_ms` delays the right side further. Delays are whole
frames. A new delay is faded to (`dsp.taps`), everything else glides; no latency.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.jit import exact_kernel, kernel
from engine.core.params import ParamSpec, choice, frequency, switch
from engine.core.record import STRIPS_PER_RACK
from engine.core.unit import Processor, unit_entry, unit_layout
from engine.dsp.glide import GLIDE_S
from engine.dsp.ring import audible, mask_for
from engine.dsp.taps import TAPS, land_tap, read_tap, set_tap
from engine.dsp.travel import at, depart, head_for, travel_layout, travelled, way

NOTES = ("1/32", "1/16T", "1/16", "1/8T", "1/16D", "1/8", "1/4T", "1/8D", "1/4", "1/2T", "1/4D", "1/2", "1/1")
_QUARTERS = (1 / 8, 1 / 6, 1 / 4, 1 / 3, 3 / 8, 1 / 2, 2 / 3, 3 / 4, 1.0, 4 / 3, 3 / 2, 2.0, 4.0)
MODES = ("stereo", "ping-pong", "mono")

LONGEST_S = 2.0
"""The longest delay, without the offset."""
_LONGEST_OFFSET_S = 0.05

PARAMS = (
    ParamSpec("time_ms", "Time", "ms", 1.0, 1000.0 * LONGEST_S, 375.0, 6.0, 0.6, 100.0, taper="log"),
    switch("sync", "Sync"),
    ParamSpec("tempo_bpm", "Tempo", "bpm", 30.0, 300.0, 120.0, 1.0, 0.1, 10.0),
    choice("note", "Note", NOTES, "1/8D"),
    ParamSpec("feedback_percent", "Feedback", "%", 0.0, 95.0, 35.0, 5.0, 1.0, 25.0),
    frequency("low_cut_hz", "Low cut", 20.0, 2000.0, 100.0),
    frequency("high_cut_hz", "High cut", 500.0, 20000.0, 6000.0),
    choice("mode", "Mode", MODES, "stereo"),
    ParamSpec("offset_ms", "Offset R", "ms", 0.0, 1000.0 * _LONGEST_OFFSET_S, 0.0, 1.0, 0.1, 10.0),
    ParamSpec("width_percent", "Width", "%", 0.0, 200.0, 100.0, 5.0, 1.0, 25.0),
)
_TIME, _SYNC, _TEMPO, _NOTE, _FEEDBACK, _LOW_CUT, _HIGH_CUT, _MODE, _OFFSET, _WIDTH = range(10)
_PING_PONG, _MONO = 1, 2

_LEFT_OWN, _LEFT_OTHER, _RIGHT_OWN, _RIGHT_OTHER, _AGAIN, _ACROSS, _LOW, _HIGH, _NEAR, _FAR = range(10)
"""What travels: the shares of both inputs in each line, the feedback to the same and to the other side, the filters'
coefficients, and the width's matrix."""

_LINE_FRAMES = 1 << 19
"""2.7 s at 192 kHz."""

UNIT = unit_layout(
    ("travel", travel_layout(10)),
    ("taps", TAPS),
    ("clock", np.int64),
    ("heard", np.int64),
    ("mask", np.int64),
    ("low", np.float32, (2,)),
    ("high", np.float32, (2,)),
    ("line", np.float32, (2, _LINE_FRAMES)),
)
"""`clock` counts frames, `heard` those since the last reset; `low` and `high` are the states of the high- and the
low-pass."""


@kernel
def _filtered(unit: Any, side: int, x: Any, low: Any, high: Any) -> Any:
    v = (x - unit.high[side]) * high
    passed = unit.high[side] + v
    unit.high[side] = passed + v
    v = (passed - unit.low[side]) * low
    rumble = unit.low[side] + v
    unit.low[side] = rumble + v
    return passed - rumble


@kernel
def _process(unit: Any, block: Any, frames: int) -> None:
    travel = unit.travel
    mask = unit.mask
    left_line = unit.line[0]
    right_line = unit.line[1]
    left_own = way(travel, _LEFT_OWN)
    left_other = way(travel, _LEFT_OTHER)
    right_own = way(travel, _RIGHT_OWN)
    right_other = way(travel, _RIGHT_OTHER)
    same = way(travel, _AGAIN)
    cross = way(travel, _ACROSS)
    low_way = way(travel, _LOW)
    high_way = way(travel, _HIGH)
    near_way = way(travel, _NEAR)
    far_way = way(travel, _FAR)
    for t in range(frames):
        clock = unit.clock + t
        heard = unit.heard + t
        left = read_tap(unit.taps, 0, left_line, mask, clock, heard)
        right = read_tap(unit.taps, 1, right_line, mask, clock, heard)
        low = np.float32(at(low_way, t))
        high = np.float32(at(high_way, t))
        left_again = _filtered(unit, 0, left, low, high)
        right_again = _filtered(unit, 1, right, low, high)
        again = np.float32(at(same, t))
        across = np.float32(at(cross, t))
        left_in = block[t, 0]
        right_in = block[t, STRIPS_PER_RACK]
        left_line[clock & mask] = audible(
            np.float32(at(left_own, t)) * left_in
            + np.float32(at(left_other, t)) * right_in
            + again * left_again
            + across * right_again
        )
        right_line[clock & mask] = audible(
            np.float32(at(right_own, t)) * right_in
            + np.float32(at(right_other, t)) * left_in
            + again * right_again
            + across * left_again
        )
        near = np.float32(at(near_way, t))
        far = np.float32(at(far_way, t))
        block[t, 0] = near * left + far * right
        block[t, STRIPS_PER_RACK] = near * right + far * left
    unit.clock += frames
    unit.heard += frames
    travelled(travel, frames)


@exact_kernel
def _delay_s(params: Any) -> float:
    if params[_SYNC] == 0.0:
        return np.float64(params[_TIME]) / 1000.0
    seconds = _QUARTERS[int(params[_NOTE])] * 60.0 / np.float64(params[_TEMPO])
    while seconds > LONGEST_S:
        seconds /= 2.0
    return seconds


@exact_kernel
def _one_pole(corner_hz: float, rate: float) -> float:
    g = math.tan(math.pi * corner_hz / rate)
    return g / (1.0 + g)


@exact_kernel
def _derive(unit: Any, params: Any, _column: int, jump: bool) -> None:
    rate = unit.header.sample_rate_hz
    unit.mask = mask_for(_LINE_FRAMES, rate)
    delay_s = _delay_s(params)
    set_tap(unit.taps, 0, round(delay_s * rate), rate, jump)
    set_tap(unit.taps, 1, round((delay_s + np.float64(params[_OFFSET]) / 1000.0) * rate), rate, jump)
    feedback = params[_FEEDBACK] / 100.0
    is_ping_pong = params[_MODE] == _PING_PONG
    is_stereo = not is_ping_pong and params[_MODE] != _MONO
    travel = unit.travel
    head_for(travel, _LEFT_OWN, 1.0 if is_stereo else 0.5)
    head_for(travel, _LEFT_OTHER, 0.0 if is_stereo else 0.5)
    head_for(travel, _RIGHT_OWN, 1.0 if is_stereo else 0.0 if is_ping_pong else 0.5)
    head_for(travel, _RIGHT_OTHER, 0.0 if is_stereo or is_ping_pong else 0.5)
    head_for(travel, _AGAIN, 0.0 if is_ping_pong else feedback)
    head_for(travel, _ACROSS, feedback if is_ping_pong else 0.0)
    head_for(travel, _LOW, _one_pole(params[_LOW_CUT], rate))
    head_for(travel, _HIGH, _one_pole(params[_HIGH_CUT], rate))
    head_for(travel, _NEAR, (1.0 + params[_WIDTH] / 100.0) / 2.0)
    head_for(travel, _FAR, (1.0 - params[_WIDTH] / 100.0) / 2.0)
    depart(travel, round(GLIDE_S * rate), jump)


@kernel
def _settle(unit: Any) -> None:
    for side in range(2):
        unit.low[side] = audible(unit.low[side])
        unit.high[side] = audible(unit.high[side])


@kernel
def _reset(unit: Any, _column: int) -> None:
    unit.heard = 0
    for side in range(2):
        unit.low[side] = 0.0
        unit.high[side] = 0.0
        land_tap(unit.taps, side)


entry = unit_entry(UNIT, _process, _derive, _settle, _reset)


PROCESSOR = Processor(
    "delay", "Delay", PARAMS, UNIT, entry, is_single=True, longest_gap_s=LONGEST_S + _LONGEST_OFFSET_S
)
