"""A fake player whose master and monitor are as loud as the programme says."""

from __future__ import annotations

import numpy as np

from engine.meters.frame import AFTER_FADER, MeterFrame
from tests.frames import changed
from tests.tui.fake_player import FakePlayer

_MASTER_PEAKS_DBFS = (-2.4, -3.1)


class MeasuringPlayer(FakePlayer):
    """The last two rows peak some 12 dB above their loudness."""

    def frame(self) -> MeterFrame:
        frame = super().frame()
        history = frame.programme.history
        silent = np.full(frame.momentary_lufs.shape, -np.inf, np.float32)
        momentary, short_term, integrated = silent.copy(), silent.copy(), silent.copy()
        if history.momentary_lufs.size:
            momentary[-2:, AFTER_FADER] = history.momentary_lufs[-1]
            short_term[-2:, AFTER_FADER] = history.short_term_lufs[-1]
        integrated[-2:, AFTER_FADER] = frame.programme.integrated_lufs
        peaks, held = frame.true_peak_dbtp.copy(), frame.hold_dbfs.copy()
        peaks[-2:, AFTER_FADER] = held[-2:, AFTER_FADER] = _MASTER_PEAKS_DBFS
        return changed(
            frame,
            momentary_lufs=momentary,
            short_term_lufs=short_term,
            integrated_lufs=integrated,
            true_peak_dbtp=peaks,
            output_true_peak_dbtp=peaks[-2:, AFTER_FADER].max(axis=1),
            hold_dbfs=held,
            true_hold_dbtp=held + 0.3,
        )
