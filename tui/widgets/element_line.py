"""The line that speaks, in the strip view: the chosen value and what moves it, or what has just happened."""

from __future__ import annotations

from tui.drawing.glyphs import GlyphSet
from tui.drawing.names import shown_text
from tui.notices import NoticeLog
from tui.styles import Look
from tui.surface import Canvas, Surface
from tui.widgets.info_line import Hints, InfoLine
from tui.widgets.spans import Span, draw_spans, fit


class ElementLine(InfoLine):
    """Shows the element, its chosen value, and the keys that move it."""

    def __init__(self, surface: Surface, glyphs: GlyphSet, log: NoticeLog, log_key: str) -> None:
        super().__init__(surface, glyphs, log, log_key)
        self._said: tuple[str, str, str, Hints] = ("", "", "", ())

    def say(self, head: str, what: str, value: str, hints: Hints) -> None:
        """Tell what is selected (`head`), what is chosen of it, its value, and what keys do."""
        if (head, what, value, hints) != self._said:
            self._said = (head, what, value, hints)
            self.changed()

    def draw(self, canvas: Canvas) -> None:
        """Draw everything."""
        if self._notice is not None:
            super().draw(canvas)
            return
        style = self.surface.styles.id
        canvas.fill(style("text", "desk"))
        head, what, value, hints = self._said
        spans = [
            Span(f" {self._glyphs.pointer} {shown_text(head)} ", style("on_accent", "accent", Look.BOLD)),
            Span(f" {shown_text(what)} ", style("text", "desk")),
            Span(f" {value} ", style("bright", "desk", Look.BOLD)),
        ]
        for weight, (keys, does) in enumerate(hints, start=1):
            spans.append(Span(f" {keys} ", style("text", "desk", Look.BOLD), weight))
            spans.append(Span(f"{does} ", style("dim", "desk"), weight))
        draw_spans(canvas, 0, fit(spans, canvas.width))
