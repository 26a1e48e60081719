"""All that is known of one cell of the gain map, in two lines."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tui.drawing.gain_map import UNKNOWN, CellMark, cell_glyph, cell_ink
from tui.drawing.glyphs import GlyphSet
from tui.drawing.names import shown_text
from tui.drawing.numbers import level_text
from tui.map_facts import CellReadings
from tui.styles import Look
from tui.surface import Canvas, Surface
from tui.widgets.spans import Span, draw_spans, fit
from tui.widgets.surface_widget import SurfaceWidget


@dataclass(frozen=True, slots=True)
class CellFacts:
    """Which cell it is, in words, and what was read there; None for a stage that the strip does not have.

    `before` is the stage that the net gain is over, `wanted` tells what the distance is from, and `said` what there is
    to say of it.
    """

    strip: str
    stage: str
    meter: str
    unit: str
    before: str = ""
    wanted: str = ""
    readings: CellReadings | None = None
    mark: CellMark = "low"
    said: str = ""


class CellDetail(SurfaceWidget):
    """Two lines: levels, then what became of them and how far they are from what is wanted."""

    def __init__(self, surface: Surface, glyphs: GlyphSet, facts: CellFacts) -> None:
        super().__init__(surface, id="cell-detail")
        self._glyphs = glyphs
        self._facts = facts

    def show(self, facts: CellFacts) -> None:
        """Show another cell, or the same at another time."""
        if facts != self._facts:
            self._facts = facts
            self.changed()

    def draw(self, canvas: Canvas) -> None:
        """Draw everything."""
        facts, style = self._facts, self.surface.styles.id
        plain, bright = style("text", "panel"), style("bright", "panel", Look.BOLD)
        canvas.fill(plain)
        head = [
            Span(f" {shown_text(facts.strip)}", bright),
            Span(f" {self._glyphs.arrow} {shown_text(facts.stage)}  ", style("accent", "panel", Look.BOLD)),
        ]
        read = facts.readings
        if read is None:
            draw_spans(canvas, 0, [*head, Span("there is nothing here", style("dim", "panel"))])
            return
        levels = [
            *self._reading(facts.meter, read.now, facts.unit, 0),
            Span("AES-17 ", style("dim", "panel")),  # a sine reads its peak: what the number is must never go
            Span("average ", style("dim", "panel"), 2),
            *self._reading("", read.average_dbfs, "dBFS", 0),
            *self._reading("held", read.held_dbfs, "dBFS", 1),
        ]
        draw_spans(canvas, 0, fit([*head, *levels], canvas.width))
        net = self._reading(f"since {facts.before}", read.net_db, "dB", 2) if facts.before else []
        crest = self._reading("crest over RMS", read.crest_db, "dB", 3, signed=False)
        draw_spans(canvas, 1, fit([Span(" ", plain), *self._distance(read), *net, *crest], canvas.width))

    def _reading(self, label: str, value: float, unit: str, weight: int, *, signed: bool = True) -> list[Span]:
        style = self.surface.styles.id
        known = UNKNOWN if math.isnan(value) else level_text(value, 5, self._glyphs.infinity)
        return [
            Span(f"{label} " if label else "", style("dim", "panel"), weight),
            Span(known if signed else known.lstrip("+"), style("bright", "panel", Look.BOLD), weight),
            Span(f" {unit}   ", style("dim", "panel"), weight),
        ]

    def _distance(self, read: CellReadings) -> list[Span]:
        """How far the average is from what is wanted, in a word and its colour."""
        facts, style = self._facts, self.surface.styles.id
        known = UNKNOWN if math.isnan(read.distance_db) else level_text(read.distance_db, 5, self._glyphs.infinity)
        said = (
            style("on_light", "over", Look.BOLD)
            if facts.mark == "over"
            else style(cell_ink(facts.mark), "panel", Look.BOLD)
        )
        return [
            Span("from target ", style("dim", "panel"), 4),
            Span(f"{known} dB", style("bright", "panel", Look.BOLD)),
            Span(f" ({shown_text(facts.wanted)}) ", style("dim", "panel"), 1),
            Span(f"{cell_glyph(facts.mark, self._glyphs)}{facts.said}", said),
            Span("   ", style("dim", "panel")),
        ]
