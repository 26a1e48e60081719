"""M, S, I and LRA in numbers that can be read from afar, or in two lines where there is no room for them."""

from __future__ import annotations

from typing import Final

from tui.drawing.big_digits import ROWS, big_text
from tui.drawing.glyphs import GlyphSet
from tui.loudness_facts import ReadingFacts
from tui.styles import Look
from tui.surface import Canvas, Surface
from tui.widgets.spans import Span, draw_spans, fit
from tui.widgets.surface_widget import SurfaceWidget

_BIG_FROM: Final = 76
_INDENT: Final = 2


class LoudnessReadings(SurfaceWidget):
    """Four numbers with their units, and what is told beside them."""

    def __init__(self, surface: Surface, glyphs: GlyphSet, facts: tuple[ReadingFacts, ...]) -> None:
        super().__init__(surface, id="loudness-readings")
        self._glyphs = glyphs
        self._facts = facts

    def show(self, facts: tuple[ReadingFacts, ...]) -> None:
        """Show other numbers: a column that is the same is not drawn."""
        before, self._facts = self._facts, facts
        canvas = self.canvas() if facts != before else None
        if canvas is None:
            return
        if not self._is_big(canvas) or len(facts) != len(before):
            self.draw(canvas)
            return
        for place, (now, then) in enumerate(zip(facts, before, strict=True)):
            if now != then:
                self._draw_big(canvas, place, now)

    def draw(self, canvas: Canvas) -> None:
        """Draw everything."""
        if self.is_too_small:
            self.say_too_small(canvas)
            return
        canvas.fill(self.surface.styles.id("text", "strip"))
        if self._is_big(canvas):
            for place, facts in enumerate(self._facts):
                self._draw_big(canvas, place, facts)
        else:
            self._draw_small(canvas)

    def _is_big(self, canvas: Canvas) -> bool:
        return bool(canvas.width >= _BIG_FROM and canvas.height >= ROWS + 2)

    def _draw_big(self, canvas: Canvas, place: int, facts: ReadingFacts) -> None:
        style = self.surface.styles.id
        width = canvas.width // len(self._facts)
        part = canvas.part(place * width, 0, width, canvas.height)
        part.fill(style("text", "strip"))
        x = part.text(_INDENT, 0, facts.short, style("accent", "strip", Look.BOLD))
        x = part.text(x + 1, 0, facts.name, style("dim", "strip"))
        part.text(x + 1, 0, facts.unit, style("text", "strip"))
        ink = style("bright", "strip", Look.BOLD)
        for y, row in enumerate(big_text(facts.value, self._glyphs), start=1):
            part.text(_INDENT, y, row, ink)
        part.text(_INDENT, ROWS + 1, facts.beside, style("text", "strip"))

    def _draw_small(self, canvas: Canvas) -> None:
        style = self.surface.styles.id
        values, beside = [], []
        for weight, facts in enumerate(self._facts):
            values += [
                Span(f" {facts.short} ", style("accent", "strip", Look.BOLD)),
                Span(facts.value, style("bright", "strip", Look.BOLD)),
                Span(f" {facts.unit}", style("dim", "strip"), 1),
            ]
            beside += [Span(f" {facts.short} {facts.beside}  " if facts.beside else "", style("text", "strip"), weight)]
        draw_spans(canvas, 0, fit(values, canvas.width))
        draw_spans(canvas, 1, fit(beside, canvas.width))
