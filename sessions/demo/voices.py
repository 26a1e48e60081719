"""The singers: a lead that phrases, and backing voices as an ensemble.

Source and filter: harmonics of a gliding, vibrating pitch, each as loud as the vowel's formants are at its frequency.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sessions.demo.melody import backing as backing_notes
from sessions.demo.melody import lead as lead_notes
from sessions.demo.score import BEAT_S, Note
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
    noise,
    room,
    rounded,
    seconds,
    signal,
    unit_power,
)

Control = npt.NDArray[np.float64]
"""A value over time at the control rate."""

_CONTROL_HZ = 750.0
_EVENNESS = 0.7
"""How much a singer evens out that some vowels are louder than others at some pitches: 1 = wholly."""
_FORMANT_GAINS = (1.0, 0.6, 0.35, 0.25, 0.12)
_FORMANTS_HZ = {
    "a": (790.0, 1230.0, 2750.0, 3550.0, 4700.0),
    "e": (470.0, 1950.0, 2700.0, 3600.0, 4700.0),
    "i": (330.0, 2250.0, 3000.0, 3700.0, 4800.0),
    "o": (500.0, 880.0, 2650.0, 3500.0, 4600.0),
    "u": (370.0, 720.0, 2500.0, 3400.0, 4500.0),
}
_BANDWIDTHS_HZ = (90.0, 110.0, 150.0, 210.0, 280.0)

# Onsets: how long before the beat the noise begins, its band in Hz, its level; voiced ones dip the tone instead.
_NOISES = {
    "s": (0.1, (5000.0, 9500.0), 0.1),
    "sh": (0.1, (2400.0, 6500.0), 0.12),
    "t": (0.025, (3000.0, 8000.0), 0.16),
    "k": (0.03, (1500.0, 4500.0), 0.14),
    "h": (0.08, (700.0, 3500.0), 0.03),
}


def vowel_gain(f: npt.NDArray[np.floating], formants_hz: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """Level at frequencies under five formants (the last axis of `formants_hz`), the glottis' tilt included."""
    total = np.zeros(np.broadcast_shapes(f.shape, formants_hz.shape[:-1]), np.float32)
    for place, (bandwidth_hz, gain) in enumerate(zip(_BANDWIDTHS_HZ, _FORMANT_GAINS, strict=True)):
        centre_hz = formants_hz[..., place]
        total += (gain / (1.0 + ((f - centre_hz) / bandwidth_hz) ** 2)).astype(np.float32)
    return ((total + 0.02) / (1.0 + (f / 900.0) ** 1.3)).astype(np.float32)


def _smoothed(steps: Control, time_constant_s: float) -> Control:
    """Raised-cosine smoothing of a stepped control."""
    width = max(round(2.0 * time_constant_s * _CONTROL_HZ), 3)
    window = np.hanning(width + 2)[1:-1]
    padded = np.concatenate((np.full(width, steps[0]), steps, np.full(width, steps[-1])))
    return np.convolve(padded, window / window.sum(), "same")[width:-width]


def _phrases(notes: Sequence[Note]) -> list[list[Note]]:
    """Notes that follow each other without a breath."""
    phrases: list[list[Note]] = []
    for note in notes:
        if phrases and note.beat - (phrases[-1][-1].beat + phrases[-1][-1].beats) < 0.3:
            phrases[-1].append(note)
        else:
            phrases.append([note])
    return phrases


_LEAD_IN_S = 0.15
_RELEASE_S = 0.2


def _sung(rng: np.random.Generator, rate: int, phrase: list[Note], starts_s: list[float]) -> Signal:
    """One phrase; the first note begins `_LEAD_IN_S` after the sound's start."""
    origin_s = starts_s[0] - _LEAD_IN_S
    ends_s = [*starts_s[1:], starts_s[-1] + phrase[-1].beats * BEAT_S]
    points = int((ends_s[-1] - origin_s + _RELEASE_S) * _CONTROL_HZ) + 2
    time_s = np.arange(points) / _CONTROL_HZ + origin_s
    which = np.clip(np.searchsorted(np.array(starts_s), time_s, "right") - 1, 0, len(phrase) - 1)
    since_s = time_s - np.array(starts_s)[which]

    pitch = _smoothed(np.array([note.pitch for note in phrase], float)[which], 0.045)
    pitch -= 1.2 * np.exp(-np.maximum(time_s - starts_s[0], 0.0) / 0.05)
    depth = 0.32 * np.clip((since_s - 0.28) / 0.35, 0.0, 1.0)
    pitch += depth * np.sin(2.0 * np.pi * 5.4 * time_s + rng.uniform(0.0, 6.28))
    pitch += 0.07 * _smoothed(rng.standard_normal(points) * 2.0, 0.05)

    level = np.array([note.velocity for note in phrase])[which]
    level *= 0.82 + 0.18 * np.exp(-np.maximum(since_s, 0.0) / 0.4)
    for note, start_s in zip(phrase, starts_s, strict=True):
        onset = note.syllable[:-1]
        dip = 0.75 if onset in _NOISES else 0.45 if onset else 0.1
        level *= 1.0 - dip * np.exp(-(((time_s - start_s + 0.015) / 0.028) ** 2))
    level *= np.clip((time_s - starts_s[0] + 0.03) / 0.07, 0.0, 1.0)
    level *= np.clip((ends_s[-1] + 0.1 - time_s) / 0.16, 0.0, 1.0)
    level = _smoothed(level, 0.012)

    vowels = np.array([_FORMANTS_HZ[note.syllable[-1]] for note in phrase])[which]
    formants_hz = np.stack([_smoothed(vowels[:, place], 0.035) for place in range(5)], axis=1)
    return _harmonics(rng, rate, pitch, level, formants_hz)


def _harmonics(rng: np.random.Generator, rate: int, pitch: Control, level: Control, formants_hz: Control) -> Signal:
    """The tone of control curves: harmonics up to 8 kHz, and breath in the rhythm of the glottis."""
    frames = int(len(pitch) / _CONTROL_HZ * rate) - 1
    position = np.arange(frames) * (_CONTROL_HZ / rate)
    point = np.minimum(position.astype(np.intp), len(pitch) - 2)
    part = (position - point).astype(np.float32)

    def at_rate(control: npt.NDArray[np.floating]) -> Signal:
        values = control.astype(np.float32)
        return signal(values[point] + (values[point + 1] - values[point]) * part)

    frequency_hz = hertz(0.0) * 2.0 ** (pitch / 12.0)
    phase = np.cumsum(np.interp(position, np.arange(len(pitch)), frequency_hz)) * (2.0 * np.pi / rate)
    phase = (phase % (2.0 * np.pi)).astype(np.float32)
    count = int(min(8000.0, 0.45 * rate) / frequency_hz.min())
    numbers = np.arange(1, count + 1)
    gains = vowel_gain(frequency_hz * numbers[:, None], formants_hz) / np.sqrt(numbers)[:, None]
    gains *= np.clip(level, 0.0, 1.2) ** (0.25 * np.log2(numbers)[:, None])  # a louder voice is a brighter one
    gains *= level / np.sqrt(np.sum(gains * gains, axis=0)) ** _EVENNESS
    twice_cosine = 2.0 * np.cos(phase)
    previous, current = np.zeros(frames, np.float32), np.sin(phase)
    breath = filtered(noise(rng, frames), rate, band(1500.0, 7500.0)) * (0.5 + 0.5 * current)
    total = signal(0.012 * breath * at_rate(level))
    for harmonic in range(count):
        total += at_rate(gains[harmonic]) * current
        previous, current = current, twice_cosine * current - previous
    return total


def lead(rate: int) -> Signal:
    """Mono: the song's voice, close to the microphone, with a short plate already on it."""
    track = Track(rate, 1)
    rng = generator("lead")
    musician = Musician(rng, spread_s=0.012, lag_s=0.01, touch=0.04)
    for phrase in _phrases(lead_notes()):
        starts_s = [musician.time_s(note.beat) for note in phrase]
        track.add(_sung(rng, rate, phrase, starts_s), starts_s[0] - _LEAD_IN_S)
        for note, start_s in zip(phrase, starts_s, strict=True):
            if note.syllable[:-1] in _NOISES:
                length_s, (low_hz, high_hz), level = _NOISES[note.syllable[:-1]]
                time_s = seconds(length_s, rate)
                shape = np.sin(np.pi * (time_s / np.float32(length_s)) ** 0.6) ** 2
                sound = filtered(noise(rng, len(time_s)), rate, band(low_hz, high_hz)) * shape
                track.add(sound.astype(np.float32), start_s - length_s, level * note.velocity)
    plate = room(generator("lead plate"), rate, 1.1, band(400.0, 7000.0), 0.03)
    return track.frames + np.float32(0.16) * convolved(track.frames, plate)


# --- backing


def _choir(rng: np.random.Generator, rate: int, pitch: int, vowel: str) -> Signal:
    """Several singers on one note, stereo and endless: every harmonic spread by their vibrato."""
    size = 1 << (3 * rate).bit_length()
    bins = frequencies(size, rate)
    formants_hz = np.array(_FORMANTS_HZ[vowel]) * 1.03
    spectrum = np.zeros((2, len(bins)), np.complex64)
    for harmonic in range(1, int(7000.0 / hertz(pitch)) + 1):
        centre_hz = harmonic * hertz(pitch)
        spread_hz = 0.007 * centre_hz
        near = slice(*np.searchsorted(bins, (centre_hz - 3 * spread_hz, centre_hz + 3 * spread_hz)))
        shape = np.exp(-0.5 * ((bins[near] - centre_hz) / spread_hz) ** 2) / np.sqrt(spread_hz)
        level = vowel_gain(np.array(centre_hz), formants_hz) / np.sqrt(harmonic)
        phases = np.exp(1j * rng.uniform(0.0, 2.0 * np.pi, (2, len(shape))))
        spectrum[:, near] += (level * shape * phases).astype(np.complex64)
    sound = np.fft.irfft(spectrum, size).T.astype(np.float32)
    return unit_power(sound)


def backing(rate: int) -> Signal:
    """Stereo: three parts, each sung by a few."""
    track = Track(rate, 2)
    rng = generator("backing")
    musician = Musician(rng, spread_s=0.015, lag_s=0.02)
    sounds: dict[tuple[int, str], Signal] = {}
    for note in backing_notes():
        key = (note.pitch, note.syllable)
        if key not in sounds:
            sounds[key] = _choir(rng, rate, *key)
        sound = held(sounds[key], rate, note.beats * BEAT_S, 0.25)
        rise = 1.0 - decay(seconds(0.5, rate), 0.08)
        sound[: len(rise)] *= rise[:, None]
        track.add(sound, musician.time_s(note.beat), musician.velocity(note.velocity))
    for side in range(2):
        hall = room(generator(f"backing hall {side}"), rate, 1.8, band(300.0, 5000.0), 0.02)
        track.frames[:, side] += np.float32(0.35) * convolved(track.frames[:, side].copy(), hall)
    return rounded(track.frames, 10.0)
