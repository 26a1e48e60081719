"""The strip view's head: which strip it is, its state, and the gain from its input to its output, set and measured."""

from __future__ import annotations

from textual import events

from tui.drawing.glyphs import GlyphSet
from tui.drawing.names import cut, shown_text
from tui.drawing.numbers import level_text
from tui.drawing.palette import Role
from tui.overs import Overs
from tui.path_facts import PathFacts
from tui.styles import Look
from tui.surface import Canvas, Surface
from tui.widgets import messages
from tui.widgets.spans import Span, action_at, draw_spans, fit
from tui.widgets.surface_widget import SurfaceWidget

_GROUNDS: dict[str, Role] = {"MUTE": "mute", "SOLO": "solo", "FILE MISSING": "warning"}


class StripTitle(SurfaceWidget):
    """One line."""

    def __init__(self, surface: Surface, glyphs: GlyphSet, facts: PathFacts) -> None:
        super().__init__(surface, id="strip-title")
        self._glyphs = glyphs
        self._facts = facts
        self._measured_db: float | None = None
        self._overs: Overs | None = None
        self._targets: list[tuple[int, int, str]] = []

    def show(self, facts: PathFacts) -> None:
        """Show another strip, or the same in another state."""
        if facts != self._facts:
            self._facts = facts
            self.changed()

    def show_measured(self, gain_db: float | None, overs: Overs | None) -> None:
        """Show the gain that was measured, None while there is nothing to measure, and the overs."""
        if (gain_db, overs) != (self._measured_db, self._overs):
            self._measured_db, self._overs = gain_db, overs
            self.changed()

    def on_click(self, event: events.Click) -> None:
        """A click on the overs goes to the first."""
        action = action_at(self._targets, event.x)
        if action is not None:
            self.post_message(messages.ActionWanted(action))

    def draw(self, canvas: Canvas) -> None:
        """Draw everything."""
        facts, glyphs, style = self._facts, self._glyphs, self.surface.styles.id
        canvas.fill(style("text", "panel"))
        dim, bright = style("dim", "panel"), style("bright", "panel", Look.BOLD)
        measured = "" if self._measured_db is None else level_text(self._measured_db, 5, glyphs.infinity)
        right = [
            Span("input to output: ", dim, 3),
            Span("set ", dim, 2),
            Span(f"{level_text(facts.total_db, 5, glyphs.infinity)} dB ", bright, 2),
        ]
        if measured:
            right += [Span(" measured ", dim, 4), Span(f"{measured} dB ", style("text", "panel"), 4)]
        left = [Span(f" {facts.number} ", style("on_accent", "accent", Look.BOLD))]
        if facts.name:
            left.append(Span(f" {shown_text(facts.name)} ", bright))
        for chip in facts.chips:
            ground = _GROUNDS.get(chip)
            plain = style("mute" if chip.startswith("silent") else "dim", "panel")
            ink = style("on_light", ground, Look.BOLD) if ground else plain
            left.append(Span(f" {chip} ", ink, 0 if ground else 1))
        if self._overs is not None:
            text = f" {glyphs.over} {self._overs.text} "
            left.append(Span(text, style("on_light", "over", Look.BOLD), 1, "first_over"))
        kept = fit([*left, *right], canvas.width - 1)
        left, right = [span for span in left if span in kept], [span for span in right if span in kept]
        used = sum(span.width for span in left)
        self._targets = draw_spans(canvas, 0, left)
        start = canvas.width - sum(span.width for span in right)
        draw_spans(canvas, 0, right, start)
        room = start - used - 3
        if room > 3:
            source = shown_text(facts.source)
            text = source if len(source) <= room else cut(source, room - 1) + glyphs.ellipsis
            canvas.text(used + 1, 0, text, dim)
