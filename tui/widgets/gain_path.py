"""The selected strip as a path: level at the input, trim, level after it, fader and pan, level at the output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual import events

from tui.drawing import numbers
from tui.drawing.facts import CONTROL_LABELS, ControlId, LevelFact, StripFacts
from tui.drawing.glyphs import GlyphSet
from tui.drawing.names import cut, shown_text
from tui.drawing.palette import Role
from tui.drawing.scale import MeterType
from tui.overs import Overs
from tui.styles import Look
from tui.surface import Canvas, Surface
from tui.values import value_text
from tui.widgets import messages
from tui.widgets.chain_spans import chain_spans
from tui.widgets.route_rows import Reductions
from tui.widgets.spans import Span, action_at, draw_spans, fit
from tui.widgets.surface_widget import SurfaceWidget

StageFacts = tuple[tuple[LevelFact, LevelFact], ...]
"""Left and right at each stage, for one meter type."""
PathLevels = tuple[tuple[MeterType, StageFacts], ...]
"""The levels of some meter types."""
STAGE_TITLES: Final = ("INPUT", "AFTER TRIM", "OUTPUT")
SHORT_TITLES: Final = ("IN", "AFTER", "OUT")
_LABEL_CELLS: Final = 6
_LEVEL_CELLS: Final = 13
_LOUDER_CELLS: Final = 7
_TRIM_CELLS: Final = 13
_FADER_CELLS: Final = 23
_WIDEST_GAP: Final = 36
_LEAST_SOURCE: Final = 12
_NARROW: Final = 80
"""Up to here no cell is left between left and right; below it the louder side has to do."""


@dataclass(frozen=True, slots=True)
class PathFacts:
    """What the path shows besides the strip: where its sound comes from, and its levels by meter type."""

    source: str
    levels: PathLevels


class GainPath(SurfaceWidget):
    """Three lines or five: who it is, the path, and the levels of the shown meter type or of all."""

    def __init__(self, surface: Surface, glyphs: GlyphSet, strip: StripFacts) -> None:
        super().__init__(surface, id="gain-path")
        self._glyphs = glyphs
        self._strip = strip
        self._path = PathFacts("", ())
        self._meter_id = "peak"
        self._controls: list[tuple[int, int, ControlId]] = []
        self._targets: list[tuple[int, int, str]] = []
        self._reductions: Reductions = ()
        self._overs: Overs | None = None

    def show(self, strip: StripFacts, source: str, meter_id: str) -> None:
        """Show another strip or other values."""
        if (strip, source, meter_id) != (self._strip, self._path.source, self._meter_id):
            if strip.strip_id != self._strip.strip_id:
                self._path = PathFacts(source, ())
            self._strip, self._meter_id = strip, meter_id
            self._path = PathFacts(source, self._path.levels)
            self.changed()

    def show_levels(self, levels: PathLevels) -> None:
        """Show other levels."""
        if levels != self._path.levels:
            self._path = PathFacts(self._path.source, levels)
            canvas = self.canvas()
            if canvas is not None:
                self._draw_levels(canvas)

    def show_overs(self, overs: Overs | None) -> None:
        """Show the samples above full scale."""
        if overs != self._overs:
            self._overs = overs
            canvas = self.canvas()
            if canvas is not None:
                self._draw_title(canvas)

    def show_reductions(self, reductions: Reductions) -> None:
        """Show what the strip's inserts turn down, in whole dB."""
        if reductions != self._reductions:
            self._reductions = reductions
            canvas = self.canvas()
            if canvas is not None:
                self._draw_title(canvas)

    def draw(self, canvas: Canvas) -> None:
        """Draw everything."""
        canvas.fill(self.surface.styles.id("text", "panel"))
        self._draw_title(canvas)
        self._draw_path(canvas)
        self._draw_levels(canvas)

    def on_click(self, event: events.Click) -> None:
        """A control is made the active one, an active one is typed; inserts, sends and the output are chosen."""
        control, action = self._control_at(event), action_at(self._targets, event.x) if event.y == 0 else None
        if action is not None:
            self.post_message(messages.ActionWanted(action))
        if control is None:
            return
        if self._strip.active == control:
            self.post_message(messages.ControlTyped(self._strip.strip_id, control))
        else:
            self.post_message(messages.ControlPicked(control))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Step a control up."""
        self._step(event, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Step a control down."""
        self._step(event, -1)

    def _step(self, event: events.MouseEvent, direction: int) -> None:
        control = self._control_at(event)
        if control is not None:
            self.post_message(messages.ControlStepped(self._strip.strip_id, control, direction, fine=event.ctrl))

    def _control_at(self, event: events.MouseEvent) -> ControlId | None:
        for first, end, control in self._controls:
            if event.y == 1 and first <= event.x < end:
                return control
        return None

    def _draw_title(self, canvas: Canvas) -> None:
        strip, glyphs, style = self._strip, self._glyphs, self.surface.styles.id
        dim = style("dim", "panel")
        spans = [
            Span(f" {strip.number} ", style("on_accent", "accent", Look.BOLD)),
            Span(f" {shown_text(strip.name)} ", style("bright", "panel", Look.BOLD)),
        ]
        if strip.mute:
            spans.append(Span(" MUTE ", style("on_light", "mute", Look.BOLD)))
        elif strip.silenced:
            spans.append(Span(" silent: another strip is soloed ", style("mute", "panel")))
        if strip.solo:
            spans.append(Span(" SOLO ", style("on_light", "solo", Look.BOLD)))
        if strip.polarity:
            sides = "L+R" if strip.polarity == "LR" else strip.polarity
            spans.append(Span(f" {glyphs.polarity} {sides} ", style("on_light", "polarity", Look.BOLD)))
        if strip.solo_safe:
            spans.append(Span(" solo safe ", style("solo", "panel")))
        if strip.listen != "off":
            spans.append(Span(f" LISTEN {strip.listen} fader ", style("on_light", "warning", Look.BOLD)))
        if strip.missing:
            spans.append(Span(f" {glyphs.warning} FILE MISSING ", style("on_light", "warning", Look.BOLD)))
        if self._overs is not None:
            text = f" {glyphs.over} {self._overs.text} "
            spans.append(Span(text, style("on_light", "over", Look.BOLD), 1, "first_over"))
        spans += chain_spans(strip, self._reductions, self.surface.styles, glyphs)
        if strip.linked:
            spans.append(Span(f"   linked: {shown_text(strip.linked)} ", dim, 5))
        source = Span(f"  {shown_text(self._path.source)}", dim, 9)
        kept = fit([*spans, source], canvas.width)
        used = sum(span.width for span in kept)
        if source not in kept and canvas.width - used > _LEAST_SOURCE:  # what is left of the file's name is of use
            kept.append(Span(cut(source.text, canvas.width - used - 1), dim))
        canvas.text(0, 0, "", style("text", "panel"), canvas.width)
        self._targets = draw_spans(canvas, 0, kept)

    def _draw_path(self, canvas: Canvas) -> None:
        style = self.surface.styles.id
        dim, line = style("dim", "panel"), style("faint", "panel")
        glyphs = self._glyphs
        self._controls.clear()
        gaps = self._stage_gap(canvas)
        cells = _level_cells(canvas)
        x = _LABEL_CELLS
        for stage, title in enumerate(STAGE_TITLES if cells == _LEVEL_CELLS else SHORT_TITLES):
            canvas.text(x, 1, title, dim, cells)
            x += cells
            if stage == len(STAGE_TITLES) - 1:
                break
            controls: tuple[ControlId, ...] = ("trim_db",) if stage == 0 else ("fader_db", "pan_percent")
            end = x + gaps[stage]
            for control in controls:
                text = f" {CONTROL_LABELS[control]} {self._short(control)} "
                active = self._strip.active == control
                ink = style("on_accent", "accent", Look.BOLD) if active else style("text", "panel")
                stop = canvas.text(x, 1, text, ink)
                self._controls.append((x, stop, control))
                x = stop
            if x < end - 1:
                canvas.text(x, 1, glyphs.line * (end - x - 2) + glyphs.arrow, line)
            x = end

    def _short(self, control: ControlId) -> str:
        if control == "pan_percent":
            return value_text(control, self._strip.pan_percent)
        return numbers.level_text(self._strip.value(control), 5, self._glyphs.infinity)

    def _stage_gap(self, canvas: Canvas) -> tuple[int, int]:
        """Cells for the controls between two stages."""
        spare = max(canvas.width - _LABEL_CELLS - 3 * _level_cells(canvas) - _TRIM_CELLS - _FADER_CELLS, 0)
        first = min(_TRIM_CELLS + spare // 2, _WIDEST_GAP)
        return first, min(_FADER_CELLS + spare - spare // 2, _WIDEST_GAP + _FADER_CELLS - _TRIM_CELLS)

    def _draw_levels(self, canvas: Canvas) -> None:
        style = self.surface.styles.id
        rows = canvas.height - 2
        if rows < 1:
            return
        wanted = [(meter, facts) for meter, facts in self._path.levels if rows > 1 or meter.id == self._meter_id]
        gap = self._stage_gap(canvas)
        cells = _level_cells(canvas)
        right_x = _LEVEL_CELLS // 2 + (canvas.width > _NARROW)
        for row, (meter, stages) in enumerate(wanted[:rows]):
            y = 2 + row
            ink = style("text" if meter.id == self._meter_id else "dim", "panel")
            label = meter.label if len(meter.label) < _LABEL_CELLS - 1 else meter.short
            canvas.text(0, y, f" {label}", ink, _LABEL_CELLS)
            x = _LABEL_CELLS
            for stage, (left, right) in enumerate(stages):
                if cells == _LEVEL_CELLS:
                    self._draw_level(canvas, x, y, left)
                    self._draw_level(canvas, x + right_x, y, right)
                else:
                    self._draw_level(canvas, x, y, max(left, right, key=lambda fact: (fact.zone == "over", fact.level)))
                x += cells + (gap[stage] if stage < len(gap) else 0)

    def _draw_level(self, canvas: Canvas, x: int, y: int, fact: LevelFact) -> None:
        flag = fact.flag(self._glyphs)
        text = fact.text(5, self._glyphs.infinity)
        style = self.surface.styles.id
        if fact.zone == "over":
            end = canvas.text(x, y, text + flag, style("on_light", "over", Look.BOLD))
            canvas.text(end, y, "", style("text", "panel"), _LEVEL_CELLS // 2 - (end - x))
            return
        ink: Role = "faint" if fact.level <= numbers.SILENCE_DB else "dim" if fact.zone == "low" else fact.zone
        canvas.text(x, y, text + flag, style(ink, "panel"), _LEVEL_CELLS // 2)


def _level_cells(canvas: Canvas) -> int:
    """The cells of a stage's levels."""
    return _LEVEL_CELLS if canvas.width >= _NARROW else _LOUDER_CELLS
