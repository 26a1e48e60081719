"""The first line: transport and session on the left, the engine and the device on the right."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from rich.cells import cell_len
from textual import events

from tui.drawing import numbers
from tui.drawing.glyphs import GlyphSet
from tui.drawing.names import cut, shown_text
from tui.styles import Look
from tui.surface import Canvas, Surface
from tui.widgets.messages import ActionWanted
from tui.widgets.spans import Span, action_at, draw_spans, fit
from tui.widgets.surface_widget import SurfaceWidget

OutputState = Literal["starting", "device", "clock", "lost"]
HIGH_LOAD_PERCENT: Final = 70
_PROGRESS_CELLS: Final = 10
_BETWEEN: Final = 3
_NAME_CELLS: Final = 28


@dataclass(frozen=True, slots=True)
class TransportFacts:
    """What the first line shows. Load in whole percent; `progress` (0..1) while the engine compiles."""

    session_name: str
    unsaved: bool
    playing: bool
    length_s: float
    loop: bool
    output: OutputState
    output_name: str
    sample_rate_hz: int
    buffer_frames: int
    load_percent: int
    xruns: int
    underruns: int
    monitor_db: float
    progress: float | None = None
    detail: str = ""
    missing_processors: int = 0
    """Kinds that are not ready yet, and that the mix plays without."""
    listening: str = ""
    """What is listened to instead of the mix, in words."""
    monitor_states: tuple[tuple[str, str], ...] = ()
    """What the monitors do to the mix, and the action that undoes it."""
    latency_ms: float = 0.0
    latency_frames: int = 0
    flags: int = 0
    """Levels that are hot, cold or over."""


class TopBar(SurfaceWidget):
    """Shows the transport, the session and the engine."""

    def __init__(self, surface: Surface, glyphs: GlyphSet, facts: TransportFacts) -> None:
        super().__init__(surface, id="top-bar")
        self._glyphs = glyphs
        self._facts = facts
        self._targets: list[tuple[int, int, str]] = []
        self._position_x = 0
        self._position_s = 0.0

    def show(self, facts: TransportFacts) -> None:
        """Show other facts."""
        if facts != self._facts:
            self._facts = facts
            self.changed()

    def show_position(self, position_s: float) -> None:
        """Show where the song is: what moves while it plays."""
        before, self._position_s = self._position_s, math.floor(position_s * 10.0 + 1e-6) / 10.0
        if self._position_s == before:
            return
        canvas, text = self.canvas(), numbers.time_text(self._position_s)
        if canvas is not None and len(text) == len(numbers.time_text(before)):
            self._draw_position(canvas, text)
        else:
            self.changed()

    def draw(self, canvas: Canvas) -> None:
        """Draw everything."""
        canvas.fill(self.surface.styles.id("text", "bar"))
        left, right = self._left(), self._right()
        kept = fit([*left, *right], canvas.width - 1 - _BETWEEN)
        left = [span for span in left if span in kept]
        right = [span for span in right if span in kept]
        self._targets = draw_spans(canvas, 0, left)
        self._position_x = left[0].width + 1
        self._targets += draw_spans(canvas, 0, right, canvas.width - sum(span.width for span in right) - 1)

    def _draw_position(self, canvas: Canvas, text: str) -> None:
        canvas.text(self._position_x, 0, text, self.surface.styles.id("bright", "bar", Look.BOLD))

    def on_click(self, event: events.Click) -> None:
        """The transport and the loop are switched by a click."""
        action = action_at(self._targets, event.x)
        if action is not None:
            self.post_message(ActionWanted(action))

    def _left(self) -> list[Span]:
        facts, glyphs, style = self._facts, self._glyphs, self.surface.styles.id
        plain, dim, bright = style("text", "bar"), style("dim", "bar"), style("bright", "bar", Look.BOLD)
        if facts.playing:
            transport = Span(f" {glyphs.play} PLAY ", style("on_light", "ok", Look.BOLD), 0, "play_stop")
        else:
            transport = Span(f" {glyphs.stop} STOP ", style("text", "chip", Look.BOLD), 0, "play_stop")
        spans = [
            transport,
            Span(f" {numbers.time_text(self._position_s)}", bright),
            Span(f" / {numbers.time_text(facts.length_s, tenths=False)}", dim, 2),
        ]
        loop = style("on_light", "accent", Look.BOLD) if facts.loop else style("faint", "bar")
        weight = 1 if facts.loop else 6
        word = f" {glyphs.loop} LOOP " if facts.loop else " loop "
        spans += [Span(" ", plain, weight), Span(word, loop, weight, "loop")]
        if facts.listening:
            listen = style("on_light", "warning", Look.BOLD)
            spans += [Span(" ", plain), Span(f" LISTEN {shown_text(facts.listening)} ", listen, 0, "listen_clear")]
        name = shown_text(facts.session_name)
        if cell_len(name) > _NAME_CELLS:
            name = cut(name, _NAME_CELLS - 1) + glyphs.ellipsis
        spans.append(Span(f"  {name}", plain, 3))
        if facts.unsaved:
            spans.append(Span(f" {glyphs.unsaved}", style("warning", "bar"), 1))
        if facts.monitor_db:
            text = numbers.level_text(facts.monitor_db, 5, glyphs.infinity)
            spans.append(Span(f"   monitor {text} dB", style("warning", "bar"), 1))
        for state, action in facts.monitor_states:
            spans += [Span(" ", plain), Span(f" MONITOR {state} ", style("on_light", "warning", Look.BOLD), 0, action)]
        return spans

    def _right(self) -> list[Span]:
        facts, glyphs, style = self._facts, self._glyphs, self.surface.styles.id
        plain, dim = style("text", "bar"), style("dim", "bar")
        warning, error = style("warning", "bar", Look.BOLD), style("error", "bar", Look.BOLD)
        if facts.output == "starting":
            return self._starting()
        spans: list[Span] = []
        if facts.flags:
            text = f"{glyphs.hot} {facts.flags} flag{'s' if facts.flags > 1 else ''}"
            spans += [Span(text, style("hot", "bar", Look.BOLD), 1, "flag_next"), Span("  ", plain, 1)]
        if facts.missing_processors:
            plural = "s" if facts.missing_processors > 1 else ""
            text = f"{glyphs.warning} preparing {facts.missing_processors} processor{plural}  "
            spans.append(Span(text, warning, 0, "notices"))
        if facts.output == "lost":
            spans.append(Span(f"{glyphs.error} engine stopped  ", error))
        elif facts.output == "clock":
            spans.append(Span(f"{glyphs.warning} silent clock  ", warning))
        else:
            spans.append(Span(f"{shown_text(facts.output_name)}  ", plain, 4))
        if facts.sample_rate_hz:
            buffer = f" / {facts.buffer_frames}" if facts.buffer_frames else ""
            spans.append(Span(f"{numbers.rate_text(facts.sample_rate_hz)}{buffer}  ", dim, 5))
        if facts.latency_frames:
            spans.append(Span(f"late {facts.latency_ms:.1f} ms", plain, 3))
            spans.append(Span(f" ({facts.latency_frames} frames)", dim, 5))
            spans.append(Span("  ", plain, 3))
        high = facts.load_percent >= HIGH_LOAD_PERCENT
        mark = f"{glyphs.warning} " if high else ""
        spans.append(Span(f"{mark}load {facts.load_percent:d} %", warning if high else plain, 1))
        if facts.xruns:
            spans.append(Span(f"  {glyphs.warning} xruns {facts.xruns}", warning))
        else:
            spans.append(Span("  xruns 0", dim, 6))
        if facts.underruns:
            spans.append(Span(f"  {glyphs.warning} disk {facts.underruns}", warning))
        return spans

    def _starting(self) -> list[Span]:
        facts, glyphs, style = self._facts, self._glyphs, self.surface.styles.id
        words = shown_text(facts.detail) or "starting the engine"
        spans = [Span(f"{words} ", style("warning", "bar"), 1)]
        if facts.progress is not None:
            lit = round(min(max(facts.progress, 0.0), 1.0) * _PROGRESS_CELLS)
            spans.append(Span(glyphs.meter * lit, style("accent", "bar")))
            spans.append(Span(glyphs.line * (_PROGRESS_CELLS - lit), style("faint", "bar")))
            spans.append(Span(f" {facts.progress:4.0%}", style("bright", "bar", Look.BOLD)))
        return spans
