"""Feedback delay network: 16 delay lines that feed each other through a Hadamard matrix, each with its own loss.

    input → (+) → line → damping ┬→ out        lines 25 to 80 ms in geometric steps at a size of 100 %,
             ↑                   │             each the next prime number of frames: all are mutually prime
             └── Hadamard / 4 ───┘

The matrix is lossless; each line loses what its own length asks for (J.-M. Jot, A. Chaigne, "Digital delay networks for
designing artificial reverberators", AES 1991), so all modes decay alike: by 60 dB in the decay time at 1 kHz, and in
`high_decay` times that at 8 kHz, both exactly. The damping is `y = b x + p y1`; `p` solves
`|H(8 kHz)|^2 = R |H(1 kHz)|^2`, which is quadratic. It takes 9 dB of that difference per pass at most: in short and
very dull rooms highs last longer than asked for. Lows decay up to 1.2 times as long as 1 kHz where highs are damped to
a tenth (twice, where the 9 dB are reached).

Lines are read at delays that swing around their length, each at its own pace, by a Lagrange polynomial of the fifth
order. It never amplifies; its own loss per pass at 8 kHz and 44.1 kHz is 0.05 dB, at 1 kHz and for whole delays none.

Level: the input is scaled by sqrt((1 - g^2) / g^2), g^2 the mean square of what a pass leaves at 1 kHz, so that steady
noise comes out as loud as it goes in (undamped), whatever size and decay.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.jit import exact_kernel, kernel
from engine.core.record import BLOCK_FRAMES, record
from engine.dsp.hadamard import CHANNELS, hadamard
from engine.dsp.ring import APART, audible, mask_for, write_ring
from engine.dsp.travel import at, depart, head_for, travel_layout, travelled, way
from engine.returns.diffuser import SCATTER

GLIDE_S = 0.25
"""How long a change takes; a size that glides bends the pitch of the tail, like a tape's speed."""

LARGEST, LONGEST_SWING_S = 1.6, 0.001
"""What the rings have room for. (No line may be as short as a block: 20 % of 25 ms, less a swing, is 4 ms.)"""

_SHORTEST_S, _LONGEST_S = 0.025, 0.080
"""The lines at a size of 100 %."""

_MID_HZ, _HIGH_HZ = 1000.0, 8000.0
_MOST_DAMPING_DB = 9.0

_DRIVE, _SWING = range(2)
_FEED, _POLE, _LENGTH = 2, 2 + CHANNELS, 2 + 2 * CHANNELS
"""What travels: the scale of the input, the swing in frames; and of each line `b`, `p` and its length in frames."""

_RING_FRAMES = 1 << 15

_POINTS = 6
_SILENT = 8
"""Frames before a reset that are silence in the rings: the points around a fraction of a delay reach there."""

_TURN = 1 << 32
"""Phases are whole numbers: they wrap exactly, whatever blocks they are advanced by."""

NETWORK = record(
    [
        ("travel", travel_layout(2 + 3 * CHANNELS)),
        ("mask", np.int64),
        ("phase", np.int64, (CHANNELS,)),
        ("pace", np.int64, (CHANNELS,)),
        ("damped", np.float32, (CHANNELS,)),
        ("channels", np.float32, (CHANNELS, BLOCK_FRAMES)),
        ("whole", np.int64, (BLOCK_FRAMES,)),
        ("fraction", np.float32, (BLOCK_FRAMES,)),
        ("points", np.float32, (_POINTS, BLOCK_FRAMES)),
        ("ring", np.float32, (CHANNELS, _RING_FRAMES + APART)),
    ]
)
"""`pace` is what phases advance by per frame; `damped` is the damping's state; `channels` to `points` hold a block on
its way."""


@kernel
def _read(network: Any, line: int, clock: int, heard: int, frames: int) -> None:
    """The end of a line, into its channel."""
    ring = network.ring[line]
    channels = network.channels
    whole = network.whole
    fraction = network.fraction
    points = network.points
    mask = network.mask
    pace = network.pace[line]
    # Neighbours lie half a turn apart, and a little.
    phase = network.phase[line] + line * 9 * (_TURN // CHANNELS)
    length = way(network.travel, _LENGTH + line)
    swing = way(network.travel, _SWING)
    for t in range(frames):
        turn = np.float32((phase + (t + 1) * pace) & (_TURN - 1)) / np.float32(_TURN)
        # A triangle, rounded: within 2 % of a sine.
        wave = np.float32(2.0) * abs(np.float32(2.0) * turn - np.float32(1.0)) - np.float32(1.0)
        wave *= np.float32(1.5) - np.float32(0.5) * wave * wave
        delay = at(length, t) + at(swing, t) * wave
        whole[t] = int(delay)
        fraction[t] = np.float32(delay - whole[t])
    network.phase[line] += frames * pace
    for t in range(frames):
        start = (clock + t - whole[t] - 3) & mask
        for point in range(_POINTS):
            points[point, t] = ring[start + 5 - point]
    for t in range(frames):
        c = fraction[t]
        a = c + np.float32(2.0)
        b = c + np.float32(1.0)
        d = c - np.float32(1.0)
        e = c - np.float32(2.0)
        f = c - np.float32(3.0)
        outer = np.float32(1.0 / 120.0) * b * c * d * e
        near = np.float32(1.0 / 24.0) * a * c * d * f
        nearest = np.float32(1.0 / 12.0) * a * b * e * f
        channels[line, t] = (
            outer * (a * points[5, t] - f * points[0, t])
            + near * (e * points[1, t] - b * points[4, t])
            + nearest * (c * points[3, t] - d * points[2, t])
        )
    if heard <= mask:
        for t in range(frames):
            if whole[t] + 3 > heard + _SILENT + t:
                channels[line, t] = 0.0


@kernel
def _damp(network: Any, line: int, frames: int) -> None:
    channel = network.channels[line]
    damped = network.damped[line]
    feed = way(network.travel, _FEED + line)
    pole = way(network.travel, _POLE + line)
    for t in range(frames):
        damped = np.float32(at(feed, t)) * channel[t] + np.float32(at(pole, t)) * damped
        channel[t] = damped
    network.damped[line] = damped


@kernel
def hear_network(network: Any, clock: int, heard: int, frames: int) -> None:
    """Audio thread. What comes out of the lines, into `channels`; `feed_network` afterwards."""
    for line in range(CHANNELS):
        _read(network, line, clock, heard, frames)
        _damp(network, line, frames)


@kernel
def feed_network(network: Any, clock: int, source: Any, frames: int) -> None:
    """Audio thread. Mixes the channels, and feeds the lines with them and the source (CHANNELS, frames)."""
    channels = network.channels
    hadamard(channels, frames)
    drive = way(network.travel, _DRIVE)
    for line in range(CHANNELS):
        for t in range(frames):
            channels[line, t] = audible(channels[line, t] + np.float32(at(drive, t)) * source[line, t])
        write_ring(network.ring[line], network.mask, clock, channels[line], frames)
    travelled(network.travel, frames)


@exact_kernel
def _prime_from(number: int) -> int:
    """The first odd prime that is not below a number."""
    candidate = number | 1
    while True:
        divisor = 3
        while divisor * divisor <= candidate and candidate % divisor != 0:
            divisor += 2
        if divisor * divisor > candidate:
            return candidate
        candidate += 2


@exact_kernel
def _pole_for(damping_db: float, rate: float) -> float:
    """The pole of `1 / (1 - p / z)` that is so much lower at 8 kHz than at 1 kHz."""
    ratio = 10.0 ** (-min(damping_db, _MOST_DAMPING_DB) / 10.0)
    if ratio > 1.0 - 1e-9:
        return 0.0
    mid = math.cos(2.0 * math.pi * _MID_HZ / rate)
    high = math.cos(2.0 * math.pi * _HIGH_HZ / rate)
    half = (mid - ratio * high) / (1.0 - ratio)
    return half - math.sqrt(half * half - 1.0)


@exact_kernel
def set_network(
    network: Any,
    rate: float,
    size: float,
    decay_s: float,
    high_decay: float,
    swing_s: float,
    pace_hz: float,
    jump: bool,
) -> None:
    """Audio thread. Glides to a size, a decay, a high decay (1 is 100 %) and a modulation."""
    travel = network.travel
    network.mask = mask_for(_RING_FRAMES, rate)
    mid = math.cos(2.0 * math.pi * _MID_HZ / rate)
    length = 0
    kept = 0.0
    for line in range(CHANNELS):
        seconds = size * _SHORTEST_S * (_LONGEST_S / _SHORTEST_S) ** (line / (CHANNELS - 1))
        length = _prime_from(max(round(seconds * rate), length + 2))
        loss_db = 60.0 * length / (decay_s * rate)
        pole = _pole_for(loss_db * (1.0 / high_decay - 1.0), rate)
        gain = 10.0 ** (-loss_db / 20.0)
        kept += gain * gain / CHANNELS
        head_for(travel, _LENGTH + line, length)
        head_for(travel, _POLE + line, pole)
        head_for(travel, _FEED + line, gain * math.sqrt(1.0 - 2.0 * pole * mid + pole * pole))
        network.pace[line] = round(pace_hz * (0.75 + 0.5 * (line * SCATTER[0] % 1.0)) / rate * _TURN)
    head_for(travel, _DRIVE, math.sqrt((1.0 - kept) / kept))
    head_for(travel, _SWING, swing_s * rate)
    depart(travel, round(GLIDE_S * rate), jump)


@kernel
def settle_network(network: Any) -> None:
    """Audio thread, at the end of a tick. Drops states that are inaudible, absurd or not finite."""
    for line in range(CHANNELS):
        network.damped[line] = audible(network.damped[line])


@kernel
def reset_network(network: Any, clock: int) -> None:
    """Audio thread. Forgets all that was heard before `clock`, together with a count of what has been heard."""
    for line in range(CHANNELS):
        network.damped[line] = 0.0
        network.phase[line] = 0
        for t in range(_SILENT):
            network.channels[line, t] = 0.0
        write_ring(network.ring[line], network.mask, clock - _SILENT, network.channels[line], _SILENT)
