"""The reader's side of the meters: from the engine's linear lanes to decibels of strips, once per frame.

The audio thread holds the maxima since the reader last took them; numbered hand-overs make sure that none is lost at
any frame rate, and that none is counted against a reader that came late. Windows (RMS, loudness) are differences
between two of its totals, which it notes every 10 ms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.record import STRIPS_PER_RACK
from engine.meters.frame import AFTER_FADER, STAGES, VU_REFERENCE_DBFS, FloatArray, MeterFrame
from engine.meters.stage import PPM_1_GAIN, PPM_2_GAIN, ROWS
from engine.mix import INSERT_SLOTS

RMS_TICKS = 30
MOMENTARY_TICKS = 40
SHORT_TERM_TICKS = 300
FULL_SCALE = np.float32(1.0)
_LOUDNESS_OFFSET = -0.691
"""BS.1770: a sine of 997 Hz reads its level."""
_AES_17_DB = np.float32(10.0 * np.log10(2.0))
_SHAPE = (len(STAGES), 2)


def _decibels(linear: npt.NDArray[Any], factor: float = 20.0) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return (factor * np.log10(np.maximum(linear, 0.0))).astype(np.float32)


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
        # Everything of every lane has the shape (strips, stages, 2).
        source = self._read_from[rack].astype(np.intp)
        missing = (source < 0) | absent[:, None]
        place = (rack[:, None, None], np.maximum(source, 0)[:, :, None], lanes[:, None, :])

        def read(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
            found = values[place]
            found[missing] = 0.0
            return found

        peaks, true_peaks, ppm_1, ppm_2 = (self._take(kind, read, handed_over) for kind in self._kinds)
        if self._clearing and handed_over:
            self._clearing = False
        peak = np.maximum(read(stages["peak"]), peaks)
        true_peak = np.maximum(np.maximum(read(stages["true_peak"]["peak"]), true_peaks), peak)
        hold = self._kinds[0].hold
        tick_frames = max(float(engine.meters.tick_frames), 1.0)  # Before there is an engine there are none.
        born = read(stages["born"])
        mean_square = self._mean(stages["energy"], place, missing, born, ticks, RMS_TICKS) / tick_frames
        loudness = [
            self._loudness(slots, self._mean(stages["k_energy"], place, missing, born, ticks, window) / tick_frames)
            for window in (MOMENTARY_TICKS, SHORT_TERM_TICKS)
        ]
        units = (rack[:, None, None], np.arange(INSERT_SLOTS)[None, :, None], lanes[:, None, :])
        reduction, unit_vu = self._readings["reduction_db"][units], self._readings["vu"][units]
        reduction[absent] = unit_vu[absent] = 0.0
        peak_load = status["peak_load"]
        if handed_over:
            if self._asked_again:
                peak_load = max(peak_load, status["handed_peak_load"])
            self._ask()
        rate = float(engine.sample_rate_hz)
        return MeterFrame(
            peak_dbfs=_decibels(peak),
            hold_dbfs=_decibels(hold),
            true_peak_dbtp=_decibels(true_peak),
            true_hold_dbtp=_decibels(np.maximum(self._kinds[1].hold, hold)),
            rms_dbfs=_decibels(mean_square, 10.0),
            vu_db=_decibels(read(stages["vu"])) - np.float32(VU_REFERENCE_DBFS),
            ppm_1_dbfs=_decibels(PPM_1_GAIN * ppm_1),
            ppm_2_dbfs=_decibels(PPM_2_GAIN * ppm_2),
            k_system_dbfs=_decibels(read(stages["k_mean"]), 10.0) + _AES_17_DB,
            momentary_lufs=loudness[0],
            short_term_lufs=loudness[1],
            over=hold > FULL_SCALE,
            reduction_db=reduction,
            unit_vu_db=_decibels(unit_vu) - np.float32(VU_REFERENCE_DBFS),
            playing=bool(transport["want_playing"]),
            position_s=transport["position_frames"] / rate,
            length_s=transport["length_frames"] / rate,
            loop_enabled=bool(transport["loop_enabled"]),
            load_percent=100.0 * float(status["load"]),
            peak_load_percent=100.0 * float(peak_load),
            xruns=int(status["xruns"]),
            underruns=int(transport["underruns"]),
            latency_s=int(engine["latency_frames"]) / rate,
        )

    def _take(self, kind: _Held, read: Any, handed_over: bool) -> FloatArray:
        """The highest of a kind since the previous reading; what is held goes on from it."""
        highest: FloatArray = read(kind.now)
        since_handed = highest
        if handed_over and self._asked_again:
            highest = np.maximum(highest, read(kind.handed))
        if not self._clearing:
            kind.hold = np.maximum(kind.hold, highest)
        elif handed_over:
            kind.hold = since_handed
        return highest

    def _mean(
        self,
        totals: npt.NDArray[np.float64],
        place: tuple[npt.NDArray[np.intp], ...],
        missing: npt.NDArray[np.bool_],
        born: npt.NDArray[np.int64],
        ticks: int,
        window: int,
    ) -> npt.NDArray[np.float64]:
        """What each of the last `window` ticks has brought, on average; what a lane has not lived counts as silence."""
        rack, stage, lanes = place
        since = np.maximum(ticks - 1 - window, born - 1)
        now = totals[rack, stage, (ticks - 1) % ROWS, lanes]
        before = totals[rack, stage, since % ROWS, lanes]
        gained: npt.NDArray[np.float64] = np.where(since < ticks - 1, now - np.where(since < 0, 0.0, before), 0.0)
        gained[missing] = 0.0
        return gained / window

    def _loudness(self, slots: tuple[int, ...], mean_square: npt.NDArray[np.float64]) -> FloatArray:
        """Of both sides together. A mono stem lies on both sides until it is panned, and counts once there."""
        power = mean_square.sum(axis=-1)
        mono = self._sides[list(slots)] == 1
        power[mono, :AFTER_FADER] *= 0.5
        return np.float32(_LOUDNESS_OFFSET) + _decibels(power, 10.0)

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
    """What is read before there is an engine: nothing, at the start of the song, for strips and a master."""
    silence = np.full((strips + 1, *_SHAPE), -np.inf, np.float32)
    of_units = np.full((strips + 1, INSERT_SLOTS, 2), -np.inf, np.float32)
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
        momentary_lufs=silence[:, :, 0],
        short_term_lufs=silence[:, :, 0],
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
