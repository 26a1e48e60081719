"""Loudness: K-weighting, momentary, short-term, integrated, gates and range (KW, LU, LR)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.meters.k_weighting import k_weighting
from tests.conformance.offline_meter import Reading, stereo
from tests.conformance.row import NO_READING, Row, at_every_rate, within
from tests.conformance.signals import SILENCE, Segment, tone

_SHELF = (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585)
_HIGH_PASS = (1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621)
"""BS.1770-5 Annex 1, Tables 1 and 2."""

_K_GAIN_DB = {
    25: -10.3928, 40: -5.5669, 63: -2.6639, 100: -1.1335, 200: -0.2649,
    500: 0.0425, 2000: 3.0713, 4000: 3.9680, 10000: 4.0419, 15000: 4.0430,
}  # fmt: skip
"""Of these tables."""

_RANGES = {
    1: (10.0, (-20.0, -30.0)),
    2: (5.0, (-20.0, -15.0)),
    3: (20.0, (-40.0, -20.0)),
    4: (15.0, (-50.0, -35.0, -20.0, -35.0, -50.0)),
}
"""Tech 3342: the range, and the levels of tones of 20 s."""

_CHANNELS_OF_PORTIONS_S = {2: 32.0, 6: 12.8, 15: 6.4}
"""How many channels of 44.1 kHz it takes to be measured in each of the portions that there are, in seconds."""

_STEPS = range(20)
_LEVELS = tuple(float(level) for level in range(-38, -18))


def _integrated(rate: int, *segments: Segment) -> list[float]:
    return [stereo(rate, tone(rate, segments)).loudness.integrated_lufs]


def _all_three(rate: int, level: float) -> list[float]:
    loudness = stereo(rate, tone(rate, [(20.0, level)])).loudness
    return [loudness.momentary_lufs, loudness.short_term_lufs, loudness.integrated_lufs]


def _left_only(rate: int) -> list[float]:
    left = tone(rate, [(5.0, 0.0)], 997.0)
    return [Reading(rate, left, np.zeros_like(left)).loudness.integrated_lufs]


def _equally_loud(rate: int) -> list[float]:
    return [
        stereo(rate, tone(rate, [(5.0, -23.0 + 0.691 - gain)], hertz)).loudness.integrated_lufs
        for hertz, gain in _K_GAIN_DB.items()
    ]


def _coefficients() -> list[float]:
    weighting = k_weighting(48000)
    return [*weighting.shelf, *weighting.high_pass]


def _five_channels() -> list[float]:
    channels = [tone(48000, [(20.0, level)]) for level in (-28.0, -28.0, -24.0, -30.0, -30.0)]
    return [Reading(48000, *channels).loudness.integrated_lufs]


def _one_of_six() -> list[float]:
    readings = []
    for place, level in ((0, -21.0), (2, -21.0), (4, -22.5), (3, -19.2)):
        channels = [np.zeros(48000 * 5, np.float32)] * 6
        channels[place] = tone(48000, [(5.0, level)])
        readings.append(Reading(48000, *channels).loudness.integrated_lufs)
    return readings


def _steady_short_term(rate: int) -> list[float]:
    trace = [now.short_term_lufs for now in stereo(rate, tone(rate, [(1.34, -20.0), (1.66, -30.0)] * 5)).every_tick()]
    return [min(trace[299:]), max(trace[299:])]


def _steady_momentary(rate: int) -> list[float]:
    trace = [now.momentary_lufs for now in stereo(rate, tone(rate, [(0.18, -20.0), (0.22, -30.0)] * 25)).every_tick()]
    return [min(trace[99:]), max(trace[99:])]


def _shifted(step_s: float, length_s: float) -> list[Reading]:
    """A tone after ever longer silence, in a file each."""
    return [
        stereo(48000, tone(48000, [(step * step_s, SILENCE), (length_s, -23.0), (1.0, SILENCE)])) for step in _STEPS
    ]


def _rising(step_s: float, length_s: float) -> Reading:
    """Ever louder tones after ever longer silence, in one run."""
    segments: list[Segment] = []
    for step, level in zip(_STEPS, _LEVELS, strict=True):
        segments += [(step * step_s, SILENCE), (length_s, level), (length_s - step * step_s, SILENCE)]
    return stereo(48000, tone(48000, segments))


def _highest_of_each(trace: Sequence[float], ticks: int) -> list[float]:
    return [max(trace[start : start + ticks]) for start in range(0, len(trace), ticks)]


def _gates() -> list[float]:
    relative: list[Segment] = [(0.5, SILENCE), (0.9, -19.9), (1.3, -7.1), (0.8, -19.9), (0.5, SILENCE)]
    burst: list[Segment] = [(0.5, -69.5), (0.5, SILENCE)]
    return _integrated(48000, *relative) + _integrated(
        48000, (0.8, SILENCE), *burst, *burst, (0.5, -69.5), (0.7, SILENCE)
    )


def _antiphase() -> list[float]:
    left = tone(48000, [(5.0, -23.0)])
    return [Reading(48000, left, -left).loudness.integrated_lufs]


def _range(levels: Sequence[float]) -> list[float]:
    segments = [(20.0, level) for level in levels]
    readings = [
        stereo(48000, tone(48000, repeated)).loudness.loudness_range_lu for repeated in (segments, 2 * segments)
    ]
    return [NO_READING if reading is None else reading for reading in readings]


def _portions() -> list[float]:
    """How far the readings of a programme lie apart with all sizes of portions, which follow from the channels."""
    levels = np.repeat([0.3, 0.02, 0.1, 0.5, 0.05], 8 * 44100)
    noise = (np.random.default_rng(1).uniform(-1.0, 1.0, len(levels)) * levels).astype(np.float32)
    silence = np.zeros_like(noise)
    readings = []
    for channels, portion_s in _CHANNELS_OF_PORTIONS_S.items():
        uncounted = channels - 2
        found = Reading(44100, noise, noise, *[silence] * uncounted, weights=[1.0, 1.0] + [0.0] * uncounted)
        assert found.portion_s == portion_s
        loudness, range_lu = found.loudness, found.loudness.loudness_range_lu
        assert range_lu is not None
        readings.append([loudness.integrated_lufs, loudness.max_momentary_lufs, loudness.max_short_term_lufs, range_lu,
                         found.levels.true_peak_dbtp])  # fmt: skip
    return np.ptp(readings, axis=0).tolist()


def _case(number: int, signal: str, *segments: Segment) -> Row:
    return within(
        f"LU-{number:02}", f"Tech 3341 case {number}", signal, -23.0, 0.1, lambda: _integrated(48000, *segments)
    )


def _case_at_every_rate(number: int, signal: str, *segments: Segment) -> tuple[Row, ...]:
    def make(rate: int) -> Row:
        return within(
            f"LU-{number:02}@{rate}",
            f"Tech 3341 case {number}",
            signal,
            -23.0,
            0.1,
            lambda: _integrated(rate, *segments),
        )

    return at_every_rate(make)


def _starred() -> tuple[Row, ...]:
    quiet, loud = (10.0, -36.0), (60.0, -23.0)
    return (
        *at_every_rate(lambda rate: within(
            f"KW-02@{rate}", "BS.1770-5", "997 Hz at 0 dBFS, left only, I", -3.01, 0.05, lambda: _left_only(rate))),
        *at_every_rate(lambda rate: within(
            f"LU-01@{rate}", "Tech 3341 case 1", "-23 dBFS, 20 s: M, S, I", [-23.0] * 3, 0.1,
            lambda: _all_three(rate, -23.0))),
        *_case_at_every_rate(3, "-36, -23, -36 dBFS: I", quiet, loud, quiet),
        *_case_at_every_rate(5, "-26, -20, -26 dBFS: I", (20.0, -26.0), (20.1, -20.0), (20.0, -26.0)),
        *at_every_rate(lambda rate: within(
            f"LU-09@{rate}", "Tech 3341 case 9", "(1.34 s -20, 1.66 s -30) x 5: S after 3 s", [-23.0] * 2, 0.1,
            lambda: _steady_short_term(rate))),
        *at_every_rate(lambda rate: within(
            f"LU-12@{rate}", "Tech 3341 case 12", "(0.18 s -20, 0.22 s -30) x 25: M after 1 s", [-23.0] * 2, 0.1,
            lambda: _steady_momentary(rate))),
    )  # fmt: skip


ROWS: tuple[Row, ...] = (
    within("KW-01", "BS.1770-5 Tables 1, 2", "coefficients at 48 kHz", [*_SHELF, *_HIGH_PASS], 1e-12, _coefficients,
           ""),
    within("KW-03", "BS.2217", "25 Hz to 15 kHz, equally loud: I", [-23.0] * 10, 0.1, lambda: _equally_loud(48000)),
    *_starred(),
    within("LU-02", "Tech 3341 case 2", "-33 dBFS, 20 s: M, S, I", [-33.0] * 3, 0.1, lambda: _all_three(48000, -33.0)),
    _case(4, "-72, -36, -23, -36, -72 dBFS: I",
          (10.0, -72.0), (10.0, -36.0), (60.0, -23.0), (10.0, -36.0), (10.0, -72.0)),
    within("LU-06", "Tech 3341 case 6", "5.0: -28 -28 -24 -30 -30 dBFS: I", -23.0, 0.1, _five_channels),
    within("LU-10", "Tech 3341 case 10", "3 s of -23, shifted by 150 ms: max S", [-23.0] * 20, 0.1,
           lambda: [reading.loudness.max_short_term_lufs for reading in _shifted(0.15, 3.0)]),
    within("LU-11", "Tech 3341 case 11", "3 s of -38 to -19, shifted: max S of each", _LEVELS, 0.1,
           lambda: _highest_of_each([now.short_term_lufs for now in _rising(0.15, 3.0).every_tick()], 600)),
    within("LU-13", "Tech 3341 case 13", "0.4 s of -23, shifted by 20 ms: max M", [-23.0] * 20, 0.1,
           lambda: [reading.loudness.max_momentary_lufs for reading in _shifted(0.02, 0.4)]),
    within("LU-14", "Tech 3341 case 14", "0.4 s of -38 to -19, shifted: max M of each", _LEVELS, 0.1,
           lambda: _highest_of_each([now.momentary_lufs for now in _rising(0.02, 0.4).every_tick()], 80)),
    within("LU-15", "BS.2217", "relative gate, absolute gate: I", [-10.0, -69.5], 0.1, _gates),
    within("LU-16", "BS.2217", "5.1: L, C, Ls, LFE alone: I", [-24.0, -24.0, -24.0, NO_READING], 0.1, _one_of_six),
    within("LU-17", "BS.1770-5", "one channel, -23 dBFS: I", -26.01, 0.1,
           lambda: [Reading(48000, tone(48000, [(5.0, -23.0)])).loudness.integrated_lufs]),
    within("LU-18", "BS.1770-5", "-23 dBFS in antiphase: I", -23.0, 0.1, _antiphase),
    within("LU-19", "Tech 3341 2.9", "-18 dBFS: I", -18.0, 0.1, lambda: _integrated(48000, (5.0, -18.0))),
    within("LU-20", "BS.1770-5", "0.399 s, 0.400 s of -20 dBFS: I", [NO_READING, -20.0], 0.1,
           lambda: _integrated(48000, (0.399, -20.0)) + _integrated(48000, (0.4, -20.0))),
    within("LU-21-file", "design", "portions of 6.4, 12.8, 32 s: spread of I, max M, max S, LRA, TP", [0.0] * 5, 1e-6,
           _portions, "LU"),
    *(within(f"LR-{case:02}", f"Tech 3342 case {case}", f"{' '.join(f'{level:g}' for level in levels)} dBFS, and twice",
             [expected] * 2, 1.0, lambda levels=levels: _range(levels), "LU")
      for case, (expected, levels) in _RANGES.items()),
)  # fmt: skip
