"""True peak, sample peak and RMS (TP, SP, RM)."""

from __future__ import annotations

import numpy as np

from tests.conformance.offline_meter import Reading, true_peaks
from tests.conformance.row import Row, at_every_rate, within
from tests.conformance.signals import burst_between_samples, faded_sine, square, tone

BELOW, ABOVE = 0.4, 0.2
"""Tech 3341 on cases 15 to 23."""

SINES = {15: (4, 0.5, 0.0, -6.0), 16: (4, 0.5, 45.0, -6.0), 17: (6, 0.5, 60.0, -6.0), 18: (8, 0.5, 67.5, -6.0),
          19: (4, 1.41, 45.0, 3.0)}  # fmt: skip
"""Division of the rate, amplitude, phase in degrees, dBTP."""

STEADY_HZ = (997.0, 2000.0, 5000.0, 8000.0, 10000.0, 12000.0, 14000.0, 15000.0, 16000.0, 18000.0, 19200.0, 20000.0)
_PHASES = 24


def _sine(case: int, rate: int) -> Row:
    division, amplitude, phase, expected = SINES[case]
    return Row(
        f"TP-{case}@{rate}", f"Tech 3341 case {case}", f"fs/{division}, {amplitude:g} of full scale, {phase:g} degrees",
        (expected,), BELOW, ABOVE, "dBTP", lambda: true_peaks(rate, [faded_sine(rate, division, amplitude, phase)]),
    )  # fmt: skip


def _burst(offset: int) -> Row:
    case = 20 + offset
    return Row(
        f"TP-{case}", f"Tech 3341 case {case}", f"fs/4 in fs/6, offset {offset} (it reaches -0.08)", (0.0,),
        BELOW, ABOVE, "dBTP", lambda: true_peaks(48000, [burst_between_samples(offset)]),
    )  # fmt: skip


def _impulse() -> list[float]:
    impulse = np.zeros(4800, np.float32)
    impulse[2400] = 1.0
    return true_peaks(48000, [impulse])


def _steady() -> list[float]:
    tones = [
        faded_sine(48000, 48000 / hertz, 1.0, 360.0 * phase / _PHASES, 0.1)
        for hertz in STEADY_HZ
        for phase in range(_PHASES)
    ]
    return true_peaks(48000, tones)


ROWS: tuple[Row, ...] = (
    *(row for case in SINES for row in at_every_rate(lambda rate, case=case: _sine(case, rate))),
    *(_burst(offset) for offset in range(4)),
    within("TP-24", "design", "one sample at full scale", 0.0, 0.01, _impulse, "dBTP"),
    within("TP-25", "R 128", "997 Hz to 20 kHz at full scale, 24 phases", [0.0] * (len(STEADY_HZ) * _PHASES), 0.3,
           _steady, "dBTP"),
    within("SP-01", "definition", "997 Hz at -6 dBFS", -6.0, 0.01,
           lambda: [Reading(48000, tone(48000, [(5.0, -6.0)], 997.0)).levels.sample_peak_dbfs], "dBFS"),
    within("RM-01", "definition", "1 kHz at -20 dBFS, mathematical RMS", -23.01, 0.01,
           lambda: [Reading(48000, tone(48000, [(5.0, -20.0)])).levels.rms_dbfs], "dBFS"),
    within("RM-02", "definition", "square, 1 kHz at -20 dBFS, mathematical RMS", -20.0, 0.02,
           lambda: [Reading(48000, square(48000, 5.0, -20.0)).levels.rms_dbfs], "dBFS"),
)  # fmt: skip
