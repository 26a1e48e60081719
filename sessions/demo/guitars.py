"""Guitars: a doubled electric pair left and right, and a strummed acoustic.

A string is the loop of Karplus and Strong solved in closed form: excitation / (1 - gain e^(-j w period)), evaluated
over frequency and transformed back once. That gives exact tuning, inharmonicity and a decay time per frequency.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sessions.demo.score import (
    BEAT_S,
    BEATS_PER_BAR,
    BRIDGE,
    CHORUSES,
    INTRO,
    OUTRO,
    VERSE,
    Change,
    Hit,
    Note,
    changes,
    chord_at,
    grid,
)
from sessions.demo.synthesis import (
    Curve,
    Musician,
    Signal,
    Track,
    band,
    convolved,
    decay,
    frequencies,
    generator,
    held,
    hertz,
    high_pass,
    impulse,
    low_pass,
    noise,
    resonance,
    rounded,
    seconds,
    signal,
    unit_peak,
)

_STRING_S = 4.5


@dataclass(frozen=True, slots=True)
class StringTone:
    """How a string is made and struck: decay of its lowest partials, where the treble goes, where it is plucked."""

    sustain_s: float
    damping_hz: float
    pluck: float
    brightness_hz: float


def pluck(rng: np.random.Generator, rate: int, pitch: float, tone: StringTone) -> Signal:
    """One note, peak 1."""
    size = 1 << (round(_STRING_S * rate) - 1).bit_length()
    f = frequencies(size, rate)
    period_s = 1.0 / hertz(pitch)
    sustain_s = tone.sustain_s / (1.0 + (f / np.float32(tone.damping_hz)) ** 2)
    gain = np.exp(-np.float32(period_s) / sustain_s)
    partials = f * np.float32(period_s)
    partials /= np.sqrt(1.0 + np.float32(2e-5) * partials * partials)
    turn = np.exp(np.complex64(-2j * np.pi) * partials)
    pick = noise(rng, round(0.003 * rate)) * decay(seconds(0.003, rate), 0.0012)
    pick[0] += 3.0
    excitation = np.fft.rfft(pick, size) * low_pass(tone.brightness_hz, 1)(f)
    excitation *= 1.0 - np.exp(np.complex64(-2j * np.pi * tone.pluck) * partials)
    sound = np.fft.irfft(excitation * high_pass(60.0)(f) / (1.0 - gain * turn), size).astype(np.float32)
    return unit_peak(sound)


# --- electric pair

_OPEN = StringTone(1.3, 3000.0, 0.22, 4000.0)
_MUTED = StringTone(0.16, 1500.0, 0.12, 2500.0)
_CABINET: Curve = lambda f: band(90.0, 4300.0, 3)(f) * resonance(2400.0, 0.9, 0.6)(f) * resonance(140.0, 0.4, 0.8)(f)  # noqa: E731


@dataclass(frozen=True, slots=True)
class _Pick:
    """A note of the electric guitar: muted with the palm or left to ring, clean or driven."""

    note: Note
    muted: bool
    driven: bool


def _clean_part(first: int) -> list[_Pick]:
    """Muted eighths over the upper strings in the verse; the two guitars start on different ones."""
    picks = []
    for bar in VERSE.bar_numbers:
        start = bar * BEATS_PER_BAR
        upper = chord_at(start).strings[-4:]
        for eighth in range(8):
            place = (eighth * 3 + first) % 4
            velocity = 0.8 if eighth in (0, 3, 6) else 0.55
            picks.append(_Pick(Note(start + eighth / 2, 0.45, upper[place], velocity), True, False))
        picks.append(_Pick(Note(start + 3.5, 1.2, upper[(first + 2) % 4], 0.5), False, False))
    return picks


def _power_chord(change: Change, inverted: bool) -> tuple[int, ...]:
    """Root, fifth and octave; a chord over another bass note has its own tones, or its fifth would be wrong."""
    strings = change.chord.strings
    if "/" in change.name:
        return strings[1:4] if inverted else strings[:3]
    root = strings[0]
    return (root + 7, root + 12, root + 19) if inverted else (root, root + 7, root + 12)


def _driven_part(inverted: bool) -> list[_Pick]:
    """Power chords through the choruses; the right hand takes them an octave up or upside down."""
    picks = []
    for chorus in CHORUSES:
        for change in changes(chorus.bar_numbers):
            tones = _power_chord(change, inverted)
            for start, beats, velocity in ((0.0, 1.4, 1.0), (1.5, 0.9, 0.85), (2.5, 1.4, 0.9)):
                if start < change.beats:
                    length = min(beats, change.beats - start)
                    picks += [_Pick(Note(change.beat + start, length, pitch, velocity), False, True) for pitch in tones]
    for section, velocity in ((BRIDGE, 0.8), (OUTRO, 0.9)):
        for change in changes(section.bar_numbers):
            length = min(change.beats - 0.1, 6.5)
            tones = _power_chord(change, inverted)
            picks += [_Pick(Note(change.beat, length, pitch, velocity), False, True) for pitch in tones]
    return picks


def electric(rate: int, name: str, inverted: bool) -> Signal:
    """Mono, one of the pair: clean in the verses, driven into its cabinet from the chorus on."""
    clean, driven = Track(rate, 1), Track(rate, 1)
    rng = generator(name)
    musician = Musician(rng, spread_s=0.009, touch=0.1)
    sounds: dict[tuple[int, bool], Signal] = {}
    for pick in _clean_part(2 if inverted else 0) + _driven_part(inverted):
        key = (pick.note.pitch, pick.muted)
        if key not in sounds:
            cents = rng.normal(0.0, 0.02)
            sounds[key] = pluck(rng, rate, pick.note.pitch + cents, _MUTED if pick.muted else _OPEN)
        sound = held(sounds[key], rate, pick.note.beats * BEAT_S, 0.06)
        target = driven if pick.driven else clean
        target.add(sound, musician.time_s(pick.note.beat), musician.velocity(pick.note.velocity))
    drive = np.tanh(3.2 * driven.frames + 0.15) - np.float32(np.tanh(0.15))
    amplified = rounded(clean.frames, 12.0) + signal(0.3 * drive)
    return convolved(amplified, impulse(_CABINET, rate))


# --- acoustic

_STEEL = StringTone(1.1, 4200.0, 0.17, 7000.0)
_BODY: Curve = lambda f: high_pass(85.0)(f) * resonance(105.0, 1.6, 0.25)(f) * resonance(210.0, 0.9, 0.3)(f) * resonance(3600.0, 0.5, 0.9)(f)  # noqa: E731, E501


def strums() -> list[Hit]:
    """Down and up strokes in sixteenths: broken chords in the intro, light in the verse, full in the chorus."""
    hits = []
    for bar in VERSE.bar_numbers[4:]:
        hits += grid(bar, "x.......x.......", "down") + grid(bar, "......o.......o.", "up")
    for chorus in CHORUSES:
        for bar in chorus.bar_numbers:
            hits += grid(bar, "X...x...X...x...", "down") + grid(bar, "......xo..xo..xo", "up")
    for bar in BRIDGE.bar_numbers:
        hits += grid(bar, "X.......x.......", "down") + grid(bar, "......x.......x.", "up")
    first, last = OUTRO.bar_numbers
    return hits + grid(first, "X...x...X...x...", "down") + grid(last, "X...............", "down")


def _broken() -> list[Note]:
    """The intro's fingerpicking."""
    notes = []
    for bar in (*INTRO.bar_numbers, *VERSE.bar_numbers[:4]):
        start = bar * BEATS_PER_BAR
        strings = chord_at(start).strings
        order = (0, -3, -2, -1, 1, -2, -1, -3)
        notes += [Note(start + eighth / 2, 2.0, strings[place], 0.6) for eighth, place in enumerate(order)]
    return notes


def acoustic(rate: int) -> Signal:
    """Mono, one microphone at the twelfth fret."""
    track = Track(rate, 1)
    rng = generator("acoustic")
    musician = Musician(rng, spread_s=0.006, touch=0.1)
    sounds: dict[int, Signal] = {}

    def play(pitch: int, time_s: float, length_s: float, gain: float) -> None:
        if pitch not in sounds:
            sounds[pitch] = pluck(rng, rate, pitch + rng.normal(0.0, 0.015), _STEEL)
        track.add(held(sounds[pitch], rate, length_s, 0.08), time_s, gain)

    for note in _broken():
        play(note.pitch, musician.time_s(note.beat), note.beats * BEAT_S, musician.velocity(note.velocity))
    hits = sorted(strums(), key=lambda hit: hit.beat)
    for hit, following in zip(hits, [*hits[1:], Hit(hits[-1].beat + 7.0, 0.0, "end")], strict=True):
        strings = chord_at(hit.beat).strings
        order = strings if hit.voice == "down" else strings[: -len(strings) + 2 : -1]
        time_s, velocity = musician.time_s(hit.beat), musician.velocity(hit.velocity)
        for place, pitch in enumerate(order):
            play(pitch, time_s + 0.009 * place, (following.beat - hit.beat) * BEAT_S, 0.6 * velocity * (0.96**place))
    return rounded(convolved(track.frames, impulse(_BODY, rate)), 11.0)
