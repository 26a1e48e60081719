"""Live meters: VU, PPM, K-System, peaks, RMS, correlation (VU, PI, P2, KS, SP, RM, CO)."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from engine.meters.frame import INPUT, MeterFrame
from engine.mix import MeterSettings
from tests.conformance.live_meter import Device, live_row
from tests.conformance.row import NO_READING, Row, at_every_rate
from tests.conformance.signals import SILENCE, Channel, square, tone

_STEADY_0_VU = 10.0 ** (-18.0 / 20.0) * 2.0 / math.pi
"""A constant with the mean of a rectified sine of -18 dBFS: the rectifier's output without its ripple."""

_TYPE_1 = {1: (10.0, -1.0, 0.5), 2: (5.0, -2.0, 1.0), 3: (3.0, -4.0, 1.0), 4: (0.4, -15.0, 4.0)}
_TYPE_2 = {1: (100.0, 0.0, 0.5), 2: (10.0, -2.0, 0.5), 3: (5.0, -4.0, 0.75), 4: (1.5, -9.0, 1.0), 5: (0.5, -17.0, 2.0)}
"""Bursts: ms, the reading below that of a steady tone, and its tolerance (IEC 60268-10; Tech 3205 Table 2)."""

_ONE_AND_FALL = {1: (1.7, -20.0), 2: (2.8, -24.0)}
"""Seconds and dB of a PPM's return."""

_STEP_S = 0.005
"""Between readings of a needle that moves slowly: blocks end there, so shorter steps would make all sizes alike."""


def _shown(frame: MeterFrame, kind: str) -> float:
    """Of the first strip's input, left."""
    values: npt.NDArray[np.float32] = getattr(frame, kind)
    return float(values[0, INPUT, 0])


def _share(vu_db: float) -> float:
    return 100.0 * 10.0 ** (vu_db / 20.0)


def _at(
    device: Device, rate: int, signal: Channel, seconds: float, kind: str, settings: MeterSettings | None = None
) -> list[float]:
    with device.playing(rate, signal, settings=settings) as meter:
        return [_shown(meter.until(seconds), kind)]


def _step(rate: int) -> Channel:
    return np.full(2 * rate, _STEADY_0_VU, np.float32)


def _overshoot(device: Device, rate: int) -> list[float]:
    with device.playing(rate, _step(rate)) as meter:
        return [max(_share(_shown(frame, "vu_db")) for frame in meter.every(_STEP_S, 0.0, 0.6)) - 100.0]


def _fall_to_1_percent(device: Device) -> list[float]:
    signal = np.concatenate([_step(48000), np.zeros(48000, np.float32)])
    with device.playing(48000, signal) as meter:
        meter.until(2.0)
        for number, frame in enumerate(meter.every(_STEP_S, 2.0, 3.0)):
            if _share(_shown(frame, "vu_db")) <= 1.0:
                return [_STEP_S * (number + 1)]
    return [NO_READING]


def _bursts(device: Device, milliseconds: Iterable[float]) -> list[float]:
    readings = []
    for ms in milliseconds:
        with device.playing(48000, tone(48000, [(ms / 1000.0, -18.0), (1.0, SILENCE)])) as meter:
            readings.append(max(_shown(frame, "vu_db") for frame in meter.every(0.002, 0.0, 0.6)))
    return readings


def _ppm_burst(device: Device, rate: int, kind: int, ms: float) -> list[float]:
    signal = tone(rate, [(ms / 1000.0, 0.0), (0.5, SILENCE)], 10000.0 if ms == 0.5 else 5000.0)
    with device.playing(rate, signal) as meter:
        return [max(_shown(frame, f"ppm_{kind}_dbfs") for frame in meter.every(0.02, 0.0, 0.4))]


def _ppm_return(device: Device, kind: int) -> list[float]:
    seconds, _ = _ONE_AND_FALL[kind]
    with device.playing(48000, tone(48000, [(1.0, -6.0), (5.0, SILENCE)])) as meter:
        steady = _shown(meter.until(1.0), f"ppm_{kind}_dbfs")
        meter.until(1.0 + seconds - 0.004)
        return [_shown(meter.after_a_moment(), f"ppm_{kind}_dbfs") - steady]


def _k_system(device: Device) -> list[float]:
    readings = []
    for level in (-20.0, -14.0, -12.0):
        shown = _at(device, 48000, tone(48000, [(6.0, level)]), 5.0, "k_system_dbfs")
        readings += [reading - level for reading in shown]
    return readings


def _k_step(device: Device, rate: int) -> list[float]:
    return [100.0 * 10.0 ** ((reading + 20.0) / 20.0) for reading in
            _at(device, rate, tone(rate, [(1.0, -20.0)]), 0.6, "k_system_dbfs")]  # fmt: skip


def _peak_fall(device: Device, rate: int, seconds: float, settings: MeterSettings | None = None) -> list[float]:
    signal = np.zeros(round(6.0 * rate), np.float32)
    signal[0] = 0.5
    with device.playing(rate, signal, settings=settings) as meter:
        first = _shown(meter.until(0.001), "peak_dbfs")
        meter.until(seconds - 0.004)
        return [first, _shown(meter.after_a_moment(), "peak_dbfs")]


def _clips(device: Device, runs: Iterable[int]) -> list[float]:
    readings = []
    for run in runs:
        signal = tone(48000, [(1.0, -20.0)])
        signal[24000 : 24000 + run] = 1.0 - 2.0**-15
        with device.playing(48000, signal, subtype="PCM_16") as meter:
            readings.append(float(meter.until(0.8).over[0, INPUT].any()))
    return readings


def _overs(device: Device, samples: Iterable[float]) -> list[float]:
    readings = []
    for sample in samples:
        signal = tone(48000, [(1.0, -20.0)])
        signal[24000] = sample
        with device.playing(48000, signal) as meter:
            meter.until(0.8)
            readings.append(float(meter.until(0.9).over[0, INPUT].any()))
    return readings


def _rms(device: Device, signal: Channel) -> list[float]:
    settings = (MeterSettings(), MeterSettings(rms_aes17=True))
    return [reading for each in settings for reading in _at(device, 48000, signal, 2.0, "rms_dbfs", each)]


def _correlations(device: Device) -> list[float]:
    turn = 2.0 * np.pi * 1000.0 / 48000.0 * np.arange(96000)
    left = (0.1 * np.sin(turn)).astype(np.float32)
    rights = [left, -left, 0.1 * np.cos(turn), 0.1 * np.sin(turn + np.pi / 3.0)]
    readings = []
    for first, second in [*((left, right) for right in rights), (left * 0, left * 0)]:
        with device.playing(48000, first, second.astype(np.float32)) as meter:
            readings.append(float(meter.until(1.5).correlation[0, INPUT]))
    return readings


def _ppm_rows() -> tuple[Row, ...]:
    rows: list[Row] = []
    for kind, source, cases in ((1, "IEC 60268-10", _TYPE_1), (2, "Tech 3205", _TYPE_2)):
        for number, (ms, expected, tolerance) in cases.items():
            rows += at_every_rate(lambda rate, kind=kind, source=source, number=number, ms=ms, expected=expected,
                                  tolerance=tolerance: live_row(
                f"{'PI' if kind == 1 else 'P2'}-{number:02}@{rate}", source, f"burst of {ms:g} ms, type {kind}",
                expected, tolerance, lambda device: _ppm_burst(device, rate, kind, ms), "dB"))  # fmt: skip
    return tuple(rows)


ROWS: tuple[Row, ...] = (
    *at_every_rate(lambda rate: live_row(
        f"VU-01@{rate}", "IEC 60268-17", "997 Hz at -18 dBFS", 0.0, 0.05,
        lambda device: _at(device, rate, tone(rate, [(3.0, -18.0)], 997.0), 2.0, "vu_db"), "VU")),
    *at_every_rate(lambda rate: live_row(
        f"VU-02@{rate}", "IEC 60268-17", "a step, at 300 ms", 99.0, 0.5,
        lambda device: [_share(reading) for reading in _at(device, rate, _step(rate), 0.3, "vu_db")], "%")),
    *at_every_rate(lambda rate: live_row(
        f"VU-03@{rate}", "IEC 60268-17", "how far a step overshoots", 1.25, 0.25,
        lambda device: _overshoot(device, rate), "%")),
    live_row("VU-04", "IEC 60268-17", "the fall to 1 %", 0.3, 0.03, _fall_to_1_percent, "s"),
    live_row("VU-05", "average rectifier", "square at -18 dBFS", 3.92, 0.05,
             lambda device: _at(device, 48000, square(48000, 3.0, -18.0), 2.0, "vu_db"), "VU"),
    live_row("VU-06", "closed form", "bursts of 50, 100, 200 ms", [-11.05, -5.52, -1.26], 0.15,
             lambda device: _bursts(device, (50.0, 100.0, 200.0)), "VU"),
    *_ppm_rows(),
    live_row("PI-05", "IEC 60268-10", "type I, 1.7 s after a tone", -20.0, 0.2,
             lambda device: _ppm_return(device, 1), "dB"),
    live_row("P2-06", "Tech 3205", "type II, 2.8 s after a tone", -24.0, 0.2,
             lambda device: _ppm_return(device, 2), "dB"),
    live_row("KS-01", "Katz", "1 kHz at -20, -14, -12 dBFS", [0.0] * 3, 0.05, _k_system, "dB"),
    *at_every_rate(lambda rate: live_row(
        f"KS-02@{rate}", "Katz", "a step, at 600 ms", 99.0, 0.2, lambda device: _k_step(device, rate), "%")),
    live_row("KS-03", "K-Meter", "peak, 3 s after a sample at half", [-6.02, -32.02], 0.2,
             lambda device: _peak_fall(device, 48000, 3.0, MeterSettings(peak_fall_db_per_s=26.0 / 3.0)), "dBFS"),
    *at_every_rate(lambda rate: live_row(
        f"SP-02@{rate}", "IEC 60268-18", "one sample at half, and 1.7 s later", [-6.02, -26.02], 0.1,
        lambda device: _peak_fall(device, rate, 1.7), "dBFS")),
    live_row("SP-03", "metering rule", "two, three samples at full scale, 16 bits: clip", [0.0, 1.0], 0.0,
             lambda device: _clips(device, (2, 3)), ""),
    live_row("SP-04", "metering rule", "one sample of 1.0, 1.0001, floats: over", [0.0, 1.0], 0.0,
             lambda device: _overs(device, (1.0, 1.0001)), ""),
    live_row("RM-01-live", "definition", "1 kHz at -20 dBFS, mathematical and AES-17", [-23.01, -20.0], 0.01,
             lambda device: _rms(device, tone(48000, [(3.0, -20.0)])), "dBFS"),
    live_row("RM-02-live", "definition", "square at -20 dBFS, mathematical and AES-17", [-20.0, -16.99], 0.02,
             lambda device: _rms(device, square(48000, 3.0, -20.0)), "dBFS"),
    live_row("CO-01", "definition", "both alike, inverted, 90, 60 degrees, silence", [1.0, -1.0, 0.0, 0.5, 0.0], 0.01,
             _correlations, ""),
)  # fmt: skip
