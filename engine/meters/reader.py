"""The reader's side of the meters: from the engine's linear lanes to decibels of strips, once per frame.

The audio thread holds the maximum since the reader last took it; numbered hand-overs make sure that none is lost at any
frame rate, and that none is counted against a reader that came late. Windows (RMS over 300 ms) are summed here from the
energies of 10 ms ticks.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.record import STRIPS_PER_RACK
from engine.meters.frame import STAGES, VU_REFERENCE_DBFS, FloatArray, MeterFrame
from engine.meters.stage import ENERGY_ROWS, TICKS_PER_SECOND
from engine.mix import INSERT_SLOTS

RMS_WINDOW_TICKS = 30
FULL_SCALE = np.float32(1.0)


def _decibels(linear: npt.NDArray[Any], factor: float = 20.0) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return (factor * np.log10(np.maximum(linear, 0.0))).astype(np.float32)


class MeterReader:
    """Reads one engine's meters; there is one reader to an engine, for it takes the maxima."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        # Found once: a field of a record costs Python more to find than to read.
        self._ticks, self._handed, self._wanted = engine.meters.ticks, engine.meters.handed, engine.meters.wanted
        self._stages, self._readings = engine["racks"]["stages"], engine["racks"]["readings"]
        self._places = engine["places"]
        self._status, self._transport = engine.status, engine.transport
        self._asked = int(self._wanted[0])
        self._asked_again = False
        self._clearing = False
        """Holds were cleared: the maxima asked for then, and what was held before they come, are of the past."""
        self._hold = np.zeros((0, len(STAGES), 2), np.float32)
        self._slots: tuple[int, ...] = ()

    def clear_holds(self) -> None:
        """Starts holds and over marks anew from this moment on."""
        self._hold[:] = 0.0
        self._clearing = True
        if int(self._handed[0]) == self._asked:
            self._ask()

    def forget(self, slot: int) -> None:
        """Starts the holds of one slot anew: another strip has it now."""
        self._slots = tuple(-1 if known == slot else known for known in self._slots)

    def read(self, slots: tuple[int, ...]) -> MeterFrame:
        """One reading of the strips in these slots, in this order."""
        engine = self._engine
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
        stages, status, transport = self._stages, self._status, self._transport
        place = (rack[:, None, None], np.arange(len(STAGES))[None, :, None], lanes[:, None, :])
        highest = since_handed = stages["held"][place]
        highest[absent] = 0.0
        if handed_over and self._asked_again:
            highest = np.maximum(highest, stages["handed"][place])
            highest[absent] = 0.0
        peak = np.maximum(stages["peak"][place], highest)
        peak[absent] = 0.0
        rows = (ticks - 1 - np.arange(min(RMS_WINDOW_TICKS, ticks))) % ENERGY_ROWS
        energy = stages["energy"][rack[:, None, None, None], place[1][..., None], rows, lanes[:, None, :, None]]
        window = engine.sample_rate_hz * RMS_WINDOW_TICKS / TICKS_PER_SECOND
        mean_square = energy.sum(axis=-1, dtype=np.float64) / window
        mean_square[absent] = 0.0
        vu = stages["vu"][place]
        vu[absent] = 0.0
        units = (rack[:, None, None], np.arange(INSERT_SLOTS)[None, :, None], lanes[:, None, :])
        reduction, unit_vu = self._readings["reduction_db"][units], self._readings["vu"][units]
        reduction[absent] = unit_vu[absent] = 0.0
        if not self._clearing:
            self._hold = np.maximum(self._hold, highest)
        elif handed_over:
            self._hold = since_handed
            self._clearing = False
        peak_load = status["peak_load"]
        if handed_over:
            if self._asked_again:
                peak_load = max(peak_load, status["handed_peak_load"])
            self._ask()
        rate = float(engine.sample_rate_hz)
        return MeterFrame(
            peak_dbfs=_decibels(peak),
            hold_dbfs=_decibels(self._hold),
            rms_dbfs=_decibels(mean_square, 10.0),
            vu_db=_decibels(vu) - np.float32(VU_REFERENCE_DBFS),
            over=self._hold > FULL_SCALE,
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

    def _ask(self) -> None:
        """Lets the audio thread hand its maxima over; it has done so for the last time this was asked."""
        self._asked += 1
        self._asked_again = True
        self._wanted[0] = self._asked

    def _rearrange(self, slots: tuple[int, ...]) -> None:
        """Keeps the holds of strips that stay when strips come, go or move."""
        hold = np.zeros((len(slots), len(STAGES), 2), np.float32)
        for row, slot in enumerate(slots):
            if slot in self._slots:
                hold[row] = self._hold[self._slots.index(slot)]
        self._hold, self._slots = hold, slots


def silent_frame(strips: int) -> MeterFrame:
    """What is read before there is an engine: nothing, at the start of the song, for strips and a master."""
    silence = np.full((strips + 1, len(STAGES), 2), -np.inf, np.float32)
    of_units = np.full((strips + 1, INSERT_SLOTS, 2), -np.inf, np.float32)
    return MeterFrame(
        peak_dbfs=silence,
        hold_dbfs=silence,
        rms_dbfs=silence,
        vu_db=silence,
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
