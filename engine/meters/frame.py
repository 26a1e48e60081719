"""One reading of all meters: what the interface gets once per frame."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.mix import INSERT_SLOTS

FloatArray = npt.NDArray[np.float32]

STAGES: Final = (
    "input",
    "trim",
    *(f"insert {n + 1}" for n in range(INSERT_SLOTS)),
    "fader",
    "send a",
    "send b",
    "send c",
    "send d",
)
"""Where a strip is metered: at its input, after the trim, after each insert slot, after the fader (and pan), and at
each send. After a slot that no strip beside it uses it is what it was before."""
INPUT, AFTER_TRIM, AFTER_INSERT = range(3)
AFTER_FADER = AFTER_INSERT + INSERT_SLOTS
AT_SEND = AFTER_FADER + 1
OVERVIEW: Final = (INPUT, AFTER_TRIM, AFTER_FADER)
"""The stages that stand side by side where all of a strip is shown at once."""
SINE_CREST_DB: Final = 10.0 * math.log10(2.0)
"""How much a level by AES-17, which reads a sine's peak, is above the RMS of the same."""


SOURCES: Final = {
    "peak_dbfs": "falls as `MeterSettings` say; never below the highest sample since the previous reading",
    "true_peak_dbtp": "the same between samples too (four times the rate, the master's output eight times)",
    "rms_dbfs": "mathematical (a full-scale sine reads -3.01) over 300 ms, unless `MeterSettings` say otherwise",
    "vu_db": "in VU: 0 is a sine of -18 dBFS peak, or what `MeterSettings` say",
    "ppm_1_dbfs": "PPM type I (DIN, Nordic): a steady sine reads its peak; the highest since the previous reading",
    "ppm_2_dbfs": "PPM type II (BBC, EBU)",
    "k_system_dbfs": "99 % of the amplitude in 600 ms: AES-17 (a full-scale sine reads 0), or loudness of both sides",
    "momentary_lufs": "of both sides together: over 400 ms, on a grid of 10 ms",
    "short_term_lufs": "the same over 3 s",
    "integrated_lufs": "the same since it was reset, gated",
}
"""What meters show, in the order in which levels are kept."""
_PLACES: Final = {source: place for place, source in enumerate(SOURCES)}


class Levels(NamedTuple):
    """Levels of all sources in dB: of points, (sources, points, 2); and which point a stage shows, (rows, stages)."""

    points: FloatArray
    shown: npt.NDArray[np.int64]

    def plane(self, source: str) -> FloatArray:
        """Of one source, (points, 2)."""
        plane: FloatArray = self.points[_PLACES[source]]
        return plane

    def of(self, source: str) -> FloatArray:
        """Of one source, (rows, stages, 2)."""
        return self.plane(source).take(self.shown, axis=0)

    def at(self, source: str, row: int, stage: int) -> FloatArray:
        """Of one source at one stage, (2,)."""
        sides: FloatArray = self.plane(source)[self.shown[row, stage]]
        return sides


@dataclass(frozen=True, slots=True)
class Evidence:
    """What has sounded at each stage since something before it changed: what it is judged by.

    Arrays of shape (rows, stages), of the louder side. Averages are of whole blocks of 400 ms, gated at -60 dBFS and at
    10 dB below the mean of what passes that, so silence does not count.
    """

    average_dbfs: FloatArray
    """AES-17: a steady sine reads its peak level."""
    peak_dbfs: FloatArray
    """The highest sample."""
    sounding_s: FloatArray
    """How long it was above -60 dBFS."""

    def without(self, gone: npt.NDArray[np.bool_]) -> Evidence:
        """The same as if at some stages, (rows, stages), nothing had sounded."""
        average, peak = (np.where(gone, np.float32(-np.inf), all_) for all_ in (self.average_dbfs, self.peak_dbfs))
        return Evidence(average, peak, np.where(gone, np.float32(0.0), self.sounding_s))


@dataclass(frozen=True, slots=True)
class LoudnessHistory:
    """The measurement so far, one point every 100 ms: the highest momentary since the last point, and short-term.

    -inf where a window has not been filled yet.
    """

    momentary_lufs: npt.NDArray[np.float32]
    short_term_lufs: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Programme:
    """The loudness of what leaves the master (BS.1770-5, Tech 3341, Tech 3342), since it was reset."""

    integrated_lufs: float
    loudness_range_lu: float | None
    is_range_stable: bool
    max_momentary_lufs: float
    max_short_term_lufs: float
    measured_s: float
    is_paused: bool
    history: LoudnessHistory


@dataclass(frozen=True, slots=True)
class MeterFrame:
    """What all meters read of every strip, stage and side: `Levels`, and arrays of float32, (rows, stages, 2).

    Rows are the strips in the order of the mix, the master, and the monitor (of which there is `AFTER_FADER` alone).
    Silence, and a stage that is not there, is -inf. What is held is the highest since the holds were cleared.
    """

    levels: Levels
    """As they are now, of the sources of `SOURCES`; loudness is the same on both sides."""
    marks: Levels
    """What stays for a while above levels that fall, as `MeterSettings` say."""
    maxima: Levels
    """The highest levels since the holds were cleared; of peaks what the audio thread has found, to the sample."""
    output_true_peak_dbtp: FloatArray
    """Of the master and the monitor, (2,), the louder side: the highest since the previous reading, which does not
    fall."""
    correlation: FloatArray
    """Of both sides, -1 to 1, over about 0.3 s: (rows, stages); 0 where a side is silent."""
    balance_db: FloatArray
    """How much louder the right side is, over about 0.3 s: (rows, stages); 0 where a side is silent."""
    dc_offset: FloatArray
    """The mean of the samples over about 3 s, of full scale."""
    overs: npt.NDArray[np.int64]
    """Samples above full scale since the holds were cleared, both sides: (rows, stages). At the input of a stem whose
    file holds integers: runs of three samples and more at full scale, for such a file cannot go above it."""
    first_over_s: npt.NDArray[np.float64]
    """Where in the song the first of them was, -1 if there is none: the place of the sample of the stems that made it.

    What processors before the stage, and paths that are made to arrive together, delay is taken off. It is exact to the
    frame where that is all that delays; of an echo it is where it was heard. While the song stands, it is where the
    song is. A clip is where its run begins.
    """
    evidence: Evidence
    programme: Programme
    over: npt.NDArray[np.bool_]
    """Whether a sample above full scale has passed since the holds were cleared."""
    reduction_db: FloatArray
    """Gain reduction (0 or negative) of the processors, (rows, insert slots, 2)."""
    unit_vu_db: FloatArray
    """What the processors' own VU meters read, of the same shape, in VU."""
    playing: bool
    position_s: float
    length_s: float
    loop_enabled: bool
    load_percent: float
    """Share of the block's time that the audio callback took, smoothed over about a second."""
    peak_load_percent: float
    """The worst block since the previous reading."""
    xruns: int
    """Blocks the device reported as late, since the device was opened."""
    underruns: int
    """Blocks that waited for the disk, since the mix was loaded."""
    latency_s: float
    """How late the master is, by the processors on the way to it."""

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(self.overs)

    @property
    def peak_dbfs(self) -> FloatArray:
        """Sample peaks."""
        return self.levels.of("peak_dbfs")

    @property
    def hold_dbfs(self) -> FloatArray:
        """The highest samples since the holds were cleared."""
        return self.maxima.of("peak_dbfs")

    @property
    def true_peak_dbtp(self) -> FloatArray:
        """True peaks; never below sample peaks."""
        return self.levels.of("true_peak_dbtp")

    @property
    def true_hold_dbtp(self) -> FloatArray:
        """The highest true peaks since the holds were cleared."""
        return self.maxima.of("true_peak_dbtp")

    @property
    def rms_dbfs(self) -> FloatArray:
        """RMS."""
        return self.levels.of("rms_dbfs")

    @property
    def vu_db(self) -> FloatArray:
        """VU."""
        return self.levels.of("vu_db")

    @property
    def ppm_1_dbfs(self) -> FloatArray:
        """PPM type I."""
        return self.levels.of("ppm_1_dbfs")

    @property
    def ppm_2_dbfs(self) -> FloatArray:
        """PPM type II."""
        return self.levels.of("ppm_2_dbfs")

    @property
    def k_system_dbfs(self) -> FloatArray:
        """The average of the K-System."""
        return self.levels.of("k_system_dbfs")

    @property
    def momentary_lufs(self) -> FloatArray:
        """Momentary loudness, (rows, stages)."""
        return self.levels.of("momentary_lufs")[..., 0]

    @property
    def short_term_lufs(self) -> FloatArray:
        """Short-term loudness, (rows, stages)."""
        return self.levels.of("short_term_lufs")[..., 0]

    @property
    def integrated_lufs(self) -> FloatArray:
        """Integrated loudness, (rows, stages)."""
        return self.levels.of("integrated_lufs")[..., 0]
