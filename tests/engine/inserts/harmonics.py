"""What a processor adds to a sine: its harmonics, and what is none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.core.unit import Processor
from tests.engine.inserts.bench import RATE, Bench, level_dbfs, sine

LEVELS_DBFS = (-30.0, -24.0, -18.0, -12.0, -6.0, 0.0)
"""Of the tables of THD in the processors' docstrings, at 1 kHz and their defaults."""

Amplitudes = npt.NDArray[np.float64]


def spectrum(
    processor: Processor, frequency_hz: int, level_dbfs: float, rate: int = RATE, **settings: float
) -> tuple[Amplitudes, Bench]:
    """The amplitude at every whole Hz of the third second of a sine, and the bench it was played on."""
    bench = Bench(processor, rate)
    bench.set(**settings)
    heard = bench.run(sine(frequency_hz, level_dbfs, 3.0, rate), others=0.0)[-rate:, 0]
    return np.abs(np.fft.rfft(heard.astype(np.float64))) / rate * 2.0, bench


def harmonics(processor: Processor, frequency_hz: int, level_dbfs: float, **settings: float) -> Amplitudes:
    """The amplitudes of the fundamental and its harmonics below half the rate, over that of the sine sent in."""
    amplitudes, _ = spectrum(processor, frequency_hz, level_dbfs, **settings)
    return amplitudes[frequency_hz::frequency_hz] / 10.0 ** (level_dbfs / 20.0)


def gain_db(processor: Processor, frequency_hz: int, level_dbfs: float, **settings: float) -> float:
    """The gain of the fundamental."""
    return float(20.0 * np.log10(harmonics(processor, frequency_hz, level_dbfs, **settings)[0]))


def quiet_gain_db(processor: Processor, frequency_hz: float, rate: int = RATE, **settings: float) -> float:
    """The gain of a sine of -70 dBFS, for which every curve is straight within a hundredth of a dB."""
    bench = Bench(processor, rate)
    bench.set(**settings)
    return level_dbfs(bench.run(sine(frequency_hz, -70.0, 1.2, rate), others=0.0), 0.4, rate) + 70.0


def thd_percent(processor: Processor, level_dbfs: float, frequency_hz: int = 1000, **settings: float) -> float:
    """Harmonics 2 to 12 over the fundamental."""
    found = harmonics(processor, frequency_hz, level_dbfs, **settings)
    return float(100.0 * np.sqrt(np.sum(found[1:12] ** 2)) / found[0])


def harmonic_to_alias_db(
    processor: Processor, frequency_hz: int, level_dbfs: float, rate: int, highest_hz: int = 20000, **settings: float
) -> float:
    """The power of all harmonics over that of everything else, from 20 Hz to the highest frequency."""
    power = spectrum(processor, frequency_hz, level_dbfs, rate, **settings)[0] ** 2
    wanted = np.zeros(len(power), bool)
    wanted[frequency_hz::frequency_hz] = True
    unwanted = ~wanted
    unwanted[:20] = False
    unwanted[highest_hz:] = False
    return float(10.0 * np.log10(power[wanted].sum() / power[unwanted].sum()))
