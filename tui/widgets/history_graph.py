"""The loudness of the master against time, and as bars beside it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tui.drawing.glyphs import GlyphSet
from tui.drawing.history import BARS_CELLS, FloatArray, bars_drawing, history_drawing
from tui.drawing.loudness_scale import LoudnessScale
from tui.drawing.numbers import time_text
from tui.styles import Look
from tui.surface import Canvas, Surface
from tui.widgets.pens import draw_sheet, is_textured
from tui.widgets.spans import Span, draw_spans, fit
from tui.widgets.surface_widget import SurfaceWidget

_NONE: FloatArray = np.zeros(0, np.float32)


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """What the picture is of: its scale, how much of the past it shows, how long was measured."""

    scale: LoudnessScale = field(default_factory=LoudnessScale)
    target_name: str = ""
    span_s: float | None = None
    measured_s: int = 0
    is_paused: bool = False


class HistoryGraph(SurfaceWidget):
    """A line of words, then the history and the bars."""

    def __init__(self, surface: Surface, glyphs: GlyphSet) -> None:
        super().__init__(surface, id="history")
        self._glyphs = glyphs
        self._facts = GraphFacts()
        self._history: tuple[FloatArray, FloatArray] = (_NONE, _NONE)
        self._bars = (-np.inf, -np.inf, -np.inf)

    def show(self, facts: GraphFacts, momentary_lufs: FloatArray, short_term_lufs: FloatArray) -> None:
        """Show another history, or the same in another way."""
        grown = len(short_term_lufs) != len(self._history[1])
        if facts != self._facts or grown:
            self._facts, self._history = facts, (momentary_lufs, short_term_lufs)
            self.changed()

    def show_bars(self, momentary_lufs: float, short_term_lufs: float, integrated_lufs: float) -> None:
        """Show the loudness now."""
        now = (momentary_lufs, short_term_lufs, integrated_lufs)
        if now != self._bars:
            self._bars = now
            canvas = self.canvas()
            if canvas is not None and not self.is_too_small:
                self._draw_bars(canvas)

    def draw(self, canvas: Canvas) -> None:
        """Draw everything."""
        styles = self.surface.styles
        canvas.fill(styles.id("text", "desk"))
        if self.is_too_small:
            return
        self._draw_caption(canvas)
        sheet = history_drawing(
            canvas.width - BARS_CELLS, canvas.height - 1, self._glyphs, self._facts.scale, *self._history,
            self._facts.span_s, is_textured(styles, self._glyphs),
        )  # fmt: skip
        draw_sheet(canvas, 0, 1, sheet, styles, "desk")
        self._draw_bars(canvas)

    def _draw_bars(self, canvas: Canvas) -> None:
        styles = self.surface.styles
        textured = is_textured(styles, self._glyphs)
        sheet = bars_drawing(canvas.height - 1, self._glyphs, self._facts.scale, *self._bars, textured)
        draw_sheet(canvas, canvas.width - BARS_CELLS, 1, sheet, styles, "desk")

    def _draw_caption(self, canvas: Canvas) -> None:
        facts, style = self._facts, self.surface.styles.id
        scale, dim, bright = facts.scale, style("dim", "panel"), style("bright", "panel", Look.BOLD)
        canvas.text(0, 0, " " * canvas.width, dim)
        past = "all of it" if facts.span_s is None else f"last {facts.span_s / 60.0:.0f} min"
        paused = [Span(" PAUSED ", style("on_light", "warning", Look.BOLD))] if facts.is_paused else []
        spans = [
            *paused,
            Span(f" {scale.name} {scale.unit} ", bright),
            Span(f" target {scale.target_lufs:.0f}", style("text", "panel")),
            Span(f" {facts.target_name}", dim, 4),
            Span("   measured", dim, 2),
            Span(f" {time_text(facts.measured_s, tenths=False)}", bright, 1),
            Span(f"   {past}", dim, 3),
            Span(f"   {self._glyphs.meter} S  {self._glyphs.hold[1]} M", dim, 5),
        ]
        draw_spans(canvas, 0, fit(spans, canvas.width))
