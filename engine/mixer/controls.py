"""From user units to gains: the only place where decibels and pan laws become linear gains.

What mute and solo leave open is decided before (`engine.routing.heard`) and arrives as `heard`.

The interface writes single words (dB, percent, switches) and then a strip's version; the audio thread derives the
gains of the strips whose version moved at the start of its next block and ramps to them.

Pan of a mono strip: `L = cos(p pi/2)^k`, `R = sin(p pi/2)^k`, p = 0.5 at centre, `k = A / 3.0103` for a law of -A dB at
centre (-3 dB is the exact sine/cosine law, k = 1). A stereo strip is balanced: `L = min(1, 2(1 - p))`,
`R = min(1, 2p)`, 0 dB at centre, never above unity.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.core.atomics import load_acquire, store_release
from engine.core.jit import exact_kernel
from engine.core.record import STRIPS_PER_RACK, record
from engine.core.unit import MOST_PARAMS
from engine.dsp.smoother import set_target
from engine.mix import (
    INSERT_SLOTS,
    MAX_GROUPS,
    MAX_STRIPS,
    SEND_SLOTS,
    Insert,
    Listen,
    Mix,
    Monitor,
    PanLaw,
    Strip,
)
from engine.routing import MAX_LEVELS, heard

SLOTS = MAX_STRIPS + MAX_GROUPS + 1
"""Where strips keep their controls: stem strips first, then buses and returns, the master last."""
GROUP_SLOT = MAX_STRIPS
MASTER_SLOT = SLOTS - 1
STEM_RACKS = MAX_STRIPS // STRIPS_PER_RACK
GROUP_RACK = STEM_RACKS
"""The racks of buses and returns, one a level; they follow those of the stem strips."""
MASTER_RACK = GROUP_RACK + MAX_LEVELS
"""The master is the first strip of a rack of its own."""
RACKS = MASTER_RACK + 1

_SINE_LAW_DB = 20.0 * math.log10(math.sqrt(2.0))

PAN_LAW_EXPONENTS = {"-2.5": 2.5 / _SINE_LAW_DB, "-3": 1.0, "-4.5": 4.5 / _SINE_LAW_DB, "-6": 6.0 / _SINE_LAW_DB}
"""`-3` means the sine/cosine law, whose centre is at -3.0103 dB."""

SEND_CONTROL = record(
    [("level_db", np.float32), ("pan_percent", np.float32), ("before_fader", np.int32), ("heard", np.int32)]
)

INSERT_CONTROL = record(
    [
        ("version", np.int64, (1,)),
        ("kind", np.int64, (1,)),
        ("mix_percent", np.float32),
        ("output_db", np.float32),
        ("bypass", np.int32),
        ("params", np.float32, (MOST_PARAMS,)),
    ]
)
"""One insert slot in user units, `version` last. `kind` tells whose parameters these are (`kind_word`, 0: they are just
being written), because a processor is still heard for a moment when its slot has another one's already."""

STRIP_CONTROL = record(
    [
        ("version", np.int64, (1,)),
        ("trim_db", np.float32),
        ("fader_db", np.float32),
        ("pan_percent", np.float32),
        ("heard", np.int32),
        ("listen", np.int32),
        ("invert_left", np.int32),
        ("invert_right", np.int32),
        ("sends", SEND_CONTROL, (SEND_SLOTS,)),
        ("inserts", INSERT_CONTROL, (INSERT_SLOTS,)),
    ]
)
"""One strip in user units. Written by the interface, `version` after all but the inserts, which have their own. `heard`
is what mute and solo have decided, of the output and of each send."""

MONITOR_CONTROL = record(
    [
        ("volume_db", np.float32),
        ("ceiling_dbfs", np.float32),
        ("dim", np.int32),
        ("mono", np.int32),
        ("mute", np.int32),
        ("invert_right", np.int32),
    ]
)

CONTROLS = record(
    [
        ("version_word", np.int64, (1,)),
        ("pan_law_exponent", np.float64),
        ("listening", np.int64),
        ("peak_fall_db_per_s", np.float64),
        ("monitor", MONITOR_CONTROL),
        ("strips", STRIP_CONTROL, (SLOTS,)),
    ]
)
"""All strips. `version_word` moves after anything else has; `listening` tells whether any strip is listened to,
`peak_fall_db_per_s` how fast peak meters fall."""

_LISTEN: dict[Listen, int] = {"off": 0, "before": 1, "after": 2}
LISTEN_BEFORE, LISTEN_AFTER = 1, 2


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
def derive_gains(controls: Any, racks: Any, places: Any, sides: Any, dips: Any, seen: Any, jump: bool) -> None:
    """Audio thread. Sends the gains of strips that changed to new targets.

    `places` (SLOTS,) int32 is where each strip lies (rack x 32 + column, -1 nowhere), `sides` (SLOTS,) int32 is 1 for a
    mono strip, `dips` (SLOTS,) int32 is 1 for strips that are to fall silent for a moment, `seen` (SLOTS,) int64 keeps
    the versions derived so far.
    """
    exponent = controls.pan_law_exponent
    for slot in range(SLOTS):
        strip = controls.strips[slot]
        # Before the strip's words: were they read first, a change half written now would never be looked at again.
        version = load_acquire(strip.version, 0)
        place = places[slot]
        if version == seen[slot] or place < 0:
            continue
        seen[slot] = version
        rack = racks[place // STRIPS_PER_RACK]
        column = place % STRIPS_PER_RACK
        sounds = 0.0 if dips[slot] else 1.0
        fader = gain_of(np.float64(strip.fader_db)) * sounds
        trim = gain_of(np.float64(strip.trim_db))
        output = fader if strip.heard else 0.0
        mono = sides[slot] == 1
        pan = np.float64(strip.pan_percent)
        for side in range(2):
            lane = column + side * STRIPS_PER_RACK
            inverted = strip.invert_right if side else strip.invert_left
            set_target(rack.trim, lane, -trim if inverted else trim, jump)
            set_target(rack.fader, lane, output * pan_gain(pan, side == 1, mono, exponent), jump)
            set_target(rack.before, lane, 1.0 if strip.listen == LISTEN_BEFORE else 0.0, jump)
            set_target(rack.after, lane, 1.0 if strip.listen == LISTEN_AFTER else 0.0, jump)
            for index in range(SEND_SLOTS):
                send = strip.sends[index]
                level = gain_of(np.float64(send.level_db)) if send.heard else 0.0
                level *= sounds if send.before_fader else fader
                level *= pan_gain(np.float64(send.pan_percent), side == 1, mono, exponent)
                set_target(rack.sends[index], lane, level, jump)


def write_strip(controls: Any, slot: int, strip: Strip, heard: tuple[bool, ...]) -> None:
    """Interface process. Writes one strip's user units and then its version; `publish` makes the change heard.

    `heard` tells what sounds: the output, then each send (`engine.routing.heard`). Inserts are `write_insert`'s.
    """
    words = controls.strips[slot]
    given = strip.controls
    words.trim_db = given.trim_db
    words.fader_db = given.fader_db
    words.pan_percent = given.pan_percent
    words.heard = heard[0]
    words.listen = _LISTEN[given.listen]
    words.invert_left = given.invert_left
    words.invert_right = given.invert_right
    for index in range(SEND_SLOTS):
        send = strip.sends[index] if index < len(strip.sends) else None
        to = words.sends[index]
        to.heard = send is not None and not send.mute and heard[1 + index]
        if send is not None:
            to.level_db = send.level_db
            to.pan_percent = send.pan_percent
            to.before_fader = send.before_fader
    _mark_changed(words)


def kind_word(kind: str) -> int:
    """What stands for a kind of processor in a word, in all processes: not 0, and no two alike."""
    return 1 + zlib.crc32(kind.encode())


def write_insert(controls: Any, slot: int, index: int, insert: Insert) -> None:
    """Interface process. Writes what a processor in a slot is set to, and then the slot's version."""
    words = controls.strips[slot].inserts[index]
    kind = kind_word(insert.kind)
    if words.kind[0] != kind:
        store_release(words.kind, 0, 0)
    words.mix_percent = insert.mix_percent
    words.output_db = insert.output_db
    words.bypass = insert.bypass
    words.params[: len(insert.params)] = insert.params
    store_release(words.kind, 0, kind)
    _mark_changed(words)


def write_monitor(controls: Any, monitor: Monitor) -> None:
    """Interface process. Writes the monitor section."""
    words = controls.monitor
    words.volume_db = monitor.volume_db
    words.ceiling_dbfs = monitor.ceiling_dbfs
    words.dim = monitor.dim
    words.mono = monitor.mono
    words.mute = monitor.mute
    words.invert_right = monitor.invert_right


def slots_of(mix: Mix) -> dict[str, int]:
    """Slots for the strips of a mix, in its order, by their ids."""
    stems = [strip.id for strip in mix.strips if strip.kind == "stem"]
    groups = [strip.id for strip in mix.strips if strip.kind != "stem"]
    slots = {identity: slot for slot, identity in enumerate(stems)}
    slots |= {identity: GROUP_SLOT + number for number, identity in enumerate(groups)}
    return slots | {mix.master.id: MASTER_SLOT}


def write_mix(controls: Any, mix: Mix, slots: Mapping[str, int]) -> None:
    """Writes all of a mix, strips by their slots, for an engine that nobody has written to."""
    sounds = heard(mix)
    for strip in (*mix.strips, mix.master):
        slot = slots[strip.id]
        write_strip(controls, slot, strip, sounds[strip.id])
        for index, insert in enumerate(strip.inserts):
            if insert is not None:
                write_insert(controls, slot, index, insert)
    write_pan_law(controls, mix.pan_law)
    write_monitor(controls, mix.monitor)
    controls.peak_fall_db_per_s = mix.meters.peak_fall_db_per_s
    controls.listening = any(strip.controls.listen != "off" for strip in mix.strips)
    publish(controls)


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
