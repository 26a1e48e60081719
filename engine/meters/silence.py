"""What meters read where there is nothing to read."""

from __future__ import annotations

import numpy as np

from engine.meters.frame import STAGES, Evidence, LoudnessHistory, MeterFrame, Programme
from engine.meters.loudness import UNDEFINED_LUFS
from engine.mix import INSERT_SLOTS

_SHAPE = (len(STAGES), 2)


def silent_frame(strips: int) -> MeterFrame:
    """What is read before there is an engine: nothing, at the start of the song, for strips, master and monitor."""
    rows = strips + 2
    silence = np.full((rows, *_SHAPE), -np.inf, np.float32)
    of_units = np.full((rows, INSERT_SLOTS, 2), -np.inf, np.float32)
    of_both, nothing = silence[:, :, 0], np.zeros(silence.shape, np.float32)
    return MeterFrame(
        peak_dbfs=silence,
        hold_dbfs=silence,
        true_peak_dbtp=silence,
        true_hold_dbtp=silence,
        output_true_peak_dbtp=silence[-2:, 0, 0],
        rms_dbfs=silence,
        vu_db=silence,
        ppm_1_dbfs=silence,
        ppm_2_dbfs=silence,
        k_system_dbfs=silence,
        momentary_lufs=of_both,
        short_term_lufs=of_both,
        integrated_lufs=of_both,
        correlation=nothing[:, :, 0],
        balance_db=nothing[:, :, 0],
        dc_offset=nothing,
        overs=np.zeros(of_both.shape, np.int64),
        first_over_s=np.full(of_both.shape, -1.0),
        evidence=Evidence(of_both, of_both, nothing[:, :, 0]),
        programme=silent_programme(),
        holds_cleared=0,
        over=np.zeros(silence.shape, np.bool_),
        reduction_db=np.zeros(of_units.shape, np.float32),
        unit_vu_db=of_units,
        playing=False,
        position_s=0.0,
        length_s=0.0,
        loop_enabled=False,
        load_percent=0.0,
        peak_load_percent=0.0,
        xruns=0,
        underruns=0,
        latency_s=0.0,
    )


def silent_programme() -> Programme:
    """What is known of a programme before it begins."""
    none = np.zeros(0, np.float32)
    undefined = (UNDEFINED_LUFS, UNDEFINED_LUFS)
    return Programme(UNDEFINED_LUFS, None, False, *undefined, 0.0, False, LoudnessHistory(none, none))
