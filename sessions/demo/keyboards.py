"""Bass, electric piano and pad: what stands on the chords of the song."""

from __future__ import annotations

import numpy as np

from sessions.demo.score import (
    BEAT_S,
    BEATS_PER_BAR,
    BRIDGE,
    CHORUS,
    CHORUSES,
    INTRO,
    LAST_CHORUS,
    OUTRO,
    VERSE,
    Note,
    changes,
    chord_at,
)
from sessions.demo.synthesis import (
    Musician,
    Signal,
    Track,
    band,
    convolved,
    decay,
    filtered,
    frequencies,
    generator,
    held,
    hertz,
    high_pass,
    low_pass,
    noise,
    room,
    rounded,
    seconds,
    signal,
    unit_power,
)

# --- bass


def bass_notes() -> list[Note]:
    """The roots: with the kick in the verse, in eighths with octaves in the chorus, long in the bridge."""
    # beat in the bar, length, semitones above the root, velocity
    groove = [(0.0, 1.4, 0, 1.0), (2.0, 0.4, 0, 0.8), (2.5, 0.9, 0, 0.75), (3.5, 0.4, 7, 0.65)]
    drive = [(eighth / 2, 0.42, 12 * (eighth % 4 == 3), 0.75 + 0.2 * (eighth % 2 == 0)) for eighth in range(8)]
    held_note = [(0.0, 2.4, 0, 0.9), (2.5, 1.3, 0, 0.7)]
    bars = [(bar, groove) for bar in VERSE.bar_numbers]
    bars += [(bar, drive) for chorus in CHORUSES for bar in chorus.bar_numbers]
    bars += [(bar, held_note) for bar in (*INTRO.bar_numbers[2:], *BRIDGE.bar_numbers, OUTRO.first_bar)]
    notes = []
    for bar, pattern in sorted(bars):
        for beat, beats, interval, velocity in pattern:
            start = bar * BEATS_PER_BAR + beat
            notes.append(Note(start, beats, chord_at(start).root + interval, velocity))
    last = OUTRO.bar_numbers[-1] * BEATS_PER_BAR
    return [*notes, Note(last, 6.5, chord_at(last).root, 0.9)]


_BASS_S = 4.2
_BASS_HARMONICS = 28


def _bass_note(rng: np.random.Generator, rate: int, pitch: int, velocity: float) -> Signal:
    """A plucked saw: its harmonics close one after the other, as under a low-pass with an envelope."""
    time_s = seconds(_BASS_S, rate)
    cutoff_hz = 260.0 + 1700.0 * velocity * decay(time_s, 0.16)
    phase = 2.0 * np.pi * hertz(pitch) * time_s
    twice_cosine = 2.0 * np.cos(phase)
    previous, current = np.zeros_like(phase), np.sin(phase)
    total = np.zeros_like(phase)
    for harmonic in range(1, _BASS_HARMONICS + 1):
        brightness = harmonic * np.float32(hertz(pitch)) / cutoff_hz
        total += current / (harmonic * (1.0 + brightness * brightness))
        previous, current = current, twice_cosine * current - previous
    finger = filtered(noise(rng, len(time_s)) * decay(time_s, 0.006), rate, band(500.0, 3000.0))
    envelope = (0.25 + 0.75 * decay(time_s, 0.7)) * np.minimum(time_s / 0.004, 1.0)
    return signal(np.tanh(0.7 * total * envelope + 0.06 * velocity * finger))


def bass(rate: int) -> Signal:
    """Mono, direct box; a touch behind the drums."""
    track = Track(rate, 1)
    rng = generator("bass")
    musician = Musician(rng, spread_s=0.004, lag_s=0.004)
    sounds: dict[tuple[int, bool], Signal] = {}
    for note in bass_notes():
        velocity = musician.velocity(note.velocity)
        loud = velocity > 0.85
        if (note.pitch, loud) not in sounds:
            sounds[note.pitch, loud] = _bass_note(rng, rate, note.pitch, 1.0 if loud else 0.6)
        sound = held(sounds[note.pitch, loud], rate, note.beats * BEAT_S, 0.05)
        track.add(sound, musician.time_s(note.beat), velocity)
    return track.frames


# --- electric piano


def keys_notes() -> list[Note]:
    """Chords that lie in the verse, syncopated in the chorus, broken in the intro and the outro."""
    notes = []
    for change in changes():
        voicing = change.chord.keys
        bar = int(change.beat // BEATS_PER_BAR)
        if bar in INTRO.bar_numbers or bar in OUTRO.bar_numbers:
            for place, pitch in enumerate(voicing):
                late = place / 2
                notes.append(Note(change.beat + late, change.beats - late, pitch, 0.65))
            continue
        pattern = [(0.0, 1.4, 0.8), (1.5, 2.3, 0.65)]
        if bar in CHORUS.bar_numbers or bar in LAST_CHORUS.bar_numbers:
            pattern = [(0.0, 1.4, 0.95), (1.5, 0.9, 0.8), (2.5, 0.4, 0.7), (3.0, 0.9, 0.85)]
        for start, beats, velocity in pattern:
            if start < change.beats:
                length = min(beats, change.beats - start)
                notes += [Note(change.beat + start, length, pitch, velocity) for pitch in voicing]
    return notes


def _tine(rate: int, pitch: int, velocity: float) -> Signal:
    """Two-operator FM pairs: a soft body and a bell that dies at once."""
    time_s = seconds(4.5, rate)
    phase = np.float32(2.0 * np.pi * hertz(pitch)) * time_s
    length_s = 1.3 * (440.0 / hertz(pitch)) ** 0.4
    body = np.sin(phase + (0.25 + 1.3 * velocity) * decay(time_s, 0.45) * np.sin(phase * np.float32(1.0012)))
    bell = np.sin(7.0 * phase + 0.6 * np.sin(phase)) * decay(time_s, 0.09)
    attack = np.minimum(time_s / 0.002, 1.0)
    sound = (body * decay(time_s, length_s) + 0.22 * velocity * bell) * attack
    return filtered(sound, rate, high_pass(0.6 * hertz(pitch), 3))  # the lower sideband lies at 0 Hz


def keys(rate: int) -> Signal:
    """Stereo electric piano with its slow tremolo from side to side."""
    track = Track(rate, 1)
    musician = Musician(generator("keys"), spread_s=0.006, lag_s=0.003)
    sounds: dict[tuple[int, bool], Signal] = {}
    for note in keys_notes():
        velocity = musician.velocity(note.velocity)
        hard = velocity > 0.75
        if (note.pitch, hard) not in sounds:
            sounds[note.pitch, hard] = _tine(rate, note.pitch, 0.9 if hard else 0.45)
        track.add(held(sounds[note.pitch, hard], rate, note.beats * BEAT_S, 0.12), musician.time_s(note.beat), velocity)
    time_s = (np.arange(len(track.frames)) / rate).astype(np.float32)
    sway = np.float32(0.28) * np.sin(np.float32(2.0 * np.pi * 4.6) * time_s)
    return np.stack(((1.0 + sway) * track.frames, (1.0 - sway) * track.frames), axis=1)


# --- pad


def _ensemble(rng: np.random.Generator, rate: int, pitch: int) -> Signal:
    """A stereo second-bank of strings: every harmonic spread by detuning, with random phases (an endless sound)."""
    size = 1 << (4 * rate).bit_length()
    bins = frequencies(size, rate)
    spectrum = np.zeros((2, len(bins)), np.complex64)
    for harmonic in range(1, 25):
        centre_hz = harmonic * hertz(pitch)
        spread_hz = 0.0045 * centre_hz
        near = slice(*np.searchsorted(bins, (centre_hz - 4 * spread_hz, centre_hz + 4 * spread_hz)))
        shape = np.exp(-0.5 * ((bins[near] - centre_hz) / spread_hz) ** 2) / np.sqrt(spread_hz)
        level = 1.0 / (harmonic * (1.0 + (centre_hz / 1500.0) ** 2))
        phases = np.exp(1j * rng.uniform(0.0, 2.0 * np.pi, (2, len(shape))))
        spectrum[:, near] += (level * shape * phases).astype(np.complex64)
    sound = np.fft.irfft(spectrum, size).T.astype(np.float32)
    return unit_power(sound)


def pad(rate: int) -> Signal:
    """Stereo; swells into each chord and out of it. The first half of the verse goes without it."""
    track = Track(rate, 2)
    rng = generator("pad")
    sounds: dict[int, Signal] = {}
    for change in changes():
        bar = int(change.beat // BEATS_PER_BAR)
        if bar in VERSE.bar_numbers[:4]:
            continue
        level = 0.8 if bar in VERSE.bar_numbers else 1.0
        length_s = change.beats * BEAT_S
        swell = np.minimum(seconds(length_s, rate) / np.float32(0.35), 1.0)
        for pitch in (change.chord.root + 24, *change.chord.keys[1:], change.chord.keys[1] + 12):
            if pitch not in sounds:
                sounds[pitch] = _ensemble(rng, rate, pitch)
            note = held(sounds[pitch], rate, length_s, 0.5)
            note[: len(swell)] *= swell[:, None]
            track.add(note, change.beat * BEAT_S, level)
    for side in range(2):
        tail = room(generator(f"pad room {side}"), rate, 1.6, low_pass(4000.0))
        track.frames[:, side] += np.float32(0.5) * convolved(track.frames[:, side].copy(), tail)
    return rounded(track.frames, 11.0)
