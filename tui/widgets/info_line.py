"""The line that speaks: what the keys move now, or what has just happened."""

from __future__ import annotations

import time
from typing import Final

from rich.cells import cell_len
from textual import events

from tui.drawing.flags import ROLES, FlagFact, FlagWords, mark_glyph
from tui.drawing.glyphs import GlyphSet
from tui.drawing.names import cut, shown_text
from tui.drawing.palette import Role
from tui.notices import RANK, WORDS, NoticeLog, Severity
from tui.styles import Look
from tui.surface import Canvas, Surface
from tui.widgets.messages import ActionWanted
from tui.widgets.spans import Span, draw_spans, fit
from tui.widgets.surface_widget import SurfaceWidget

Hints = tuple[tuple[str, str], ...]
"""Keys and what they do, the most useful first."""
SHOWN_S: Final[dict[Severity, float]] = {"info": 4.0, "warning": 8.0, "error": 15.0}
_FLAG_WEIGHTS: Final = 6
"""What a flag says is left out before anything lighter by so much."""
_READ_S: Final = 3.0
"""A graver notice that was shown so long makes way when something is done."""


class InfoLine(SurfaceWidget):
    """Shows what keys act on, and for a while every notice: the gravest first, then the latest.

    What could not be seen or read here is counted, with the key that shows all notices in full.
    """

    def __init__(self, surface: Surface, glyphs: GlyphSet, log: NoticeLog, log_key: str) -> None:
        super().__init__(surface, id="info-line")
        self._glyphs = glyphs
        self._log = log
        self._log_key = log_key
        self._said: tuple[str, str, str, Hints] = ("", "", "", ())
        self._flag: FlagFact | None = None
        self._notice: tuple[Severity, str] | None = None
        self._until_s = 0.0

    def say(self, head: str, what: str, value: str, hints: Hints) -> None:
        """Tell what is selected (`head`), of what or what of it, its value, and what keys do."""
        if (head, what, value, hints) != self._said:
            self._said = (head, what, value, hints)
            self.changed()

    def show_flag(self, flag: FlagFact | None) -> None:
        """Tell what is hot, cold or over at what is selected, why, and what to do about it."""
        if flag != self._flag:
            self._flag = flag
            self.changed()

    def tell(self, severity: Severity, text: str) -> None:
        """Tell something for a while; a lesser notice does not push a graver one away."""
        now = time.monotonic()
        if self._notice is not None and now < self._until_s:
            lesser = severity if RANK[severity] < RANK[self._notice[0]] else self._notice[0]
            self._log.unseen += lesser != "info"
            if RANK[severity] < RANK[self._notice[0]]:
                self.changed()
                return
        self._notice = (severity, text)
        self._until_s = now + SHOWN_S[severity]
        self.changed()

    def dismiss(self, *, all_of_it: bool = False) -> None:
        """Something else is done: drop a notice that is only information or had its time, or whatever it is."""
        if self._notice is None:
            return
        read = time.monotonic() > self._until_s - SHOWN_S[self._notice[0]] + _READ_S
        if all_of_it or read or self._notice[0] == "info":
            self._drop()

    def expire(self) -> None:
        """Drop a notice whose time is over."""
        if self._notice is not None and time.monotonic() >= self._until_s:
            self._drop()

    def on_click(self, event: events.Click) -> None:
        """A click on a notice shows all of them."""
        if self._notice is not None:
            self.post_message(ActionWanted("notices"))

    def _drop(self) -> None:
        self._notice = None
        self._log.unseen = 0
        self.changed()

    def draw(self, canvas: Canvas) -> None:
        """Draw everything."""
        style = self.surface.styles.id
        canvas.fill(style("text", "desk"))
        if self._notice is not None:
            self._draw_notice(canvas, *self._notice)
            return
        head, what, value, hints = self._said
        # What is said of the selected place comes before the control, what is said of another place after it.
        flag, is_here = self._flag, self._flag is not None and self._flag.is_here
        weight = _FLAG_WEIGHTS if is_here else 0
        spans = [
            Span(f" {self._glyphs.pointer} {shown_text(head)} ", style("on_accent", "accent", Look.BOLD), weight),
            Span(f" {shown_text(what)} ", style("text", "desk"), weight),
            Span(f" {value} ", style("bright", "desk", Look.BOLD), weight),
            Span("  ", style("dim", "desk"), weight + _FLAG_WEIGHTS),
        ]
        if flag is not None:
            said = self._flag_spans(flag, flag.full, 0 if is_here else 1)
            if sum(span.width for span in said) > canvas.width - (0 if is_here else sum(span.width for span in spans)):
                said = self._flag_spans(flag, flag.brief, 0 if is_here else 1)
            spans += said
        for number, (keys, does) in enumerate(hints, start=weight + _FLAG_WEIGHTS):
            spans.append(Span(f" {keys} ", style("text", "desk", Look.BOLD), number))
            spans.append(Span(f"{does} ", style("dim", "desk"), number))
        draw_spans(canvas, 0, fit(spans, canvas.width))

    def _flag_spans(self, flag: FlagFact, words: FlagWords, weight: int) -> list[Span]:
        style, glyphs = self.surface.styles.id, self._glyphs
        ink: Role = "on_light" if flag.mark != "intended" else "text"
        ground: Role = ROLES[flag.mark] if flag.mark != "intended" else "chip"
        head = f" {mark_glyph(flag.mark, glyphs)} {words.what} "
        spans = [
            Span(head, style(ink, ground, Look.BOLD), weight),
            Span(f" {words.place}", style("bright", "desk"), weight + 3 if flag.is_here else weight),
        ]
        if words.fix:
            text = f" {glyphs.arrow} {shown_text(words.fix)} "
            spans.append(Span(text, style("bright", "desk", Look.BOLD), weight + 1))
        for number, cause in enumerate(words.why):
            # The second cause goes before the place does, the first after it.
            text = f"{', ' if number else ' '}{shown_text(cause)}"
            spans.append(Span(text, style("dim", "desk"), weight + (3 + number if number else 2)))
        return [*spans, Span("  ", style("dim", "desk"), weight + 2)]

    def _draw_notice(self, canvas: Canvas, severity: Severity, text: str) -> None:
        style, glyphs = self.surface.styles.id, self._glyphs
        glyph = {"info": glyphs.info, "warning": glyphs.warning, "error": glyphs.error}[severity]
        ink: Role = "text" if severity == "info" else severity
        head = Span(f" {glyph} {WORDS[severity]} ".replace("  ", " "), style(ink, "desk", Look.BOLD))
        body = shown_text(text)
        room = canvas.width - head.width - 1
        if self._log.unseen or cell_len(body) > room:
            more = f" {f'+{self._log.unseen} more' if self._log.unseen else 'all of it'}: {self._log_key} "
            room -= cell_len(more)
            canvas.text(canvas.width - cell_len(more), 0, more, style("accent", "desk", Look.BOLD))
        if cell_len(body) > room:
            body = cut(body, max(room - 1, 0)) + glyphs.ellipsis
        draw_spans(canvas, 0, [head, Span(body, style(ink, "desk"))])
