"""The live programme and the true peak of the master (LU, LR, TP)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.meters.frame import AFTER_FADER, Programme
from tests.conformance.level_rows import ABOVE, BELOW, SINES, STEADY_HZ
from tests.conformance.live_meter import CHANGING_DEVICE, LONG_DEVICES, Device, live_row
from tests.conformance.row import NO_READING, Row, at_every_rate, within
from tests.conformance.signals import Channel, Segment, burst_between_samples, faded_sine, tone

_MASTER = -2
SPREAD_BLOCKS_FRAMES = (1, 32, 37, 64, 128, 441, 512, 1000, 1023, 1024, 4096)
_STEADY_PHASES = (0.0, 18.0, 45.0, 67.5, 85.0)
"""In degrees."""


def _programme(device: Device, rate: int, channel: Channel) -> Programme:
    seconds = len(channel) / rate
    with device.playing(rate, channel, channel) as meter:
        meter.until(seconds)
        # Twice: the programme is read every half second.
        return meter.until(seconds + 0.5).programme


def _integrated(device: Device, rate: int, *segments: Segment) -> list[float]:
    return [_programme(device, rate, tone(rate, segments)).integrated_lufs]


def _maxima(device: Device, segments: Sequence[Segment]) -> list[float]:
    programme = _programme(device, 48000, tone(48000, segments))
    return [programme.max_momentary_lufs, programme.max_short_term_lufs]


def _range(device: Device, *levels: float) -> list[float]:
    found = _programme(device, 48000, tone(48000, [(20.0, level) for level in levels])).loudness_range_lu
    return [NO_READING if found is None else found]


def _block_sizes() -> list[float]:
    """How far the readings of a programme lie apart with all block sizes."""
    noise = np.random.default_rng(1).uniform(-1.0, 1.0, 5 * 44100) * np.repeat([0.3, 0.02, 0.1, 0.5, 0.05], 44100)
    readings = []
    for block_frames in SPREAD_BLOCKS_FRAMES:
        found = _programme(Device((block_frames,)), 44100, noise.astype(np.float32))
        range_lu = found.loudness_range_lu
        assert range_lu is not None
        readings.append([found.integrated_lufs, found.max_momentary_lufs, found.max_short_term_lufs, range_lu])
    return np.ptp(readings, axis=0).tolist()


def _true_peak(device: Device, rate: int, channels: Sequence[Channel]) -> list[float]:
    """Of the master, each by itself."""
    readings = []
    for channel in channels:
        with device.playing(rate, channel, channel) as meter:
            frame = meter.until(len(channel) / rate + 0.05)
            readings.append(float(frame.true_hold_dbtp[_MASTER, AFTER_FADER].max()))
    return readings


def _steady(device: Device) -> list[float]:
    return _true_peak(device, 48000, [
        faded_sine(48000, 48000 / hertz, 1.0, phase, 0.1)
        for hertz in STEADY_HZ
        for phase in _STEADY_PHASES
    ])  # fmt: skip


def _sine(case: int, rate: int) -> Row:
    division, amplitude, phase, expected = SINES[case]
    return live_row(
        f"TP-{case}-live@{rate}", f"Tech 3341 case {case}", f"fs/{division}, {amplitude:g} of full scale, master",
        expected, (BELOW, ABOVE),
        lambda device: _true_peak(device, rate, [faded_sine(rate, division, amplitude, phase)]), "dBTP",
    )  # fmt: skip


def _programme_row(
    id: str, source: str, signal: str, expected: float, tolerance: float, read: Callable[[Device], Sequence[float]],
    unit: str = "LUFS",
) -> Row:  # fmt: skip
    return live_row(id, source, signal, expected, tolerance, read, unit, LONG_DEVICES)


ROWS: tuple[Row, ...] = (
    *at_every_rate(lambda rate: live_row(
        f"LU-03-live@{rate}", "Tech 3341 case 3", "-36, -23, -36 dBFS: I of the master", -23.0, 0.1,
        lambda device: _integrated(device, rate, (10.0, -36.0), (60.0, -23.0), (10.0, -36.0)),
        devices=CHANGING_DEVICE)),
    _programme_row(
        "LU-04-live", "Tech 3341 case 4", "-72, -36, -23, -36, -72 dBFS: I of the master", -23.0, 0.1,
        lambda device: _integrated(
            device, 48000, (10.0, -72.0), (10.0, -36.0), (60.0, -23.0), (10.0, -36.0), (10.0, -72.0))),
    _programme_row(
        "LU-05-live", "Tech 3341 case 5", "-26, -20, -26 dBFS: I of the master", -23.0, 0.1,
        lambda device: _integrated(device, 48000, (20.0, -26.0), (20.1, -20.0), (20.0, -26.0))),
    _programme_row("LU-09-live", "Tech 3341 case 9", "(1.34 s -20, 1.66 s -30) x 5: max S", -23.0, 0.1,
                   lambda device: _maxima(device, [(1.34, -20.0), (1.66, -30.0)] * 5)[1:]),
    _programme_row("LU-12-live", "Tech 3341 case 12", "(0.18 s -20, 0.22 s -30) x 25: max M", -23.0, 0.1,
                   lambda device: _maxima(device, [(0.18, -20.0), (0.22, -30.0)] * 25)[:1]),
    within("LU-21", "design", "blocks of 1 to 4096 frames: spread of I, max M, max S, LRA", [0.0] * 4, 1e-6,
           _block_sizes, "LU"),
    _programme_row("LR-01-live", "Tech 3342 case 1", "-20, -30 dBFS, master", 10.0, 1.0,
                   lambda device: _range(device, -20.0, -30.0), "LU"),
    _programme_row("LR-03-live", "Tech 3342 case 3", "-40, -20 dBFS, master", 20.0, 1.0,
                   lambda device: _range(device, -40.0, -20.0), "LU"),
    *(row for case in SINES for row in at_every_rate(lambda rate, case=case: _sine(case, rate))),
    *(live_row(
        f"TP-{20 + offset}-live", f"Tech 3341 case {20 + offset}", f"fs/4 in fs/6, offset {offset}, master", 0.0,
        (BELOW, ABOVE),
        lambda device, offset=offset: _true_peak(device, 48000, [burst_between_samples(offset)]), "dBTP")
      for offset in range(4)),
    live_row("TP-25-live", "R 128", f"997 Hz to 20 kHz at full scale, {len(_STEADY_PHASES)} phases, master",
             [0.0] * (len(STEADY_HZ) * len(_STEADY_PHASES)), (0.11, 0.05), _steady, "dBTP", LONG_DEVICES),
)  # fmt: skip
