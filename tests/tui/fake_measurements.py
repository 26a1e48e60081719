"""What a fake player has measured: evidence at every stage, and the loudness of a song with quiet and loud parts."""

from __future__ import annotations

import numpy as np

from engine.meters.frame import Evidence, LoudnessHistory, Programme

POINTS_A_SECOND = 10
_MOMENTARY_FROM, _SHORT_TERM_FROM = 4, 30
"""Points until the windows are filled."""


def evidence_of(held_dbfs: np.ndarray) -> Evidence:
    """As if everything had sounded for half a minute, 6 dB below its held peaks (rows, stages, 2)."""
    peak = np.max(held_dbfs, axis=2)
    sounding = np.where(np.isfinite(peak), 30.0, 0.0).astype(np.float32)
    return Evidence((peak - 6.0).astype(np.float32), peak, sounding)


def loudness_of(points: int) -> LoudnessHistory:
    """Verses around -20 and choruses around -14 LUFS, half a minute each, with beats."""
    at = np.arange(points) / POINTS_A_SECOND
    part = -20.0 + 6.0 * ((at // 30.0) % 2)
    short_term = part + 1.2 * np.sin(at / 2.3) + 0.5 * np.sin(at * 0.9)
    momentary = short_term + 1.5 * np.sin(at * 5.1) + 1.0 * np.sin(at * 17.0)
    short_term[:_SHORT_TERM_FROM] = -np.inf
    momentary[:_MOMENTARY_FROM] = -np.inf
    return LoudnessHistory(momentary.astype(np.float32), short_term.astype(np.float32))


class FakeProgramme:
    """A measurement that goes with the song's position, from where it was reset or continued."""

    def __init__(self) -> None:
        self.is_paused = False
        self.from_s: float | None = 0.0
        self._last: Programme | None = None

    def reset(self) -> None:
        """Begin at the next reading."""
        self.from_s, self._last = None, None

    def at(self, position_s: float) -> Programme:
        """What has been measured at a time."""
        if self.from_s is None:
            self.from_s = position_s
        if self.is_paused and self._last is not None:
            return Programme(**{name: getattr(self._last, name) for name in Programme.__slots__} | {"is_paused": True})
        measured = max(position_s - self.from_s, 0.0)
        history = loudness_of(int(measured * POINTS_A_SECOND))
        heard = history.short_term_lufs[_SHORT_TERM_FROM:]
        self._last = Programme(
            integrated_lufs=float(np.mean(heard)) if heard.size else -np.inf,
            loudness_range_lu=float(np.ptp(heard)) * 0.8 if heard.size else None,
            is_range_stable=measured >= 60.0,
            max_momentary_lufs=float(np.max(history.momentary_lufs, initial=-np.inf)),
            max_short_term_lufs=float(np.max(heard, initial=-np.inf)),
            measured_s=measured,
            is_paused=self.is_paused,
            history=history,
        )
        return self._last
