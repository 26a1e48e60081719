"""Which drawing an insert has, with its values: what stands still, and where the point is that moves on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sessions.curves import echo_s, response_db, static_db, transfer
from sessions.model import InsertState
from tui.drawing.curves import (
    HIGHEST_HZ,
    BandMark,
    FloatArray,
    Plot,
    decay_drawing,
    echo_drawing,
    response_drawing,
    static_plot,
    transfer_drawing,
)
from tui.drawing.glyphs import GlyphSet
from tui.drawing.sheet import Sheet

_LETTERS: Final = {"high_pass": "/", "low_shelf": "L", "bell_1": "1", "bell_2": "2", "bell_3": "3", "high_shelf": "H",
                   "low_pass": "\\"}  # fmt: skip
_OPERATING: Final = 10.0 ** (-18.0 / 20.0)
_LOWEST_DB, _LOWEST_GATED_DB = -60.0, -96.0
_HELD_OFF_NYQUIST: Final = 0.49


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing; `plot` is where a point moves on it, None where none does."""

    sheet: Sheet
    plot: Plot | None = None


def picture_of(
    insert: InsertState, chosen: str, width: int, height: int, glyphs: GlyphSet, sample_rate_hz: float
) -> Picture | None:
    """The drawing of an insert; `chosen` is the parameter that is being looked at. None if it has none."""
    match insert.kind:
        case "equaliser":
            return Picture(_response(insert, chosen, width, height, glyphs, sample_rate_hz))
        case "compressor" | "bus_compressor" | "gate" | "limiter":
            plot = _static(insert, width, height, glyphs)
            return Picture(plot.sheet, plot)
        case "saturator" | "tape" | "console":
            return Picture(transfer_drawing(width, height, glyphs, lambda x: _known(transfer(insert, x)), _OPERATING))
        case "reverb":
            high = insert.value("high_decay_percent") / 100.0
            times = insert.value("predelay_ms") / 1000.0, insert.value("decay_s")
            return Picture(decay_drawing(width, height, glyphs, *times, high, insert.value("early_db")))
        case "delay":
            ping_pong = insert.spec("mode").choices[int(insert.value("mode"))] == "ping-pong"
            feedback = insert.value("feedback_percent") / 100.0
            return Picture(echo_drawing(width, height, glyphs, echo_s(insert), feedback, ping_pong))
    return None


def _response(
    insert: InsertState, chosen: str, width: int, height: int, glyphs: GlyphSet, sample_rate_hz: float
) -> Sheet:
    highest = min(HIGHEST_HZ, _HELD_OFF_NYQUIST * sample_rate_hz)

    def response(frequencies_hz: FloatArray) -> FloatArray:
        return _known(response_db(insert, np.minimum(frequencies_hz, highest), sample_rate_hz))

    bands = [
        BandMark(
            letter,
            insert.value(f"{band}_hz"),
            0.0 if band.endswith("pass") else insert.value(f"{band}_gain_db"),
            bool(insert.value(band)),
            chosen == band or chosen.startswith(f"{band}_"),
        )
        for band, letter in _LETTERS.items()
    ]
    return response_drawing(width, height, glyphs, response, bands)


def _static(insert: InsertState, width: int, height: int, glyphs: GlyphSet) -> Plot:
    marks = []
    lowest = _LOWEST_DB
    match insert.kind:
        case "limiter":
            marks = [(insert.value("ceiling_dbtp") - insert.value("input_gain_db"), "C")]
        case "bus_compressor":
            marks = [(-18.0 + insert.value("threshold_db"), "T")]
        case _:
            marks = [(insert.value("threshold_db"), "T")]
            if insert.kind == "gate" or marks[0][0] < _LOWEST_DB:
                lowest = _LOWEST_GATED_DB
    return static_plot(width, height, glyphs, lambda levels: _known(static_db(insert, levels)), lowest, marks)


def _known(values: FloatArray | None) -> FloatArray:
    assert values is not None
    return values
