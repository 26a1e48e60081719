"""What meters read where there is nothing to read."""

from __future__ import annotations

import numpy as np

from engine.meters.frame import SOURCES, STAGES, Evidence, Levels, LoudnessHistory, MeterFrame, Programme
from engine.meters.loudness import UNDEFINED_LUFS
from engine.mix import INSERT_SLOTS

_SHAPE = (len(STAGES), 2)


def silent_frame(strips: int) -> MeterFrame:
    """What is read before there is an engine: nothing, at the start of the song, for strips, master and monitor."""
    rows = strips + 2
    silence = np.full((rows, *_SHAPE), -np.inf, np.float32)
    of_units = np.full((rows, INSERT_SLOTS, 2), -np.inf, np.float32)
    none = Levels(np.full((len(SOURCES), 1, 2), -np.inf, np.float32), np.zeros(silence.shape[:2], np.int64))
    of_both, nothing = silence[:, :, 0], np.zeros(silence.shape, np.float32)
    return MeterFrame(
        levels=none,
        marks=none,
        maxima=none,
        output_true_peak_dbtp=silence[-2:, 0, 0],
        correlation=nothing[:, :, 0],
        balance_db=nothing[:, :, 0],
        dc_offset=nothing,
        overs=np.zeros(of_both.shape, np.int64),
        first_over_s=np.full(of_both.shape, -1.0),
        evidence=Evidence(of_both, of_both, nothing[:, :, 0]),
        programme=silent_programme(),
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
