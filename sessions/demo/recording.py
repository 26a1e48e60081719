"""How a stem reached the disk: its level, and what went wrong on the way.

Levels are decibels relative to full scale, the average being mathematical (a full-scale sine averages -3 dBFS).
"""

from __future__ import annotations

import numpy as np

from sessions.demo.synthesis import Signal, generator

_WINDOW_S = 0.4
_GATE_DBFS = -70.0


def average_dbfs(signal: Signal, rate: int) -> float:
    """Average level of what is not silence: windows of 0.4 s above -70 dBFS, both sides together."""
    window = round(_WINDOW_S * rate)
    count = len(signal) // window
    power = np.square(signal[: count * window], dtype=np.float64).reshape(count, -1).mean(axis=1)
    sounding = power[power > 10.0 ** (_GATE_DBFS / 10.0)]
    return float(10.0 * np.log10(sounding.mean())) if len(sounding) else -np.inf


def peak_dbfs(signal: Signal) -> float:
    """Highest sample."""
    return float(20.0 * np.log10(max(np.abs(signal).max(), 1e-30)))


def _amplified(signal: Signal, gain_db: float) -> Signal:
    return signal * np.float32(10.0 ** (gain_db / 20.0))


def at_peak(signal: Signal, level_dbfs: float) -> Signal:
    """Recorded so that the highest sample has this level."""
    return _amplified(signal, level_dbfs - peak_dbfs(signal))


def at_average(signal: Signal, rate: int, level_dbfs: float) -> Signal:
    """Recorded so that the average has this level."""
    quiet = at_peak(signal, -6.0)
    return _amplified(quiet, level_dbfs - average_dbfs(quiet, rate))


def clipped(signal: Signal, over_db: float) -> Signal:
    """Recorded with the preamp open too far: what would be above full scale is flat."""
    return np.clip(at_peak(signal, over_db), -1.0, 1.0)


def with_offset(signal: Signal, offset: float) -> Signal:
    """Recorded through a converter that has its zero elsewhere; `offset` is relative to full scale."""
    return signal + np.float32(offset)


_HUM_HZ = 50.0
_HUM_HARMONICS = (1.0, 0.5, 0.35, 0.1, 0.15)


def with_noise(signal: Signal, rate: int, *, hiss_dbfs: float, hum_dbfs: float, name: str) -> Signal:
    """Recorded through a bad preamp near a transformer: hiss on each side, mains hum on both alike."""
    time_s = np.arange(len(signal)) / rate
    hum = np.zeros(len(signal), np.float32)
    for number, level in enumerate(_HUM_HARMONICS, 1):
        phase = (2.0 * np.pi * number * _HUM_HZ * time_s) % (2.0 * np.pi)
        hum += np.float32(level) * np.sin(phase.astype(np.float32))
    hum = _amplified(hum / np.float32(np.sqrt(np.mean(hum * hum))), hum_dbfs)
    hiss = generator(f"{name} hiss").standard_normal(signal.shape, dtype=np.float32)
    return signal + _amplified(hiss, hiss_dbfs) + (hum if signal.ndim == 1 else hum[:, None])
