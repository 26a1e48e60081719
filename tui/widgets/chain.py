"""The path of one strip as a chain: every element with its value, levels where they are metered, the sum of gains."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from typing import Final

from textual import events

from tui.drawing import numbers
from tui.drawing.chain import (
    GAIN_CELLS,
    READ_CELLS,
    TOTAL_CELLS,
    ChainColumns,
    Line,
    chain_columns,
    chain_lines,
)
from tui.drawing.facts import LevelFact
from tui.drawing.gauges import level_bar
from tui.drawing.glyphs import GlyphSet
from tui.drawing.meter_types import METERS, PEAK
from tui.drawing.names import fit_name
from tui.drawing.palette import Role
from tui.drawing.scale import MeterType
from tui.drawing.sheet import Sheet
from tui.path_facts import ElementFacts, PathFacts
from tui.styles import Look
from tui.surface import Canvas, Surface
from tui.widgets.pens import draw_sheet, is_textured
from tui.widgets.strip_messages import ElementPicked, ElementStepped
from tui.widgets.surface_widget import SurfaceWidget

_GROUND: Final[Role] = "desk"
_DETAIL_INDENT: Final = 1
_HELD_SPACE: Final = "\N{NO-BREAK SPACE}"
_AFTER: Final = {"input": "INPUT", "trim": "post trim", "pan": "post fader"}
_ALWAYS_METERED: Final = frozenset(_AFTER)
_PEAK_NAMES: Final = {"peak": "pk", "true_peak": "TP"}


@dataclass(frozen=True, slots=True)
class StageLevels:
    """What a stage shows, left and right: bars with their held marks, the highest peak, the average."""

    bars: tuple[tuple[float, float], ...]
    held: LevelFact
    average: LevelFact


class Chain(SurfaceWidget):
    """Shows the path and posts what is done to it with the mouse."""

    def __init__(self, surface: Surface, glyphs: GlyphSet, facts: PathFacts, selected: str) -> None:
        super().__init__(surface, id="chain")
        self._glyphs = glyphs
        self._facts = facts
        self._selected = selected
        self._entered = False
        self._meter = PEAK
        self._numbers: tuple[MeterType, MeterType] = PEAK, METERS["rms"]
        self._levels: dict[int, StageLevels] = {}
        self._readings: dict[str, float] = {}
        self._nets: dict[str, tuple[float, float]] = {}
        self._lines: tuple[Line, ...] = ()
        self._details: dict[str, list[str]] = {}

    def show(
        self, facts: PathFacts, selected: str, entered: bool, meter: MeterType, numbers: tuple[MeterType, MeterType]
    ) -> None:
        """Show another path, or another element of it as the selected one (`entered`: keys go to its editor).

        Bars are of the type `meter`, the two `numbers` at each stage are of those.
        """
        shown = (self._facts, self._selected, self._entered, self._meter, self._numbers)
        if (facts, selected, entered, meter, numbers) != shown:
            if (facts.strip_id, meter) != (self._facts.strip_id, self._meter):
                self._levels = {}
            if facts.strip_id != self._facts.strip_id:
                self._readings, self._nets = {}, {}
            self._facts, self._selected, self._entered = facts, selected, entered
            self._meter, self._numbers = meter, numbers
            self.changed()

    def show_levels(self, levels: dict[int, StageLevels]) -> None:
        """Show other levels, by stage."""
        if levels != self._levels:
            self._levels = levels
            self._draw_lines(("levels", "right"))

    def show_readings(self, readings: dict[str, float], nets: dict[str, tuple[float, float]]) -> None:
        """Show what processors read (reductions or VU, rounded), and what inserts do to the level, by element.

        The latter is the level behind an insert less that before it, and less that at the input; where it is not known
        the gains that are set stand there.
        """
        if (readings, nets) != (self._readings, self._nets):
            self._readings, self._nets = readings, nets
            self._draw_lines(("element",))

    def draw(self, canvas: Canvas) -> None:
        """Draw everything."""
        self._lines = ()
        if self.is_too_small:
            self.say_too_small(canvas)
            return
        canvas.fill(self.surface.styles.id("text", _GROUND))
        facts = self._facts.elements
        room = canvas.width - chain_columns(canvas.width).name_x - _DETAIL_INDENT - 1
        self._details = {each.element: _wrapped(each.detail, room) for each in facts if each.detail}
        self._lines = chain_lines(
            [each.element for each in facts],
            [each.element for each in facts if each.element in _ALWAYS_METERED],
            [each.element for each in facts if each.state == "empty"],
            self._selected,
            canvas.height,
            {element: len(lines) for element, lines in self._details.items()},
            [each.element for each in facts if each.stage is not None and each.element not in _ALWAYS_METERED],
        )
        for y, line in enumerate(self._lines):
            self._draw_line(canvas, y, line)

    def element_at(self, y: int) -> str | None:
        """The element of a row."""
        if not 0 <= y < len(self._lines) or self._lines[y].kind == "gap":
            return None
        return self._lines[y].element

    def row_of(self, element: str) -> int | None:
        """The row of an element, None if it is not shown."""
        return next((y for y, line in enumerate(self._lines) if line == Line("element", element)), None)

    def on_click(self, event: events.Click) -> None:
        """Select an element; two clicks open it."""
        element = self.element_at(event.y)
        if element is not None:
            self.post_message(ElementPicked(element, opened=event.chain == 2))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Step the value of an element up."""
        self._step(event, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Step the value of an element down."""
        self._step(event, -1)

    def _step(self, event: events.MouseEvent, direction: int) -> None:
        element = self.element_at(event.y)
        if element is not None:
            event.stop()
            self.post_message(ElementStepped(element, direction, fine=event.ctrl))

    def _draw_lines(self, kinds: tuple[str, ...]) -> None:
        canvas = self.canvas()
        if canvas is None:
            return
        for y, line in enumerate(self._lines):
            if line.kind in kinds or line.element == "input":
                self._draw_line(canvas, y, line)

    def _draw_line(self, canvas: Canvas, y: int, line: Line) -> None:
        columns = chain_columns(canvas.width)
        if line.kind == "gap":
            return
        if line.kind == "detail":
            self._draw_detail(canvas, y, columns, line)
            return
        facts = self._facts.element(line.element)
        selected = line == Line("element", self._selected)
        ground: Role = "strip_selected" if selected else _GROUND
        style = self.surface.styles.id
        canvas.text(0, y, " " * canvas.width, style("text", ground))
        if line.kind == "element":
            if selected:
                lit = style("on_accent", "accent", Look.BOLD)
                pointer = style("accent", ground, Look.BOLD) if self._entered else lit
                canvas.text(0, y, self._glyphs.pointer, pointer)
            if line.element != "input":
                self._draw_element(canvas, y, columns, facts, ground, selected)
                return
        self._draw_levels(canvas, y, columns, facts, line, ground)

    def _draw_element(
        self, canvas: Canvas, y: int, columns: ChainColumns, facts: ElementFacts, ground: Role, selected: bool
    ) -> None:
        style = self.surface.styles.id
        name_look = Look.BOLD if selected or facts.name.isupper() else Look.PLAIN
        name_ink: Role = "bright" if selected else "text" if facts.state == "on" else "dim"
        canvas.text(1, y, facts.tag, style("accent" if facts.state == "on" else "dim", ground))
        if facts.state == "empty":
            canvas.text(columns.name_x, y, _dots(self._glyphs), style("faint" if not selected else "dim", ground))
            return
        canvas.text(columns.name_x, y, fit_name(facts.name, columns.name), style(name_ink, ground, name_look))
        if facts.gain_db is None:
            room = columns.width - columns.read_x - 1
            text = fit_name(facts.text, room)
            arrow = f"{self._glyphs.arrow} " if facts.element == "output" else ""
            canvas.text(columns.read_x, y, arrow + text, style(name_ink, ground))
            return
        reading = facts.text
        if not reading and facts.reading and facts.element in self._readings:
            word = "GR" if facts.reading == "reduction" else "VU"
            reading = f"{word}{numbers.level_text(self._readings[facts.element], 5, self._glyphs.infinity):>5}"
        canvas.text(columns.read_x, y, reading, style("dim" if facts.state == "on" else "warning", ground), READ_CELLS)
        gain_db, total_db = self._nets.get(facts.element, (facts.gain_db, facts.total_db))
        gain = f"{numbers.level_text(gain_db, 5, self._glyphs.infinity):>{GAIN_CELLS - 1}}"
        canvas.text(columns.gain_x, y, gain, style("bright" if gain_db else "dim", ground))
        if total_db is not None:
            total = f"={numbers.level_text(total_db, 5, self._glyphs.infinity)}"
            canvas.text(columns.total_x, y, f"{total:>{TOTAL_CELLS - 1}}", style("text", ground))

    def _draw_detail(self, canvas: Canvas, y: int, columns: ChainColumns, line: Line) -> None:
        """What an element is set to; the last line that there is room for says if there is more."""
        texts = self._details[line.element]
        is_last = Line("detail", line.element, line.part + 1) not in self._lines
        more = self._glyphs.ellipsis if is_last and line.part + 1 < len(texts) else ""
        x = columns.name_x + _DETAIL_INDENT
        canvas.text(x, y, texts[line.part] + more, self.surface.styles.id("dim", _GROUND))

    def _draw_levels(
        self, canvas: Canvas, y: int, columns: ChainColumns, facts: ElementFacts, line: Line, ground: Role
    ) -> None:
        style = self.surface.styles.id
        levels = self._levels.get(facts.stage) if facts.stage is not None else None
        if line.kind != "right":
            label = _AFTER.get(line.element) or f"{'at send' if line.element.isalpha() else 'post'} {line.element}"
            ink: Role = "bright" if ground != _GROUND else "text" if line.element == "input" else "dim"
            canvas.text(columns.name_x, y, label, style(ink, ground, Look.BOLD if label.isupper() else Look.PLAIN))
            if levels is not None:
                apart = " " * columns.apart
                peak, average = self._numbers
                self._draw_level(canvas, columns.levels_x, y, f"{_PEAK_NAMES[peak.id]}{apart}", levels.held, ground)
                self._draw_level(canvas, columns.average_x, y, f"{average.short:<4}{apart}", levels.average, ground)
        if levels is None or columns.bar < 1:
            return
        two_rows = Line("right", line.element) in self._lines
        bars = levels.bars
        if two_rows:
            level, mark = bars[1 if line.kind == "right" else 0]
        else:
            level, mark = max(bar[0] for bar in bars), max(bar[1] for bar in bars)
        sheet = Sheet(columns.bar, 1)
        textured = is_textured(self.surface.styles, self._glyphs)
        level_bar(sheet, 0, 0, columns.bar, self._meter, (level, mark), self._glyphs, textured)
        draw_sheet(canvas, columns.bar_x, y, sheet, self.surface.styles, ground)

    def _draw_level(self, canvas: Canvas, x: int, y: int, label: str, fact: LevelFact, ground: Role) -> None:
        style = self.surface.styles.id
        flag = fact.flag(self._glyphs) or " "
        text = f"{fact.text(5, self._glyphs.infinity):>5}{flag}"
        x = canvas.text(x, y, label, style("dim", ground))
        if fact.zone == "over":
            canvas.text(x, y, text, style("on_light", "over", Look.BOLD))
            return
        silent = not math.isfinite(fact.level) or fact.level <= numbers.SILENCE_DB
        canvas.text(x, y, text, style("faint" if silent else "dim" if fact.zone == "low" else fact.zone, ground))


def _wrapped(text: str, width: int) -> list[str]:
    """Lines that end after commas, where a value and its name do not have to be parted."""
    held = text.replace(" ", _HELD_SPACE).replace(f",{_HELD_SPACE}", ", ")
    return [line.replace(_HELD_SPACE, " ") for line in textwrap.wrap(held, width, break_on_hyphens=False)]


def _dots(glyphs: GlyphSet) -> str:
    return glyphs.info * 3
