"""The reader's side of the meters: from the engine's linear lanes to decibels of strips, once per frame.

The audio thread holds the maxima since the reader last took them; numbered hand-overs make sure that none is lost at
any frame rate, and that none is counted against a reader that came late. Windows (RMS, loudness) are differences
between two of its totals, which it notes every 10 ms.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.record import STRIPS_PER_RACK
from engine.meters.frame import AFTER_FADER, STAGES, Evidence, FloatArray, LoudnessHistory, MeterFrame, Programme
from engine.meters.k_weighting import LOUDNESS_OFFSET_DB
from engine.meters.loudness import UNDEFINED_LUFS
from engine.meters.stage import PPM_1_GAIN, PPM_2_GAIN, ROWS
from engine.mix import INSERT_SLOTS, VU_REFERENCE_DBFS

RMS_TICKS = 30
MOMENTARY_TICKS = 40
SHORT_TERM_TICKS = 300
_AES_17_DB = 10.0 * math.log10(2.0)
_OFFSETS_DB = np.array(
    [0.0, 0.0, 0.0, 0.0, -VU_REFERENCE_DBFS, 0.0, 0.0, 0.0, _AES_17_DB, LOUDNESS_OFFSET_DB, LOUDNESS_OFFSET_DB],
    np.float32,
)[:, None, None, None]
"""What is added to each kind of level, in the order in which they are read."""
_SHAPE = (len(STAGES), 2)


def _decibels(linear: npt.NDArray[Any], factor: float = 20.0) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return (factor * np.log10(np.maximum(linear, 0.0))).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the lanes of strips lie."""

    racks: npt.NDArray[np.intp]
    stages: npt.NDArray[np.intp]
    lanes: npt.NDArray[np.intp]

    def of(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """What is there, (strips, stages, 2)."""
        found: npt.NDArray[Any] = values[self.racks, self.stages, self.lanes]
        return found


def _mean(
    place: _Place, totals: npt.NDArray[np.float64], born: npt.NDArray[np.int64], ticks: int, window: int
) -> npt.NDArray[np.float64]:
    """What each of the last `window` ticks has brought, on average; what a lane has not lived counts as silence."""
    since = np.maximum(ticks - 1 - window, born - 1)
    now = totals[place.racks, place.stages, (ticks - 1) % ROWS, place.lanes]
    before = totals[place.racks, place.stages, since % ROWS, place.lanes]
    gained = np.where(since < ticks - 1, now - np.where(since < 0, 0.0, before), 0.0)
    return np.asarray(gained / window, np.float64)


def _spread(levels: FloatArray, source: npt.NDArray[np.intp], measured: npt.NDArray[np.intp]) -> FloatArray:
    """Levels of (kinds, strips, measured stages, sides) for all stages; one that is none reads as the one before."""
    missing = source < 0
    if not len(measured):
        return np.full((len(levels), *missing.shape, 2), -np.inf, np.float32)
    at = np.searchsorted(measured, np.maximum(source, 0))
    spread: FloatArray = levels[:, np.arange(len(source))[:, None], at]
    spread[:, missing] = -np.inf
    return spread


def _with_row(values: FloatArray, axis: int, value: float) -> FloatArray:
    """With a row more, of one value."""
    shape = list(values.shape)
    shape[axis] = 1
    return np.concatenate([values, np.full(shape, value, values.dtype)], axis=axis)


@dataclass(slots=True)
class _Held:
    """One kind of maximum: where the audio thread keeps it and hands it over, and what is held since the clearing."""

    now: Any
    handed: Any
    hold: FloatArray


class MeterReader:
    """Reads one engine's meters; there is one reader to an engine, for it takes the maxima."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        # Found once: a field of a record costs Python more to find than to read.
        self._ticks, self._handed, self._wanted = engine.meters.ticks, engine.meters.handed, engine.meters.wanted
        self._stages, self._readings = engine["racks"]["stages"], engine["racks"]["readings"]
        self._read_from = engine["racks"]["read_from"]
        self._places, self._sides = engine["places"], engine["sides"]
        self._status, self._transport = engine.status, engine.transport
        self._asked = int(self._wanted[0])
        self._asked_again = False
        self._clearing = False
        """Holds were cleared: the maxima asked for then, and what was held before they come, are of the past."""
        stages = self._stages
        kinds = (
            (stages["held"], stages["handed"]),
            (stages["true_peak"]["held"], stages["true_peak"]["handed"]),
            (stages["ppm_1_held"], stages["ppm_1_handed"]),
            (stages["ppm_2_held"], stages["ppm_2_handed"]),
        )
        self._kinds = tuple(_Held(now, handed, np.zeros((0, *_SHAPE), np.float32)) for now, handed in kinds)
        self._slots: tuple[int, ...] = ()

    def clear_holds(self) -> None:
        """Starts holds and over marks anew from this moment on."""
        for kind in self._kinds:
            kind.hold[:] = 0.0
        self._clearing = True
        if int(self._handed[0]) == self._asked:
            self._ask()

    def forget(self, slot: int) -> None:
        """Starts the holds of one slot anew: another strip has it now."""
        self._slots = tuple(-1 if known == slot else known for known in self._slots)

    def read(self, slots: tuple[int, ...]) -> MeterFrame:
        """One reading of the strips in these slots, in this order."""
        engine, status, transport, stages = self._engine, self._status, self._transport, self._stages
        if slots != self._slots:
            self._rearrange(slots)
        ticks = int(self._ticks[0])
        handed_over = int(self._handed[0]) == self._asked
        index = self._places[list(slots)].astype(np.intp)
        absent = index < 0  # not connected yet
        index[absent] = 0
        rack = index // STRIPS_PER_RACK
        lanes = (index % STRIPS_PER_RACK)[:, None] + np.array([0, STRIPS_PER_RACK])
        # Only stages that are measured are looked at; every array has the shape (strips, such stages, 2).
        source = self._read_from[rack].astype(np.intp)
        source[absent] = -1
        measured = np.unique(source)
        measured = measured[measured >= 0]
        place = _Place(rack[:, None, None], measured[None, :, None], lanes[:, None, :])
        peaks, true_peaks, ppm_1, ppm_2 = (self._take(kind, place, handed_over) for kind in self._kinds)
        if self._clearing and handed_over:
            self._clearing = False
        peak = np.maximum(place.of(stages["peak"]), peaks)
        true_peak = np.maximum(np.maximum(place.of(stages["true_peak"]["peak"]), true_peaks), peak)
        hold = self._kinds[0].hold[:, measured]
        true_hold = np.maximum(self._kinds[1].hold[:, measured], hold)
        # Before there is an engine there are none.
        tick_frames = max(float(engine.meters.tick_frames), 1.0)
        born = place.of(stages["born"])
        halves = np.where((self._sides[list(slots)] == 1)[:, None] & (measured < AFTER_FADER), 0.5, 1.0)[:, :, None]
        powers = [_mean(place, stages["energy"], born, ticks, RMS_TICKS) / tick_frames, place.of(stages["k_mean"])]
        for window in (MOMENTARY_TICKS, SHORT_TERM_TICKS):
            # A mono stem lies on both sides until it is panned, and counts once there.
            sides = _mean(place, stages["k_energy"], born, ticks, window) / tick_frames
            powers.append(np.broadcast_to(halves * sides.sum(axis=-1, keepdims=True), sides.shape))
        vu = place.of(stages["vu"])
        amplitudes = np.stack([peak, hold, true_peak, true_hold, vu, PPM_1_GAIN * ppm_1, PPM_2_GAIN * ppm_2])
        levels = np.concatenate([_decibels(amplitudes), _decibels(np.stack(powers), 10.0)]) + _OFFSETS_DB
        shown = _with_row(_spread(levels, source, measured), 1, -np.inf)
        units = (rack[:, None, None], np.arange(INSERT_SLOTS)[None, :, None], lanes[:, None, :])
        reduction, unit_vu = self._readings["reduction_db"][units], self._readings["vu"][units]
        reduction[absent] = unit_vu[absent] = 0.0
        reduction, unit_vu = _with_row(reduction, 0, 0.0), _with_row(unit_vu, 0, 0.0)
        peak_load = status["peak_load"]
        if handed_over:
            if self._asked_again:
                peak_load = max(peak_load, status["handed_peak_load"])
            self._ask()
        rate = float(engine.sample_rate_hz)
        silent = silent_frame(len(slots) - 1)
        return MeterFrame(
            peak_dbfs=shown[0],
            hold_dbfs=shown[1],
            true_peak_dbtp=shown[2],
            true_hold_dbtp=shown[3],
            vu_db=shown[4],
            ppm_1_dbfs=shown[5],
            ppm_2_dbfs=shown[6],
            rms_dbfs=shown[7],
            k_system_dbfs=shown[8],
            momentary_lufs=shown[9, :, :, 0],
            short_term_lufs=shown[10, :, :, 0],
            integrated_lufs=silent.integrated_lufs,
            correlation=silent.correlation,
            balance_db=silent.balance_db,
            dc_offset=silent.dc_offset,
            overs=silent.overs,
            first_over_s=silent.first_over_s,
            evidence=silent.evidence,
            programme=silent.programme,
            over=shown[1] > 0.0,
            reduction_db=reduction,
            unit_vu_db=_decibels(unit_vu) - np.float32(VU_REFERENCE_DBFS),
            playing=bool(transport["want_playing"]),
            # Where the song has just become shorter, it is left in the next moment.
            position_s=min(transport["position_frames"], transport["length_frames"]) / rate,
            length_s=transport["length_frames"] / rate,
            loop_enabled=bool(transport["loop_enabled"]),
            load_percent=100.0 * float(status["load"]),
            peak_load_percent=100.0 * float(peak_load),
            xruns=int(status["xruns"]),
            underruns=int(transport["underruns"]),
            latency_s=int(engine["latency_frames"]) / rate,
        )

    def _take(self, kind: _Held, place: _Place, handed_over: bool) -> FloatArray:
        """The highest of a kind since the previous reading; what is held goes on from it."""
        highest: FloatArray = place.of(kind.now)
        since_handed = highest
        if handed_over and self._asked_again:
            highest = np.maximum(highest, place.of(kind.handed))
        measured = place.stages[0, :, 0]
        if not self._clearing:
            kind.hold[:, measured] = np.maximum(kind.hold[:, measured], highest)
        elif handed_over:
            kind.hold[:, measured] = since_handed
        return highest

    def _ask(self) -> None:
        """Lets the audio thread hand its maxima over; it has done so for the last time this was asked."""
        self._asked += 1
        self._asked_again = True
        self._wanted[0] = self._asked

    def _rearrange(self, slots: tuple[int, ...]) -> None:
        """Keeps the holds of strips that stay when strips come, go or move."""
        for kind in self._kinds:
            hold = np.zeros((len(slots), *_SHAPE), np.float32)
            for row, slot in enumerate(slots):
                if slot in self._slots:
                    hold[row] = kind.hold[self._slots.index(slot)]
            kind.hold = hold
        self._slots = slots


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
