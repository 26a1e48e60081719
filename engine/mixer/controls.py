"""From user units to gains: the only place where decibels, pan laws, mute and solo become linear gains.

The interface writes single words (dB, percent, switches) and then a strip's version; the audio thread derives the
gains of the strips whose version moved at the start of its next block and ramps to them.

Pan of a mono strip: `L = cos(p pi/2)^k`, `R = sin(p pi/2)^k`, p = 0.5 at centre, `k = A / 3.0103` for a law of -A dB at
centre (-3 dB is the exact sine/cosine law, k = 1). A stereo strip is balanced: `L = min(1, 2(1 - p))`,
`R = min(1, 2p)`, 0 dB at centre, never above unity.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.atomics import load_acquire, store_release
from engine.core.jit import exact_kernel
from engine.core.record import STRIPS_PER_RACK, record
from engine.dsp.smoother import set_target
from engine.mix import MAX_STRIPS, PanLaw, StripControls

MASTER_SLOT = MAX_STRIPS
"""The master is the strip after the last."""
SLOTS = MAX_STRIPS + 1
RACKS = MAX_STRIPS // STRIPS_PER_RACK + 1
"""Racks of stem strips, and one whose first strip is the master."""
MASTER_RACK = RACKS - 1

_SINE_LAW_DB = 20.0 * math.log10(math.sqrt(2.0))

PAN_LAW_EXPONENTS = {"-2.5": 2.5 / _SINE_LAW_DB, "-3": 1.0, "-4.5": 4.5 / _SINE_LAW_DB, "-6": 6.0 / _SINE_LAW_DB}
"""`-3` means the sine/cosine law, whose centre is at -3.0103 dB."""

STRIP_CONTROL = record(
    [
        ("version", np.int64, (1,)),
        ("trim_db", np.float32),
        ("fader_db", np.float32),
        ("pan_percent", np.float32),
        ("mute", np.int32),
        ("solo", np.int32),
        ("invert_left", np.int32),
        ("invert_right", np.int32),
        ("used", np.int32),
    ]
)
"""One strip in user units. Written by the interface, `version` last."""

CONTROLS = record(
    [
        ("version_word", np.int64, (1,)),
        ("pan_law_exponent", np.float64),
        ("monitor_db", np.float32),
        ("strips", STRIP_CONTROL, (SLOTS,)),
    ]
)
"""All strips. `version_word` moves after any strip's version, the pan law or the monitor volume has."""


@exact_kernel
def gain_of(level_db: float) -> float:
    """Audio thread. Linear gain of a level in dB; minus infinity gives 0 and 0 dB gives 1, both exactly."""
    if level_db == 0.0:
        return 1.0
    if level_db == -math.inf:
        return 0.0
    return 10.0 ** (level_db / 20.0)


@exact_kernel
def pan_gain(pan_percent: float, right: bool, mono: bool, exponent: float) -> float:
    """Audio thread. Gain of one side for a pan of -100 (left) to 100 (right) percent."""
    place = 0.5 + pan_percent / 200.0
    if not right:
        place = 1.0 - place
    if not mono:
        return min(1.0, 2.0 * place)
    if place <= 0.0:
        return 0.0
    return math.sin(place * math.pi / 2.0) ** exponent


@exact_kernel
def derive_gains(controls: Any, racks: Any, sides: Any, seen: Any, jump: bool) -> None:
    """Audio thread. Sends the gains of strips that changed (all of them when solo or the pan law did) to new targets.

    `sides` (SLOTS,) int32 is 1 for a mono strip; `seen` (SLOTS + 1,) int64 keeps the versions derived so far and, last,
    whether any strip was solo.
    """
    any_solo = 0
    for slot in range(MASTER_SLOT):
        strip = controls.strips[slot]
        if strip.used and strip.solo:
            any_solo = 1
    solo_changed = any_solo != seen[SLOTS]
    seen[SLOTS] = any_solo
    for slot in range(SLOTS):
        strip = controls.strips[slot]
        # Before the strip's words: were they read first, a change half written now would never be looked at again.
        version = load_acquire(strip.version, 0)
        if version == seen[slot] and not solo_changed:
            continue
        seen[slot] = version
        rack = racks[slot // STRIPS_PER_RACK]
        lane = slot % STRIPS_PER_RACK
        heard = not strip.mute and (slot == MASTER_SLOT or any_solo == 0 or strip.solo)
        fader = gain_of(np.float64(strip.fader_db)) if heard else 0.0
        trim = gain_of(np.float64(strip.trim_db))
        mono = sides[slot] == 1
        pan = np.float64(strip.pan_percent)
        exponent = controls.pan_law_exponent
        right = lane + STRIPS_PER_RACK
        set_target(rack.trim, lane, -trim if strip.invert_left else trim, jump)
        set_target(rack.trim, right, -trim if strip.invert_right else trim, jump)
        set_target(rack.fader, lane, fader * pan_gain(pan, False, mono, exponent), jump)
        set_target(rack.fader, right, fader * pan_gain(pan, True, mono, exponent), jump)


def write_strip(controls: Any, slot: int, strip: StripControls, used: bool = True) -> None:
    """Interface process. Writes one strip's user units and then its version; `publish` makes the change heard."""
    words = controls.strips[slot]
    words.trim_db = strip.trim_db
    words.fader_db = strip.fader_db
    words.pan_percent = strip.pan_percent
    words.mute = strip.mute
    words.solo = strip.solo
    words.invert_left = strip.invert_left
    words.invert_right = strip.invert_right
    words.used = used
    _mark_changed(words)


def _mark_changed(words: Any) -> None:
    store_release(words.version, 0, int(words.version[0]) + 1)


def write_pan_law(controls: Any, law: PanLaw) -> None:
    """Interface process. Sets the pan law and marks every strip as changed."""
    controls.pan_law_exponent = PAN_LAW_EXPONENTS[law]
    for slot in range(SLOTS):
        _mark_changed(controls.strips[slot])


def publish(controls: Any) -> None:
    """Interface process. Lets the audio thread see what was written."""
    store_release(controls.version_word, 0, int(controls.version_word[0]) + 1)
