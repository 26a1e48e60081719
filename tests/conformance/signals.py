"""Test signals, made here: EBU Tech 3341 and 3342, ITU-R BS.2217, and plain tones. One array for each channel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Channel = npt.NDArray[np.float32]

SILENCE = None
Segment = tuple[float, float | None]
"""Seconds, and a level in dBFS (peak) or SILENCE."""

_FADE_S = 0.01


def tone(rate_hz: int, segments: Sequence[Segment], hertz: float = 1000.0) -> Channel:
    """A sine through segments of different levels, whose phase goes on."""
    ends = np.cumsum([seconds for seconds, _ in segments])
    marks = [0, *(round(end * rate_hz) for end in ends)]
    wave = np.sin(2.0 * np.pi * hertz / rate_hz * np.arange(marks[-1]))
    for start, end, (_, level_dbfs) in zip(marks[:-1], marks[1:], segments, strict=True):
        wave[start:end] *= 0.0 if level_dbfs is SILENCE else 10.0 ** (level_dbfs / 20.0)
    return wave.astype(np.float32)


def square(rate_hz: int, seconds: float, level_dbfs: float, hertz: float = 1000.0) -> Channel:
    """A square wave of samples of one magnitude."""
    turns = hertz / rate_hz * np.arange(round(seconds * rate_hz)) % 1.0
    return (np.where(turns < 0.5, 1.0, -1.0) * 10.0 ** (level_dbfs / 20.0)).astype(np.float32)


def faded_sine(rate_hz: int, division: float, amplitude: float, phase_degrees: float, seconds: float = 1.0) -> Channel:
    """A sine of `rate_hz / division`, with linear fades of 10 ms: Tech 3341 cases 15 to 19."""
    n = np.arange(round(seconds * rate_hz))
    wave = amplitude * np.sin(2.0 * np.pi * n / division + np.radians(phase_degrees))
    return _faded(wave, round(_FADE_S * rate_hz)).astype(np.float32)


def burst_between_samples(offset: int, rate_hz: int = 48000, seconds: float = 3.2, fade_s: float = 0.1) -> Channel:
    """Tech 3341 cases 20 to 23: one period of fs/4 at full scale within fs/6 at half of it, made at four times the
    rate, limited to the band and taken every fourth sample from an offset on."""
    low = 0.5 * np.sin(2.0 * np.pi * np.arange(int(seconds / 2.0 * rate_hz / 6.0) * 24) / 24.0)
    high = np.sin(2.0 * np.pi * np.arange(16) / 16.0)
    wave = _faded(np.concatenate([low, high, low]), int(fade_s * rate_hz * 4))
    n = np.arange(-500, 501)
    band = np.sinc(n / 4.0) * np.blackman(1001)
    limited = np.convolve(wave, band / band.sum())[500 : 500 + len(wave)]
    return limited[offset::4].astype(np.float32)


def _faded(wave: npt.NDArray[np.float64], frames: int) -> npt.NDArray[np.float64]:
    ramp = np.arange(frames) / frames
    wave[:frames] *= ramp
    wave[-frames:] *= ramp[::-1]
    return wave
