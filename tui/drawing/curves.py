"""What processors do, as drawings with numbers on their axes: response, static curve, transfer, decay and echoes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tui.drawing.glyphs import GlyphSet
from tui.drawing.numbers import mark_text
from tui.drawing.sheet import Pen, Sheet, row_of, samples_per_cell, trace

FloatArray = npt.NDArray[np.float64]
Curve = Callable[[FloatArray], FloatArray]

LOWEST_HZ: Final = 20.0
HIGHEST_HZ: Final = 20000.0
_SPANS_DB: Final = (6.0, 12.0, 24.0)
_FREQUENCY_TICKS: Final = ((100.0, "100"), (1000.0, "1k"), (10000.0, "10k"), (20.0, "20"), (500.0, "500"),
                           (5000.0, "5k"), (200.0, "200"), (2000.0, "2k"), (50.0, "50"), (20000.0, "20k"))  # fmt: skip
_GAIN_SPANS_DB: Final = (6.0, 12.0, 24.0, 48.0, 96.0)
_LEVEL_STEP_DB: Final = 12.0
_LABEL_CELLS: Final = 4
_GRID: Final = {"full": "·", "linux": "·", "ascii": "."}
_POINT: Final = {"full": "●", "linux": "o", "ascii": "O"}


@dataclass(frozen=True, slots=True)
class BandMark:
    """A band of an equaliser on its drawing: its letter, frequency and gain (0 for what only cuts off), on, chosen."""

    letter: str
    frequency_hz: float
    gain_db: float
    on: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """The part of a sheet in which curves are drawn, and the ranges of its axes."""

    sheet: Sheet
    glyphs: GlyphSet
    low_x: float
    high_x: float
    low_y: float
    high_y: float

    @property
    def columns(self) -> int:
        """Its width."""
        return max(self.sheet.width - _LABEL_CELLS, 1)

    @property
    def rows(self) -> int:
        """Its height; the last row of the sheet is for numbers."""
        return max(self.sheet.height - 1, 1)

    def places(self) -> FloatArray:
        """The x of each height of a line."""
        count = self.columns * samples_per_cell(self.glyphs)
        return self.low_x + (np.arange(count) + 0.5) / count * (self.high_x - self.low_x)

    def column(self, x: float) -> int:
        """The column of the sheet at an x."""
        share = (x - self.low_x) / (self.high_x - self.low_x)
        return _LABEL_CELLS + min(max(int(share * self.columns), 0), self.columns - 1)

    def row(self, y: float) -> int:
        """The row of the sheet at a y."""
        share = (y - self.low_y) / (self.high_y - self.low_y)
        return row_of(share, self.rows, self.glyphs)

    def line(self, values: npt.ArrayLike, pen: Pen) -> None:
        """A line through the y at each of the `places`."""
        heights = (np.asarray(values, np.float64) - self.low_y) / (self.high_y - self.low_y)
        self.sheet.line(_LABEL_CELLS, 0, trace(heights, self.columns, self.rows, self.glyphs), pen)

    def level_axis(self, ticks: Sequence[float], text: Callable[[float], str] = mark_text) -> None:
        """Numbers on the left, with a row of dots each; the first ones first, each on a row of its own."""
        taken: set[int] = set()
        for tick in ticks:
            row = self.row(tick)
            if row in taken or not self.low_y <= tick <= self.high_y:
                continue
            taken.update((row - 1, row, row + 1) if self.rows > 10 else (row,))
            self.sheet.text(0, row, f"{text(tick):>{_LABEL_CELLS - 1}}", Pen.AXIS)
            self.sheet.text(_LABEL_CELLS, row, _GRID[self.glyphs.name] * self.columns, Pen.GRID)

    def bottom_axis(self, ticks: Sequence[tuple[float, str]], *, grid: bool = True, chosen: str = "") -> None:
        """Numbers below, with a column of dots each; those that would touch another one are left out.

        The `chosen` one stands out.
        """
        taken: set[int] = set()
        y = self.sheet.height - 1
        for at, label in ticks:
            if not self.low_x <= at <= self.high_x:
                continue
            column = self.column(at)
            first = min(max(column - len(label) // 2, _LABEL_CELLS), self.sheet.width - len(label))
            if taken.intersection(range(first - 1, first + len(label) + 1)):
                continue
            taken.update(range(first, first + len(label)))
            self.sheet.text(first, y, label, Pen.MARK if label == chosen else Pen.AXIS)
            for row in range(self.rows if grid else 0):
                self.sheet.text(column, row, _GRID[self.glyphs.name], Pen.GRID)

    def point(self, x: float, y: float) -> None:
        """The point at which it is now."""
        if math.isfinite(x) and math.isfinite(y) and x >= self.low_x:
            self.sheet.text(self.column(x), self.row(y), _POINT[self.glyphs.name], Pen.POINT)


def response_span_db(levels_db: FloatArray, bands: Sequence[BandMark]) -> float:
    """Half the height of a response's scale: all boosts and bands fit in; what is cut off needs no room."""
    most = max([float(np.max(levels_db)), *(abs(band.gain_db) for band in bands if band.on)])
    return next((span for span in _SPANS_DB if most <= span), _SPANS_DB[-1])


def response_drawing(width: int, height: int, glyphs: GlyphSet, response: Curve, bands: Sequence[BandMark]) -> Sheet:
    """An equaliser's response in dB (a function of frequencies in Hz) from 20 Hz to 20 kHz, with its bands."""
    sheet = Sheet(width, height)
    low, high = math.log10(LOWEST_HZ), math.log10(HIGHEST_HZ)
    levels = response(10.0 ** Plot(sheet, glyphs, low, high, -1.0, 1.0).places())
    span = response_span_db(levels, bands)
    plot = Plot(sheet, glyphs, low, high, -span, span)
    plot.bottom_axis([(math.log10(hertz), label) for hertz, label in _FREQUENCY_TICKS])
    plot.level_axis((0.0, span, -span, span / 2.0, -span / 2.0))
    plot.line(levels, Pen.CURVE)
    for band in sorted(bands, key=lambda band: (band.chosen, band.on)):
        if not band.on and not band.chosen:
            continue
        at = min(max(band.frequency_hz, LOWEST_HZ), HIGHEST_HZ)
        level = float(response(np.array([at]))[0])
        pen = Pen.CHOSEN if band.chosen else Pen.MARK
        sheet.text(plot.column(math.log10(at)), plot.row(level), band.letter, pen)
    return sheet


def static_plot(
    width: int, height: int, glyphs: GlyphSet, curve: Curve, lowest_db: float, marks: Sequence[tuple[float, str]] = ()
) -> Plot:
    """A static curve: output level over input level in dBFS, up to 0 in and as far up as the curve goes.

    `marks` are input levels with the letter that is written at the foot of their column.
    """
    sheet = Sheet(width, height)
    top = float(np.max(curve(np.array([0.0, lowest_db / 2.0]))))
    highest = next((level for level in (0.0, 6.0, 12.0, 24.0) if top <= level), 36.0)
    plot = Plot(sheet, glyphs, lowest_db, 0.0, lowest_db, highest)
    ticks = [-_LEVEL_STEP_DB * step for step in range(int(-lowest_db / _LEVEL_STEP_DB) + 1)]
    order = (*((highest,) if highest else ()), 0.0, *(tick for tick in ticks[2::2]), *(tick for tick in ticks[1::2]))
    plot.bottom_axis([(tick, mark_text(tick)) for tick in order], grid=False)
    plot.level_axis(order)
    places = plot.places()
    plot.line(places, Pen.GRID)
    for level, letter in marks:
        if lowest_db <= level <= 0.0:
            for row in range(plot.rows):
                sheet.text(plot.column(level), row, glyphs.track, Pen.AXIS)
            sheet.text(plot.column(level), plot.rows - 1, letter, Pen.MARK)
    plot.line(curve(places), Pen.CURVE)
    return plot


def transfer_drawing(width: int, height: int, glyphs: GlyphSet, curve: Curve, operating: float) -> Sheet:
    """What becomes of samples from -1 to +1 (full scale); `operating` is the peak of the operating level."""
    sheet = Sheet(width, height)
    places = Plot(sheet, glyphs, -1.0, 1.0, -1.0, 1.0).places()
    bent = curve(places)
    most = float(np.max(np.abs(bent)))
    span = next((span for span in (0.1, 0.25, 0.5, 1.0, 2.0, 4.0) if most <= span), 8.0)
    plot = Plot(sheet, glyphs, -1.0, 1.0, -span, span)
    plot.level_axis((0.0, span, -span), lambda value: f"{value:.2g}".replace("0.", "."))
    ticks = ((0.0, "0"), (operating, "0VU"), (-operating, "0VU"), (1.0, "1"), (-1.0, "-1"), (0.5, ".5"), (-0.5, "-.5"))
    plot.bottom_axis(ticks)
    plot.line(np.where(np.abs(places) <= span, places, np.nan), Pen.GRID)
    plot.line(bent, Pen.CURVE)
    return sheet


def gain_drawing(width: int, height: int, glyphs: GlyphSet, gains: Sequence[tuple[str, float]], chosen: str) -> Sheet:
    """The gain set so far along a path, in dB: a step for each of its elements (label, sum behind it)."""
    sheet = Sheet(width, height)
    known = [gain for _, gain in gains if math.isfinite(gain)]
    low, high = (_gain_span_db(sign * most(known)) for sign, most in ((-1.0, min), (1.0, max)))
    plot = Plot(sheet, glyphs, 0.0, float(len(gains)), -low, high)
    plot.level_axis((0.0, high, -low, high / 2.0, -low / 2.0))
    at = next((place + 0.5 for place, (label, _) in enumerate(gains) if label == chosen), None)
    if at is not None:
        for row in range(plot.rows):
            sheet.text(plot.column(at), row, glyphs.track, Pen.AXIS)
    order = sorted(enumerate(gains), key=lambda place: (place[1][0] != chosen, place[1][0].isdigit()))
    plot.bottom_axis([(place + 0.5, label) for place, (label, _) in order], grid=False, chosen=chosen)
    steps = np.array([gain for _, gain in gains])[plot.places().astype(int)]
    plot.line(np.where(np.isfinite(steps), steps, np.nan), Pen.CURVE)
    sheet.text(_LABEL_CELLS + 1, 0, "gain set so far, dB"[: max(width - _LABEL_CELLS - 1, 0)], Pen.AXIS)
    return sheet


def _gain_span_db(most_db: float) -> float:
    return next((span for span in _GAIN_SPANS_DB if most_db < span), _GAIN_SPANS_DB[-1])


def decay_drawing(
    width: int, height: int, glyphs: GlyphSet, predelay_s: float, decay_s: float, high_share: float, early_db: float
) -> Sheet:
    """A reverb's fall by 60 dB after the pre-delay: at 1 kHz, at 8 kHz (a second line), and the early reflections."""
    sheet = Sheet(width, height)
    end = _rounded_up(predelay_s + decay_s)
    plot = Plot(sheet, glyphs, 0.0, end, -60.0, 0.0)
    plot.level_axis((0.0, -60.0, -30.0, -12.0, -48.0))
    plot.bottom_axis(_time_ticks(end))
    after = plot.places() - predelay_s
    for pen, fall_s in ((Pen.SECOND, decay_s * high_share), (Pen.CURVE, decay_s)):
        levels = np.where(after >= 0.0, -60.0 * after / fall_s, np.nan)
        plot.line(np.where(levels >= -60.0, levels, np.nan), pen)
    if early_db > -60.0:
        for row in range(plot.row(min(early_db, 0.0)), plot.rows):
            sheet.text(plot.column(predelay_s), row, glyphs.track, Pen.MARK)
        sheet.text(plot.column(predelay_s), plot.row(min(early_db, 0.0)), "e", Pen.MARK)
    return sheet


def echo_drawing(width: int, height: int, glyphs: GlyphSet, echo_s: float, feedback: float, ping_pong: bool) -> Sheet:
    """The echoes of a delay: a column each, as high as its level; ping-pong tells which side each is heard on."""
    sheet = Sheet(width, height)
    last = math.log(0.03) / math.log(feedback) if 0.0 < feedback < 1.0 else 1.0
    end = _rounded_up(echo_s * (min(max(math.ceil(last), 1), 12) + 1))
    plot = Plot(sheet, glyphs, 0.0, end, -36.0, 0.0)
    plot.level_axis((0.0, -36.0, -18.0, -6.0))
    plot.bottom_axis(_time_ticks(end), grid=False)
    echo, level_db = 1, 0.0
    while echo * echo_s <= end and level_db >= -36.0:
        top, column = plot.row(level_db), plot.column(echo * echo_s)
        for row in range(top, plot.rows):
            sheet.text(column, row, glyphs.meter, Pen.CURVE)
        if ping_pong:
            sheet.text(column, top, "LR"[(echo - 1) % 2], Pen.MARK)
        if feedback <= 0.0:
            break
        echo, level_db = echo + 1, level_db + 20.0 * math.log10(feedback)
    return sheet


def _rounded_up(seconds: float) -> float:
    """A short number of seconds that is at least as long."""
    scale = 10.0 ** math.floor(math.log10(max(seconds, 1e-3)))
    return next(step * scale for step in (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0) if seconds <= step * scale)


def _time_ticks(end_s: float) -> list[tuple[float, str]]:
    def text(seconds: float) -> str:
        return f"{seconds * 1000.0:.0f}ms" if seconds < 0.9995 else f"{seconds:.2g}s"

    return [(0.0, "0"), (end_s, text(end_s)), *((end_s * part, text(end_s * part)) for part in (0.5, 0.25, 0.75))]
