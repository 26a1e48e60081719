"""What all instruments of the demo share: a track to play on, human timing, spectra, noise and rooms.

Signals are float32 arrays of shape (frames,) or (frames, 2). Everything random comes from generators seeded with the
stem's name, so each stem is the same in every run and does not depend on the others.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from sessions.demo.score import BEAT_S, DURATION_S

Signal = npt.NDArray[np.float32]
Curve = Callable[[npt.NDArray[Any]], npt.NDArray[Any]]
"""Gain (real or complex) over frequency in Hz."""

_SEED = 20_100
_SWING_BEATS = 0.018
"""How late the off-beat sixteenths come."""


def generator(name: str) -> np.random.Generator:
    """The random numbers of one stem."""
    return np.random.default_rng([_SEED, zlib.crc32(name.encode())])


def hertz(pitch: float) -> float:
    """Frequency of a MIDI note number."""
    return 440.0 * math.exp2((pitch - 69.0) / 12.0)


def signal(values: Any) -> Signal:
    """Whatever was computed, as a signal."""
    return np.asarray(values, np.float32)


def unit_peak(sound: Signal) -> Signal:
    """Scaled so that the highest sample is 1."""
    return signal(sound / np.abs(sound).max())


def unit_power(sound: Signal) -> Signal:
    """Scaled so that the mean square is 1."""
    return signal(sound / np.sqrt(np.mean(sound * sound)))


def rounded(sound: Signal, crest_db: float) -> Signal:
    """Peaks bent round, as by tape or a valve stage, so that none is further than `crest_db` above the average."""
    sounding = sound[np.abs(sound) > 1e-3 * np.abs(sound).max()]
    ceiling = np.float32(np.sqrt(np.mean(sounding * sounding)) * 10.0 ** (crest_db / 20.0))
    return signal(ceiling * np.tanh(sound / ceiling))


def seconds(duration_s: float, rate: int) -> Signal:
    """The time axis of a sound, in seconds from its start."""
    return (np.arange(round(duration_s * rate)) / rate).astype(np.float32)


def decay(time_s: Signal, time_constant_s: float) -> Signal:
    """Exponential decay from 1."""
    return signal(np.exp(time_s * np.float32(-1.0 / time_constant_s)))


def noise(rng: np.random.Generator, frames: int) -> Signal:
    """White noise of variance 1."""
    return rng.standard_normal(frames, dtype=np.float32)


class Musician:
    """How a musician stands to the click: late or early on the whole, never quite the same twice."""

    def __init__(self, rng: np.random.Generator, *, spread_s: float, lag_s: float = 0.0, touch: float = 0.06) -> None:
        self._rng = rng
        self._spread_s = spread_s
        self._lag_s = lag_s
        self._touch = touch

    def time_s(self, beat: float) -> float:
        """When a stroke written on a beat is heard."""
        offbeat = round(beat * 4) % 2 == 1
        wobble = float(np.clip(self._rng.normal(), -2.0, 2.0)) * self._spread_s
        return max((beat + offbeat * _SWING_BEATS) * BEAT_S + self._lag_s + wobble, 0.0)

    def velocity(self, written: float) -> float:
        """How hard a written velocity turns out, 0.05 to 1.1."""
        return float(np.clip(written * (1.0 + self._touch * self._rng.normal()), 0.05, 1.1))


class Track:
    """A stem in the making: silence on which sounds are placed."""

    def __init__(self, rate: int, channels: int) -> None:
        self.rate = rate
        frames = round(DURATION_S * rate)
        self.frames: Signal = np.zeros((frames, channels) if channels > 1 else frames, np.float32)

    def add(self, sound: Signal, time_s: float, gain: float = 1.0, pan: float = 0.0) -> None:
        """Mixes a sound in at a time; a mono sound is panned (-1 left, 1 right) on a stereo track, at equal power."""
        start = round(time_s * self.rate)
        target = self.frames[start : start + len(sound)]
        piece = sound[: len(target)]
        if self.frames.ndim == piece.ndim:
            target += piece * np.float32(gain)
        else:
            angle = (pan + 1.0) * np.pi / 4.0
            target[:, 0] += piece * np.float32(gain * np.cos(angle))
            target[:, 1] += piece * np.float32(gain * np.sin(angle))


def held(sound: Signal, rate: int, duration_s: float, release_s: float) -> Signal:
    """A sound let go after some time: cut there with a raised-cosine release."""
    fade = round(release_s * rate)
    end = round(duration_s * rate) + fade
    piece = sound[:end].copy()
    fade = min(fade, len(piece))
    slope = (0.5 + 0.5 * np.cos(np.linspace(0.0, np.pi, fade))).astype(np.float32)
    piece[len(piece) - fade :] *= slope if piece.ndim == 1 else slope[:, None]
    return piece


def filtered(sound: Signal, rate: int, curve: Curve) -> Signal:
    """A short sound through a gain over frequency (zero phase where the curve is real)."""
    size = 1 << (len(sound) + rate // 100 - 1).bit_length()
    spectrum = np.fft.rfft(sound, size) * curve(frequencies(size, rate))
    return np.fft.irfft(spectrum.astype(np.complex64), size)[: len(sound)].astype(np.float32)


def frequencies(size: int, rate: int) -> Signal:
    """Frequencies of a real transform's bins in Hz, the first a little above zero so that it may divide."""
    bins = np.fft.rfftfreq(size, 1.0 / rate).astype(np.float32)
    bins[0] = 1e-3
    return bins


def high_pass(cutoff_hz: float, order: int = 2) -> Curve:
    """Butterworth magnitude."""
    return lambda f: 1.0 / np.sqrt(1.0 + (np.float32(cutoff_hz) / f) ** (2 * order))


def low_pass(cutoff_hz: float, order: int = 2) -> Curve:
    """Butterworth magnitude."""
    return lambda f: 1.0 / np.sqrt(1.0 + (f / np.float32(cutoff_hz)) ** (2 * order))


def band(low_hz: float, high_hz: float, order: int = 2) -> Curve:
    """A high-pass and a low-pass."""
    low, high = high_pass(low_hz, order), low_pass(high_hz, order)
    return lambda f: low(f) * high(f)


def resonance(centre_hz: float, gain: float, width: float) -> Curve:
    """1 with a bell around the centre that adds `gain`; the width is relative to the centre."""
    return lambda f: 1.0 + gain / (1.0 + ((f / np.float32(centre_hz) - np.float32(centre_hz) / f) / width) ** 2)


def convolved(sound: Signal, response: Signal) -> Signal:
    """A long mono sound through an impulse response, in pieces (overlap and add); as long as the sound."""
    size = 1 << max(2 * len(response) - 1, 1 << 15).bit_length()
    hop = size - len(response) + 1
    spectrum = np.fft.rfft(response, size)
    result = np.zeros(len(sound) + size, np.float32)
    for start in range(0, len(sound), hop):
        piece = sound[start : start + hop]
        if piece.any():
            result[start : start + size] += np.fft.irfft(np.fft.rfft(piece, size) * spectrum, size)
    return result[: len(sound)]


def impulse(curve: Curve, rate: int, duration_s: float = 0.04) -> Signal:
    """The causal impulse response of a gain over frequency (minimum phase, by the real cepstrum)."""
    size = 1 << round(duration_s * rate * 4).bit_length()
    level = np.log(np.maximum(np.abs(curve(frequencies(size, rate))), 1e-5))
    cepstrum = np.fft.irfft(level, size)
    cepstrum[1 : size // 2] *= 2.0
    cepstrum[size // 2 + 1 :] = 0.0
    response = np.fft.irfft(np.exp(np.fft.rfft(cepstrum)), size)
    return response[: round(duration_s * rate)].astype(np.float32)


def room(rng: np.random.Generator, rate: int, duration_s: float, tone: Curve, delay_s: float = 0.012) -> Signal:
    """The impulse response of a room's tail: decaying noise of energy 1 (-60 dB at its end), without direct sound."""
    time_s = seconds(duration_s, rate)
    tail = filtered(noise(rng, len(time_s)) * decay(time_s, duration_s / 6.9), rate, tone)
    tail[: round(0.004 * rate)] *= np.linspace(0.0, 1.0, round(0.004 * rate), dtype=np.float32)
    tail /= np.sqrt(np.sum(tail * tail))
    return np.concatenate((np.zeros(round(delay_s * rate), np.float32), tail))
