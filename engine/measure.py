"""The door that measures recordings: loudness and levels of a sound file, of any format, rate and length."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from engine.core.machine_code import EngineError
from engine.meters.channel_weights import channel_weights
from engine.meters.frame import SINE_CREST_DB
from engine.meters.programme import ProgrammeMeter
from engine.sources.regular_file import StemError, printable
from engine.sources.sample_file import FloatArray, SampleFile
from engine.sources.whole_file import open_whole

__all__ = ["EngineError", "Measurement", "StemError", "measure", "prepare", "printable"]

_READ_FRAMES = 1 << 16
"""Read between two looks at what is wanted."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured of a file. Levels are -inf where there is silence, loudness where it is undefined.

    `rms_dbfs` is mathematical, over all channels: a sine at full scale has -3.01. `loudness_range_lu` is None for less
    than 3 s and for silence. `problems` are clear lines about what is wrong with the file.
    """

    path: Path
    sample_rate_hz: int
    channels: int
    duration_s: float
    integrated_lufs: float
    loudness_range_lu: float | None
    max_momentary_lufs: float
    max_short_term_lufs: float
    true_peak_dbtp: float
    sample_peak_dbfs: float
    rms_dbfs: float
    problems: tuple[str, ...] = ()

    @property
    def rms_aes17_dbfs(self) -> float:
        """The RMS level by AES-17: a sine at full scale has 0."""
        return self.rms_dbfs + SINE_CREST_DB

    @property
    def crest_db(self) -> float | None:
        """How far the highest sample lies above the RMS level; None for silence."""
        return self.sample_peak_dbfs - self.rms_dbfs if math.isfinite(self.rms_dbfs) else None

    @property
    def plr_db(self) -> float | None:
        """How far the true peak lies above the integrated loudness; None where that is undefined."""
        return self.true_peak_dbtp - self.integrated_lufs if math.isfinite(self.integrated_lufs) else None


def _read(file: SampleFile, start_frame: int, outs: tuple[FloatArray, ...]) -> None:
    try:
        file.read_into(start_frame, outs)
    except StemError as error:
        # What follows is what a mixer does about it.
        raise StemError(str(error).partition(";")[0]) from error


def prepare(report: Callable[[float | None, str], None]) -> None:
    """Makes the compiled part ready; see `warm_up`. Once before files are measured in several threads.

    Raises EngineError where that is not possible.
    """
    from engine.io.warm_up import MEASURING, warm_up
    from engine.meters.programme_energy import measure_energy
    from engine.meters.programme_peak import measure_peaks
    from engine.sources.decode import decode

    warm_up(report, MEASURING)
    for entry in (measure_energy, measure_peaks, decode):
        entry.address  # noqa: B018 - linked here, before threads would do it at the same time


def measure(path: Path, progress: Callable[[float], None] = lambda _share: None, threads: int = 1) -> Measurement:
    """Measures a file. Raises StemError with one clear line.

    `progress` is told the share done, 0 to 1; what it raises ends the measurement. Channels are measured in so many
    threads.
    """
    problems: list[str] = []
    with closing(open_whole(path, problems.append)) as file, ThreadPoolExecutor(threads) as pool:
        info = file.info
        weights = channel_weights(info.channels, info.speakers)
        if weights is None:
            problems.append(
                f"{file.name}: has {info.channels} channels, and nothing says of which speakers: no loudness"
            )
        meter = ProgrammeMeter(info.sample_rate_hz, info.channels, weights, map if threads == 1 else pool.map)
        room = meter.room
        for start in range(0, info.frames, meter.room_frames):
            frames = min(meter.room_frames, info.frames - start)
            for done in range(0, frames, _READ_FRAMES):
                count = min(_READ_FRAMES, frames - done)
                _read(file, start + done, tuple(channel[done : done + count] for channel in room))
                progress((start + done) / info.frames)
            meter.take(frames)
        meter.finish()
    levels, loudness = meter.levels, meter.loudness
    return Measurement(
        path,
        info.sample_rate_hz,
        info.channels,
        info.duration_s,
        loudness.integrated_lufs,
        loudness.loudness_range_lu,
        loudness.max_momentary_lufs,
        loudness.max_short_term_lufs,
        levels.true_peak_dbtp,
        levels.sample_peak_dbfs,
        levels.rms_dbfs,
        tuple(dict.fromkeys(problems)),
    )
