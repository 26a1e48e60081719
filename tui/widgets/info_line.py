"""The line that speaks: what the keys move now, or what has just happened."""

from __future__ import annotations

import time
from typing import Final, Literal

from tui.drawing.facts import CONTROL_LABELS, ControlId, StripFacts
from tui.drawing.glyphs import GlyphSet
from tui.drawing.names import shown_text
from tui.drawing.palette import Role
from tui.styles import Look
from tui.surface import Canvas, Surface
from tui.values import value_text
from tui.widgets.spans import Span, draw_spans, fit
from tui.widgets.surface_widget import SurfaceWidget

Severity = Literal["info", "warning", "error"]

Hints = tuple[tuple[str, str], ...]
"""Keys and what they do, the most useful first."""
SHOWN_S: Final[dict[Severity, float]] = {"info": 4.0, "warning": 8.0, "error": 15.0}
_RANK: Final[dict[Severity, int]] = {"info": 0, "warning": 1, "error": 2}
_WORDS: Final[dict[Severity, str]] = {"info": "", "warning": "WARNING ", "error": "ERROR "}


class InfoLine(SurfaceWidget):
    """Shows the active control, and for a while every notice: the gravest first, then the latest."""

    def __init__(self, surface: Surface, glyphs: GlyphSet) -> None:
        super().__init__(surface, id="info-line")
        self._glyphs = glyphs
        self._facts: StripFacts | None = None
        self._control: ControlId = "fader_db"
        self._hints: Hints = ()
        self._notice: tuple[Severity, str] | None = None
        self._until_s = 0.0

    def show(self, facts: StripFacts, control: ControlId, hints: Hints) -> None:
        """Tell which control of which strip is active and what moves it."""
        if (facts, control, hints) != (self._facts, self._control, self._hints):
            self._facts, self._control, self._hints = facts, control, hints
            self.changed()

    def tell(self, severity: Severity, text: str) -> None:
        """Tell something for a while; a lesser notice does not push a graver one away."""
        now = time.monotonic()
        if self._notice is not None and now < self._until_s and _RANK[severity] < _RANK[self._notice[0]]:
            return
        self._notice = (severity, text)
        self._until_s = now + SHOWN_S[severity]
        self.changed()

    def dismiss(self) -> None:
        """Drop a notice that was only information: something else was done since."""
        if self._notice is not None and self._notice[0] == "info":
            self._notice = None
            self.changed()

    def expire(self) -> None:
        """Drop a notice whose time is over."""
        if self._notice is not None and time.monotonic() >= self._until_s:
            self._notice = None
            self.changed()

    def draw(self, canvas: Canvas) -> None:
        """Draw everything."""
        style = self.surface.styles.id
        canvas.fill(style("text", "desk"))
        if self._notice is not None:
            severity, text = self._notice
            glyph = {"info": self._glyphs.info, "warning": self._glyphs.warning, "error": self._glyphs.error}[severity]
            ink: Role = "text" if severity == "info" else severity
            head = Span(f" {glyph} {_WORDS[severity]}", style(ink, "desk", Look.BOLD))
            draw_spans(canvas, 0, [head, Span(shown_text(text), style(ink, "desk"))])
        elif self._facts is not None:
            facts, label = self._facts, CONTROL_LABELS[self._control]
            value = value_text(self._control, facts.value(self._control), self._glyphs.infinity)
            spans = [
                Span(f" {self._glyphs.pointer} {label} ", style("on_accent", "accent", Look.BOLD)),
                Span(f" {shown_text(facts.title)} ", style("text", "desk")),
                Span(f" {value} ", style("bright", "desk", Look.BOLD)),
                Span("  ", style("dim", "desk"), 1),
            ]
            for weight, (keys, does) in enumerate(self._hints, start=1):
                spans.append(Span(f" {keys} ", style("text", "desk", Look.BOLD), weight))
                spans.append(Span(f"{does} ", style("dim", "desk"), weight))
            draw_spans(canvas, 0, fit(spans, canvas.width))
