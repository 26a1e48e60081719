"""Meter frames as if a song had sounded: what is judged, without an engine."""

import numpy as np

from engine.meters.frame import AFTER_FADER, AFTER_INSERT, AFTER_TRIM, INPUT, STAGES, Evidence, MeterFrame
from engine.meters.reader import silent_frame
from sessions.flags import channels_of
from sessions.model import Session
from tests.frames import changed

SINE_CREST_DB = 0.0
"""Averages are AES-17: the peak of a sine is its average."""


def frame_of(session: Session, levels: dict[str, list[float] | dict[int, float]], *, crest_db: float = 9.0,
             peaks: dict[str, float] | None = None, sounding_s: float = 20.0, **values) -> MeterFrame:  # fmt: skip
    """A frame in which strips average so much: along the path (input, after the trim, after each slot) or by stage.

    Stages that are not named are as the one before; the peak is `crest_db` above, or what `peaks` says of a strip.
    """
    rows = len(session.strips) + 2
    average = np.full((rows, len(STAGES)), -np.inf, np.float32)
    peak, sounding = average.copy(), np.zeros(average.shape, np.float32)
    for row, channel in enumerate(channels_of(session)):
        given = levels.get(channel.id)
        if given is None:
            continue
        path = given if isinstance(given, dict) else dict(zip(_PATH, given, strict=False))
        now = path[INPUT]
        for stage in range(AFTER_FADER + 1):
            now = path.get(stage, now)
            average[row, stage] = now
        for stage, level in path.items():
            average[row, stage] = level
        peak[row] = average[row] + crest_db
        if peaks and channel.id in peaks:
            peak[row, np.isfinite(average[row])] = peaks[channel.id]
        sounding[row, np.isfinite(average[row])] = sounding_s
    frame = silent_frame(len(session.strips))
    hold = np.repeat(peak[:, :, None], 2, axis=2)
    return changed(frame, evidence=Evidence(average, peak, sounding), hold_dbfs=hold, true_hold_dbtp=hold, **values)


_PATH = (INPUT, AFTER_TRIM, *range(AFTER_INSERT, AFTER_FADER))
