"""The last line: the most useful keys as they are now, each of them a place to click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual import events

from tui.styles import Look
from tui.surface import Canvas, Surface
from tui.widgets.messages import ActionWanted
from tui.widgets.spans import Span, action_at, draw_spans
from tui.widgets.surface_widget import SurfaceWidget

_AT_THE_END: Final = 2


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key as it is shown, what it does in a word, and the action a click on it asks for."""

    keys: str
    label: str
    action_id: str


class KeyHints(SurfaceWidget):
    """Shows hints, the most important first, as many as fit; the first two stand at the end of the line."""

    def __init__(self, surface: Surface, hints: Sequence[KeyHint]) -> None:
        super().__init__(surface, id="key-hints")
        self._hints = tuple(hints)
        self._targets: list[tuple[int, int, str]] = []

    def show(self, hints: Sequence[KeyHint]) -> None:
        """Show other hints."""
        if tuple(hints) != self._hints:
            self._hints = tuple(hints)
            self.changed()

    def draw(self, canvas: Canvas) -> None:
        """Draw everything."""
        style = self.surface.styles.id
        canvas.fill(style("text", "bar"))
        key, label = style("accent", "bar", Look.BOLD), style("dim", "bar")
        self._targets.clear()
        x, end = 1, canvas.width - 1
        for index, hint in enumerate(self._hints):
            spans = (Span(hint.keys, key, 0, hint.action_id), Span(f" {hint.label}", label, 0, hint.action_id))
            width = sum(span.width for span in spans)
            if x + width > end:
                continue
            if index < _AT_THE_END:
                end -= width
                self._targets += draw_spans(canvas, 0, spans, end)
                end -= 2
            else:
                self._targets += draw_spans(canvas, 0, spans, x)
                x += width + 2

    def on_click(self, event: events.Click) -> None:
        """Do what was clicked on."""
        action = action_at(self._targets, event.x)
        if action is not None:
            self.post_message(ActionWanted(action))
