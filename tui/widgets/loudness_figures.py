"""Peaks and stereo of the master or the monitor: a line each, or two lines where there is no room for more."""

from __future__ import annotations

import math
from typing import Final

from textual import events

from tui.drawing.gauges import place_bar
from tui.drawing.glyphs import GlyphSet
from tui.drawing.loudness_scale import UNDEFINED, tenths
from tui.drawing.palette import Role
from tui.loudness_facts import FigureFacts
from tui.styles import Look
from tui.surface import Canvas, Surface
from tui.widgets.messages import ActionWanted
from tui.widgets.spans import Span, draw_spans, fit
from tui.widgets.surface_widget import SurfaceWidget

_COLUMN_FROM: Final = 9
_VALUE_CELLS: Final = 6
_UNIT_CELLS: Final = 5
_SAFE_DBTP: Final = -1.0
"""True peaks above it are too high for all that is delivered (EBU R 128)."""
Line = tuple[str, str, str, Role, str]
"""Label, value, unit, the value's colour, and its mark."""


class LoudnessFigures(SurfaceWidget):
    """Shows them; a click changes between master and monitor."""

    def __init__(self, surface: Surface, glyphs: GlyphSet, facts: FigureFacts) -> None:
        super().__init__(surface, id="loudness-figures")
        self._glyphs = glyphs
        self._facts = facts

    def show(self, facts: FigureFacts) -> None:
        """Show others."""
        if facts != self._facts:
            self._facts = facts
            self.changed()

    def on_click(self, event: events.Click) -> None:
        """The other source."""
        self.post_message(ActionWanted("source_next"))

    def draw(self, canvas: Canvas) -> None:
        """Draw everything."""
        canvas.fill(self.surface.styles.id("text", "panel"))
        if self.is_too_small:
            return
        if canvas.height >= _COLUMN_FROM:
            self._draw_column(canvas)
        else:
            self._draw_lines(canvas)

    def _draw_column(self, canvas: Canvas) -> None:
        style, facts = self.surface.styles.id, self._facts
        width = canvas.width - 2
        canvas.text(0, 0, f" PEAKS, STEREO of the {facts.source}", style("accent", "panel", Look.BOLD), canvas.width)
        lines = self._peaks()
        apart = canvas.height >= len(lines) + 8
        y = 2 if apart else 1
        for line in lines:
            self._draw_line(canvas, y, width, line)
            y += 1
        y += apart
        self._draw_line(canvas, y, width, self._correlation())
        known = math.isfinite(facts.correlation)
        ends = style("dim", "panel")
        canvas.text(1, y + 1, "-1", ends)
        canvas.text(canvas.width - 3, y + 1, "+1", ends)
        share = (facts.correlation + 1.0) / 2.0 if known else 0.5
        bar = place_bar(share, 0.5, canvas.width - 8, self._glyphs)
        ink: Role = "faint" if not known else "warning" if facts.correlation < 0.0 else "target"
        canvas.text(4, y + 1, bar, style(ink, "panel", Look.BOLD))
        y += 2
        for line in (self._balance(), *self._offsets()):
            self._draw_line(canvas, y, width, line)
            y += 1

    def _draw_line(self, canvas: Canvas, y: int, width: int, line: Line) -> None:
        label, value, unit, ink, mark = line
        style = self.surface.styles.id
        at = 1 + width - _VALUE_CELLS - 1 - _UNIT_CELLS
        canvas.text(1, y, label, style("text", "panel"), max(at - 1, 0))
        canvas.text(at, y, value, style(ink, "panel", Look.BOLD), _VALUE_CELLS, "right")
        canvas.text(at + _VALUE_CELLS, y, mark or " ", style(ink, "panel", Look.BOLD))
        canvas.text(at + _VALUE_CELLS + 1, y, unit, style("dim", "panel"), _UNIT_CELLS)

    def _draw_lines(self, canvas: Canvas) -> None:
        style = self.surface.styles.id
        stereo = [self._correlation(), self._balance(), *self._offsets()]
        source = Span(f" {self._facts.source} ", style("accent", "panel", Look.BOLD))
        for y, lines in enumerate((self._peaks(), stereo)):
            spans = [source] if y == 0 else []
            for weight, (label, value, unit, ink, mark) in enumerate(lines):
                spans.append(Span(f" {label} ", style("dim", "panel"), weight))
                spans.append(Span(f"{value}{mark}", style(ink, "panel", Look.BOLD), weight))
                spans.append(Span(f" {unit} ", style("dim", "panel"), weight))
            draw_spans(canvas, y, fit(spans, canvas.width))

    def _peaks(self) -> list[Line]:
        facts, glyphs = self._facts, self._glyphs
        over, high = facts.true_peak_dbtp > 0.0, facts.true_peak_dbtp > _SAFE_DBTP
        ink: Role = "over" if over else "hot" if high else "bright"
        mark = glyphs.over if over else glyphs.hot if high else ""
        peaks: list[Line] = [
            ("True peak", facts.true_peak, "dBTP", ink, mark),
            ("Sample peak", facts.sample_peak, "dBFS", "bright", ""),
            ("PSR", facts.psr, "dB", "bright", ""),
        ]
        if facts.source == "monitor":  # what is heard is not measured over a whole song
            return peaks
        return [*peaks, ("PLR", facts.plr, "dB", "bright", ""), ("Crest", facts.crest, "dB", "bright", "")]

    def _correlation(self) -> Line:
        value = self._facts.correlation
        if not math.isfinite(value):
            return "Correlation", UNDEFINED, "", "bright", ""
        against = value < 0.0
        return "Correlation", f"{value:+.2f}", "", "warning" if against else "bright", self._glyphs.hot * against

    def _balance(self) -> Line:
        value = self._facts.balance_db
        side = "" if not value or math.isnan(value) else "R " if value > 0.0 else "L "
        return "Balance", side + tenths(abs(value)), "dB", "bright", ""

    def _offsets(self) -> list[Line]:
        facts = self._facts
        sides = (("left", facts.dc_left_percent), ("right", facts.dc_right_percent))
        return [(f"DC {side}", f"{value:+.2f}" if value else "0.00", "%", "bright", "") for side, value in sides]
