"""Equaliser: high-pass, low shelf, three bells, high shelf and low-pass in series, each of which can be switched.

Every band is one state-variable filter per lane (`engine.dsp.svf`), a high- or low-pass two: 12 dB per octave is a
Butterworth filter of second order, 24 dB one of fourth (sections of Q = 0.5412 and 1.3066). All are designed after
the analogue filters (`engine.dsp.filter_design`, which says how closely; metering.md section 8), so nothing cramps near
half the sample rate. The level at a high- or low-pass's frequency is -3.01 dB, at a bell's its gain, at a shelf's half
its gain. Coefficients glide, which no setting can make ring up. Linear, no latency; frequencies are held at 0.49 fs.

A band that is off copies bits; a filter that no lane uses is not run at all (`engine.dsp.switched_filter`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.jit import exact_kernel, kernel
from engine.core.params import ParamSpec, choice, frequency, switch
from engine.core.record import STRIPS_PER_RACK
from engine.core.unit import Processor, unit_entry, unit_layout
from engine.dsp.filter_design import Biquad, bell, high_pass, high_shelf, low_pass, low_shelf
from engine.dsp.svf import reset_svf
from engine.dsp.switched_filter import SWITCHED_FILTER, run_filter, send_filter, settle_filter

_SLOPES = ("12 dB/oct", "24 dB/oct")


def _cut(identity: str, label: str, frequency_hz: float) -> tuple[ParamSpec, ...]:
    return (
        switch(identity, label),
        frequency(f"{identity}_hz", f"{label} frequency", 20.0, 20000.0, frequency_hz),
        choice(f"{identity}_slope", f"{label} slope", _SLOPES, _SLOPES[0]),
    )


def _band(identity: str, label: str, frequency_hz: float, q: tuple[float, float, float]) -> tuple[ParamSpec, ...]:
    lowest, highest, default = q
    return (
        switch(identity, label),
        frequency(f"{identity}_hz", f"{label} frequency", 20.0, 20000.0, frequency_hz),
        ParamSpec(f"{identity}_gain_db", f"{label} gain", "dB", -24.0, 24.0, 0.0, 0.5, 0.1, 3.0),
        ParamSpec(f"{identity}_q", f"{label} Q", "", lowest, highest, default, 10.0, 1.0, 50.0, taper="log"),
    )


_BELL_Q = (0.1, 20.0, 1.0)
_SHELF_Q = (0.3, 1.5, round(math.sqrt(0.5), 4))
"""From almost a slope to a shelf that overshoots; Butterworth's between them."""

_HIGH_PASS = _cut("high_pass", "High-pass", 80.0)
_LOW_SHELF = _band("low_shelf", "Low shelf", 100.0, _SHELF_Q)
_BELL_1 = _band("bell_1", "Bell 1", 250.0, _BELL_Q)
_BELL_2 = _band("bell_2", "Bell 2", 1000.0, _BELL_Q)
_BELL_3 = _band("bell_3", "Bell 3", 4000.0, _BELL_Q)
_HIGH_SHELF = _band("high_shelf", "High shelf", 10000.0, _SHELF_Q)
_LOW_PASS = _cut("low_pass", "Low-pass", 18000.0)

PARAMS = (*_HIGH_PASS, *_LOW_SHELF, *_BELL_1, *_BELL_2, *_BELL_3, *_HIGH_SHELF, *_LOW_PASS)

_SECTIONS = 9
"""Filters in series: two of the high-pass, low shelf, three bells, high shelf, two of the low-pass."""
_LOW_SHELF_AT, _HIGH_SHELF_AT = 2, 6

_FIRST_PARAM = (0, 0, 3, 7, 11, 15, 19, 23, 23)
_END_PARAM = (3, 3, 7, 11, 15, 19, 23, 26, 26)
"""The parameters of each filter: switch, frequency, and slope or gain and Q."""

_Q_OF_2ND_ORDER = math.sqrt(0.5)
_Q_OF_4TH_ORDER = (1.0 / (2.0 * math.cos(math.pi / 8.0)), 1.0 / (2.0 * math.cos(3.0 * math.pi / 8.0)))
"""Butterworth: 1 / (2 cos) of the poles' angles."""

UNIT = unit_layout(
    ("sections", SWITCHED_FILTER, (_SECTIONS,)),
    ("known", np.float32, (STRIPS_PER_RACK, len(PARAMS))),
)
"""`known` are the parameters each column is at, or on its way to."""


@kernel
def _process(unit: Any, block: Any, frames: int) -> None:
    for index in range(_SECTIONS):
        run_filter(unit.sections[index], block, frames)


@exact_kernel
def _is_on(index: int, params: Any) -> bool:
    """Audio thread. Whether a filter is switched on; the second of a high- or low-pass with the steeper slope only."""
    first = _FIRST_PARAM[index]
    is_second = index == 1 or index == _SECTIONS - 1
    return params[first] != 0.0 and (not is_second or params[first + 2] != 0.0)


@exact_kernel
def _design(index: int, params: Any, sample_rate_hz: float) -> Biquad:
    """Audio thread. What a filter is, whether it is on or off."""
    first = _FIRST_PARAM[index]
    frequency_hz = float(params[first + 1])
    if index < _LOW_SHELF_AT or index > _HIGH_SHELF_AT:
        order = index % 2 if index < _LOW_SHELF_AT else 1 - index % 2
        q = _Q_OF_2ND_ORDER if params[first + 2] == 0.0 else _Q_OF_4TH_ORDER[order]
        if index < _LOW_SHELF_AT:
            return high_pass(frequency_hz, q, sample_rate_hz)
        return low_pass(frequency_hz, q, sample_rate_hz)
    gain_db = float(params[first + 2])
    q = float(params[first + 3])
    if index == _LOW_SHELF_AT:
        return low_shelf(frequency_hz, gain_db, q, sample_rate_hz)
    if index == _HIGH_SHELF_AT:
        return high_shelf(frequency_hz, gain_db, q, sample_rate_hz)
    return bell(frequency_hz, gain_db, q, sample_rate_hz)


@exact_kernel
def _derive(unit: Any, params: Any, column: int, jump: bool) -> None:
    rate = unit.header.sample_rate_hz
    known = unit.known[column]
    for index in range(_SECTIONS):
        changed = jump
        for place in range(_FIRST_PARAM[index], _END_PARAM[index]):
            changed = changed or params[place] != known[place]
        if changed:
            biquad = _design(index, params, rate)
            is_on = _is_on(index, params)
            for side in range(2):
                lane = column + side * STRIPS_PER_RACK
                send_filter(unit.sections[index], lane, is_on, biquad, rate, jump)
    for place in range(known.shape[0]):
        known[place] = params[place]


@kernel
def _settle(unit: Any) -> None:
    for index in range(_SECTIONS):
        settle_filter(unit.sections[index])


@kernel
def _reset(unit: Any, column: int) -> None:
    for index in range(_SECTIONS):
        for side in range(2):
            reset_svf(unit.sections[index].state, column + side * STRIPS_PER_RACK)


entry = unit_entry(UNIT, _process, _derive, _settle, _reset)


def response_db(
    params: Sequence[float], frequencies_hz: npt.ArrayLike, sample_rate_hz: float
) -> npt.NDArray[np.float64]:
    """The level at frequencies (below half the sample rate) with parameters in the order of `PARAMS`."""
    given = np.array(params, np.float32)
    turned = np.exp(-2j * np.pi * np.asarray(frequencies_hz, np.float64) / sample_rate_hz)
    level_db = np.zeros(turned.shape)
    for index in range(_SECTIONS):
        if _is_on(index, given):
            b0, b1, b2, a1, a2 = _design(index, given, float(sample_rate_hz))
            response = (b0 + (b1 + b2 * turned) * turned) / (1.0 + (a1 + a2 * turned) * turned)
            level_db += 20.0 * np.log10(np.maximum(np.abs(response), 1e-20))
    return level_db


PROCESSOR = Processor("equaliser", "Equaliser", PARAMS, UNIT, entry)
