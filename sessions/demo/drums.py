"""The drum kit: kick, snare, hats, toms and overheads, played from patterns of sixteenths.

Each stroke is rendered once per loudness and variant and then placed, as a sampler does. The microphones hear each
other: toms and overheads carry the rest of the kit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sessions.demo.score import BRIDGE, CHORUS, CHORUSES, LAST_CHORUS, OUTRO, VERSE, Hit, grid
from sessions.demo.synthesis import (
    Musician,
    Signal,
    Track,
    band,
    convolved,
    decay,
    filtered,
    generator,
    high_pass,
    low_pass,
    noise,
    room,
    rounded,
    seconds,
    signal,
    unit_peak,
)

_VARIANTS = 3
Stroke = Callable[[np.random.Generator, int, float], Signal]
"""A sound from random numbers, a sample rate and a velocity."""


def kick_hits() -> list[Hit]:
    """A plain pulse in the verse, busier in the choruses, sparse under the bridge."""
    hits = grid(2, "X...............", "kick") + grid(3, "X.....x...x.....", "kick")
    for bar in VERSE.bar_numbers:
        hits += grid(bar, "X......xx.......", "kick") if bar % 2 == 0 else grid(bar, "X......xx.....x.", "kick")
    for chorus in CHORUSES:
        for bar in chorus.bar_numbers:
            hits += grid(bar, "X..x..x.x..x....", "kick") if bar % 2 == 0 else grid(bar, "X..x..x.x.x...x.", "kick")
    for bar in BRIDGE.bar_numbers:
        hits += grid(bar, "X.........x.....", "kick")
    return (
        hits + grid(OUTRO.first_bar, "X.....x.x.......", "kick") + grid(OUTRO.first_bar + 1, "X...............", "kick")
    )


def snare_hits() -> list[Hit]:
    """Two and four with ghost strokes, half time in the bridge, fills at the ends of sections."""
    hits = grid(3, "............x.xX", "snare")
    fill_bars = (VERSE.bar_numbers[-1], CHORUS.bar_numbers[-1], BRIDGE.bar_numbers[-1], LAST_CHORUS.bar_numbers[-1])
    for section, pattern in (
        (VERSE, "....X..o.o..X..o"),
        (CHORUS, "....X..o.o..X.oo"),
        (LAST_CHORUS, "....X..o.o..X.oo"),
    ):
        for bar in section.bar_numbers:
            hits += grid(bar, "....X..oX.xx....", "snare") if bar in fill_bars else grid(bar, pattern, "snare")
    for bar in BRIDGE.bar_numbers[:-1]:
        hits += grid(bar, "........X......o", "snare")
    return (
        hits
        + grid(BRIDGE.bar_numbers[-1], "x.x.x.x.xxxxXXXX", "snare")
        + grid(OUTRO.first_bar, "....X...........", "snare")
    )


def hat_hits() -> list[Hit]:
    """Eighths that lean on the beat, sixteenths in the chorus, the foot alone in the bridge."""
    hits = grid(2, "x.o.x.o.x.o.x.o.", "closed") + grid(3, "x.o.x.o.x.o.....", "closed")
    for bar in VERSE.bar_numbers:
        hits += grid(bar, "X.o.X.o.X.oox.o.", "closed")
        hits += grid(bar, "..............x.", "open") if bar % 4 == 3 else []
    for chorus in CHORUSES:
        for bar in chorus.bar_numbers:
            hits += grid(bar, "Xoxoxoxoxoxoxo..", "closed") + grid(bar, "..............X.", "open")
    for bar in BRIDGE.bar_numbers:
        hits += grid(bar, "....x.......x...", "pedal")
    return hits + grid(OUTRO.first_bar, "X.o.x.o.x.o.....", "closed")


def tom_hits() -> list[Hit]:
    """Fills round the kit, and the floor tom's pulse in the bridge."""
    hits = []
    for bar in (VERSE.bar_numbers[-1], CHORUS.bar_numbers[-1], LAST_CHORUS.bar_numbers[-1]):
        hits += grid(bar, "............Xx..", "high") + grid(bar, "..............X.", "mid")
        hits += grid(bar, "...............X", "floor")
    for bar in BRIDGE.bar_numbers[:-1]:
        hits += grid(bar, "X..x..x.x..x..x.", "floor") + grid(bar, "....o.....o.....", "mid")
    return hits + grid(OUTRO.first_bar, ".........xx.....", "high") + grid(OUTRO.first_bar, "...........xX...", "floor")


def cymbal_hits() -> list[Hit]:
    """Crashes where sections begin, the ride through the last chorus."""
    hits = []
    for bar in (VERSE.first_bar, CHORUS.first_bar, CHORUS.first_bar + 4, LAST_CHORUS.first_bar, OUTRO.first_bar + 1):
        hits += grid(bar, "X...............", "crash left")
    for bar in (BRIDGE.first_bar, LAST_CHORUS.first_bar + 4, OUTRO.first_bar, OUTRO.first_bar + 1):
        hits += grid(bar, "X...............", "crash right")
    for bar in LAST_CHORUS.bar_numbers:
        hits += grid(bar, "x.o.X.o.x.o.X.o.", "ride")
    return hits


def _kick(rng: np.random.Generator, rate: int, velocity: float) -> Signal:
    time_s = seconds(0.5, rate)
    swept = 47.0 * time_s + 120.0 * 0.022 * (1.0 - decay(time_s, 0.022)) + 900.0 * 0.003 * (1.0 - decay(time_s, 0.003))
    body = np.sin(2.0 * np.pi * swept) * decay(time_s, 0.13) * np.minimum(time_s / 0.001, 1.0)
    click = filtered(noise(rng, len(time_s)) * decay(time_s, 0.004), rate, band(1800.0, 7000.0))
    return signal(np.tanh(1.6 * (body + 0.35 * velocity * click)))


def _snare(rng: np.random.Generator, rate: int, velocity: float) -> Signal:
    time_s = seconds(0.6, rate)
    body = np.zeros_like(time_s)
    for mode_hz, level, length_s in (
        (188.0, 1.0, 0.075),
        (286.0, 0.55, 0.055),
        (412.0, 0.35, 0.035),
        (655.0, 0.2, 0.02),
    ):
        bend = 1.0 + 0.05 * decay(time_s, 0.02)
        body += level * np.sin(2.0 * np.pi * mode_hz * bend * time_s + rng.uniform(0, 0.4)) * decay(time_s, length_s)
    wires = filtered(noise(rng, len(time_s)), rate, band(1500.0, 4500.0 + 5000.0 * velocity))
    wires *= decay(time_s, 0.05 + 0.06 * velocity)
    crack = filtered(noise(rng, len(time_s)) * decay(time_s, 0.003), rate, band(2500.0, 9000.0))
    return signal(0.8 * body + (0.25 + 0.65 * velocity) * wires + 0.9 * velocity * crack)


_HAT_PARTIALS_HZ = (3170.0, 4210.0, 5230.0, 6310.0, 7420.0, 8870.0, 10130.0)


def _metal(rng: np.random.Generator, time_s: Signal, partials_hz: Sequence[float]) -> Signal:
    """Inharmonic partials that beat with each other, the sound of bronze."""
    total = np.zeros_like(time_s)
    for partial_hz in partials_hz:
        for _ in range(3):
            tuned = partial_hz * rng.uniform(0.985, 1.015)
            total += np.sin(2.0 * np.pi * tuned * time_s + rng.uniform(0.0, 6.28)).astype(np.float32)
    return total / np.float32(np.sqrt(1.5 * len(partials_hz)))


def _hat(length_s: float) -> Stroke:
    def stroke(rng: np.random.Generator, rate: int, velocity: float) -> Signal:
        time_s = seconds(min(6.0 * length_s, 1.2), rate)
        sound = noise(rng, len(time_s)) + 0.6 * _metal(rng, time_s, _HAT_PARTIALS_HZ)
        sound *= decay(time_s, length_s * (0.7 + 0.3 * velocity)) + 0.4 * velocity * decay(time_s, 0.006)
        return filtered(sound, rate, band(5500.0 - 1000.0 * velocity, 15000.0))

    return stroke


def _cymbal(length_s: float, low_hz: float, ping: float) -> Stroke:
    def stroke(rng: np.random.Generator, rate: int, velocity: float) -> Signal:
        time_s = seconds(min(2.5 * length_s, 4.0), rate)
        partials = [low_hz * ratio for ratio in (1.0, 1.34, 1.83, 2.41, 3.17, 4.03, 5.3, 6.9)]
        wash = filtered(noise(rng, len(time_s)), rate, band(1.6 * low_hz, 13000.0, 1))
        wash *= decay(time_s, 0.55 * length_s) * (1.0 - 0.8 * decay(time_s, 0.015))
        sound = (1.0 - ping) * wash + 0.35 * _metal(rng, time_s, partials) * decay(time_s, length_s)
        sound += ping * _metal(rng, time_s, [4870.0, 6230.0]) * decay(time_s, 0.05) * velocity
        return filtered(sound, rate, high_pass(low_hz, 1))

    return stroke


def _tom(start_hz: float) -> Stroke:
    def stroke(rng: np.random.Generator, rate: int, velocity: float) -> Signal:
        time_s = seconds(0.9, rate)
        swept = start_hz * (time_s + 0.35 * 0.06 * (1.0 - decay(time_s, 0.06)))
        body = np.sin(2.0 * np.pi * swept) * decay(time_s, 0.2)
        body += 0.4 * np.sin(2.0 * np.pi * 1.59 * swept) * decay(time_s, 0.09)
        stick = filtered(noise(rng, len(time_s)) * decay(time_s, 0.008), rate, band(700.0, 5000.0))
        return (body + 0.5 * velocity * stick).astype(np.float32)

    return stroke


_LAYERS = (0.3, 0.65, 1.0)


def _play(track: Track, hits: list[Hit], musician: Musician, stroke: Stroke, name: str, pan: float = 0.0) -> None:
    """Places the hits of one voice, each with the nearest layer and the next variant; peaks are velocity²."""
    rng = generator(name)
    sounds: dict[tuple[float, int], Signal] = {}
    for number, hit in enumerate(hits):
        velocity = musician.velocity(hit.velocity)
        layer = min(_LAYERS, key=lambda level: abs(level - velocity))
        variant = (layer, number % _VARIANTS)
        if variant not in sounds:
            sounds[variant] = unit_peak(stroke(rng, track.rate, layer))
        track.add(sounds[variant], musician.time_s(hit.beat), velocity**2, pan)


def _mono(name: str, hits: list[Hit], strokes: dict[str, Stroke], rate: int, spread_s: float) -> Signal:
    track = Track(rate, 1)
    musician = Musician(generator(name), spread_s=spread_s)
    for voice, stroke in strokes.items():
        _play(track, [hit for hit in hits if hit.voice == voice], musician, stroke, f"{name} {voice}")
    return track.frames


def kick(rate: int) -> Signal:
    """Mono, microphone inside the drum."""
    return _mono("kick", kick_hits(), {"kick": _kick}, rate, 0.0025)


def snare(rate: int) -> Signal:
    """Mono, close, with a little of the room."""
    dry = _mono("snare", snare_hits(), {"snare": _snare}, rate, 0.0035)
    tail = room(generator("snare room"), rate, 0.5, band(250.0, 6000.0))
    return dry + np.float32(0.35) * convolved(dry, tail)


def hats(rate: int) -> Signal:
    """Mono; a closed stroke does not choke an open one here, the open one is short enough."""
    strokes = {"closed": _hat(0.035), "open": _hat(0.16), "pedal": _hat(0.05)}
    return rounded(_mono("hats", hat_hits(), strokes, rate, 0.004), 15.0)


_TOMS = {"high": (165.0, -0.5), "mid": (122.0, 0.1), "floor": (82.0, 0.6)}


def toms(rate: int) -> Signal:
    """Stereo, as the drummer sees them."""
    track = Track(rate, 2)
    musician = Musician(generator("toms"), spread_s=0.004)
    for voice, (start_hz, pan) in _TOMS.items():
        _play(track, [hit for hit in tom_hits() if hit.voice == voice], musician, _tom(start_hz), f"toms {voice}", pan)
    return track.frames


_CYMBALS = {
    "crash left": (_cymbal(1.5, 1100.0, 0.0), -0.7, 0.6),
    "crash right": (_cymbal(1.8, 900.0, 0.0), 0.6, 0.6),
    "ride": (_cymbal(0.9, 1500.0, 0.6), 0.35, 0.3),
}


def overheads(rate: int, close: dict[str, Signal]) -> Signal:
    """Stereo pair over the kit: cymbals, what is also miked close (`close`: name to stem) from further away, room."""
    track = Track(rate, 2)
    musician = Musician(generator("cymbals"), spread_s=0.005)
    for voice, (stroke, pan, level) in _CYMBALS.items():
        cymbal = Track(rate, 1)
        _play(cymbal, [hit for hit in cymbal_hits() if hit.voice == voice], musician, stroke, voice)
        track.add(cymbal.frames, 0.0, level, pan)
    for name, level, pan, delay_s in (
        ("kick", 0.1, 0.0, 0.004),
        ("snare", 0.35, -0.1, 0.003),
        ("hats", 0.45, -0.5, 0.002),
    ):
        track.add(close[name], delay_s, level, pan)
    track.add(close["toms"], 0.003, 0.35)
    kit = 0.5 * close["kick"] + close["snare"] + close["toms"].mean(axis=1)
    for side in range(2):
        tail = room(generator(f"overheads room {side}"), rate, 0.7, low_pass(7000.0), 0.015)
        track.frames[:, side] += np.float32(0.16) * convolved(kit, tail)
    return rounded(track.frames, 16.0)
