"""All strips by all stages: a row for each strip, a column for each stage that any of them has."""

from __future__ import annotations

import math
from dataclasses import dataclass

from textual import events

from tui.drawing.gain_map import EMPTY, MapCell, MapPlan, caption_x, cell_ink, cell_text, plan_map, stage_caption
from tui.drawing.glyphs import GlyphSet
from tui.drawing.names import cut, fit_name
from tui.drawing.palette import Role
from tui.map_facts import Cells, MapStrip
from tui.styles import Look
from tui.surface import Canvas, Surface
from tui.widgets.map_messages import CellPicked
from tui.widgets.messages import ActionWanted
from tui.widgets.surface_widget import SurfaceWidget


@dataclass(frozen=True, slots=True)
class MapContent:
    """What the map is of. `strip` and `stage` are selected; `title` says what the numbers are."""

    strips: tuple[MapStrip, ...]
    stages: tuple[int, ...]
    strip: int
    stage: int
    title: str
    words: bool


class GainMap(SurfaceWidget):
    """Shows the map, and posts which cell was clicked."""

    def __init__(self, surface: Surface, glyphs: GlyphSet, content: MapContent) -> None:
        super().__init__(surface, id="gain-map")
        self._glyphs = glyphs
        self._content = content
        self._cells: Cells = ()
        self._first = 0
        self._plan = self._planned(1, 1)

    @property
    def page(self) -> int:
        """How many strips are seen at once, beside the master."""
        return max(len(self._plan.rows) - 1, 1)

    def show(self, content: MapContent) -> None:
        """Show another content."""
        if content != self._content:
            if content.title != self._content.title:
                self._cells = ()
            self._content = content
            self.changed()

    def show_cells(self, cells: Cells) -> None:
        """Show other values: what is the same is not drawn."""
        if cells == self._cells:
            return
        before, self._cells = self._cells, cells
        canvas = self.canvas()
        if canvas is None or self.is_too_small:
            return
        for y, strip in self._plan.rows.items():
            for stage in self._plan.stages:
                if _cell(cells, strip, stage) != _cell(before, strip, stage):
                    self._draw_cell(canvas, y, strip, stage)

    def draw(self, canvas: Canvas) -> None:
        """Draw everything."""
        if self.is_too_small:
            self.say_too_small(canvas)
            return
        canvas.fill(self.surface.styles.id("text", "desk"))
        self._plan = self._planned(canvas.width, canvas.height)
        self._first = min(self._plan.rows.values(), default=0)
        self._draw_captions(canvas)
        for y, strip in self._plan.rows.items():
            self._draw_head(canvas, y, strip)
            for stage in self._plan.stages:
                self._draw_cell(canvas, y, strip, stage)

    def on_click(self, event: events.Click) -> None:
        """Select a cell; two clicks open the strip view there."""
        strip = self._plan.rows.get(event.y)
        if strip is not None:
            strip_id = self._content.strips[strip].strip_id
            self.post_message(CellPicked(strip_id, self._plan.stage_at(event.x), opened=event.chain == 2))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The strip above."""
        event.stop()
        self.post_message(ActionWanted("increase"))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The strip below."""
        event.stop()
        self.post_message(ActionWanted("decrease"))

    def _planned(self, width: int, height: int) -> MapPlan:
        content = self._content
        strips = [(strip.kind, strip.name) for strip in content.strips]
        return plan_map(width, height, strips, content.stages, (content.strip, content.stage), self._first)

    def _draw_captions(self, canvas: Canvas) -> None:
        content, plan, style = self._content, self._plan, self.surface.styles.id
        canvas.text(0, 0, " " * canvas.width, style("text", "panel"))
        canvas.text(1, 0, cut(content.title, plan.cells_x - 2), style("accent", "panel", Look.BOLD))
        ends = caption_x(plan.cell, content.words)
        for stage in plan.stages:
            chosen = stage == content.stage
            look = style("on_accent", "accent", Look.BOLD) if chosen else style("text", "panel", Look.BOLD)
            caption = stage_caption(stage, plan.cell)
            canvas.text(plan.x(stage), 0, caption, look, max(ends, len(caption)), "right")
        if plan.more_left:
            canvas.text(plan.cells_x - 1, 0, self._glyphs.more_left, style("accent", "panel", Look.BOLD))
        if plan.more_right:
            at = plan.cells_x + len(plan.stages) * plan.cell
            canvas.text(min(at, canvas.width - 1), 0, self._glyphs.more_right, style("accent", "panel", Look.BOLD))

    def _draw_head(self, canvas: Canvas, y: int, strip: int) -> None:
        content, plan, style = self._content, self._plan, self.surface.styles.id
        facts, chosen = content.strips[strip], strip == content.strip
        ground = self._ground(strip)
        canvas.text(0, y, " " * canvas.width, style("text", ground))
        if chosen:
            canvas.text(0, y, self._glyphs.pointer, style("on_accent", "accent", Look.BOLD))
        ink: Role = "accent" if facts.kind != "stem" else "dim"
        canvas.text(1, y, facts.number, style(ink, ground), plan.number, "right")
        name: Role = "bright" if chosen else "dim" if facts.is_silent else "text"
        look = Look.BOLD if chosen else Look.PLAIN
        canvas.text(plan.number + 2, y, fit_name(facts.name, plan.name), style(name, ground, look))

    def _draw_cell(self, canvas: Canvas, y: int, strip: int, stage: int) -> None:
        content, plan, style = self._content, self._plan, self.surface.styles.id
        cell, facts = _cell(self._cells, strip, stage), content.strips[strip].stages[stage]
        if facts is not None and cell is EMPTY:
            cell = MapCell(math.nan, "low")
        short = "" if facts is None else facts.short
        before, text = cell_text(cell, plan.cell, self._glyphs, short=short, words=content.words)
        ink: Role = "faint" if not math.isfinite(cell.value) else cell_ink(cell.mark)
        look = Look.BOLD if cell.mark in ("hot", "loud", "over") else Look.PLAIN
        written = style(ink, self._ground(strip), look)
        if (strip, stage) == (content.strip, content.stage):
            written = style("on_accent", "accent", Look.BOLD)
        elif cell.mark == "over":
            written = style("on_light", "over", Look.BOLD)
        x = canvas.text(plan.x(stage), y, before, style("dim", self._ground(strip)))
        canvas.text(x, y, text, written)

    def _ground(self, strip: int) -> Role:
        return "strip_selected" if strip == self._content.strip else "desk"


def _cell(cells: Cells, strip: int, stage: int) -> MapCell:
    return cells[strip][stage] if strip < len(cells) else EMPTY
